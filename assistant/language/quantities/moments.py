"""Words for a time before now: "yesterday", "POD 3", "last week"."""

import re
from collections.abc import Iterator

from assistant.language.quantities.numbers import DASH, WORD, read_number
from assistant.language.quantities.quantity import Measure, Quantity
from assistant.spans import Span

_DAY = re.compile(
    r"(?<![\w/])(?:(?P<code>(?:POD|PPD|PND)\s?[#+-]?\s?|D\+?)(?P<number>\d{1,2})"
    r"(?:\s?[-–/]\s?(?P<to>\d{1,2}))?"
    r"|(?P<named>(?i:(?:post[\s-]?(?:op(?:erative)?|partum|natal|delivery|procedure)\s+)?days?\s?#?\s?))"
    rf"(?P<day>\d{{1,3}}|(?i:{WORD}))(?:(?i:{DASH})(?P<day_to>\d{{1,3}}))?"
    r"|(?P<nth>(?i:first|second|third|fourth|fifth|sixth|seventh)|\d{1,2}(?:st|nd|rd|th))"
    r"(?i:[\s-]+(?:post[\s-]?(?:op(?:erative)?|partum|natal)[\s-]+)day|[\s-]+day(?=\s+(?:post|after|following))))"
    r"(?![\w/%]|\.\d)"
)
_NTH = {w: i + 1 for i, w in enumerate("first second third fourth fifth sixth seventh".split())}
_NO_DAY_AFTER = re.compile(r"\s?[-–/]\s?[A-Z]?\d")
_NO_DAY = re.compile(r"(?:vit(?:amin)?\.?|per|every|each|level|[-–/])\s*$", re.IGNORECASE)
_MOMENT = re.compile(
    r"(?<!\w)(?:(?P<before_yesterday>(?:the\s+)?day\s+before\s+yesterday)|(?P<yesterday>yesterday)"
    r"|(?P<today>(?:earlier\s+)?today|(?:earlier\s+)?this\s+(?:morning|afternoon|evening))"
    r"|(?P<last_night>last\s+night|overnight)"
    r"|(?P<last_week>(?<!the\s)last\s+week)|(?P<last_month>(?<!the\s)last\s+month)"
    r"|(?P<last_year>(?<!the\s)last\s+year)|(?P<other_day>the\s+other\s+day)"
    r"|(?P<weekday>(?:(?:last|on)\s+|(?<=\bsince\s))(?:mon|tues|wednes|thurs|fri|satur|sun)day))(?!\w)",
    re.IGNORECASE,
)
_MOMENTS = {
    "before_yesterday": (48.0, 48.0),
    "yesterday": (24.0, 24.0),
    "today": (0.0, 24.0),
    "last_night": (12.0, 12.0),
    "last_week": (168.0, 336.0),
    "last_month": (730.5, 1461.0),
    "last_year": (8766.0, 17532.0),
    "other_day": (24.0, 168.0),
    "weekday": (0.0, 168.0),
}


def find_moments(text: str) -> tuple[Quantity, ...]:
    """Every word for a time before now, as the hours since.

    "Last night" is 12 h, "yesterday" 24 h, a numbered day that many times 24 h, and a weekday any
    time within the week.
    """
    return tuple(sorted((*_find_named(text), *find_days(text)), key=lambda moment: moment.span))


def _find_named(text: str) -> Iterator[Quantity]:
    for found in _MOMENT.finditer(text):
        assert found.lastgroup is not None
        low, high = _MOMENTS[found.lastgroup]
        yield Quantity.closed(Span(*found.span()), Measure.DURATION, low, high, found[0])


def find_days(text: str) -> Iterator[Quantity]:
    """The moments that are numbered days: "POD 3", "day 2", "D4"."""
    for found in _DAY.finditer(text):
        if _NO_DAY.search(text, max(0, found.start() - 10), found.start()):
            continue
        if _NO_DAY_AFTER.match(text, found.end()):
            continue
        low, high = _number_days(found)
        written = (found["code"] or found["named"] or found[0]).strip()
        yield Quantity.closed(
            Span(*found.span()), Measure.DURATION, 24.0 * low, 24.0 * high, written
        )


def _number_days(found: re.Match[str]) -> tuple[int, int]:
    if found["nth"]:
        nth = found["nth"].lower()
        day = _NTH.get(nth) or int(nth[:-2])
        return day, day
    if found["code"]:
        day = int(found["number"])
        return day, int(found["to"] or day)
    day = int(read_number(found["day"]))
    return day, int(found["day_to"] or day)
