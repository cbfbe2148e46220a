"""Opens a PDF, or says why it cannot be read. PDFium serves one thread at a time."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.documents.readers.pdf.geometry import Frame
from assistant.errors import ReadError

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_HEADER_WITHIN = 1024
_END_WITHIN = 4096
_NO_PAGES = re.compile(rb"/Count\s+0\b")
_LOCK = threading.RLock()


@contextmanager
def open_pdf(raw: bytes, path: str) -> Iterator["PdfDocument"]:
    """The document, for this thread alone. Raises ReadError for what is not a whole, open PDF."""
    from pypdfium2 import PdfDocument, PdfiumError

    if b"%PDF-" not in raw[:_HEADER_WITHIN]:
        raise ReadError(path, "it is not a PDF, whatever its name says: check the file")
    if b"%%EOF" not in raw[-_END_WITHIN:]:
        raise ReadError(path, "the PDF is cut short (its end is missing): get the whole file again")
    with _LOCK:
        try:
            pdf = PdfDocument(raw)
        except PdfiumError as error:
            raise ReadError(path, _reason(raw)) from error
        try:
            if len(pdf) == 0:
                raise ReadError(path, "the PDF has no pages")
            yield pdf
        finally:
            pdf.close()


def _reason(raw: bytes) -> str:
    """Why PDFium would not open it; the error that it names may be an earlier file's."""
    if b"/Encrypt" in raw:
        return "it is protected by a password: save a copy without one"
    if _NO_PAGES.search(raw):
        return "the PDF has no pages"
    return "the PDF is damaged and cannot be opened: get the file again, or save it anew"


def load_page(pdf: "PdfDocument", number: int) -> "PdfPage | None":
    """A page, counted from 1; ``None`` for one that is damaged or has no size."""
    from pypdfium2 import PdfiumError

    try:
        page = pdf[number - 1]
    except PdfiumError:
        return None
    return page if min(page.get_size()) > 0 else None


def frame_page(page: "PdfPage", read: int | None = None) -> Frame:
    """The page's frame; ``read`` are the quarter turns of its text, else those it is shown with."""
    left, bottom, right, top = page.get_bbox()
    shown = page.get_rotation() // 90
    return Frame(left, bottom, right, top, shown, shown if read is None else read)
