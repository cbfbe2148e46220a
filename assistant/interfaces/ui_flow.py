"""Draws a flow as SVG: stations on a line, what hangs on each; the same boxes, the same drawing.

The text is broken by a cautious guess of its width, for the server has no fonts to measure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.interfaces.ui_html import escape

SIGNS = {
    "patient": "●",
    "here": "▶",
    "station": "✓",
    "do": "✓",
    "barred": "✕",
    "open": "?",
    "unplaced": "?",
    "off": "–",
    "flip": "⇄",
    "flips": "⇄",
}
_STATIONS = frozenset({"patient", "here", "station", "unplaced", "off", "flips"})
_SIZE, _SMALL = 13.0, 12.0
_LINE = 17.0
_WIDTH_OF_LETTER = 0.56
_SPINE, _STATION_X, _BOX_X = 14.0, 34.0, 46.0
_PAD = 9.0


@dataclass(frozen=True, slots=True)
class Box:
    """One thing in the flow. ``label`` is said before ``text``; ``note`` is why.

    ``numbers`` are the quotes that carry it.
    """

    kind: str
    label: str
    text: str = ""
    note: str = ""
    numbers: tuple[int, ...] = ()

    @property
    def is_station(self) -> bool:
        """Whether it stands on the line itself."""
        return self.kind in _STATIONS


def draw(boxes: Sequence[Box], width: int, title: str, answer_id: str) -> str:
    """The drawing, ``width`` units wide and as high as it needs to be."""
    shapes, y, last = [], 6.0, 6.0
    for box in boxes:
        shape, height = _draw_box(box, y, float(width), answer_id)
        shapes.append(shape)
        if box.is_station:
            last = y + 12
        y += height + (12 if box.is_station else 8)
    line = f'<path class="spine" d="M{_SPINE:g} 16V{last:g}"/>'
    name = f"flow-{escape(answer_id)}-{width}"
    return (
        f'<svg class="flow w{width}" viewBox="0 0 {width} {y:g}" role="img" '
        f'aria-labelledby="{name}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}">{escape(title)}</title>{line}{"".join(shapes)}</svg>'
    )


def _draw_box(box: Box, y: float, width: float, answer_id: str) -> tuple[str, float]:
    left = _STATION_X if box.is_station else _BOX_X
    inner = width - left - 2 * _PAD - 4
    lines = [("label", line) for line in _wrap(box.label, inner, _SIZE * 1.06)]
    lines += [("text", line) for line in _wrap(box.text, inner, _SIZE)]
    lines += [("note", line) for line in _wrap(box.note, inner, _SMALL)]
    links = _links(box.numbers, answer_id)
    rows = len(lines) + (1 if links else 0)
    height = rows * _LINE + 2 * _PAD - 3
    mark = (
        f'<circle class="stop" cx="{_SPINE:g}" cy="{y + 14:g}" r="10"/>'
        f'<text class="mark" x="{_SPINE:g}" y="{y + 18.5:g}" text-anchor="middle">'
        f"{SIGNS[box.kind]}</text>"
        if box.is_station
        else f'<path class="branch" d="M{_SPINE:g} {y - 8:g}V{y + 14:g}H{left:g}"/>'
    )
    words = "".join(
        f'<tspan class="{kind}" x="{left + _PAD + 3:g}" y="{y + _PAD + 9 + n * _LINE:g}">'
        f"{escape(line)}</tspan>"
        for n, (kind, line) in enumerate(lines)
    )
    if links:
        at = y + _PAD + 9 + len(lines) * _LINE
        words += f'<tspan x="{left + _PAD + 3:g}" y="{at:g}">{links}</tspan>'
    return (
        f'<g class="box {box.kind}"><rect x="{left:g}" y="{y:g}" width="{width - left - 2:g}" '
        f'height="{height:g}" rx="5"/>'
        f'<rect class="edge" x="{left:g}" y="{y:g}" width="4" height="{height:g}"/>'
        f"{mark}<text>{words}</text></g>",
        height,
    )


def _links(numbers: Sequence[int], answer_id: str) -> str:
    return " ".join(
        f'<a class="cite" href="#cite-{escape(answer_id)}-{number}">{escape(f"[{number}]")}</a>'
        for number in numbers
    )


def _wrap(text: str, width: float, size: float) -> list[str]:
    """The text in lines of at most ``width``; a word that is longer is broken."""
    most = max(int(width / (size * _WIDTH_OF_LETTER)), 8)
    lines: list[str] = []
    for word in text.split():
        while len(word) > most:
            lines.append(word[:most])
            word = word[most:]
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines
