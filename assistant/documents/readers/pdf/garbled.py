"""Text that a font without a map to letters gives: not words, whatever it looks like on paper."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.documents.readers.pdf.words import UNKNOWN_LETTER, Word

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage

_SAMPLED = 200
_MOST_UNMAPPED = 0.3
_MOST_UNKNOWN = 0.1
_LEAST_LETTERS = 60
_VOWELS = re.compile(r"[aeiouyàâäáãåæèéêëìíîïòóôöõøùúûü]", re.IGNORECASE)
_LATIN = re.compile(r"[a-zà-öø-ÿ]", re.IGNORECASE)
# European languages have a share of about 0.36 to 0.5.
_FEWEST_VOWELS, _MOST_VOWELS = 0.22, 0.62
_BULLETS = frozenset("\uf0b7\uf0a7")
WHY = "its font does not say which letters it shows"


def share_unmapped(text_page: "PdfTextPage") -> float:
    """How much of the page's text PDFium could only guess, from 0 to 1."""
    from pypdfium2 import raw

    count = text_page.count_chars()
    sampled = range(0, count, max(count // _SAMPLED, 1))
    guessed = sum(raw.FPDFText_HasUnicodeMapError(text_page.raw, index) == 1 for index in sampled)
    return float(guessed / max(len(sampled), 1))


def is_garbled(words: Sequence[Word], unmapped: float) -> bool:
    """Whether a page's words are no text: guessed, unknown or private letters, or hardly a vowel.

    ``unmapped`` is the share that was guessed.
    """
    if unmapped > _MOST_UNMAPPED:
        return True
    text = "".join(word.text for word in words if word.text not in _BULLETS)
    if not text:
        return False
    unknown = sum(
        character == UNKNOWN_LETTER or "\ue000" <= character <= "\uf8ff" or ord(character) < 0x20
        for character in text
    )
    if unknown > _MOST_UNKNOWN * len(text):
        return True
    latin = len(_LATIN.findall(text))
    if latin < _LEAST_LETTERS or latin < 0.3 * len(text):
        # Cryptic signs instead of letters; other scripts have letters of their own.
        letters = sum(character.isalpha() for character in text)
        return (
            len(text) > 4 * _LEAST_LETTERS
            and letters < 0.25 * len(text)
            and not any(character.isdigit() for character in text)
        )
    vowels = len(_VOWELS.findall(text)) / latin
    return not _FEWEST_VOWELS < vowels < _MOST_VOWELS
