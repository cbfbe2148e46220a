"""Whether the quotes are the right ones, complete, and word for word."""

import re
from collections.abc import Callable, Iterator, Sequence

from evals.gold import Located, Qrel
from evals.measures import Score
from evals.scorers.retrieval import overlaps
from evals.transcript import ANSWERED, Shown, Transcript

TextOf = Callable[[str], str | None]
# What may stand right before a statement and right after one.
_BEFORE = re.compile(r"[\s|>*(\[\]]")
_AFTER = re.compile(r"[\s|<*)\[]")


def score_quotes(located: Located, said: Transcript, text_of: TextOf) -> Iterator[Score]:
    """All about the quotes of one answer; ``text_of`` gives a document's text."""
    if located.gold.outcome == ANSWERED:
        yield from _right_first(located, said)
        yield _precision(located, said)
        yield _recall(located, said)
    if located.must_have:
        yield _omissions(located, said)
    yield from _exactness(located.gold.id, (*said.quotes, *said.nearest), text_of)


def _is_gold(quote: Shown, qrels: Sequence[Qrel]) -> bool:
    return any(overlaps(quote.place, qrel) for qrel in qrels)


def _right_first(located: Located, said: Transcript) -> Iterator[Score]:
    place = next((q.number for q in said.quotes if _is_gold(q, located.qrels)), None)
    reason = f"the first gold quotation is quote {place}" if place else "no gold quotation"
    for k in (1, 3):
        right = float(place is not None and place <= k)
        yield Score(f"right quote in {k}", located.gold.id, right, reason)


def _precision(located: Located, said: Transcript) -> Score:
    """An answer without quotes has none that is right."""
    gold = [q.number for q in said.quotes if _is_gold(q, located.qrels)]
    return Score(
        "citation precision",
        located.gold.id,
        len(gold) / len(said.quotes) if said.quotes else 0.0,
        f"{len(gold)} of {len(said.quotes)} quotes are gold quotations",
    )


def _recall(located: Located, said: Transcript) -> Score:
    """Of the must-have sets; without any, of the gold quotations that answer (grade 2)."""
    wanted = located.must_have or tuple((q,) for q in located.qrels if q.grade == 2)
    shown = [one for one in wanted if any(_is_gold(quote, one) for quote in said.quotes)]
    return Score(
        "citation recall",
        located.gold.id,
        len(shown) / len(wanted) if wanted else None,
        f"{len(shown)} of {len(wanted)} wanted statements are quoted",
    )


def _omissions(located: Located, said: Transcript) -> Score:
    missing = [
        number
        for number, one in enumerate(located.must_have, start=1)
        if not any(_is_gold(quote, one) for quote in said.quotes)
    ]
    left_out = f": number {', '.join(map(str, missing))}" if missing else ""
    return Score(
        "omission rate",
        located.gold.id,
        len(missing) / len(located.must_have),
        f"{len(missing)} of {len(located.must_have)} required statements left out{left_out}",
    )


def is_exact(quote: Shown, text_of: TextOf) -> bool:
    """Whether the document has these words at this place."""
    text = text_of(quote.document)
    return text is not None and text[quote.start : quote.end] == quote.text


def _is_whole(quote: Shown, text_of: TextOf) -> bool:
    """Whether the quote neither begins nor ends within a word or before its full stop."""
    text = text_of(quote.document) or ""
    before, after = text[max(0, quote.start - 1) : quote.start], text[quote.end : quote.end + 1]
    begins = not before or _BEFORE.match(before) is not None
    return begins and (not after or _AFTER.match(after) is not None)


def _exactness(question: str, quotes: Sequence[Shown], text_of: TextOf) -> Iterator[Score]:
    for measure, test, words in (
        ("quote exactness", is_exact, "word for word"),
        ("whole quotes", _is_whole, "whole"),
    ):
        right = sum(test(quote, text_of) for quote in quotes)
        yield Score(
            measure,
            question,
            right / len(quotes) if quotes else None,
            f"{right} of {len(quotes)} {words}",
        )
