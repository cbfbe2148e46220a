"""That everybody can use the page: screen readers, keyboard, zoom, paper, reduced motion."""

import json
from typing import Any

import pytest
from axe import find_violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("default"),
    pytest.mark.filterwarnings("ignore:::gradio.queueing"),
]

Visit = Any
WHEN = "When should I image after a dural puncture?"
VIGNETTE = (
    "34-year-old woman, lumbar puncture 2 days ago, headache worse upright, temperature 38.4. "
    "Can I do a blood patch, and when should I image?"
)


def violations(visit: Visit) -> list[str]:
    return find_violations(visit.page)


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_state(visits: Any, served: Any, theme: str) -> None:
    visit = visits(served[0], color_scheme=theme)
    assert violations(visit) == [], "empty"
    visit.ask(WHEN)
    visit.page.locator("[data-useful=no][data-do=thumb]").click()
    assert violations(visit) == [], "answered"
    visit.ask(VIGNETTE)
    for name in ("evidence", "patient", "pathway", "library"):
        visit.tab(name)
        visit.page.eval_on_selector_all("details", "all => all.forEach((d) => { d.open = true; })")
        assert violations(visit) == [], name
    visit.page.locator(".document").first.get_by_text("Remove", exact=True).click()
    assert violations(visit) == [], "removing"
    visit.open(1, 2)
    assert violations(visit) == [], "source"
    for question in (
        "What does it cost?",
        "What dose of acetazolamide?",
        "a recipe for soup",
        "This is too long",
    ):
        visit.ask(question)
        assert violations(visit) == [], question


def test_axe_finds_nothing_serious_on_a_phone(visits: Any, served: Any) -> None:
    visit = visits(served[0], viewport={"width": 390, "height": 844})
    visit.ask(VIGNETTE)
    assert violations(visit) == []
    visit.tab("patient")
    assert violations(visit) == []


def test_axe_does_find_what_is_wrong(visit: Visit) -> None:
    visit.page.evaluate("document.getElementById('send').textContent = ''")
    assert any("button-name" in found for found in violations(visit))


def test_everything_can_be_done_from_the_keyboard(visit: Visit, served: Any) -> None:
    press = visit.page.keyboard.press
    press("Tab")
    visit.page.focus("a.skip")
    press("Enter")
    assert visit.page.evaluate("document.activeElement.id") == "question"
    visit.page.keyboard.type(VIGNETTE)
    press("Enter")
    visit.page.locator("article").wait_for()
    visit.page.focus("#tab-evidence")
    press("ArrowRight")
    assert visit.page.evaluate("document.activeElement.id") == "tab-patient"
    assert visit.page.locator("#pane-patient").is_visible()
    press("End")
    assert visit.page.locator("#pane-library").is_visible()
    press("Home")
    assert visit.page.locator("#pane-evidence").is_visible()
    press("ArrowRight")
    for _ in range(40):
        press("Tab")
        data = visit.page.evaluate("({...document.activeElement.dataset})")
        if data.get("value") == "absent":
            break
    press("Space")
    visit.page.get_by_text("corrected by you").wait_for()
    assert visit.page.evaluate("document.activeElement.dataset.value") == "absent"


def test_focus_is_always_to_be_seen(visit: Visit) -> None:
    visit.ask(VIGNETTE)
    visit.tab("patient")
    visit.page.focus("#top button")
    unseen = set()
    for _ in range(60):
        visit.page.keyboard.press("Tab")
        seen = visit.page.evaluate(
            """() => {
              const e = document.activeElement, s = getComputedStyle(e);
              const box = document.getElementById("box");
              const framed = e.id === "question" && getComputedStyle(box).boxShadow !== "none";
              return framed || (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2)
                || e === document.body ? "" : e.outerHTML.slice(0, 120);
            }"""
        )
        unseen |= {seen} - {""}
    assert unseen == set()


def test_citations_say_what_they_open(visit: Visit) -> None:
    visit.ask(WHEN)
    link = visit.page.get_by_role("link", name="[2] open the source of quote 2").first
    assert link.text_content() == "[2]"
    visit.page.wait_for_function(
        "document.getElementById('spoken').textContent.includes('Answered with 4 quotes')"
    )
    link.click()
    visit.page.wait_for_function(
        "document.getElementById('spoken').textContent.includes('Quote 2 of 4')"
    )


