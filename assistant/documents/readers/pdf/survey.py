"""A first look at every page: the size of the body's type, what repeats at the edges, the words."""

import ctypes
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.documents.pages import WHOLE, Box
from assistant.documents.readers.pdf.geometry import Frame
from assistant.documents.readers.pdf.hyphens import count_words
from assistant.documents.readers.pdf.lines import Line
from assistant.documents.readers.pdf.opening import frame_page, load_page
from assistant.documents.readers.pdf.words import letter_size

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfTextPage

# Running heads and feet stand within this share of the page's height.
_EDGE = 0.12
_SAMPLED = 60
_LARGE = 1.1
_LEAST_REPEATS = 3
_MOST_WORDS = 200_000
_PAGE_NUMBER = re.compile(
    r"[-–—|\s]*(?:page|p\.|seite)?\s*(?:#|[ivxlc]{1,7})(?:\s*(?:of|/|\|)\s*#)?[-–—|\s]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Survey:
    """``body`` is the commonest size of type, in points; ``seen`` are the document's words.

    ``running`` are lines at the edges of several pages, ``twice`` those of at least two.
    """

    body: float
    running: frozenset[str]
    twice: frozenset[str]
    seen: Mapping[str, int]

    def is_running(self, line: Line, frame: Frame) -> bool:
        """Whether an outermost line of a page is a running head or foot."""
        if not at_edge(line.middle, frame):
            return False
        # In large type "Chapter 1" and "Chapter 2" are headings, though they differ only so.
        large = line.size > _LARGE * self.body
        words = _plain(line.text) if large else alike(line.text)
        return words in self.running

    def is_headed_by_number(self, line: Line, parts: Sequence[Line], frame: Frame) -> bool:
        """Whether a line at the edge is a page number beside, say, a short chapter's name."""
        return (
            at_edge(line.middle, frame)
            and alike(line.text) in self.twice
            and any(self.is_number(part) for part in parts)
        )

    @staticmethod
    def is_number(line: Line) -> bool:
        """Whether a line is a page number and no more."""
        return _PAGE_NUMBER.fullmatch(alike(line.text)) is not None


def at_edge(middle: float, frame: Frame) -> bool:
    """Whether a height on the page, as read, is where running heads and feet stand."""
    return not _EDGE * frame.height < middle < (1 - _EDGE) * frame.height


def alike(words: str) -> str:
    """The words in a form in which running heads are the same on every page."""
    return re.sub(r"\d+", "#", _plain(words))


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()


def survey(pdf: "PdfDocument") -> Survey:
    """Look at every page, one at a time."""
    sizes: Counter[float] = Counter()
    edges: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for number in range(1, len(pdf) + 1):
        page = load_page(pdf, number)
        if page is None:
            continue
        text_page = page.get_textpage()
        if len(seen) < _MOST_WORDS:
            seen.update(count_words(text_page.get_text_range()))
        sizes.update(_sample_sizes(text_page))
        edges.update(_read_edges(text_page, frame_page(page)))
        text_page.close()
        page.close()
    least = _LEAST_REPEATS if len(pdf) > _LEAST_REPEATS else 2
    running = frozenset(words for words, count in edges.items() if count >= least)
    twice = frozenset(words for words, count in edges.items() if count >= 2)
    body = max(sizes, key=lambda size: (sizes[size], size)) if sizes else 10.0
    return Survey(body, running, twice, seen)


def _read_edges(text_page: "PdfTextPage", frame: Frame) -> set[str]:
    """The lines at the top and bottom of a page, as they are and in the form that repeats."""
    edge = round(_EDGE * WHOLE)
    lines: set[str] = set()
    for box in (Box(0, 0, WHOLE, edge), Box(0, WHOLE - edge, WHOLE, WHOLE)):
        text = text_page.get_text_bounded(*frame.to_written(box))
        for line in filter(str.strip, text.splitlines()):
            lines |= {alike(line), _plain(line)}
    return lines


def _sample_sizes(text_page: "PdfTextPage") -> Counter[float]:
    from pypdfium2 import raw

    sizes: Counter[float] = Counter()
    count = text_page.count_chars()
    box = raw.FS_RECTF()
    for index in range(0, count, max(count // _SAMPLED, 1)):
        if raw.FPDFText_GetUnicode(text_page.raw, index) <= 0x20:
            continue
        if raw.FPDFText_GetLooseCharBox(text_page.raw, index, ctypes.byref(box)):
            height = min(abs(box.top - box.bottom), abs(box.right - box.left) * 4)
            sizes[round(2 * letter_size(text_page.raw, index, height)) / 2] += 1
    return sizes
