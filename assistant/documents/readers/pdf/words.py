"""A page's words with their boxes, in the order in which the file writes them."""

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.documents.readers.pdf.geometry import Frame

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

SOFT_HYPHEN = "\u00ad"
UNKNOWN_LETTER = "\ufffd"
_SPACES = frozenset({*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200C)})
_SPACES |= {0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF}
# PDFium's own marks for a hyphen at the end of a line.
_HYPHENS = frozenset({0x02, 0xFFFE})
_NO_LETTER = frozenset({*range(0x20), 0xFFFF, 0xFFFD})
_EXPANDED = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
    0x2060: "",
    0x200C: "",
    0x200D: "",
}
_SAMPLED = 200
_GAP = 0.25
_BACK = 0.6
_OTHER_SIZE = 0.12
_BOLD_WEIGHT = 600
_BOLD_NAMES = ("bold", "black", "heavy")
_RAISED_SIZE = 0.85
_RAISED_BY = 0.15


@dataclass(frozen=True, slots=True)
class Word:
    """Characters that stand together; edges in points as read, ``top`` above ``bottom``.

    ``spaced``: white space stands before it. ``raised``: it is superscript to the word before.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool = False
    spaced: bool = True
    raised: bool = False

    @property
    def middle(self) -> float:
        """Half-way down."""
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class _Letters:
    """A word being read."""

    parts: list[str]
    left: float
    top: float
    right: float
    bottom: float
    first: int
    spaced: bool

    def to_word(self, size: float, bold: bool, before: Word | None) -> Word:
        text = "".join(self.parts)
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
            text = text[:-1].replace(SOFT_HYPHEN, "") + text[-1:]
        glued = before is not None and not self.spaced
        raised = (
            before is not None
            and glued
            and size < _RAISED_SIZE * before.size
            and self.bottom < before.bottom - _RAISED_BY * before.size
        )
        return Word(
            text, self.left, self.top, self.right, self.bottom, size, bold, not glued, raised
        )


def count_turns(text_page: "PdfTextPage", shown: int) -> int:
    """The quarter turns that bring most of the page's text upright."""
    from pypdfium2 import raw

    count = text_page.count_chars()
    step = max(count // _SAMPLED, 1)
    turns = Counter(
        _turns(raw.FPDFText_GetCharAngle(text_page.raw, index))
        for index in range(0, count, step)
        if raw.FPDFText_GetUnicode(text_page.raw, index) > 0x20
    )
    return max(turns, key=lambda one: (turns[one], one == shown)) if turns else shown


def _turns(angle: float) -> int:
    """PDFium measures clockwise what is written counter-clockwise."""
    return round(-angle / (math.pi / 2)) % 4


def read_words(text_page: "PdfTextPage", frame: Frame) -> Iterator[Word]:
    """The words that stand upright in ``frame`` and within the page."""
    before: Word | None = None
    for letters in _gather_letters(text_page, frame):
        if before is not None and not letters.spaced:
            gap = letters.left - before.right
            letters.spaced = not -_BACK * before.size < gap < _GAP * before.size
        word = _make_word(text_page.raw, letters, before, frame)
        if word is not None:
            before = word
            yield word


def _gather_letters(text_page: "PdfTextPage", frame: Frame) -> Iterator[_Letters]:
    """Characters up to white space, a gap, or another size or height."""
    from pypdfium2 import raw

    get_unicode, get_box, page = (
        raw.FPDFText_GetUnicode,
        raw.FPDFText_GetLooseCharBox,
        text_page.raw,
    )
    rectangle = raw.FS_RECTF()
    pointer = ctypes.byref(rectangle)
    letters: _Letters | None = None
    spaced = True
    last: tuple[float, float] | None = None
    for index in range(text_page.count_chars()):
        code = get_unicode(page, index)
        if code in _SPACES and code not in _HYPHENS:
            if letters is not None:
                yield letters
                letters = None
            spaced = True
            continue
        if not get_box(page, index, pointer):
            continue
        left, top, right, bottom = frame.to_read(
            rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
        )
        if letters is not None and (left, right) == last:
            # One glyph, such as "fi", that stands for several characters.
            letters.parts.append(_character(code))
            continue
        last = left, right
        if letters is not None:
            height = letters.bottom - letters.top
            gap = left - letters.right
            parted = gap > _GAP * height or gap < -_BACK * height
            if parted or (
                abs(bottom - top - height) > _OTHER_SIZE * height
                and _differs(page, letters.first, index, height)
            ):
                yield letters
                letters, spaced = None, parted
        if letters is None:
            letters = _Letters([], left, top, right, bottom, index, spaced)
            spaced = False
        letters.parts.append(_character(code))
        # Comparing is faster than min and max, and this is done for every character.
        if right > letters.right:
            letters.right = right
        if left < letters.left:
            letters.left = left
        if top < letters.top:
            letters.top = top
        if bottom > letters.bottom:
            letters.bottom = bottom
    if letters is not None:
        yield letters


def _make_word(page: Any, letters: _Letters, before: Word | None, frame: Frame) -> Word | None:
    """The word, unless it is sideways, outside the page or nothing."""
    from pypdfium2 import raw

    if not any(letters.parts):
        return None
    if _turns(raw.FPDFText_GetCharAngle(page, letters.first)) != frame.read % 4:
        return None
    x, y = (letters.left + letters.right) / 2, (letters.top + letters.bottom) / 2
    if not (0 <= x <= frame.width and 0 <= y <= frame.height):
        return None
    size = letter_size(page, letters.first, letters.bottom - letters.top)
    return letters.to_word(size, _is_bold(page, letters.first), before)


def letter_size(page: Any, index: int, height: float) -> float:
    """The size of a character's type in points; the page's matrix may scale what its font says."""
    from pypdfium2 import raw

    size = float(raw.FPDFText_GetFontSize(page, index))
    return size if 0.5 * height < size < 1.6 * height else 0.85 * height


def _differs(page: Any, first: int, index: int, height: float) -> bool:
    """Whether a character of another height is of another size or line, not just low or small."""
    from pypdfium2 import raw

    sizes = [raw.FPDFText_GetFontSize(page, at) for at in (first, index)]
    if abs(sizes[0] - sizes[1]) > _OTHER_SIZE * sizes[0]:
        return True
    origins = []
    for at in (first, index):
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(page, at, ctypes.byref(x), ctypes.byref(y))
        origins.append((x.value, y.value))
    across, up = (abs(a - b) for a, b in zip(*origins, strict=True))
    return bool(min(across, up) > _OTHER_SIZE * height)


def _is_bold(page: Any, index: int) -> bool:
    from pypdfium2 import raw

    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(page, index, buffer, 128, ctypes.byref(flags))
    name = buffer.value.decode("utf-8", "replace").lower()
    return any(mark in name for mark in _BOLD_NAMES) or (
        int(raw.FPDFText_GetFontWeight(page, index)) >= _BOLD_WEIGHT
    )


def _character(code: int) -> str:
    if 0x20 < code < 0x7F:
        return chr(code)
    if code in _HYPHENS:
        return "-"
    if code in _NO_LETTER or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return UNKNOWN_LETTER
    return _EXPANDED.get(code) or ("" if code in _EXPANDED else chr(code))
