"""Words on one line: first as far as nothing parts them, then as one line of a column."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from assistant.documents.readers.pdf.words import Word

# White space wider than this many times the type's size may part two columns.
_PARTING = 0.9
_TOUCHING = 0.35
_BACK = 0.6
_MARK = re.compile(
    r"[•・■▪◦‣●○□➢►∙⁃*+–—·\uf0b7-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]|\d{1,2}(?:\.\d{1,2})+\.?"
)
_MARK_GAP = 4.0
_NEAR = 30


@dataclass(frozen=True, slots=True)
class Line:
    """Words from left to right and the box around them; ``size`` is that of most characters.

    ``bold``: every word with a letter or digit is.
    """

    words: tuple[Word, ...]
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool

    @classmethod
    def of(cls, words: Sequence[Word]) -> "Line":
        """The line of some words; raised ones do not make it higher."""
        upright = [word for word in words if not word.raised] or words
        told = [word for word in upright if any(c.isalnum() for c in word.text)]
        return cls(
            tuple(words),
            words[0].left,
            min(word.top for word in upright),
            max(word.right for word in words),
            max(word.bottom for word in upright),
            median(word.size for word in upright for _ in word.text),
            bool(told) and all(word.bold for word in told),
        )

    @property
    def middle(self) -> float:
        """Half-way down."""
        return (self.top + self.bottom) / 2

    @property
    def text(self) -> str:
        """As it looks, for comparing."""
        return "".join(
            f"{' ' if word.spaced and n else ''}{word.text}" for n, word in enumerate(self.words)
        )


def gather_fragments(words: Iterable[Word]) -> list[Line]:
    """Stretches of words, as written, that no wide white space and no new line parts."""
    fragments: list[list[Word]] = []
    for word in words:
        if fragments and _goes_on(fragments[-1][-1], word):
            fragments[-1].append(word)
        else:
            fragments.append([word])
    return _join_marks([Line.of(fragment) for fragment in fragments])


def _join_marks(fragments: Sequence[Line]) -> list[Line]:
    """The fragments, a list item's sign or number with the words that it stands before."""
    joined: list[Line] = []
    taken: set[int] = set()
    for number, fragment in enumerate(fragments):
        if number in taken:
            continue
        if _MARK.fullmatch(fragment.text):
            beside = [
                (other.left, at)
                for at in range(max(number - _NEAR, 0), min(number + _NEAR, len(fragments)))
                if at != number and at not in taken
                for other in [fragments[at]]
                if 0 < other.left - fragment.right < _MARK_GAP * fragment.size
                and _beside(fragment, other)
            ]
            if beside:
                at = min(beside)[1]
                taken.add(at)
                whole = Line.of((*fragment.words, *fragments[at].words))
                if at < number and fragments[at] in joined:
                    joined[joined.index(fragments[at])] = whole
                else:
                    joined.append(whole)
                continue
        joined.append(fragment)
    return joined


def _goes_on(last: Word, word: Word) -> bool:
    size = max(last.size, word.size)
    gap = word.left - last.right
    if not -_BACK * size < gap < _PARTING * size:
        return False
    shared = min(last.bottom, word.bottom) - max(last.top, word.top)
    return shared > _TOUCHING * min(last.bottom - last.top, word.bottom - word.top)


def join_fragments(fragments: Iterable[Line]) -> list[Line]:
    """The lines of one column, from its top: fragments at one height are one line."""
    rows: list[list[Line]] = []
    for fragment in sorted(fragments, key=lambda one: (one.middle, one.left)):
        row = rows[-1] if rows else None
        if row is not None and any(_beside(other, fragment) for other in row):
            row.append(fragment)
        else:
            rows.append([fragment])
    lines = [
        Line.of([word for part in sorted(row, key=lambda one: one.left) for word in part.words])
        for row in rows
    ]
    return sorted(lines, key=lambda line: line.middle)


def _beside(one: Line, other: Line) -> bool:
    """Whether two fragments are at one height, so that one is not above the other."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    lower = min(one.bottom - one.top, other.bottom - other.top)
    apart = other.left > one.right - 1 or one.left > other.right - 1
    return apart and shared > 0.5 * lower
