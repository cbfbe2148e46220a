"""Fitting, on cases whose answer is known."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from assistant import Assistant
from evals.fitting import (
    ANSWERABLE,
    BLOCKS,
    FIXED,
    Labelled,
    _fit_ranking,
    _grade,
    _logistic,
    prior_shift,
)

QUESTIONS = (
    "How long does zebra fever last?",
    "How much stripe syrup?",
    "When is a marble scan done?",
)


@dataclass(frozen=True)
class Question:
    labelled: Labelled
    right: int


@pytest.fixture
def questions(assistant: Assistant) -> list[Question]:
    """Questions of which the statement most like them is the right one."""
    made = []
    for question in QUESTIONS:
        weighed = assistant.weigh(question)
        right = int(np.argmax(weighed.described.column("similarity")))
        grades = np.zeros(len(weighed.places))
        grades[right] = 2
        made.append(Question(Labelled("", question, "answered", weighed, grades, 1.0), right))
    return made


def test_the_ranking_learns_what_tells_the_right_statement(questions: list[Question]) -> None:
    ranking = _fit_ranking([one.labelled for one in questions])
    assert set(ranking) == set(BLOCKS)
    assert ranking["always"]["similarity"] > 0
    assert {name: ranking["always"][name] for name in FIXED} == FIXED
    from assistant import Model

    model = Model(ranking, {}, 0.5)
    for one in questions:
        assert int(np.argmax(one.labelled.weighed.by(model).scores)) == one.right


def test_fitting_twice_gives_the_same(questions: list[Question]) -> None:
    labelled = [one.labelled for one in questions]
    assert _fit_ranking(labelled) == _fit_ranking(labelled)


def test_a_grade_goes_to_every_statement_that_the_quotation_touches(assistant: Assistant) -> None:
    weighed = assistant.weigh(QUESTIONS[0])
    document, span = weighed.places[0]
    grades = _grade(weighed, [(document, span.start, span.start + 1, 1)])
    assert grades[0] == 1
    assert grades.sum() == 1


def test_logistic_regression_tells_what_it_can_and_keeps_the_base_rate() -> None:
    figures = [{"x": float(n % 10), "noise": float(n * 7 % 5)} for n in range(200)]
    truth = [one["x"] >= 5 for one in figures]
    weights = _logistic(figures, truth, [1.0] * 200)

    def believed(one: dict[str, float]) -> float:
        return sum(w * (one[name] if name else 1.0) for name, w in weights.items())

    assert all((believed(one) > 0) == right for one, right in zip(figures, truth, strict=True))
    assert abs(weights["noise"]) < weights["x"]
    constant: list[Any] = [{"x": 1.0}] * 100
    share = _logistic(constant, [True] * 75 + [False] * 25, [1.0] * 100)
    assert 1 / (1 + np.exp(-sum(share.values()))) == pytest.approx(0.75, abs=0.01)


def test_a_question_is_always_in_the_same_fold() -> None:
    made = SimpleNamespace()
    folds = {Labelled("", f"q{n}", "answered", made, np.zeros(1), 1.0).fold for n in range(200)}  # type: ignore[arg-type]
    assert folds == {0, 1, 2, 3, 4}
    assert (
        Labelled("a", "q1", "", made, np.zeros(1), 1.0).fold
        == Labelled(  # type: ignore[arg-type]
            "b", "q1", "answered", made, np.zeros(1), 0.5
        ).fold
    )


def test_the_prior_is_corrected_to_the_share_that_is_assumed() -> None:
    shift = prior_shift([True] * 30 + [False] * 70, [1.0] * 100, ANSWERABLE)
    odds = np.exp(np.log(0.3 / 0.7) + shift)
    assert odds / (1 + odds) == pytest.approx(ANSWERABLE)
    assert prior_shift([True, False], [ANSWERABLE, 1 - ANSWERABLE], ANSWERABLE) == pytest.approx(
        0.0
    )
