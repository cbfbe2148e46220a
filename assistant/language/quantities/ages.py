"""How old a patient is, and how far a pregnancy: "34F", "six-year-old", "38+4 weeks", "34/40"."""

import re
from collections.abc import Iterator

from assistant.language.quantities.making import Reading, make_quantity
from assistant.language.quantities.numbers import DASH, NUMBER, START, read_numbers
from assistant.language.quantities.patterns import SIGN
from assistant.language.quantities.quantity import Measure
from assistant.spans import Span

_UNIT_OF_AGE = r"(?:years?|yrs?|y|months?|mths?|mo|weeks?|wks?|days?|/(?:7|12|52))"
_SEX = r"(?:female|male|woman|man|lady|gentleman|girl|boy|primip\w*|multip\w*|parturient)\b"
_AGE = re.compile(
    rf"{START}(?P<low>{NUMBER})(?:{DASH}(?P<high>{NUMBER}))?[\s-]*(?:"
    rf"(?P<unit>{_UNIT_OF_AGE})[\s-]*(?:old|of\s+age)\b"
    rf"|(?:y\.?\s?/?\s?o\.?(?:[fm]|ld)?(?!\w))"
    rf"|(?P<sexed>(?:y(?:ea)?rs?|y)?[\s-]*{_SEX}(?!\s+(?:patients|subjects))"
    r"|y(?:ea)?rs?\s?(?-i:[FM])(?!\w)))",
    re.IGNORECASE,
)
_AGED = re.compile(
    rf"(?<!\w)(?:aged?(?!\s+ago)|age\s+of)[\s:=]*(?:(?:is|was|of)\s+)?"
    rf"(?:(?:over|under|above|below|at\s+least|about)\s+|{SIGN})"
    rf"(?P<low>{NUMBER})(?:{DASH}(?P<high>{NUMBER}))?(?:[\s-]?(?P<unit>{_UNIT_OF_AGE}))?(?!\w|/\d)",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"(?<!\w)(?:I'?m|I’m|I\s+am|(?:he|she|patient|pt|wife|husband|mother|daughter|son)"
    r"(?:\s+is|'s|’s))\s+(?:aged\s+)?"
    rf"(?P<low>{NUMBER})(?=\s*(?:[,.;)]|$|(?:and|with|years?|yrs?|yo)\b))"
    r"(?:\s+(?P<unit>years?|yrs?)\b)?",
    re.IGNORECASE,
)
_BY_SEX = re.compile(rf"{START}(?P<low>\d{{1,3}})\s?/?\s?[FM](?![\w/]|\s?=|\s?:\s*\d)")
_SEX_FIRST = re.compile(r"(?<![\w/])[FM]\s?/\s?(?P<low>\d{1,3})(?![\w/]|\.\d)")
_OPENING = re.compile(
    r"(?:^|(?<=[.\n?!])\s*)\s*(?P<low>\d{1,3})\s?-?(?:y|yr|yrs|years?)(?=\s*[,;]|\s+(?:with|post|day)\b)",
    re.IGNORECASE | re.MULTILINE,
)
_NO_AGE_AFTER = re.compile(
    r"\s*(?:ago|post|after|history|later|patients|subjects|since|/)", re.IGNORECASE
)
_GESTATION = re.compile(
    rf"{START}(?P<weeks>\d{{1,2}})(?:\s?\+\s?(?P<days>[0-6])(?!\d))?(?:"
    r"[\s-]*(?:weeks?|wks?|w)(?:\s?\+?\s?(?P<rest>[0-6])\s?(?:days?|d)?)?[\s-]*"
    r"(?:pregnant|gestation\w*|of\s+(?:pregnancy|gestation)|GA\b|into\s+(?:the|her|my)\s+pregnancy)"
    r"|\s?/\s?40(?!\d))"
    rf"|{START}(?P<plus>2\d|3\d|4[0-2])\+(?P<plus_days>[0-6])(?:\s?(?:weeks?|wks?|w)\b|(?!\w))"
    r"|(?<!\w)(?:gestation|pregnant)(?:\s+(?:of|at))?[\s:=,(]*(?P<named>\d{1,2})"
    r"(?:\s?\+\s?(?P<named_days>[0-6]))?\s?(?:weeks?|wks?|w|/40)\b",
    re.IGNORECASE,
)


def read_age(text: str) -> Iterator[Reading]:
    """Every age: with its unit, with a sex, or alone where a person is named or a note opens."""
    for pattern in (_AGE, _AGED, _PERSON, _OPENING, _SEX_FIRST):
        for found in pattern.finditer(text):
            if pattern is _AGE and found["sexed"] and found["low"].isalpha():
                continue
            start = found.start("low") if pattern is not _SEX_FIRST else found.start()
            yield from _age(text, found, start)
    for found in _BY_SEX.finditer(text):
        before = text[: found.start()].rstrip()
        first = not before or before[-1] in ".\n"
        if (first or 13 <= int(found["low"]) <= 94) and not _NO_AGE_AFTER.match(text, found.end()):
            yield from _age(text, found, found.start())


def _age(text: str, found: re.Match[str], start: int) -> Iterator[Reading]:
    written = found.groupdict().get("unit") or ""
    unit = (written or "years").lower()
    name = {"/7": "day", "/12": "month", "/52": "week"}.get(unit, unit)
    span = Span(start, found.end())
    quantity = make_quantity(text, span, Measure.AGE, read_numbers(found), name, written)
    if quantity:
        yield quantity.span, (quantity,)


def read_gestation(text: str) -> Iterator[Reading]:
    """Every length of a pregnancy, in weeks and days."""
    for found in _GESTATION.finditer(text):
        weeks = next(group for group in ("weeks", "plus", "named") if found[group])
        days = found["days"] or found["rest"] or found["plus_days"] or found["named_days"] or "0"
        value = round(int(found[weeks]) + int(days) / 7, 9)
        span = Span(found.start(weeks), found.end())
        quantity = make_quantity(text, span, Measure.GESTATION, [value], "weeks", "weeks")
        if quantity:
            yield quantity.span, (quantity,)
