"""An answer: numbered verbatim quotations, or a plain statement that the library has none."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from assistant.spans import Span


class Outcome(StrEnum):
    """``NOT_COVERED``: the library has no answer. ``OUT_OF_SCOPE``: not a question for it."""

    ANSWERED = "answered"
    NOT_COVERED = "not_covered"
    OUT_OF_SCOPE = "out_of_scope"


class QuoteRole(StrEnum):
    """What a quote does in the answer."""

    DIRECT = "direct"
    DO = "do"
    AVOID = "avoid"
    TIMING = "timing"
    CONDITION = "condition"
    MONITOR = "monitor"
    CAVEAT = "caveat"
    BACKGROUND = "background"


class Added(StrEnum):
    """What put a quote into an answer after it was written, without any model."""

    CHECK = "check"
    DISAGREEMENT = "disagreement"
    SAFETY = "safety"
    LOCAL_POLICY = "local policy"


@dataclass(frozen=True, slots=True)
class Quote:
    """``text`` is the document's text at ``span``; ``number`` is counted from 1 in the answer.

    ``added`` is None for the quotes that the writer was given.
    """

    number: int
    text: str
    doc_id: str
    title: str
    section: str
    span: Span
    role: QuoteRole
    score: float
    population: str | None = None
    strength: str | None = None
    certainty: str | None = None
    sources: tuple[str, ...] = ()
    status: str | None = None
    page: int | None = None
    added: Added | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What some quotes say, in other words; ``quotes`` are the numbers that it rests on.

    ``verbatim`` where it is a quote itself, shown because its rewording would not do.
    """

    text: str
    quotes: tuple[int, ...]
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One of several things asked at once, and whether it is answered; ``places`` are those of the
    quotes that answer it. ``gap`` is that of the statement by which the library says itself that
    it does not cover a part, where it does."""

    question: str
    outcome: Outcome
    places: tuple[tuple[str, Span], ...] = ()
    gap: tuple[str, Span] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """``answered`` has at least one quote; the other outcomes have none, only ``nearest``. Of an
    answer ``nearest`` holds what the library says of the parts that it does not cover.

    ``confidence`` is how likely the library answers the question, from 0 to 1. ``direct`` holds
    the numbers of the quotes that answer first. ``statements`` say the same in a language model's
    words, where there is one; ``note`` says what became of it. ``parts`` are those of a question
    that asks several things.
    """

    outcome: Outcome
    confidence: float
    writer: str
    quotes: tuple[Quote, ...] = ()
    direct: tuple[int, ...] = ()
    nearest: tuple[Quote, ...] = ()
    statements: tuple[Statement, ...] = ()
    note: str | None = None
    parts: tuple[Part, ...] = ()

    def numbers_of(self, part: Part) -> tuple[int, ...]:
        """The numbers of the quotes that answer a part."""
        return tuple(q.number for q in self.quotes if (q.doc_id, q.span) in part.places)

    def gaps_of(self, part: Part) -> tuple[int, ...]:
        """The number, among ``nearest``, of the statement that a part is not covered."""
        return tuple(q.number for q in self.nearest if (q.doc_id, q.span) == part.gap)

    @property
    def documents(self) -> frozenset[str]:
        """The ids of all documents quoted."""
        return frozenset(quote.doc_id for quote in (*self.quotes, *self.nearest))


Listener = Callable[[Statement], None]
"""Is told each statement as soon as it may be shown; the finished answer is what counts."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The quotes chosen for a question, the best first, before they are put in order.

    The first ``leading`` of them answer directly, one for each part of the question. ``gaps`` are
    the library's own statements that it does not cover a part.
    """

    outcome: Outcome
    confidence: float
    quotes: tuple[Quote, ...]
    leading: int = 1
    parts: tuple[Part, ...] = ()
    gaps: tuple[Quote, ...] = ()


class Writer(Protocol):
    """Makes an answer out of evidence, in the documents' own words."""

    @property
    def name(self) -> str: ...

    def write(self, evidence: Evidence) -> Answer: ...

    def reword(
        self,
        answer: Answer,
        question: str,
        leave_out: Collection[int] = (),
        listen: Listener | None = None,
    ) -> Answer:
        """The finished answer with its ``statements``, where the writer has words of its own.

        Nothing else of it changes. ``leave_out`` are the numbers of quotes not to be reworded.
        """
        ...


class ExtractiveWriter:
    """The default: the answer is the quotes, the direct one first."""

    name = "extractive"

    def write(self, evidence: Evidence) -> Answer:
        """Directions come before background; among equals the better quote comes first."""
        if evidence.outcome is not Outcome.ANSWERED:
            return Answer(
                outcome=evidence.outcome,
                confidence=evidence.confidence,
                writer=self.name,
                nearest=_number(evidence.quotes),
            )
        direct = evidence.quotes[: evidence.leading]
        others = evidence.quotes[evidence.leading :]
        ordered = sorted(others, key=lambda quote: _ORDER.index(quote.role))
        leading = (replace(quote, role=QuoteRole.DIRECT) for quote in direct)
        return Answer(
            outcome=evidence.outcome,
            confidence=evidence.confidence,
            writer=self.name,
            quotes=_number((*leading, *ordered)),
            direct=tuple(range(1, len(direct) + 1)),
            nearest=_number(evidence.gaps),
            parts=evidence.parts,
        )

    def reword(
        self,
        answer: Answer,
        question: str,
        leave_out: Collection[int] = (),
        listen: Listener | None = None,
    ) -> Answer:
        """The answer as it is."""
        return answer


_ORDER = list(QuoteRole)


def _number(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    return tuple(replace(quote, number=n) for n, quote in enumerate(quotes, start=1))
