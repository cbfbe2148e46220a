"""Gathers where every word went: page by page, small, for a document of thousands of pages."""

from array import array
from collections.abc import Iterator, Sequence

from assistant.documents.pages import Box, Place, pack_places
from assistant.documents.readers.pdf.spelling import Piece
from assistant.spans import Span

_FIELDS = 6


class PlaceMap:
    """Takes the pieces of block after block, with the offset at which the block stands."""

    def __init__(self) -> None:
        self._by_page: dict[int, array[int]] = {}
        self._runs: list[tuple[int, int]] = []

    def add(self, start: int, pieces: Sequence[Piece]) -> None:
        """The block that begins at ``start`` in the text."""
        for number, piece in enumerate(pieces):
            # A row begins with its columns' names, which stand on no page: it is its cells'.
            offset = start + piece.start if number else start
            if not self._runs or self._runs[-1][1] != piece.page:
                self._runs.append((offset, piece.page))
            box = piece.box
            self._by_page.setdefault(piece.page, array("i")).extend(
                (start + piece.start, piece.length, box.left, box.top, box.right, box.bottom)
            )

    @property
    def runs(self) -> tuple[tuple[int, int], ...]:
        """(offset, page) wherever the page changes."""
        return tuple(self._runs)

    def pack(self, pages: int) -> tuple[str, ...]:
        """Each page's places, as ``pages.pack_places`` writes them."""
        return tuple(
            pack_places(_places(self._by_page.get(page, array("i"))))
            for page in range(1, pages + 1)
        )


def _places(numbers: "array[int]") -> Iterator[Place]:
    for at in range(0, len(numbers), _FIELDS):
        start, length, *edges = numbers[at : at + _FIELDS]
        yield Place(Span(start, start + length), Box(*edges))
