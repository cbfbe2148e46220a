"""Pain scores: "7/10", "8 out of 10", "NRS 8 -> 3", "VAS 65 mm"."""

import re
from collections.abc import Iterator

from assistant.language.quantities.making import Reading, make_quantity
from assistant.language.quantities.numbers import DASH, DIGITS, START, read_numbers
from assistant.language.quantities.patterns import FILL, SIGN, TIME, TREND, UNIT
from assistant.language.quantities.quantity import Measure, Quantity
from assistant.spans import Span

_NOT_UNIT = rf"(?![\d/]|[.,]\d|\s?-?\s?(?:{TIME}|{UNIT}|units?)\b|\s?%)"
_PAIN = re.compile(
    rf"{START}(?P<low>{DIGITS})(?:{DASH}(?P<high>{DIGITS}))?"
    r"(?:\s?/\s?10|\s+out\s+of\s+(?:10|ten))(?![\d/]|\.\d)"
    r"(?!\s*(?:patients|women|men|cases|people|had|were|of|agree|studies))",
    re.IGNORECASE,
)
_NO_PAIN = re.compile(
    r"(?<!\w)(?:AMTS?|4AT|APGARs?|MMSE|MoCA|Bern|bSIH|on|dated?|power|score|GCS|BP|confidence"
    r"|AGREE)(?:\s+(?:score|of|is|was|at|\d+))*[\s:=]*$",
    re.IGNORECASE,
)
_PAIN_NAMED = re.compile(
    r"(?<!\w)(?:NRS|VNRS|NPRS|VRS|VAS|(?:pain|headache)\s+(?:score|scale|severity|intensity))"
    rf"{FILL}{SIGN}(?P<low>\d{{1,3}}(?:\.\d)?)(?:(?P<trend>{TREND})|(?P<dash>\s?[-–]\s?))?"
    r"(?P<high>(?(trend)\d{1,2}|(?(dash)\d{1,2})))"
    rf"(?P<of>\s?/\s?100?(?!\d)|\s+out\s+of\s+(?:100?|ten)\b|\s?mm\b)?(?(of)|{_NOT_UNIT})",
    re.IGNORECASE,
)


def read_pain(text: str) -> Iterator[Reading]:
    """Every score by its name or by what it is out of."""
    for found in _PAIN_NAMED.finditer(text):
        yield Span(*found.span()), tuple(_read_named(text, found))
    for found in _PAIN.finditer(text):
        span = Span(*found.span())
        if _NO_PAIN.search(text, max(0, span.start - 24), span.start):
            yield span, ()
            continue
        quantity = make_quantity(
            text, span, Measure.PAIN_SCORE, read_numbers(found), "points", "/10"
        )
        yield span, (quantity,) if quantity else ()


def _read_named(text: str, found: re.Match[str]) -> Iterator[Quantity]:
    """One reading, or the two that an arrow joins; out of a hundred it is a tenth."""
    out_of = (found["of"] or "").strip()
    part = 0.1 if "100" in out_of or "mm" in out_of else 1.0
    values = [value * part for value in read_numbers(found)]
    spans = [Span(*found.span(group)) for group in ("low", "high") if found[group]]
    if found["trend"]:
        readings = [(span, [value]) for span, value in zip(spans, values, strict=True)]
    else:
        readings = [(Span(spans[0].start, spans[-1].end), values)]
    for span, points in readings:
        quantity = make_quantity(text, span, Measure.PAIN_SCORE, points, "points", out_of)
        if quantity:
            yield quantity
