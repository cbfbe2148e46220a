"""The weights that come with the package, and what they do to a question's candidates."""

import numpy as np
import pytest

from assistant import Assistant
from assistant.answering.answer import Outcome
from assistant.answering.model import Model, load_model

QUESTION = "How long does zebra fever last?"


def test_every_weight_is_of_a_figure_that_exists(assistant: Assistant) -> None:
    weighed, model = assistant.weigh(QUESTION), load_model()
    for circumstance, weights in model.ranking.items():
        assert set(weights) <= set(weighed.described.names), circumstance
    for kind, weights in model.confidence.items():
        assert set(weights) - {""} <= set(weighed.figures), kind
    assert set(model.confidence) == {
        "one subject, questions given",
        "one subject",
        "several subjects",
        "foreign",
    }


def test_a_score_is_the_weighted_sum_and_more_where_the_title_is_named(
    assistant: Assistant,
) -> None:
    blocks = {"always": {"similarity": 2.0}, "title named": {"coverage": 3.0}}
    empty: dict[str, dict[str, float]] = {"one subject": {}, "questions given": {}}
    weighed = assistant.weigh(QUESTION, model=Model(blocks | empty, {}, 0.5))
    column = weighed.described.column
    expected = 2 * column("similarity") + 3 * column("named") * column("coverage")
    assert column("named").max() > 0
    assert weighed.scores == pytest.approx(expected, abs=1e-5)


def test_ranked_is_by_score_and_then_by_place(assistant: Assistant) -> None:
    weighed = assistant.weigh(QUESTION)
    keys = [(-score, candidate.place) for candidate, score in weighed.ranked]
    assert keys == sorted(keys)
    assert len(keys) == len(weighed.scores)


def test_confidence_is_a_share_whatever_the_figures() -> None:
    model = Model({}, {"one subject": {"": 0.0, "x": 50.0}, "several subjects": {"": 0.0}}, 0.5)
    for value in (-1e6, 0.0, 1e6):
        believed = model.believe({"x": value}, 1.0, questions_given=False)
        assert 0.0 <= believed <= 1.0
    assert model.believe({"x": 0.0}, 1.0, questions_given=False) == 0.5


def test_the_same_question_is_weighed_the_same_twice(assistant: Assistant) -> None:
    one, other = assistant.weigh(QUESTION), assistant.weigh(QUESTION)
    assert np.array_equal(one.scores, other.scores)
    assert one.confidence == other.confidence


def test_an_empty_library_answers_nothing(assistant: Assistant) -> None:
    assistant.remove(["zebra-fever", "marble-cough"])
    assert assistant.weigh(QUESTION).confidence == 0.0
    answer = assistant.ask(QUESTION).answer
    assert answer.outcome is not Outcome.ANSWERED
    assert answer.nearest == ()
