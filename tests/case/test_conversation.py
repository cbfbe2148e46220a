"""A follow-up carries the patient; later statements override."""

from functools import cache
from pathlib import Path

import pytest

from assistant.case.case import Case
from assistant.case.conversation import carry
from assistant.case.reading import Reader
from assistant.truth import Truth

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


@cache
def reader() -> Reader:
    return Reader.load(Path(__file__).parents[2] / "corpus")


def talk(*messages: str) -> Case:
    *earlier, last = messages
    return carry([reader().read(message) for message in earlier], reader().read(last))


FIRST = "34F, LP 2 days ago, headache worse upright, temp 38.6, on apixaban."


@pytest.mark.parametrize(
    ("follow_up", "expected"),
    [
        ("And what about caffeine?", {"fever": T, "orthostatic-headache": T, "anticoagulant": T}),
        ("Sorry, the temperature was 36.8.", {"fever": F, "apixaban": T}),
        ("She is afebrile now.", {"fever": F}),
        (
            "The headache is now worse lying down.",
            {"reverse-orthostatic-headache": T, "orthostatic-headache": F},
        ),
        ("She is not on anticoagulants after all.", {"anticoagulant": F, "apixaban": F}),
        ("She has also had a seizure.", {"seizure": T, "fever": T}),
        ("Another patient: 50M with SIH.", {"fever": U, "apixaban": U}),
        ("71M, headache after a spinal.", {"fever": U, "apixaban": U}),
    ],
)
def test_what_is_carried(follow_up: str, expected: dict[str, Truth]) -> None:
    case = talk(FIRST, follow_up)
    assert {fact: case.presence(fact) for fact in expected} == expected
    assert case.about_patient


def test_a_general_question_before_it_carries_nothing() -> None:
    assert not talk("Is fever a contraindication?", "And coagulopathy?").about_patient


def test_offsets_never_point_into_another_message() -> None:
    case = talk(FIRST, "She has a seizure now.")
    for finding in case.findings.values():
        for evidence in finding.evidence:
            if evidence.turn == 0:
                assert evidence.span.of(case.text) == evidence.text
            else:
                assert len(evidence.span) == 0
