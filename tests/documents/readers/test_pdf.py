"""PDFs of every awkward kind are read in order and to the letter, or refused with a reason."""

import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import making_pdfs as making
import pytest
from making_pdfs import Made, Prose
from rapidfuzz.distance import Levenshtein

from assistant.documents.document import BlockKind, Document
from assistant.documents.pages import find_boxes, find_pages, unpack_places
from assistant.documents.passages import StatementKind, split_document
from assistant.documents.readers.pdf import recognising
from assistant.documents.readers.pdf.hyphens import breaks_word
from assistant.documents.readers.pdf.opening import frame_page, open_pdf
from assistant.documents.readers.pdf.reader import read_pdf
from assistant.documents.readers.registry import read_file
from assistant.errors import ReadError

LEAST_ACCURACY = 0.995
SANE: dict[str, Callable[[], Made]] = {
    "two columns": lambda: making.columns(2),
    "three columns": lambda: making.columns(3),
    "two justified columns": lambda: making.justified(2),
    "three justified columns": lambda: making.justified(3),
    "zones": making.zones,
    "running heads": making.running_heads,
    "lists": making.lists,
    "hyphenation": making.hyphenated,
    "footnotes": making.footnotes,
    "table over pages": making.table,
    "table without its heads again": lambda: making.table(repeat=False),
    "table without upright rules": lambda: making.table(rules="open", count=20),
    "rotated": making.rotated,
    "ligatures": making.ligatures,
}
# The list's own signs, which the reader writes before an item.
_MARKS = re.compile(r"(?m)^ *(?:-|\d+\.) (?=\S)")


def read(raw: bytes) -> Document:
    return read_pdf(raw, "guide", "guide.pdf")


