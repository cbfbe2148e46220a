"""What looks like a quantity and is none: dates, clock times, vertebrae, how often."""

import re
from collections.abc import Iterator

from assistant.language.quantities.making import Reading
from assistant.language.quantities.numbers import DASH, NUMBER, START
from assistant.language.quantities.patterns import TIME
from assistant.spans import Span

_NO_QUANTITY = re.compile(
    rf"(?<![\d/])\d{{1,4}}(?P<sep>[/.-])\d{{1,2}}(?P=sep)\d{{2,4}}(?![\d/])"
    rf"|(?<!\d)\d{{1,2}}:\d{{2}}(?:\s?(?:h|hrs|hours|[ap]\.?m)\b)?"
    rf"|{START}(?:(?:[01]\d|2[0-3])[0-5]\d\s?(?:h(?:ou)?rs?|h)\b|\d{{1,2}}(?:[.:]\d\d)?\s?[ap]\.?m\b"
    rf"|24/7\b|{NUMBER}[\s-]?hourly\b)"
    rf"|(?<!\w)[CTLS]\d{{1,2}}(?:\s?[/–-]\s?[CTLS]?\d{{1,2}})+(?!\d)"
    rf"|(?<!\w)(?:every|each|q)\s?{NUMBER}(?:{DASH}{NUMBER})?\s?-?\s?{TIME}\b",
    re.IGNORECASE,
)


def read_excluded(text: str) -> Iterator[Reading]:
    """Each of them, with no quantity."""
    for found in _NO_QUANTITY.finditer(text):
        yield Span(*found.span()), ()
