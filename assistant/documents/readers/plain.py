"""Plain text, kept exactly; its blocks are found line by line, by offset."""

import re
from collections.abc import Iterator, Sequence

from assistant.documents.document import Block, BlockKind, Document
from assistant.documents.leads import lead_end
from assistant.documents.readers.drafting import make_document
from assistant.documents.readers.levels import HeadingLevels
from assistant.documents.readers.lines import (
    LineKind,
    could_be_heading,
    is_stressed,
    is_title_like,
    read_lines,
)
from assistant.documents.readers.nesting import nest_bullets
from assistant.documents.readers.paragraphs import split_lead
from assistant.documents.readers.runs import Run, join_lines
from assistant.spans import Span

_LONGEST_TITLE = 250
_SHORT_HEADING = 60
_SHORT_WORDS = 8
_LONG_LINE = 60
_LEAST_LIST = 3
_FIGURES = re.compile(r"[%=<>≥≤]|\d\s*(?:mg|g|mL|ml|kg|hours?|days?)\b")
_STATING = re.compile(
    r"\b(?:should|must|may|might|can|could|will|is|are|was|were|has|have|had|does|do)\b",
    re.IGNORECASE,
)
_CITED_END = re.compile(r"""[.!?]["'”’)\]]*\s*\[?\d[\d,\s–\[\]-]*$""")


def read_plain(text: str, doc_id: str, path: str, title: str | None = None) -> Document:
    """The document of a plain text whose newlines are already ``\\n``."""
    return make_document(doc_id, title, text, find_blocks(text), path)


def find_blocks(text: str) -> tuple[Block, ...]:
    """The headings, paragraphs, leads, bullets and table rows of a plain text."""
    runs = join_lines(read_lines(text))
    headings = _find_headings(runs)
    nesting = nest_bullets(text, runs, headings)
    levels = HeadingLevels.of(runs[number].first.words for number in sorted(headings))
    blocks: list[Block] = []
    for number, run in enumerate(runs):
        if number in headings:
            follows = number - 1 in headings
            level = levels.place(run.first.words, run.first.level, follows, number == 0)
            blocks.append(Block(BlockKind.HEADING, _unstressed(run), level))
        elif run.kind is LineKind.BULLET:
            blocks.append(Block(BlockKind.BULLET, run.span, nesting[number]))
        elif run.kind is LineKind.ROW:
            heads = _is_table_head(text, runs, number)
            blocks.append(Block(BlockKind.LEAD if heads else BlockKind.ROW, run.span))
        else:
            blocks += split_lead(text, run.span)
    return tuple(blocks)


def _is_table_head(text: str, runs: Sequence[Run], number: int) -> bool:
    """Whether a rule of dashes parts this row from the next."""
    if number + 1 == len(runs) or runs[number + 1].kind is not LineKind.ROW:
        return False
    return "--" in text[runs[number].span.end : runs[number + 1].span.start]


def _find_headings(runs: Sequence[Run]) -> frozenset[int]:
    """Which runs are headings: lines with hashes and bare lines that look like one."""
    found = {number for number, run in enumerate(runs) if run.kind is LineKind.HEADING}
    bare = [number for number in range(len(runs)) if _is_bare_heading(runs, number)]
    return frozenset(found.union(*(_leave_out_lists(runs, bare))))


def _leave_out_lists(runs: Sequence[Run], bare: Sequence[int]) -> Iterator[list[int]]:
    """The candidates without those of three or more lines in a row, which are a list's."""
    row: list[int] = []
    for number in [*bare, len(runs) + 1]:
        if row and (number != row[-1] + 1 or number > len(runs) or runs[number].apart):
            yield row if len(row) < _LEAST_LIST else row[:1]
            row = []
        row.append(number)


def _is_bare_heading(runs: Sequence[Run], number: int) -> bool:
    run = runs[number]
    words = run.first.words
    if run.kind is not LineKind.TEXT or run.lines > 1 or number + 1 == len(runs):
        return False
    following = runs[number + 1]
    if number == 0 and following.apart:
        return len(words) <= _LONGEST_TITLE and words[-1] not in ".:,;" and words[0].isalnum()
    if not could_be_heading(words) or _CITED_END.search(words):
        return False
    if is_stressed(words) or (is_title_like(words) and not _FIGURES.search(words)):
        return True
    if len(words) > _SHORT_HEADING or len(words.split()) > _SHORT_WORDS or _STATING.search(words):
        return False
    if following.kind is LineKind.BULLET or lead_end(following.first.words) is not None:
        return True
    if _FIGURES.search(words):
        return False
    if not following.apart and number + 2 < len(runs) and runs[number + 2].kind is LineKind.BULLET:
        return _is_bare_heading(runs, number + 1)
    long = following.kind is LineKind.TEXT and len(following.span) >= _LONG_LINE
    return long and (run.apart == following.apart or len(following.span) >= 2 * len(words))


def _unstressed(run: Run) -> Span:
    """A heading's words without the asterisks around them."""
    words = run.first.words
    if not is_stressed(words):
        return run.span
    marks = len(words) - len(words.lstrip("*_"))
    return Span(run.span.start + marks, run.span.end - marks)
