"""What kind of answer a question wants and a statement gives."""

import pytest

from assistant.answering.kinds import FIGURES, kinds_asked, kinds_given
from assistant.language.lexicon import AnswerKind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How long do I have to lie flat after a patch?", AnswerKind.DURATION),
        ("how many days should she rest", AnswerKind.DURATION),
        ("caffeine dose in PDPH", AnswerKind.DOSE),
        ("How much paracetamol can I give?", AnswerKind.DOSE),
        ("neostigmine mcg/kg?", AnswerKind.DOSE),
        ("How much blood for a patch?", AnswerKind.VOLUME),
        ("EBP volume", AnswerKind.VOLUME),
        ("What is the success rate of a second patch?", AnswerKind.RATE),
        ("how often does it come back", AnswerKind.RATE),
        ("Lowest platelet count for a patch?", AnswerKind.THRESHOLD),
        ("At what opening pressure is it low?", AnswerKind.THRESHOLD),
        ("When should I image?", AnswerKind.TIMING),
        ("how long after clexane can I patch", AnswerKind.TIMING),
        ("Why does lying down help?", AnswerKind.REASON),
        ("Definition of SIH", AnswerKind.DEFINITION),
        ("Should I order a CT?", AnswerKind.DIRECTIVE),
        ("Which needle is best?", AnswerKind.ENTITY),
    ],
)
def test_the_kind_that_a_question_wants(question: str, kind: AnswerKind) -> None:
    assert kind in kinds_asked(question)


def test_how_long_after_asks_when_and_not_for_how_long() -> None:
    assert AnswerKind.DURATION not in kinds_asked("How long after heparin may I patch?")


def test_a_question_without_a_cue_wants_no_figure() -> None:
    assert not kinds_asked("blood patch and fever") & FIGURES


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("Keep the patient supine for at least 1 hour.", AnswerKind.DURATION),
        ("Give 300 to 500 mg of caffeine daily.", AnswerKind.DOSE),
        ("Aim for 20 mL of blood.", AnswerKind.VOLUME),
        ("Headache persisted in 16%.", AnswerKind.RATE),
        ("A patch worked in 11 of 12 patients.", AnswerKind.RATE),
        ("Pressure below 60 mm CSF is low.", AnswerKind.THRESHOLD),
        ("Image within 72 hours.", AnswerKind.TIMING),
        ("It hurts because the brain sags.", AnswerKind.REASON),
        ("Do not give a patch in fever.", AnswerKind.DIRECTIVE),
    ],
)
def test_the_kind_that_a_statement_gives(statement: str, kind: AnswerKind) -> None:
    assert kind in kinds_given(statement)


def test_a_statement_without_a_figure_gives_none() -> None:
    assert not kinds_given("Avoid strenuous exercise.") & FIGURES
