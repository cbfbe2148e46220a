"""Opens a Word file's parts, or says why it cannot be read."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.documents.readers.archives import open_archive
from assistant.errors import ReadError

# What zipfile and python-docx raise for a part that is missing, cut or not what it should be.
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, AttributeError, TypeError, OSError)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True, slots=True)
class WordFile:
    """``body``, ``styles`` and ``numbering`` are elements; notes are by kind and id."""

    body: Any
    styles: Any
    numbering: Any | None
    notes: Mapping[tuple[str, str], Any]


def open_word(raw: bytes, path: str) -> WordFile:
    """The parts that are read. Raises ReadError for what is no whole Word file."""
    open_archive(raw, path, "Word").close()
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import LxmlError

    broken = ReadError(path, "the Word file is damaged: open it in Word and save it anew")
    try:
        document = Document(io.BytesIO(raw))
        styles = document.styles.element
        parts = {
            relation.reltype.rsplit("/", 1)[-1]: relation.target_part
            for relation in document.part.rels.values()
            if not relation.is_external
        }
        numbering = parts.get("numbering")
        return WordFile(
            document.element.body,
            styles,
            None if numbering is None else _parse(numbering.blob),
            {
                (kind, note.get(f"{W}id")): note
                for kind in ("footnotes", "endnotes")
                if kind in parts
                for note in _parse(parts[kind].blob)
                if note.get(f"{W}type") in (None, "normal")
            },
        )
    except ValueError as error:
        if "content type" in str(error):
            raise ReadError(path, "it is an Office file, but no Word document") from error
        raise broken from error
    except _BROKEN as error:
        raise broken from error
    except (PackageNotFoundError, LxmlError) as error:
        raise broken from error


def _parse(blob: bytes) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(blob)
