"""Quantities as clinicians write them: "36h", "3/52", "38,2°C", "E4V4M5", "22G", "OP 4 cm".

Every quantity is an interval in the one unit of its measure, so that "a few days" and ">72 h" can
be held against a threshold without pretending to be exact. A blood pressure gives two quantities,
one for each of its numbers.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from assistant.spans import Span

if TYPE_CHECKING:
    from pint import UnitRegistry


class UnitError(ValueError):
    """A unit is not known, or does not measure the same thing as the other."""


class Measure(StrEnum):
    """What a quantity measures."""

    DURATION = "duration"
    AGE = "age"
    GESTATION = "gestation"
    TEMPERATURE = "temperature"
    LENGTH = "length"
    SYSTOLIC = "systolic"
    DIASTOLIC = "diastolic"
    CSF_PRESSURE = "csf-pressure"
    COMA_SCALE = "coma-scale"
    PAIN_SCORE = "pain-score"
    GAUGE = "gauge"
    VOLUME = "volume"
    DOSE = "dose"
    MASS = "mass"
    COUNT = "count"
    RATE = "rate"
    NUMBER = "number"

    @property
    def unit(self) -> str:
        """The unit of every quantity of this measure, as ``convert`` reads it; "" for none."""
        return _CANONICAL[self]


_CANONICAL = {
    Measure.DURATION: "h",
    Measure.AGE: "years",
    Measure.GESTATION: "weeks",
    Measure.TEMPERATURE: "degC",
    Measure.LENGTH: "mm",
    Measure.SYSTOLIC: "mmHg",
    Measure.DIASTOLIC: "mmHg",
    Measure.CSF_PRESSURE: "cmH2O",
    Measure.COMA_SCALE: "points",
    Measure.PAIN_SCORE: "points",
    Measure.GAUGE: "gauge",
    Measure.VOLUME: "mL",
    Measure.DOSE: "mg",
    Measure.MASS: "kg",
    Measure.COUNT: "10^9/L",
    Measure.RATE: "mL/min/1.73 m2",
    Measure.NUMBER: "",
}

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


def _name_of(written: str) -> str | None:
    """What the registry calls a unit, however it is written; None if it is not one."""
    plain = re.sub(r"\bof\b", "", written).casefold().translate(_ALIKE)
    plain = plain.replace("h20", "h2o").removeprefix("x").rstrip(".-")
    return _BY_SPELLING.get(plain.replace("10e9", "109"))


@cache
def _registry() -> "UnitRegistry[Any]":
    """Built at the first conversion: importing Pint takes longer than all else here."""
    from pint import UnitRegistry

    registry: UnitRegistry[Any] = UnitRegistry(None)
    registry.load_definitions(_DEFINITIONS.splitlines())
    return registry


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


def convert(value: float, unit: str, to_unit: str) -> float:
    """The value in another unit, to nine decimals: ``convert(100.4, "degF", "degC") == 38``.

    Units are read as in a note ("h", "mm H2O", "10^9/L"); "" is a bare number. Raises UnitError.
    """
    names = []
    for written in (unit, to_unit):
        name = _name_of(written)
        if name is None:
            raise UnitError(f"'{written}' is not a unit known here")
        names.append(name)
    offset, factor = _line(names[0], names[1])
    return round(offset + factor * value, 9)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An interval of values in ``unit``; an end that is None has no bound.

    ``span`` covers the number with its unit and the words that bound it ("more than"), ``written``
    is the unit as the text has it, "" where it has none.
    """

    span: Span
    measure: Measure
    low: float | None
    high: float | None
    low_open: bool
    high_open: bool
    unit: str
    written: str

    def compare(self, operator: str, threshold: float) -> bool | None:
        """Whether all of the interval is so (True), or none of it (False), or it is open (None).

        The threshold is in ``unit``; the operator is one of < <= > >= == != ≤ ≥ =. Raises
        ValueError for another.
        """
        match operator:
            case "<":
                return self._below(threshold, itself=False)
            case "<=" | "≤":
                return self._below(threshold, itself=True)
            case ">":
                return _negated(self._below(threshold, itself=True))
            case ">=" | "≥":
                return _negated(self._below(threshold, itself=False))
            case "==" | "=":
                return self._equals(threshold)
            case "!=":
                return _negated(self._equals(threshold))
        raise ValueError(f"'{operator}' does not compare")

    def _below(self, threshold: float, *, itself: bool) -> bool | None:
        if self.high is not None and (
            self.high < threshold or (self.high == threshold and (itself or self.high_open))
        ):
            return True
        if self.low is not None and (
            self.low > threshold or (self.low == threshold and (not itself or self.low_open))
        ):
            return False
        return None

    def _equals(self, threshold: float) -> bool | None:
        if self.low == self.high == threshold:
            return True
        outside = (
            self._below(threshold, itself=False) is True
            or self._below(threshold, itself=True) is False
        )
        return False if outside else None


def _negated(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


# Numbers.

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:[.,]\d+)?(?:\s?½)?|½)"
_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: i + 1.0 for i, word in enumerate(_ONES.split())}
_WORDS |= {word: 10.0 * (i + 2) for i, word in enumerate(_TENS.split())}
_WORD = (
    rf"(?:(?:{_TENS.replace(' ', '|')})(?:[-\s](?:{'|'.join(_ONES.split()[:9])})\b)?"
    rf"|{_ONES.replace(' ', '|')})\b"
)
_ANY = rf"(?:{_DIGITS}|{_WORD})"
_START = r"(?<![\w/:^.])(?<!\d,)(?<![A-Za-z]\d[-–])"
_DASH = r"\s*(?:[-–—]|to\b|or\b)\s*"


def _number(words: str) -> float:
    """The value of a number as ``_ANY`` reads it."""
    plain = words.casefold()
    if plain[0].isalpha():
        return sum(_WORDS[word] for word in re.split(r"[-\s]+", plain))
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", plain):
        return float(plain.replace(",", ""))
    half = 0.5 if plain.endswith("½") else 0.0
    return float(plain.rstrip("½ ").replace(",", ".") or 0) + half


