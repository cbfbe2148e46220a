"""A column's lines as headings, paragraphs, list items and notes, before pages are joined."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import pairwise
from statistics import median

from assistant.documents.readers.pdf.columns import Column
from assistant.documents.readers.pdf.grids import Grid
from assistant.documents.readers.pdf.lines import Line
from assistant.documents.readers.pdf.words import Word

_SIGN = "•・■▪◦‣●○□➢►∙⁃*+–—·\uf0b7\uf0a7-"
_SURE_SIGN = "•・■▪◦‣●○□➢►∙⁃\uf0b7\uf0a7"
_NUMBER = re.compile(r"\(?(\d{1,2}|[a-z]|[ivx]{1,4})[.)]$")
_NOTE = re.compile(r"(?:\d{1,2}|[*†‡§¶#]{1,3}|[a-z])$")
_SECTION = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?$")
_CAPTION = re.compile(r"(?:table|figure|fig\.?|box|panel|algorithm)\s*[\dA-Z]", re.IGNORECASE)
_TERMINAL = re.compile(r"""[.!?:;]["'”’)\]]*\d{0,3}$""")
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*(?:\d+|[ivxlc]+)$")
_OTHER_SIZE = 0.08
_SMALL_TYPE = 0.93
_LARGE_TYPE = 1.12
_APART = 1.3
_SHORT = 0.85
_LONGEST_HEADING = 160
_SAME_EDGE = 3.0
TABLE_MARK = "\ufffc"


class DraftKind(Enum):
    """What a stretch of lines looks like; a note is a footnote."""

    HEADING = auto()
    PARAGRAPH = auto()
    BULLET = auto()
    NOTE = auto()
    CONTENTS = auto()
    TABLE = auto()


@dataclass(slots=True)
class Draft:
    """Lines that belong together. ``mark`` stood before a list item or note.

    ``starts`` and ``ends``: nothing stands before or after it in its column. ``full``: its last
    line reaches the column's edge. ``level`` is a list item's nesting.
    """

    kind: DraftKind
    lines: list[Line]
    mark: str = ""
    level: int = 0
    starts: bool = False
    ends: bool = False
    full: bool = False
    indented: bool = False
    grid: Grid | None = None
    text_left: float = field(default=0.0)

    @property
    def size(self) -> float:
        return self.lines[-1].size

    @property
    def text(self) -> str:
        """As it looks."""
        return " ".join(line.text for line in self.lines)


def cut_column(
    column: Column, body: float, grids: Sequence[Grid], height: float, *, notes: bool
) -> list[Draft]:
    """The column's drafts in order; ``notes``: small type at its foot may be footnotes."""
    lines = list(column.lines)
    first_note = _find_notes(lines, body, height) if notes else len(lines)
    cutter = _Cutter(column, body, grids, lines[:first_note])
    drafts = cutter.cut()
    if drafts:
        drafts[0].starts = drafts[-1].ends = True
    return drafts + list(_cut_notes(lines[first_note:]))


class _Cutter:
    """Cuts one column, line by line."""

    def __init__(
        self, column: Column, body: float, grids: Sequence[Grid], lines: Sequence[Line]
    ) -> None:
        self._column = column
        self._body = body
        self._grids = grids
        self._lines = lines
        self._leading = _find_leading(lines)
        self._levels: list[float] = []
        self._drafts: list[Draft] = []

    def cut(self) -> list[Draft]:
        above: Line | None = None
        for line in self._lines:
            if line.words[0].text[:1] == TABLE_MARK:
                grid = self._grids[int(line.words[0].text[1:])]
                self._drafts.append(Draft(DraftKind.TABLE, [line], grid=grid))
                above = None
                continue
            self._place(line, above)
            above = line
        for draft in self._drafts:
            if draft.kind is DraftKind.PARAGRAPH:
                self._tell_kind(draft)
            last = draft.lines[-1]
            draft.full = last.right > self._column.right - 4 * last.size
        return self._drafts

    def _place(self, line: Line, above: Line | None) -> None:
        draft = self._drafts[-1] if self._drafts and above is not None else None
        mark, words = _take_mark(line.words)
        if mark and self._is_item(line, above, draft, mark):
            level = self._find_level(line.left)
            self._drafts.append(
                Draft(DraftKind.BULLET, [Line.of(words)], mark, level, text_left=words[0].left)
            )
        elif draft is not None and above is not None and not self._parts(line, above, draft):
            draft.lines.append(line)
        else:
            if draft is None or not self._levels or line.left < self._levels[-1] + _SAME_EDGE:
                self._levels.clear()
            indented = line.left > self._column.left + line.size
            self._drafts.append(Draft(DraftKind.PARAGRAPH, [line], indented=indented))

    def _is_item(self, line: Line, above: Line | None, draft: Draft | None, mark: str) -> bool:
        """Whether a sign or number begins a list item, and not just a line."""
        if mark[0] in _SURE_SIGN:
            return True
        if line.size >= _LARGE_TYPE * self._body or self._is_bold_heading(line, above):
            return False
        if above is None or draft is None:
            return True
        if draft.kind is DraftKind.BULLET:
            return line.left < draft.text_left - 1 or mark[0] not in _SIGN
        if self._is_apart(line, above) or abs(line.left - above.left) > line.size:
            return True
        return bool(_TERMINAL.search(above.text)) or above.right < self._edge(above)

    def _is_bold_heading(self, line: Line, above: Line | None) -> bool:
        """A number in bold type, where the line above, if any, is none of a bold list."""
        ended = _TERMINAL.search(line.text) is not None
        return line.bold and not ended and not (above is not None and above.bold)

    def _edge(self, line: Line) -> float:
        """Where a line that is filled would end."""
        width = self._column.right - self._column.left
        return self._column.left + _SHORT * width

    def _find_level(self, left: float) -> int:
        while self._levels and self._levels[-1] > left + _SAME_EDGE:
            self._levels.pop()
        if not self._levels or left > self._levels[-1] + _SAME_EDGE:
            self._levels.append(left)
        return len(self._levels) - 1

    def _is_apart(self, line: Line, above: Line) -> bool:
        step = line.middle - above.middle
        usual = max(self._leading, 1.05 * line.size)
        return step > _APART * usual or step < -line.size

    def _parts(self, line: Line, above: Line, draft: Draft) -> bool:
        """Whether a line begins something new."""
        if self._is_apart(line, above):
            return True
        if abs(line.size - above.size) > _OTHER_SIZE * above.size:
            return True
        if draft.kind is DraftKind.BULLET:
            return line.left < draft.text_left - line.size
        if line.bold != above.bold and (len(draft.lines) == 1 or line.bold):
            return _TERMINAL.search(above.text) is not None or above.bold or len(line.words) > 2
        if _LEADERS.search(above.text):
            return True
        shortened = above.right < self._edge(above)
        ended = _TERMINAL.search(above.text) is not None
        if (
            line.left > self._column.left + 0.8 * line.size
            and above.left < line.left - 0.8 * line.size
        ):
            return ended or shortened
        return ended and shortened and not line.text[:1].islower()

    def _tell_kind(self, draft: Draft) -> None:
        """A heading or a line of contents, where a paragraph is none."""
        text = draft.text
        if _LEADERS.search(text):
            draft.kind = DraftKind.CONTENTS
        elif is_heading(draft, self._body):
            draft.kind = DraftKind.HEADING


