"""Temperatures: "38.2 °C", "T 101.3F", "temp of 38", or a bare "38.2"."""

import re
from collections.abc import Iterator

from assistant.language.quantities.making import Reading, make_quantity
from assistant.language.quantities.numbers import DASH, DIGITS, read_number, read_numbers
from assistant.language.quantities.patterns import FILL, SIGN, TIME, UNIT
from assistant.language.quantities.quantity import Measure
from assistant.spans import Span

_DEGREES = (
    r"(?:\s?[°º]\s?(?P<letter>[CF])?|\s?deg(?:rees)?\.?(?:\s?(?P<named>C|F|celsius|fahrenheit))?"
    r"|\s?(?P<alone>C|F|celsius|fahrenheit))?"
)
_TEMPERATURE = re.compile(
    r"(?<![\w-])(?:(?i:temp(?:erature)?s?|pyrexi\w*|(?:a|sub)?febrile|apyrexi\w*|fevers?"
    r"|spik(?:e[ds]?|ing)|t[\s-]?max)|T)\.?(?i:"
    rf"{FILL}(?:\s*(?:temps?|(?:and|max|over|above|below|under|still)\b))?\s*)"
    rf"{SIGN}(?P<low>{DIGITS})(?:(?i:{DASH})(?P<high>{DIGITS}))?(?i:{_DEGREES})"
    rf"(?!\w|[/.]\d|(?i:\s?-?\s?(?:{TIME}|mm|cm|mg|ml)\b))",
)
_BARE_TEMPERATURE = re.compile(
    r"(?:^|[,;:(\n]\s*|\s[-–]\s+)(?P<low>(?:3[5-9]|4[0-2])[.,]\d)(?=\s*(?:[,;.)\n]|$)|\s+[A-Za-z])"
    rf"(?!\s?-?\s?(?:{TIME}|{UNIT}|units?)\b)(?!\.\d)",
    re.IGNORECASE,
)
_NAMED_BEFORE = re.compile(
    r"(?<!\w)(?:CRP|BMI|Hb|Hct|haematocrit|albumin|WCC|WBC|ALT|AST|ESR|A?PTT?|TT|glucose|lactate"
    r"|urea|creatinine|weight|wt|MCV|age|EF|BM|protein|ferritin|bilirubin|p?CO2|etCO2|fibrinogen"
    r"|platelets?|plts?|INR)[\s:=]*$",
    re.IGNORECASE,
)


def read_temperature(text: str) -> Iterator[Reading]:
    """Every temperature by its name."""
    for found in _TEMPERATURE.finditer(text):
        values = read_numbers(found)
        unit = name_degrees(found["letter"] or found["named"] or found["alone"], values[0])
        span = Span(found.start("low"), found.end())
        written = text[found.end("high" if found["high"] else "low") : found.end()].strip()
        quantity = make_quantity(text, span, Measure.TEMPERATURE, values, unit, written)
        if quantity:
            yield Span(*found.span()), (quantity,)


def read_bare_temperature(text: str) -> Iterator[Reading]:
    """Every number that by its size and decimal is one, after no other name."""
    for found in _BARE_TEMPERATURE.finditer(text):
        start = found.start("low")
        if _NAMED_BEFORE.search(text, max(0, start - 16), start):
            continue
        span, values = Span(start, found.end("low")), [read_number(found["low"])]
        quantity = make_quantity(text, span, Measure.TEMPERATURE, values, "degC", "")
        if quantity:
            yield span, (quantity,)


def name_degrees(letter: str | None, value: float) -> str:
    """The unit by its letter, or by what the value can be without one."""
    if letter:
        return "degF" if letter[0] in "Ff" else "degC"
    return "degF" if 86 <= value <= 110 else "degC"