# The words before and after a number that make it a bound.

_BOUND = re.compile(
    r"(?:(?<!\w)(?:"
    r"(?P<just_over>(?:just|slightly|a (?:little|bit))\s+(?:over|more\s+than|above))"
    r"|(?P<nearly>(?:nearly|almost|not\s+quite|just\s+(?:under|below)|close\s+to|approaching))"
    r"|(?P<least>at\s+least|no(?:t)?\s+(?:less|fewer)\s+than|(?:a\s+)?minimum(?:\s+of)?"
    r"|greater\s+than\s+or\s+equal\s+to)"
    r"|(?P<most>no(?:t)?\s+(?:more|longer|later)\s+than|at\s+(?:the\s+)?most|up\s+to"
    r"|(?:a\s+)?max(?:imum)?(?:\s+of)?|less\s+than\s+or\s+equal\s+to"
    r"|within(?:\s+the)?(?:\s+(?:first|last|past|next|previous|preceding))?"
    r"|in(?:\s+the)?\s+(?:first|last|past|previous|preceding))"
    r"|(?P<above>(?:more|greater|longer|higher|older|larger|bigger|further|deeper|thicker)\s+than|over|above"
    r"|beyond|exceed(?:s|ing))"
    r"|(?P<below>(?:less|fewer|shorter|lower|younger|smaller|sooner|thinner)\s+than|under|below)"
    r"|(?P<about>about|approx(?:imately|\.)?|around|roughly|circa|c\.|some))"
    r"|(?P<least_sign>>=|≥|⩾)|(?P<most_sign><=|≤|⩽)|(?<![-–=>])(?P<above_sign>>)"
    r"|(?P<below_sign><)(?!-)|(?P<about_sign>[~≈]))\s*$",
    re.IGNORECASE,
)
_LONGEST_BOUND = 34
_BOUND_ENDS = frozenset(
    "over than above under below nearly almost quite to approaching least minimum of most maximum"
    " max within first last past next previous preceding in beyond exceed exceeds exceeding about"
    " approx approximately around roughly circa some".split()
)
_COURSE = re.compile(
    r"(?:\d|[)→>%]|\b(?:develop\w*|wors\w*|deteriorat\w*|improv\w*|increas\w*|decreas\w*|drop\w*"
    r"|f[ae]ll\w*|r[io]se\w*|progress\w*|given|infus\w*|gradual\w*|slow\w*|settl\w*|resolv\w*"
    r"|came on|built? up|evolv\w*|mgs?|mls?|grams?))\s*$",
    re.IGNORECASE,
)
_BOUND_AFTER = re.compile(
    r"(?P<least>\s?\+(?!\s?\d)|\s+or\s+(?:more|longer|over|above|greater|older|higher)\b)"
    r"|(?P<most>\s+or\s+(?:less|fewer|under|younger|below|lower|shorter)\b"
    r"|\s+(?:max(?:imum)?|at\s+(?:the\s+)?most)\b)"
    r"|(?P<about>\s+or\s+so\b)",
    re.IGNORECASE,
)
# How far "about" reaches, and "nearly" on its one side.
_LOOSELY = 0.1
_LOOSE = {
    Measure.DURATION,
    Measure.AGE,
    Measure.LENGTH,
    Measure.VOLUME,
    Measure.DOSE,
    Measure.MASS,
    Measure.COUNT,
}


def _bound_before(text: str, start: int, measure: Measure) -> tuple[int, str]:
    """Where the words that bound a number at ``start`` begin, and the kind of bound, or ""."""
    from_ = max(0, start - _LONGEST_BOUND)
    found = _BOUND.search(text, from_, start) if _may_bound(text, start) else None
    if found is None or found.lastgroup is None:
        return start, ""
    if (
        measure is Measure.DURATION
        and found[0].split()[0].casefold() == "over"
        and _COURSE.search(text, from_, found.start())
    ):
        return start, ""
    return found.start(), found.lastgroup.removesuffix("_sign")


def _may_bound(text: str, start: int) -> bool:
    """A cheap look at the last word before: most numbers have no bound."""
    words = text[max(0, start - 16) : start].split()
    return bool(words) and (
        words[-1][-1] in "<>≤≥⩾⩽=~≈." or words[-1].lower().lstrip("(") in _BOUND_ENDS
    )


def _make(
    text: str,
    span: Span,
    measure: Measure,
    low: float,
    high: float,
    unit: str,
    written: str,
) -> Quantity:
    """The quantity whose number and unit stand at ``span``, with the bounds around it."""
    to_unit = measure.unit
    if unit != to_unit:
        low, high = convert(low, unit, to_unit), convert(high, unit, to_unit)
    start, kind = _bound_before(text, span.start, measure)
    end = span.end
    if not kind and (after := _BOUND_AFTER.match(text, end)) and after.lastgroup:
        end, kind = after.end(), after.lastgroup
    quantity = Quantity(Span(start, end), measure, low, high, False, False, to_unit, written)
    return _bounded(quantity, kind)


def _bounded(quantity: Quantity, kind: str) -> Quantity:
    low, high = quantity.low, quantity.high
    assert low is not None
    assert high is not None
    loosely = _LOOSELY if quantity.measure in _LOOSE else 0.0
    match kind:
        case "least":
            return replace(quantity, high=None)
        case "most":
            return replace(quantity, low=None)
        case "above":
            return replace(quantity, low=low, low_open=True, high=None)
        case "below":
            return replace(quantity, low=None, high_open=True)
        case "nearly" if loosely:
            return replace(quantity, low=_near(low, -loosely), high_open=True)
        case "just_over" if loosely:
            return replace(quantity, low_open=True, high=_near(high, loosely))
        case "just_over":
            return replace(quantity, low_open=True, high=None)
        case "about":
            return replace(quantity, low=_near(low, -loosely), high=_near(high, loosely))
    return quantity


def _near(value: float, part: float) -> float:
    return round(value * (1 + part), 9)


# What a number followed by a unit looks like.

