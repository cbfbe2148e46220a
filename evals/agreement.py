"""What clinicians said of the answers: a JSON line a judgement, shares by label, and agreement."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from hashlib import blake2b
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import EvaluationError


class Label(StrEnum):
    """A clinician's judgement of an answer."""

    RIGHT = "right"
    INCOMPLETE = "incomplete"
    WRONG = "wrong"
    UNSAFE = "unsafe"


class Labelled(BaseModel):
    """One judgement. ``answer`` is the fingerprint of what was judged: a changed answer needs a
    new one. ``quote`` is the number of the quote that it is about, if it is about one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: Annotated[str, Field(min_length=1)]
    answer: Annotated[str, Field(min_length=1)]
    labeller: Annotated[str, Field(min_length=1)]
    label: Label
    quote: Annotated[int, Field(ge=1)] | None = None
    note: str = ""
    when: AwareDatetime | None = None


def fingerprint(outcome: str, texts: Iterable[str]) -> str:
    """Of an answer's outcome and quoted words, in order."""
    digest = blake2b(outcome.encode(), digest_size=8)
    for text in texts:
        digest.update(b"\0" + text.encode())
    return digest.hexdigest()


def answer_fingerprint(row: Mapping[str, Any]) -> str:
    """Of an answer as ``report.json`` has it."""
    return fingerprint(row["outcome"], (q["text"] for q in row["quotes"] or row["nearest"]))


def read_labels(files: Sequence[Path]) -> tuple[Labelled, ...]:
    """The newest judgement of each labeller on each answer: the last line counts.

    Raises EvaluationError naming file and line.
    """
    newest: dict[tuple[str, str, str], Labelled] = {}
    for path in files:
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except OSError as error:
            raise EvaluationError(f"--labels {path}: {error.strerror}.") from error
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                one = Labelled.model_validate_json(line)
            except ValidationError as error:
                first = error.errors()[0]
                field = ".".join(str(part) for part in first["loc"])
                raise EvaluationError(f"{path}, line {number}, {field}: {first['msg']}.") from error
            newest[one.question, one.answer, one.labeller] = one
    return tuple(newest.values())


def cohens_kappa(one: Mapping[str, str], other: Mapping[str, str]) -> float | None:
    """Agreement beyond chance on what both labelled (Cohen 1960); ``None`` where they share
    nothing, or where each gave one and the same label throughout."""
    shared = [key for key in one if key in other]
    if not shared:
        return None
    observed = sum(one[key] == other[key] for key in shared) / len(shared)
    mine, theirs = Counter(one[k] for k in shared), Counter(other[k] for k in shared)
    expected = sum(mine[label] * theirs[label] for label in mine) / len(shared) ** 2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def summarise_labels(labels: Sequence[Labelled], answers: Mapping[str, str]) -> dict[str, Any]:
    """Shares by label, and kappa between each two labellers.

    ``answers`` holds each question's present fingerprint; labels of other answers are only counted.
    """
    current = [one for one in labels if answers.get(one.question) == one.answer]
    counts = Counter(one.label.value for one in current)
    by_labeller: dict[str, dict[str, str]] = {}
    for one in current:
        by_labeller.setdefault(one.labeller, {})[one.question] = one.label.value
    return {
        "judgements": len(current),
        "of_other_answers": len(labels) - len(current),
        "shares": {
            label.value: counts[label.value] / len(current) if current else None for label in Label
        },
        "agreement": [
            {
                "labellers": [one, other],
                "shared": len(by_labeller[one].keys() & by_labeller[other].keys()),
                "kappa": cohens_kappa(by_labeller[one], by_labeller[other]),
            }
            for one, other in combinations(sorted(by_labeller), 2)
        ],
        "answers": [one.model_dump(mode="json") for one in current],
    }
