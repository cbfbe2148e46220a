"""The last step of every reader: text and blocks, with furniture marked, become a document."""

import re
from dataclasses import replace
from itertools import pairwise

from assistant.documents.document import Block, BlockKind, Description, Document, SourceKey
from assistant.documents.furniture import mark_furniture
from assistant.documents.ids import one_line, readable
from assistant.documents.pages import Paged
from assistant.documents.reading import READ, Extent, Reading
from assistant.errors import ReadError

UNDESCRIBED = Description()
_ABSTRACT = re.compile(r"\babstract\b", re.IGNORECASE)
_SHORT = 3000


def make_document(
    doc_id: str,
    title: str | None,
    text: str,
    blocks: tuple[Block, ...],
    path: str,
    source_keys: tuple[SourceKey, ...] = (),
    description: Description = UNDESCRIBED,
    reading: Reading = READ,
    paged: Paged | None = None,
) -> Document:
    """A document; without a title it takes its first heading's, else one made from its id."""
    if not blocks:
        raise ReadError(path, "it holds no text: remove it or fill it")
    marked = mark_furniture(text, blocks)
    named = one_line(title or "") or _first_heading(text, marked) or readable(doc_id)
    told = replace(
        reading,
        extent=_tell_extent(named, text, marked),
        tables=reading.tables or _count_tables(marked),
    )
    return Document(doc_id, named, text, marked, source_keys, description, told, paged)


def _tell_extent(title: str, text: str, blocks: tuple[Block, ...]) -> Extent:
    """By length and headings: a short text that calls itself an abstract is no more than that."""
    if len(text) < _SHORT and _ABSTRACT.search(title + text[:200]):
        return Extent.ABSTRACT
    headings = sum(block.kind is BlockKind.HEADING for block in blocks)
    return Extent.FULL_TEXT if len(text) >= _SHORT or headings > 1 else Extent.UNKNOWN


def _count_tables(blocks: tuple[Block, ...]) -> int:
    """Rows that follow each other are one table."""
    rows = [block.kind is BlockKind.ROW for block in blocks]
    return sum(row and not before for before, row in pairwise([False, *rows]))


def _first_heading(text: str, blocks: tuple[Block, ...]) -> str:
    """The first of the outermost level, else the first of all."""
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    if not headings:
        return ""
    return one_line(next((b for b in headings if b.level == 1), headings[0]).span.of(text))