_TIME = (
    r"(?:h(?:ou)?rs?|h|min(?:ute)?s?|sec(?:ond)?s?|days?|d|nights?|w(?:ee)?ks?|w|fortnights?"
    r"|mo(?:nth)?s?|mths?|y(?:ea)?rs?|y)"
)
_WATER = r"(?:[cm]m\s?(?:of\s+)?(?:H\s?[2₂]\s?[O0]|water|CSF))"
_CELLS = (
    r"(?:[x×]?\s?10\s?[\^*eE]?\s?\(?[9⁹]\)?\s?/\s?l(?:it(?:re|er))?"
    r"|k?\s?/\s?(?:[µμu]l|mcl|mm\s?\^?[3³]|cmm)|lakhs?|lacs?)"
)
_OTHER = (
    rf"(?:{_WATER}|mm\s?Hg|kPa|mms?|cms?|milli(?:metre|meter)s?|centi(?:metre|meter)s?"
    r"|ml/min(?:/1\.73\s?m\s?(?:\^?2|²))?|mls?|ccs?|millilit(?:re|er)s?|l(?:it(?:re|er)s?)?"
    r"|mgs?|milligram(?:me)?s?|mcg|[µμu]g|microgram(?:me)?s?|kgs?|kilo(?:gram(?:me)?)?s?|lbs?"
    r"|pounds|stone|gram(?:me)?s?|g|ga|gauge"
    rf"|[°º]\s?[CF]|deg(?:rees)?\.?(?:\s?(?:C|F|celsius|fahrenheit|centigrade)\b)?|C|F|{_CELLS})"
)
_END = r"(?!\w|[\^²³%]|\s?/\s?[^\W\d])"
_MEASURED = re.compile(
    rf"(?:{_START}|(?<=\b[x×]))(?:(?P<between>between\s+)?(?P<low>{_ANY})(?:(?(between)\s+and\s+|{_DASH})"
    rf"(?P<high>{_ANY}))?)(?P<half>\s+and\s+a\s+half)?(?P<more>\s?\+)?\s?-?\s?"
    rf"(?P<unit>{_TIME}|{_OTHER}){_END}",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"(?<!\w)(?:(?P<vague>(?:(?:an?|the\s+(?:last|past))\s+)?(?:few|couple(?:\s+of)?|several))"
    r"|(?P<halved>half(?:\s+an?)?)"
    r"|(?P<single>an?|the\s+(?:last|past|preceding|previous)"
    r"|the(?=\s+(?:day|week)\s+(?:after|following|post)\b(?!\s+tomorrow))))\s+"
    rf"(?P<unit>{_TIME})(?P<half>\s+and\s+a\s+half)?{_END}",
    re.IGNORECASE,
)
_UNCOUNTED = re.compile(
    r"(?:(?<=\bfor\s)(?:many\s+)?(?P<after_for>hours|days|weeks|months|years)"
    r"|(?<![\w-])(?P<unit>hours|days|weeks|months|years)(?=\s+(?:ago|after|later)\b))\b",
    re.IGNORECASE,
)
_SEVERAL = {"few": (2.0, 5.0), "couple": (2.0, 3.0), "several": (3.0, 7.0)}
_SINGLE_AFTER = re.compile(
    r"(?:^|[.,;:(\n–—-]|(?<!\w)(?:for|within|after|about|over|in|than|nearly|almost|last(?:ed|s|ing)"
    r"|past|last|took|under|approx\w*|around|roughly|just|least|to|since|only|until|by|is|was|been"
    r"|at|and|or|of|from|every))\s*$",
    re.IGNORECASE,
)
_SINGLE_BEFORE = re.compile(
    r"\s+(?:ago|after|later|before|post|since|of|following|back|prior|earlier|history|or)\b",
    re.IGNORECASE,
)
_RATE_BEFORE = re.compile(r"(?<!\w)(?:every|each|q|per)\s?$", re.IGNORECASE)
_A_RATE_BEFORE = re.compile(
    r"(?<!\w)(?:once|twice|thrice|times|x|mgs?|mls?|cups?|tablets?|doses?|hours?|hrs?|minutes?|mins?"
    r"|\d+)\s?$",
    re.IGNORECASE,
)
_RATE_AFTER = re.compile(r"\s+(?:an?|per|each|every)\s+(?:hour|day|week|month|year)\b", re.I)
_NEEDLE = re.compile(
    r"\b(?:needle|quincke|whitacre|sprotte|tuohy|touhy|pencil|atraumatic|cutting|spinal|blunt"
    r"|sharp|introducer)",
    re.IGNORECASE,
)

