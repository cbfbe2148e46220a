"""A question on a patch for a child brings what holds for a child, in a follow-up too."""

from functools import cache
from pathlib import Path

import pytest

from assistant.checking.examination import Examiner, Told

VOLUME = "How much blood is injected for a blood patch in adults?"
PATIENT = "34F, PDPH after epidural. How much blood for the patch?"


@cache
def examiner() -> Examiner:
    return Examiner.load(Path(__file__).parents[2] / "corpus")


def holding(*messages: str) -> set[str]:
    *earlier, last = messages
    examination = examiner().examine(last, earlier=[Told(text) for text in earlier])
    return {o.rule.id for e in examination.evaluations for o in e.holding}


@pytest.mark.parametrize(
    "messages",
    [
        (VOLUME, "Children?"),
        (VOLUME, "And in kids?"),
        (PATIENT, "Children?"),
        ("What volume of blood patch in children?",),
    ],
)
def test_a_child_is_asked_about(messages: tuple[str, ...]) -> None:
    assert "HS-09" in holding(*messages)


@pytest.mark.parametrize(
    "messages",
    [
        (VOLUME,),
        (PATIENT,),
        ("34F with two children, PDPH after epidural, blood patch?",),
        ("Is caffeine safe?", "Children?"),
    ],
)
def test_a_child_is_not_asked_about(messages: tuple[str, ...]) -> None:
    assert "HS-09" not in holding(*messages)