def test_at_200_percent_nothing_is_cut_off(visits: Any, served: Any) -> None:
    # A window of 1280 by 800 at 200 % has 640 by 400 CSS pixels; at 400 % it has 320.
    for width, height in ((640, 400), (320, 400)):
        visit = visits(served[0], viewport={"width": width, "height": height})
        visit.ask(VIGNETTE)
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        assert visit.page.locator("#chat").bounding_box()["height"] > 100
        for name in ("evidence", "patient", "pathway", "library"):
            pane = visit.tab(name)
            assert pane.evaluate("e => e.scrollWidth <= e.clientWidth + 1"), name
            visit.page.click("text=Back to the answer")


def test_nothing_moves_for_those_who_asked_for_it(visits: Any, served: Any) -> None:
    moving = """() => document.getElementById("page").getAnimations({ subtree: true })
      .filter((one) => one.playState === "running").length"""
    for motion, moves in (("no-preference", True), ("reduce", False)):
        visit = visits(served[0], reduced_motion=motion)
        visit.page.evaluate("document.getElementById('thinking').hidden = false")
        assert (visit.page.evaluate(moving) > 0) is moves


def test_on_paper_stand_the_answer_and_its_pathway(visit: Visit) -> None:
    visit.ask(WHEN)
    visit.ask(VIGNETTE)
    visit.page.evaluate("window.print = () => { window.printed = true; }")
    visit.page.locator("article").nth(1).get_by_text("Save as PDF").click()
    assert visit.page.evaluate("window.printed")
    visit.page.emulate_media(media="print")
    assert not visit.page.locator("article").nth(0).is_visible()
    assert visit.page.locator("article").nth(1).locator("blockquote").first.is_visible()
    assert visit.page.locator("#pane-pathway svg.w600").is_visible()
    assert visit.page.locator("#disclaimer").is_visible()
    for gone in ("#box", "#tabs", ".actions", "#pane-evidence"):
        assert not visit.page.locator(gone).first.is_visible()
    height = visit.page.evaluate("document.getElementById('page').scrollHeight")
    assert height > 900
    pdf = visit.page.pdf(format="A4", tagged=True)
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") >= 2


def test_an_answer_can_be_taken_along(visits: Any, served: Any) -> None:
    visit = visits(served[0], permissions=["clipboard-read", "clipboard-write"])
    visit.ask(VIGNETTE)
    quotes = served[1].script["image"].quotes
    for words in ("Copy as text", "Copy as note"):
        visit.page.get_by_text(words).click()
        done = visit.page.get_by_role("button", name="Copied")
        done.wait_for()
        copied = visit.page.evaluate("navigator.clipboard.readText()")
        assert all(quote.text in copied for quote in quotes)
        done.wait_for(state="detached")
    with visit.page.expect_download() as download:
        visit.page.get_by_text("Download certificate").click()
    assert download.value.suggested_filename.endswith(".json")
    with open(download.value.path(), encoding="utf-8") as file:
        certificate = json.load(file)
    assert [quote["text"] for quote in certificate["quotes"]] == [quote.text for quote in quotes]
    with visit.page.expect_download() as download:
        visit.page.get_by_text("Download Markdown").click()
    assert download.value.suggested_filename.endswith(".md")


def test_a_judgement_keeps_its_reason_and_nothing_that_was_typed(visit: Visit, served: Any) -> None:
    visit.ask(VIGNETTE)
    visit.page.locator("[data-useful=no][data-do=thumb]").click()
    visit.page.get_by_text("It misread the patient").click()
    visit.page.get_by_text("Thank you.").first.wait_for()
    lines = served[2].read_text().splitlines()
    judged = json.loads(lines[-1])
    assert (judged["useful"], judged["reason"]) == (False, "misread")
    assert "34" not in judged["reason"]
    assert "lumbar" not in lines[-1]
    assert "temperature" not in lines[-1]
    assert judged["quotes"][0]["document"] == "imaging"
