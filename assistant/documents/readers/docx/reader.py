"""Word files: headings, lists, tables and notes, as they read with every change accepted.

Headers, footers and comments are in other parts of the file and are not read. A text box is often
one step of a chart, which means nothing without its arrows: its words are kept but not quoted.
"""

import re
from collections.abc import Iterator
from typing import Any

from assistant.documents.document import BlockKind, Document
from assistant.documents.furniture import REFERENCE
from assistant.documents.ids import check_id
from assistant.documents.readers.building import Line, TextBuilder, make_row
from assistant.documents.readers.docx.opening import W, WordFile, open_word
from assistant.documents.readers.docx.styling import ListPlace, Styles
from assistant.documents.readers.docx.tables import Grid, read_grid
from assistant.documents.readers.docx.wording import UNKNOWN_SIGN, Words, read_words
from assistant.documents.readers.drafting import make_document
from assistant.documents.readers.lines import could_be_heading
from assistant.documents.readers.lists import ListWriter
from assistant.documents.reading import Reading, Unread
from assistant.errors import ReadError

_HOLDERS = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml"))
_SIGN = re.compile(r"[•▪◦‣●○■□➢►–-]\s+(?=\S)")
_BOX = f"{W}txbxContent"
_DEEPEST = 6


def read_docx(raw: bytes, doc_id: str, path: str) -> Document:
    """The document of a Word file's bytes. Raises ReadError for one that cannot be read."""
    word = open_word(raw, path)
    rendering = _Rendering(word)
    try:
        rendering.render(word.body)
    except RecursionError as error:
        raise ReadError(path, "nested too deeply: simplify its tables") from error
    builder = rendering.builder
    return make_document(
        check_id(doc_id, path),
        rendering.title,
        builder.text,
        builder.blocks,
        path,
        reading=rendering.tell_reading(),
    )


