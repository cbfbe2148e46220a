"""Correcting the patient's findings on the page, and the pathway that follows from them."""

from typing import Any

import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("default"),
    pytest.mark.filterwarnings("ignore:::gradio.queueing"),
]

Visit = Any
VIGNETTE = (
    "34-year-old woman, lumbar puncture 2 days ago, headache worse upright, temperature 38.4. "
    "Can I do a blood patch, and when should I image?"
)


def verdict(visit: Visit) -> str:
    return visit.page.locator(".verdict-line b").last.text_content() or ""


def flow(visit: Visit) -> str:
    return visit.page.locator("#pane-pathway svg.w600").text_content() or ""


def chip(visit: Visit, name: str) -> Any:
    named = visit.page.locator("b", has_text=name)
    return visit.page.locator("#pane-patient .chip").filter(has=named).first


def test_each_finding_shows_its_presence_and_the_words_it_came_from(visit: Visit) -> None:
    visit.ask(VIGNETTE)
    pane = visit.tab("patient")
    assert pane.locator(".told").text_content() == VIGNETTE
    marks = pane.locator("mark.finding").all_text_contents()
    assert "38.4" in marks
    assert "lumbar puncture" in marks
    assert "“38.4”" in (chip(visit, "Temperature").text_content() or "")
    pressed = chip(visit, "Lumbar puncture").locator("[aria-pressed=true]").text_content()
    assert pressed == "Present"


def test_a_number_corrected_changes_the_verdict_and_the_pathway(visit: Visit) -> None:
    visit.ask(VIGNETTE)
    assert verdict(visit) == "Stop."
    visit.tab("pathway")
    before = flow(visit)
    assert "Because: Fever" in before
    visit.tab("patient")
    chip(visit, "Temperature").locator("input").fill("36.8")
    visit.page.keyboard.press("Enter")
    visit.page.get_by_text("corrected by you").wait_for()
    assert verdict(visit) != "Stop."
    assert "Because: Fever" not in flow(visit)
    assert visit.page.locator("article.exchange").count() == 1
    assert "1 finding as you corrected it" in (visit.page.text_content("article") or "")


def test_one_click_corrects_and_undo_takes_it_back(visit: Visit) -> None:
    visit.ask(VIGNETTE)
    visit.tab("patient")
    before = flow(visit)
    chip(visit, "Orthostatic headache").get_by_text("Absent", exact=True).click()
    visit.page.get_by_text("corrected by you").wait_for()
    pressed = chip(visit, "Orthostatic headache").locator("[aria-pressed=true]")
    assert pressed.text_content() == "Absent"
    assert pressed.evaluate("e => e === document.activeElement")
    assert flow(visit) != before
    chip(visit, "Orthostatic headache").get_by_text("Undo").click()
    visit.page.get_by_text("corrected by you").wait_for(state="detached")
    assert flow(visit) == before


def test_missing_findings_are_asked_for_and_answering_checks_again(visit: Visit) -> None:
    visit.ask(VIGNETTE)
    pane = visit.tab("patient")
    first = pane.locator(".ask").first
    question = first.locator(".question").text_content() or ""
    assert question.endswith("?")
    assert "safety" in (first.text_content() or "")
    open_before = visit.page.get_by_text("Open questions:").text_content()
    first.get_by_role("button", name="No:").click()
    visit.page.get_by_text("corrected by you").wait_for()
    assert question not in pane.locator(".ask .question").all_text_contents()
    assert visit.page.get_by_text("Open questions:").text_content() != open_before


def test_a_number_that_cannot_be_is_refused_in_words(visit: Visit) -> None:
    visit.ask(VIGNETTE)
    visit.tab("patient")
    field = chip(visit, "Temperature").locator("input")
    field.evaluate("e => { e.removeAttribute('max'); e.value = '380'; }")
    chip(visit, "Temperature").get_by_text("Set").click()
    visit.page.locator(".refused").wait_for()
    assert "not believed" in (visit.page.text_content(".refused") or "")
    assert verdict(visit) == "Stop."


def test_a_follow_up_keeps_what_was_corrected(visit: Visit, served: Any) -> None:
    visit.ask(VIGNETTE)
    visit.tab("patient")
    chip(visit, "Temperature").locator("input").fill("36.8")
    visit.page.keyboard.press("Enter")
    visit.page.get_by_text("corrected by you").wait_for()
    visit.ask("And when should I image her?")
    assert dict(served[1].histories[-1][0].corrections) == {"temperature": 36.8}
    visit.tab("patient")
    assert "36.8" in (chip(visit, "Temperature").text_content() or "")


def test_the_pathway_is_drawn_and_said(visit: Visit) -> None:
    visit.ask(VIGNETTE)
    pane = visit.tab("pathway")
    drawing = pane.locator("svg.w600")
    assert drawing.get_attribute("role") == "img"
    assert pane.get_by_role("img", name="Where this patient stands").count() == 1
    for words in ("This patient", "You are here", "Red flag", "Undetermined", "Not known:"):
        assert words in flow(visit)
    assert "What would change this" in flow(visit)
    pane.get_by_text("The same in words", exact=True).click()
    said = " ".join((pane.locator(".in-words").text_content() or "").split())
    for box in drawing.locator("g.box .label").all_text_contents():
        assert box in said
    # Nothing runs over the edge of its box.
    over = drawing.evaluate(
        """svg => [...svg.querySelectorAll("g.box")].filter((g) => {
          const box = g.querySelector("rect").getBoundingClientRect();
          return [...g.querySelectorAll("tspan")].some(
            (t) => t.getBoundingClientRect().right > box.right + 1);
        }).length"""
    )
    assert over == 0


def test_a_question_in_general_has_no_patient(visit: Visit) -> None:
    visit.ask("When should I image after a dural puncture?")
    assert "Describe a patient" in (visit.tab("pathway").text_content() or "")
    assert "No patient is described" in (visit.page.text_content("article .verdict") or "")


def test_positions_of_a_disagreement_stand_side_by_side(visits: Any, served: Any) -> None:
    from assistant.interfaces.ui_disagreements import render_disagreements

    positions = [{"says": f"Position {n}", "quotes": [n]} for n in (1, 2)]
    card = {"topic": "When to image", "kind": "true-conflict", "positions": positions}
    for width, beside in ((1280, True), (390, False)):
        visit = visits(served[0], viewport={"width": width, "height": 844})
        visit.ask("When should I image after a dural puncture?")
        answer = visit.page.get_attribute("article", "data-answer")
        quotes = served[1].script["image"].quotes
        visit.page.locator(".legend").first.evaluate(
            "(legend, html) => legend.insertAdjacentHTML('afterend', html)",
            render_disagreements([card], quotes, answer),
        )
        first, second = (one.bounding_box() for one in visit.page.locator(".positions > li").all())
        assert (first["y"] == second["y"]) is beside
        visit.page.locator(".positions a.cite").nth(1).click()
        assert visit.chosen(2) == quotes[1].text
