"""Units however a note writes them ("hrs", "mm H2O", "10^9/L"), and from one to another."""

import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pint import UnitRegistry

# Pint's own registry takes as long to build as Pint to import, and has names for far more than a
# note holds. A year is Julian, a month its twelfth (30.4 days).
_DEFINITIONS = """\
hour = [time]
second = hour / 3600
minute = hour / 60
day = 24 * hour
week = 7 * day
fortnight = 14 * day
year = 365.25 * day
month = year / 12
kelvin = [temperature]
degC = kelvin; offset: 273.15
degF = 5 / 9 * kelvin; offset: 255.372222222222
mm = [length]
cm = 10 * mm
metre = 1000 * mm
mmHg = [pressure]
cmH2O = 0.735559240 * mmHg
mmH2O = 0.1 * cmH2O
kPa = 7.50061683 * mmHg
mg = [mass]
microgram = mg / 1000
gram = 1000 * mg
kg = 1000 * gram
lb = 453592.37 * mg
stone = 14 * lb
mL = [volume]
litre = 1000 * mL
giga_per_litre = [count]
per_microlitre = giga_per_litre / 1000
lakh_per_microlitre = 100 * giga_per_litre
filtration = [filtration]
gauge = [bore]
point = [score]
one = []
"""

_SPELLINGS = {
    "hour": "h hr hrs hour hours",
    "second": "s sec secs second seconds",
    "minute": "min mins minute minutes",
    "day": "d day days night nights",
    "week": "w wk wks week weeks",
    "fortnight": "fortnight fortnights",
    "month": "mo mos mth mths month months",
    "year": "y yr yrs year years",
    "degC": "degc °c ºc c celsius centigrade degreesc degreescelsius degreescentigrade",
    "degF": "degf °f ºf f fahrenheit degreesf degreesfahrenheit",
    "mm": "mm mms millimetre millimetres millimeter millimeters",
    "cm": "cm cms centimetre centimetres centimeter centimeters",
    "metre": "m metre metres meter meters",
    "mmHg": "mmhg",
    "cmH2O": "cmh2o cmwater cmcsf",
    "mmH2O": "mmh2o mmwater mmcsf",
    "kPa": "kpa",
    "microgram": "mcg ug μg microgram micrograms",
    "mg": "mg mgs milligram milligrams",
    "gram": "g gm gms gram grams gramme grammes",
    "kg": "kg kgs kilo kilos kilogram kilograms",
    "lb": "lb lbs pound pounds",
    "stone": "stone",
    "mL": "ml mls cc ccs millilitre millilitres milliliter milliliters",
    "litre": "l litre litres liter liters",
    "giga_per_litre": "109/l k/μl k/ul k/mm3 k",
    "per_microlitre": "/μl /ul /mcl /mm3 /cmm",
    "lakh_per_microlitre": "lakh lakhs lac lacs",
    "filtration": "ml/min/1.73m2 ml/min",
    "gauge": "ga gauge gauges",
    "point": "point points",
}
_BY_SPELLING = {
    spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings.split()
}
_BY_SPELLING |= {name.casefold(): name for name in _SPELLINGS} | {"": "one"}
_ALIKE = str.maketrans("₂²³⁹×µ", "2239xμ", " \t\n\xa0*^()")


class UnitError(ValueError):
    """A unit is not known, or does not measure the same thing as the other."""


def name_unit(written: str) -> str | None:
    """What the registry calls a unit, however it is written; None if it is not one."""
    plain = re.sub(r"\bof\b", "", written).casefold().translate(_ALIKE)
    plain = plain.replace("h20", "h2o").removeprefix("x").rstrip(".-")
    return _BY_SPELLING.get(plain.replace("10e9", "109"))


def convert(value: float, unit: str, to_unit: str) -> float:
    """The value in another unit, to nine decimals: ``convert(100.4, "degF", "degC") == 38``.

    Units are read as in a note ("h", "mm H2O", "10^9/L"); "" is a bare number. Raises UnitError.
    """
    offset, factor = _line(_known(unit), _known(to_unit))
    return round(offset + factor * value, 9)


def _known(written: str) -> str:
    name = name_unit(written)
    if name is None:
        raise UnitError(f"'{written}' is not a unit known here")
    return name


@cache
def _line(name: str, to_name: str) -> tuple[float, float]:
    """The offset and factor between two units of the registry. Raises UnitError."""
    from pint.errors import DimensionalityError

    registry = _registry()
    try:
        zero, one = (float(registry.Quantity(v, name).to(to_name).magnitude) for v in (0.0, 1.0))
    except DimensionalityError as error:
        raise UnitError(f"'{name}' cannot be converted to '{to_name}': {error}") from error
    return zero, one - zero


@cache
def _registry() -> "UnitRegistry[Any]":
    """Built at the first conversion: importing Pint takes longer than all else here."""
    from pint import UnitRegistry

    registry: UnitRegistry[Any] = UnitRegistry(None)
    registry.load_definitions(_DEFINITIONS.splitlines())
    return registry
