"""A program for the tests: ingests a folder in children that it kills, and prints what came of it.

Apart from the tests, because only a process that has no threads yet may fork: so that twenty runs
need not import everything twenty times.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

import chromadb  # noqa: F401

from assistant import Settings, ingest
from assistant.retrieval import ingest as _loaded  # noqa: F401
from assistant.retrieval import store as store_module

# Small documents are written as often as large ones would be.
store_module._BATCH = 200


def run(folder: Path, store: str, seconds: float | None) -> dict[str, Any]:
    """One ingest in a child, killed after so many seconds; its report where it came to an end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        report = ingest([folder], Settings(store=store, embedder="hashing"))
        os.write(writing, json.dumps([report.resumed, report.documents]).encode())
        os._exit(0)
    os.close(writing)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    told = os.read(reading, 1000)
    os.close(reading)
    os.waitpid(child, 0)
    return {"killed": not told, "report": json.loads(told) if told else None}


def main(folder: Path, stores: Path, number: int, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    started = time.monotonic()
    run(folder, str(stores / "undisturbed"), None)
    whole = time.monotonic() - started
    results = []
    for n in range(number):
        store = str(stores / f"killed-{n}")
        killed = [run(folder, store, chance.uniform(0.05, 1.0) * whole) for _ in range(kills)]
        results.append([*killed, run(folder, store, None)])
    json.dump({"whole": whole, "runs": results}, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:6]))
