"""The times of a text in their sentences, and how far each of them can look around."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.language.elapsed.clock import find_clock_times
from assistant.language.quantities.finding import find_quantities
from assistant.language.quantities.moments import find_days, find_moments
from assistant.language.quantities.quantity import Measure, Quantity
from assistant.spans import Span

_BREAK = re.compile(r"(?<!approx)(?<!\bhrs)(?<!\bvs)(?<!\bwks)[.!?]+(?=\s|$)|[;\n]", re.IGNORECASE)
_LIST = re.compile(r"\s*(?:,|/|,?\s*or)\s*")


class Kind(StrEnum):
    """A length of time ("3 days"), a time before now ("yesterday"), or a numbered day ("POD 3")."""

    LENGTH = "length"
    PAST = "past"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Time:
    """A quantity with its sentence, between where the one before ends and the next begins.

    Of a list ("1 h, 2 h or 3 days") every time has the ``lead`` of the first, where it begins.
    """

    quantity: Quantity
    kind: Kind
    sentence: Span
    left: int
    right: int
    lead: int
    listed: bool

    @property
    def start(self) -> int:
        return self.quantity.span.start

    @property
    def end(self) -> int:
        return self.quantity.span.end


def find_times(text: str) -> list[Time]:
    """Every time of the text, in order."""
    found = _find_all(text)
    times: list[Time] = []
    for i, (quantity, kind) in enumerate(found):
        sentence = find_sentence(text, quantity.span)
        left = times[-1].end if times else 0
        right = found[i + 1][0].span.start if i + 1 < len(found) else len(text)
        lead, listed = quantity.span.start, False
        if times and _LIST.fullmatch(text, left, lead):
            listed = True
            times[-1] = replace(times[-1], listed=True)
            left, lead = times[-1].left, times[-1].lead
        left, right = max(left, sentence.start), min(right, sentence.end)
        times.append(Time(quantity, kind, sentence, left, right, lead, listed))
    return times


def _find_all(text: str) -> list[tuple[Quantity, Kind]]:
    found = [
        (quantity, Kind.LENGTH)
        for quantity in find_quantities(text)
        if quantity.measure is Measure.DURATION
    ]
    found += [(quantity, Kind.PAST) for quantity in find_clock_times(text)]
    days = set(find_days(text))
    found += [
        (moment, Kind.DAY if moment in days else Kind.PAST)
        for moment in find_moments(text)
        if not any(moment.span.overlaps(quantity.span) for quantity, _ in found)
    ]
    return sorted(found, key=lambda pair: pair[0].span)


def find_sentence(text: str, span: Span) -> Span:
    """The sentence, or the part of one before a semicolon or a new line, that holds the span."""
    start, end = 0, len(text)
    for found in _BREAK.finditer(text):
        if found.end() <= span.start:
            start = found.end()
        elif found.start() >= span.end:
            end = found.start()
            break
    return Span(start, end)
