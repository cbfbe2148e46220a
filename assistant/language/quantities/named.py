"""A bare number after the name of what it measures: "platelets 90", "INR = 1.2"."""

import re

from assistant.language.quantities.making import make_quantity
from assistant.language.quantities.measured import MEASURES
from assistant.language.quantities.numbers import DIGITS, read_numbers
from assistant.language.quantities.patterns import TIME, UNIT
from assistant.language.quantities.pressures import name_csf_unit
from assistant.language.quantities.quantity import Measure, Quantity
from assistant.language.quantities.temperatures import name_degrees
from assistant.language.units import name_unit
from assistant.spans import Span

_UNKNOWN_UNIT = (
    r"(?:[mµμunpkM]?(?:g|mol|IU|U|units?)\s?/\s?(?:d?L|mL|kg|h|min)|mmol|%|seconds?|secs?|s|IU|U"
    r"|units?|bpm|/\s?min)"
)
_LINK = re.compile(
    r"(?:[\s:=,(~]|[-–](?=\s)|(?<!\w)(?:is|was|are|were|of|at|now|today|yesterday|count|level|levels"
    r"|value|result|results|only|currently|measured|measures|measuring|measurement|reads|reading"
    r"|recorded|came|back|normal|low|high|raised|elevated|last|latest|repeat|about|approx\w*|around"
    r"|this\s+morning|on|as|has|been|fallen|fell|dropped|rose|risen|to|from|down|up|just|still|distance"
    r"|depth|diameter|width|cistern|measured\s+at|than|less|more|under|over|above|below|least|most"
    rf"|{DIGITS}\s?{TIME}\s+ago|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?)(?!\w)|[<>≤≥]=?)*",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?P<low>{DIGITS})(?:\s?[-–]\s?(?P<high>{DIGITS}))?"
    rf"(?:\s?(?P<unit>{UNIT})(?!\s?/\s?[^\W\d])|\s?(?P<k>k)"
    rf"|\s?(?P<unknown>{_UNKNOWN_UNIT}))?"
    rf"(?!\w|[\^]|/\d|\s?-?\s?{TIME}\b)",
    re.IGNORECASE,
)
_CHANGED = re.compile(rf"\s*(?P<to>->|→|-->|to)\s*(?={DIGITS})", re.IGNORECASE)


def find_number_after(
    text: str, position: int, measure: Measure = Measure.NUMBER, window: int = 32
) -> Quantity | None:
    """The number that follows a name ending at ``position``: "platelets 90", "INR = 1.2".

    Only joining words stand between, for at most ``window`` characters. Of "45 -> 90" it is the
    last. A number without a unit is taken in the unit of ``measure``: a count of 1000 or more per
    microlitre, a pressure of CSF over 60 in mm H2O, a temperature of 86 or more in Fahrenheit.
    With a unit of another measure there is none, unless ``measure`` is NUMBER: then the quantity
    has the unit's own measure.
    """
    link = _LINK.match(text, position, min(len(text), position + window))
    start = link.end() if link else position
    found = _AFTER.match(text, start)
    if found is None or (start == position and text[position - 1 : position].isalnum()):
        return None
    while changed := _CHANGED.match(text, found.end()):
        later = _AFTER.match(text, changed.end())
        risen = changed["to"].lower() != "to" or re.search(
            r"(?<!\w)from\s*$", text[position : found.start()], re.IGNORECASE
        )
        if later is None or not risen:
            break
        found = later
    return _read(text, found, measure)


def _read(text: str, found: re.Match[str], measure: Measure) -> Quantity | None:
    values = read_numbers(found)
    known = _measure_of(found, measure, values)
    if known is None:
        return None
    written = found["unit"] or found["k"] or found["unknown"] or ""
    own, unit = known
    return make_quantity(text, Span(*found.span()), own, values, unit, written)


def _measure_of(
    found: re.Match[str], measure: Measure, values: list[float]
) -> tuple[Measure, str] | None:
    """The measure and the unit of a number; None where its unit is another measure's."""
    written = found["unit"] or found["k"]
    if found["unknown"]:
        return (measure, "") if measure is Measure.NUMBER else None
    if not written:
        return measure, _unwritten_unit(measure, values)
    name = name_unit(written) or ""
    if measure is Measure.CSF_PRESSURE and name in ("mm", "cm", "mmHg", "kPa"):
        return measure, name_csf_unit(written, max(values))
    own = MEASURES.get(name, Measure.NUMBER)
    if measure is Measure.NUMBER and own is not Measure.TEMPERATURE:
        return own, name if name in MEASURES else ""
    return (own, name) if measure is own else None


def _unwritten_unit(measure: Measure, values: list[float]) -> str:
    if measure is Measure.COUNT and values[0] >= 1000:
        return "/µL"
    if measure is Measure.CSF_PRESSURE:
        return name_csf_unit("", max(values))
    if measure is Measure.TEMPERATURE:
        return name_degrees(None, values[0])
    return measure.unit
