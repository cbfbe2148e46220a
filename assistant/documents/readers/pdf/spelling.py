"""Lines → text, with where each word went: hyphens at line ends joined, numbers raised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.documents.pages import Box
from assistant.documents.readers.building import raise_digits
from assistant.documents.readers.pdf.geometry import Frame
from assistant.documents.readers.pdf.hyphens import breaks_word
from assistant.documents.readers.pdf.lines import Line
from assistant.documents.readers.pdf.words import SOFT_HYPHEN, Word


@dataclass(frozen=True, slots=True)
class Printed:
    """Lines of one page, with what tells where they are on it."""

    page: int
    frame: Frame
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """``length`` characters from ``start`` on, and where they stand on a page."""

    start: int
    length: int
    page: int
    box: Box


@dataclass(slots=True)
class Spelt:
    """A block's words as they will stand in the text."""

    text: str = ""
    pieces: list[Piece] = field(default_factory=list)

    def add(self, words: str) -> None:
        """Words that stand on no page, such as a column's name said again."""
        self.text += words

    def append(self, other: "Spelt") -> None:
        """Another block's words after these."""
        base = len(self.text)
        self.text += other.text
        self.pieces += [
            Piece(base + piece.start, piece.length, piece.page, piece.box) for piece in other.pieces
        ]


def spell(printed: Sequence[Printed], seen: Mapping[str, int]) -> Spelt:
    """The lines as one; ``seen`` are the document's own words, for hyphens."""
    parts: list[str] = []
    pieces: list[Piece] = []
    length = 0
    last = ""
    for part in printed:
        for line in part.lines:
            for number, word in enumerate(line.words):
                text = _write(word)
                if number + 1 < len(line.words):
                    text = text.replace(SOFT_HYPHEN, "")
                if number == 0 and parts:
                    if last.endswith(("-", "\u2010", SOFT_HYPHEN)) and len(last) > 1:
                        if breaks_word(last, text, seen):
                            parts[-1] = parts[-1][:-1]
                            length -= 1
                            before = pieces[-1]
                            pieces[-1] = Piece(
                                before.start, before.length - 1, before.page, before.box
                            )
                    else:
                        parts.append(" ")
                        length += 1
                elif word.spaced and parts:
                    parts.append(" ")
                    length += 1
                edges = (word.left, word.top, word.right, word.bottom)
                pieces.append(Piece(length, len(text), part.page, part.frame.to_shown(*edges)))
                parts.append(text)
                length += len(text)
                last = text if word.spaced or number == 0 else last + text
    return Spelt("".join(parts).replace(SOFT_HYPHEN, "-"), [p for p in pieces if p.length > 0])


def _write(word: Word) -> str:
    return raise_digits(word.text) if word.raised else word.text
