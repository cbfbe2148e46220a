"""Several people ask at once, and the page has time for one."""

from collections.abc import Iterator
from typing import Any

import pytest

from assistant.interfaces.ui import build_ui
from assistant.interfaces.ui_serving import launch

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("default"),
    pytest.mark.filterwarnings("ignore:::gradio.queueing"),
]

WHEN = "When should I image after a dural puncture?"


@pytest.fixture
def slow(fake: Any, find_port: Any) -> Iterator[str]:
    fake.pause = 1.2
    ui = build_ui(fake, at_once=1)
    yield launch(ui, "127.0.0.1", find_port(), [])
    ui.close(verbose=False)


def test_a_busy_page_says_so_and_gives_the_place_in_the_queue(slow: str, visits: Any) -> None:
    first, second, third = (visits(slow) for _ in range(3))
    for visit in (first, second, third):
        visit.page.fill("#question", WHEN)
    for visit in (first, second, third):
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_function("document.getElementById('thinking').hidden === false")
        visit.page.wait_for_timeout(100)
    second.page.get_by_text("Busy with others’ questions. Yours is next.").first.wait_for()
    third.page.get_by_text("Busy with others’ questions. Place 2 in the queue.").first.wait_for()
    assert "Place 2" in (third.page.text_content("#spoken") or "")
    third.page.get_by_text("Yours is next.").first.wait_for()
    third.page.get_by_text("Searching the library").wait_for()
    for visit in (first, second, third):
        visit.page.locator("article.exchange").wait_for()
        assert visit.page.locator("article.exchange").count() == 1
        assert not visit.page.locator("#thinking").is_visible()


def test_whoever_leaves_the_queue_holds_up_nobody(slow: str, visits: Any) -> None:
    first, second, third = (visits(slow) for _ in range(3))
    for visit in (first, second, third):
        visit.page.fill("#question", WHEN)
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_timeout(100)
    second.errors.clear()
    second.page.close()
    third.page.locator("article.exchange").wait_for()
