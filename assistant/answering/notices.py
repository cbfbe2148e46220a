"""What must be said before an answer: that a document has expired, that a local policy differs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.answering.answer import Answer
from assistant.answering.disagreements import Card
from assistant.answering.local_policy import LOCAL_POLICY
from assistant.answering.units import Library
from assistant.documents.validity import Standing, last_day, tell_standing
from assistant.retrieval.records import DocumentRecord


class NoticeKind(StrEnum):
    """What a notice tells."""

    EXPIRED = "expired"
    LOCAL_POLICY = "local policy"


@dataclass(frozen=True, slots=True)
class Notice:
    """A plain line in this library's words; ``quotes`` are the numbers that it is about.

    ``document`` is the expired one, or None. Where there is no answer, the numbers are those of the
    nearest passages.
    """

    kind: NoticeKind
    message: str
    document: str | None
    quotes: tuple[int, ...]


def tell_notices(
    answer: Answer, library: Library, cards: Sequence[Card], on: date | None
) -> tuple[Notice, ...]:
    """All that has to be said first of an answer given on a day."""
    expired = () if on is None else _tell_expired(answer, library, on)
    return (*expired, *_tell_local(cards))


def _tell_expired(answer: Answer, library: Library, on: date) -> Iterator[Notice]:
    for doc_id in sorted(answer.documents & library.records.keys()):
        record = library.records[doc_id]
        if tell_standing(record.description, on) is Standing.EXPIRED:
            quotes = [q for q in answer.quotes or answer.nearest if q.doc_id == doc_id]
            numbers = tuple(quote.number for quote in quotes)
            yield Notice(NoticeKind.EXPIRED, _say_expired(record, numbers), doc_id, numbers)


def _say_expired(record: DocumentRecord, numbers: Sequence[int]) -> str:
    about = record.description
    day = last_day(about.valid_until or "")
    version = f", version {about.version}," if about.version else ""
    which = ", ".join(f"[{number}]" for number in numbers)
    return (
        f"Expired: “{record.title}”{version} was valid until {day.day} {day:%B %Y}. "
        f"Look for a newer version before relying on {which}."
    )


def _tell_local(cards: Sequence[Card]) -> Iterator[Notice]:
    for card in cards:
        if card.kind == LOCAL_POLICY:
            local, other = (", ".join(f"[{n}]" for n in side.quotes) for side in card.sides)
            numbers = tuple(number for side in card.sides for number in side.quotes)
            message = f"{card.sides[0].says} differs: read {local} before {other}."
            yield Notice(NoticeKind.LOCAL_POLICY, message, None, numbers)
