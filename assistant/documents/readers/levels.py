"""How deep a plain text's headings are, by their hashes, their capitals and what they follow."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

DEEPEST = 6
_TITLE = 1

# Sections that stand beside "TREATMENT OF …", never below it, however they are written.
_SECTION = re.compile(
    r"(?:introduction|overview|background|definition|epidemiology|a?etiology|causes|pathophysiology"
    r"|pathogenesis|classification|risk factors|predisposing factors|clinical (?:features|findings"
    r"|presentation|evaluation)|signs and symptoms|differential diagnos[ie]s|diagnosis"
    r"|investigations?|complications?|treatment|management|prevention|prognosis|follow[- ]?up"
    r"|references|bibliography)$",
    re.IGNORECASE,
)


# Whatever its hashes, a table's caption has no sections below it.
_CAPTION = re.compile(r"(?:table|figure|fig\.|box)\s*\d", re.IGNORECASE)


@dataclass(slots=True)
class HeadingLevels:
    """Gives each heading its level in turn; ``capitals`` where capitals mark the outer ones."""

    capitals: bool
    _hashes: int = 0
    _base: int = _TITLE
    _below_capitals: bool = False

    @classmethod
    def of(cls, headings: Iterable[str]) -> "HeadingLevels":
        """For a text with these headings."""
        in_capitals = [is_in_capitals(heading) for heading in headings]
        return cls(any(in_capitals) and not all(in_capitals))

    def place(self, words: str, hashes: int, follows: bool, first: bool) -> int:
        """The next heading's level; ``follows`` another heading with nothing in between."""
        if _CAPTION.match(words):
            return DEEPEST
        outer = self.capitals and is_in_capitals(words)
        if hashes:
            level = hashes + self._shift(words, hashes, outer, follows)
            self._hashes, self._base = hashes, level
        elif first:
            return _TITLE
        elif outer:
            level = self._base = self._hashes or _TITLE + 1
            self._below_capitals = True
        else:
            level = self._base + 1
        return min(level, DEEPEST)

    def _shift(self, words: str, hashes: int, outer: bool, follows: bool) -> int:
        """1 where a heading with as many hashes as the one above stands below it all the same."""
        if outer or hashes != self._hashes:
            self._below_capitals = outer
            return 0
        if follows:
            return 1
        if self._below_capitals and not _SECTION.match(words.strip()):
            return 1
        self._below_capitals = False
        return 0


def is_in_capitals(words: str) -> bool:
    """Whether a heading is written in capitals, and is more than an abbreviation."""
    letters = [c for c in words if c.isalpha()]
    return len(letters) > 6 and all(c.isupper() for c in letters)
