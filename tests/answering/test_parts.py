"""A question of several parts."""

from pathlib import Path

import pytest

from assistant import Assistant, Settings, ingest
from assistant.answering.answer import Outcome
from assistant.answering.parts import split_question


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "What dose of syrup is given and how long does the fever last?",
            ("What dose of syrup is given", "How long does the fever last"),
        ),
        ("Is syrup safe? What are reversed stripes a sign of in adults with a long history?", 2),
        ("When should I scan; what should I avoid?", 2),
        ("When should I scan?", ()),
        ("Fever, stripes and cough since Monday. Scan or wait?", ()),
        ("why?", ()),
        ("", ()),
    ],
)
def test_a_question_is_split_where_it_asks_again(
    question: str, parts: tuple[str, ...] | int
) -> None:
    found = tuple(part.own for part in split_question(question))
    assert (len(found) if isinstance(parts, int) else found) == parts


def test_what_is_told_goes_with_every_part() -> None:
    parts = split_question("Zebra fever since Monday. When do I scan and how much syrup?")
    assert len(parts) == 2
    assert all(part.text.startswith("Zebra fever since Monday") for part in parts)
    assert parts[1].own == "How much syrup"
    assert parts[1].text.endswith("When do I scan. how much syrup")


def test_every_part_is_answered_first_or_said_not_to_be(library: Path, settings: Settings) -> None:
    ingest([library], settings)
    assistant = Assistant.open(settings)
    answer = assistant.ask(
        "How much stripe syrup twice a day for zebra fever? "
        "When is the marble scan ordered for marble cough?"
    ).answer
    assert answer.outcome is Outcome.ANSWERED
    assert len(answer.parts) == 2
    for part in answer.parts:
        assert (part.outcome is Outcome.ANSWERED) == bool(answer.numbers_of(part))
    assert answer.direct == tuple(range(1, len(answer.direct) + 1))


def test_a_part_may_begin_with_a_preposition_or_an_order() -> None:
    parts = split_question("How much syrup for zebra fever, at which hour? Name the three signs.")
    assert [part.own for part in parts] == [
        "How much syrup for zebra fever",
        "At which hour",
        "Name the three signs",
    ]
    assert [part.focus for part in parts] == ["", "At which hour", "Name the three signs"]


def test_a_follow_up_is_split_without_what_it_leans_on() -> None:
    newest = "And in foals?"
    assert split_question(f"How much syrup for zebra fever? {newest}", newest) == ()
    newest = "And how long does it last, and when may it run?"
    parts = split_question(f"How much syrup for zebra fever? {newest}", newest)
    assert [part.own for part in parts] == ["And how long does it last", "When may it run"]
    assert all(part.text.startswith("How much syrup for zebra fever? ") for part in parts)
    assert all(part.focus == part.own for part in parts)


def test_a_plan_is_told_and_not_asked() -> None:
    assert split_question("Syrup today, how much for zebra fever?") == ()
    asked = split_question("Syrup today, how much for zebra fever, and when may it run?")
    assert [part.own for part in asked] == ["How much for zebra fever", "When may it run"]
    assert all(part.text.startswith("Syrup today. ") for part in asked)