_MEASURES = {
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
# "30 degrees" is how far a bed is tilted.
_LEAST_BARE_DEGREES = 34
_Reading = tuple[Span, tuple[Quantity, ...]]


def _plausible(quantity: Quantity) -> bool:
    least, most = _PLAUSIBLE.get(quantity.measure, (float("-inf"), float("inf")))
    ends = [end for end in (quantity.low, quantity.high) if end is not None]
    return all(least <= end <= most for end in ends)


def _read_measured(text: str) -> Iterator[_Reading]:
    for found in _MEASURED.finditer(text):
        span, written = Span(*found.span()), found["unit"]
        known = _measure_of(text, found)
        if known is None:
            continue
        name, measure = known
        low = _number(found["low"])
        high = _number(found["high"]) if found["high"] else low
        if found["half"]:
            low, high = low + 0.5, high + 0.5
        if measure is Measure.DURATION and _is_rate(text, span):
            yield span, ()
            continue
        quantity = _make(text, span, measure, min(low, high), max(low, high), name, written)
        if found["more"]:
            quantity = _bounded(quantity, "least")
        if _plausible(quantity):
            yield quantity.span, (quantity,)


def _measure_of(text: str, found: re.Match[str]) -> tuple[str, Measure] | None:
    """The registry's unit and the measure of a number with a unit; None when it is neither."""
    written = found["unit"]
    if written in ("D", "W", "c", "f"):
        return None
    if written in ("g", "G"):
        near = text[max(0, found.start() - 24) : found.end() + 24]
        if (written == "G" and float(_number(found["low"])) >= 10) or _NEEDLE.search(near):
            return "gauge", Measure.GAUGE
        return "gram", Measure.DOSE
    name = _name_of(written)
    if name == "litre" and text[: found.start()].endswith("-"):
        return None
    if written.lower().rstrip(".") in ("deg", "degree", "degrees"):
        name = "degC" if _number(found["low"]) >= _LEAST_BARE_DEGREES else None
    return None if name not in _MEASURES else (name, _MEASURES[name])


def _is_rate(text: str, span: Span) -> bool:
    """Whether a time says how often: "every 6 h", "3 hours a day"."""
    before = _RATE_BEFORE.search(text, max(0, span.start - 10), span.start)
    return before is not None or _RATE_AFTER.match(text, span.end) is not None


def _read_vague(text: str) -> Iterator[_Reading]:
    for found in _VAGUE.finditer(text):
        span, name = Span(*found.span()), _name_of(found["unit"])
        assert name is not None
        if found["unit"].islower() and len(found["unit"]) == 1 and found["unit"] != "h":
            continue
        if _is_rate(text, span):
            yield span, ()
            continue
        if found["vague"]:
            low, high = next(ends for w, ends in _SEVERAL.items() if w in found["vague"].lower())
        else:
            if found["single"] and not _is_length_of_time(text, found):
                continue
            low = 0.5 if found["halved"] else 1.5 if found["half"] else 1.0
            high = low
        quantity = _make(text, span, Measure.DURATION, low, high, name, found["unit"])
        yield quantity.span, (quantity,)


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


def _read_uncounted(text: str) -> Iterator[_Reading]:
    """ "for weeks", "days ago": two of them at least."""
    for found in _UNCOUNTED.finditer(text):
        written = found["after_for"] or found["unit"]
        low = convert(2, written, Measure.DURATION.unit)
        span = Span(*found.span())
        yield (
            span,
            (Quantity(span, Measure.DURATION, low, None, False, False, "h", written),),
        )


# What looks like a quantity and is none: dates, clock times, vertebrae, how often.

_NO_QUANTITY = re.compile(
    rf"(?<![\d/])\d{{1,4}}(?P<sep>[/.-])\d{{1,2}}(?P=sep)\d{{2,4}}(?![\d/])"
    rf"|(?<!\d)\d{{1,2}}:\d{{2}}(?:\s?(?:h|hrs|hours|[ap]\.?m)\b)?"
    rf"|{_START}(?:[01]\d|2[0-3])[0-5]\d\s?h(?:ou)?rs?\b|{_START}(?:[01]\d|2[0-3])[0-5]\d\s?h\b"
    rf"|{_START}\d{{1,2}}(?:[.:]\d\d)?\s?[ap]\.?m\b|{_START}24/7\b"
    rf"|(?<!\w)[CTLS]\d{{1,2}}(?:\s?[/–-]\s?[CTLS]?\d{{1,2}})+(?!\d)"
    rf"|(?<!\w)(?:every|each|q)\s?{_ANY}(?:{_DASH}{_ANY})?\s?-?\s?{_TIME}\b"
    rf"|{_START}{_ANY}[\s-]?hourly\b",
    re.IGNORECASE,
)


def _read_nothing(text: str) -> Iterator[_Reading]:
    for found in _NO_QUANTITY.finditer(text):
        yield Span(*found.span()), ()


# Scores.

_FILL = (
    r"(?:[\s:=(]|(?<!\w)(?:of|is|was|at|now|currently|today|only|score|scores|scored|remains|remained"
    r"|has|have|been|dropped|dropping|drop|fell|fallen|falling|down|reduced|from|to|rated|rates"
    r"|reading|reads|about|around|up|on\s+arrival|measured|recorded|low|high|normal)\b){0,10}"
)
_SIGN = r"(?P<sign>[<>≤≥~]=?\s?)?"
_TREND = r"(?:\s*(?:->|→|to|-->|=>)\s*)"
_NOT_UNIT = rf"(?![\d/]|[.,]\d|\s?-?\s?(?:{_TIME}|{_OTHER}|units?)\b|\s?%)"
_COMA = re.compile(
    rf"(?<!\w)(?:GCS|Glasgow\s+coma\s+(?:scale|score)|coma\s+(?:scale|score)){_FILL}{_SIGN}"
    rf"(?P<low>\d{{1,2}}(?:\s?/\s?15)?)(?:(?P<trend>{_TREND})|(?P<dash>\s?[-–]\s?))?"
    rf"(?P<high>(?(trend)\d{{1,2}}(?:\s?/\s?15)?|(?(dash)\d{{1,2}}(?:\s?/\s?15)?)))"
    rf"(?P<tube>\s?T\b)?(?![\d]|\.\d|/\d)",
    re.IGNORECASE,
)
_EYES = re.compile(
    r"(?<!\w)E\s?(?P<e>\w)[\s,]{0,2}V\s?(?P<v>\w{1,2}?)[\s,]{0,2}M\s?(?P<m>\w)(?!\w)"
    r"(?:\s?=\s?\d{1,2})?(?:\s?/\s?15)?",
    re.IGNORECASE,
)
_PAIN = re.compile(
    rf"{_START}(?P<low>{_DIGITS})(?:{_DASH}(?P<high>{_DIGITS}))?"
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
    rf"{_FILL}{_SIGN}(?P<low>\d{{1,3}}(?:\.\d)?)(?:(?P<trend>{_TREND})|(?P<dash>\s?[-–]\s?))?"
    r"(?P<high>(?(trend)\d{1,2}|(?(dash)\d{1,2})))"
    rf"(?P<of>\s?/\s?100?(?!\d)|\s+out\s+of\s+(?:100?|ten)\b|\s?mm\b)?(?(of)|{_NOT_UNIT})",
    re.IGNORECASE,
)


def _points(
    text: str, found: re.Match[str], measure: Measure, written: str = "", part: float = 1.0
) -> Iterator[Quantity]:
    """One reading, or the two that an arrow joins."""
    ends = [(found.span(group), found[group]) for group in ("low", "high") if found[group]]
    values = [float(re.match(r"[\d.]+", words)[0]) * part for _, words in ends]  # type: ignore[index]
    spans = [Span(*span) for span, _ in ends]
    if len(ends) == 2 and not found["trend"] and values[0] < values[1]:
        spans = [Span(spans[0].start, spans[1].end)]
        values = [values[0], values[1]]
        readings = [(spans[0], values[0], values[1])]
    else:
        readings = [(span, value, value) for span, value in zip(spans, values, strict=True)]
    for span, low, high in readings:
        quantity = _make(text, span, measure, low, high, measure.unit, written)
        if _plausible(quantity):
            yield quantity


def _read_coma(text: str) -> Iterator[_Reading]:
    for found in _EYES.finditer(text):
        parts = (found["e"], found["v"], found["m"])
        whole = Span(*found.span())
        known = all(part.isdigit() and 1 <= int(part) <= most for part, most in _most(parts))
        total = float(sum(int(part) for part in parts)) if known else 0.0
        quantity = Quantity(
            whole, Measure.COMA_SCALE, total, total, False, False, Measure.COMA_SCALE.unit, ""
        )
        yield whole, (quantity,) if known else ()
    for found in _COMA.finditer(text):
        yield (
            Span(*found.span()),
            () if found["tube"] else tuple(_points(text, found, Measure.COMA_SCALE)),
        )


def _most(parts: tuple[str, str, str]) -> Iterator[tuple[str, int]]:
    return zip(parts, (4, 5, 6), strict=True)


def _read_pain(text: str) -> Iterator[_Reading]:
    for found in _PAIN_NAMED.finditer(text):
        hundredth = "100" in (found["of"] or "") or "mm" in (found["of"] or "")
        part = 0.1 if hundredth else 1.0
        quantities = tuple(
            _points(text, found, Measure.PAIN_SCORE, (found["of"] or "").strip(), part)
        )
        yield Span(*found.span()), quantities
    for found in _PAIN.finditer(text):
        if _NO_PAIN.search(text, max(0, found.start() - 24), found.start()):
            yield Span(*found.span()), ()
            continue
        low = _number(found["low"])
        high = _number(found["high"]) if found["high"] else low
        span = Span(*found.span())
        quantity = _make(text, span, Measure.PAIN_SCORE, low, high, "points", "/10")
        yield span, (quantity,) if _plausible(quantity) else ()


# Age and gestation.

_UNIT_OF_AGE = r"(?:years?|yrs?|y|months?|mths?|mo|weeks?|wks?|days?|/(?:7|12|52))"
_SEX = r"(?:female|male|woman|man|lady|gentleman|girl|boy|primip\w*|multip\w*|parturient)\b"
_AGE = re.compile(
    rf"{_START}(?P<low>{_ANY})(?:{_DASH}(?P<high>{_ANY}))?[\s-]*(?:"
    rf"(?P<unit>{_UNIT_OF_AGE})[\s-]*(?:old|of\s+age)\b"
    rf"|(?P<years>y\.?\s?/?\s?o\.?(?:[fm]|ld)?(?!\w))"
    rf"|(?P<sexed>(?:y(?:ea)?rs?|y)?[\s-]*{_SEX}(?!\s+(?:patients|subjects))"
    r"|y(?:ea)?rs?\s?(?-i:[FM])(?!\w)))",
    re.IGNORECASE,
)
_AGED = re.compile(
    rf"(?<!\w)(?:aged?(?!\s+ago)|age\s+of)[\s:=]*(?:(?:is|was|of)\s+)?"
    rf"(?:(?:over|under|above|below|at\s+least|about)\s+|[<>≤≥~]=?\s?)?"
    rf"(?P<low>{_ANY})(?:{_DASH}(?P<high>{_ANY}))?(?:[\s-]?(?P<unit>{_UNIT_OF_AGE}))?(?!\w|/\d)",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"(?<!\w)(?:I'?m|I’m|I\s+am|(?:he|she|patient|pt|wife|husband|mother|daughter|son)"
    r"(?:\s+is|'s|’s))\s+(?:aged\s+)?"
    rf"(?P<low>{_ANY})(?=\s*(?:[,.;)]|$|(?:and|with|years?|yrs?|yo)\b))"
    r"(?:\s+(?P<unit>years?|yrs?)\b)?",
    re.IGNORECASE,
)
_BY_SEX = re.compile(rf"{_START}(?P<low>\d{{1,3}})\s?/?\s?[FM](?![\w/]|\s?[:=])")
_SEX_FIRST = re.compile(r"(?<![\w/])[FM]\s?/\s?(?P<low>\d{1,3})(?![\w/]|\.\d)")
_OPENING = re.compile(
    r"(?:^|(?<=[.\n?!])\s*)\s*(?P<low>\d{1,3})\s?-?(?:y|yr|yrs|years?)(?=\s*[,;]|\s+(?:with|post|day)\b)",
    re.IGNORECASE | re.MULTILINE,
)
_NO_AGE_AFTER = re.compile(
    r"\s*(?:ago|post|after|history|later|patients|subjects|since|/)", re.IGNORECASE
)
_GESTATION = re.compile(
    rf"{_START}(?P<weeks>\d{{1,2}})(?:\s?\+\s?(?P<days>[0-6])(?!\d))?(?:"
    r"[\s-]*(?:weeks?|wks?|w)(?:\s?\+?\s?(?P<rest>[0-6])\s?(?:days?|d)?)?[\s-]*"
    r"(?:pregnant|gestation\w*|of\s+(?:pregnancy|gestation)|GA\b|into\s+(?:the|her|my)\s+pregnancy)"
    r"|\s?/\s?40(?!\d))"
    rf"|{_START}(?P<plus>2\d|3\d|4[0-2])\+(?P<plus_days>[0-6])(?:\s?(?:weeks?|wks?|w)\b|(?!\w))"
    r"|(?<!\w)(?:gestation|pregnant)(?:\s+(?:of|at))?[\s:=,(]*(?P<named>\d{1,2})"
    r"(?:\s?\+\s?(?P<named_days>[0-6]))?\s?(?:weeks?|wks?|w|/40)\b",
    re.IGNORECASE,
)


def _read_age(text: str) -> Iterator[_Reading]:
    for pattern in (_AGE, _AGED, _PERSON, _OPENING, _SEX_FIRST):
        for found in pattern.finditer(text):
            groups = found.groupdict()
            if groups.get("sexed") and found["low"].isalpha():
                continue
            unit = (groups.get("unit") or "years").lower()
            start = found.start("low") if pattern is not _SEX_FIRST else found.start()
            yield from _age(text, found, Span(start, found.end()), unit)
    for found in _BY_SEX.finditer(text):
        first = not text[: found.start()].strip() or text[: found.start()].rstrip()[-1] in ".\n"
        if (first or 13 <= int(found["low"]) <= 94) and not _NO_AGE_AFTER.match(text, found.end()):
            yield from _age(text, found, Span(*found.span()), "years")


def _age(text: str, found: re.Match[str], span: Span, unit: str) -> Iterator[_Reading]:
    low = _number(found["low"])
    high = _number(found["high"]) if found.groupdict().get("high") else low
    name = {"/7": "day", "/12": "month", "/52": "week"}.get(unit, unit)
    written = found.groupdict().get("unit") or ""
    quantity = _make(text, span, Measure.AGE, min(low, high), max(low, high), name, written)
    if _plausible(quantity):
        yield quantity.span, (quantity,)


def _read_gestation(text: str) -> Iterator[_Reading]:
    for found in _GESTATION.finditer(text):
        weeks = found["weeks"] or found["plus"] or found["named"]
        days = found["days"] or found["rest"] or found["plus_days"] or found["named_days"] or "0"
        value = round(int(weeks) + int(days) / 7, 9)
        start = found.start(next(g for g in ("weeks", "plus", "named") if found[g]))
        span = Span(start, found.end())
        quantity = _make(text, span, Measure.GESTATION, value, value, "weeks", "weeks")
        if _plausible(quantity):
            yield quantity.span, (quantity,)


# Blood pressure, temperature and opening pressure.

_PRESSURE = re.compile(
    rf"{_START}(?P<sys>\d{{2,3}})(?:\s?[-–]\s?(?P<sys_high>\d{{2,3}}))?\s?/\s?"
    r"(?P<dia>\d{2,3})(?:\s?[-–]\s?(?P<dia_high>\d{2,3}))?(?P<unit>\s?mm\s?Hg)?(?![\d/]|\.\d|\w)",
    re.IGNORECASE,
)
_ONE_PRESSURE = re.compile(
    rf"(?<!\w)(?:(?P<dia>diastolic(?:\s+BP)?|DBP)|SBP|systolic(?:\s+BP)?|BP|blood\s+pressure){_FILL}"
    rf"{_SIGN}(?P<value>\d{{2,3}})(?P<unit>\s?mm\s?Hg)?(?!\w|\.\d|\s?/)"
    rf"|{_START}(?P<before>\d{{2,3}})(?P<unit_before>\s?mm\s?Hg)?\s+systolic\b",
    re.IGNORECASE,
)
_DEGREES = (
    r"(?:\s?[°º]\s?(?P<letter>[CF])?|\s?deg(?:rees)?\.?(?:\s?(?P<named>C|F|celsius|fahrenheit))?"
    r"|\s?(?P<alone>C|F|celsius|fahrenheit))?"
)
_TEMPERATURE = re.compile(
    r"(?<![\w-])(?:(?i:temp(?:erature)?s?|pyrexi\w*|(?:a|sub)?febrile|apyrexi\w*|fevers?"
    r"|spik(?:e[ds]?|ing)|t[\s-]?max)|T)\.?(?i:"
    rf"{_FILL}(?:\s*(?:temps?|(?:and|max|over|above|below|under|still)\b))?\s*)"
    rf"{_SIGN}(?P<low>{_DIGITS})(?:(?i:{_DASH})(?P<high>{_DIGITS}))?(?i:{_DEGREES})"
    rf"(?!\w|[/.]\d|(?i:\s?-?\s?(?:{_TIME}|mm|cm|mg|ml)\b))",
)
_BARE_TEMPERATURE = re.compile(
    r"(?P<before>^|[,;:(\n]\s*|\s[-–]\s+)(?P<low>(?:3[5-9]|4[0-2])[.,]\d)(?=\s*(?:[,;.)\n]|$)|\s+[A-Za-z])"
    rf"(?!\s?-?\s?(?:{_TIME}|{_OTHER}|units?)\b)(?!\.\d)",
    re.IGNORECASE,
)
_NAMED_BEFORE = re.compile(
    r"(?<!\w)(?:CRP|BMI|Hb|Hct|haematocrit|albumin|WCC|WBC|ALT|AST|ESR|A?PTT?|TT|glucose|lactate"
    r"|urea|creatinine|weight|wt|MCV|age|EF|BM|protein|ferritin|bilirubin|p?CO2|etCO2|fibrinogen"
    r"|platelets?|plts?|INR)[\s:=]*$",
    re.IGNORECASE,
)
_OPENING_PRESSURE = re.compile(
    r"(?<![\w-])(?:(?i:(?:opening|closing|CSF|lumbar)(?:\s+opening)?\s+pressures?|manometry)|OP)"
    rf"(?i:{_FILL}){_SIGN}(?P<low>{_DIGITS})(?:(?i:{_DASH})(?P<high>{_DIGITS}))?"
    rf"(?i:\s?(?P<unit>{_WATER}|mm\s?Hg|kPa|cms?|mms?))?(?!\w|[/.]\d|\s?%"
    rf"|(?i:\s?-?\s?(?:{_TIME}|mg|ml)\b))",
)


def _read_blood_pressure(text: str) -> Iterator[_Reading]:
    for found in _PRESSURE.finditer(text):
        named = re.search(
            rf"(?<!\w)(?:BP|blood\s+pressure|obs){_FILL}[<>≤≥~]?=?\s?$",
            text[max(0, found.start() - 40) : found.start()],
            re.IGNORECASE,
        )
        sure = named is not None or found["unit"] is not None
        systolic, diastolic = float(found["sys"]), float(found["dia"])
        if systolic <= diastolic or not (sure or (systolic >= 80 and diastolic >= 30)):
            continue
        written = (found["unit"] or "").strip()
        upper = _make(
            text,
            Span(found.start("sys"), found.end("sys_high" if found["sys_high"] else "sys")),
            Measure.SYSTOLIC,
            systolic,
            float(found["sys_high"] or systolic),
            "mmHg",
            written,
        )
        end, kind = found.end(), _bound_before(text, found.start(), Measure.SYSTOLIC)[1]
        if not kind and (after := _BOUND_AFTER.match(text, end)) and after.lastgroup:
            end, kind = after.end(), after.lastgroup
            upper = _bounded(upper, kind)
        lower = Quantity(
            Span(found.start("dia"), end),
            Measure.DIASTOLIC,
            diastolic,
            float(found["dia_high"] or diastolic),
            False,
            False,
            "mmHg",
            written,
        )
        if _plausible(upper) and _plausible(lower):
            yield Span(upper.span.start, end), (upper, _bounded(lower, kind))
    for found in _ONE_PRESSURE.finditer(text):
        group = "before" if found["before"] else "value"
        measure = Measure.DIASTOLIC if found["dia"] else Measure.SYSTOLIC
        value, unit = float(found[group]), found["unit"] or found["unit_before"] or ""
        span = Span(found.start(group), found.start(group) + len(found[group] + unit))
        quantity = _make(text, span, measure, value, value, "mmHg", unit.strip())
        if _plausible(quantity):
            yield Span(min(found.start(), quantity.span.start), found.end()), (quantity,)


def _read_temperature(text: str) -> Iterator[_Reading]:
    for found in _TEMPERATURE.finditer(text):
        letter = found["letter"] or found["named"] or found["alone"]
        values = [_number(found[g]) for g in ("low", "high") if found[g]]
        unit = _degrees(letter, values[0])
        span = Span(found.start("low"), found.end())
        written = text[found.end("high" if found["high"] else "low") : found.end()].strip()
        quantity = _make(text, span, Measure.TEMPERATURE, min(values), max(values), unit, written)
        if _plausible(quantity):
            yield Span(*found.span()), (quantity,)


def _read_bare_temperature(text: str) -> Iterator[_Reading]:
    for found in _BARE_TEMPERATURE.finditer(text):
        start = found.start("low")
        if _NAMED_BEFORE.search(text, max(0, start - 16), start):
            continue
        span, value = Span(start, found.end("low")), _number(found["low"])
        yield span, (_make(text, span, Measure.TEMPERATURE, value, value, "degC", ""),)


def _degrees(letter: str | None, value: float) -> str:
    if letter:
        return "degF" if letter[0] in "Ff" else "degC"
    return "degF" if 86 <= value <= 110 else "degC"


def _read_opening_pressure(text: str) -> Iterator[_Reading]:
    for found in _OPENING_PRESSURE.finditer(text):
        written = found["unit"] or ""
        values = [_number(found[g]) for g in ("low", "high") if found[g]]
        unit = {"c": "cmH2O", "m": "mmH2O"}.get(written[:1].lower(), "cmH2O")
        if _name_of(written) in ("mmHg", "kPa"):
            unit = written
        elif not written and max(values) > 60:
            unit = "mmH2O"
        span = Span(found.start("low"), found.end())
        quantity = _make(text, span, Measure.CSF_PRESSURE, min(values), max(values), unit, written)
        if _plausible(quantity):
            yield Span(*found.span()), (quantity,)


# "3/52": so many weeks.

_FRACTION = re.compile(
    rf"{_START}(?P<low>\d{{1,2}})(?:\s?[-–]\s?(?P<high>\d{{1,2}}))?\s?(?P<unit>/\s?(?:7|52|12))"
    r"(?![\d/.]\d|\d|/)(?!\s*(?:patients|women|men|cases|people|points|agree|studies))"
)
_NO_FRACTION = re.compile(
    r"(?<!\w)(?:BP|GCS|pain|scored?|scores|NRS|VAS|power|MRC|on|dated?|until|till|by|from|DOB|grade"
    r"|Bern|bSIH|apgars?|level|AMTS?|in)(?:\s+(?:of|is|was|score))*[\s:=]*$",
    re.IGNORECASE,
)
_FRACTIONS = {"7": ("day", 13), "52": ("week", 51), "12": ("month", 24)}


def _read_fraction(text: str) -> Iterator[_Reading]:
    for found in _FRACTION.finditer(text):
        name, most = _FRACTIONS[found["unit"].lstrip("/ ")]
        low = int(found["low"])
        high = int(found["high"] or low)
        if not 1 <= low <= high <= most:
            continue
        if _NO_FRACTION.search(text, max(0, found.start() - 20), found.start()):
            continue
        span = Span(*found.span())
        quantity = _make(text, span, Measure.DURATION, low, high, name, found["unit"])
        yield quantity.span, (quantity,)


# All together: the first reading of a place stands.

_READERS: tuple[Callable[[str], Iterator[_Reading]], ...] = (
    _read_nothing,
    _read_coma,
    _read_temperature,
    _read_opening_pressure,
    _read_gestation,
    _read_age,
    _read_pain,
    _read_blood_pressure,
    _read_fraction,
    _read_measured,
    _read_vague,
    _read_uncounted,
    _read_bare_temperature,
)


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


# A bare number after the name of what it measures.

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
    rf"|{_DIGITS}\s?{_TIME}\s+ago|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?)(?!\w)|[<>≤≥]=?)*",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?P<low>{_DIGITS})(?:\s?[-–]\s?(?P<high>{_DIGITS}))?"
    rf"(?:\s?(?P<unit>{_CELLS}|{_WATER}|{_OTHER})(?!\s?/\s?[^\W\d])|\s?(?P<k>k)"
    rf"|\s?(?P<unknown>{_UNKNOWN_UNIT}))?"
    rf"(?!\w|[\^]|/\d|\s?-?\s?{_TIME}\b)",
    re.IGNORECASE,
)
_CHANGED = re.compile(rf"\s*(?P<to>->|→|-->|to)\s*(?={_DIGITS})", re.IGNORECASE)


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
    return _after(text, found, measure)


