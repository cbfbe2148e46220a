"""EPUB: the book's pages in the order of its spine, each read as a web page."""

import posixpath
import zipfile
import zlib
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag

from assistant.documents.decoding import decode
from assistant.documents.document import Document
from assistant.documents.ids import check_id
from assistant.documents.readers.archives import open_archive
from assistant.documents.readers.building import TextBuilder
from assistant.documents.readers.drafting import make_document
from assistant.documents.readers.html import write_page
from assistant.documents.readers.lists import ListWriter
from assistant.errors import ReadError

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"


def read_epub(raw: bytes, doc_id: str, path: str) -> Document:
    """The document of a book's bytes. Raises ReadError for one that cannot be read."""
    try:
        return _read(raw, check_id(doc_id, path), path)
    except (zipfile.BadZipFile, zlib.error, RuntimeError) as error:
        raise ReadError(path, "the book is damaged: get it again") from error


def _read(raw: bytes, doc_id: str, path: str) -> Document:
    with open_archive(raw, path, "EPUB") as archive:
        names = set(archive.namelist())
        if _ENCRYPTION in names and b"fonts" not in archive.read(_ENCRYPTION).lower():
            raise ReadError(path, "the book is locked (DRM): get a copy without it")
        package_name = _find_package(archive, names, path)
        package = BeautifulSoup(archive.read(package_name), "html.parser")
        builder = TextBuilder()
        for name in _find_pages(package, posixpath.dirname(package_name)):
            if name in names:
                write_page(decode(archive.read(name), f"{path}, {name}"), ListWriter(builder))
    title = package.find("dc:title")
    named = title.get_text(strip=True) if title else None
    return make_document(doc_id, named, builder.text, builder.blocks, path)


def _find_package(archive: zipfile.ZipFile, names: set[str], path: str) -> str:
    if _CONTAINER in names:
        root = BeautifulSoup(archive.read(_CONTAINER), "html.parser").find("rootfile")
        name = str(root.get("full-path")) if isinstance(root, Tag) else ""
        if name in names:
            return name
    raise ReadError(path, "the book has no list of its pages: it is no EPUB, or damaged")


def _find_pages(package: BeautifulSoup, folder: str) -> list[str]:
    """The names of the spine's files, without the book's own contents page."""
    items = {
        str(item.get("id")): item
        for item in package.find_all("item")
        if "nav" not in str(item.get("properties") or "").split()
    }
    listed = (str(entry.get("idref")) for entry in package.find_all("itemref"))
    return [
        posixpath.normpath(posixpath.join(folder, unquote(str(items[one].get("href")))))
        for one in listed
        if one in items
    ]
