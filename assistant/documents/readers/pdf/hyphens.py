"""Is a hyphen at the end of a line the word's own ("post-dural"), or only there for the line?"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from assistant.documents.readers.pdf.words import SOFT_HYPHEN

_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*(?![\w\x02\ufffe-])")
_LAST = re.compile(r"(?<![^\W_])([^\W\d_]+)[-\u2010]$")
_FIRST = re.compile(r"[^\W\d_]+")
# Prefixes that medicine mostly writes with a hyphen before a word that is rare together.
_HYPHENATED = frozenset(
    "post non self anti pre ex all well half cross low high mid long short co semi quasi".split()
)


@lru_cache(maxsize=1)
def _dictionary() -> Mapping[str, int]:
    from spellchecker import SpellChecker

    found: Mapping[str, int] = SpellChecker().word_frequency.dictionary
    return found


def count_words(text: str) -> Counter[str]:
    """The words of a page's text, small; those that a line's end cuts are left out."""
    return Counter(found[0].lower() for found in _WORDS.finditer(text))


def breaks_word(before: str, after: str, seen: Mapping[str, int]) -> bool:
    """Whether ``before``, which ends a line with a hyphen, and ``after`` are one word without it.

    ``seen`` are the document's own words: how it writes the word elsewhere decides first.
    """
    if before.endswith(SOFT_HYPHEN):
        return True
    last, first = _LAST.search(before), _FIRST.match(after)
    if last is None or first is None or not first[0][0].islower():
        return False
    if len(last[1]) > 1 and last[1].isupper():
        return False
    head, tail = last[1].lower(), first[0].lower()
    whole, parted = seen.get(head + tail, 0), seen.get(f"{head}-{tail}", 0)
    if whole or parted:
        return whole >= parted
    known = _dictionary()
    if head + tail in known:
        return True
    if head in _HYPHENATED:
        return False
    return not (head in known and tail in known)
