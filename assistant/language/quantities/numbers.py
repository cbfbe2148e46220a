"""Numbers in digits ("1,5", "90,000", "1½") and in words ("twenty-four")."""

import re

DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:[.,]\d+)?(?:\s?½)?|½)"
_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: i + 1.0 for i, word in enumerate(_ONES.split())}
_WORDS |= {word: 10.0 * (i + 2) for i, word in enumerate(_TENS.split())}
WORD = (
    rf"(?:(?:{_TENS.replace(' ', '|')})(?:[-\s](?:{'|'.join(_ONES.split()[:9])})\b)?"
    rf"|{_ONES.replace(' ', '|')})\b"
)
NUMBER = rf"(?:{DIGITS}|{WORD})"
START = r"(?-i:(?<![\w/:^.])(?<!\d,)(?<![A-Za-z]\d[-–]))"
DASH = r"\s*(?:[-–—]|to\b|or\b)\s*"


def read_number(words: str) -> float:
    """The value of a number as ``NUMBER`` reads it."""
    plain = words.casefold()
    if plain[0].isalpha():
        return sum(_WORDS[word] for word in re.split(r"[-\s]+", plain))
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", plain):
        return float(plain.replace(",", ""))
    half = 0.5 if plain.endswith("½") else 0.0
    return float(plain.rstrip("½ ").replace(",", ".") or 0) + half


def read_numbers(found: re.Match[str]) -> list[float]:
    """The numbers of the groups ``low`` and ``high``, of those that there are."""
    groups = found.groupdict()
    return [read_number(groups[group]) for group in ("low", "high") if groups.get(group)]
