"""Lines that belong together: a paragraph or bullet that was wrapped, a heading, a table row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from assistant.documents.leads import is_connective, lead_end
from assistant.documents.readers.lines import (
    LineKind,
    TextLine,
    could_be_heading,
    is_title_like,
)
from assistant.spans import Span

_WRAPPED = range(40, 131)
_UNWRAPPED = 1.4
# How full a line must be for the next to be its continuation; a small letter makes it likelier.
_FULL_BEFORE_SMALL = 0.72
_FULL_BEFORE_OTHER = 0.93


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive lines as one span; ``first`` is the first of them, ``last`` the last.

    ``apart`` says whether a blank line or rule stands before it.
    """

    first: TextLine
    last: TextLine
    apart: bool
    lines: int = 1

    @property
    def kind(self) -> LineKind:
        return self.first.kind

    @property
    def span(self) -> Span:
        return Span(self.first.span.start, self.last.span.end)


def join_lines(lines: Sequence[TextLine]) -> list[Run]:
    """The text's runs, in order."""
    width = _find_width(lines)
    runs: list[Run] = []
    apart = True
    for number, line in enumerate(lines):
        if line.kind in (LineKind.BLANK, LineKind.RULE):
            apart = True
            continue
        following = lines[number + 1] if number + 1 < len(lines) else None
        if not apart and runs and _continues(runs[-1], line, following, width):
            run = runs[-1]
            runs[-1] = Run(run.first, line, run.apart, run.lines + 1)
        else:
            runs.append(Run(line, line, apart))
        apart = False
    return runs


def _find_width(lines: Iterable[TextLine]) -> float | None:
    """The page's width where its lines are wrapped: what a line and the next one's word exceed."""
    widths = [
        above.length + 1 + len(below.words.split(maxsplit=1)[0])
        for above, below in pairwise(lines)
        if above.kind in (LineKind.TEXT, LineKind.BULLET)
        and below.kind is LineKind.TEXT
        and below.words[0].islower()
        and above.length in _WRAPPED
        and lead_end(above.words) is None
    ]
    return median(widths) if widths else None


def _continues(run: Run, line: TextLine, following: TextLine | None, width: float | None) -> bool:
    """Whether ``line`` goes on with the run right above it."""
    if line.kind is not LineKind.TEXT or run.kind not in (LineKind.TEXT, LineKind.BULLET):
        return False
    above = run.last
    if is_connective(line.words) or is_connective(above.words):
        return False
    if run.kind is LineKind.BULLET and line.indent > run.first.indent:
        return True
    if width is None or above.length > _UNWRAPPED * width:
        return False
    reach = above.length + 1 + len(line.words.split(maxsplit=1)[0])
    if lead_end(above.words) is not None:
        return reach >= width and line.words[0].islower()
    if line.words[0].islower() or line.words[0] in "(),.;%/&+<>≥≤±":
        return reach >= _FULL_BEFORE_SMALL * width
    if (
        is_title_like(line.words)
        and could_be_heading(line.words)
        and " " in line.words
        and (following is None or following.kind in (LineKind.BLANK, LineKind.BULLET))
    ):
        return False
    return reach >= _FULL_BEFORE_OTHER * width
