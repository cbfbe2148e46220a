"""From a written answer to a complete one, without any model: check, additions, references.

Apart from the consultation, because verifying a saved answer does the same work again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.answering.answer import Answer, Quote
from assistant.answering.quotes import quote_place
from assistant.answering.units import Library
from assistant.checking.amending import amend, as_said
from assistant.checking.check import Check
from assistant.checking.examination import Examination, Examiner
from assistant.documents.sources import Source
from assistant.pathways.pathway import Citation
from assistant.spans import Span


class Audience(StrEnum):
    """Who asks."""

    CLINICIAN = "clinician"
    TRAINEE = "trainee"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with all that bears on its answer, the library apart.

    ``earlier`` are the same person's messages before it, the oldest first. ``only`` names the
    documents that may be quoted, None where all may.
    """

    question: str
    earlier: tuple[str, ...] = ()
    audience: Audience = Audience.CLINICIAN
    only: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Completed:
    """An answer in its final form; ``rules`` gives the numbers of the quotes of each rule."""

    answer: Answer
    examination: Examination
    check: Check
    rules: Mapping[str, tuple[int, ...]]
    references: Mapping[str, Source]


Find = Callable[[str, Span, str], Quote | None]


@dataclass(frozen=True, slots=True)
class Completer:
    """Completes answers; the same draft, question and library, the same answer."""

    examiner: Examiner

    @classmethod
    def load(cls, corpus: Path) -> "Completer":
        """What a corpus folder knows beside its documents. Raises ReadError at a fault."""
        return cls(Examiner.load(corpus))

    def complete(
        self, draft: Answer, asked: Asked, library: Library, find: Find | None = None
    ) -> Completed:
        """The draft as the patient's rules amend it, with what is known of its sources.

        ``find`` looks a quotation up, by document, place and words; in the library if not given.
        """

        def look_up(doc_id: str, span: Span, text: str) -> Quote | None:
            if asked.only is not None and doc_id not in asked.only:
                return None
            return find(doc_id, span, text) if find else quote_place(library, doc_id, span, text)

        def place(cited: Citation) -> Quote | None:
            return look_up(cited.doc_id, cited.span, cited.text)

        examination = self.examiner.examine(asked.question, earlier=asked.earlier)
        check = self.examiner.check(examination, as_said(draft))
        amended = amend(draft, check, self.examiner.book.rules, place)
        return Completed(
            amended.answer,
            examination,
            amended.check,
            amended.rules,
            _references(amended.answer, library),
        )


def _references(answer: Answer, library: Library) -> dict[str, Source]:
    """What the library knows of each source that the quotes name."""
    return {
        key: source
        for quote in (*answer.quotes, *answer.nearest)
        if quote.doc_id in library.records
        for key, source in library.records[quote.doc_id].sources.items()
        if key in quote.sources
    }
