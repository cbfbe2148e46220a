"""The list items that the text being built is inside of, and how their lines are written."""

from dataclasses import dataclass, field

from assistant.documents.document import BlockKind
from assistant.documents.readers.building import Line, TextBuilder

_INDENT = "  "
_DEEPEST = 20


@dataclass(slots=True)
class ListWriter:
    """Writes paragraphs: an item's first one as its bullet, the rest of it indented below."""

    builder: TextBuilder
    # For each open list its present item's number, or ``None`` where items have a dash.
    _numbers: list[int | None] = field(default_factory=list)
    _marked: bool = True
    _tight: bool = False

    @property
    def in_list(self) -> bool:
        return bool(self._numbers)

    def open_list(self, first: int | None) -> None:
        """Enter a list whose items are numbered from ``first``, or have a dash."""
        if not self._numbers:
            self._tight = False
        self._numbers.append(None if first is None else first - 1)

    def close_list(self) -> None:
        """Leave the innermost list."""
        if self._numbers:
            self._numbers.pop()
        self._marked = True

    def open_item(self) -> None:
        """Begin an item; its first paragraph will be its bullet."""
        if not self._numbers:
            self.open_list(None)
        number = self._numbers[-1]
        self._numbers[-1] = None if number is None else number + 1
        self._marked = False

    def write(self, kind: BlockKind, line: Line, *, tight: bool = False) -> None:
        """Write a paragraph, row or line of code."""
        if not self._numbers:
            self.builder.add(kind, line, tight=tight)
            return
        level = min(len(self._numbers) - 1, _DEEPEST)
        if self._marked:
            self.builder.add(kind, line, mark=_INDENT * (level + 1), tight=self._tight)
        else:
            number = self._numbers[-1]
            sign = "- " if number is None else f"{number}. "
            mark = _INDENT * level + sign
            self._marked = self.builder.add(
                BlockKind.BULLET, line, level=level, mark=mark, tight=self._tight
            )
        self._tight = True
