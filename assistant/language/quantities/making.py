"""From a number and its unit in the text to a quantity, if it is one that can be."""

from collections.abc import Sequence

from assistant.language.quantities.bounds import bounded, find_bound
from assistant.language.quantities.quantity import Measure, Quantity
from assistant.language.units import convert
from assistant.spans import Span

# What a reader has read, with all the text that it leaves to no other.
Reading = tuple[Span, tuple[Quantity, ...]]

# What a living patient's value, or a real needle's, can be.
_PLAUSIBLE = {
    Measure.TEMPERATURE: (30.0, 43.5),
    Measure.GAUGE: (10.0, 34.0),
    Measure.AGE: (0.0, 115.0),
    Measure.GESTATION: (4.0, 43.0),
    Measure.COMA_SCALE: (3.0, 15.0),
    Measure.PAIN_SCORE: (0.0, 10.0),
    Measure.SYSTOLIC: (40.0, 300.0),
    Measure.DIASTOLIC: (20.0, 180.0),
    Measure.CSF_PRESSURE: (-20.0, 120.0),
}


def make_quantity(
    text: str,
    span: Span,
    measure: Measure,
    values: Sequence[float],
    unit: str,
    written: str,
    *,
    bound: str = "",
) -> Quantity | None:
    """The quantity whose values and unit stand at ``span``, with the bounds around it.

    ``bound`` is the kind of bound where the text around it has none. None where a value is not
    plausible.
    """
    to_unit = measure.unit
    if unit != to_unit:
        values = [convert(value, unit, to_unit) for value in values]
    whole, kind = find_bound(text, span, measure)
    quantity = Quantity.closed(whole, measure, min(values), max(values), written)
    quantity = bounded(quantity, kind or bound)
    return quantity if is_plausible(quantity) else None


def is_plausible(quantity: Quantity) -> bool:
    """Whether its ends are what a living patient's value, or a real needle's, can be."""
    least, most = _PLAUSIBLE.get(quantity.measure, (float("-inf"), float("inf")))
    ends = [end for end in (quantity.low, quantity.high) if end is not None]
    return all(least <= end <= most for end in ends)
