"""Emergencies are told from words alone."""

import pytest

from assistant.answering.emergencies import is_emergency


@pytest.mark.parametrize(
    "question",
    [
        "Cardiac arrest on the ward, how much adrenaline?",
        "she has stopped breathing after the spinal",
        "anaphylaxis to gelofusine, dose?",
        "postpartum and bleeding heavily, what first",
        "my friend wants to kill herself",
    ],
)
def test_an_emergency_is_told(question: str) -> None:
    assert is_emergency(question)


@pytest.mark.parametrize(
    "question",
    [
        "How much blood for a patch?",
        "Headache stopped after the patch, can she breathe out and lift?",
        "What is the risk of bleeding with heparin?",
    ],
)
def test_an_ordinary_question_is_none(question: str) -> None:
    assert not is_emergency(question)
