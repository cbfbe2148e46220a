"""The last step of every reader: text and blocks, with furniture marked, become a document."""

from assistant.documents.document import Block, BlockKind, Description, Document, SourceKey
from assistant.documents.furniture import mark_furniture
from assistant.documents.ids import one_line, readable
from assistant.errors import ReadError

UNDESCRIBED = Description()


def make_document(
    doc_id: str,
    title: str | None,
    text: str,
    blocks: tuple[Block, ...],
    path: str,
    source_keys: tuple[SourceKey, ...] = (),
    description: Description = UNDESCRIBED,
) -> Document:
    """A document; without a title it takes its first heading's, else one made from its id."""
    if not blocks:
        raise ReadError(path, "it holds no text: remove it or fill it")
    marked = mark_furniture(text, blocks)
    named = one_line(title or "") or _first_heading(text, marked) or readable(doc_id)
    return Document(doc_id, named, text, marked, source_keys, description)


def _first_heading(text: str, blocks: tuple[Block, ...]) -> str:
    """The first of the outermost level, else the first of all."""
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    if not headings:
        return ""
    return one_line(next((b for b in headings if b.level == 1), headings[0]).span.of(text))
