"""Bullets that say only for whom the next ones are: "Adult", "Child:", "1 - 5 years"."""

import re

_PATIENTS = re.compile(
    r"(?:adults?|child(?:ren)?|neonates?|newborns?|infants?|elderly|adolescents?|paediatrics?"
    r"|pediatrics?|women|men|pregnan(?:t women|cy))\b",
    re.IGNORECASE,
)
_ALL_PATIENTS = re.compile(rf"{_PATIENTS.pattern}(?:\s*\([^)]*\))?\s*[:–-]?\s*$", re.IGNORECASE)
_AGE = re.compile(
    r"(?:(?:over|under|above|below|up to|less than|more than|from|aged?|[<>≤≥])\s*)?"
    r"(?:\d+|one|I)\s*(?:(?:[-–]|to)\s*\d+\s*)?"
    r"(?:(?:years?|yrs?|months?|mths?|weeks?|days?|kg|y|m)\b.{0,3})?"
    r"(?:(?:[-–]|to)\s*\d+\s*)?(?:years?|yrs?|months?|weeks?|days?|kg)\b",
    re.IGNORECASE,
)


def names_patients(words: str) -> bool:
    """Whether the words begin with a group of patients."""
    return _PATIENTS.match(words) is not None


def names_only_patients(words: str) -> bool:
    """Whether there is nothing but the group, so that what it gets is said below."""
    return _ALL_PATIENTS.match(words) is not None


def names_age(words: str) -> bool:
    """Whether the words begin with an age or a weight."""
    return _AGE.match(words) is not None
