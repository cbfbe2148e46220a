"""A reader's correction outweighs the text, and what follows from it follows."""

from pathlib import Path

import pytest

from assistant.case.correcting import SET_ASIDE, Correction
from assistant.checking.examination import Examination, Examiner, Told
from assistant.errors import QuestionError
from assistant.truth import Truth

EXAMINER = Examiner.load(Path(__file__).parents[2] / "corpus")
FEBRILE = "34F, LP 2 days ago, postural headache, T 38.4. Can I patch?"


def examine(text: str = FEBRILE, **corrections: Correction) -> Examination:
    return EXAMINER.examine(
        text, corrections={name.replace("_", "-"): value for name, value in corrections.items()}
    )


def holding(examination: Examination) -> set[str]:
    return {o.rule.id for e in examination.evaluations for o in e.holding}


def test_a_correction_changes_what_holds() -> None:
    before, after = examine(), examine(temperature=36.8)
    assert before.case.presence("fever") is Truth.TRUE
    assert after.case.presence("fever") is Truth.FALSE
    assert EXAMINER.check(before).verdict != EXAMINER.check(after).verdict
    assert holding(before) != holding(after)


def test_what_speaks_against_a_correction_is_set_aside_and_says_so() -> None:
    case = examine(fever=Truth.FALSE).case
    assert case.presence("fever") is Truth.FALSE
    assert case.findings["fever"].corrected
    temperature = case.findings["temperature"]
    assert temperature.presence is Truth.UNKNOWN
    assert [e.note for e in temperature.evidence] == [SET_ASIDE]
    assert [e.text for e in temperature.evidence] == ["38.4"]


def test_unknown_leaves_nothing_that_would_settle_it() -> None:
    case = examine(fever=Truth.UNKNOWN).case
    assert case.presence("fever") is Truth.UNKNOWN
    assert case.findings["fever"].corrected


def test_a_finding_that_nobody_mentioned_can_be_given() -> None:
    case = examine(anticoagulant=Truth.TRUE).case
    assert case.presence("anticoagulant") is Truth.TRUE
    assert case.findings["anticoagulant"].evidence == ()


def test_a_correction_makes_a_general_question_one_about_a_patient() -> None:
    general = examine("When should I image after a dural puncture?")
    told = examine("When should I image after a dural puncture?", fever=Truth.TRUE)
    assert not general.case.about_patient
    assert told.case.about_patient
    assert told.case.presence("fever") is Truth.TRUE


def test_no_correction_leaves_the_case_as_it_is() -> None:
    assert EXAMINER.examine(FEBRILE, corrections={}).case == EXAMINER.examine(FEBRILE).case


def test_every_correction_stands_whatever_else_is_said() -> None:
    facts = EXAMINER.reader.facts
    plain = [f for f in facts.by_id.values() if f.measure is None and not f.topic and not f.score]
    assert len(plain) > 50
    for fact in plain:
        for presence in Truth:
            case = EXAMINER.reader.read(FEBRILE)
            corrected = EXAMINER.examine(FEBRILE, corrections={fact.id: presence}).case
            assert corrected.presence(fact.id) is presence, fact.id
            assert corrected.text == case.text


def test_a_follow_up_keeps_the_correction_until_something_later_is_said() -> None:
    earlier = [Told(FEBRILE, {"temperature": 36.8})]
    follow = EXAMINER.examine("And can she fly home?", earlier=earlier).case
    assert follow.presence("fever") is Truth.FALSE
    assert follow.findings["temperature"].corrected
    hot = EXAMINER.examine("She now has a temperature of 39.1, can I patch?", earlier=earlier).case
    assert hot.presence("fever") is Truth.TRUE


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("no-such-fact", Truth.TRUE, "no finding"),
        ("temperature", Truth.TRUE, "number"),
        ("temperature", 380.0, "not believed"),
        ("fever", 38.0, "yes, no or unknown"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(name: str, value: Correction, words: str) -> None:
    with pytest.raises(QuestionError, match=words):
        EXAMINER.examine(FEBRILE, corrections={name: value})
