"""The Glasgow coma scale: "E4V4M5", "GCS 13/15", "GCS stable at 14", "GCS 15 -> 11"."""

import re
from collections.abc import Iterator

from assistant.language.quantities.making import Reading, make_quantity
from assistant.language.quantities.patterns import FILLER, SIGN, TREND
from assistant.language.quantities.quantity import Measure, Quantity
from assistant.spans import Span

_EYES = re.compile(
    r"(?<!\w)E\s?(?P<e>\w)[\s,]{0,2}V\s?(?P<v>\w{1,2}?)[\s,]{0,2}M\s?(?P<m>\w)(?!\w)"
    r"(?:\s?=\s?\d{1,2})?(?:\s?/\s?15)?",
    re.IGNORECASE,
)
_MOST = (4, 5, 6)

_COURSE = (
    r"(?<!\w)(?:stable|steady|static|constant|unchanged|still|stay(?:s|ed)|remaining|maintained"
    r"|declin(?:ed|ing)|deteriorat(?:ed|ing)|decreas(?:ed|ing)|worsen(?:ed|ing)|improv(?:ed|ing)"
    r"|rose|risen|rising|recovered)\b"
)
_SCORE = r"\d{1,2}(?:\s?/\s?15)?"
_SCORES = re.compile(_SCORE)
_FROM = re.compile(r"\bfrom\b", re.IGNORECASE)
_COMA = re.compile(
    r"(?<!\w)(?:GCS|Glasgow\s+coma\s+(?:scale|score)|coma\s+(?:scale|score))"
    rf"(?P<course>(?:{FILLER}|{_COURSE}){{0,12}})(?P<earlier>(?:{SIGN}{_SCORE}{TREND})*)"
    rf"{SIGN}(?P<last>{_SCORE}(?:(?P<dash>\s?[-–]\s?){_SCORE})?)(?P<tube>\s?T\b)?"
    r"(?!\d|\.\d|/\d|\s?-?(?:hours|hrs?|h|minutes|mins|days|weeks|months)(?![\w/]))",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"[^.;\n]{0,30}?(?:,|\band|\bbut|\bthen)\s+(?:it\s+)?(?:(?:is|has|now|later|currently|dropped|fell"
    r"|fallen|down|to|was|at\s+\d{1,2}[:.]?\d{2})\s+){1,4}"
    r"(?P<score>\d{1,2}(?:\s?/\s?15)?)(?!\d|[.:/]\d|\s?-?(?:h|m|d|w|%|°)\w*)",
    re.IGNORECASE,
)


def read_coma(text: str) -> Iterator[Reading]:
    """Every score: its three parts, or the last of its course. A patient with a tube has none."""
    for found in _EYES.finditer(text):
        span = Span(*found.span())
        total = _add_up(found["e"], found["v"], found["m"])
        if total is None:
            yield span, ()
        else:
            yield span, (Quantity.closed(span, Measure.COMA_SCALE, total, total, ""),)
    for found in _COMA.finditer(text):
        quantity = None if found["tube"] else _read_course(text, found)
        later = _read_later(text, found.end()) if quantity else None
        yield Span(*found.span()), (quantity,) if quantity and not later else ()
        if later:
            yield later.span, (later,)


def _add_up(*parts: str) -> float | None:
    """The sum of eyes, voice and movement; None where one was not or cannot be so scored."""
    known = all(
        part.isdecimal() and 1 <= int(part) <= most for part, most in zip(parts, _MOST, strict=True)
    )
    return float(sum(map(int, parts))) if known else None


def _read_course(text: str, found: re.Match[str]) -> Quantity | None:
    """ "15 -> 13 -> 11" has come to 11; "13-15", and "13 to 15" unless it is "from", is a range."""
    readings = [
        (Span(*score.span()), [float(score[0].split("/")[0])])
        for score in _SCORES.finditer(text, found.start("earlier"), found.end("last"))
    ]
    if len(readings) > 1:
        (first, low), (last, high) = readings[-2:]
        joined = text[first.end : last.start].strip().casefold()
        rises = joined == "to" and low < high and not _FROM.search(found["course"])
        if found["dash"] or rises:
            readings.append((Span(first.start, last.end), low + high))
    for span, points in reversed(readings):
        unit = Measure.COMA_SCALE.unit
        quantity = make_quantity(text, span, Measure.COMA_SCALE, points, unit, "")
        if quantity:
            return quantity
    return None


def _read_later(text: str, end: int) -> Quantity | None:
    """The score that it came to: "GCS was 15 at noon and is 12 now"."""
    latest, at = None, end
    while found := _LATER.match(text, at):
        at = found.end()
        points = float(found["score"].split("/")[0])
        span = Span(*found.span("score"))
        latest = make_quantity(
            text, span, Measure.COMA_SCALE, [points], Measure.COMA_SCALE.unit, ""
        )
    return latest
