"""Reference numbers ("… excluded. 1, 2") stand beside a statement and are not part of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.documents.document import Block, BlockKind
from assistant.spans import Span

_LEAST = 3
_ENDING = 100

_NUMBER = r"\d{1,3}"
_NUMBERS = rf"{_NUMBER}(?:\s?[-–,]\s?{_NUMBER}){{0,20}}"
_LIST = rf"{_NUMBER}(?:,\s?{_NUMBER}(?:[-–]{_NUMBER})?){{1,20}}"
_BRACKETS = rf"\[{_NUMBERS}\](?:\s?[-–,]?\s?\[{_NUMBERS}\]){{0,20}}"
_RAISED = r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:[,⁻˒ ]{1,2}[⁰¹²³⁴⁵⁶⁷⁸⁹]+){0,20}"
_STOP = r"""[.!?…]["'”’)\]]{0,3}"""
_GLUED_STOP = r"""(?<=[a-z)\]%]{2})[.!?]["'”’)]{0,2}"""
_GOES_ON = r"""(?=\s+["“‘(]?[^\W\d_a-z]|\s*$)"""

_AFTER_STOP_SURE = re.compile(
    rf"(?:{_GLUED_STOP}(?P<glued>{_NUMBERS})"
    rf"|{_STOP}\s*(?P<marked>{_BRACKETS}|{_RAISED})"
    rf"|{_STOP}\s+(?P<listed>{_LIST})"
    rf"|{_STOP}\s+(?P<last>{_NUMBERS})(?=\s*$)){_GOES_ON}"
)
_AFTER_STOP = re.compile(
    rf"(?:{_GLUED_STOP}(?P<glued>{_NUMBERS})"
    rf"|{_STOP}\s*(?P<marked>{_BRACKETS}|{_RAISED})"
    rf"|{_STOP}\s+(?P<listed>{_NUMBERS})){_GOES_ON}"
)
_MARKED_END = re.compile(rf"(?:(?<=[^\W\d_])|(?<=[)”\"]))\s*(?:{_BRACKETS}|{_RAISED})$")
_UNSTOPPED_END = re.compile(
    rf"(?P<count>\d\s*)?(?P<word>[^\W_][\w'’-]*|\S)[)\]”\"%]?(?P<numbers>\s+{_NUMBERS})$"
)
_SINGLE_END = re.compile(rf"{_STOP}\s*{_NUMBERS}$")

# Words that a number belongs to: "grade 2" at the end of a bullet cites nothing.
_COUNTED = frozenset(
    """
    type grade stage day week month year hour minute level phase class step table figure fig
    score group category line section chapter page appendix box part t l c s g p vitamin factor
    and or to than of by at in is was are for over under above below about least most
    approximately version no number age aged every times x within after before between from up
    max maximum minimum ratio per covid sars cov
    """.split()
)
# Several numbers may belong to these ("grades 1, 2"), one can not ("at other levels 2").
_COUNTED_TOGETHER = frozenset(
    """
    types grades stages days weeks months years hours minutes levels phases classes steps tables
    figures figs scores groups categories lines sections chapters pages
    """.split()
)


@dataclass(frozen=True, slots=True)
class Referencing:
    """How a document numbers its references.

    ``singly``: one number after a full stop cites ("… pressure. 1 CSF pressure can be normal").
    ``unstopped``: so do numbers at the end of lines that have no full stop.
    """

    singly: bool = False
    unstopped: bool = False


UNNUMBERED = Referencing()


def find_referencing(text: str, blocks: Sequence[Block]) -> Referencing:
    """What the ends of the document's blocks show; without a pattern numbers are left alone."""
    singly = unstopped = bullets = 0
    for block in blocks:
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.BULLET):
            continue
        ending = text[max(block.span.start, block.span.end - _ENDING) : block.span.end].rstrip()
        singly += _SINGLE_END.search(ending) is not None
        if block.kind is BlockKind.BULLET:
            bullets += 1
            unstopped += _find_unstopped(ending) is not None
    return Referencing(
        singly=singly >= _LEAST, unstopped=unstopped >= _LEAST and 2 * unstopped >= bullets
    )


def find_after_stops(text: str, how: Referencing) -> Iterator[Span]:
    """References between sentences or after the last one, with the white space around them."""
    for found in (_AFTER_STOP if how.singly else _AFTER_STOP_SURE).finditer(text):
        group = found.lastgroup or "marked"
        start = found.start(group)
        while start > 0 and text[start - 1].isspace():
            start -= 1
        yield Span(start, found.end(group))


def end_of_words(text: str, span: Span, how: Referencing) -> int:
    """Where the span's words end, leaving out references and white space at its end."""
    ending = text[max(span.start, span.end - _ENDING) : span.end].rstrip()
    base = max(span.start, span.end - _ENDING)
    last = next(reversed(list(find_after_stops(ending, how))), None)
    if last is not None and last.end == len(ending):
        return base + last.start
    marked = _MARKED_END.search(ending)
    if marked is not None:
        return base + marked.start()
    unstopped = _find_unstopped(ending) if how.unstopped else None
    return base + (len(ending) if unstopped is None else unstopped)


def _find_unstopped(ending: str) -> int | None:
    found = _UNSTOPPED_END.search(ending)
    if found is None or found["word"].isdigit():
        return None
    # In "72 hours 1" the hours have their number already.
    word, several = found["word"].lower(), not found["numbers"].strip().isdigit()
    if found["count"] is None and (word in _COUNTED or (several and word in _COUNTED_TOGETHER)):
        return None
    return found.start("numbers")
