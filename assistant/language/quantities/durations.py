"""Times without a number and a unit: "a few days", "half an hour", "for weeks", "3/52"."""

import re
from collections.abc import Iterator

from assistant.language.quantities.making import Reading, make_quantity
from assistant.language.quantities.measured import is_rate
from assistant.language.quantities.numbers import START, read_numbers
from assistant.language.quantities.patterns import TIME, UNIT_END
from assistant.language.quantities.quantity import Measure, Quantity
from assistant.language.units import convert, name_unit
from assistant.spans import Span

_VAGUE = re.compile(
    r"(?<!\w)(?:(?P<vague>(?:(?:an?|the\s+(?:last|past))\s+)?(?:few|couple(?:\s+of)?|several))"
    r"|(?P<halved>half(?:\s+an?)?)"
    r"|(?P<single>an?|the\s+(?:last|past|preceding|previous)"
    r"|the(?=\s+(?:day|week)\s+(?:after|following|post)\b(?!\s+tomorrow))))\s+"
    rf"(?P<unit>{TIME})(?P<half>\s+and\s+a\s+half)?{UNIT_END}",
    re.IGNORECASE,
)
_UNCOUNTED = re.compile(
    r"(?:(?<=\bfor\s)(?:many\s+)?(?P<after_for>hours|days|weeks|months|years)"
    r"|(?<![\w-])(?P<unit>hours|days|weeks|months|years)(?=\s+(?:ago|after|later)\b))\b",
    re.IGNORECASE,
)
_SEVERAL = {"few": (2.0, 5.0), "couple": (2.0, 3.0), "several": (3.0, 7.0)}
_SINGLE_AFTER = re.compile(
    r"(?:^|[.,;:(\n-]|[–—]|(?<!\w)(?:for|within|after|about|over|in|than|nearly|almost|last(?:ed|s|ing)"
    r"|past|last|took|under|approx\w*|around|roughly|just|least|to|since|only|until|by|is|was|been"
    r"|at|and|or|of|from|every))\s*$",
    re.IGNORECASE,
)
_SINGLE_BEFORE = re.compile(
    r"\s+(?:ago|after|later|before|post|since|of|following|back|prior|earlier|history|or)\b",
    re.IGNORECASE,
)
_A_RATE_BEFORE = re.compile(
    r"(?<!\w)(?:once|twice|thrice|times|x|mgs?|mls?|cups?|tablets?|doses?|hours?|hrs?|minutes?|mins?"
    r"|\d+)\s?$",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    rf"{START}(?P<low>\d{{1,2}})(?:\s?[-–]\s?(?P<high>\d{{1,2}}))?\s?(?P<unit>/\s?(?:7|52|12))"
    r"(?![\d/.]\d|\d|/)(?!\s*(?:patients|women|men|cases|people|points|agree|studies))"
)
_NO_FRACTION = re.compile(
    r"(?<!\w)(?:BP|GCS|pain|scored?|scores|NRS|VAS|power|MRC|on|dated?|until|till|by|from|DOB|grade"
    r"|Bern|bSIH|apgars?|level|AMTS?|in)(?:\s+(?:of|is|was|score))*[\s:=]*$",
    re.IGNORECASE,
)
_FRACTIONS = {"7": ("day", 13), "52": ("week", 51), "12": ("month", 24)}


def read_vague(text: str) -> Iterator[Reading]:
    """ "A few days", "half an hour", "a week": "a" only where it is a length of time."""
    for found in _VAGUE.finditer(text):
        span, name = Span(*found.span()), name_unit(found["unit"])
        assert name is not None
        if found["unit"].islower() and len(found["unit"]) == 1 and found["unit"] != "h":
            continue
        if is_rate(text, span):
            yield span, ()
            continue
        if found["single"] and not _is_length_of_time(text, found):
            continue
        values = _vague_values(found)
        quantity = make_quantity(text, span, Measure.DURATION, values, name, found["unit"])
        if quantity:
            yield quantity.span, (quantity,)


def _vague_values(found: re.Match[str]) -> tuple[float, ...]:
    if found["vague"]:
        return next(ends for word, ends in _SEVERAL.items() if word in found["vague"].lower())
    return (0.5 if found["halved"] else 1.5 if found["half"] else 1.0,)


def _is_length_of_time(text: str, found: re.Match[str]) -> bool:
    """Whether "a week" is a time, not "per week", and "a second" not an ordinal."""
    if found["unit"].lower() in ("second", "sec", "min"):
        return False
    if not found["single"].lower().startswith("a"):  # the last, the day after
        return True
    if _A_RATE_BEFORE.search(text, max(0, found.start() - 10), found.start()):
        return False
    before = _SINGLE_AFTER.search(text, max(0, found.start() - 12), found.start())
    at_start = not text[: found.start()].strip()
    return at_start or before is not None or _SINGLE_BEFORE.match(text, found.end()) is not None


def read_uncounted(text: str) -> Iterator[Reading]:
    """ "For weeks", "days ago": two of them at least."""
    for found in _UNCOUNTED.finditer(text):
        span, written = Span(*found.span()), found["after_for"] or found["unit"]
        unit = Measure.DURATION.unit
        low = convert(2, written, unit)
        yield span, (Quantity(span, Measure.DURATION, low, None, False, False, unit, written),)


def read_fraction(text: str) -> Iterator[Reading]:
    """ "3/52": so many weeks, where it is no date, score or power."""
    for found in _FRACTION.finditer(text):
        name, most = _FRACTIONS[found["unit"].lstrip("/ ")]
        values = read_numbers(found)
        if not 1 <= values[0] <= values[-1] <= most:
            continue
        if _NO_FRACTION.search(text, max(0, found.start() - 20), found.start()):
            continue
        span = Span(*found.span())
        quantity = make_quantity(text, span, Measure.DURATION, values, name, found["unit"])
        if quantity:
            yield quantity.span, (quantity,)
