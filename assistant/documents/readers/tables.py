"""An HTML table as a grid, where a cell that spans several places stands in each of them."""

from dataclasses import dataclass

from bs4 import Tag

_WIDEST = 100
_TALLEST = 1000


@dataclass(frozen=True, slots=True)
class Grid:
    """``header`` names the columns, or is empty; every row is as wide as the cells it has."""

    header: tuple[Tag, ...]
    rows: tuple[tuple[Tag, ...], ...]


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
    header: tuple[Tag, ...] = ()
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
        if number == 0 and own and (row.find_parent("thead") or all(c.name == "th" for c in own)):
            header = tuple(cells)
        elif cells:
            rows.append(tuple(cells))
    return Grid(header, tuple(rows))


def _rows(table: Tag) -> list[Tag]:
    return table.find_all("tr")


def _cells(row: Tag) -> list[Tag]:
    return row.find_all(["td", "th"], recursive=False)


def _span(cell: Tag, name: str, most: int) -> int:
    written = str(cell.get(name) or "1").strip()
    return min(max(int(written), 1), most) if written.isascii() and written.isdigit() else 1
