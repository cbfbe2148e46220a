"""The words around a number that make it a bound: "more than", "up to", "or so", "72+ h"."""

import re
from dataclasses import replace

from assistant.language.quantities.quantity import Measure, Quantity
from assistant.spans import Span

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
    r"(?:\d|[)>%]|→|\b(?:develop\w*|wors\w*|deteriorat\w*|improv\w*|increas\w*|decreas\w*|drop\w*"
    r"|f[ae]ll\w*|r[io]se\w*|progress\w*|given|infus\w*|gradual\w*|slow\w*|settl\w*|resolv\w*"
    r"|came on|built? up|evolv\w*|mgs?|mls?|grams?))\s*$",
    re.IGNORECASE,
)
_BOUND_AFTER = re.compile(
    r"(?P<least>\s?\+(?!\s?\d)|\s+or\s+(?:more|longer|over|above|greater|older|higher)\b)"
    r"|(?P<most>\s+or\s+(?:less|fewer|under|younger|below|lower|shorter)\b"
    r"|\s+(?:max(?:imum)?|at\s+(?:the\s+)?most)\b(?!\s+(?:depth|thickness|diameter|width|height)))"
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


def find_bound(text: str, span: Span, measure: Measure) -> tuple[Span, str]:
    """The number at ``span`` with the words that bound it, and the kind of bound, or ""."""
    start, kind = _find_before(text, span.start, measure)
    end = span.end
    if not kind and (after := _BOUND_AFTER.match(text, end)) and after.lastgroup:
        end, kind = after.end(), after.lastgroup
    return Span(start, end), kind


def _find_before(text: str, start: int, measure: Measure) -> tuple[int, str]:
    """Where the words before begin; "over 3 days" bounds nothing where something took so long."""
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


def bounded(quantity: Quantity, kind: str) -> Quantity:
    """The quantity, with both its ends until now, as the kind of bound leaves it."""
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
            return replace(quantity, low_open=True, high=None)
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
