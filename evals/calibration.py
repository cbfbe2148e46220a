"""Whether a confidence of 70 % means that seven in ten such questions have an answer."""

from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions of one tenth of the scale."""

    low: float
    high: float
    questions: int
    confidence: float | None
    answerable: float | None


def reliability(confidences: Sequence[float], answerable: Sequence[bool]) -> tuple[Bin, ...]:
    """Ten bins of equal width."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, is_answerable in zip(confidences, answerable, strict=True):
        held[min(int(confidence * BINS), BINS - 1)].append((confidence, is_answerable))
    return tuple(
        Bin(
            number / BINS,
            (number + 1) / BINS,
            len(within),
            sum(c for c, _ in within) / len(within) if within else None,
            sum(a for _, a in within) / len(within) if within else None,
        )
        for number, within in enumerate(held)
    )


def calibration_error(confidences: Sequence[float], answerable: Sequence[bool]) -> float | None:
    """The expected calibration error (Naeini et al. 2015)."""
    if not confidences:
        return None
    return sum(
        found.questions / len(confidences) * abs(found.confidence - found.answerable)
        for found in reliability(confidences, answerable)
        if found.confidence is not None and found.answerable is not None
    )