class _Rendering:
    """Writes one block after another while walking the body."""

    def __init__(self, word: WordFile) -> None:
        self.builder = TextBuilder()
        self.title: str | None = None
        self._writer = ListWriter(self.builder)
        self._styles = Styles(word)
        self._word = word
        self._depth = 0
        self._numbers: dict[tuple[str, str], int] = {}
        self._notes: list[tuple[str, str]] = []
        # The start of a paragraph whose end was deleted: it goes on in the next one.
        self._begun = ""
        self._images = self._boxes = self._tables = self._signs = self._chunks = 0

    def render(self, body: Any) -> None:
        """Write everything, and the notes that are left."""
        self._walk(body)
        self._end_list()

    def tell_reading(self) -> Reading:
        unread = []
        if self._boxes:
            unread.append(
                Unread(_count(self._boxes, "text box", "es"), "a box may be one step of a chart")
            )
        if self._signs:
            unread.append(
                Unread(_count(self._signs, "sign"), "its font does not say what it shows")
            )
        if self._chunks:
            unread.append(
                Unread(_count(self._chunks, "embedded file"), "it is no part of the text")
            )
        return Reading(tables=self._tables, images=self._images, unread=tuple(unread))

    def _walk(self, holder: Any) -> None:
        for element in holder:
            if element.tag == f"{W}p":
                self._paragraph(element)
            elif element.tag == f"{W}tbl":
                self._table(element)
            elif element.tag == f"{W}altChunk":
                self._chunks += 1
            elif element.tag in _HOLDERS:
                self._walk(element)

    def _paragraph(self, element: Any) -> None:
        words = self._read(element)
        text = " ".join(f"{self._begun} {words.text}".split())
        self._begun = ""
        if element.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            self._begun = text
            return
        names = self._styles.names(element)
        place = self._styles.list_place(element)
        level = self._styles.heading_level(element)
        if not text:
            pass
        elif any(name.startswith("toc") for name in names):
            self._end_list()
            self.builder.add(BlockKind.FURNITURE, Line(text), tight=True)
        elif "title" in names and self.title is None:
            self._end_list()
            self.title = text
            self.builder.add(BlockKind.HEADING, Line(text), level=1)
        elif level is not None:
            self._head(text, level + (self.title is not None))
        elif place is not None:
            self._item(text, place)
        elif (sign := _SIGN.match(text)) is not None:
            self._item(text[sign.end() :], ListPlace(0, None))
        elif words.bold and could_be_heading(text):
            self._head(text, _DEEPEST)
        else:
            self._end_list()
            self.builder.add(BlockKind.PARAGRAPH, Line(text))
        self._notes += words.notes
        if not self._depth:
            self._end_list()
        for box in words.boxes:
            self._box(box)

    def _read(self, element: Any) -> Words:
        words = read_words(element, self._number_note)
        self._images += words.pictures
        self._signs += words.text.count(UNKNOWN_SIGN)
        return words

    def _number_note(self, note: tuple[str, str]) -> int:
        return self._numbers.setdefault(note, len(self._numbers) + 1)

    def _head(self, text: str, level: int) -> None:
        self._end_list()
        self.builder.add(BlockKind.HEADING, Line(text), level=min(level, _DEEPEST))

    def _item(self, text: str, place: ListPlace) -> None:
        while self._depth > place.depth + 1:
            self._writer.close_list()
            self._depth -= 1
        while self._depth < place.depth + 1:
            self._writer.open_list(place.number)
            self._depth += 1
        self._writer.open_item()
        self._writer.write(BlockKind.PARAGRAPH, Line(text))

    def _end_list(self) -> None:
        """Leave every list; the notes called in it or in the paragraph before come now."""
        while self._depth:
            self._writer.close_list()
            self._depth -= 1
        notes, self._notes = self._notes, []
        for note in notes:
            element = self._word.notes.get(note)
            text = "" if element is None else self._note_text(element)
            kind = BlockKind.REFERENCES if REFERENCE.search(text) else BlockKind.PARAGRAPH
            self.builder.add(kind, Line(text), mark=f"{self._numbers[note]} ")

    def _note_text(self, element: Any) -> str:
        """A note's words; notes within notes are not followed."""
        words = (read_words(p, lambda _note: "").text for p in element.iter(f"{W}p"))
        return " ".join(text for text in words if text)

    def _box(self, box: Any) -> None:
        self._boxes += 1
        self._end_list()
        for paragraph in box.iter(f"{W}p"):
            words = read_words(paragraph, self._number_note)
            self.builder.add(BlockKind.FURNITURE, Line(words.text))

    def _table(self, element: Any) -> None:
        """A row a line; a table of one column only frames what is in it."""
        self._end_list()
        grid = read_grid(element)
        if grid.width < 2 or len(grid.rows) < 2:
            for cell in dict.fromkeys(cell for row in grid.rows for cell in row):
                self._walk(cell)
            self._end_list()
            return
        self._tables += 1
        cells = {cell: self._cell(cell) for row in grid.rows for cell in row}
        rows = list(grid.rows)
        heads = grid.heads or _tell_heads(grid, cells)
        header = [" ".join(_distinct(column)) for column in _columns(rows[:heads], cells)]
        for number, row in enumerate(rows[heads:]):
            lines = [Line(cells[cell].text) for cell in row]
            if len(row) > 1 and all(cell is row[0] for cell in row):
                self._writer.write(BlockKind.LEAD, lines[0], tight=number > 0)
            else:
                self._writer.write(BlockKind.ROW, make_row(header, lines), tight=number > 0)
        self._notes += [note for words in cells.values() for note in words.notes]
        self._end_list()

    def _cell(self, cell: Any) -> Words:
        """All words of a cell as one, those of a table inside it too."""
        whole = Words()
        for paragraph in cell.iter(f"{W}p"):
            if next(paragraph.iterancestors(_BOX, f"{W}tc")).tag == _BOX:
                continue
            words = self._read(paragraph)
            self._boxes += len(words.boxes)
            if not words.text:
                continue
            listed = self._styles.list_place(paragraph) is not None
            whole.parts.append(f" • {words.text}" if listed and whole.parts else f" {words.text}")
            whole.bold = whole.bold and words.bold
            whole.notes += words.notes
        return whole


def _columns(rows: list[tuple[Any, ...]], cells: dict[Any, Words]) -> Iterator[list[str]]:
    for column in range(max((len(row) for row in rows), default=0)):
        yield [cells[row[column]].text for row in rows if column < len(row)]


def _distinct(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _tell_heads(grid: Grid, cells: dict[Any, Words]) -> int:
    """1 where the first row is unlike the others: bold, or alone without figures."""
    first = [cells[cell] for cell in grid.rows[0]]
    if len(set(map(id, first))) < len(first):
        return 0
    later = [cells[cell] for row in grid.rows[1:] for cell in row]
    named = [words for words in first if words.text]
    if all(words.bold for words in named) and not all(w.bold for w in later if w.text):
        return 1
    if any(c.isdigit() for words in named for c in words.text):
        return 0
    figures = any(c.isdigit() for row in grid.rows[1:] for c in cells[row[-1]].text)
    return int(len(first) > 2 or figures)


def _count(number: int, thing: str, plural: str = "s") -> str:
    return f"{number} {thing}{'' if number == 1 else plural}"
