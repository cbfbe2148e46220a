"""What clinicians write of a patient, and what must be read in it, or left open."""

from functools import cache
from pathlib import Path

import pytest

from assistant.case.reading import Reader
from assistant.truth import Truth

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


@cache
def reader() -> Reader:
    return Reader.load(Path(__file__).parents[2] / "corpus")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "48 h after labour epidural and tap, BP 152/98, visual blurring, patch on today's list",
            {
                "after-childbirth": T,
                "blurred-vision": T,
                "dural-puncture": T,
                "blood-patch-done": U,
            },
        ),
        ("31F, dural puncture in labour, headache", {"after-childbirth": T, "dural-puncture": T}),
        ("Wet tap in labour yesterday, headache", {"after-childbirth": T, "dural-puncture": T}),
        ("G1P1, headache after an epidural", {"after-childbirth": T}),
        ("62F G2P2, SIH, headache", {"after-childbirth": U}),
        ("Five days after caesarean, headache", {"after-childbirth": T, "headache": T}),
        (
            "My baby was born on Sunday, my head is pounding",
            {"after-childbirth": T, "headache": T},
        ),
        ("28F in labour, wants an epidural, headache", {"after-childbirth": U}),
        ("28F, wet tap in labour, still in labour, headache", {"after-childbirth": U}),
        ("34F labour epidural 5 years ago, now SIH", {"after-childbirth": U}),
        ("40F caesarean 3 years ago, headache since Monday", {"after-childbirth": U}),
        ("40F caesarean 3 weeks ago, headache since Monday", {"after-childbirth": T}),
        ("Her vision has been blurring since the LP", {"blurred-vision": T}),
        ("Her vision has been blurry since the LP", {"blurred-vision": T}),
        ("Her vision is not blurry after the LP", {"blurred-vision": F}),
    ],
)
def test_childbirth_and_sight(text: str, expected: dict[str, Truth]) -> None:
    case = reader().read(text)
    assert {fact: case.presence(fact) for fact in expected} == expected


@pytest.mark.parametrize(
    "told",
    [
        "right arm was clumsy this morning",
        "clumsy hand",
        "numb arm",
        "drops things",
        "keeps dropping things",
        "weak on one side",
        "weak on the left side",
        "face droop",
    ],
)
def test_a_focal_deficit(told: str) -> None:
    case = reader().read(f"54F, LP 3 days ago, headache, {told}.")
    assert case.presence("focal-deficit") is T


@pytest.mark.parametrize(
    "told",
    [
        "no neurological deficit",
        "arm not weak",
        "BP keeps dropping",
        "on the other hand she felt weak all over",
    ],
)
def test_no_focal_deficit_is_invented(told: str) -> None:
    case = reader().read(f"54F, LP 3 days ago, headache, {told}.")
    assert case.presence("focal-deficit") is not T


@pytest.mark.parametrize(
    "text",
    [
        "Headache no longer better when lying. LP 5 days ago. It was worse upright.",
        "Orthostatic headache after LP which no longer gets better when he lies down.",
    ],
)
def test_no_longer_better_lying_has_lost_its_posture(text: str) -> None:
    case = reader().read(text)
    assert case.presence("lost-orthostatic-pattern") is T
    assert not case.findings["orthostatic-headache"].contradictory


@pytest.mark.parametrize(
    "plan",
    [
        "radiologist suggests a blood patch this afternoon",
        "neurosurgery plans a patch this afternoon",
        "patch planned later today",
        "he was offered a patch today",
        "listed for patch this afternoon",
        "patch will be done this afternoon",
        "is for a blood patch today",
        "patch on today's list",
    ],
)
def test_a_planned_patch_is_not_done(plan: str) -> None:
    case = reader().read(f"72M SIH, headache, {plan}")
    assert case.presence("blood-patch-done") is U
    assert case.quantity("hours-since-patch") is None


@pytest.mark.parametrize(
    "done",
    ["he had the suggested patch today", "patch this morning", "Patch (20 ml) today"],
)
def test_a_patch_of_today_is_done(done: str) -> None:
    case = reader().read(f"72M SIH, headache back. {done}")
    assert case.presence("blood-patch-done") is T


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Headache after LP. CT venogram came back normal.", {"cerebral-venous-thrombosis": F}),
        (
            "Headache after LP 3 days ago, no neurological deficit, no weakness",
            {"focal-deficit": F, "leg-weakness": F},
        ),
        ("72M, headache; normal MRI excludes a CSF leak, right?", {"leak-diagnosis": U}),
        (
            "I lifted my toddler and my headache started after my spinal",
            {"headache": T, "child": U},
        ),
        ("My toddler had an LP and is feverish", {"child": T, "fever": T}),
        # No source in the library says from which number on it is raised.
        ("45M LP 3 days ago, CRP 85, headache", {"raised-inflammatory-markers": U}),
        ("45M LP 3 days ago, CRP 4, headache", {"raised-inflammatory-markers": U}),
        ("50F back surgery 5 days ago, fluid soaking the dressing", {"wound-leak": T}),
        ("Post LP headache, worse upright, 34F", {"lumbar-puncture": T}),
        ("34F had a spinal tap, headache", {"lumbar-puncture": T, "spinal-anaesthesia": U}),
        ("12M leukaemia work up, headache on sitting", {"orthostatic-headache": T}),
    ],
)
def test_other_words(text: str, expected: dict[str, Truth]) -> None:
    case = reader().read(text)
    assert {fact: case.presence(fact) for fact in expected} == expected


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("48 h after labour epidural and tap, headache", "hours-since-procedure", 48),
        ("Headache five days after C-section under spinal", "hours-since-procedure", 120),
        ("Patch (20 ml) yesterday, headache back today", "hours-since-patch", 24),
        ("45M SIH, bilateral subdurals, the left is 12 mm", "sdh-thickness", 12),
    ],
)
def test_numbers(text: str, fact: str, value: float) -> None:
    quantity = reader().read(text).quantity(fact)
    assert quantity is not None
    assert (quantity.low, quantity.high) == (value, value)


def test_what_a_question_concludes_from_is_told() -> None:
    text = (
        "worse lying down after the patch so the leak must be bigger – "
        "how soon can he have the next patch?"
    )
    case = reader().read(text)
    assert case.about_patient
    assert case.presence("reverse-orthostatic-headache") is T
    assert case.presence("blood-patch-done") is T
