"""Plots as inline SVG: bars with intervals, and the reliability diagram."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

LABEL, WIDTH, ROW = 300, 420, 24
SIDE = 320
MARGIN = 62


@dataclass(frozen=True, slots=True)
class Bar:
    """A share from 0 to 1 with its interval; ``before`` is the baseline's."""

    name: str
    value: float | None
    interval: Sequence[float] | None = None
    before: float | None = None


def draw_bars(bars: Sequence[Bar], title: str) -> str:
    """One bar a row; a thin line is the interval, a small stroke the baseline."""
    height = ROW * len(bars) + 26
    total = LABEL + WIDTH + 70
    parts = [_grid(height)]
    for row, bar in enumerate(bars):
        y = row * ROW
        parts.append(f"<text class='name' x='{LABEL - 10}' y='{y + 16}'>{escape(bar.name)}</text>")
        if bar.value is None:
            parts.append(
                f"<text class='none' x='{LABEL + 6}' y='{y + 16}'>nothing to measure</text>"
            )
            continue
        parts.append(
            f"<rect class='bar' x='{LABEL}' y='{y + 5}' width='{_x(bar.value):.1f}' height='14'/>"
        )
        if bar.interval:
            low, high = (LABEL + _x(end) for end in bar.interval)
            parts.append(
                f"<path class='interval' d='M{low:.1f} {y + 12}H{high:.1f}M{low:.1f} {y + 8}v8"
                f"M{high:.1f} {y + 8}v8'/>"
            )
        if bar.before is not None:
            x = LABEL + _x(bar.before)
            parts.append(f"<path class='before' d='M{x:.1f} {y + 3}v18'/>")
        parts.append(
            f"<text class='value' x='{LABEL + WIDTH + 10}' y='{y + 16}'>{bar.value:.3f}</text>"
        )
    return _svg(total, height, title, parts)


def _grid(height: int) -> str:
    lines = "".join(f"M{LABEL + _x(tenth / 4):.1f} 0V{height - 22}" for tenth in range(5))
    marks = "".join(
        f"<text class='mark' x='{LABEL + _x(quarter / 4):.1f}' y='{height - 6}'>{quarter / 4:g}"
        "</text>"
        for quarter in range(5)
    )
    return f"<path class='grid' d='{lines}'/>{marks}"


def _x(share: float) -> float:
    return max(0.0, min(1.0, share)) * WIDTH


def draw_reliability(bins: Sequence[Mapping[str, Any]]) -> str:
    """Confidence across, the share that has an answer up; a dot's area is its number of
    questions."""
    most = max((one["questions"] for one in bins), default=0) or 1
    side, size = SIDE, SIDE + 2 * MARGIN

    def at(x: float, y: float) -> tuple[float, float]:
        return MARGIN + x * side, MARGIN + (1 - y) * side

    quarter = [n / 4 for n in range(5)]
    grid = "".join(
        f"M{at(q, 0)[0]:.1f} {at(q, 0)[1]:.1f}V{MARGIN}M{MARGIN} {at(0, q)[1]:.1f}h{side}"
        for q in quarter
    )
    parts = [
        f"<path class='grid' d='{grid}'/>",
        f"<path class='ideal' d='M{MARGIN} {MARGIN + side}L{MARGIN + side} {MARGIN}'/>",
    ]
    for q in quarter:
        x, y = at(q, q)
        parts.append(f"<text class='mark' x='{x:.1f}' y='{MARGIN + side + 16}'>{q:g}</text>")
        parts.append(f"<text class='value end' x='{MARGIN - 6}' y='{y + 4:.1f}'>{q:g}</text>")
    points = [one for one in bins if one["questions"]]
    line = "L".join("{:.1f} {:.1f}".format(*at(p["confidence"], p["answerable"])) for p in points)
    parts.append(f"<path class='line' d='M{line}'/>" if points else "")
    for point in points:
        x, y = at(point["confidence"], point["answerable"])
        radius = 3 + 9 * (point["questions"] / most) ** 0.5
        parts.append(
            f"<circle class='dot' cx='{x:.1f}' cy='{y:.1f}' r='{radius:.1f}'>"
            f"<title>{point['questions']} questions, mean confidence {point['confidence']:.2f}, "
            f"{point['answerable']:.0%} answerable</title></circle>"
        )
    middle = MARGIN + side / 2
    parts += [
        f"<text class='mark' x='{middle}' y='{MARGIN + side + 38}'>confidence</text>",
        f"<text class='mark' transform='translate(14 {middle}) rotate(-90)'>"
        "share that has an answer</text>",
    ]
    return _svg(size, size, "Reliability diagram", parts)


def _svg(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    return (
        f"<svg role='img' aria-label='{escape(title)}' viewBox='0 0 {width:g} {height:g}' "
        f"width='{width:g}' height='{height:g}'><title>{escape(title)}</title>"
        f"{''.join(parts)}</svg>"
    )
