"""The Library tab over a real assistant and a store of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_page_access import violations

from assistant import Assistant, Settings, ingest
from assistant.consultation import begin_library
from assistant.interfaces.ui import build_ui
from assistant.interfaces.ui_serving import launch

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("default"),
    pytest.mark.filterwarnings("ignore:::gradio.queueing"),
]

Visit = Any
NEW = """---
id: pebble-rash
title: <img src=x onerror=alert(1)> Pebble rash
population: adults with pebbles
updated: 2026-03-04
review: {status: approved, by: A. Example, on: 2026-03-05}
---

## Treatment of pebble rash

Give 7 mL of pebble balm at night for pebble rash.

| Age | Pebble balm |
|---|---|
| under 2 years | 1 mL |
"""


@pytest.fixture
def shelf(settings: Settings, library: Path, find_port: Any) -> Iterator[tuple[str, Assistant]]:
    ingest([library], settings)
    assistant = Assistant.open(settings)
    ui = build_ui(assistant)
    yield launch(ui, "127.0.0.1", find_port()), assistant
    ui.close(verbose=False)


def upload(visit: Visit, *files: tuple[str, str]) -> None:
    visit.tab("library")
    visit.page.set_input_files(
        "#files",
        [{"name": n, "mimeType": "text/plain", "buffer": t.encode()} for n, t in files],
    )
    visit.page.wait_for_function("!document.getElementById('files').disabled")


def titles(visit: Visit) -> list[str]:
    return [str(title) for title in visit.page.locator("#list h4").all_text_contents()]


def test_the_list_says_what_there_is_and_what_was_read(shelf: Any, visits: Any) -> None:
    visit = visits(shelf[0])
    words = visit.tab("library").locator(".document", has_text="Zebra fever").text_content() or ""
    assert "For: adults with stripes" in words
    assert "Updated 2 January 2026 · Review: submitted" in words
    assert "Indexed: full text" in words
    assert "no tables" in words
    assert "no page numbers" in words


def test_what_is_uploaded_is_quoted_until_it_is_removed(shelf: Any, visits: Any) -> None:
    visit = visits(shelf[0])
    question = "What is the treatment of pebble rash with pebble balm?"
    sentence = "Give 7 mL of pebble balm at night for pebble rash."
    upload(visit, ("pebbles.md", NEW), ("broken.xyz", "?"))
    results = visit.page.locator("#uploads li").all_text_contents()
    assert "pebbles.md: added" in results[0]
    assert "broken.xyz" in results[1]
    assert "cannot be read" in results[1]
    assert "<img src=x onerror=alert(1)> Pebble rash" in titles(visit)
    row = visit.page.locator(".document", has_text="Pebble rash")
    assert "1 table row" in (row.text_content() or "")
    visit.ask(question)
    assert sentence in visit.page.locator("article .words").all_text_contents()
    assert visit.open(0, 1) == sentence

    visit.tab("library")
    row.get_by_text("Remove", exact=True).click()
    assert row.get_by_role("alertdialog").is_visible()
    assert visit.page.evaluate("document.activeElement.textContent") == "Keep it"
    visit.page.keyboard.press("Enter")
    assert not row.get_by_role("alertdialog").is_visible()
    row.get_by_text("Remove", exact=True).click()
    row.get_by_text("Remove it", exact=True).click()
    row.wait_for(state="detached")
    assert not any("Pebble" in title for title in titles(visit))
    visit.ask(question)
    last = visit.page.locator("article").last
    assert sentence not in last.locator(".words").all_text_contents()
    visit.page.locator("article").first.locator("a.cite").first.click()
    visit.page.locator("#pane-source .warning").wait_for()
    assert "no longer in the library" in (visit.page.text_content("#pane-source") or "")


def test_search_inside_opens_at_the_passage(shelf: Any, visits: Any) -> None:
    visit = visits(shelf[0])
    visit.tab("library")
    visit.page.fill("#find", "marble scan")
    visit.page.keyboard.press("Enter")
    found = visit.page.locator("#found li", has_text="Order a marble scan within 48 hours").first
    found.wait_for()
    words = found.locator(".words").text_content()
    found.get_by_text("Open at the passage").click()
    marks = visit.page.locator("#pane-source mark.current")
    marks.first.wait_for()
    assert "".join(marks.all_text_contents()) == words
    visit.tab("library")
    zebra = visit.page.locator(".document", has_text="Zebra fever")
    zebra.get_by_text("Search in it").click()
    visit.page.fill("#find", "marble scan")
    visit.page.keyboard.press("Enter")
    visit.page.locator("#found li", has_text="marble").first.wait_for(state="detached")
    assert "Only in “Zebra fever”" in (visit.page.text_content(".scope") or "")


def test_what_has_a_known_id_replaces_only_after_asking(shelf: Any, visits: Any) -> None:
    visit = visits(shelf[0])
    upload(visit, ("pebbles.md", NEW), ("other.md", "# Other\n\nOther things are said here.\n"))
    newer = NEW.replace("7 mL", "8 mL")
    upload(visit, ("pebbles.md", newer), ("other.md", "# Other\n\nOther things were said.\n"))
    asking = visit.page.locator("#uploads .waiting")
    assert asking.count() == 2
    assert violations(visit) == []
    words = asking.first.text_content() or ""
    assert "<img src=x onerror=alert(1)> Pebble rash" in words
    assert "Updated 4 March 2026" in words
    assert "1 passage" in words
    assert "2 would replace" in (visit.page.text_content("#progress-words") or "")
    assert "7 mL" in shelf[1].document("pebble-rash").text
    asking.first.get_by_text("Keep the old one").click()
    visit.page.get_by_text("keeps what it had").wait_for()
    assert "7 mL" in shelf[1].document("pebble-rash").text

    upload(visit, ("pebbles.md", newer))
    assert asking.count() == 2
    replacing = asking.filter(has_text="pebbles.md")
    replacing.get_by_text("Replace it").click()
    visit.page.get_by_text("replaced the document").wait_for()
    assert "8 mL" in shelf[1].document("pebble-rash").text
    assert asking.count() == 1
    assert "said here" in shelf[1].document("other").text


def test_an_empty_library_says_how_to_begin(
    settings: Settings, visits: Any, find_port: Any
) -> None:
    begin_library(settings)
    ui = build_ui(Assistant.open(settings))
    visit = visits(launch(ui, "127.0.0.1", find_port(), []))
    try:
        notice = visit.page.locator("#no-library")
        notice.wait_for()
        assert not visit.page.locator(".example").first.is_visible()
        assert violations(visit) == []
        visit.ask("How long does pebble rash last?")
        assert "The library is empty" in (visit.page.text_content("article .notice") or "")
        visit.page.locator("article").get_by_text("Add documents").click()
        assert "The library is empty" in (visit.page.text_content("#list") or "")
        upload(visit, ("pebbles.md", NEW))
        assert len(titles(visit)) == 1
        visit.page.click("text=New conversation")
        visit.page.locator(".example").first.wait_for()
        assert not notice.is_visible()
        visit.ask("What is the treatment of pebble rash with pebble balm?")
        sentence = "Give 7 mL of pebble balm at night for pebble rash."
        assert sentence in visit.page.locator("article .words").all_text_contents()
    finally:
        # First, or the page would tell that its server has stopped.
        visit.page.close()
        ui.close(verbose=False)
