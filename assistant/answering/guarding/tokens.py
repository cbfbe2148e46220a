"""The words and signs of a sentence."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"\d+(?:,\d{3})+(?!\d)|[^\W_]+(?:'[^\W_]+)*|[,;:()%]")
# "non-obstetric" is a word of its own, and no "obstetric".
_FUSED = frozenset({"non", "re", "un"})


@dataclass(frozen=True, slots=True)
class Token:
    """``word`` is in lower case."""

    word: str
    written: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it is no sign."""
        return self.word[0].isalnum()


def find_tokens(text: str) -> list[Token]:
    """Every word and sign in order."""
    tokens: list[Token] = []
    fuse: re.Match[str] | None = None
    for found in _TOKEN.finditer(text):
        word, start = found[0].casefold(), found.start()
        if fuse is not None:
            word, start = fuse[0].casefold() + word, fuse.start()
        hyphen = text[found.end() : found.end() + 1] == "-"
        fuse = found if word in _FUSED and hyphen else None
        if fuse is None:
            word = word.removesuffix("'s") if len(word) > 2 else word
            tokens.append(Token(word, text[start : found.end()], start, found.end()))
    return tokens
