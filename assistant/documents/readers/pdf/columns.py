"""The order in which a page is read: cut at gutters into columns, at what spans them into zones.

An XY cut over fragments of lines (Nagy and Seth, Hierarchical representation of optically scanned
documents, 1984), where a gutter must have filled columns at both sides: the white space inside a
list or between a table's cells is none.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean

from assistant.documents.readers.pdf.lines import Line, join_fragments

_NARROWEST_GUTTER = 0.8
# Rows that a gutter must part, and how wide and how full the columns beside it are.
_ROWS = 3
_LONG = 6
# So few lines may be the end of a text, and as short as they like.
_END = 2
_NARROWEST_COLUMN = 7.0
_FULL = 0.55
_MOST_CUTS = 12
# What a gutter loses for each time that a spanning line interrupts it.
_INTERRUPTED = 4
_TRIED = 12


@dataclass(frozen=True, slots=True)
class Column:
    """The lines of one column between its edges, in reading order."""

    lines: tuple[Line, ...]
    left: float
    right: float


def find_columns(fragments: Sequence[Line], cuts: int = _MOST_CUTS) -> Iterator[Column]:
    """The page's columns in the order in which they are read."""
    if not fragments:
        return
    gutter = _find_gutter(fragments) if cuts else None
    if gutter is None:
        lines = tuple(join_fragments(fragments))
        yield Column(lines, min(line.left for line in lines), max(line.right for line in lines))
        return
    for zone, parted in _zones(fragments, gutter):
        if parted:
            yield from find_columns([f for f in zone if f.left < gutter.left], cuts - 1)
            yield from find_columns([f for f in zone if f.left >= gutter.left], cuts - 1)
        else:
            yield from find_columns(zone, cuts - 1)


@dataclass(frozen=True, slots=True)
class _Gutter:
    """White space from ``left`` to ``right``; fragments reaching over it span the columns."""

    left: float
    right: float

    def is_crossed_by(self, fragment: Line) -> bool:
        """By more than the ragged end of a line."""
        return fragment.left < self.left - 1 and fragment.right > self.right + 1


def _zones(fragments: Sequence[Line], gutter: _Gutter) -> Iterator[tuple[list[Line], bool]]:
    """From the top, what spans the gutter and what it parts, in turn."""
    zone: list[Line] = []
    parted = False
    for fragment in sorted(fragments, key=lambda one: (one.middle, one.left)):
        crosses = gutter.is_crossed_by(fragment)
        if zone and parted == crosses:
            yield zone, parted
            zone = []
        zone.append(fragment)
        parted = not crosses
    if zone:
        yield zone, parted


def _find_gutter(fragments: Sequence[Line]) -> _Gutter | None:
    """The white space that parts the most rows of text with the fewest interruptions."""
    best: tuple[int, float, _Gutter] | None = None
    for gutter in _candidates(fragments):
        rows = _rows_parted(fragments, gutter)
        if rows >= _ROWS and (best is None or (rows, gutter.right - gutter.left) > best[:2]):
            best = rows, gutter.right - gutter.left, gutter
    return None if best is None else best[2]


def _candidates(fragments: Sequence[Line]) -> list[_Gutter]:
    """Gaps between neighbours, each narrowed to what other rows' gaps at that place share."""
    gaps: list[tuple[float, float]] = []
    ordered = sorted(fragments, key=lambda one: one.left)
    for number, fragment in enumerate(ordered):
        beside = [
            other
            for other in ordered[number + 1 :]
            if other.left >= fragment.right - 0.5
            and min(other.bottom, fragment.bottom) - max(other.top, fragment.top) > 0
        ]
        if beside:
            nearest = min(other.left for other in beside)
            if nearest - fragment.right >= _NARROWEST_GUTTER * fragment.size:
                gaps.append((fragment.right, nearest))
    gutters: Counter[tuple[int, int]] = Counter()
    for left, right in gaps:
        # The right column's edge is straight, the left one's lines end where they will.
        same = [gap for gap in gaps if abs(gap[1] - right) < 4 and gap[0] < right - 4]
        inner = max(gap[0] for gap in same) if same else left
        reach = max(other.right for other in fragments if other.right < right - 3)
        for edge in {inner, left, reach}:
            if right - edge > 3:
                gutters[round(edge), round(right)] += 1
    likeliest = sorted(gutters, key=lambda edges: (gutters[edges] * (edges[0] - edges[1]), edges))[
        :_TRIED
    ]
    return [_Gutter(left, right) for left, right in likeliest]


def _rows_parted(fragments: Sequence[Line], gutter: _Gutter) -> int:
    """How many rows have text on both sides, in zones whose sides are filled columns."""
    rows = zones = 0
    for zone, parted in _zones(fragments, gutter):
        if not parted:
            continue
        zones += 1
        if any(f.left < gutter.right - 1 and f.right > gutter.left + 1 for f in zone):
            continue
        sides = [
            [f for f in zone if f.left < gutter.left],
            [f for f in zone if f.left >= gutter.left],
        ]
        if not all(sides):
            continue
        lines = [join_fragments(side) for side in sides]
        both = sum(
            any(min(a.bottom, b.bottom) - max(a.top, b.top) > 0 for b in lines[1]) for a in lines[0]
        )
        if both and all(_is_column(side) for side in lines):
            # The last column may hold no more than a line beside a long one.
            long = max(map(len, lines)) >= _LONG
            rows += max(both, _ROWS) if long else both
    return rows - _INTERRUPTED * (zones - 1)


def _is_column(lines: Sequence[Line]) -> bool:
    """Whether the text at the left edge fills the width it takes up, as lines of prose do."""
    edge = min(line.left for line in lines)
    size = mean(line.size for line in lines)
    widths = [_stretch(line) - line.left for line in lines if line.left < edge + 3 * size]
    if len(widths) <= _END:
        return True
    widest = max(widths)
    return widest >= _NARROWEST_COLUMN * size and mean(widths) >= _FULL * widest


def _stretch(line: Line) -> float:
    """Where the line's first stretch without a wide gap ends."""
    end = line.words[0].right
    for word in line.words[1:]:
        if word.left - end > 2 * word.size:
            break
        end = max(end, word.right)
    return end
