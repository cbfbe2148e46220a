"""How far a figure can be trusted: bootstrap intervals, and McNemar's test against a baseline."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from zlib import crc32

import numpy as np

RESAMPLES = 1000
SEED = 20_260_101
LEVEL = 0.95

Interval = tuple[float, float]


def bootstrap(
    name: str,
    count: int,
    statistic: Callable[[np.ndarray[tuple[int], np.dtype[np.intp]]], float | None],
) -> Interval | None:
    """The percentile interval of a statistic over ``count`` questions drawn with replacement
    (Efron and Tibshirani 1993); ``None`` for fewer than two questions.

    The seed is the measure's name, so that a new measure leaves the others' intervals alone.
    """
    if count < 2:
        return None
    chance = np.random.default_rng([SEED, crc32(name.encode())])
    drawn = chance.integers(0, count, size=(RESAMPLES, count))
    values = [value for rows in drawn if (value := statistic(rows)) is not None]
    if not values:
        return None
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def mean_interval(name: str, values: Sequence[float]) -> Interval | None:
    """The interval of a mean."""
    array = np.asarray(values, dtype=np.float64)
    return bootstrap(name, len(array), lambda rows: float(array[rows].mean()))


@dataclass(frozen=True, slots=True)
class Paired:
    """The same questions before and now: how many got better, how many worse, and the chance of
    so uneven a split if nothing had changed (``None`` where nothing did)."""

    questions: int
    better: int
    worse: int
    p: float | None


def mcnemar(before: Mapping[str, bool], now: Mapping[str, bool]) -> Paired:
    """McNemar's test, the exact binomial form (1947), over the questions in both."""
    shared = [question for question in now if question in before]
    better = sum(now[q] and not before[q] for q in shared)
    worse = sum(before[q] and not now[q] for q in shared)
    changed = better + worse
    p = None
    if changed:
        tail = sum(comb(changed, k) for k in range(min(better, worse) + 1)) / 2**changed
        p = min(1.0, 2 * tail)
    return Paired(len(shared), better, worse, p)
