"""What is quoted for a chosen statement: enough of the text around it to be understood alone.

"Amoxicillin" says nothing; the list under "Give one of:" does. "Proceed directly to a patch"
misleads without "If MRI shows a leak:".
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.documents.passages import Passage, Statement, StatementKind
from assistant.retrieval.index import StoredDocument
from assistant.retrieval.records import DocumentRecord
from assistant.spans import Span

WHOLE_LIST = 800
PART_OF_LIST = 400
WITH_LEAD = 320
FRAGMENT = 110
# This many bullets of one list among the best candidates, or half of them, mean the whole list.
SEVERAL = 3


class Library(Protocol):
    """What choosing quotes needs to see of the library."""

    @property
    def by_document(self) -> Mapping[str, Sequence[Passage]]: ...

    @property
    def records(self) -> Mapping[str, DocumentRecord]: ...

    def document(self, doc_id: str) -> StoredDocument: ...


def read_text(library: Library, doc_id: str) -> str | None:
    """A document's text, None where the library does not have it or must not quote it."""
    return library.document(doc_id).text if doc_id in library.records else None


@dataclass(frozen=True, slots=True)
class Unit:
    """``leads`` are lines above that belong to it and are not in ``text``."""

    span: Span
    text: str
    sources: tuple[str, ...]
    leads: tuple[str, ...]


class Units:
    """Finds the units of one question's candidates, the best statements first."""

    def __init__(self, library: Library, best: Iterable[tuple[str, Statement]]) -> None:
        self._library = library
        self._texts: dict[str, str] = {}
        self._wanted = Counter((doc_id, s.lead) for doc_id, s in best if s.lead)

    def of(self, passage: Passage, statement: Statement) -> Unit:
        """The unit around one statement of a passage."""
        members = self._list_of(passage, statement)
        span, chosen = self._extent(passage.doc_id, statement, members)
        text = self._text(passage.doc_id)
        lines = (*statement.above, *((statement.lead,) if statement.lead else ()))
        return Unit(
            span=span,
            text=span.of(text),
            sources=tuple(dict.fromkeys(key for s in chosen for key in s.sources)),
            leads=tuple(
                " ".join(line.of(text).split()).rstrip(":").strip()
                for line in lines
                if not span.contains(line)
            ),
        )

    def _extent(
        self, doc_id: str, statement: Statement, members: Sequence[Statement]
    ) -> tuple[Span, Sequence[Statement]]:
        lead = statement.lead
        whole = Span((lead or members[0].span).start, members[-1].span.end)
        least = min(SEVERAL, max(2, len(members) / 2))
        several = lead is not None and self._wanted[doc_id, lead] >= least
        together = several or self._is_fragment(doc_id, statement)
        if len(members) > 1 and together:
            if len(whole) <= WHOLE_LIST:
                return whole, members
            if self._is_fragment(doc_id, statement):
                return self._part(statement, members)
        if lead is not None and statement.span.end - lead.start <= WITH_LEAD:
            between = [s for s in members if s.span.start <= statement.span.start]
            return Span(lead.start, statement.span.end), between
        return statement.span, (statement,)

    def _part(
        self, statement: Statement, members: Sequence[Statement]
    ) -> tuple[Span, Sequence[Statement]]:
        """As many neighbours as fit, downwards first, since a list is read that way."""
        first = last = members.index(statement)
        start = statement.span.start
        if statement.lead and statement.span.end - statement.lead.start <= PART_OF_LIST:
            start, first = statement.lead.start, 0
        while last + 1 < len(members) and members[last + 1].span.end - start <= PART_OF_LIST:
            last += 1
        end = members[last].span.end
        while first > 0 and end - members[first - 1].span.start <= PART_OF_LIST:
            first -= 1
            start = members[first].span.start
        return Span(start, end), members[first : last + 1]

    def _list_of(self, passage: Passage, statement: Statement) -> Sequence[Statement]:
        """The statements that stand in one list with it, in order; itself alone outside a list."""
        if statement.kind is not StatementKind.BULLET:
            return (statement,)
        statements = [
            s
            for other in self._library.by_document[passage.doc_id]
            if other.headings == passage.headings
            for s in other.statements
        ]
        place = statements.index(statement)
        first = last = place

        def joins(other: Statement) -> bool:
            return other.kind is StatementKind.BULLET and other.lead == statement.lead

        while last + 1 < len(statements) and joins(statements[last + 1]):
            last += 1
        while first > 0 and joins(statements[first - 1]):
            first -= 1
        return statements[first : last + 1]

    def _is_fragment(self, doc_id: str, statement: Statement) -> bool:
        """A short bullet that is no sentence."""
        if statement.kind is not StatementKind.BULLET or len(statement.span) > FRAGMENT:
            return False
        return not statement.span.of(self._text(doc_id)).rstrip().endswith((".", "!", "?"))

    def _text(self, doc_id: str) -> str:
        if doc_id not in self._texts:
            self._texts[doc_id] = self._library.document(doc_id).text
        return self._texts[doc_id]
