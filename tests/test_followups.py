"""What a follow-up is asked together with."""

import pytest

from assistant import Turn
from assistant.followups import with_context

FIRST = "How much stripe syrup for zebra fever in adults who weigh more than eighty kilograms?"


def after(*messages: str) -> list[Turn]:
    turns = []
    for message in messages:
        turns += [Turn("user", message), Turn("assistant", "…")]
    return turns


@pytest.mark.parametrize(
    "newest",
    [
        "same for foals?",
        "Temp now 39.4",
        "what about the evening dose",
        "actually it was a donkey, not a zebra. Still the same?",
        "ok and at which hour do I give it",
    ],
)
def test_what_leans_back_is_read_together(newest: str) -> None:
    assert with_context(newest, after(FIRST)) == f"{FIRST} {newest}"


@pytest.mark.parametrize(
    "newest",
    [
        "New question. How is it with marble cough?",
        "never mind. Will it rain?",
        "Different patient: 30M with marble cough, which scan is ordered first?",
        "Which scan is ordered for marble cough in adults with rolling sounds today please?",
    ],
)
def test_what_turns_away_stands_alone(newest: str) -> None:
    assert with_context(newest, after(FIRST)) == newest


def test_a_chain_is_followed_to_what_stands_alone() -> None:
    told = with_context("and the dose?", after("An older question altogether?", FIRST, "in foals?"))
    assert told == f"{FIRST} in foals? and the dose?"
