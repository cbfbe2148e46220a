"""Which reader reads which file. A new format is one file here and one line in the table."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from assistant.documents.decoding import decode
from assistant.documents.document import Document
from assistant.documents.ids import check_id
from assistant.documents.readers.beside import describe, find_beside, read_beside
from assistant.documents.readers.docx.reader import read_docx
from assistant.documents.readers.epub import read_epub
from assistant.documents.readers.html import declared_encoding, read_html
from assistant.documents.readers.jsonlines import read_json_lines
from assistant.documents.readers.markdown import read_markdown
from assistant.documents.readers.pdf.reader import read_pdf
from assistant.documents.readers.plain import read_plain
from assistant.errors import ReadError

DEFAULT_LIMIT = 20_000_000
JSON_LINES = ".jsonl"


def _read_markdown(raw: bytes, doc_id: str, path: str) -> Document:
    return read_markdown(decode(raw, path), doc_id, path)


def _read_html(raw: bytes, doc_id: str, path: str) -> Document:
    return read_html(decode(raw, path, declared_encoding(raw)), doc_id, path)


def _read_plain(raw: bytes, doc_id: str, path: str) -> Document:
    return read_plain(decode(raw, path), doc_id, path)


READERS: dict[str, Callable[[bytes, str, str], Document]] = {
    ".md": _read_markdown,
    ".txt": _read_plain,
    ".html": _read_html,
    ".htm": _read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".epub": read_epub,
}
SUFFIXES = frozenset({*READERS, JSON_LINES})


def read_file(
    path: Path, doc_id: str, limit: int = DEFAULT_LIMIT
) -> Iterator[Document | ReadError]:
    """Every document of a file, and a ReadError for each that cannot be read; it raises none.

    ``doc_id`` serves where the file names none itself. ``limit`` is in bytes, for the file or,
    in JSON lines, for each line.
    """
    try:
        suffix = path.suffix.lower()
        if suffix == JSON_LINES:
            if beside := find_beside(path):
                raise ReadError(
                    str(beside), "a .jsonl file has many documents: describe each in its own line"
                )
            with path.open("rb") as file:
                yield from read_json_lines(_lines(file, limit), str(path), limit)
        elif suffix in READERS:
            _check_size(path, limit)
            read = READERS[suffix](path.read_bytes(), check_id(doc_id, str(path)), str(path))
            yield describe(read, read_beside(path), str(path))
        else:
            readable = ", ".join(sorted(SUFFIXES))
            yield ReadError(str(path), f"'{suffix}' files cannot be read: use one of {readable}")
    except ReadError as error:
        yield error
    except OSError as error:
        yield ReadError(str(path), f"it cannot be opened: {error.strerror or error}")


def _check_size(path: Path, limit: int) -> None:
    size = path.stat().st_size
    if size > limit:
        raise ReadError(
            str(path), f"{size:,} bytes, over the limit of {limit:,}: divide it or raise the limit"
        )


def _lines(file: BinaryIO, limit: int) -> Iterator[bytes]:
    """The file's lines; of one over the limit only as much as shows that it is."""
    while line := file.readline(limit + 1):
        yield line
        rest = line
        while len(rest) > limit and not rest.endswith(b"\n"):
            rest = file.readline(limit + 1)
