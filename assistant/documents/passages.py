"""Cut a document along headings, paragraphs, bullets and sentences, by offset."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, zip_longest

from assistant.documents.document import Block, BlockKind, Document
from assistant.documents.leads import is_connective, lead_end
from assistant.documents.outline import Placed, place_blocks
from assistant.documents.patients import names_only_patients
from assistant.documents.references import find_referencing
from assistant.documents.sentences import cut_long, find_sentences
from assistant.spans import Span

# Raised when reading or cutting changes, so that stores written before are known to be stale.
SPLITTER_VERSION = "1"
PASSAGE_CHARACTERS = 600
# A lead with nothing below it is quoted only when it says this much itself.
_TELLING = 40
# A longer bullet, or one with figures, says something even when it leads to others.
_SHORT_LEAD = 80
_LONG_BULLET = 300


class StatementKind(StrEnum):
    """The smallest things that may be quoted."""

    SENTENCE = "sentence"
    BULLET = "bullet"
    ROW = "row"


_KINDS = {
    BlockKind.PARAGRAPH: StatementKind.SENTENCE,
    BlockKind.LEAD: StatementKind.SENTENCE,
    BlockKind.BULLET: StatementKind.BULLET,
    BlockKind.ROW: StatementKind.ROW,
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One quotable sentence, bullet or table row.

    ``lead`` is the line above ("Look for:") without which a bullet means nothing; of a dose under
    "Child:" it is the medicine. ``above`` are the other such lines, in the text's order.
    ``sources`` are the keys the document gives for it; ``asks`` are questions that it answers.
    """

    span: Span
    kind: StatementKind
    lead: Span | None = None
    sources: tuple[str, ...] = ()
    above: tuple[Span, ...] = ()
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one section, at most about ``PASSAGE_CHARACTERS`` long.

    ``text`` is the document's text at ``span``; ``headings`` is the path from the outermost.
    """

    doc_id: str
    title: str
    span: Span
    text: str
    headings: tuple[str, ...]
    statements: tuple[Statement, ...]

    @property
    def passage_id(self) -> str:
        return f"{self.doc_id}:{self.span.start}-{self.span.end}"

    @property
    def section(self) -> str:
        """The headings as one line."""
        return " › ".join(self.headings)


def split_document(document: Document) -> tuple[Passage, ...]:
    """The document's passages in order; furniture and references yield none."""
    reader = _StatementReader(document)
    passages: list[Passage] = []
    for stretch in _find_stretches(document):
        for piece in _pack(_find_pieces(stretch, reader)):
            passages.append(
                Passage(
                    doc_id=document.doc_id,
                    title=document.title,
                    span=piece.span,
                    text=piece.span.of(document.text),
                    headings=stretch[0].headings,
                    statements=piece.statements,
                )
            )
    return tuple(passages)


def _find_stretches(document: Document) -> Iterator[list[Placed]]:
    """Runs of content that no heading and no furniture interrupts."""
    stretch: list[Placed] = []
    for placed in place_blocks(document):
        if stretch and not placed.joined:
            yield stretch
            stretch = []
        stretch.append(placed)
    if stretch:
        yield stretch


@dataclass(frozen=True, slots=True)
class _Piece:
    """What should not be parted: a paragraph, a sentence of a long one, a lead and a bullet."""

    start: int
    statements: tuple[Statement, ...]

    @property
    def span(self) -> Span:
        return Span(self.start, self.statements[-1].span.end)


def _find_pieces(stretch: Sequence[Placed], reader: "_StatementReader") -> Iterator[_Piece]:
    """Each block's piece; lines that the next block hangs from go with it where that is short."""
    start: int | None = None
    held: tuple[Statement, ...] = ()
    for placed, following in zip_longest(stretch, stretch[1:]):
        block = placed.block
        if start is not None and block.span.end - start > PASSAGE_CHARACTERS:
            if held:
                yield _Piece(start, held)
            start, held = None, ()
        begins = block.span.start if start is None else start
        statements = reader.read(placed, following)
        if following is not None and (not statements or _leads(block, following.block)):
            start, held = begins, held + statements
            continue
        if len(block.span) > PASSAGE_CHARACTERS:
            for number, statement in enumerate(statements):
                yield _Piece(statement.span.start if number else begins, (statement,))
        elif held or statements:
            yield _Piece(begins, held + statements)
        start, held = None, ()


