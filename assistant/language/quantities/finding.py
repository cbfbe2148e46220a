"""Quantities as clinicians write them: "36h", "3/52", "38,2°C", "E4V4M5", "22G", "OP 4 cm".

A blood pressure gives two quantities, one for each of its numbers.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from assistant.language.quantities.ages import read_age, read_gestation
from assistant.language.quantities.coma import read_coma
from assistant.language.quantities.durations import read_fraction, read_uncounted, read_vague
from assistant.language.quantities.excluded import read_excluded
from assistant.language.quantities.making import Reading
from assistant.language.quantities.measured import read_measured
from assistant.language.quantities.pain import read_pain
from assistant.language.quantities.pressures import read_blood_pressure, read_opening_pressure
from assistant.language.quantities.quantity import Measure, Quantity
from assistant.language.quantities.temperatures import read_bare_temperature, read_temperature
from assistant.language.units import convert
from assistant.spans import Span

# The first reading of a place stands.
_READERS: tuple[Callable[[str], Iterator[Reading]], ...] = (
    read_excluded,
    read_coma,
    read_temperature,
    read_opening_pressure,
    read_gestation,
    read_age,
    read_pain,
    read_blood_pressure,
    read_fraction,
    read_measured,
    read_vague,
    read_uncounted,
    read_bare_temperature,
)
_TO = re.compile(r"\s*(?:-|–|—|to)\s*")
_AND = re.compile(r"\s+(?:and\s+)?")
_BETWEEN = re.compile(r"between\s+$", re.IGNORECASE)


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Every quantity of the text in order; no two overlap.

    What says when ("yesterday", "POD 3") is for ``find_moments``, and a bare number after a name
    for ``find_number_after``.
    """
    taken = bytearray(len(text))
    quantities: list[Quantity] = []
    for reader in _READERS:
        for span, read in reader(text):
            if any(taken[span.start : span.end]):
                continue
            taken[span.start : span.end] = b"\1" * len(span)
            quantities.extend(read)
    quantities.sort(key=lambda quantity: quantity.span)
    return tuple(_joined(text, quantities))


_TO = re.compile(r"\s*(?:-|–|—|to)\s*")
_AND = re.compile(r"\s+(?:and\s+)?")
_BETWEEN = re.compile(r"between\s+$", re.IGNORECASE)


def _joined(text: str, quantities: list[Quantity]) -> Iterator[Quantity]:
    """The quantities, with "24 hours to 1 week" and "2 weeks and 3 days" each made one."""
    pending: Quantity | None = None
    for quantity in quantities:
        whole = pending and _join(text, pending, quantity)
        if pending and not whole:
            yield pending
        pending = whole or quantity
    if pending:
        yield pending


def _join(text: str, first: Quantity, second: Quantity) -> Quantity | None:
    if not (first.measure is second.measure is Measure.DURATION) or second.low is None:
        return None
    between = text[first.span.end : second.span.start]
    if len(between) > 5 or first.low is None or first.high is None or second.high is None:
        return None
    span = Span(first.span.start, second.span.end)
    in_between = between.strip() == "and" and _BETWEEN.search(text, 0, first.span.start)
    if (_TO.fullmatch(between) or in_between) and first.low < second.high:
        return replace(second, span=span, low=first.low)
    if not _AND.fullmatch(between) or first.written.startswith("/") or not first.written:
        return None
    if second.low != second.high or second.high >= convert(1, first.written, "h"):
        return None
    return replace(first, span=span, low=first.low + second.low, high=first.high + second.high)
