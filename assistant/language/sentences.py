"""Where the sentences of notes and of prose begin and end."""

import re
from collections.abc import Iterator

from assistant.spans import Span

_BREAK = re.compile(
    r"""\n|;|•|(?<=\s)(?=\d{1,2}\)\s)|[.!?…]+["'”’)\]]*(?=\s|$)|(?<=[a-z]{3})\.(?=[A-Z][a-z])"""
)
_ABBREVIATED = re.compile(
    r"(?:^|[\s(\[/])(?:dr|mrs?|ms|prof|st|e\.?g|i\.?e|etc|temp|approx|ca|cf|vs|viz|resp|pts?|hx|dx|rx|tx"
    r"|hrs?|mins?|yrs?|wks?|wt|ht|max|min|abdo?|resps?|neuro|incl|excl|esp|prev|poss|prob"
    r"|susp|freq|tabs?|caps?|inj|b\.?d|p\.?o|i\.?v|[a-z])\.$",
    re.IGNORECASE,
)
# After these a capital letter begins a sentence.
_CLOSING = re.compile(
    r"\b(?:etc|hrs?|mins?|yrs?|wks?|b\.?d|o\.?d|t\.?d\.?s|q\.?d\.?s|p\.?r\.?n|p\.?o|i\.?v|a\.m|p\.m)\.$",
    re.IGNORECASE,
)
_RESOLVES = re.compile(
    r"[ \t]*(?:it|this|that|they|these|both|all) (?:\w+ ){0,3}"
    r"(?:gone|went|resolved?|settled?|subsided|disappeared|cleared|abated|vanished|ceased|stopped"
    r"|excluded|discontinued|withheld|ruled out)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\s*(?:\d{1,2}|[a-z])\.$", re.IGNORECASE)
_ANSWER = re.compile(
    r"[ \t]*(?:no|none|nil|never|nope|yes|yep|yeah|denie[sd]|maybe|possibly|unsure)\b"
    r"(?=\s*(?:[.,;!\n]|$))"
    r"|[ \t]*(?:she|he|pt|patient|they)\s(?:says|said|reports|denies|thinks|tells)\b.{0,12}"
    r"(?:no|not|none|never)\b",
    re.IGNORECASE,
)
_WRAPPED_LINE = 55


def find_sentences(text: str) -> Iterator[Span]:
    """The sentences of notes and of prose: a line is one, unless it was only wrapped."""
    start = 0
    for found in _BREAK.finditer(text):
        if found.start() < start or not _breaks(text, start, found):
            continue
        if text[start : found.end()].strip():
            yield Span(start, found.end())
        start = found.end()
    if text[start:].strip():
        yield Span(start, len(text))


def _breaks(text: str, start: int, found: re.Match[str]) -> bool:
    """Whether a sentence that began at ``start`` ends here."""
    sign, end = found[0], found.end()
    before = text[start : found.start() + 1]
    if sign == "\n":
        return not _is_wrapped(text, found.start())
    if sign.startswith("?"):
        query = not before[-2:-1].isalnum() and before[-2:-1] not in tuple(")]\"'")
        return not query and not _ANSWER.match(text, end)
    if sign == ".":
        following = text[end : end + 4].lstrip(" ")[:1]
        if _NUMBERED.match(before) or (
            before[-4:].lower() in (" no.", "no.") and following.isdigit()
        ):
            return False
        if _RESOLVES.match(text, end):
            return False
        if following.isupper() and _CLOSING.search(before[-8:]):
            return True
        return not _ABBREVIATED.search(before[-8:]) or following in ("", "\n")
    return True


def _is_wrapped(text: str, at: int) -> bool:
    """Whether the line that ends here goes on in the next one."""
    line = text[text.rfind("\n", 0, at) + 1 : at].rstrip()
    following = text[at + 1 : at + 2]
    return len(line) >= _WRAPPED_LINE and line[-1] not in ".:;?!" and following.islower()
