"""What a page draws beside its text: rules, which may make a table, and pictures."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.documents.readers.pdf.geometry import Frame

if TYPE_CHECKING:
    from pypdfium2 import PdfMatrix, PdfObject, PdfPage

_THIN = 3.0
_SHORTEST = 6.0
# A page with more is a plot or a map; its lines make no table.
_MOST_PATHS = 3000
_MOST_RULES = 600
_WHITE = 250
_SMALLEST_IMAGE = 0.01


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line along one axis, in points as read."""

    left: float
    top: float
    right: float
    bottom: float
    upright: bool

    def as_edge(self) -> dict[str, Any]:
        """As pdfplumber's table functions take it."""
        return {
            "x0": self.left,
            "x1": self.right,
            "top": self.top,
            "bottom": self.bottom,
            "orientation": "v" if self.upright else "h",
            "object_type": "line",
            "width": self.right - self.left,
            "height": self.bottom - self.top,
        }


@dataclass(frozen=True, slots=True)
class Drawing:
    """``images`` counts pictures worth the name; ``covered`` is the largest one's share of the
    page; ``paths`` are the shapes drawn."""

    rules: tuple[Rule, ...]
    images: int
    covered: float
    paths: int


def read_drawing(page: "PdfPage", frame: Frame) -> Drawing:
    """The page's rules and pictures."""
    from pypdfium2 import raw

    rules: list[Rule] = []
    shares: list[float] = []
    paths = 0
    whole = (frame.right - frame.left) * (frame.top - frame.bottom)
    for drawn in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE]):
        if drawn.type == raw.FPDF_PAGEOBJ_IMAGE:
            matrix = _whole_matrix(drawn)
            # An image is a unit square until its matrix stretches it.
            shares.append(abs(matrix.a * matrix.d - matrix.b * matrix.c) / whole)
            continue
        paths += 1
        if paths <= _MOST_PATHS and len(rules) <= _MOST_RULES:
            rules += _find_rules(drawn, frame)
    if paths > _MOST_PATHS or len(rules) > _MOST_RULES:
        rules = []
    large = [share for share in shares if share >= _SMALLEST_IMAGE]
    return Drawing(tuple(rules), len(large), max(shares, default=0.0), paths)


def _find_rules(path: "PdfObject", frame: Frame) -> Iterator[Rule]:
    """The straight edges of a shape that can be seen."""
    from pypdfium2 import raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path.raw, ctypes.byref(fill), ctypes.byref(stroke))
    if not stroke.value and (not fill.value or _is_white(path)):
        return
    matrix = _whole_matrix(path)
    points: list[tuple[float, float]] = []
    edges: list[tuple[float, float, float, float]] = []
    count = raw.FPDFPath_CountSegments(path.raw)
    if count > 400:
        return
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(path.raw, index)
        x, y = ctypes.c_float(), ctypes.c_float()
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            points = [point]
        else:
            if kind == raw.FPDF_SEGMENT_LINETO and points:
                edges.append((*points[-1], *point))
            points.append(point)
        if raw.FPDFPathSegment_GetClose(segment) and points:
            edges.append((*points[-1], *points[0]))
    bounds = [frame.to_read(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in edges]
    if not bounds:
        return
    left, top = min(b[0] for b in bounds), min(b[1] for b in bounds)
    right, bottom = max(b[2] for b in bounds), max(b[3] for b in bounds)
    if bottom - top < _THIN < right - left:
        bounds = [(left, (top + bottom) / 2, right, (top + bottom) / 2)]
    elif right - left < _THIN < bottom - top:
        bounds = [((left + right) / 2, top, (left + right) / 2, bottom)]
    for left, top, right, bottom in bounds:
        if bottom - top < 1 and right - left >= _SHORTEST:
            yield Rule(left, top, right, top, upright=False)
        elif right - left < 1 and bottom - top >= _SHORTEST:
            yield Rule(left, top, left, bottom, upright=True)


def _is_white(path: "PdfObject") -> bool:
    from pypdfium2 import raw

    parts = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFPageObj_GetFillColor(path.raw, *(ctypes.byref(part) for part in parts))
    red, green, blue, seen = (part.value for part in parts)
    return min(red, green, blue) >= _WHITE or seen == 0


def _whole_matrix(drawn: "PdfObject") -> "PdfMatrix":
    """From the object's own coordinates to the page's, through the forms that hold it."""
    matrix = drawn.get_matrix()
    holder = drawn.container
    while holder is not None:
        matrix = matrix.multiply(holder.get_matrix())
        holder = holder.container
    return matrix