def _after(text: str, found: re.Match[str], measure: Measure) -> Quantity | None:
    low = _number(found["low"])
    high = _number(found["high"]) if found["high"] else low
    written = found["unit"] or found["k"] or found["unknown"] or ""
    unit = measure.unit
    if found["unit"] or found["k"]:
        name = _name_of(written)
        of_unit = _MEASURES.get(name or "", Measure.NUMBER)
        if measure is Measure.CSF_PRESSURE and name in ("mm", "cm", "mmHg", "kPa"):
            of_unit, name = measure, {"mm": "mmH2O", "cm": "cmH2O"}.get(name, name)
        if name == "giga_per_litre" or name == "lakh_per_microlitre":
            of_unit = Measure.COUNT
        elif measure is Measure.NUMBER and of_unit is Measure.TEMPERATURE:
            return None
        if measure not in (Measure.NUMBER, of_unit):
            return None
        measure, unit = of_unit, name or ""
    elif found["unknown"] and measure is not Measure.NUMBER:
        return None
    elif measure is Measure.COUNT and low >= 1000:
        unit = "/µL"
    elif measure is Measure.CSF_PRESSURE and high > 60:
        unit = "mmH2O"
    elif measure is Measure.TEMPERATURE:
        unit = _degrees(None, low)
    span = Span(*found.span())
    quantity = _make(text, span, measure, min(low, high), max(low, high), unit, written)
    return quantity if _plausible(quantity) else None


