"""What a follow-up supposes of the patient is held as so for that question, and marked."""

from functools import cache
from pathlib import Path

import pytest

from assistant.checking.check import Verdict
from assistant.checking.examination import Examination, Examiner, Told
from assistant.interfaces.render_patient import findings_json
from assistant.truth import Truth

FIRST = "34F, LP 2 days ago, headache worse upright, temp 36.6."


@cache
def examiner() -> Examiner:
    return Examiner.load(Path(__file__).parents[2] / "corpus")


def follow(*messages: str) -> Examination:
    *earlier, last = messages
    return examiner().examine(last, earlier=[Told(text) for text in earlier])


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("what if he now has a temp of 38.4?", "fever"),
        ("What if temp 38.4, can I still patch?", "fever"),
        ("and if she's on rivaroxaban?", "anticoagulant"),
        ("Suppose she has a seizure?", "seizure"),
    ],
)
def test_a_follow_up_supposes(question: str, fact: str) -> None:
    examination = follow(FIRST, question)
    assert examination.case.presence(fact) is Truth.TRUE
    assert examination.case.presence("lumbar-puncture") is Truth.TRUE
    marked = [f for f in findings_json(examination.case) if f.get("assertion") == "supposed"]
    assert marked
    assert all(f["note"] == "Supposed for this question." for f in marked)


def test_what_is_supposed_is_checked_and_then_forgotten() -> None:
    question = "what if he now has a temp of 38.4?"
    supposed = follow(FIRST, question)
    assert examiner().check(supposed).verdict is Verdict.STOP
    after = follow(FIRST, question, "And caffeine?")
    assert after.case.presence("fever") is Truth.FALSE


@pytest.mark.parametrize(
    "messages",
    [
        ("what if a patient has fever?",),
        (FIRST, "what if a patient has fever?"),
        (FIRST, "what if we see fever in children?"),
        ("Is fever a contraindication?", "What if fever?"),
        ("34F, LP 2 days ago. Come back if she has fever.",),
    ],
)
def test_nothing_is_supposed_of_nobody(messages: tuple[str, ...]) -> None:
    assert follow(*messages).case.presence("fever") is not Truth.TRUE


@pytest.mark.parametrize(
    ("dose", "expected"),
    [
        ("14 h after prophylactic enoxaparin", Truth.TRUE),
        ("14 h after enoxaparin 40 mg", Truth.UNKNOWN),
        ("14 h after enoxaparin 100 mg", Truth.UNKNOWN),
        ("14 h after enoxaparin", Truth.UNKNOWN),
        ("8 h after prophylactic enoxaparin", Truth.UNKNOWN),
    ],
)
def test_the_interval_after_a_preventive_dose(dose: str, expected: Truth) -> None:
    examination = follow(f"34F PDPH after labour epidural, {dose}, patch?")
    case = examination.case
    assert case.presence("anticoagulant-interval-met") is expected
    holding = {o.rule.id for e in examination.evaluations for o in e.holding}
    assert ("CI-03" in holding) is (expected is not Truth.TRUE)


def test_the_interval_is_not_the_librarys_outside_obstetrics() -> None:
    examination = follow("64M, LP, headache, 14 h after prophylactic enoxaparin, patch?")
    assert examination.case.presence("anticoagulant-interval-met") is Truth.UNKNOWN
    assert "anticoagulant-interval-met" in {one.fact.id for one in examination.missing}
