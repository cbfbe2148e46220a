"""A paragraph's blocks: itself or, where its last sentence leads to what follows, that apart."""

from collections.abc import Iterator

from assistant.documents.document import Block, BlockKind
from assistant.documents.leads import is_connective, lead_end
from assistant.documents.sentences import find_sentences
from assistant.spans import Span

LONGEST_LEAD = 300


def split_lead(text: str, span: Span) -> Iterator[Block]:
    """The paragraph at ``span``, without its last sentence where that is a lead."""
    begins = max(span.start, span.end - LONGEST_LEAD)
    ending = text[begins : span.end]
    end = lead_end(ending)
    if end is None or is_connective(ending) or not any(c.isalnum() for c in ending):
        yield Block(BlockKind.PARAGRAPH, span)
        return
    before: Span | None = None
    last: Span | None = None
    for sentence in find_sentences(text, span):
        before, last = last, sentence
    if last is None or len(last) > LONGEST_LEAD or last.start >= begins + end:
        yield Block(BlockKind.PARAGRAPH, span)
        return
    if before is not None:
        yield Block(BlockKind.PARAGRAPH, Span(span.start, before.end))
    yield Block(BlockKind.LEAD, Span(last.start, begins + end))
