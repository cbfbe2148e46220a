"""Speed and memory against plain retrieval, both in turn on one machine: ratios, with spread."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from evals.terminal import Tell

OURS, PLAIN = "ours", "plain"


class _Process:
    """A contender in its own process."""

    def __init__(self, kind: str, store: Path) -> None:
        self.started = time.perf_counter()
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-W", "ignore", "-m", "evals.bench.contender", kind, str(store)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def do(self, **given: str) -> dict[str, float]:
        """Carry out one command. Raises RuntimeError where the process has ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(given) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("a contender ended; install the extra 'bench' and try again")
        told: dict[str, float] = json.loads(line)
        return told

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def run_speed(
    corpus: Path, questions: Sequence[str], workplace: Path, repeats: int, tell: Tell
) -> dict[str, Any]:
    """Every figure of ours divided by plain retrieval's: the median and extremes over repeats.

    Ingest is timed in fresh processes on fresh stores, a cold start from the process's start to
    its first answer; questions are asked of both in turn.
    """
    found: list[dict[str, float]] = []
    kinds = (OURS, PLAIN)
    for n in range(repeats):
        tell("repeats", n, repeats)
        ingested, cold, peak = {}, {}, {}
        answers: dict[str, list[float]] = {kind: [] for kind in kinds}
        for kind in kinds if n % 2 else kinds[::-1]:
            process = _Process(kind, workplace / f"{kind}-{n}")
            ingested[kind] = process.do(ingest=str(corpus))["seconds"]
            process.end()
        processes = {}
        for kind in kinds:
            processes[kind] = _Process(kind, workplace / f"{kind}-{n}")
            processes[kind].do(ask=questions[0])
            cold[kind] = time.perf_counter() - processes[kind].started
        for question in questions:
            for kind in kinds:
                told = processes[kind].do(ask=question)
                answers[kind].append(told["seconds"])
                peak[kind] = told["peak_mb"]
        for process in processes.values():
            process.end()
        found.append(
            {
                "ingest, time": ingested[OURS] / ingested[PLAIN],
                "cold start to first answer": cold[OURS] / cold[PLAIN],
                "answer, p50": _ratio(answers, 50),
                "answer, p95": _ratio(answers, 95),
                "peak memory": peak[OURS] / peak[PLAIN],
                "ours: answer p50, ms": float(np.percentile(answers[OURS], 50)) * 1000,
                "plain: retrieval p50, ms": float(np.percentile(answers[PLAIN], 50)) * 1000,
                "ours: ingest, s": ingested[OURS],
                "plain: ingest, s": ingested[PLAIN],
                "ours: peak memory, MB": peak[OURS],
                "plain: peak memory, MB": peak[PLAIN],
            }
        )
    tell("repeats", repeats, repeats)
    return {
        name: {
            "median": median(one[name] for one in found),
            "least": min(one[name] for one in found),
            "most": max(one[name] for one in found),
        }
        for name in found[0]
    }


def _ratio(answers: dict[str, list[float]], percentile: int) -> float:
    ours, plain = (np.percentile(answers[kind], percentile) for kind in (OURS, PLAIN))
    return float(ours / plain)
