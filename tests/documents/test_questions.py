"""Questions that come with a document: found, attached to their statements, refused with a reason."""

from pathlib import Path

import pytest

from assistant.documents.passages import split_document
from assistant.documents.questions import attach_questions, find_questions, load_questions
from assistant.documents.readers.registry import read_file
from assistant.errors import ReadError

LASTS = "Zebra fever lasts 9 days in most adults."


@pytest.fixture
def written(library: Path) -> Path:
    folder = library.parent / "questions"
    folder.mkdir()
    path = folder / "zebra-fever.yaml"
    path.write_text(
        f"document: zebra-fever\nquestions:\n- quote: {LASTS}\n  asks: ['How long?', 'how long?', 'Until when?']\n"
    )
    return path


def _attach(library: Path, path: Path) -> dict[str, tuple[str, ...]]:
    document = next(iter(read_file(library / "zebra-fever.md", "zebra-fever")))
    assert not isinstance(document, ReadError)
    passages = attach_questions(split_document(document), document, path)
    return {s.span.of(document.text): s.asks for p in passages for s in p.statements}


def test_a_statement_has_its_questions_and_no_other_has_any(library: Path, written: Path) -> None:
    asks = _attach(library, written)
    assert asks.pop(LASTS) == ("How long?", "how long?", "Until when?")
    assert set(asks.values()) == {()}


def test_the_file_is_found_by_the_documents_name_but_not_above_the_folder_read(
    library: Path, written: Path
) -> None:
    assert find_questions(library / "zebra-fever.md", library) == written
    assert find_questions(library / "marble-cough.txt", library) is None
    deep = library / "deep"
    deep.mkdir()
    assert find_questions(deep / "zebra-fever.md", deep) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "document: zebra-fever\nquestions:\n- {quote: It never ends., asks: [a]}",
            "not a statement of",
        ),
        ("document: other\nquestions: []", "is about 'other'"),
        ("document: zebra-fever\nquestions:\n- {quote: x, asks: []}", "questions.0.asks"),
        ("document: zebra-fever\nquestions:\n- {quote: x, ask: [y]}", "questions.0.asks"),
        ("document: [", "not valid YAML"),
    ],
)
def test_a_fault_names_the_file_and_what_is_wrong(
    library: Path, written: Path, text: str, words: str
) -> None:
    written.write_text(text)
    with pytest.raises(ReadError, match=words) as caught:
        _attach(library, written)
    assert caught.value.path == str(written)


def test_every_file_of_the_library_belongs_to_a_document(corpus: Path) -> None:
    files = sorted((corpus / "questions").glob("*.yaml"))
    assert files
    for path in files:
        assert (corpus / "documents" / f"{load_questions(path).document}.md").is_file()
        assert load_questions(path).document == path.stem
