"""What a file says of the document next to it: ``leaflet.pdf.meta.yaml`` beside ``leaflet.pdf``."""

from dataclasses import replace
from pathlib import Path

from assistant.documents.document import Document
from assistant.documents.readers.describing import UNDESCRIBED, FrontMatter, parse_front_matter
from assistant.errors import ReadError

ENDING = ".meta.yaml"


def find_beside(path: Path) -> Path | None:
    """The file that describes the document at ``path``, where there is one."""
    found = path.with_name(path.name + ENDING)
    return found if found.is_file() else None


def read_beside(path: Path) -> FrontMatter | None:
    """What stands beside the document at ``path``. Raises ReadError naming the key at fault."""
    found = find_beside(path)
    if found is None:
        return None
    try:
        written = found.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(
            str(found), f"not UTF-8 at byte {error.start}: save the file as UTF-8"
        ) from error
    return parse_front_matter(written, str(found), "the description")


def describe(document: Document, front: FrontMatter | None, path: str) -> Document:
    """The document as the file beside it says; what it says itself may not be said twice."""
    if front is None:
        return document
    if document.description != UNDESCRIBED:
        raise ReadError(
            path, f"it describes itself, and so does the {ENDING} file beside it: keep one of them"
        )
    return replace(
        document,
        doc_id=front.doc_id or document.doc_id,
        title=front.title or document.title,
        description=front.description,
    )
