"""What "better" means. A score of nothing to measure is ``None``; silence counts as zero."""

import re
import string
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import fmean


@dataclass(frozen=True, slots=True)
class Score:
    """One question's score by one measure, with its reason; ``value`` from 0 to 1."""

    measure: str
    question_id: str
    value: float | None
    explanation: str


def mean(scores: Iterable[Score]) -> float | None:
    """The mean of what could be measured; ``None`` when nothing could."""
    values = [score.value for score in scores if score.value is not None]
    return fmean(values) if values else None


def rank_measures(
    qrels: Mapping[str, Mapping[str, int]],
    run: Mapping[str, Sequence[str]],
    measures: Sequence[str],
) -> dict[str, dict[str, float]]:
    """Ranking measures such as "nDCG@10" per question, by ir-measures.

    ``qrels`` holds the grade of each relevant thing by question; ``run`` the ranked things.
    A question without an entry in ``run`` scores zero. Returns measure → question → value.
    """
    import ir_measures

    parsed = [ir_measures.parse_measure(name) for name in measures]
    found = ir_measures.iter_calc(
        parsed,
        [
            ir_measures.Qrel(question, thing, grade)
            for question, grades in qrels.items()
            for thing, grade in grades.items()
        ],
        [
            ir_measures.ScoredDoc(question, thing, float(-rank))
            for question, things in run.items()
            for rank, thing in enumerate(things)
        ],
    )
    values = {name: dict.fromkeys(qrels, 0.0) for name in measures}
    names = dict(zip(map(str, parsed), measures, strict=True))
    for metric in found:
        if metric.query_id in qrels:
            values[names[str(metric.measure)]][metric.query_id] = float(metric.value)
    return values


def auroc(confidences: Sequence[float], answerable: Sequence[bool]) -> float | None:
    """The chance that an answerable question has the higher confidence; ties count half."""
    positive = [c for c, a in zip(confidences, answerable, strict=True) if a]
    negative = sorted(c for c, a in zip(confidences, answerable, strict=True) if not a)
    if not positive or not negative:
        return None
    wins = sum((bisect_left(negative, c) + bisect_right(negative, c)) / 2 for c in positive)
    return wins / (len(positive) * len(negative))


def coverage_at_precision(
    confidences: Sequence[float], answerable: Sequence[bool], precision: float
) -> float | None:
    """The largest share of answerable questions above some threshold of confidence such that
    at least ``precision`` of all questions above it are answerable."""
    if not any(answerable):
        return None
    by_confidence = sorted(zip(confidences, answerable, strict=True), key=lambda c: -c[0])
    best = right = 0
    for above, (confidence, is_answerable) in enumerate(by_confidence, start=1):
        right += is_answerable
        last = above == len(by_confidence) or by_confidence[above][0] != confidence
        if last and right >= precision * above:
            best = right
    return best / sum(answerable)


_ARTICLES = re.compile(r"\b(a|an|the)\b")


def token_f1(said: str, expected: str) -> float:
    """Overlap of words, as in SQuAD (Rajpurkar et al. 2016)."""
    mine, theirs = _words(said), _words(expected)
    shared = sum((Counter(mine) & Counter(theirs)).values())
    if not shared:
        return 0.0
    precision, recall = shared / len(mine), shared / len(theirs)
    return 2 * precision * recall / (precision + recall)


def _words(text: str) -> list[str]:
    bare = text.lower().translate(str.maketrans("", "", string.punctuation))
    return _ARTICLES.sub(" ", bare).split()


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least ``share`` of the values do not exceed."""
    if not values:
        return None
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def milliseconds(seconds: float | None) -> float | None:
    """To a tenth."""
    return None if seconds is None else round(seconds * 1000, 1)
