"""An HTML table as a grid, where a cell that spans several places stands in each of them."""

from dataclasses import dataclass

from bs4 import Tag

_WIDEST = 100
_TALLEST = 1000
_MOST_HEADS = 3


@dataclass(frozen=True, slots=True)
class Grid:
    """``header`` are the rows that name the columns; every row is as wide as the cells it has."""

    header: tuple[tuple[Tag, ...], ...]
    rows: tuple[tuple[Tag, ...], ...]

    @property
    def columns(self) -> list[list[Tag]]:
        """The header's cells above each column."""
        width = max((len(row) for row in self.header), default=0)
        return [[row[at] for row in self.header if at < len(row)] for at in range(width)]


def is_for_layout(table: Tag) -> bool:
    """Whether a table only arranges the page, so that its cells are read as paragraphs."""
    if str(table.get("role", "")).lower() in ("presentation", "none"):
        return True
    if table.find(["table", "h1", "h2", "h3", "h4", "h5", "h6"]) is not None:
        return True
    return all(len(_cells(row)) < 2 for row in _rows(table))


def read_grid(table: Tag) -> Grid:
    """The table's cells with their spans filled in, so that each is under its own column's name."""
    rows: list[tuple[Tag, ...]] = []
    header: list[tuple[Tag, ...]] = []
    hanging: dict[int, tuple[int, Tag]] = {}
    for number, row in enumerate(_rows(table)):
        cells: list[Tag] = []
        waiting = _cells(row)
        own = list(waiting)
        while waiting or len(cells) in hanging:
            column = len(cells)
            if column >= _WIDEST:
                break
            if column in hanging:
                left, cell = hanging.pop(column)
                if left > 1:
                    hanging[column] = (left - 1, cell)
                cells.append(cell)
                continue
            cell = waiting.pop(0)
            down = _span(cell, "rowspan", _TALLEST)
            for place in range(column, min(column + _span(cell, "colspan", _WIDEST), _WIDEST)):
                if place in hanging and place != column:
                    break
                if down > 1:
                    hanging[place] = (down - 1, cell)
                cells.append(cell)
        names = row.find_parent("thead") or all(cell.name == "th" for cell in own)
        if own and names and len(header) == number < _MOST_HEADS and not _is_whole(cells, header):
            header.append(tuple(cells))
        elif cells:
            rows.append(tuple(cells))
    return Grid(tuple(header), tuple(rows))


def _is_whole(cells: list[Tag], header: list[tuple[Tag, ...]]) -> bool:
    """Whether one cell spans the table below its heads: it leads to rows and names no column."""
    return bool(header) and all(cell is cells[0] for cell in cells)


def _rows(table: Tag) -> list[Tag]:
    return table.find_all("tr")


def _cells(row: Tag) -> list[Tag]:
    return row.find_all(["td", "th"], recursive=False)


def _span(cell: Tag, name: str, most: int) -> int:
    written = str(cell.get(name) or "1").strip()
    return min(max(int(written), 1), most) if written.isascii() and written.isdigit() else 1
