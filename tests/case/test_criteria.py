"""Criteria out of YAML, in three values, with the facts that decide."""

from dataclasses import dataclass, field

import pytest

from assistant.case.case import make_quantity
from assistant.case.criteria import Compare, evaluate, explain, facts_of, parse_criterion
from assistant.language.quantities.quantity import Measure, Quantity
from assistant.truth import Truth

MEASURES: dict[str, Measure | None] = {
    "fever": None,
    "rigors": None,
    "stiff": None,
    "temperature": Measure.TEMPERATURE,
    "hours": Measure.DURATION,
    "points": Measure.NUMBER,
}
T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


@dataclass
class Values:
    """A case written out by hand."""

    facts: dict[str, Truth] = field(default_factory=dict)
    numbers: dict[str, Quantity] = field(default_factory=dict)
    rules: dict[str, Truth] = field(default_factory=dict)

    def presence(self, fact: str) -> Truth:
        return self.facts.get(fact, U)

    def quantity(self, fact: str) -> Quantity | None:
        return self.numbers.get(fact)

    def rule(self, rule: str) -> Truth:
        return self.rules.get(rule, U)

    def explain_rule(self, rule: str) -> tuple[Truth, tuple[str, ...]]:
        return self.rule(rule), (f"behind {rule}",)


@pytest.mark.parametrize(
    ("plain", "facts", "expected"),
    [
        ("fever", {"fever": T}, T),
        ("not fever", {"fever": T}, F),
        ("not fever", {}, U),
        ({"any": ["fever", "rigors"]}, {"rigors": T}, T),
        ({"any": ["fever", "rigors"]}, {"rigors": F}, U),
        ({"all": ["fever", "rigors"]}, {"rigors": F}, F),
        ({"all": ["fever", {"not": "rigors"}]}, {"fever": T, "rigors": F}, T),
        ({"unknown": ["fever"]}, {}, T),
        ({"unknown": ["fever"]}, {"fever": F}, F),
    ],
)
def test_values(plain: object, facts: dict[str, Truth], expected: Truth) -> None:
    assert evaluate(parse_criterion(plain, MEASURES), Values(facts)) is expected


@pytest.mark.parametrize(
    ("value", "expected"), [(37.9, F), (38.0, T), (38.1, T), ((37.5, 38.5), U), (None, U)]
)
def test_both_sides_of_a_threshold(
    value: float | tuple[float, float] | None, expected: Truth
) -> None:
    criterion = parse_criterion("temperature >= 100.4 degF", MEASURES)
    numbers = {}
    if value is not None:
        ends = value if isinstance(value, tuple) else (value, value)
        numbers["temperature"] = make_quantity(Measure.TEMPERATURE, *ends)
    assert evaluate(criterion, Values(numbers=numbers)) is expected


def test_a_threshold_is_kept_in_the_facts_own_unit() -> None:
    assert parse_criterion("hours > 3 days", MEASURES) == Compare("hours", ">", 72.0, "3 days")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("plain", "words"),
    [
        ("feever", "no fact 'feever'"),
        ("temperature >= 38 mm", "cannot be converted"),
        ("temperature >= 38", "has no unit"),
        ("temperature", "is a number"),
        ("fever > 3 h", "is not a number"),
        ({"any": []}, "not empty"),
        ({"some": ["fever"]}, "is no criterion"),
        (7, "is no criterion"),
    ],
)
def test_faults_are_named(plain: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_criterion(plain, MEASURES)


def test_what_decided_and_what_is_missing() -> None:
    criterion = parse_criterion(
        {"any": [{"all": ["fever", "stiff"]}, "rigors", {"rules": ["R-1"]}]}, MEASURES
    )
    assert explain(criterion, Values({"rigors": T})) == (T, ("rigors",))
    assert explain(criterion, Values({"fever": T, "rigors": F}, rules={"R-1": F})) == (
        U,
        ("stiff",),
    )
    false = Values({"fever": F, "rigors": F}, rules={"R-1": F})
    assert explain(criterion, false) == (F, ("fever", "rigors", "behind R-1"))


def test_the_facts_it_names() -> None:
    criterion = parse_criterion({"all": ["fever", "not rigors", "hours > 1 h"]}, MEASURES)
    assert [*facts_of(criterion)] == ["fever", "rigors", "hours"]