def is_heading(draft: Draft, body: float) -> bool:
    """By its type: larger than the body's, all bold, or numbered and short."""
    text = draft.text
    if len(text) > _LONGEST_HEADING or len(draft.lines) > 4 or _CAPTION.match(text):
        return False
    if sum(c.isalpha() for c in text) < 2 or text[-1] in ",;:":
        return False
    if draft.size >= _LARGE_TYPE * body:
        return True
    stopped = text[-1] == "." and not text.isupper()
    if all(line.bold for line in draft.lines):
        return not stopped
    if stopped or len(draft.lines) > 1 or draft.size < _SMALL_TYPE * body:
        return False
    number = _SECTION.match(draft.lines[0].words[0].text)
    if number and "." in number[1] and len(draft.lines[0].words) in range(2, 12):
        return True
    return text.isupper() and len(text.split()) > 1 and len(text) > 8


def section_depth(text: str) -> int:
    """How many parts a heading's number has: 2 of "3.1 Dose", 0 of one without a number."""
    number = _SECTION.match(text.split(" ", 1)[0])
    return number[1].count(".") + 1 if number and " " in text else 0


def _find_leading(lines: Sequence[Line]) -> float:
    steps = [b.middle - a.middle for a, b in pairwise(lines)]
    usual = [s for s, line in zip(steps, lines, strict=False) if 0 < s < 2.2 * line.size]
    # The commoner, smaller steps are those within paragraphs.
    return median(sorted(usual)[: max(len(usual) * 2 // 3, 1)]) if usual else 0.0


def _take_mark(words: Sequence[Word]) -> tuple[str, Sequence[Word]]:
    """A list's sign or number at the start of a line, and the words after it."""
    first = words[0]
    if first.text[0] in _SURE_SIGN and len(first.text) > 1:
        share = (first.right - first.left) / len(first.text)
        rest = Word(
            first.text[1:],
            first.left + share,
            first.top,
            first.right,
            first.bottom,
            first.size,
            first.bold,
        )
        return first.text[0], (rest, *words[1:])
    if len(words) < 2 or not words[1].spaced:
        return "", words
    if first.text in _SIGN or _NUMBER.match(first.text):
        return first.text, words[1:]
    return "", words


def _find_notes(lines: Sequence[Line], body: float, height: float) -> int:
    """The number of the first line of the footnotes, or of lines in all."""
    first = len(lines)
    while first and lines[first - 1].size < _SMALL_TYPE * body:
        first -= 1
    if first == 0 or first == len(lines):
        return len(lines)
    for number in range(first, len(lines)):
        if _begins_note(lines[number]) and lines[number].middle > 0.4 * height:
            return number
    return len(lines)


def _begins_note(line: Line) -> bool:
    first = line.words[0]
    return (
        len(line.words) > 1
        and _NOTE.match(first.text.rstrip(".)")) is not None
        and (line.words[1].text[0].isupper() or not first.text[0].isalnum())
    )


def _cut_notes(lines: Sequence[Line]) -> Iterator[Draft]:
    draft: Draft | None = None
    for line in lines:
        if draft is None or _begins_note(line):
            if draft is not None:
                yield draft
            mark = line.words[0].text if _begins_note(line) else ""
            words = line.words[1:] if mark else line.words
            draft = Draft(DraftKind.NOTE, [Line.of(words)], mark)
        else:
            draft.lines.append(line)
    if draft is not None:
        yield draft
