"""When two answers are the same one."""

from typing import Any

import pytest

from assistant.review.identity import answer_fingerprint, normalise_question, question_key

QUESTION = "How long does zebra fever last?"


def with_history(answer: dict[str, Any], *asked: str) -> dict[str, Any]:
    turns = [{"role": "user", "content": one, "corrections": {}} for one in asked]
    answer["certificate"]["settings"]["history"] = turns
    return answer


@pytest.mark.parametrize(
    "same",
    [
        "how long does zebra fever last",
        "  How long\tdoes Zebra  fever last ??",
        "Ｈow long does zebra fever last.",
    ],
)
def test_the_same_question_in_another_dress(make_answer: Any, same: str) -> None:
    assert normalise_question(same) == normalise_question(QUESTION)
    assert question_key(make_answer(same)) == question_key(make_answer(QUESTION))


def test_another_question_reader_or_shelf_is_another(make_answer: Any) -> None:
    answers = [make_answer(QUESTION), make_answer("How long does zebra fever not last?")]
    for name, value in (("role", "patient"), ("documents", ["x"]), ("corrections", {"age": 3})):
        answer = make_answer(QUESTION)
        answer["certificate"]["settings"][name] = value
        answers.append(answer)
    assert len({question_key(answer) for answer in answers}) == 5


def test_what_was_asked_before_counts_only_where_the_question_leans_on_it(make_answer: Any) -> None:
    alone = question_key(make_answer(QUESTION))
    long = "How long does zebra fever usually last in adults with reversed stripes and no rash?"
    assert question_key(with_history(make_answer(long), "Marble cough?")) == question_key(
        make_answer(long)
    )
    leaning = [
        question_key(with_history(make_answer("And its treatment?"), before))
        for before in ("What is zebra fever?", "What is marble cough?")
    ]
    assert len({alone, *leaning}) == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("outcome", "not_covered"),
        ("direct", []),
        ("note", "The model did not answer."),
        ("statements", [{"text": "Nine.", "quotes": [1], "verbatim": False}]),
        ("disagreements", [{"topic": "t"}]),
        ("check", {"verdict": "caution", "issues": []}),
        ("quotes", []),
    ],
)
def test_whatever_a_reader_is_shown_makes_another_answer(
    make_answer: Any, name: str, value: Any
) -> None:
    assert answer_fingerprint(make_answer(**{name: value})) != answer_fingerprint(make_answer())


def test_scores_and_times_make_no_other_answer(make_answer: Any) -> None:
    answer = make_answer(confidence=0.5, timing_ms={"total": 3})
    answer["quotes"][0]["score"] = 0.7
    assert answer_fingerprint(answer) == answer_fingerprint(make_answer())
