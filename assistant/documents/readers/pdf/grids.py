"""Tables as grids of cells, found by their rules: pdfplumber's geometry over PDFium's lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from assistant.documents.readers.pdf.drawing import Rule
from assistant.documents.readers.pdf.geometry import Edges
from assistant.documents.readers.pdf.lines import Line, gather_fragments, join_fragments
from assistant.documents.readers.pdf.words import Word

_SNAP = 3.0
_GAP = 0.8
_LONGEST_CELL = 600
_TALLEST_OPEN = 0.5
_LEAST_OPEN_RULES = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """The lines of one cell; the same object stands in every place that it spans."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def bold(self) -> bool:
        return bool(self.lines) and all(line.bold for line in self.lines)


@dataclass(frozen=True, slots=True)
class Grid:
    """``edges`` is the box around the table as read; every row has as many cells."""

    edges: Edges
    rows: tuple[tuple[Cell, ...], ...]
    headed: bool

    @property
    def width(self) -> int:
        return len(self.rows[0])


def find_grids(
    rules: Sequence[Rule], words: Sequence[Word], height: float
) -> tuple[list[Grid], list[Word]]:
    """The page's tables and the words that are in none; ``height`` is the page's, in points."""
    grids = []
    left = list(words)
    for edges, boxes in _ruled_tables(rules):
        grid = _fill(edges, boxes, left)
        if grid is not None:
            grids.append(grid)
            left = [word for word in left if not _is_inside(word, edges)]
    for edges, bands in _open_tables(rules, height):
        if any(_overlap(edges, grid.edges) for grid in grids):
            continue
        inside = [word for word in left if _is_inside(word, edges)]
        grid = _align(edges, bands, inside)
        if grid is not None:
            grids.append(grid)
            left = [word for word in left if not _is_inside(word, edges)]
    return sorted(grids, key=lambda grid: grid.edges[1]), left


def _ruled_tables(rules: Sequence[Rule]) -> list[tuple[Edges, list[Edges]]]:
    """Each table's box and its cells' boxes, where rules enclose the cells."""
    from pdfplumber.table import (
        cells_to_tables,
        edges_to_intersections,
        intersections_to_cells,
        merge_edges,
    )

    if sum(rule.upright for rule in rules) < 2 or sum(not rule.upright for rule in rules) < 2:
        return []
    drawn: list[dict[str, Any]] = [rule.as_edge() for rule in rules]
    merged = merge_edges(drawn, _SNAP, _SNAP, _SNAP, _SNAP)
    cells = intersections_to_cells(edges_to_intersections(merged, _SNAP, _SNAP))
    tables = []
    for boxes in cells_to_tables(cells):
        across = [edge for box in boxes for edge in (box[0], box[2])]
        down = [edge for box in boxes for edge in (box[1], box[3])]
        tables.append(((min(across), min(down), max(across), max(down)), list(boxes)))
    return tables


def _fill(edges: Edges, boxes: Sequence[Edges], words: Sequence[Word]) -> Grid | None:
    """The words in their cells; ``None`` where it is no table: one row, one column, or prose."""
    across, down = _lines_between(boxes, 0), _lines_between(boxes, 1)
    if len(across) < 3 or len(down) < 3:
        return None
    inside = [word for word in words if _is_inside(word, edges)]
    cells: dict[Edges, Cell] = {}
    for box in boxes:
        own = [word for word in inside if _is_inside(word, box)]
        cells[box] = _make_cell(own)
    empty = Cell(())
    rows = []
    for top, bottom in pairwise(down):
        row = []
        for left, right in pairwise(across):
            x, y = (left + right) / 2, (top + bottom) / 2
            around = next((b for b in boxes if b[0] < x < b[2] and b[1] < y < b[3]), None)
            row.append(empty if around is None else cells[around])
        if any(cell.lines for cell in row):
            rows.append(tuple(row))
    return _check(edges, rows)


def _lines_between(boxes: Sequence[Edges], axis: int) -> list[float]:
    """The grid's lines along one axis, those closer than a hair as one."""
    found: list[float] = []
    for edge in sorted({box[axis] for box in boxes} | {box[axis + 2] for box in boxes}):
        if not found or edge - found[-1] > _SNAP:
            found.append(edge)
    return found


