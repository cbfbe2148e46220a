"""The page in a real browser, over a public fake assistant."""

import time
from dataclasses import replace
from typing import Any

import pytest

Visit = Any

# What Gradio's server warns of in its own threads is not ours to mend.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("default"),
    pytest.mark.filterwarnings("ignore:::gradio.queueing"),
]

WHEN = "When should I image after a dural puncture?"
LYING = "Headache worse lying down after a blood patch"


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
    visit.page.locator("#pane-source .jump a.cite").nth(0).click()
    assert visit.chosen(1) == quotes[0].text


def test_next_and_previous_walk_over_all_quotes_and_documents(visit: Visit, served: Any) -> None:
    visit.ask(WHEN)
    quotes = served[1].script["image"].quotes
    visit.open(0, 3)
    visit.page.get_by_role("link", name="Next").click()
    assert visit.chosen(4) == quotes[3].text
    assert visit.title() == "Epidural blood patch: after-care"
    assert visit.mark_is_in_view()
    assert visit.page.get_by_role("link", name="Next").count() == 0
    visit.page.get_by_role("link", name="Previous").click()
    assert visit.chosen(3) == quotes[2].text
    assert visit.title() == "Imaging after a dural puncture"


def test_a_passage_that_was_found_but_not_used_opens_too(visit: Visit) -> None:
    visit.ask(LYING)
    unused = visit.tab("evidence").locator(".unused-list")
    assert unused.get_attribute("open") is None
    unused.locator("summary").first.click()
    card = unused.locator(".card").first
    card.locator("summary").click()
    words = card.locator(".words").text_content()
    card.locator("a.cite").click()
    mark = visit.page.locator("#pane-source mark.current")
    mark.first.wait_for()
    assert "".join(mark.all_text_contents()) == words


def test_each_answer_opens_its_own_quotes(visit: Visit, served: Any) -> None:
    visit.ask(WHEN)
    visit.ask(LYING)
    visit.ask(WHEN)
    script = served[1].script
    for answer, key in ((1, "lying down"), (0, "image"), (2, "image"), (1, "lying down")):
        for number in (1, 2):
            assert visit.open(answer, number) == script[key].quotes[number - 1].text
            assert visit.mark_is_in_view()
    ids = visit.page.eval_on_selector_all(
        "#page [id]", "all => all.map((e) => e.id).filter(Boolean)"
    )
    assert len(ids) == len(set(ids))


