"""A file is read by its suffix; whatever is wrong with it is said and never raised."""

from pathlib import Path

import pytest

from assistant.documents.document import Document
from assistant.documents.passages import split_document
from assistant.documents.readers.registry import read_file
from assistant.errors import ReadError


def write(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def failure(path: Path, doc_id: str = "guide", limit: int = 20_000_000) -> ReadError:
    (result,) = read_file(path, doc_id, limit)
    assert isinstance(result, ReadError)
    assert str(path) in result.path
    return result


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", "# Title\n\nGive *oxygen*.\n"),
        ("a.txt", "Title\n\nGive oxygen.\n"),
        ("a.HTML", "<h1>Title</h1><p>Give oxygen.</p>"),
        ("a.htm", "<h1>Title</h1><p>Give oxygen.</p>"),
        ("a.jsonl", '{"id": "guide", "title": "Title", "text": "Give oxygen."}'),
    ],
)
def test_every_format_gives_a_document_that_can_be_split(
    tmp_path: Path, name: str, content: str
) -> None:
    (document,) = read_file(write(tmp_path, name, content), "guide")
    assert isinstance(document, Document)
    assert (document.doc_id, document.title) == ("guide", "Title")
    (passage,) = split_document(document)
    assert [s.span.of(document.text) for s in passage.statements] == ["Give oxygen."]


def test_an_unknown_suffix_is_refused_with_those_that_are_known(tmp_path: Path) -> None:
    assert (
        "'.tiff' files cannot be read: use one of .docx"
        in failure(write(tmp_path, "scan.tiff", "x")).reason
    )


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "cannot be opened" in failure(tmp_path / "absent.md").reason


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert failure(path).reason.startswith("50,000,000 bytes, over the limit of 20,000,000")


def test_an_unusable_id_is_refused(tmp_path: Path) -> None:
    assert "'..'" in failure(write(tmp_path, "a.txt", "Words."), "../a").reason


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.html", "a.jsonl"])
@pytest.mark.parametrize("content", [b"\x00\x01\x02" * 100, b"\xff\xfe\x00"])
def test_binary_content_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    assert failure(write(tmp_path, name, content)).reason


def test_the_encoding_a_page_declares_is_used(tmp_path: Path) -> None:
    page = '<meta charset="iso-8859-2"><p>Ból głowy</p>'.encode("iso-8859-2")
    (document,) = read_file(write(tmp_path, "a.html", page), "guide")
    assert isinstance(document, Document)
    assert document.text == "Ból głowy"


def test_utf_16_text_is_read(tmp_path: Path) -> None:
    (document,) = read_file(write(tmp_path, "a.txt", "Café 😀".encode("utf-16")), "guide")
    assert isinstance(document, Document)
    assert document.text == "Café 😀"


def test_a_json_line_over_the_limit_loses_no_other(tmp_path: Path) -> None:
    lines = [
        '{"id": "a", "text": "Rest."}',
        '{"id": "b", "text": "' + "x" * 500 + '"}',
        '{"id": "c", "text": "Rest."}',
    ]
    results = list(read_file(write(tmp_path, "a.jsonl", "\n".join(lines)), "x", limit=100))
    assert [r.doc_id if isinstance(r, Document) else r.path[-6:] for r in results] == [
        "a",
        "line 2",
        "c",
    ]
