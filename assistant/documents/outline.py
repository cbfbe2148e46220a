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
    leads = _Leads()
    joined = False
    for block in document.blocks:
        if block.kind in (BlockKind.FURNITURE, BlockKind.REFERENCES):
            joined = False
        elif block.kind is BlockKind.HEADING:
            words = " ".join(block.span.of(document.text).split())
            while path and path[-1][0] >= block.level:
                path.pop()
            path.append((block.level, words))
            leads = _Leads()
            joined = False
        else:
            headings = _without_repeats([words for _, words in path], document.title)
            yield Placed(block, headings, leads.place(block, document.text), joined)
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

    def __init__(self) -> None:
        self._lead: Span | None = None
        self._fresh = False
        self._bullets: list[Block] = []

    def place(self, block: Block, text: str) -> tuple[Span, ...]:
        """The lines the block hangs from; those after it may hang from it."""
        if block.kind is BlockKind.LEAD:
            self._lead, self._fresh, self._bullets = block.span, True, []
            return ()
        above: tuple[Span, ...] = () if self._lead is None else (self._lead,)
        if block.kind is BlockKind.BULLET:
            self._fresh = False
            while self._bullets and self._bullets[-1].level >= block.level:
                self._bullets.pop()
            above += tuple(bullet.span for bullet in self._bullets)
            self._bullets.append(block)
            return above
        if block.kind is BlockKind.ROW:
            self._bullets = []
            return above
        if self._fresh:
            self._fresh = False
            return above
        return self._after_list(block, text)

    def _after_list(self, block: Block, text: str) -> tuple[Span, ...]:
        """A paragraph right below a bullet leaves its list as it is; any other ends it."""
        words = block.span.of(text)
        bullet = self._bullets[-1] if self._bullets else None
        squeezed = bullet and "\n\n" not in text[bullet.span.end : block.span.start]
        if not squeezed and not is_connective(words):
            self._lead, self._bullets = None, []
        elif bullet and squeezed and lead_end(bullet.span.of(text)) is not None:
            return tuple(above.span for above in self._bullets)
        return ()