def _open_tables(rules: Sequence[Rule], height: float) -> list[tuple[Edges, list[float]]]:
    """Tables with rules only above, below and between rows: each one's box and rules' heights."""
    flat = sorted((rule for rule in rules if not rule.upright), key=lambda rule: rule.top)
    groups: list[list[Rule]] = []
    for rule in flat:
        group = next(
            (
                g
                for g in groups
                if abs(g[-1].left - rule.left) < _SNAP and abs(g[-1].right - rule.right) < _SNAP
            ),
            None,
        )
        if group is None:
            groups.append([rule])
        elif rule.top - group[-1].top > _SNAP:
            group.append(rule)
    tables = []
    for group in groups:
        tall = group[-1].top - group[0].top
        if len(group) >= _LEAST_OPEN_RULES and tall < _TALLEST_OPEN * height * len(group) / 3:
            edges = (group[0].left, group[0].top, group[0].right, group[-1].top)
            tables.append((edges, [rule.top for rule in group]))
    return tables


def _align(edges: Edges, bands: Sequence[float], words: Sequence[Word]) -> Grid | None:
    """A grid whose columns are told by the white space that runs down through every row."""
    if not words:
        return None
    columns = _find_columns(words)
    if len(columns) < 2:
        return None
    rows: list[tuple[Cell, ...]] = []
    for number, (top, bottom) in enumerate(pairwise(bands)):
        band = [word for word in words if top <= word.middle < bottom]
        if not band:
            continue
        whole = number == 0 or len(bands) > _LEAST_OPEN_RULES
        for part in [band] if whole else _split_rows(band, columns):
            rows.append(
                tuple(
                    _make_cell([w for w in part if left - 1 <= w.left <= right])
                    for left, right in columns
                )
            )
    grid = _check(edges, rows)
    return None if grid is None else Grid(grid.edges, grid.rows, headed=True)


def _find_columns(words: Sequence[Word]) -> list[tuple[float, float]]:
    """The stretches across the table that words take up."""
    columns: list[tuple[float, float]] = []
    for word in sorted(words, key=lambda one: one.left):
        if columns and word.left - columns[-1][1] < _GAP * word.size:
            columns[-1] = (columns[-1][0], max(columns[-1][1], word.right))
        else:
            columns.append((word.left, word.right))
    return columns


def _split_rows(words: Sequence[Word], columns: Sequence[tuple[float, float]]) -> list[list[Word]]:
    """A row begins at each line that has something in the first column."""
    rows: list[list[Word]] = []
    for line in join_fragments(gather_fragments(words)):
        begins = line.left <= columns[0][1]
        if begins or not rows:
            rows.append([])
        rows[-1] += line.words
    return rows


def _check(edges: Edges, rows: Sequence[tuple[Cell, ...]]) -> Grid | None:
    if len(rows) < 2 or any(len(cell.text) > _LONGEST_CELL for row in rows for cell in row):
        return None
    used = [column for column in range(len(rows[0])) if any(row[column].lines for row in rows)]
    if len(used) < 2:
        return None
    kept = tuple(tuple(row[column] for column in used) for row in rows)
    return Grid(edges, kept, _is_headed(kept))


def _is_headed(rows: Sequence[tuple[Cell, ...]]) -> bool:
    """Whether the first row names the columns: by its type, or because it alone has no figures."""
    first, later = rows[0], rows[1:]
    if len({id(cell) for cell in first}) < len(first):
        return False
    named = [cell for cell in first if cell.lines]
    if all(cell.bold for cell in named) and not all(
        cell.bold for row in later for cell in row if cell.lines
    ):
        return True
    if any(c.isdigit() for cell in named for c in cell.text):
        return False
    return len(first) > 2 or any(c.isdigit() for row in later for c in row[-1].text)


def _make_cell(words: Sequence[Word]) -> Cell:
    return Cell(tuple(join_fragments(gather_fragments(words))))


def _is_inside(word: Word, edges: Edges) -> bool:
    # Words that run out of their cell belong where they begin.
    x, y = word.left + min(2.0, (word.right - word.left) / 2), word.middle
    return edges[0] - 1 <= x <= edges[2] + 1 and edges[1] - 1 <= y <= edges[3] + 1


def _overlap(one: Edges, other: Edges) -> bool:
    return (
        min(one[2], other[2]) - max(one[0], other[0]) > 0
        and min(one[3], other[3]) - max(one[1], other[1]) > 0
    )
