"""Drafts of page after page → one text: what a page or column cuts in two is joined again."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.documents.document import Block, BlockKind
from assistant.documents.furniture import REFERENCE, REFERENCE_LIST
from assistant.documents.readers.building import Line, TextBuilder, make_row
from assistant.documents.readers.pdf.drafts import Draft, DraftKind, section_depth
from assistant.documents.readers.pdf.geometry import Frame
from assistant.documents.readers.pdf.grids import Cell, Grid
from assistant.documents.readers.pdf.placing import PlaceMap
from assistant.documents.readers.pdf.spelling import Printed, Spelt, spell

_ENDED = re.compile(r"""[.!?:;]["'”’)\]]*[\d⁰¹²³⁴⁵⁶⁷⁸⁹,–]{0,8}$""")
_SAME_SIZE = 0.06
_SAME_EDGE = 12.0
_DEEPEST = 6
_NUMBER = re.compile(r"\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]$")
_INDENT = "  "


@dataclass(slots=True)
class _Open:
    """A block that the next column or page may go on with."""

    draft: Draft
    printed: list[Printed]


@dataclass(frozen=True, slots=True)
class _Table:
    """The last table, for one that goes on with it on the next page."""

    header: tuple[str, ...]
    width: int
    page: int


class Assembler:
    """Takes each page's drafts in order; ``finish`` gives the blocks."""

    def __init__(self, seen: Mapping[str, int]) -> None:
        self.builder = TextBuilder()
        self.places = PlaceMap()
        self.tables = 0
        self.in_references = False
        self._seen = seen
        self._open: _Open | None = None
        self._notes: list[_Open] = []
        self._table: _Table | None = None
        self._styles: dict[int, tuple[float, bool]] = {}
        self._last_kind: DraftKind | None = None

    @property
    def has_headings(self) -> bool:
        """Whether a heading was written."""
        return bool(self._styles)

    def take(self, page: int, frame: Frame, drafts: Iterable[Draft]) -> None:
        """The drafts of a page, counted from 1, in reading order."""
        for draft in drafts:
            printed = Printed(page, frame, tuple(draft.lines))
            if draft.kind is DraftKind.NOTE:
                self._notes.append(_Open(draft, [printed]))
            elif draft.kind is DraftKind.TABLE and draft.grid is not None:
                self._close()
                self._write_table(page, frame, draft.grid)
            elif self._open is not None and self._goes_on(self._open.draft, draft):
                self._open.printed.append(printed)
                self._open.draft = replace(
                    draft,
                    kind=self._open.draft.kind,
                    mark=self._open.draft.mark,
                    level=self._open.draft.level,
                )
            else:
                self._close()
                self._open = _Open(draft, [printed])

    def finish(self) -> tuple[Block, ...]:
        """Every block, headings with their levels."""
        self._close()
        ranks = sorted(set(self._styles.values()), key=lambda style: (-style[0], not style[1]))
        blocks = self.builder.blocks
        text = self.builder.text
        numbered = [
            ranks.index(self._styles[at])
            for at, block in enumerate(blocks)
            if at in self._styles and section_depth(block.span.of(text)) == 1
        ]
        return tuple(
            replace(
                block, level=self._level(block.span.of(text), self._styles[at], ranks, numbered)
            )
            if at in self._styles
            else block
            for at, block in enumerate(blocks)
        )

    @staticmethod
    def _level(
        words: str,
        style: tuple[float, bool],
        ranks: Sequence[tuple[float, bool]],
        numbered: Sequence[int],
    ) -> int:
        """By the type's size, and below the outermost numbered ones by the number's parts."""
        rank = ranks.index(style)
        depth = section_depth(words)
        if depth > 1 and numbered:
            rank = max(rank, min(numbered) + depth - 1)
        return min(rank + 1, _DEEPEST)

    def _goes_on(self, before: Draft, draft: Draft) -> bool:
        """Whether a draft goes on with the one that ended the column before."""
        if draft.kind is not DraftKind.PARAGRAPH or not (before.ends and draft.starts):
            return False
        if before.kind not in (DraftKind.PARAGRAPH, DraftKind.BULLET):
            return False
        if abs(before.size - draft.size) > _SAME_SIZE * before.size:
            return False
        end, start = before.lines[-1].text, draft.lines[0].text
        if end.endswith(("-", "\u2010", "\u00ad")) and end[-2:-1].isalpha():
            return True
        if _ENDED.search(end):
            return False
        if start[0].islower():
            return True
        return before.full and not draft.indented and before.lines[-1].bold == draft.lines[0].bold

    def _close(self) -> None:
        """Write the open block and the notes that waited for its end."""
        if self._open is not None:
            self._write(self._open)
            self._open = None
        notes, self._notes = self._notes, []
        for note in notes:
            self._write(note)

    def _write(self, one: _Open) -> None:
        draft = one.draft
        spelt = spell(one.printed, self._seen)
        match draft.kind:
            case DraftKind.HEADING:
                self.in_references = REFERENCE_LIST.fullmatch(spelt.text) is not None
                self._add(BlockKind.HEADING, spelt, level=1)
                style = (round(draft.size * 2) / 2, draft.lines[-1].bold)
                self._styles[self.builder.count - 1] = style
            case DraftKind.BULLET:
                sign = f"{draft.mark} " if _NUMBER.match(draft.mark) else "- "
                mark = _INDENT * draft.level + sign
                tight = self._last_kind is DraftKind.BULLET
                self._add(BlockKind.BULLET, spelt, level=draft.level, mark=mark, tight=tight)
            case DraftKind.NOTE:
                cites = REFERENCE.search(spelt.text) is not None
                kind = BlockKind.REFERENCES if cites else BlockKind.PARAGRAPH
                self._add(kind, spelt, mark=f"{draft.mark} " if draft.mark else "")
            case DraftKind.CONTENTS:
                self._add(BlockKind.FURNITURE, spelt)
            case _:
                self._add(BlockKind.PARAGRAPH, spelt)
        self._last_kind = draft.kind
        if draft.kind is not DraftKind.NOTE:
            self._table = None

    def _write_table(self, page: int, frame: Frame, grid: Grid) -> None:
        """A row a line, each with its columns' names; a table cut by a page keeps its head."""
        spelt = [[self._spell_cell(page, frame, cell) for cell in row] for row in grid.rows]
        first = tuple(cell.text for cell in spelt[0])
        header: tuple[str, ...] = ()
        before, rows = self._table, spelt
        goes_on = (
            before is not None
            and before.width == grid.width
            and before.page + 1 == page
            and (first == before.header or not grid.headed or not before.header)
        )
        cells = list(grid.rows)
        if goes_on and before is not None:
            header = before.header
            if first == header:
                rows, cells = rows[1:], cells[1:]
        elif grid.headed:
            header, rows, cells = first, rows[1:], cells[1:]
        self.tables += not goes_on
        self._table = _Table(header, grid.width, page)
        for number, (row, own) in enumerate(zip(rows, cells, strict=True)):
            tight = number > 0 or goes_on
            if len(own) > 1 and all(cell is own[0] for cell in own):
                self._add(BlockKind.LEAD, row[0], tight=tight)
            else:
                self._add(BlockKind.ROW, _spell_row(header, row), tight=tight)
        self._last_kind = DraftKind.TABLE

    def _spell_cell(self, page: int, frame: Frame, cell: Cell) -> Spelt:
        return spell([Printed(page, frame, cell.lines)], self._seen) if cell.lines else Spelt()

    def _add(
        self, kind: BlockKind, spelt: Spelt, *, level: int = 0, mark: str = "", tight: bool = False
    ) -> None:
        line = Line(spelt.text)
        if self.builder.add(kind, line, level=level, mark=mark, tight=tight):
            self.places.add(self.builder.length - len(spelt.text), spelt.pieces)


def _spell_row(header: Sequence[str], cells: Sequence[Spelt]) -> Spelt:
    """As ``make_row`` writes it, with the cells' places."""
    row = Spelt()
    written = 0
    for number, cell in enumerate(cells, start=1):
        whole = make_row(header, [Line(one.text) for one in cells[:number]]).text
        if cell.text:
            row.add(whole[written : len(whole) - len(cell.text)])
            row.append(cell)
            written = len(whole)
    return row
