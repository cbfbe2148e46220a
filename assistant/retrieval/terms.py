"""Text → index terms: words in lower case without stop words, stemmed (Snowball English)."""

import re
from collections.abc import Mapping
from functools import lru_cache
from math import log10
from typing import Protocol

_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+", re.UNICODE)

# Words too common to tell passages apart. Negations are kept: "no", "not", "without" carry meaning.
STOP_WORDS = frozenset(
    "a about above after again against all also am an and any are as at be because been before "
    "being below between both but by can could did do does doing during each either etc few for "
    "from further had has have having he her here hers him his how i if in into is it its itself "
    "just me more most my of off on once only or other our out over own per same she should so "
    "some such than that the their them then there these they this those through to too under "
    "until up upon us very was we were what when where which while who whom whose why will with "
    "would you your".split()
)


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802


@lru_cache(maxsize=1)
def _stemmer() -> _Stemmer:
    import Stemmer

    stemmer: _Stemmer = Stemmer.Stemmer("english")
    return stemmer


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    return _stemmer().stemWord(word)


# Words as frequent as this in English films say nothing special; ten thousand times rarer ones do.
_COMMON, _RARE = 5.5, 2.5


@lru_cache(maxsize=1)
def _frequencies() -> Mapping[str, int]:
    from spellchecker import SpellChecker

    found: Mapping[str, int] = SpellChecker().word_frequency.dictionary
    return found


@lru_cache(maxsize=200_000)
def _rarity(word: str) -> float:
    common = log10(_frequencies().get(word, 0) + 1)
    return min(1.0, max(0.05, (_COMMON - common) / (_COMMON - _RARE)))


def rarities(text: str) -> dict[str, float]:
    """How rare each index term of the text is in everyday English, from 0.05 to 1."""
    found: dict[str, float] = {}
    for match in _WORD.finditer(text):
        word = match.group().lower()
        if word not in STOP_WORDS:
            term = _stem(word)
            found[term] = max(found.get(term, 0.0), _rarity(word))
    return found


def split_terms(text: str) -> list[str]:
    """The text's index terms, in order, repeats kept."""
    words = (match.group().lower() for match in _WORD.finditer(text))
    return [_stem(word) for word in words if word not in STOP_WORDS]
