"""What the library says of a place that was quoted: its section, its sources, its standing."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.answer import Quote
from assistant.answering.quotes import make_quote
from assistant.answering.units import Library
from assistant.documents.passages import Passage, Statement
from assistant.spans import Span


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a document that may be quoted.

    ``sections`` are the ways to name it: the headings above, alone or with the lines that lead to
    one of its statements. ``sources`` are the keys that its statements give, in order; those in
    ``leading`` stand on lines that only lead to others.
    """

    passage: Passage
    span: Span
    text: str
    sections: tuple[str, ...]
    sources: tuple[str, ...]
    leading: frozenset[str]

    def quote(self, library: Library, keys: Sequence[str]) -> Quote:
        """It as a quote without a number; ``keys`` are the sources that it names.

        Where those are not the place's own, its own are taken.
        """
        record = library.records[self.passage.doc_id]
        chosen = tuple(keys) if self.may_name(keys) else self.sources
        return make_quote(self.passage, self.span, self.text, chosen, record)

    def may_name(self, keys: Sequence[str]) -> bool:
        """Whether these are its sources, those of leading lines apart."""
        needed = [key for key in self.sources if key not in self.leading]
        return [key for key in self.sources if key in keys] == [*keys] and {*needed} <= {*keys}


def find_place(library: Library, doc_id: str, span: Span) -> Place | None:
    """The place at a span, None where no passage of the document is there."""
    if doc_id not in library.records:
        return None
    passages = [p for p in library.by_document.get(doc_id, ()) if p.span.overlaps(span)]
    text = library.document(doc_id).text
    if not passages or span.end > len(text):
        return None
    inside = [(p, s) for p in passages for s in p.statements if s.span.overlaps(span)]
    leads = {s.lead for _, s in inside} | {line for _, s in inside for line in s.above}
    return Place(
        passage=passages[0],
        span=span,
        text=span.of(text),
        sections=tuple(
            dict.fromkeys(
                section for p, s in inside for section in (p.section, _section(p, s, span, text))
            )
        )
        or (passages[0].section,),
        sources=tuple(dict.fromkeys(key for _, s in inside for key in s.sources)),
        leading=frozenset(
            key for _, s in inside if s.span in leads for key in s.sources
        ).difference(key for _, s in inside if s.span not in leads for key in s.sources),
    )


def _section(passage: Passage, statement: Statement, span: Span, text: str) -> str:
    lines = (*statement.above, *((statement.lead,) if statement.lead else ()))
    outside = (line for line in lines if not span.contains(line))
    leads = (" ".join(line.of(text).split()).rstrip(":").strip() for line in outside)
    return " › ".join((*passage.headings, *leads))
