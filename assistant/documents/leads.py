"""Lines that mean little alone: "Look for:" leads to what follows, "Or" stands between two."""

import re

# A colon, perhaps with the marks of bold type after it, and perhaps with reference numbers.
_LEADING = re.compile(
    r":[\"'”’*_)]{0,3}\.?(?=(?:\s*\[?\d{1,3}\]?(?:\s?[-–,]\s?\[?\d{1,3}\]?){0,20})?\s*$)"
)
_ENDING = 100
_CONNECTIVE = re.compile(
    r"\W*(?:and/or|and|or|plus|then|either|also|with|add|alternatively)\W*$", re.IGNORECASE
)


def lead_end(words: str) -> int | None:
    """Where a lead such as "Look for: 1, 4" ends, before the numbers; ``None`` for other lines."""
    ending = words[-_ENDING:]
    found = _LEADING.search(ending)
    return None if found is None else len(words) - len(ending) + found.end()


def is_connective(words: str) -> bool:
    """Whether the words are no more than "Or" or "Plus:"."""
    return _CONNECTIVE.match(words) is not None