def test_quick_clicks_end_at_the_last_one(visit: Visit, served: Any) -> None:
    visit.ask(WHEN)
    links = visit.page.locator(".answer .cited a.cite")
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
          const asked = [...document.querySelectorAll("#log .asked")].pop().getBoundingClientRect();
          const chat = document.querySelector("#chat").getBoundingClientRect();
          return asked.top >= chat.top && asked.top < chat.top + 60;
        }"""
    )


def test_the_keyboard_opens_a_number(visit: Visit, served: Any) -> None:
    visit.ask(WHEN)
    visit.page.focus("#top button")
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
    examples = visit.page.locator(".example")
    kinds = [kind.text_content() for kind in visit.page.locator(".example .kind").all()]
    assert kinds == ["A short question", "A patient", "A dangerous premise", "Not in the library"]
    examples.nth(3).click()
    visit.page.locator(".notice.not-covered").wait_for()
    asked = visit.page.locator("article .asked").text_content()
    assert asked == "What dose of acetazolamide should I give?"
    assert not examples.first.is_visible()


def test_not_covered_looks_unlike_an_answer(visit: Visit) -> None:
    visit.ask("What dose of acetazolamide?")
    visit.ask(LYING)
    assert "Not covered" in (visit.page.locator("article .notice-head").first.text_content() or "")
    ground = "e => getComputedStyle(e).backgroundColor + getComputedStyle(e).borderTopWidth"
    notice = visit.page.locator(".notice.not-covered").evaluate(ground)
    assert notice != visit.page.locator(".answer").evaluate(ground)
    assert visit.open(0, 2) == "Ask for MRI of the brain with contrast."


def test_a_part_that_is_not_covered_is_said_in_the_librarys_words(visit: Visit) -> None:
    visit.ask("When should I scan, and what does it cost?")
    parts = visit.page.locator(".parts li")
    assert parts.first.locator("a.cite").text_content() == "[1]"
    gap = parts.nth(1)
    assert "not covered by the library. It says so itself:" in (gap.text_content() or "")
    sentence = gap.locator("blockquote .words").text_content()
    assert sentence == "Keep the patient lying flat for two hours after the patch."
    gap.locator("a.cite").click()
    mark = visit.page.locator("#pane-source mark.current")
    mark.first.wait_for()
    assert mark.text_content() == sentence
    assert visit.page.locator("#pane-source .steps-nav").count() == 0
    visit.open(0, 1)
    visit.page.locator("#pane-source mark.current", has_text="Image the brain").first.wait_for()


def test_without_an_answer_the_patient_check_keeps_quiet(visit: Visit) -> None:
    visit.ask("What is a good recipe for my patient?")
    words = visit.page.text_content("article") or ""
    assert "There is no answer to check against a patient." in words
    assert visit.page.locator("article .verdict-line").count() == 0
    assert visit.tab("patient").locator(".ask").count() == 0
    assert visit.tab("pathway").locator("svg").count() == 0


def test_a_suggestion_asks(visit: Visit, served: Any) -> None:
    served[1].suggested = ("Does a normal MRI end it?", "Is it worse lying down?")
    try:
        visit.ask(WHEN)
        buttons = visit.page.locator(".next button")
        buttons.nth(1).wait_for()
        assert buttons.all_text_contents() == list(served[1].suggested)
        buttons.nth(1).click()
        visit.page.locator("article.exchange").nth(1).wait_for()
        asked = visit.page.locator("article .asked").nth(1).text_content()
        assert asked == "Is it worse lying down?"
        assert visit.page.locator("article").first.locator(".next button").count() == 0
    finally:
        served[1].suggested = ()


def test_hostile_text_appears_as_it_is(visit: Visit, hostile: str) -> None:
    visit.ask(hostile)
    assert visit.page.locator("article .asked").text_content() == hostile
    expected = f"The hostile sentence is {hostile} to the end."
    assert visit.page.locator(".answer .cited .words").text_content() == expected
    assert visit.open(0, 1) == expected
    assert visit.title() == hostile
    visit.page.wait_for_timeout(300)
    for name in ("evidence", "patient", "pathway", "library", "source"):
        visit.tab(name)
    visit.page.wait_for_selector("#list h4", state="attached")
    titles = visit.page.locator("#list h4").all_text_contents()
    assert hostile in titles
    inside = ":is(#chat, .pane) :is(img, script, iframe, .katex, h1)"
    assert visit.page.locator(inside).count() == 0
    hrefs = visit.page.eval_on_selector_all(
        "#page a", "all => all.map((a) => a.getAttribute('href'))"
    )
    assert all(href.startswith("#") for href in hrefs)


def test_several_lines_are_shown_as_typed(visit: Visit) -> None:
    typed = "# heading\n\n    image $$x$$\n\n- [x](javascript:alert(1))\n> <b>quoted</b>"
    visit.ask(typed)
    assert visit.page.locator("article .asked").text_content() == typed


def test_a_failed_question_stays_in_the_box(visit: Visit) -> None:
    visit.ask("This is too long")
    assert "<b>too many</b>" in (visit.page.locator(".notice.failed").text_content() or "")
    assert visit.page.input_value("#question") == "This is too long"


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


def test_a_reload_keeps_nothing(visit: Visit, served: Any) -> None:
    visit.ask(WHEN)
    visit.page.reload()
    visit.page.wait_for_selector("#list *", state="attached")
    assert visit.page.locator("article").count() == 0
    assert visit.page.input_value("#question") == ""
    assert "image" not in (visit.page.text_content("#log") or "")
    visit.ask(LYING)
    assert served[1].histories[-1] == ()
    # Gradio tells the console that its open connection ended with the old page.
    visit.errors[:] = [
        e for e in visit.errors if "abort" not in e.lower() and "errored out" not in e
    ]


def test_two_browsers_at_once_do_not_see_each_other(visits: Any, served: Any) -> None:
    one, other = visits(served[0]), visits(served[0])
    one.ask(WHEN)
    other.ask(LYING)
    assert served[1].histories[-1] == ()
    assert WHEN not in (other.page.text_content("#page") or "")
    link = one.page.locator("article a.cite").first.get_attribute("href")
    other.page.evaluate(
        "href => document.querySelector('article a.cite').setAttribute('href', href)", link
    )
    other.page.locator("article a.cite").first.click()
    other.page.locator("#pane-source .warning").wait_for()
    assert "earlier visit" in (other.page.text_content("#pane-source") or "")
    assert visit_words(one).count("Image the brain and the spine") > 0


def visit_words(visit: Visit) -> str:
    return visit.page.text_content("#log") or ""


def test_while_it_works_the_page_says_so_and_takes_no_second_question(
    visit: Visit, served: Any
) -> None:
    served[1].pause = 3.2
    try:
        visit.page.fill("#question", WHEN)
        visit.page.keyboard.press("Enter")
        visit.page.get_by_text("Searching the library").wait_for()
        assert visit.page.is_disabled("#send")
        visit.page.fill("#question", LYING)
        visit.page.keyboard.press("Enter")
        visit.page.get_by_text("Still working on it").wait_for()
        visit.page.locator("article.exchange").wait_for()
        assert visit.page.locator("article.exchange").count() == 1
        assert visit.page.input_value("#question") == LYING
        assert not visit.page.locator("#thinking").is_visible()
    finally:
        served[1].pause = 0.0


def test_what_was_done_is_folded_to_a_line(visit: Visit) -> None:
    visit.ask(WHEN)
    steps = visit.page.locator(".steps")
    assert steps.get_attribute("open") is None
    line = steps.locator("summary").text_content() or ""
    assert "Searched 3 documents" in line
    assert "passages" in line
    assert "rules" in line
    steps.locator("summary").click()
    assert steps.locator("li").first.is_visible()


def test_a_new_conversation_forgets_the_old_one(visit: Visit, served: Any) -> None:
    visit.ask(WHEN)
    visit.open(0, 1)
    visit.page.click("text=New conversation")
    visit.page.locator(".example").nth(3).wait_for()
    assert visit.page.locator("#pane-source .source.empty").count() == 1
    assert visit.page.locator("article").count() == 0
    visit.ask(LYING)
    assert served[1].histories[-1] == ()


def test_a_removed_document_is_not_shown(visit: Visit, served: Any) -> None:
    visit.ask(WHEN)
    removed = served[1].library.pop("imaging")
    try:
        visit.page.locator(".answer .cited a.cite").first.click()
        visit.page.locator("#pane-source .warning").wait_for()
        assert "no longer in the library" in (
            visit.page.locator("#pane-source").text_content() or ""
        )
        assert visit.page.locator("#pane-source mark").count() == 0
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


def test_on_a_phone_a_tab_covers_the_chat_until_closed(visits: Any, served: Any) -> None:
    visit = visits(served[0], viewport={"width": 390, "height": 844})
    visit.ask(WHEN)
    for name in ("evidence", "patient", "pathway", "library"):
        visit.tab(name)
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert not visit.page.locator("#chat").is_visible()
        visit.page.click("text=Back to the answer")
        assert visit.page.locator("#chat").is_visible()
    visit.open(0, 2)
    assert visit.mark_is_in_view()
    assert "back" in visit.page.evaluate("document.activeElement.className")
    visit.page.keyboard.press("Enter")
    visit.page.locator("#pane-source").wait_for(state="hidden")
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
