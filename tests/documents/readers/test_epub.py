"""A book is read page by page in the order of its spine."""

import io
import zipfile

import pytest

from assistant.documents.readers.epub import read_epub
from assistant.errors import ReadError

CONTAINER = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
PACKAGE = """<package><metadata><dc:title>Zebra book</dc:title></metadata><manifest>
<item id="b" href="b.xhtml"/><item id="a" href="a%20one.xhtml"/>
<item id="n" href="nav.xhtml" properties="nav"/></manifest>
<spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>"""
PAGES = {
    "META-INF/container.xml": CONTAINER,
    "OEBPS/book.opf": PACKAGE,
    "OEBPS/a one.xhtml": "<html><body><h1>Fever</h1><p>Give syrup.</p></body></html>",
    "OEBPS/b.xhtml": "<html><body><h1>Cough</h1><ul><li>Rest.</li></ul></body></html>",
    "OEBPS/nav.xhtml": "<html><body><p>Contents</p></body></html>",
}


def packed(pages: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in pages.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_pages_come_in_the_order_of_the_spine() -> None:
    document = read_epub(packed(PAGES), "book", "book.epub")
    assert document.title == "Zebra book"
    assert document.text == "Fever\n\nGive syrup.\n\nCough\n\n- Rest."


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"words", "no EPUB file"),
        (packed({"a.txt": "x"}), "no list of its pages"),
        (packed(PAGES | {"META-INF/encryption.xml": "<encryption/>"}), "locked"),
        (packed({k: v for k, v in PAGES.items() if "xhtml" not in k}), "no text"),
    ],
)
def test_broken_books_say_why(raw: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        read_epub(raw, "book", "book.epub")