def _leads(block: Block, following: Block) -> bool:
    """Whether the next block hangs from this one."""
    if block.kind is BlockKind.BULLET and following.kind is BlockKind.BULLET:
        return following.level > block.level
    return block.kind is BlockKind.LEAD


def _pack(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Pieces joined up to the length of a passage."""
    packed: _Piece | None = None
    for piece in pieces:
        if packed is None:
            packed = piece
        elif piece.span.end - packed.start <= PASSAGE_CHARACTERS:
            packed = _Piece(packed.start, packed.statements + piece.statements)
        else:
            yield packed
            packed = piece
    if packed is not None:
        yield packed


class _StatementReader:
    """Finds each block's statements, knowing how the document cites."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._referencing = find_referencing(document.text, document.blocks)
        self._keys = document.source_keys
        self._positions = [key.position for key in document.source_keys]

    def read(self, placed: Placed, following: Placed | None) -> tuple[Statement, ...]:
        """The block's statements; a line that only leads to the next has none."""
        block = placed.block
        words = block.span.of(self._text)
        if is_connective(words) or self._only_leads(block, words, following):
            return ()
        spans = [s for s in self._spans(block) if _says_something(s.of(self._text), block.kind)]
        lead, above = self._choose_lead(placed.leads)
        inherited = [key for leading in placed.leads for key in self._sources(leading)]
        statements = []
        for number, span in enumerate(spans):
            # What stands between two sentences, such as a citation, belongs to the first.
            last = number + 1 == len(spans)
            region = Span(
                span.start if number else block.span.start,
                block.span.end if last else spans[number + 1].start,
            )
            sources = self._sources(region) or inherited
            statements.append(
                Statement(span, _KINDS[block.kind], lead, tuple(dict.fromkeys(sources)), above)
            )
        return tuple(statements)

    def _only_leads(self, block: Block, words: str, following: Placed | None) -> bool:
        """Whether a line means something only with what is below it."""
        leads = following is not None and block.span in following.leads
        if block.kind is BlockKind.LEAD:
            return leads or len(words) < _TELLING
        if len(words) > (_SHORT_LEAD if leads else _TELLING) or any(c.isdigit() for c in words):
            return False
        return lead_end(words) is not None or (leads and names_only_patients(words))

    def _spans(self, block: Block) -> list[Span]:
        """Sentences; a bullet is one statement unless it is long or cites in its middle."""
        if block.kind is BlockKind.ROW:
            return list(cut_long(self._text, block.span))
        spans = list(find_sentences(self._text, block.span, self._referencing))
        if block.kind is not BlockKind.BULLET or len(spans) < 2:
            return spans
        whole = Span(spans[0].start, spans[-1].end)
        cites = any(self._text[one.end : other.start].strip() for one, other in pairwise(spans))
        return spans if cites or len(whole) > _LONG_BULLET else [whole]

    def _choose_lead(self, leads: tuple[Span, ...]) -> tuple[Span | None, tuple[Span, ...]]:
        """The nearest line that says what, rather than only for whom; and the others."""
        if not leads:
            return None, ()
        telling = [lead for lead in leads if not names_only_patients(lead.of(self._text))]
        lead = telling[-1] if telling else leads[-1]
        return lead, tuple(other for other in leads if other != lead)

    def _sources(self, region: Span) -> list[str]:
        """The keys cited within the region or at its end."""
        first = bisect_right(self._positions, region.start)
        last = bisect_right(self._positions, region.end)
        return [key.key for key in self._keys[first:last]]


def _says_something(words: str, kind: BlockKind) -> bool:
    """Whether there is a word, or at least a figure in a table."""
    return any(c.isalpha() or (kind is BlockKind.ROW and c.isdigit()) for c in words)
