"""Which event a time belongs to, and how exact it is."""

import re
from dataclasses import replace

from assistant.case.facts import Fact
from assistant.language.quantities.quantity import Quantity
from assistant.spans import Span

_VAGUE_DAY = re.compile(r"yesterday|last night|overnight", re.IGNORECASE)


def as_told(text: str, fact: Fact, quantity: Quantity) -> Quantity:
    """A time that safety hangs on, no more exact than it was told: "yesterday" is 6 to 48 hours."""
    vague = _VAGUE_DAY.search(quantity.span.of(text))
    if not fact.safety or not vague or quantity.low is None or quantity.low != quantity.high:
        return quantity
    return replace(quantity, low=quantity.low / 4, high=quantity.low * 2)


_AFTER = re.compile(
    r"\W*(?:after|following|since|post|from|s/p|out from)\W+(?:[\w-]+\W+){0,3}", re.IGNORECASE
)
_MOST_BETWEEN = 4


def belongs_to(text: str, time: Span, event: Span) -> bool:
    """Whether a time stands so close to a name that it must be the event's own."""
    if time.end <= event.start:
        return bool(_AFTER.fullmatch(text[time.end : event.start] + " "))
    between = text[event.end : time.start]
    return not re.search(r"[,;.?!\n]", between) and len(between.split()) <= _MOST_BETWEEN


_LEADING = re.compile(r"(?:(?:section\s+)?under\s+(?:an?\s+)?)", re.IGNORECASE)
_TRAILING = re.compile(r"\s+(?:for|in|with)$", re.IGNORECASE)


def without_preposition(text: str, span: Span) -> Span:
    """The event alone, of a name such as "spinal for" or "under spinal"."""
    leading = _LEADING.match(text, span.start, span.end)
    start = leading.end() if leading and leading.end() < span.end else span.start
    bare = _TRAILING.sub("", text[start : span.end])
    return Span(start, start + len(bare))
