"""A PDF from upload to the page it is quoted from, with the quote outlined there."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from assistant import Assistant, Settings, ingest
from assistant.interfaces.ui import build_ui
from assistant.interfaces.ui_serving import launch

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("default"),
    pytest.mark.filterwarnings("ignore:::gradio.queueing"),
]

QUOTE = "Give 30 mL of stripe syrup twice a day for zebra fever in adults."
QUESTION = "How much stripe syrup should adults with zebra fever get?"


def guide() -> bytes:
    """Three pages; the quote is on the second, cut in two lines."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for number in range(1, 4):
        canvas.setFont("Helvetica-Bold", 15)
        canvas.drawString(72, 760, f"Chapter {number} of the zebra guideline")
        canvas.setFont("Helvetica", 11)
        if number == 2:
            canvas.drawString(72, 420, "Give 30 mL of stripe syrup twice a day for zebra")
            canvas.drawString(72, 406, "fever in adults.")
        else:
            canvas.drawString(72, 420, f"Marble cough is heard in chapter {number}.")
        canvas.drawCentredString(297, 30, str(number))
        canvas.showPage()
    canvas.save()
    return file.getvalue()


@pytest.fixture
def served(settings: Settings, library: Path, find_port: Any) -> Iterator[str]:
    ingest([library / "marble-cough.txt"], settings)
    ui = build_ui(Assistant.open(settings))
    yield launch(ui, "127.0.0.1", find_port(), [])
    ui.close(verbose=False)


def test_a_quote_of_a_pdf_opens_on_its_page(served: str, visits: Any) -> None:
    visit = visits(served)
    page = visit.page
    visit.tab("library")
    page.set_input_files(
        "#files", [{"name": "zebra.pdf", "mimeType": "application/pdf", "buffer": guide()}]
    )
    page.wait_for_function("!document.getElementById('files').disabled")
    assert "added" in (page.text_content("#uploads") or "")
    row = page.locator(".document", has_text="zebra guideline")
    assert "3 pages" in (row.text_content() or "")
    visit.ask(QUESTION)
    assert "page 2" in (page.locator("article .place").first.text_content() or "")
    assert visit.open(0, 1) == QUOTE
    assert page.locator("#pane-source figcaption").text_content() == "Page 2"
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        check_outline(page, scrolled=width == 1280)


def check_outline(page: Any, *, scrolled: bool) -> None:
    """The two lines of the quote are outlined where they were printed."""
    seen = page.wait_for_function(
        """() => {
          const image = document.querySelector("#pane-source .paper img");
          if (!image || !image.complete || !image.naturalWidth) return null;
          const paper = image.getBoundingClientRect();
          const body = document.querySelector("#pane-source .source-body");
          const shown = body.getBoundingClientRect();
          return [...document.querySelectorAll("#pane-source .paper rect")].map((rect) => {
            const box = rect.getBoundingClientRect();
            return {
              left: (box.left - paper.left) / paper.width,
              top: (box.top - paper.top) / paper.height,
              seen: box.top >= shown.top && box.bottom <= shown.bottom,
              fits: paper.width > 200 && paper.right <= document.documentElement.clientWidth,
            };
          });
        }"""
    ).json_value()
    width_pt, height_pt = A4
    assert len(seen) == 2
    for box, baseline in zip(seen, (420, 406), strict=True):
        assert box["fits"]
        assert box["seen"] or not scrolled
        assert box["left"] == pytest.approx(72 / width_pt, abs=0.015)
        assert box["top"] == pytest.approx((height_pt - baseline - 11) / height_pt, abs=0.012)
