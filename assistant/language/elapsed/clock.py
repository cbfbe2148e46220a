"""Times of day, held against the one that the text calls now: "given at 06:00, now 14:00"."""

import re
from collections.abc import Iterator

from assistant.language.quantities.quantity import Measure, Quantity
from assistant.spans import Span

_CLOCK = (
    r"(?:(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)(?!\d|\s?%)(?:\s?h(?:rs)?\b)?(?:\s?(?P<half>[ap])\.?m\b)?"
    r"|(?P<hour>1[0-2]|[1-9])\s?(?P<of>[ap])\.?m\b)"
)
_CLOCK_TIME = re.compile(
    rf"(?P<now>(?<!\w)(?:now|currently)(?:\s+(?:it[’']?s|is|at))?\s+)?"
    rf"(?:(?<=\bat\s)|(?<=\bgiven\s)|(?<=\bdose\s)|(?<=\bnow\s)|(?<=\bis\s)|(?<=[’']s\s))"
    rf"(?<![\d.:]){_CLOCK}",
    re.IGNORECASE,
)
_OTHER_DAY = re.compile(r"(?<!\w)(?:tonight|tomorrow|yesterday|booked|list|on\s+\w+day)\b", re.I)


def find_clock_times(text: str) -> Iterator[Quantity]:
    """The hours from each time of day to the one that the text calls now, within one day.

    "Given at 06:00, now 14:00" is 8 h. Nothing where the text does not say what time it is now.
    """
    times = [
        (found, _minutes(found), found["now"] is not None) for found in _CLOCK_TIME.finditer(text)
    ]
    now = [minutes for _, minutes, is_now in times if is_now]
    if len(now) != 1:
        return
    for found, minutes, is_now in times:
        if is_now or _OTHER_DAY.search(text, max(0, found.start() - 24), found.end()):
            continue
        hours = round((now[0] - minutes) % 1440 / 60, 9)
        span = Span(*found.span())
        yield Quantity.closed(span, Measure.DURATION, hours, hours, found[0])


def _minutes(found: re.Match[str]) -> int:
    hour, half = int(found["h"] or found["hour"]), (found["half"] or found["of"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return 60 * hour + int(found["m"] or 0)
