"""Every number of a statement with its unit, range and bound, so that two can be compared.

Written otherwise it is the same figure: "two hours", "120 min" and "2 h"; "up to" and "at most".
Unlike ``find_quantities``, which looks for what a note tells of a patient, nothing that is a number
is passed over here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.language.quantities.bounds import find_bound
from assistant.language.quantities.measured import MEASURES
from assistant.language.quantities.numbers import WORD, read_number
from assistant.language.quantities.patterns import TIME, UNIT, UNIT_END
from assistant.language.quantities.quantity import Measure
from assistant.language.units import convert, name_unit
from assistant.spans import Span


@dataclass(frozen=True, slots=True)
class Figure:
    """The values from ``low`` to ``high`` in ``unit``; ``span`` covers the words that bound it.

    ``code`` is set instead of values where the number names something ("7.2.1"). ``total`` is the
    second number of "4 of 374". ``written`` is the unit as the text has it.
    """

    span: Span
    low: float
    high: float
    unit: str
    bound: str = ""
    code: str = ""
    total: float | None = None
    written: str = ""

    def says(self, other: "Figure") -> bool:
        """Whether the other says the same, however it is written."""
        return (
            (self.unit, self.bound, self.code) == (other.unit, other.bound, other.code)
            and _same(self.low, other.low)
            and _same(self.high, other.high)
            and (self.total is None or self.total == other.total)
        )


def _same(value: float, other: float) -> bool:
    return abs(value - other) <= 1e-6 * max(abs(value), abs(other), 1e-9)


_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?½?|½)"
_NUMBER = rf"(?:{_DIGITS}|{WORD})"
_CODE = re.compile(r"(?<![\w.])\d+(?:\.\d+){2,}(?![\w])")
_PER = r"(?:\s?%|\s+per\s?cent\b|\s+percent\b)"
_UNITS = (
    rf"(?:{_PER}|\s?-?\s?(?:{UNIT}(?:\s?/\s?kg)?|{TIME}){UNIT_END}|\s+(?:mm|cm)\s+CSF\b|-point\b"
    r"|\s+(?:points?|million|thousand)\b)"
)
_TO = r"\s*(?:-|–|—|\bto\b)\s*"
_FIGURE = re.compile(
    r"(?<![\w.])(?:(?P<thirds>(?:one|two|a)[\s-]thirds?\b)"
    r"|(?P<quarters>(?:a|one|three)[\s-]quarters?\b)|(?P<half>\bhalf\b)"
    r"|(?P<a>\ban?)\s+(?P<a_unit>hour|day|week|month|year|minute)\b"
    rf"|(?P<between>between\s+)?(?P<low>{_NUMBER})(?P<low_unit>{_UNITS})?"
    rf"(?:(?(between)\s+and\s+|{_TO})(?P<high>{_NUMBER}))?(?P<unit>{_UNITS})?)",
    re.IGNORECASE,
)
_DAY_BEFORE = re.compile(r"\b(?P<unit>day|week|month|year)\s+$", re.IGNORECASE)
_PER_BEFORE = re.compile(r"(?:\bper|/)\s*$", re.IGNORECASE)
_PER_AFTER = re.compile(rf"\s+(?:per|in\s+every)\s+(?P<n>{_DIGITS})(?![\w.])", re.IGNORECASE)
_TOTAL = re.compile(rf"\s+(?:out\s+of|of|in)\s+(?:the\s+)?(?P<n>{_NUMBER})(?![\w.%]|\s?%)", re.I)
_SHARES = re.compile(r"^\s*(?:,|or|and|against|,\s*(?:or|and))\s+$", re.IGNORECASE)
_RATE_BEFORE = re.compile(r"(?:\d|\bmg|\bmL|\bkg|times|once|twice|cups|doses?|hours?)\s*$", re.I)
_PRONOUN = re.compile(
    r"\s*(?:$|[.,;:)]|\b(?:that|which|who|between|is|was|has|had|may|can|should|of|after|when)\b)"
)


def find_figures(text: str, taken: frozenset[int] = frozenset()) -> tuple[Figure, ...]:
    """Every figure in order; none begins at a place that is ``taken``, as by a name."""
    figures: list[Figure] = []
    for code in _CODE.finditer(text):
        if code.start() not in taken:
            figures.append(Figure(Span(*code.span()), 0, 0, "", code=code[0]))
    used = {at for figure in figures for at in range(figure.span.start, figure.span.end)}
    for found in _FIGURE.finditer(text):
        number = found.start("low") if found["low"] else found.start()
        if number in taken or number in used or found.start() in used:
            continue
        figure = _read(text, found)
        if figure is not None:
            figures.append(figure)
    return tuple(_share_units(text, sorted(figures, key=lambda figure: figure.span)))


def _read(text: str, found: re.Match[str]) -> Figure | None:
    if found["half"]:
        return _bounded(text, Span(*found.span()), 50.0, 50.0, "%")
    if found["thirds"] or found["quarters"]:
        parts = 3 if found["thirds"] else 4
        count = {"a": 1, "one": 1, "two": 2, "three": 3}[re.split(r"[\s-]", found[0].casefold())[0]]
        unit = "third" if parts == 3 else "%"
        value = float(count) if parts == 3 else 25.0 * count
        return _bounded(text, Span(*found.span()), value, value, unit)
    if found["a"]:
        if _RATE_BEFORE.search(text, 0, found.start()):
            return None
        value, unit = _canonical(1.0, found["a_unit"])
        return _bounded(text, Span(*found.span()), value, value, unit)
    return _read_number(text, found)


def _read_number(text: str, found: re.Match[str]) -> Figure | None:
    alone = not (found["high"] or found["low_unit"] or found["unit"])
    if alone and found["low"].casefold() == "one" and _PRONOUN.match(text, found.end()):
        return None
    span = Span(*found.span())
    written = (found["unit"] or found["low_unit"] or "").strip(" -")
    low = read_number(found["low"])
    high = read_number(found["high"]) if found["high"] else low
    day = _DAY_BEFORE.search(text, 0, span.start)
    if not written and day:
        written = day["unit"]
    per = None if written else _PER_AFTER.match(text, span.end)
    if _PER_BEFORE.search(text, 0, span.start) and not written:
        return None
    low, unit = _canonical(low, (found["low_unit"] or "").strip(" -") or written)
    high, unit = _canonical(high, written)
    if per:
        unit, span = f"per {read_number(per['n']):g}", Span(span.start, per.end())
    figure = replace(_bounded(text, span, low, high, unit), written=written)
    total = None if written or per or found["high"] else _TOTAL.match(text, span.end)
    return replace(figure, total=read_number(total["n"])) if total else figure


def _bounded(text: str, span: Span, low: float, high: float, unit: str) -> Figure:
    measure = Measure.DURATION if unit == Measure.DURATION.unit else Measure.NUMBER
    whole, bound = find_bound(text, span, measure)
    return Figure(whole, low, high, unit, bound)


def _canonical(value: float, written: str) -> tuple[float, str]:
    """The value in the unit that all of its kind are compared in."""
    plain = written.casefold().strip(" -")
    if re.fullmatch(r"%|per\s?cent", plain):
        return value, "%"
    if plain.endswith("kg") and "/" in plain:
        return value, re.sub(r"\s", "", plain)
    name = name_unit(written)
    if name == "gram" and written == "G":
        name = "gauge"
    if name == "point":
        return value, ""
    if name in MEASURES:
        unit = MEASURES[name].unit
        return convert(value, name, unit), unit
    return value, plain


def _share_units(text: str, figures: Sequence[Figure]) -> Iterator[Figure]:
    """With the unit of the last of a list given to those before it: "15, 20 or 30 mL"."""
    shared: list[Figure] = []
    for figure in reversed(figures):
        bare = not figure.unit and not figure.code and figure.total is None
        later = shared[-1] if shared else None
        if (
            bare
            and later is not None
            and later.unit not in ("", "%")
            and _SHARES.match(text[figure.span.end : later.span.start])
        ):
            figure = _converted(figure, later)
        shared.append(figure)
    yield from reversed(shared)


def _converted(figure: Figure, later: Figure) -> Figure:
    """The figure in the unit that the later one is written in."""
    low, unit = _canonical(figure.low, later.written)
    high, _ = _canonical(figure.high, later.written)
    return replace(figure, low=low, high=high, unit=unit, written=later.written)