# When.

_DAY = re.compile(
    r"(?<![\w/])(?:(?P<code>(?:POD|PPD|PND)\s?[#+-]?\s?|D\+?)(?P<number>\d{1,2})"
    r"(?:\s?[-–/]\s?(?P<to>\d{1,2}))?"
    r"|(?P<named>(?i:(?:post[\s-]?(?:op(?:erative)?|partum|natal|delivery|procedure)\s+)?days?\s?#?\s?))"
    rf"(?P<day>\d{{1,3}}|(?i:{_WORD}))(?:(?i:{_DASH})(?P<day_to>\d{{1,3}}))?"
    r"|(?P<nth>(?i:first|second|third|fourth|fifth|sixth|seventh)|\d{1,2}(?:st|nd|rd|th))"
    r"(?i:[\s-]+(?:post[\s-]?(?:op(?:erative)?|partum|natal)[\s-]+)day|[\s-]+day(?=\s+(?:post|after|following))))"
    r"(?![\w/%]|\.\d)"
)
_NTH = {w: i + 1 for i, w in enumerate("first second third fourth fifth sixth seventh".split())}
_NO_DAY_AFTER = re.compile(r"\s?[-–/]\s?[A-Z]?\d")
_NO_DAY = re.compile(r"(?:vit(?:amin)?\.?|per|every|each|level|[-–/])\s*$", re.IGNORECASE)
_MOMENT = re.compile(
    r"(?<!\w)(?:(?P<before_yesterday>(?:the\s+)?day\s+before\s+yesterday)|(?P<yesterday>yesterday)"
    r"|(?P<today>(?:earlier\s+)?today|(?:earlier\s+)?this\s+(?:morning|afternoon|evening))"
    r"|(?P<last_night>last\s+night|overnight)"
    r"|(?P<last_week>(?<!the\s)last\s+week)|(?P<last_month>(?<!the\s)last\s+month)"
    r"|(?P<last_year>(?<!the\s)last\s+year)|(?P<other_day>the\s+other\s+day)"
    r"|(?P<weekday>(?:(?:last|on)\s+|(?<=\bsince\s))(?:mon|tues|wednes|thurs|fri|satur|sun)day))(?!\w)",
    re.IGNORECASE,
)
_MOMENTS = {
    "before_yesterday": (48.0, 48.0),
    "yesterday": (24.0, 24.0),
    "today": (0.0, 24.0),
    "last_night": (12.0, 12.0),
    "last_week": (168.0, 336.0),
    "last_month": (730.5, 1461.0),
    "last_year": (8766.0, 17532.0),
    "other_day": (24.0, 168.0),
    "weekday": (0.0, 168.0),
}


