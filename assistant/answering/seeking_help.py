"""The statements of a library that tell patients when to come back or to get help."""

import re
from collections.abc import Iterable, Iterator
from weakref import WeakKeyDictionary

from assistant.answering.answer import Answer, Quote
from assistant.answering.quotes import quote_place
from assistant.answering.subjects import CONCEPT, SubjectReader
from assistant.answering.units import Library
from assistant.documents.passages import StatementKind

MOST_SAFETY = 2
_SOON = (
    r"(?:urgent(?:ly)?|at once|immediately|straight away|right away|without delay|emergency"
    r"|the same day)"
)
_COME = (
    r"(?:return|come back|seek (?:medical )?(?:help|advice|care|attention)|ring|telephone"
    r"|call (?:an ambulance|the ward|the hospital|999|112|911)"
    r"|go to (?:the |a |an )?(?:hospital|emergency|accident))"
)
_TELLS = re.compile(rf"\b{_COME}\b[^.]{{0,60}}\b{_SOON}\b|\b{_SOON}\b[^.]{{0,30}}\b{_COME}\b", re.I)


class SafetyStatements:
    """Finds them once for each state of a library. Safe to share between threads."""

    def __init__(self, subjects: SubjectReader) -> None:
        self._subjects = subjects
        self._held: WeakKeyDictionary[Library, tuple[Quote, ...]] = WeakKeyDictionary()

    def choose(
        self, answer: Answer, question: str, library: Library, only: frozenset[str] | None
    ) -> tuple[Quote, ...]:
        """Those on the answer's subject, the nearest first; none that it quotes already.

        On the subject is what shares a concept with the question or with what answers it first, or
        stands in the document of the latter. Confirmed statements come before others.
        """
        first = [quote for quote in answer.quotes if quote.number in answer.direct]
        words = " ".join((question, *(quote.text for quote in first)))
        subject = _concepts(self._subjects.read(words))
        home = {quote.doc_id for quote in first}
        ranked = []
        for quote in self._all(library):
            whole = f"{quote.title}. {quote.section}. {quote.text}"
            shared = len(subject & _concepts(self._subjects.read(whole))) + (quote.doc_id in home)
            allowed = only is None or quote.doc_id in only
            if shared and allowed and not _is_quoted(quote, answer.quotes):
                ranked.append((quote.status is not None, -shared, quote.doc_id, quote.span, quote))
        chosen: list[Quote] = []
        for *_, quote in sorted(ranked, key=lambda one: one[:-1]):
            said = self._subjects.read(quote.text)
            repeats = any(_alike(said, self._subjects.read(other.text)) for other in chosen)
            if not repeats and len(chosen) < MOST_SAFETY:
                chosen.append(quote)
        return tuple(chosen)

    def _all(self, library: Library) -> tuple[Quote, ...]:
        held = self._held.get(library)
        if held is None:
            held = self._held[library] = tuple(_find(library))
        return held


def _find(library: Library) -> Iterator[Quote]:
    for doc_id, passages in library.by_document.items():
        for passage in passages:
            for statement in passage.statements:
                start = passage.span.start
                text = passage.text[statement.span.start - start : statement.span.end - start]
                if statement.kind is StatementKind.SENTENCE and _TELLS.search(text):
                    quote = quote_place(library, doc_id, statement.span, text)
                    if quote is not None:
                        yield quote


def _concepts(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word for word in words if word.startswith(CONCEPT))


def _is_quoted(quote: Quote, quotes: Iterable[Quote]) -> bool:
    return any(q.doc_id == quote.doc_id and q.span.overlaps(quote.span) for q in quotes)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) > min(len(one), len(other)) / 2
