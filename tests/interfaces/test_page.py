"""The page in a real browser, over a public fake assistant."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from assistant.interfaces.ui import build_ui
from assistant.interfaces.ui_serving import launch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# What Gradio's server warns of in its own threads is not ours to mend.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("default"),
    pytest.mark.filterwarnings("ignore:::gradio.queueing"),
]

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WHEN = "When should I image after a dural puncture?"
LYING = "Headache worse lying down after a blood patch"


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    from playwright.sync_api import Error, sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        except Error as error:
            pytest.fail(
                "No browser for the page's tests. Install Chromium, name one in CHROMIUM, or run "
                f"'playwright install chromium'. ({error.message.splitlines()[0]})"
            )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def served(make_fake: Callable[[], Any], find_port: Callable[[], int]) -> Iterator[Any]:
    """The address of a page served in this process, with its fake."""
    fake = make_fake()
    ui = build_ui(fake)
    address = launch(ui, "127.0.0.1", find_port(), [])
    yield address, fake
    ui.close(verbose=False)


class Visit:
    """A page with what it asked of the network and what went wrong in it."""

    def __init__(self, page: "Page", address: str) -> None:
        self.page, self.address = page, address
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._listen)
        page.goto(address)
        page.wait_for_selector("#box textarea")
        page.wait_for_selector("#panel .source")

    def _listen(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def ask(self, question: str) -> None:
        answers = self.page.locator(".answer, .notice")
        before = answers.count()
        self.page.fill("#box textarea", question)
        self.page.keyboard.press("Enter")
        answers.nth(before).wait_for()

    def open(self, answer: int, number: int) -> str:
        """Click a number of the nth answer and return the words marked as chosen."""
        link = self.page.locator(".answer, .notice").nth(answer).locator("a.cite")
        link.get_by_text(f"[{number}]", exact=True).first.click()
        return self.chosen(number)

    def chosen(self, number: int) -> str:
        mark = self.page.locator(f"#panel mark.current[data-number='{number}']").first
        mark.wait_for(state="attached")
        return mark.text_content() or ""

    def title(self) -> str:
        return self.page.locator("#panel h2.title").text_content() or ""

    def mark_is_in_view(self) -> bool:
        return bool(
            self.page.wait_for_function(
                """() => {
                  const mark = document.querySelector("#panel mark.current");
                  const body = document.querySelector("#panel .source-body");
                  const m = mark.getBoundingClientRect(), b = body.getBoundingClientRect();
                  return m.height > 0 && m.top >= b.top && m.bottom <= b.bottom
                    && m.bottom <= window.innerHeight;
                }""",
                timeout=5000,
            )
        )


@pytest.fixture
def visit(browser: "Browser", served: Any) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    made = Visit(context.new_page(), served[0])
    yield made
    context.close()
    assert made.errors == []
    assert made.dialogs == []
    assert [url for url in made.requests if not url.startswith((served[0], "data:"))] == []


def test_a_number_opens_its_document_at_the_quote(visit: Visit, served: Any) -> None:
    visit.ask(WHEN)
    quotes = served[1].script["image"].quotes
    words = [q.text_content() for q in visit.page.locator(".answer blockquote .words").all()]
    assert words == [quote.text for quote in quotes]
    assert visit.open(0, 2) == quotes[1].text
    assert visit.title() == "Imaging after a dural puncture"
    assert visit.mark_is_in_view()
    assert visit.open(0, 4) == quotes[3].text
    assert visit.title() == "Epidural blood patch: after-care"
    assert visit.mark_is_in_view()


def test_numbers_in_the_reference_list_and_the_panel_open_too(visit: Visit, served: Any) -> None:
    visit.ask(WHEN)
    quotes = served[1].script["image"].quotes
    visit.page.locator(".references a.cite").nth(2).click()
    assert visit.chosen(3) == quotes[2].text
    visit.page.locator("#panel .jump a.cite").nth(0).click()
    assert visit.chosen(1) == quotes[0].text


def test_each_answer_opens_its_own_quotes(visit: Visit, served: Any) -> None:
    visit.ask(WHEN)
    visit.ask(LYING)
    visit.ask(WHEN)
    script = served[1].script
    for answer, key in ((1, "lying down"), (0, "image"), (2, "image"), (1, "lying down")):
        for number in (1, 2):
            assert visit.open(answer, number) == script[key].quotes[number - 1].text
            assert visit.mark_is_in_view()
    ids = visit.page.eval_on_selector_all("[id]", "all => all.map((e) => e.id).filter(Boolean)")
    assert len(ids) == len(set(ids))


def test_quick_clicks_end_at_the_last_one(visit: Visit, served: Any) -> None:
    visit.ask(WHEN)
    links = visit.page.locator(".answer blockquote a.cite")
    for index in (0, 1, 3, 0, 2):
        links.nth(index).click()
    assert visit.chosen(3) == served[1].script["image"].quotes[2].text
    time.sleep(0.5)
    assert visit.chosen(3) == served[1].script["image"].quotes[2].text


def test_the_newest_question_is_at_the_top_of_the_chat(visit: Visit) -> None:
    for question in (WHEN, LYING, WHEN):
        visit.ask(question)
    visit.page.wait_for_function(
        """() => {
          const asked = [...document.querySelectorAll(".asked")].pop().getBoundingClientRect();
          const chat = document.querySelector("#chat").getBoundingClientRect();
          return asked.top >= chat.top && asked.top < chat.top + 60;
        }"""
    )


def test_the_keyboard_opens_a_number(visit: Visit, served: Any) -> None:
    visit.ask(WHEN)
    visit.page.focus("#anew")
    for _ in range(20):
        visit.page.keyboard.press("Tab")
        focused = visit.page.evaluate("document.activeElement.textContent")
        if focused == "[2]":
            break
    assert focused == "[2]"
    outline = visit.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    visit.page.keyboard.press("Enter")
    assert visit.chosen(2) == served[1].script["image"].quotes[1].text
    assert visit.mark_is_in_view()
    assert visit.page.evaluate("document.activeElement.textContent") == "[2]"


def test_the_examples_ask_and_then_go(visit: Visit) -> None:
    examples = visit.page.locator("#chat .example")
    assert examples.count() == 4
    examples.nth(3).click()
    visit.page.locator(".notice.not-covered").wait_for()
    assert visit.page.locator(".asked").text_content() == "What dose of acetazolamide?"
    assert examples.count() == 0


def test_not_covered_looks_unlike_an_answer(visit: Visit) -> None:
    visit.ask("What dose of acetazolamide?")
    visit.ask(LYING)
    assert "Not covered" in (visit.page.locator(".notice-head").text_content() or "")
    ground = "e => getComputedStyle(e).backgroundColor + getComputedStyle(e).borderTopWidth"
    notice = visit.page.locator(".notice").evaluate(ground)
    assert notice != visit.page.locator(".answer").evaluate(ground)
    assert visit.open(0, 2) == "Ask for MRI of the brain with contrast."


def test_hostile_text_appears_as_it_is(visit: Visit, hostile: str) -> None:
    visit.ask(hostile)
    assert visit.page.locator(".asked").text_content() == hostile
    expected = f"The hostile sentence is {hostile} to the end."
    assert visit.page.locator(".answer .words").text_content() == expected
    assert visit.open(0, 1) == expected
    assert visit.title() == hostile
    visit.page.wait_for_timeout(300)
    inside = ":is(#chat, #panel) :is(img, script, iframe, form, .katex, code, h1)"
    assert visit.page.locator(inside).count() == 0
    hrefs = visit.page.eval_on_selector_all(
        ":is(#chat, #panel) a", "all => all.map((a) => a.getAttribute('href'))"
    )
    assert all(href.startswith("#") for href in hrefs)


def test_several_lines_are_shown_as_typed(visit: Visit) -> None:
    typed = "# heading\n\n    image $$x$$\n\n- [x](javascript:alert(1))\n> <b>quoted</b>"
    visit.ask(typed)
    assert visit.page.locator(".asked").text_content() == typed


def test_a_failed_question_stays_in_the_box(visit: Visit) -> None:
    visit.ask("This is too long")
    assert "<b>too many</b>" in (visit.page.locator(".notice.failed").text_content() or "")
    assert visit.page.input_value("#box textarea") == "This is too long"


def test_nothing_is_kept_in_the_browser(visit: Visit) -> None:
    visit.ask(WHEN)
    visit.open(0, 1)
    kept = visit.page.evaluate(
        """async () => JSON.stringify([
          {...localStorage}, {...sessionStorage}, await indexedDB.databases(),
          await caches.keys(), document.cookie, location.href,
        ])"""
    )
    assert "image" not in kept.lower()
    assert kept.startswith("[{},{},[],[]")


def test_a_new_conversation_forgets_the_old_one(visit: Visit, served: Any) -> None:
    visit.ask(WHEN)
    visit.open(0, 1)
    visit.page.click("#anew")
    visit.page.locator("#chat .example").nth(3).wait_for()
    assert visit.page.locator("#panel .source.empty").count() == 1
    visit.ask(LYING)
    assert served[1].histories[-1] == ()


def test_a_removed_document_is_not_shown(visit: Visit, served: Any) -> None:
    visit.ask(WHEN)
    removed = served[1].library.pop("imaging")
    try:
        visit.page.locator(".answer a.cite").first.click()
        visit.page.locator("#panel .warning").wait_for()
        assert "no longer in the library" in (visit.page.locator("#panel").text_content() or "")
        assert visit.page.locator("#panel mark").count() == 0
    finally:
        served[1].library["imaging"] = removed


def test_a_long_document_opens_quickly(visit: Visit, served: Any) -> None:
    visit.ask(WHEN)
    short = served[1].library["imaging"]
    served[1].library["imaging"] = replace(
        short, text=short.text + "A sentence that fills the page.\n\n" * 6000
    )
    try:
        started = time.monotonic()
        assert visit.open(0, 3) == "Ask for MRI of the brain with contrast."
        assert visit.mark_is_in_view()
        assert time.monotonic() - started < 2
    finally:
        served[1].library["imaging"] = short


def test_on_a_phone_the_source_covers_the_chat_until_closed(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.ask(WHEN)
    width = visit.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    visit.open(0, 2)
    assert visit.mark_is_in_view()
    assert visit.page.evaluate("document.activeElement.className") == "close-source"
    visit.page.keyboard.press("Enter")
    visit.page.locator("#panel").wait_for(state="hidden")
    assert visit.page.evaluate("document.activeElement.textContent") == "[2]"


def test_the_page_may_fetch_from_its_origin_only(visit: Visit) -> None:
    response = visit.page.goto(visit.address)
    assert response is not None
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "http" not in policy
    blocked = visit.page.evaluate(
        "fetch('http://127.0.0.1:9/?leak').then(() => 'sent', () => 'blocked')"
    )
    assert blocked == "blocked"
    assert any("Content Security Policy" in error for error in visit.errors)
    visit.errors.clear()
    visit.requests[:] = [url for url in visit.requests if "leak" not in url]