def find_moments(text: str) -> tuple[Quantity, ...]:
    """Every word for a time before now, as the hours since: "yesterday", "POD 3", "last week".

    "Last night" is 12 h, "yesterday" 24 h, a numbered day that many times 24 h, and a weekday any
    time within the week.
    """
    return tuple(sorted((*_named(text), *find_days(text)), key=lambda quantity: quantity.span))


def _named(text: str) -> Iterator[Quantity]:
    for found in _MOMENT.finditer(text):
        assert found.lastgroup is not None
        low, high = _MOMENTS[found.lastgroup]
        span = Span(*found.span())
        yield Quantity(span, Measure.DURATION, low, high, False, False, "h", found[0])


def find_days(text: str) -> Iterator[Quantity]:
    """The moments that are numbered days: "POD 3", "day 2", "D4"."""
    for found in _DAY.finditer(text):
        if _NO_DAY.search(text, max(0, found.start() - 10), found.start()):
            continue
        if _NO_DAY_AFTER.match(text, found.end()):
            continue
        if found["nth"]:
            nth = found["nth"].lower()
            low = high = _NTH.get(nth) or int(nth[:-2])
        elif found["code"]:
            low = int(found["number"])
            high = int(found["to"] or low)
        else:
            low = int(_number(found["day"]))
            high = int(found["day_to"] or low)
        span = Span(*found.span())
        written = found["code"] or found["named"] or found[0]
        yield Quantity(
            span, Measure.DURATION, 24.0 * low, 24.0 * high, False, False, "h", written.strip()
        )
