"""Blood pressures, two quantities each ("150/95") or one ("SBP 85"), and the pressure of CSF."""

import re
from collections.abc import Iterator

from assistant.language.quantities.bounds import bounded, find_bound
from assistant.language.quantities.making import Reading, is_plausible, make_quantity
from assistant.language.quantities.numbers import DASH, DIGITS, START, read_numbers
from assistant.language.quantities.patterns import FILL, SIGN, TIME, WATER
from assistant.language.quantities.quantity import Measure, Quantity
from assistant.language.units import name_unit
from assistant.spans import Span

_PRESSURE = re.compile(
    rf"{START}(?P<sys>\d{{2,3}})(?:\s?[-–]\s?(?P<sys_high>\d{{2,3}}))?\s?/\s?"
    r"(?P<dia>\d{2,3})(?:\s?[-–]\s?(?P<dia_high>\d{2,3}))?(?P<unit>\s?mm\s?Hg)?(?![\d/]|\.\d|\w)",
    re.IGNORECASE,
)
_ONE_PRESSURE = re.compile(
    rf"(?<!\w)(?:(?P<dia>diastolic(?:\s+BP)?|DBP)|SBP|systolic(?:\s+BP)?|BP|blood\s+pressure){FILL}"
    rf"{SIGN}(?P<value>\d{{2,3}})(?P<unit>\s?mm\s?Hg)?(?!\w|\.\d|\s?/)"
    rf"|{START}(?P<before>\d{{2,3}})(?P<unit_before>\s?mm\s?Hg)?\s+systolic\b",
    re.IGNORECASE,
)
_NAMED = rf"(?<!\w)(?:BP|blood\s+pressure|obs){FILL}{SIGN}$"
_OPENING_PRESSURE = re.compile(
    r"(?<![\w-])(?:(?i:(?:opening|closing|CSF|lumbar)(?:\s+opening)?\s+pressures?|manometry)|OP)"
    rf"(?i:{FILL}){SIGN}(?P<low>{DIGITS})(?:(?i:{DASH})(?P<high>{DIGITS}))?"
    rf"(?i:\s?(?P<unit>{WATER}|mm\s?Hg|kPa|cms?|mms?))?(?!\w|[/.]\d|\s?%"
    rf"|(?i:\s?-?\s?(?:{TIME}|mg|ml)\b))",
)
# A pressure of CSF that is higher must be in millimetres.
_MOST_CENTIMETRES = 60


def read_blood_pressure(text: str) -> Iterator[Reading]:
    """Every pair, lower ones only by name or unit, and then every single pressure."""
    for found in _PRESSURE.finditer(text):
        systolic, diastolic = float(found["sys"]), float(found["dia"])
        if systolic <= diastolic:
            continue
        if (systolic >= 80 and diastolic >= 30) or found["unit"] or _is_named(text, found):
            whole, pair = _read_pair(text, found)
            if all(is_plausible(quantity) for quantity in pair):
                yield whole, pair
    for found in _ONE_PRESSURE.finditer(text):
        group = "before" if found["before"] else "value"
        measure = Measure.DIASTOLIC if found["dia"] else Measure.SYSTOLIC
        unit = found["unit"] or found["unit_before"] or ""
        span = Span(found.start(group), found.end(group) + len(unit))
        quantity = make_quantity(text, span, measure, [float(found[group])], "mmHg", unit.strip())
        if quantity:
            yield Span(min(found.start(), quantity.span.start), found.end()), (quantity,)


def _is_named(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - 40) : found.start()]
    return re.search(_NAMED, before, re.IGNORECASE) is not None


def _read_pair(text: str, found: re.Match[str]) -> Reading:
    """Both pressures, each with the bound that stands before the first or after the second."""
    whole, kind = find_bound(text, Span(*found.span()), Measure.SYSTOLIC)
    written = (found["unit"] or "").strip()
    upper = Quantity.closed(
        Span(whole.start, found.end("sys_high" if found["sys_high"] else "sys")),
        Measure.SYSTOLIC,
        float(found["sys"]),
        float(found["sys_high"] or found["sys"]),
        written,
    )
    lower = Quantity.closed(
        Span(found.start("dia"), whole.end),
        Measure.DIASTOLIC,
        float(found["dia"]),
        float(found["dia_high"] or found["dia"]),
        written,
    )
    return whole, (bounded(upper, kind), bounded(lower, kind))


def read_opening_pressure(text: str) -> Iterator[Reading]:
    """Every pressure of CSF by its name."""
    for found in _OPENING_PRESSURE.finditer(text):
        written, values = found["unit"] or "", read_numbers(found)
        span = Span(found.start("low"), found.end())
        unit = name_csf_unit(written, max(values))
        quantity = make_quantity(text, span, Measure.CSF_PRESSURE, values, unit, written)
        if quantity:
            yield Span(*found.span()), (quantity,)


def name_csf_unit(written: str, value: float) -> str:
    """The unit of a pressure of CSF: of water, unless the text has mercury or kPa."""
    name = name_unit(written) or ""
    bare = "mmH2O" if value > _MOST_CENTIMETRES else "cmH2O"
    return {"mm": "mmH2O", "cm": "cmH2O", "one": bare}.get(name, name)
