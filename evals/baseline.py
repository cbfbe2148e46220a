"""An earlier run to hold this one against, small enough to be committed: ``baseline.json``."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.errors import EvaluationError
from evals.intervals import mcnemar

BASELINE_FILE = Path(__file__).resolve().parent / "baseline.json"
# Measures that a question passes or fails.
PAIRED = (
    "outcome accuracy",
    "answers given",
    "refusals made",
    "right quote in 1",
    "right quote in 3",
    "verdict accuracy",
)
_OPENING = 60


def shorten(report: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a report that is worth keeping: measures, and of each answer its outcome,
    verdict, passed measures and the openings of its quotes."""
    return {
        "questions": report["questions"],
        "measures": {
            name: None if value is None else round(value, 4)
            for name, value in report["measures"].items()
        },
        "unsafe": sorted({one["question_id"] for one in report["unsafe"]}),
        "answers": {row["id"]: _shorten_answer(row) for row in report["answers"]},
        "broken_twins": sorted(one["id"] for one in report["twins"] if not one["kept"]),
    }


def _shorten_answer(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "outcome": row["outcome"],
        "verdict": row["verdict"],
        "passed": {m: bool(row["values"][m]) for m in PAIRED if row["values"].get(m) is not None},
        "quotes": [_opening(quote) for quote in row["quotes"]],
    }


def _opening(quote: Mapping[str, Any]) -> str:
    """Where a quote stands, by its first words: an edit elsewhere moves offsets, not these."""
    text = " ".join(quote["text"].split())
    return f"{quote['document']}: {text[:_OPENING]}"


def write_baseline(report: Mapping[str, Any], path: Path = BASELINE_FILE) -> None:
    """One answer a line, so that a change shows in a diff."""
    short = shorten(report)
    parts = []
    for name, value in short.items():
        if name in ("answers", "measures"):
            lines = ",\n".join(f"  {_dump(key)}: {_dump(one)}" for key, one in value.items())
            parts.append(f"{_dump(name)}: {{\n{lines}\n}}")
        elif isinstance(value, list):
            lines = ",\n".join(f"  {_dump(one)}" for one in value)
            parts.append(f"{_dump(name)}: [\n{lines}\n]" if value else f"{_dump(name)}: []")
        else:
            parts.append(f"{_dump(name)}: {_dump(value)}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def read_baseline(path: Path) -> dict[str, Any]:
    """A baseline, or a whole ``report.json`` made into one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found.get("answers"), list):
            found = shorten(found)
        if not isinstance(found["answers"], dict) or not isinstance(found["measures"], dict):
            raise KeyError("answers")
    except OSError as error:
        raise EvaluationError(f"--baseline {path}: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvaluationError(
            f"--baseline {path} is neither a baseline nor a report.json: {error}. "
            "Write one with 'python -m evals run --write-baseline'."
        ) from error
    return dict(found)


def compare(report: Mapping[str, Any], baseline: Mapping[str, Any]) -> dict[str, Any]:
    """What changed: measures, the paired tests, and answer by answer."""
    now = shorten(report)
    before_answers, answers = baseline["answers"], now["answers"]
    shared = [question for question in answers if question in before_answers]
    return {
        "measures": {
            name: {"before": baseline["measures"].get(name), "now": value}
            for name, value in report["measures"].items()
        },
        "paired": {
            measure: asdict(
                mcnemar(
                    _passes(before_answers, measure),
                    _passes(answers, measure),
                )
            )
            for measure in PAIRED
        },
        "new_questions": [question for question in answers if question not in before_answers],
        "lost_questions": [question for question in before_answers if question not in answers],
        "newly_unsafe": sorted(set(now["unsafe"]) - set(baseline.get("unsafe", ()))),
        "no_longer_unsafe": sorted(
            {question for question in baseline.get("unsafe", ()) if question in answers}
            - set(now["unsafe"])
        ),
        "newly_broken_twins": sorted(
            set(now["broken_twins"]) - set(baseline.get("broken_twins", ()))
        ),
        "answers": [
            {
                "id": question,
                "better": _changes(before_answers[question], answers[question], True),
                "worse": _changes(before_answers[question], answers[question], False),
                "before": before_answers[question],
                "now": answers[question],
            }
            for question in shared
            if before_answers[question] != answers[question]
        ],
    }


def _passes(answers: Mapping[str, Any], measure: str) -> dict[str, bool]:
    return {
        question: one["passed"][measure]
        for question, one in answers.items()
        if measure in one["passed"]
    }


def _changes(before: Mapping[str, Any], now: Mapping[str, Any], better: bool) -> list[str]:
    """The measures that it passes only now, or only before."""
    return [
        measure
        for measure, passes in now["passed"].items()
        if passes is better and before["passed"].get(measure) is (not better)
    ]
