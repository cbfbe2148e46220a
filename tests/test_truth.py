"""Kleene's tables."""

from itertools import product

import pytest

from assistant.truth import Truth

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
ORDER = {F: 0, U: 1, T: 2}


@pytest.mark.parametrize(("left", "right"), [*product(Truth, repeat=2)])
def test_and_is_the_lesser_and_or_the_greater(left: Truth, right: Truth) -> None:
    assert ORDER[left & right] == min(ORDER[left], ORDER[right])
    assert ORDER[left | right] == max(ORDER[left], ORDER[right])
    assert ~(left & right) is (~left | ~right)


def test_not() -> None:
    assert (~T, ~F, ~U) == (F, T, U)


def test_of_nothing() -> None:
    assert Truth.all([]) is T
    assert Truth.any([]) is F


def test_of_a_python_value() -> None:
    assert [Truth.of(value) for value in (True, False, None)] == [T, F, U]
