"""A document a line; a bad line is named and loses no other."""

import json

import pytest

from assistant.documents.document import Document
from assistant.documents.readers.jsonlines import read_json_lines
from assistant.errors import ReadError

GOOD = b'{"id": "good", "title": "Good", "text": "Rest."}'


def read(*lines: bytes, limit: int = 10_000) -> list[Document | ReadError]:
    return list(read_json_lines(lines, "docs.jsonl", limit))


def test_each_line_is_a_document() -> None:
    results = read(GOOD, b"\n", b'{"_id": "other", "text": "# Heading\\n\\nRest.", "extra": 1}\n')
    assert [(r.doc_id, r.title) for r in results if isinstance(r, Document)] == [
        ("good", "Good"),
        ("other", "Heading"),
    ]


def test_the_text_is_kept_exactly_but_for_its_newlines() -> None:
    text = "  a\u00a0b \r\n\r\n• c\t\n"
    line = json.dumps({"id": "x", "title": "T", "text": text}).encode()
    (result,) = read(line)
    assert isinstance(result, Document)
    assert result.text == "  a\u00a0b \n\n• c\t\n"


def test_a_numbered_id_becomes_text() -> None:
    (result,) = read(b'{"_id": 31, "text": "Rest."}')
    assert isinstance(result, Document)
    assert result.doc_id == "31"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{", "not valid JSON"),
        (b"[1]", "expected an object"),
        (b'{"text": "a"}', 'no "id"'),
        (b'{"id": null, "text": "a"}', '"id" is null'),
        (b'{"id": true, "text": "a"}', '"id" is true or false'),
        (b'{"id": "a\\nb", "text": "a"}', "newline or control"),
        (b'{"id": "../a", "text": "a"}', "'..'"),
        (b'{"id": "a"}', 'no "text"'),
        (b'{"id": "a", "text": ["b"]}', '"text" is a list'),
        (b'{"id": "a", "text": 5}', '"text" is a number'),
        (b'{"id": "a", "title": {}, "text": "b"}', '"title" is an object'),
        (b'{"id": "a", "text": " \\n"}', "no text"),
        (b'{"id": "a", "text": "b\\u0000c"}', "binary"),
        (b'{"id": "a", "text": "b \\ud83d c"}', "half a character"),
        (b'{"id": "a", "title": "\\ud83d", "text": "b"}', "half a character"),
        ('{"id": "a", "text": "é"}'.encode("latin-1"), "not UTF-8"),
        (b"[" * 100_000, "longer than the limit"),
        (b"[" * 9000, "nested too deeply"),
        (b'{"id": "good", "text": "Again."}', "already on line 1"),
        (b'{"id": "a", "text": "' + b"x" * 10_000 + b'"}', "longer than the limit of 10,000 bytes"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(line: bytes, words: str) -> None:
    results = read(GOOD, line, b'{"id": "last", "text": "Rest."}')
    assert [r.doc_id for r in results if isinstance(r, Document)] == ["good", "last"]
    (error,) = [r for r in results if isinstance(r, ReadError)]
    assert error.path == "docs.jsonl, line 2"
    assert words in error.reason
