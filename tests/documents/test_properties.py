"""What holds for every text there is: offsets are inside, in order, and never in furniture."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.document import BlockKind, Document
from assistant.documents.passages import split_document
from assistant.documents.readers.html import read_html
from assistant.documents.readers.markdown import read_markdown
from assistant.documents.readers.plain import read_plain
from assistant.documents.readers.registry import read_file
from assistant.errors import ReadError

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

LINES = [
    "",
    "",
    "Title of Page",
    "## TREATMENT OF X",
    "## Treatment Goals",
    "Look for: 1, 4",
    "- Adult: 500 mg",
    "- Child:",
    "- 1-3 years: 50 mg",
    "• Antibiotics",
    "  • nested one 1, 2",
    "1. first",
    "Or",
    "| a | b |",
    "|---|---|",
    "Do not puncture. 1 CSF pressure can be normal. 2, 3",
    "This one is a line which was wrapped at the width of the page so that it",
    "goes on below.",
    "A cited one. [@a; @b] And more [@c].",
    "Article Review Status",
    "Approved",
    "References",
    "Smith J, et al. 2020.",
    "Professional Disclaimer",
    "It assumes no liability. But give oxygen.",
    "Have a follow-up question?",
    "مرحبا بك. 😀 טוב.",
    "```",
    "<div><b>x</b>",
    "<script>",
    "<table><tr><td>a<td rowspan=2>b",
    "<ul><li>a<li>b</ul>",
    "**bold** _it_ `c`",
    "***",
    "---",
    "x" * 900,
]
TEXTS = st.one_of(
    st.lists(st.sampled_from(LINES), max_size=30).map("\n".join),
    st.text(max_size=300),
    st.text(alphabet="aB1 .,:;?!#-*•|>\n\t[]()<@é😀", max_size=300),
)
READERS = [read_plain, read_markdown, read_html]


def check(document: Document) -> None:
    """Every law of a document and of its passages."""
    text = document.text
    end = 0
    for block in document.blocks:
        assert end <= block.span.start < block.span.end <= len(text)
        end = block.span.end
    positions = [key.position for key in document.source_keys]
    assert positions == sorted(positions)
    assert not positions or (positions[0] >= 0 and positions[-1] <= len(text))
    content = [
        block
        for block in document.blocks
        if block.kind not in (BlockKind.HEADING, BlockKind.FURNITURE, BlockKind.REFERENCES)
    ]
    others = [block for block in document.blocks if block not in content]
    passages_end = 0
    for passage in split_document(document):
        assert passage.text == text[passage.span.start : passage.span.end]
        assert passage.statements
        assert passages_end <= passage.span.start
        passages_end = passage.span.end
        assert not any(block.span.overlaps(passage.span) for block in others)
        statements_end = passage.span.start
        for statement in passage.statements:
            assert statements_end <= statement.span.start < statement.span.end <= passage.span.end
            statements_end = statement.span.end
            words = statement.span.of(text)
            assert words == words.strip()
            assert any(block.span.contains(statement.span) for block in content)
            for lead in (statement.lead, *statement.above):
                assert lead is None or lead.end <= statement.span.start


@pytest.mark.parametrize("read", READERS)
@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_offsets_hold_for_every_text(read: Callable[[str, str, str], Document], text: str) -> None:
    try:
        document = read(text, "guide", "guide")
    except ReadError:
        return
    check(document)


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_plain_text_is_never_changed(text: str) -> None:
    try:
        assert read_plain(text, "guide", "guide").text == text
    except ReadError:
        assert not any(character.isalnum() for character in text)


@pytest.mark.parametrize("read", READERS)
@settings(max_examples=50, deadline=None)
@given(text=TEXTS)
def test_reading_twice_gives_the_same(read: Callable[[str, str, str], Document], text: str) -> None:
    try:
        first = read(text, "guide", "guide")
    except ReadError:
        return
    second = read(text, "guide", "guide")
    assert first == second
    assert split_document(first) == split_document(second)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
def test_five_megabytes_on_one_line_are_split_in_seconds(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"line{suffix}"
    path.write_text("The patient improved after 0.5 mg of it. 1, 2 Others did not. " * 80_000)
    assert path.stat().st_size > 4_900_000
    started = time.perf_counter()
    (document,) = read_file(path, "line", 10_000_000)
    assert isinstance(document, Document)
    passages = split_document(document)
    assert time.perf_counter() - started < 20
    assert len(passages) > 5000


@pytest.mark.parametrize("name", ["nstg-dev", "covidqa-dev"])
def test_real_documents_keep_their_text_and_their_answers(name: str) -> None:
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip("the data are not here")
    lines = (folder / "docs.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {fields["id"]: fields["text"] for fields in map(json.loads, lines)}
    spans = {}
    for document in read_file(folder / "docs.jsonl", "docs"):
        assert isinstance(document, Document)
        assert document.text == texts[document.doc_id]
        check(document)
        spans[document.doc_id] = [
            statement.span
            for passage in split_document(document)
            for statement in passage.statements
        ]
    assert len(spans) == len(texts)
    questions = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    for question in map(json.loads, questions):
        for answer in question.get("answer_offsets") or []:
            assert any(
                span.start < answer["end"] and answer["start"] < span.end
                for span in spans[answer["doc"]]
            ), question["question"]
