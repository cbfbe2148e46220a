"""A number followed by its unit: "36 h", "1.2 cm", "22G", "90 x10^9/L", "5 cm H2O"."""

import re
from collections.abc import Iterator

from assistant.language.quantities.making import Reading, make_quantity
from assistant.language.quantities.numbers import DASH, NUMBER, START, read_number, read_numbers
from assistant.language.quantities.patterns import TIME, UNIT, UNIT_END
from assistant.language.quantities.quantity import Measure
from assistant.language.units import name_unit
from assistant.spans import Span

# What each unit of the registry measures, as a number with it is written.
MEASURES = {
    **dict.fromkeys(
        ("hour", "second", "minute", "day", "week", "fortnight", "month", "year"),
        Measure.DURATION,
    ),
    **dict.fromkeys(("mm", "cm"), Measure.LENGTH),
    **dict.fromkeys(("cmH2O", "mmH2O"), Measure.CSF_PRESSURE),
    **dict.fromkeys(("mL", "litre"), Measure.VOLUME),
    **dict.fromkeys(("microgram", "mg", "gram"), Measure.DOSE),
    **dict.fromkeys(("kg", "lb", "stone"), Measure.MASS),
    **dict.fromkeys(("giga_per_litre", "per_microlitre", "lakh_per_microlitre"), Measure.COUNT),
    **dict.fromkeys(("degC", "degF"), Measure.TEMPERATURE),
    "filtration": Measure.RATE,
    "gauge": Measure.GAUGE,
}

_MEASURED = re.compile(
    rf"(?:{START}|(?<=\b[x×]))(?:(?P<between>between\s+)?(?P<low>{NUMBER})(?:(?(between)\s+and\s+|{DASH})"
    rf"(?P<high>{NUMBER}))?)(?P<half>\s+and\s+a\s+half)?(?P<more>\s?\+)?\s?-?\s?"
    rf"(?P<unit>{TIME}|{UNIT}){UNIT_END}",
    re.IGNORECASE,
)
_RATE_BEFORE = re.compile(r"(?<!\w)(?:every|each|q|per)\s?$", re.IGNORECASE)
_RATE_AFTER = re.compile(r"\s+(?:an?|per|each|every)\s+(?:hour|day|week|month|year)\b", re.I)
_NEEDLE = re.compile(
    r"\b(?:needle|quincke|whitacre|sprotte|tuohy|touhy|pencil|atraumatic|cutting|spinal|blunt"
    r"|sharp|introducer)",
    re.IGNORECASE,
)
# "30 degrees" is how far a bed is tilted.
_LEAST_BARE_DEGREES = 34


def read_measured(text: str) -> Iterator[Reading]:
    """Every number with a unit; a time that says how often is no quantity."""
    for found in _MEASURED.finditer(text):
        known = _measure_of(text, found)
        if known is None:
            continue
        name, measure = known
        span = Span(*found.span())
        if measure is Measure.DURATION and is_rate(text, span):
            yield span, ()
            continue
        half = 0.5 if found["half"] else 0.0
        values = [value + half for value in read_numbers(found)]
        bound = "least" if found["more"] else ""
        quantity = make_quantity(text, span, measure, values, name, found["unit"], bound=bound)
        if quantity:
            yield quantity.span, (quantity,)


def _measure_of(text: str, found: re.Match[str]) -> tuple[str, Measure] | None:
    """The registry's unit and the measure of a number with a unit; None when it is neither."""
    written = found["unit"]
    if written in ("D", "W", "c", "f"):
        return None
    if written in ("g", "G"):
        near = text[max(0, found.start() - 24) : found.end() + 24]
        if (written == "G" and read_number(found["low"]) >= 10) or _NEEDLE.search(near):
            return "gauge", Measure.GAUGE
        return "gram", Measure.DOSE
    name = name_unit(written)
    if name == "litre" and text[: found.start()].endswith("-"):
        return None
    if written.lower().rstrip(".") in ("deg", "degree", "degrees"):
        name = "degC" if read_number(found["low"]) >= _LEAST_BARE_DEGREES else None
    return None if name not in MEASURES else (name, MEASURES[name])


def is_rate(text: str, span: Span) -> bool:
    """Whether a time says how often: "every 6 h", "3 hours a day"."""
    before = _RATE_BEFORE.search(text, max(0, span.start - 10), span.start)
    return before is not None or _RATE_AFTER.match(text, span.end) is not None
