"""The shape above the blocks: under which headings each stands, and from which lines it hangs."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.documents.document import Block, BlockKind, Document
from assistant.documents.leads import is_connective, lead_end
from assistant.spans import Span


@dataclass(frozen=True, slots=True)
class Placed:
    """A block that may be quoted, or a lead with nothing but itself.

    ``headings`` is the path from the outermost; ``leads`` are the lines without which the block
    means little, outermost first. ``joined`` is false where something unquotable, or another
    section, lies between it and the block before.
    """

    block: Block
    headings: tuple[str, ...]
    leads: tuple[Span, ...]
    joined: bool


def place_blocks(document: Document) -> Iterator[Placed]:
    """The document's content in order, without headings, furniture and references."""
    path: list[tuple[int, str]] = []
    leads = _Leads(document.text)
    joined = False
    for block in document.blocks:
        if block.kind in (BlockKind.FURNITURE, BlockKind.REFERENCES):
            joined = False
            if block.kind is BlockKind.REFERENCES:
                path.clear()
        elif block.kind is BlockKind.HEADING:
            words = " ".join(block.span.of(document.text).split())
            while path and path[-1][0] >= block.level:
                path.pop()
            path.append((block.level, words))
            leads = _Leads(document.text)
            joined = False
        else:
            headings = _without_repeats([words for _, words in path], document.title)
            yield Placed(block, headings, leads.place(block), joined)
            joined = True


def _without_repeats(path: list[str], title: str) -> tuple[str, ...]:
    """The path without the document's title and without a heading said twice running."""
    kept: list[str] = []
    for words in path:
        before = kept[-1] if kept else title
        if words.casefold() != before.casefold():
            kept.append(words)
    return tuple(kept)


class _Leads:
    """The lead and the bullets above the block that comes next, within one section."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._before: Block | None = None
        self._lead: Span | None = None
        self._bullets: list[Block] = []
        # The list's last bullet or row, and whether two of them have stood without a blank line.
        self._last: Block | None = None
        self._close = False

    def place(self, block: Block) -> tuple[Span, ...]:
        """The lines the block hangs from; those after it may hang from it."""
        end = 0 if self._before is None else self._before.span.end
        apart = "\n\n" in self._text[end : block.span.start]
        leads = self._find(block, apart)
        self._before = block
        return leads

    def _find(self, block: Block, apart: bool) -> tuple[Span, ...]:
        if block.kind is BlockKind.LEAD:
            self._start_list(block.span)
            return ()
        if block.kind is BlockKind.PARAGRAPH:
            return self._beside_list(block, apart)
        if self._last is not None:
            self._continue_list(block, self._last, apart)
        self._last = block
        above = () if self._lead is None else (self._lead,)
        if block.kind is BlockKind.ROW:
            return above
        while self._bullets and self._bullets[-1].level >= block.level:
            self._bullets.pop()
        above = (*above, *(bullet.span for bullet in self._bullets))
        self._bullets.append(block)
        return above

    def _start_list(self, lead: Span | None) -> None:
        self._lead, self._bullets, self._last, self._close = lead, [], None, False

    def _continue_list(self, block: Block, last: Block, apart: bool) -> None:
        """Or start another: after a blank line where the list had none before, or a table."""
        ended = apart and (self._close or block.kind is BlockKind.ROW) and block.level == 0
        if block.kind is not last.kind or ended:
            self._start_list(None)
        else:
            self._close = self._close or not apart

    def _beside_list(self, block: Block, apart: bool) -> tuple[Span, ...]:
        """A paragraph right below a lead hangs from it; one below a bullet ends no list."""
        before = self._before
        if is_connective(block.span.of(self._text)):
            return ()
        if before is not None and before.kind is BlockKind.LEAD and before.span == self._lead:
            return (self._lead,)
        if apart or not self._bullets:
            self._start_list(None)
        elif lead_end(self._bullets[-1].span.of(self._text)) is not None:
            return tuple(bullet.span for bullet in self._bullets)
        return ()
