"""Where each word of a document's text stands on the pages of the file it was read from."""

import base64
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.spans import Span

# Boxes are in ten-thousandths of the page as it is shown, from its left and upper edge.
WHOLE = 10_000
_FIELDS = 6
# Words of one line are one box; the next line's begin this much lower.
_SAME_LINE = 0.5


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page as it is shown, in ten-thousandths of its width and height."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Place:
    """Some characters of the text, usually a word, and where they stand on one page."""

    span: Span
    box: Box


@dataclass(frozen=True, slots=True)
class Paged:
    """A file with pages, as it was read.

    ``runs`` are (offset, page): from that offset on the text is from that page, counted from 1.
    ``places`` holds each page's places as ``pack_places`` writes them, the first page first.
    """

    original: bytes
    runs: tuple[tuple[int, int], ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """A page as a picture, in pixels, with the boxes of what is quoted on it."""

    page: int
    png: bytes
    width: int
    height: int
    boxes: tuple[Box, ...]


def find_page(runs: Sequence[tuple[int, int]], offset: int) -> int | None:
    """The page that the character at ``offset`` is from; ``None`` where there are no pages."""
    at = bisect_right(runs, offset, key=lambda run: run[0])
    return runs[max(at - 1, 0)][1] if runs else None


def find_pages(runs: Sequence[tuple[int, int]], span: Span) -> tuple[int, ...]:
    """The pages that a span's characters are from, in the text's order."""
    first = find_page(runs, span.start)
    later = [page for offset, page in runs if span.start < offset < span.end]
    return tuple(dict.fromkeys(page for page in (first, *later) if page is not None))


def pack_places(places: Iterable[Place]) -> str:
    """A page's places, small: whole numbers, each start counted from the last, compressed."""
    numbers = array("i")
    before = 0
    for place in places:
        box = place.box
        numbers.extend(
            (place.span.start - before, len(place.span), box.left, box.top, box.right, box.bottom)
        )
        before = place.span.start
    return base64.b64encode(zlib.compress(numbers.tobytes())).decode("ascii")


def unpack_places(packed: str) -> Iterator[Place]:
    """What ``pack_places`` wrote."""
    numbers = array("i")
    numbers.frombytes(zlib.decompress(base64.b64decode(packed)))
    start = 0
    for at in range(0, len(numbers), _FIELDS):
        ahead, length, *edges = numbers[at : at + _FIELDS]
        start += ahead
        yield Place(Span(start, start + length), Box(*edges))


def find_boxes(places: Iterable[Place], span: Span) -> tuple[Box, ...]:
    """The boxes of a span on one page, a box a line; a word is cut where the span cuts it."""
    boxes: list[Box] = []
    for place in places:
        if not place.span.overlaps(span):
            continue
        box = _clip(place, span)
        last = boxes[-1] if boxes else None
        if last is not None and _on_one_line(last, box):
            boxes[-1] = Box(
                min(last.left, box.left),
                min(last.top, box.top),
                max(last.right, box.right),
                max(last.bottom, box.bottom),
            )
        else:
            boxes.append(box)
    return tuple(boxes)


def _clip(place: Place, span: Span) -> Box:
    """The part of a word's box that is within the span, by its share of the characters."""
    box, own = place.box, place.span
    width = (box.right - box.left) / len(own)
    left = box.left + width * max(span.start - own.start, 0)
    right = box.right - width * max(own.end - span.end, 0)
    return Box(round(left), box.top, round(right), box.bottom)


def _on_one_line(last: Box, box: Box) -> bool:
    shared = min(last.bottom, box.bottom) - max(last.top, box.top)
    lower = min(last.bottom - last.top, box.bottom - box.top)
    gap = box.left - last.right
    return shared > _SAME_LINE * lower and -WHOLE / 50 < gap < WHOLE / 20