def failure(raw: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read(raw)
    return caught.value.reason


def accuracy(document: Document, made: Made) -> float:
    """One less the edits from the expected text over the longer one's length; white space counts
    as one space, and list signs as nothing."""
    found = " ".join(_MARKS.sub("", document.text).split())
    return Levenshtein.normalized_similarity(found, " ".join(" ".join(made.expected).split()))


@pytest.mark.parametrize("kind", SANE)
def test_the_text_is_read_in_reading_order(kind: str) -> None:
    made = SANE[kind]()
    assert accuracy(read(made.raw), made) >= LEAST_ACCURACY


def test_sentences_cut_by_a_column_or_page_are_whole() -> None:
    for made in (making.columns(2), making.columns(3), making.running_heads()):
        document = read(made.raw)
        statements = [
            statement.span.of(document.text)
            for passage in split_document(document)
            for statement in passage.statements
        ]
        stopped = [words for words in made.expected if words.endswith(".")]
        assert statements == [f"{one}." for words in stopped for one in words[:-1].split(". ")]


def test_running_heads_and_page_numbers_are_left_out() -> None:
    text = read(making.running_heads().raw).text
    assert "Hospital Trust" not in text
    assert "Version" not in text
    assert "of 9" not in text


def test_headings_are_told_by_their_type() -> None:
    document = read(making.columns(2).raw)
    headings = [b for b in document.blocks if b.kind is BlockKind.HEADING]
    assert [b.level for b in headings] == [1, *[2] * 10]
    assert document.title == "Care after a lumbar puncture"


def test_lists_keep_their_nesting_and_lead() -> None:
    document = read(making.lists().raw)
    kinds = [(b.kind, b.level) for b in document.blocks if b.kind is not BlockKind.PARAGRAPH]
    bullets = [(BlockKind.BULLET, level) for level in (0, 0, 1, 1, 1, 0)]
    assert kinds == [(BlockKind.LEAD, 0), *bullets, (BlockKind.LEAD, 0), *bullets[:2], bullets[0]]


def test_rows_read_alone_and_a_table_over_pages_is_one() -> None:
    for repeat in (True, False):
        document = read(making.table(repeat=repeat).raw)
        rows = [b.span.of(document.text) for b in document.blocks if b.kind is BlockKind.ROW]
        assert len(rows) == 70
        assert (
            rows[69]
            == "Medicine: Drug 69; Dose: 345 mg; How often: every 10 hours; For how long: 79 days"
        )
        assert document.reading.tables == 1
        assert document.paged is not None
        assert find_pages(document.paged.runs, document.blocks[-2].span) == (2,)


def test_footnotes_stand_apart_and_those_that_cite_are_not_quoted() -> None:
    document = read(making.footnotes().raw)
    note, cited = document.blocks[-2:]
    assert note.kind is BlockKind.PARAGRAPH
    assert note.span.of(document.text).startswith("Halve the dose")
    assert cited.kind is BlockKind.REFERENCES


@pytest.mark.parametrize(
    ("before", "after", "seen", "whole"),
    [
        ("dis-", "charge", {}, True),
        ("pneumo-", "cephalus", {}, True),
        ("post-", "dural", {}, False),
        ("post-", "dural", {"postdural": 3, "post-dural": 1}, True),
        ("follow-", "up", {"follow-up": 2}, False),
        ("blood-", "brain", {}, False),
        ("MRI-", "guided", {}, False),
        ("COVID-", "19", {}, False),
        ("Guillain-", "Barré", {}, False),
        ("hyper\u00ad", "tension", {}, True),
    ],
)
def test_only_hyphens_that_are_there_for_the_line_are_dropped(
    before: str, after: str, seen: dict[str, int], whole: bool
) -> None:
    assert breaks_word(before, after, seen) is whole


def test_text_under_the_boxes_of_200_random_quotes_is_the_quote() -> None:
    """White space, hyphens, and how ligatures and raised numbers are written count as nothing."""
    chosen = random.Random(7)
    quotes = [
        (made, document, statement.span)
        for kind, make in SANE.items()
        if "table" not in kind and kind != "zones"
        for made in [make()]
        for document in [read(made.raw)]
        for passage in split_document(document)
        for statement in passage.statements
    ]
    assert len(quotes) >= 200
    for made, document, span in chosen.sample(quotes, 200):
        assert document.paged is not None
        under = ""
        with open_pdf(made.raw, "guide.pdf") as pdf:
            for number in find_pages(document.paged.runs, span):
                page = pdf[number - 1]
                text_page, frame = page.get_textpage(), frame_page(page)
                places = unpack_places(document.paged.places[number - 1])
                for box in find_boxes(places, span):
                    under += text_page.get_text_bounded(*frame.to_written(box))
        assert plain(under) == plain(span.of(document.text))


def plain(words: str) -> str:
    same = str.maketrans({"\ufb01": "fi", "\ufb02": "fl", "¹": "1", "²": "2"})
    return re.sub(r"[\s\x02\ufffe-]", "", words.translate(same))


def test_the_boxes_of_a_row_are_its_cells() -> None:
    made = making.table()
    document = read(made.raw)
    row = next(b.span for b in document.blocks if "Drug 60;" in b.span.of(document.text))
    assert document.paged is not None
    (number,) = find_pages(document.paged.runs, row)
    boxes = find_boxes(unpack_places(document.paged.places[number - 1]), row)
    with open_pdf(made.raw, "guide.pdf") as pdf:
        page = pdf[number - 1]
        text_page, frame = page.get_textpage(), frame_page(page)
        cells = [text_page.get_text_bounded(*frame.to_written(box)).strip() for box in boxes]
    assert cells == ["Drug 60", "300 mg", "every 1 hours", "70 days"]


# What cannot be read


def test_broken_files_say_why() -> None:
    whole = making.lists().raw
    assert "protected by a password" in failure(making.encrypted("secret"))
    assert "cut short" in failure(whole[: len(whole) // 2])
    assert "no pages" in failure(making.without_pages())
    assert "not a PDF" in failure(b"<html><p>Not found</p></html>")
    assert "not a PDF" in failure(b"")
    assert "damaged" in failure(b"%PDF-1.7\n%%EOF\n")


def test_a_password_that_only_guards_printing_is_no_hindrance() -> None:
    assert accuracy(read(making.encrypted("")), making.lists()) >= LEAST_ACCURACY


def test_pictures_are_reported_where_no_tesseract_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    sentences = [Prose(3).sentence()]
    assert "Tesseract" in failure(making.pictures(sentences))
    document = read(making.pictures(sentences, with_text="Lie flat for two hours after it."))
    (unread,) = document.reading.unread
    assert (unread.pages, unread.why) == ((2,), recognising.ABSENT)
    assert document.reading.images == 1


def test_a_stamp_over_a_picture_is_read_and_the_picture_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    stamp = "Downloaded from the library of a hospital."
    document = read(making.pictures([Prose(3).sentence()], stamp=stamp))
    assert document.text == stamp
    assert document.reading.unread[0].pages == (1,)


def test_a_font_without_a_unicode_map_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    prose = Prose(3)
    words = " ".join(prose.sentence() for _ in range(8))
    assert "which letters" in failure(making.without_unicode_map(words))


@pytest.mark.slow
@pytest.mark.skipif(not recognising.find_tesseract(), reason="Tesseract is not installed")
def test_pictures_are_read_by_tesseract() -> None:
    prose = Prose(3)
    sentences = [prose.sentence(9) for _ in range(10)]
    made = Made(making.pictures(sentences), tuple(sentences))
    document = read(made.raw)
    assert accuracy(document, made) >= 0.98
    assert document.reading.recognised == (1,)
    assert document.paged is not None
    span = split_document(document)[0].statements[0].span
    (box, *_) = find_boxes(unpack_places(document.paged.places[0]), span)
    assert box.left == pytest.approx(150 / 1654 * 10_000, abs=60)
    assert box.top == pytest.approx(200 / 2339 * 10_000, abs=80)


@pytest.mark.slow
def test_2000_pages_are_read_page_by_page(tmp_path: Path) -> None:
    made = making.many_pages(2000)
    path = tmp_path / "handbook.pdf"
    path.write_bytes(made.raw)
    started = time.monotonic()
    (document,) = read_file(path, "handbook")
    taken = time.monotonic() - started
    assert isinstance(document, Document)
    assert document.reading.pages == 2000
    assert taken < 600
    statements = [
        s.span.of(document.text)
        for p in split_document(document)
        for s in p.statements
        if s.kind is StatementKind.SENTENCE
    ]
    assert statements == list(made.expected)
    assert document.paged is not None
    assert find_pages(document.paged.runs, document.blocks[-1].span)[-1] == 2000
