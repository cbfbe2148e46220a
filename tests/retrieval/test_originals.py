"""A PDF's quotes carry their page, which is drawn from the bytes that the store keeps."""

import io
import json
from pathlib import Path

import pytest
from making_pdfs import many_pages, pictures
from PIL import Image

from assistant import Assistant, Settings, ingest
from assistant.errors import UnknownDocumentError
from assistant.interfaces.cli import main
from assistant.retrieval.store import MAX_SEGMENTS
from assistant.spans import Span

PAGES = 3


@pytest.fixture
def handbook(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "handbook.pdf"
    path.parent.mkdir()
    path.write_bytes(many_pages(PAGES).raw)
    return path


def spans_of_pages(assistant: Assistant) -> list[Span]:
    """A statement from the middle of each page."""
    statements = [s.span for p in assistant.passages("handbook") for s in p.statements]
    return [statements[15 * page + 7] for page in range(PAGES)]


def check_views(assistant: Assistant) -> None:
    document = assistant.document("handbook")
    for number, span in enumerate(spans_of_pages(assistant), start=1):
        assert document.record.page_of(span) == number
        (view,) = assistant.page_views("handbook", span)
        assert view.page == number
        (box,) = view.boxes
        picture = Image.open(io.BytesIO(view.png)).convert("L")
        assert picture.size == (view.width, view.height)
        edges = (
            box.left * view.width // 10_000,
            box.top * view.height // 10_000,
            box.right * view.width // 10_000,
            box.bottom * view.height // 10_000,
        )
        dark = sum(value < 128 for value in picture.crop(edges).tobytes())
        assert dark > 300
        beside = (edges[2] + 5, edges[1], view.width, edges[3])
        assert min(picture.crop(beside).tobytes()) > 200


def test_pages_are_drawn_from_what_was_read_not_from_the_path(
    handbook: Path, settings: Settings
) -> None:
    assert not ingest([handbook], settings).failed
    handbook.write_bytes(b"something else")
    check_views(Assistant.open(settings))


def test_a_server_keeps_originals_too(handbook: Path, chroma_server: str) -> None:
    settings = Settings(store=chroma_server, embedder="hashing")
    assert not ingest([handbook], settings, rebuild=True).failed
    check_views(Assistant.open(settings))


def test_originals_outlive_the_merging_of_segments(
    handbook: Path, settings: Settings, tmp_path: Path
) -> None:
    ingest([handbook], settings)
    for number in range(MAX_SEGMENTS + 1):
        other = tmp_path / f"{number}.txt"
        other.write_text(f"Zebras rest for {number} days.")
        ingest([other], settings)
    assistant = Assistant.open(settings)
    check_views(assistant)
    assistant.remove(["handbook"])
    with pytest.raises(UnknownDocumentError):
        assistant.page_views("handbook", Span(0, 5))


def test_documents_without_pages_have_no_views(assistant: Assistant) -> None:
    assert assistant.page_views("zebra-fever", Span(0, 5)) == ()


def test_the_command_line_says_the_page_and_what_was_not_read(
    tmp_path: Path,
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("ASSISTANT_EMBEDDER", "hashing")
    path = tmp_path / "zebra.pdf"
    words = "Zebra fever lasts 9 days in most adults."
    path.write_bytes(pictures(["Nothing here."], with_text=words))
    store = ["--store", settings.store]
    assert main(["ingest", str(path), *store]) == 0
    capsys.readouterr()
    assert main(["library", "show", "zebra", *store]) == 0
    shown = capsys.readouterr().out
    assert "2 pages" in shown
    assert "Not read: page 2, for it is a picture, and Tesseract" in shown
    assert main(["library", "show", "zebra", "--json", *store]) == 0
    reading = json.loads(capsys.readouterr().out)["reading"]
    assert (reading["pages"], reading["unread"][0]["pages"]) == (2, [2])
    assert main(["ask", "How long does zebra fever last in adults?", *store]) == 0
    assert "page 1" in capsys.readouterr().out
    assert main(["ask", "How long does zebra fever last in adults?", "--json", *store]) == 0
    answer = json.loads(capsys.readouterr().out)
    (quote, *_) = answer["quotes"] or answer["nearest"]
    assert (quote["text"], quote["page"]) == (words, 1)
    saved = tmp_path / "answer.json"
    saved.write_text(json.dumps(answer))
    assert main(["verify", str(saved), *store]) == 0
