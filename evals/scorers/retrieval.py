"""Whether the passages found are those of the gold quotations."""

from collections.abc import Mapping, Sequence

from evals.gold import Located, Qrel
from evals.measures import Score, rank_measures

RANKING = ("R@5", "R@10", "nDCG@10", "RR@10")
SEARCH_DEPTH = 10
Stretch = tuple[str, int, int]


def overlaps(stretch: Stretch, qrel: Qrel) -> bool:
    """Whether a stretch of a document shares a character with a gold quotation."""
    document, start, end = stretch
    return qrel.document == document and max(start, qrel.start) < min(end, qrel.end)


def name_stretches(ranked: Sequence[Stretch], qrels: Sequence[Qrel]) -> list[str]:
    """The ranked stretches as names: of the gold quotations each covers first, else their own."""
    names: dict[str, None] = {}
    for stretch in ranked:
        covered = [f"q{i}" for i, qrel in enumerate(qrels) if overlaps(stretch, qrel)]
        own = "{}:{}-{}".format(*stretch)
        names |= dict.fromkeys(covered or [own])
    return list(names)


def score_ranking(
    questions: Sequence[Located],
    found: Mapping[str, Sequence[Stretch]],
    ranking: Sequence[str] = RANKING,
) -> list[Score]:
    """Each question with gold quotations by each ranking measure."""
    asked = [located for located in questions if located.qrels]
    if not asked:
        return []
    values = rank_measures(
        {q.gold.id: {f"q{i}": qrel.grade for i, qrel in enumerate(q.qrels)} for q in asked},
        {q.gold.id: name_stretches(found[q.gold.id][:SEARCH_DEPTH], q.qrels) for q in asked},
        ranking,
    )
    reasons = {q.gold.id: _reason(found[q.gold.id][:SEARCH_DEPTH], q.qrels) for q in asked}
    return [
        Score(measure, question, value, reasons[question])
        for measure, by_question in values.items()
        for question, value in by_question.items()
    ]


def _reason(ranked: Sequence[Stretch], qrels: Sequence[Qrel]) -> str:
    places = [n for n, s in enumerate(ranked, start=1) if any(overlaps(s, q) for q in qrels)]
    covered = sum(any(overlaps(stretch, qrel) for stretch in ranked) for qrel in qrels)
    at = f"at {', '.join(map(str, places))}" if places else "nowhere"
    return f"{covered} of {len(qrels)} gold quotations in the first {SEARCH_DEPTH} passages, {at}"
