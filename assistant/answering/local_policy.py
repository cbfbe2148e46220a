"""Where a local policy says something else than a document that it goes before, both are shown.

A document declares that it is a local policy over others; that settles which of two statements
goes first. So less is asked of two statements here than for a contradiction among any two quotes:
that they are on one subject, and give another figure in the same unit or point another way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from assistant.answering.answer import Quote
from assistant.answering.contradictions import Read, StatementReader
from assistant.answering.disagreements import Card, Look, Side
from assistant.answering.features import populations_of, statement_text
from assistant.answering.guarding.figures import Figure, find_figures
from assistant.answering.subjects import SubjectReader
from assistant.answering.units import Library
from assistant.spans import Span

LOCAL_POLICY = "local-policy"
MOST_CARDS = 3
# Of the words of the statement with fewer, the share that both must have, and how many at least.
SAME_SUBJECT, LEAST_SHARED = 0.6, 2


@dataclass(frozen=True, slots=True)
class Override:
    """``quote`` is in the answer; ``other`` is of a local policy over its document, or of a
    document that its own goes before, and has no number where the answer lacks it.

    ``how`` says in what they differ, the local one first.
    """

    quote: Quote
    other: Quote
    is_local: bool
    owner: str
    how: str


def find_overrides(
    quotes: Sequence[Quote], library: Library, subjects: SubjectReader, look_up: Look
) -> tuple[Override, ...]:
    """For each quote the statement that differs most on its subject, of each document that bears
    on it. ``look_up`` makes a place a quote, None where it may not be quoted."""
    pairs = [
        (quote, other, is_local)
        for quote in quotes
        for other, is_local in _related(quote.doc_id, library)
    ]
    if not pairs:
        return ()
    reader = StatementReader(subjects)
    found = (_differing(*pair, library, reader, look_up) for pair in pairs)
    overrides = [one for one in found if one is not None]
    kept: list[Override] = []
    for one in overrides:
        shown = _number_of(one.other, quotes)
        one = replace(one, other=replace(one.other, number=shown))
        if not any({k.quote.number, k.other.number} == {one.quote.number, shown} for k in kept):
            kept.append(one)
    return tuple(kept)


def make_cards(overrides: Sequence[Override], quotes: Sequence[Quote]) -> tuple[Card, ...]:
    """A card for each local statement with all that it differs from; the local side first.

    Those of which a side is not among the answer's quotes are left out.
    """
    sides = []
    for one in overrides:
        number = _number_of(one.other, quotes)
        if number:
            own = one.quote.number
            local, other = (number, own) if one.is_local else (own, number)
            title = one.quote.title if one.is_local else one.other.title
            sides.append((local, other, one.owner, title, one.how))
    sides.sort()
    cards = []
    for (local, owner), some in groupby(sides, key=lambda side: (side[0], side[2])):
        group = list(some)
        titles = ", ".join(dict.fromkeys(title for *_, title, _ in group))
        hows = "; ".join(dict.fromkeys(how for *_, how in group))
        cards.append(
            Card(
                topic=f"the local policy of {owner} differs from {titles}",
                kind=LOCAL_POLICY,
                sides=(
                    Side(f"Local policy of {owner}", (local,)),
                    Side(titles, tuple(dict.fromkeys(other for _, other, *_ in group))),
                ),
                explanation=f"The local policy goes before {titles} for {owner}: {hows}.",
                handling="Follow the local policy where it applies to you; elsewhere it does not.",
            )
        )
    return tuple(cards[:MOST_CARDS])


def _related(doc_id: str, library: Library) -> Iterator[tuple[str, bool]]:
    """The local policies over a document, then the documents that it goes before itself."""
    for other, record in library.records.items():
        if other != doc_id and doc_id in record.description.local_policy_over:
            yield other, True
    if doc_id in library.records:
        for other in library.records[doc_id].description.local_policy_over:
            if other in library.records and other != doc_id:
                yield other, False


def _differing(
    quote: Quote,
    doc_id: str,
    is_local: bool,
    library: Library,
    reader: StatementReader,
    look_up: Look,
) -> Override | None:
    mine = reader.read(quote)
    best: tuple[float, Span, Quote, str] | None = None
    for passage in library.by_document.get(doc_id, ()):
        for statement in passage.statements:
            text = statement_text(passage, statement.span)
            candidate = replace(quote, text=text, section=passage.section, number=0)
            theirs = reader.read(candidate)
            shared = _share(mine, theirs)
            if shared < SAME_SUBJECT or (best and (-shared, statement.span) >= best[:2]):
                continue
            local, other = (theirs, mine) if is_local else (mine, theirs)
            how = _say_difference(local, other)
            made = look_up(doc_id, statement.span, text) if how else None
            if how and made:
                best = (-shared, statement.span, made, how)
    if best is None:
        return None
    policy = library.records[doc_id if is_local else quote.doc_id].description
    return Override(quote, best[2], is_local, policy.owner or "", best[3])


def _share(one: Read, other: Read) -> float:
    """How far two statements are on one subject, from 0 to 1."""
    shared = one.subject & other.subject
    least = min(len(one.subject), len(other.subject))
    theirs, ours = populations_of(one.quote.text), populations_of(other.quote.text)
    if len(shared) < LEAST_SHARED or (theirs and ours and not theirs & ours):
        return 0.0
    return len(shared) / least


def _say_difference(local: Read, other: Read) -> str:
    """In what the two differ, empty where it is in nothing that can be told."""
    if local.against != other.against and (local.favours or other.favours):
        return "against it, not for it" if local.against else "for it, not against it"
    ours, theirs = find_figures(local.quote.text), find_figures(other.quote.text)
    for unit in dict.fromkeys(figure.unit for figure in ours if figure.unit):
        mine = [figure for figure in ours if figure.unit == unit]
        yours = [figure for figure in theirs if figure.unit == unit]
        if yours and not _agree(mine, yours):
            return f"{_say(mine, local.quote.text)}, not {_say(yours, other.quote.text)}"
    return ""


def _agree(ours: Sequence[Figure], theirs: Sequence[Figure]) -> bool:
    return all(any(one.says(other) for other in theirs) for one in ours) and all(
        any(other.says(one) for one in ours) for other in theirs
    )


def _say(figures: Sequence[Figure], text: str) -> str:
    return " and ".join(figure.span.of(text) for figure in figures)


def _number_of(quote: Quote, quotes: Sequence[Quote]) -> int:
    """The number of the quote that shows a place, 0 where none does."""
    return next(
        (q.number for q in quotes if q.doc_id == quote.doc_id and q.span.overlaps(quote.span)), 0
    )
