"""The parts around an answer: check, disagreements, pathway, taking along, judging, suggesting."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_ui import Page

from assistant import Assistant
from assistant.answering.answer import Outcome, Part
from assistant.checking.check import IssueKind, Weight
from assistant.interfaces import ui_session, ui_shelf
from assistant.interfaces.render import to_json, to_text
from assistant.interfaces.ui_actions import GOOD_REASONS, REASONS
from assistant.interfaces.ui_answer import Shown, render_answer
from assistant.interfaces.ui_check import render_check
from assistant.interfaces.ui_disagreements import render_disagreements
from assistant.interfaces.ui_export import FORMS, export
from assistant.interfaces.ui_feedback import record_judgement
from assistant.interfaces.ui_flow import Box, draw
from assistant.interfaces.ui_opening import open_source
from assistant.interfaces.ui_pathway import list_boxes, render_pathway
from assistant.interfaces.ui_patient import render_patient
from assistant.interfaces.ui_session import Session
from assistant.interfaces.ui_suggest import render_next, suggest
from assistant.interfaces.ui_words import name_fact, say_number
from assistant.language.quantities.quantity import Measure, Quantity
from assistant.spans import Span

VIGNETTE = (
    "34-year-old woman, lumbar puncture 2 days ago, headache worse upright, temperature 38.4. "
    "Can I do a blood patch, and when should I image?"
)
NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


def words(html: str) -> str:
    return " ".join(Page(html).words.split())


# Check


def test_the_verdict_is_said_in_words_with_a_sign(fake: Any) -> None:
    html = ui_session.ask(fake, Session(), VIGNETTE)[1]["html"]
    assert "Stop. Do not act on this before the following is settled." in words(html)
    assert "Possible emergency: get senior help now" in words(html)
    assert 'class="verdict stop"' in html
    assert "■" in html


@pytest.mark.parametrize(("number", "said"), [(2, "so added:"), (1, "so it now leads the answer")])
def test_what_was_left_out_is_a_red_line_with_its_own_quotation(
    fake: Any, number: int, said: str
) -> None:
    consultation = fake.ask(VIGNETTE)
    omission = IssueKind.OMISSION
    omitted = {issue.rule for issue in consultation.check.issues if issue.kind is omission}
    assert omitted
    issues = tuple(
        replace(issue, quotes=(number,)) if issue.kind is omission else issue
        for issue in consultation.check.issues
    )
    check, answer = replace(consultation.check, issues=issues), consultation.answer
    html = render_check(consultation.examination, check, answer, "ab")
    lines = re.findall(r'<li class="omission">.*?</li>', html)
    assert len(lines) == len(omitted)
    for line in lines:
        assert f"Left out at first, {said}" in words(line)
        assert f"[{number}]" in words(line)
        assert (answer.quotes[number - 1].text in words(line)) is (number not in answer.direct)


# Disagreements

DISAGREEMENT = {
    "topic": "When to <b>image</b>",
    "kind": "differing-scope",
    "positions": [
        {"says": "Image at two weeks", "quotes": [1]},
        {"says": "Do not wait", "quotes": [2]},
        {"says": "A quote that is not shown", "quotes": [9]},
    ],
    "explanation": "They speak of different patients.",
    "handling": "Decide by red flags.",
}


def test_positions_stand_side_by_side_with_their_quotations(fake: Any) -> None:
    quotes = fake.script["image"].quotes
    html = render_disagreements([DISAGREEMENT], quotes, "ab")
    assert "The sources disagree: When to <b>image</b>" in words(html)
    assert "They speak of different situations." in words(html)
    positions = re.findall(r"<li>.*?</li>", html)
    assert len(positions) == 3
    assert quotes[0].text in words(positions[0])
    assert quotes[1].text in words(positions[1])
    assert "[9]" in words(positions[2])
    assert "What to make of it: Decide by red flags." in words(html)
    assert render_disagreements([], quotes, "ab") == ""


# A language model's words


def test_a_models_words_are_plainly_not_quoted_and_its_failure_is_said(fake: Any) -> None:
    plain = {
        "statements": [
            {"text": "Image <b>late</b>.", "quotes": [1, 2], "verbatim": False},
            {"text": "Ask for MRI.", "quotes": [3], "verbatim": True},
        ],
        "note": "The language model did not answer. The quotations stand alone.",
    }
    html = render_answer(Shown("ab", fake.ask("When should I image?"), plain=plain))
    assert "In other words (by extractive, not quoted" in words(html)
    assert "Image <b>late</b>. [1] [2]" in words(html)
    assert '<q class="verbatim">' in html
    assert "did not answer" in words(html)
    assert html.index("In other words") < html.index(">Answer<")
    failed = render_answer(Shown("ab", fake.ask("When should I image?"), plain={"note": "Down."}))
    assert "Down." in words(failed)
    assert "In other words" not in failed


def test_cautions_beyond_the_first_are_folded_but_no_stop_is(fake: Any) -> None:
    consultation = fake.ask(VIGNETTE)
    issue = consultation.check.issues[0]
    stops = [replace(issue, rule=f"S{n}", message=f"Stop {n}.") for n in range(5)]
    cautions = [
        replace(issue, rule=f"C{n}", message=f"Caution {n}.", weight=Weight.CAUTION)
        for n in range(4)
    ]
    for issues, folded in (((*stops, *cautions), 4), (tuple(cautions), 1), (tuple(stops), 0)):
        check = replace(consultation.check, issues=issues)
        html = render_check(consultation.examination, check, consultation.answer, "ab")
        assert html.count("<li") == len(issues)
        assert html.partition("<details")[2].count("<li") == folded
        assert "Stop" not in html.partition("<details")[2]


# Patient


@pytest.mark.parametrize(
    ("low", "high", "measure", "said"),
    [
        (48.0, 48.0, Measure.DURATION, "48 hours"),
        (96.0, 96.0, Measure.DURATION, "4 days"),
        (3.0, 24.0, Measure.DURATION, "3 to 24 hours"),
        (None, 72.0, Measure.DURATION, "up to 3 days"),
        (38.4, 38.4, Measure.TEMPERATURE, "38.4 °C"),
        (100.0, None, Measure.COUNT, "at least 100 ×10⁹/L"),
        (None, None, Measure.AGE, ""),
    ],
)
def test_numbers_are_said_as_people_say_them(
    low: float | None, high: float | None, measure: Measure, said: str
) -> None:
    quantity = Quantity(Span(0, 0), measure, low, high, False, False, measure.unit, "")
    assert say_number(quantity) == said


def test_facts_have_names_that_people_use() -> None:
    assert name_fact("hours-since-procedure") == "Hours since procedure"
    assert name_fact("inr") == "INR"
    assert name_fact("brain-mri-normal") == "Brain MRI normal"


def test_hostile_words_in_a_case_stay_words(fake: Any, hostile: str) -> None:
    message = ui_session.ask(fake, Session(), f"{VIGNETTE} {hostile}")[1]
    page = Page(message["panes"]["patient"] + message["panes"]["pathway"])
    assert hostile in page.words
    assert not {"img", "script", "style", "iframe"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]


# Pathway


def test_the_same_case_is_drawn_the_same(fake: Any) -> None:
    one, two = (fake.ask(VIGNETTE) for _ in range(2))
    assert render_pathway(one.examination, {}, "ab") == render_pathway(two.examination, {}, "ab")


def test_every_kind_of_box_is_in_the_flow_and_in_the_words(fake: Any) -> None:
    examination = fake.ask(VIGNETTE).examination
    boxes = list_boxes(examination, {"R-01": (2,)})
    assert {box.kind for box in boxes} >= {
        "patient",
        "here",
        "station",
        "do",
        "barred",
        "open",
        "unplaced",
        "off",
        "flips",
        "flip",
    }
    html = render_pathway(examination, {"R-01": (2,)}, "ab")
    said = words(html[html.index('class="in-words"') :])
    for box in boxes:
        assert " ".join(box.label.split()) in said
        assert " ".join(box.text.split()) in said
    assert html.count('href="#cite-ab-2"') == 3  # two drawings, one text


@given(st.text(max_size=300), st.sampled_from([350, 600]))
def test_a_drawing_holds_all_its_words_and_no_markup(text: str, width: int) -> None:
    svg = draw([Box("patient", "Who"), Box("do", "Label", text)], width, "Title", "ab")
    assert "".join(text.split()) in "".join(Page(svg).words.split())
    assert set(Page(svg).tags) <= {"svg", "title", "path", "g", "rect", "circle", "text", "tspan"}


# Taking along


def test_each_form_has_every_quote_word_for_word_and_its_citation(fake: Any) -> None:
    consultation = fake.ask(VIGNETTE)
    for form in FORMS:
        made = export(consultation, form, NOW)
        text = made["text"].replace("\\", "") if form == "markdown" else made["text"]
        for quote in consultation.answer.quotes:
            assert quote.text in text, form
            assert quote.title in text, form
        assert "generation" in text
    note = export(consultation, "note", NOW)["text"]
    assert note.startswith("Guideline Assistant, consulted 2026-03-04 05:06 UTC")
    assert "Temperature 38.4 °C" in note
    assert "Check: Stop." in note


def test_a_file_is_named_by_its_time_and_never_by_what_was_asked(fake: Any) -> None:
    made = [export(fake.ask(VIGNETTE), form, NOW) for form in ("markdown", "certificate")]
    assert [one["name"] for one in made] == [
        "guideline-answer-20260304-0506.md",
        "guideline-answer-20260304-0506.json",
    ]
    assert json.loads(made[1]["text"])["question"] == VIGNETTE


def test_markdown_keeps_markup_as_text(fake: Any, hostile: str) -> None:
    text = export(fake.ask(f"hostile {hostile}"), "markdown", NOW)["text"]
    assert "<img" not in text.replace("\\<img", "")
    assert "[x](" not in text


def test_what_is_not_covered_says_so_when_taken_along(fake: Any) -> None:
    for form in ("text", "note", "markdown"):
        assert "Not covered" in export(fake.ask("What dose of acetazolamide?"), form, NOW)["text"]


# Judging


def test_a_judgement_holds_quotes_and_reason_alone(fake: Any, tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    consultation = fake.ask(VIGNETTE)
    assert record_judgement(path, consultation, useful=True, reason="safety")
    assert record_judgement(path, consultation, useful=False, reason="unsafe")
    one, two = map(json.loads, path.read_text().splitlines())
    assert set(one) == {"on", "useful", "reason", "outcome", "generation", "quotes"}
    assert (two["useful"], two["reason"]) == (False, "unsafe")
    assert "34-year-old" not in path.read_text()


@pytest.mark.parametrize(("useful", "reason"), [(True, "she is febrile"), (True, "unsafe")])
def test_a_reason_that_was_not_offered_is_not_kept(
    fake: Any, tmp_path: Path, useful: bool, reason: str
) -> None:
    path = tmp_path / "feedback.jsonl"
    assert not record_judgement(path, fake.ask(VIGNETTE), useful=useful, reason=reason)
    assert not path.exists()
    assert not set(REASONS) & set(GOOD_REASONS)


# What is not covered


def test_a_part_that_is_not_covered_shows_the_librarys_own_words(fake: Any) -> None:
    gap = replace(fake.script["lying down"].quotes[1], number=1)
    place = gap.doc_id, gap.span
    consultation = fake.ask("When should I image?")
    first = consultation.answer.quotes[0]
    parts = (
        Part("When should I image", Outcome.ANSWERED, ((first.doc_id, first.span),)),
        Part("What does it cost", Outcome.NOT_COVERED, gap=place),
        Part("Who pays", Outcome.NOT_COVERED),
    )
    answer = replace(consultation.answer, parts=parts, nearest=(gap,))
    asked = replace(consultation, answer=answer)
    html = render_answer(Shown("ab", asked, documents=3))
    said = words(html)
    assert "not covered by the library. It says so itself:" in said
    assert gap.text in said
    assert said.count("not covered by the library") == 2
    assert 'href="#near-ab-1"' in html
    session = Session(0, (ui_session.Exchange("ab", asked),))
    assert "Quote 1 of" not in open_source(fake, session, "near-ab-1")
    assert 'data-number="1"' in open_source(fake, session, "near-ab-1")
    plain = to_json(asked)
    assert [part["nearest"] for part in plain["parts"]] == [[], [1], []]
    assert f"  «{gap.text}»" in to_text(asked).splitlines()
    markdown = export(asked, "markdown")["text"]
    assert "## Asked too, but not covered by the library" in markdown


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("a recipe for my patient's soup", "no answer to check", "Nothing in the pathways"),
        ("What dose of acetazolamide?", "Not covered", "to check against"),
        ("acetazolamide for my patient?", "no answer to check", "Open questions"),
        (
            "She had a seizure after a lumbar puncture: a recipe?",
            "Possible emergency",
            "no answer to check",
        ),
    ],
)
def test_without_an_answer_only_what_the_patient_raises_is_checked(
    fake: Any, question: str, said: str, unsaid: str
) -> None:
    html = words(ui_session.ask(fake, Session(), question)[1]["html"])
    assert said in html
    assert unsaid not in html


# Suggesting


def exchange(fake: Any, question: str) -> Any:
    return ui_session.ask(fake, Session(), question)[0].exchanges[0]


def test_what_the_library_suggests_becomes_buttons(fake: Any) -> None:
    fake.suggested = ("Does a normal MRI end it?", "Is it worse lying down?")
    found = suggest(fake, exchange(fake, "When should I image?"))
    assert found == ["Does a normal MRI end it?", "Is it worse lying down?"]
    assert render_next(found).count("<button") == 2
    assert render_next([]) == ""


def test_headings_that_ask_are_suggested_where_there_are_no_questions(fake: Any) -> None:
    stored = fake.library["imaging"]
    sections = (
        ("Imaging › Does a normal MRI rule out a leak?", 5),
        ("Imaging › When", 9),
        ("Imaging › What dose of acetazolamide?", 12),
    )
    fake.library["imaging"] = replace(stored, record=replace(stored.record, sections=sections))
    found = suggest(fake, exchange(fake, "When should I image?"))
    assert found == ["Does a normal MRI rule out a leak?"]
    assert suggest(fake, exchange(fake, "a recipe for soup")) == []


# Corrections


def test_a_correction_is_kept_with_its_question_and_taken_back(fake: Any) -> None:
    session, first = ui_session.ask(fake, Session(), VIGNETTE)
    session, second = ui_session.correct(fake, session, first["answer"], "temperature", "36.8")
    assert second["replaces"] == first["answer"]
    assert len(session.exchanges) == 1
    assert session.exchanges[0].turns[0].corrections == {"temperature": 36.8}
    assert "corrected by you" in render_patient(
        session.exchanges[0].consultation.examination, second["answer"]
    )
    session, third = ui_session.correct(fake, session, second["answer"], "temperature", "")
    assert session.exchanges[0].corrections == {}
    assert "corrected by you" not in third["panes"]["patient"]


@pytest.mark.parametrize(
    ("fact", "value"), [("temperature", "hot"), ("no-such", "present"), ("fever", "nan-sense")]
)
def test_a_correction_that_cannot_be_changes_nothing(fake: Any, fact: str, value: str) -> None:
    session, first = ui_session.ask(fake, Session(), VIGNETTE)
    after, message = ui_session.correct(fake, session, first["answer"], fact, value)
    assert after is session
    assert message["kind"] == "refused"


def test_an_answer_that_is_gone_cannot_be_corrected(fake: Any) -> None:
    session, message = ui_session.correct(fake, Session(), "ab", "fever", "absent")
    assert session == Session()
    assert "earlier visit" in message["spoken"]


# Library


def test_only_uploaded_files_are_read_and_they_are_deleted(
    assistant: Assistant, tmp_path: Path
) -> None:
    uploads, outside = tmp_path / "uploads", tmp_path / "outside.md"
    uploads.mkdir()
    (uploads / "pebble.md").write_text("# Pebble rash\n\nGive 7 mL of pebble balm at night.\n")
    outside.write_text("# Secret\n\nA secret.\n")
    (uploads / "link.md").symlink_to(outside)
    files = [
        {"name": "pebble.md", "path": str(uploads / "pebble.md")},
        {"name": "outside.md", "path": str(outside)},
        {"name": "up.md", "path": str(uploads / ".." / "outside.md")},
        {"name": "link.md", "path": str(uploads / "link.md")},
        {"name": "big.md", "path": "", "reason": "It could not be sent."},
    ]
    *steps, last = ui_shelf.add(assistant, files, uploads)
    assert [step["done"] for step in steps] == [0, 1, 2, 3, 4]
    lines = words(last["uploads"])
    assert "pebble.md: added" in lines
    assert lines.count("did not arrive") == 3
    assert "big.md: It could not be sent." in lines
    assert last["spoken"] == "1 of 5 files added."
    assert outside.is_file()
    assert not (uploads / "pebble.md").exists()
    assert [r.doc_id for r in assistant.documents() if "Secret" in r.title] == []


def test_the_same_file_twice_says_so(assistant: Assistant, tmp_path: Path) -> None:
    text = "# Pebble rash\n\nGive 7 mL of pebble balm at night.\n"

    path = tmp_path / "pebble.md"

    def upload(content: str, **more: bool) -> str:
        path.write_text(content)
        file = {"name": "pebble.md", "path": str(path), **more}
        *_, last = ui_shelf.add(assistant, [file], tmp_path)
        return words(last["uploads"])

    assert "added" in upload(text)
    assert "nothing changed" in upload(text)
    newer = text.replace("7 mL", "8 mL")
    asked = upload(newer)
    assert "has the same id as this document" in asked
    assert "“Pebble rash”: Review: not stated · 1 passage" in asked
    assert path.is_file()
    assert "7 mL" in assistant.document("pebble").text
    file = {"name": "pebble.md", "path": str(path)}
    assert "keeps what it had" in words(ui_shelf.discard(file, tmp_path)["html"])
    assert not path.exists()
    assert "replaced" in upload(newer, replace=True)
    assert "8 mL" in assistant.document("pebble").text
    assert not path.exists()


def test_only_what_was_uploaded_is_discarded(tmp_path: Path) -> None:
    (tmp_path / "uploads").mkdir()
    outside = tmp_path / "outside.md"
    outside.write_text("kept")
    ui_shelf.discard({"name": "x", "path": str(outside)}, tmp_path / "uploads")
    assert outside.is_file()


def test_a_document_that_is_gone_is_not_removed_twice(assistant: Assistant) -> None:
    first = ui_shelf.remove(assistant, "zebra-fever")
    assert first["spoken"] == "Removed. It is no longer quoted."
    assert "Zebra" not in words(first["html"])
    assert "no document" in ui_shelf.remove(assistant, "zebra-fever")["spoken"]


def test_search_inside_may_be_confined_to_one_document(assistant: Assistant) -> None:
    everywhere = ui_shelf.find(assistant, "marble scan", None)
    assert "Order a marble scan within 48 hours." in words(everywhere["html"])
    within = ui_shelf.find(assistant, "marble scan", "zebra-fever")
    assert "marble" not in words(within["html"]).split("”", 1)[1]
