"""A document's text and its blocks, written together so that no block is ever searched for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from assistant.documents.document import Block, BlockKind, SourceKey
from assistant.documents.readers.paragraphs import split_lead
from assistant.spans import Span

_RAISED = str.maketrans("0123456789+-−–()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁽⁾ⁿ")
_KEPT = frozenset(" ,")


@dataclass(frozen=True, slots=True)
class Line:
    """A block's words before they have a place; ``cited`` are keys with offsets into them."""

    text: str
    cited: tuple[SourceKey, ...] = ()


def join_lines(parts: Iterable[Line]) -> Line:
    """The parts one after the other, as one line."""
    text: list[str] = []
    cited: list[SourceKey] = []
    length = 0
    for part in parts:
        cited += [SourceKey(length + key.position, key.key) for key in part.cited]
        text.append(part.text)
        length += len(part.text)
    return Line("".join(text), tuple(cited))


def make_row(header: Sequence[str], cells: Sequence[Line]) -> Line:
    """A table's row that can be read alone: "Stage: 2; GFR: 60 - 89", or "2 | 60 - 89"."""
    parts: list[Line] = []
    for name, cell in zip_longest(header, cells, fillvalue=None):
        if cell is None or not cell.text:
            continue
        if parts:
            parts.append(Line("; " if header else " | "))
        if name:
            parts.append(Line(f"{name.rstrip(':')}: "))
        parts.append(cell)
    return join_lines(parts)


def raise_digits(words: str) -> str:
    """Superscript as its own characters where there are such: 10 and raised 9 must not be 109."""
    raised = words.translate(_RAISED)
    changed = all(a != b or a in _KEPT for a, b in zip(words, raised, strict=True))
    return raised if changed and words.strip("n") else words


@dataclass(slots=True)
class TextBuilder:
    """Appends blocks one below the other and remembers where each of them went."""

    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _blocks: list[Block] = field(default_factory=list)
    _source_keys: list[SourceKey] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self._parts)

    @property
    def length(self) -> int:
        """How many characters there are so far."""
        return self._length

    @property
    def count(self) -> int:
        """How many blocks there are so far."""
        return len(self._blocks)

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(self._blocks)

    @property
    def source_keys(self) -> tuple[SourceKey, ...]:
        return tuple(self._source_keys)

    def add(
        self, kind: BlockKind, line: Line, *, level: int = 0, mark: str = "", tight: bool = False
    ) -> bool:
        """Append a block after a blank line, or right below the last one when ``tight``.

        ``mark`` ("- ", "2. ") goes before the block and is not part of it. An empty line is left
        out, and the answer false.
        """
        if not line.text.strip():
            return False
        if self._parts:
            self._write("\n" if tight else "\n\n")
        self._write(mark)
        start = self._length
        self._write(line.text)
        whole = Span(0, len(line.text))
        blocks = (
            split_lead(line.text, whole)
            if kind is BlockKind.PARAGRAPH
            else [Block(kind, whole, level)]
        )
        for block in blocks:
            span = Span(start + block.span.start, start + block.span.end)
            self._blocks.append(replace(block, span=span))
        self._source_keys += [SourceKey(start + key.position, key.key) for key in line.cited]
        return True

    def _write(self, part: str) -> None:
        self._parts.append(part)
        self._length += len(part)
