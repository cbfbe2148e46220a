"""PDF: page by page in reading order, with where on its page every word stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from assistant.documents.document import Document
from assistant.documents.ids import check_id
from assistant.documents.pages import Paged
from assistant.documents.readers.drafting import make_document
from assistant.documents.readers.pdf.assembling import Assembler
from assistant.documents.readers.pdf.columns import find_columns
from assistant.documents.readers.pdf.drafts import TABLE_MARK, Draft, cut_column
from assistant.documents.readers.pdf.drawing import Drawing, read_drawing
from assistant.documents.readers.pdf.garbled import WHY, is_garbled, share_unmapped
from assistant.documents.readers.pdf.geometry import Frame
from assistant.documents.readers.pdf.grids import Grid, find_grids
from assistant.documents.readers.pdf.lines import Line, gather_fragments, join_fragments
from assistant.documents.readers.pdf.opening import frame_page, load_page, open_pdf
from assistant.documents.readers.pdf.recognising import find_tesseract, recognise
from assistant.documents.readers.pdf.survey import Survey, at_edge, survey
from assistant.documents.readers.pdf.words import Word, count_turns, read_words
from assistant.documents.reading import Reading, Unread
from assistant.errors import ReadError

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_FEW_CHARACTERS = 25
# A scanned page may be stamped with where it came from.
_STAMP = 200
_COVERING = 0.6
# In sizes of type, between a page number and the text.
_APART = 1.6
# Text drawn as shapes: so many without a word are no ornament.
_DRAWN = 200


@dataclass(slots=True)
class _Account:
    """What was read so far, for the disclosure."""

    images: int = 0
    recognised: list[int] = field(default_factory=list)
    unread: dict[str, list[int]] = field(default_factory=dict)

    def leave_out(self, why: str, page: int) -> None:
        self.unread.setdefault(why, []).append(page)


def read_pdf(raw: bytes, doc_id: str, path: str) -> Document:
    """The document of a PDF's bytes. Raises ReadError for one that cannot be read."""
    check_id(doc_id, path)
    account = _Account()
    with open_pdf(raw, path) as pdf:
        surveyed = survey(pdf)
        assembler = Assembler(surveyed.seen)
        program = find_tesseract()
        for number in range(1, len(pdf) + 1):
            page = load_page(pdf, number)
            if page is None:
                account.leave_out("it is damaged", number)
                continue
            _read_page(page, number, surveyed, assembler, account, program)
            page.close()
        pages = len(pdf)
        named = str(pdf.get_metadata_value("Title") or "").strip()
    blocks = assembler.finish()
    if not blocks:
        raise ReadError(path, _nothing(account))
    return make_document(
        doc_id,
        named if not assembler.has_headings and _is_title(named) else None,
        assembler.builder.text,
        blocks,
        path,
        reading=Reading(
            pages=pages,
            tables=assembler.tables,
            images=account.images,
            recognised=tuple(account.recognised),
            unread=tuple(
                Unread("some pages", why, tuple(left)) for why, left in account.unread.items()
            ),
        ),
        paged=Paged(raw, assembler.places.runs, assembler.places.pack(pages)),
    )


def _nothing(account: _Account) -> str:
    if not account.unread:
        return "the PDF has no text on any page"
    why = max(account.unread, key=lambda reason: len(account.unread[reason]))
    return f"none of its pages can be read: {why}"


def _is_title(named: str) -> bool:
    """Programs put their own name, or the file's, where a title should be."""
    lower = named.lower()
    return (
        len(named) > 8
        and " " in named
        and not lower.startswith(("microsoft", "untitled"))
        and (not lower.endswith((".doc", ".docx", ".indd", ".tex", ".pdf")))
    )


def _read_page(
    page: "PdfPage",
    number: int,
    surveyed: Survey,
    assembler: Assembler,
    account: _Account,
    program: str | None,
) -> None:
    text_page = page.get_textpage()
    frame = frame_page(page)
    frame = replace(frame, read=count_turns(text_page, frame.shown))
    words = list(read_words(text_page, frame))
    unmapped = share_unmapped(text_page)
    text_page.close()
    drawing = read_drawing(page, frame)
    account.images += drawing.images
    why = _unusable(words, drawing, unmapped)
    if why:
        found = recognise(page, program)
        if found.words:
            account.recognised.append(number)
            frame = replace(frame, read=frame.shown)
            words = list(found.words)
        else:
            account.leave_out(WHY if why == WHY else found.why, number)
            # A stamp over a picture can be read, though the picture cannot.
            words = [] if why == WHY else words
    assembler.take(number, frame, _cut_page(words, drawing, frame, surveyed, assembler))


def _unusable(words: Sequence[Word], drawing: Drawing, unmapped: float) -> str:
    """Why a page's own text will not do; empty where it will, or where the page is blank."""
    characters = sum(len(word.text) for word in words)
    if characters <= _FEW_CHARACTERS and drawing.paths >= _DRAWN:
        return "drawn"
    if characters <= _STAMP and drawing.covered >= _COVERING:
        return "picture"
    return WHY if is_garbled(words, unmapped) else ""


def _cut_page(
    words: Sequence[Word], drawing: Drawing, frame: Frame, surveyed: Survey, assembler: Assembler
) -> list[Draft]:
    grids, rest = find_grids(drawing.rules, words, frame.height)
    kept = _leave_out_running(rest, frame, surveyed)
    fragments = gather_fragments(kept)
    fragments += [_stand_in(index, grid, surveyed.body) for index, grid in enumerate(grids)]
    drafts: list[Draft] = []
    for column in find_columns(fragments):
        drafts += cut_column(
            column, surveyed.body, grids, frame.height, notes=not assembler.in_references
        )
    return drafts


def _stand_in(index: int, grid: Grid, size: float) -> Line:
    """A table as one word, so that it takes its place in the reading order."""
    return Line.of([Word(f"{TABLE_MARK}{index}", *grid.edges, size)])


def _leave_out_running(words: Sequence[Word], frame: Frame, surveyed: Survey) -> list[Word]:
    """The words without running heads, feet and page numbers: whole lines of them, never a part,
    for a number at the edge of a line may be a dose."""
    edges = [word for word in words if at_edge(word.middle, frame)]
    lines = join_fragments(gather_fragments(edges))
    left = list(words)
    for ordered in (lines, lines[::-1]):
        for line in ordered:
            if not _is_running(line, left, frame, surveyed):
                break
            own = {id(word) for word in line.words}
            left = [word for word in left if id(word) not in own]
    return left


def _is_running(line: Line, words: Sequence[Word], frame: Frame, surveyed: Survey) -> bool:
    if surveyed.is_number(line):
        return _stands_apart(line, words)
    parts = gather_fragments(line.words)
    return (
        surveyed.is_running(line, frame)
        or surveyed.is_headed_by_number(line, parts, frame)
        or all(surveyed.is_running(part, frame) or surveyed.is_number(part) for part in parts)
    )


def _stands_apart(line: Line, words: Sequence[Word]) -> bool:
    """Whether no other line is as near as those of a paragraph, whose last word it may be."""
    own = {id(word) for word in line.words}
    near = _APART * line.size
    return not any(abs(word.middle - line.middle) < near for word in words if id(word) not in own)
