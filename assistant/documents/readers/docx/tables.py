"""A Word table as a grid, where a merged cell stands in each place that it covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.documents.readers.docx.opening import W
from assistant.documents.readers.docx.styling import number_of

_WIDEST = 100


@dataclass(frozen=True, slots=True)
class Grid:
    """``rows`` hold cell elements; the first ``heads`` of them name the columns, where marked."""

    rows: tuple[tuple[Any, ...], ...]
    heads: int

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


def read_grid(table: Any) -> Grid:
    """The rows that are left once tracked changes are accepted."""
    rows: list[tuple[Any, ...]] = []
    heads = 0
    above: list[Any] = []
    for row in _below(table, "tr"):
        properties = row.find(f"{W}trPr")
        if properties is not None and properties.find(f"{W}del") is not None:
            continue
        before = 0 if properties is None else _number(properties, "gridBefore")
        cells: list[Any] = above[:before]
        for cell in _below(row, "tc"):
            own = cell.find(f"{W}tcPr")
            merged = None if own is None else own.find(f"{W}vMerge")
            goes_on = merged is not None and merged.get(f"{W}val") != "restart"
            for _ in range(1 if own is None else max(_number(own, "gridSpan"), 1)):
                place = len(cells)
                if place >= _WIDEST:
                    break
                cells.append(above[place] if goes_on and place < len(above) else cell)
        marked = None if properties is None else properties.find(f"{W}tblHeader")
        if (
            marked is not None
            and marked.get(f"{W}val") not in ("0", "false")
            and heads == len(rows)
        ):
            heads += 1
        if cells:
            rows.append(tuple(cells))
            above = cells
    return Grid(tuple(rows), heads if heads < len(rows) else 0)


def _below(element: Any, name: str) -> Sequence[Any]:
    """The rows or cells of an element, also those inside of content controls."""
    found: list[Any] = []
    for child in element:
        if child.tag == f"{W}{name}":
            found.append(child)
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            found += _below(child, name)
    return found


def _number(properties: Any, name: str) -> int:
    return min(number_of(properties.find(f"{W}{name}"), 0), _WIDEST)
