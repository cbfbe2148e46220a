"""What one line of a plain text looks like, before its neighbours are asked."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from assistant.documents.leads import is_connective, lead_end
from assistant.spans import Span

LONGEST_HEADING = 100

_HASHES = re.compile(r"[ ]{0,3}(#{1,6})[ \t]+(?=\S)")
_CLOSING_HASHES = re.compile(r"[ \t]+#+$")
_SIGN = re.compile(
    r"[ \t]*([•・■▪◦‣●○□➢►∙⁃*+–—·-]|-{2}|\uf0b7|o(?=\t))(?:[ \t]+|(?<=[•・■▪◦‣●○□➢►∙])(?=\S))(?=\S)"
)
# "IV. Treatment" is numbered; "V. cholerae" is not.
_NUMBER = re.compile(
    r"[ \t]*(?:\(?(\d{1,2}|[a-z]|[ivx]{1,4})\)"
    r"|(\d{1,2}|[ivx]{1,4}|[IVX]{1,4}(?=\.[ \t]+[A-Z\d]))\.)[ \t]+(?=\S)"
)
_RULE = re.compile(r"[ \t]*(?:[-_*=~][ \t]*){3,}$")
_TABLE_RULE = frozenset("|:- \t")
_STRESSED = re.compile(r"(\*\*|__|\*|_)(?=\S)(.+?)(?<=\S)\1$")
_SMALL = frozenset(
    """
    a an and as at but by due for from if in into is its nor not of off on onto or over per
    than that the their this to up via versus vs vs. was were when where which while who with
    within without are be do does your &
    """.split()
)


class LineKind(Enum):
    """``TEXT`` may turn out to be a heading, a lead or part of a paragraph."""

    BLANK = auto()
    RULE = auto()
    HEADING = auto()
    BULLET = auto()
    ROW = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line's words as a span, what stands in front of them, and how far in they start.

    ``level`` is the number of hashes; ``mark`` is the bullet's sign, "1" for any number.
    """

    kind: LineKind
    span: Span
    words: str
    indent: int = 0
    level: int = 0
    mark: str = ""

    @property
    def length(self) -> int:
        """From the line's first column, so that lines can be compared with the page's width."""
        return len(self.words) + self.indent + (2 if self.mark else 0)


def read_lines(text: str) -> list[TextLine]:
    """Every line of the text."""
    lines = []
    start = 0
    for line in text.split("\n"):
        lines.append(_read_line(line, start))
        start += len(line) + 1
    return lines


def _read_line(line: str, start: int) -> TextLine:
    words = line.strip()
    left = len(line) - len(line.lstrip())
    indent = len(line[:left].expandtabs(4))
    span = Span(start + left, start + left + len(words))
    if not words:
        return TextLine(LineKind.BLANK, span, words)
    if _RULE.match(line):
        return TextLine(LineKind.RULE, span, words)
    hashes = _HASHES.match(line)
    if hashes:
        words = _CLOSING_HASHES.sub("", line[hashes.end() :].rstrip())
        return _line(LineKind.HEADING, start + hashes.end(), words, level=len(hashes[1]))
    if words.startswith("|") and words.count("|") > 1:
        inner = words.strip("| \t")
        if _TABLE_RULE.issuperset(inner):
            return TextLine(LineKind.RULE, span, words)
        return _line(LineKind.ROW, start + line.index(inner), inner, indent)
    sign = _SIGN.match(line)
    if sign:
        return _line(
            LineKind.BULLET, start + sign.end(), line[sign.end() :].rstrip(), indent, mark=sign[1]
        )
    number = _NUMBER.match(line)
    if number:
        mark = "1" if (number[1] or number[2]).isdigit() else "a"
        return _line(
            LineKind.BULLET, start + number.end(), line[number.end() :].rstrip(), indent, mark=mark
        )
    return TextLine(LineKind.TEXT, span, words, indent)


def _line(
    kind: LineKind, start: int, words: str, indent: int = 0, level: int = 0, mark: str = ""
) -> TextLine:
    return TextLine(kind, Span(start, start + len(words)), words, indent, level, mark)


def is_stressed(words: str) -> bool:
    """Whether the whole line stands between asterisks or underscores."""
    return _STRESSED.match(words) is not None


def is_title_like(words: str) -> bool:
    """Whether most words that could have a capital have one, the first among them."""
    found = re.findall(r"[^\W\d_][\w'’-]*", words)
    if not found or not found[0][0].isupper():
        return False
    weighty = [word for word in found if word.lower() not in _SMALL]
    return sum(any(c.isupper() for c in word) for word in weighty) >= 0.7 * len(weighty)


def could_be_heading(words: str) -> bool:
    """Whether nothing in the line itself speaks against its being a heading."""
    return (
        3 <= len(words) <= LONGEST_HEADING
        and words[-1] not in ".,;:!–-"
        and (words[0].isupper() or words[0].isdigit() or is_stressed(words))
        and len(words.split()) <= 16
        and not any(sign in words for sign in ("://", "www.", "|"))
        and any(c.isalpha() for c in words)
        and not is_connective(words)
        and lead_end(words) is None
    )
