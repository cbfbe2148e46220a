"""A criterion: what must be so of a patient, in three values (Kleene), and what decided it.

In YAML a criterion is a fact's name, "not" and a name, a comparison such as
``temperature >= 38 degC``, or one of ``all: [...]``, ``any: [...]``, ``not: ...``,
``rules: [...]`` (any of these rules holds) and ``unknown: [...]`` (any of these facts or rules is
undecided).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from assistant.language.quantities.quantity import Measure, Quantity
from assistant.language.units import UnitError, convert
from assistant.truth import Truth


class Operator(StrEnum):
    """How a number stands to its threshold."""

    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    EQUAL = "=="

    def holds(self, value: float, threshold: float) -> bool:
        """Whether one number stands so to another."""
        return _HOLDS[self](value, threshold)


_HOLDS: dict[Operator, Callable[[float, float], bool]] = {
    Operator.LESS: lambda a, b: a < b,
    Operator.AT_MOST: lambda a, b: a <= b,
    Operator.GREATER: lambda a, b: a > b,
    Operator.AT_LEAST: lambda a, b: a >= b,
    Operator.EQUAL: lambda a, b: a == b,
}


@dataclass(frozen=True, slots=True)
class Present:
    """The fact is so."""

    fact: str


@dataclass(frozen=True, slots=True)
class Compare:
    """The fact's number stands so to ``threshold``, in the unit of the fact's measure.

    ``written`` is the threshold as the library writes it, with its unit.
    """

    fact: str
    operator: Operator
    threshold: float
    written: str


@dataclass(frozen=True, slots=True)
class All:
    """Each of these."""

    of: "tuple[Criterion, ...]"


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of these."""

    of: "tuple[Criterion, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    of: "Criterion"


@dataclass(frozen=True, slots=True)
class Holds:
    """At least one of these rules holds."""

    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undecided:
    """At least one of these facts or rules is undecided. Itself true or false, never unknown."""

    facts: tuple[str, ...]
    rules: tuple[str, ...]


Criterion = Present | Compare | All | Any | Not | Holds | Undecided


class Values(Protocol):
    """What a criterion is held against."""

    def presence(self, fact: str) -> Truth: ...

    def quantity(self, fact: str) -> Quantity | None: ...

    def rule(self, rule: str) -> Truth: ...


def evaluate(criterion: Criterion, values: Values) -> Truth:
    """Whether it is so; unknown where what is known does not decide."""
    # Tests of the type in order of frequency, and Truth.any and Truth.all written out: this runs
    # some ten thousand times a case, and patterns and generators take twice as long.
    if isinstance(criterion, Present):
        return values.presence(criterion.fact)
    if isinstance(criterion, Any):
        found = Truth.FALSE
        for part in criterion.of:
            value = evaluate(part, values)
            if value is Truth.TRUE:
                return value
            if value is Truth.UNKNOWN:
                found = value
        return found
    if isinstance(criterion, All):
        found = Truth.TRUE
        for part in criterion.of:
            value = evaluate(part, values)
            if value is Truth.FALSE:
                return value
            if value is Truth.UNKNOWN:
                found = value
        return found
    if isinstance(criterion, Not):
        return ~evaluate(criterion.of, values)
    if isinstance(criterion, Holds):
        return Truth.any(values.rule(rule) for rule in criterion.rules)
    if isinstance(criterion, Compare):
        quantity = values.quantity(criterion.fact)
        if quantity is None:
            return Truth.UNKNOWN
        return Truth.of(quantity.compare(criterion.operator, criterion.threshold))
    undecided = any(not values.presence(fact).known for fact in criterion.facts)
    return Truth.of(undecided or any(not values.rule(rule).known for rule in criterion.rules))


Explanation = tuple[Truth, tuple[str, ...]]


class Explaining(Values, Protocol):
    """Values that can also say which facts decided a rule."""

    def explain_rule(self, rule: str) -> Explanation: ...


def explain(criterion: Criterion, values: Explaining) -> Explanation:
    """What it is, and the facts that made it so; where it is unknown, those still missing.

    Each fact once, in the order of the criterion.
    """
    if isinstance(criterion, Present | Compare):
        return evaluate(criterion, values), (criterion.fact,)
    if isinstance(criterion, Not):
        truth, facts = explain(criterion.of, values)
        return ~truth, facts
    if isinstance(criterion, Undecided):
        parts: list[Explanation] = [(values.presence(f), (f,)) for f in criterion.facts]
        parts += [values.explain_rule(rule) for rule in criterion.rules]
        truth = Truth.of(any(not found.known for found, _ in parts))
        return truth, _join(facts for found, facts in parts if not found.known)
    if isinstance(criterion, Holds):
        parts = [values.explain_rule(rule) for rule in criterion.rules]
    else:
        parts = [explain(part, values) for part in criterion.of]
    combine = Truth.all if isinstance(criterion, All) else Truth.any
    truth = combine(found for found, _ in parts)
    return truth, _join(facts for found, facts in parts if found is truth)


def _join(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact for facts in parts for fact in facts))


def facts_of(criterion: Criterion) -> Iterator[str]:
    """Every fact that it names itself, not through a rule."""
    for part in walk(criterion):
        if isinstance(part, Present | Compare):
            yield part.fact
        elif isinstance(part, Undecided):
            yield from part.facts


def rules_of(criterion: Criterion) -> Iterator[str]:
    """Every rule that it names."""
    for part in walk(criterion):
        if isinstance(part, Holds | Undecided):
            yield from part.rules


def walk(criterion: Criterion) -> Iterator[Criterion]:
    """It and every part of it."""
    yield criterion
    match criterion:
        case All(of) | Any(of):
            for part in of:
                yield from walk(part)
        case Not(part):
            yield from walk(part)


_COMPARISON = re.compile(r"([\w-]+)\s*(<=|>=|==|<|>)\s*(-?\d+(?:\.\d+)?)\s*(.*)")


def parse_criterion(plain: object, measures: Mapping[str, Measure | None]) -> Criterion:
    """A criterion out of YAML.

    ``measures`` holds every fact there is with what it measures, None where it is no number.
    Raises ValueError saying what is wrong: an unknown fact, a unit of something else, a shape.
    """
    if isinstance(plain, str):
        return _parse_text(plain.strip(), measures)
    if isinstance(plain, dict) and len(plain) == 1:
        (word, value), *_ = plain.items()
        if word == "not":
            return Not(parse_criterion(value, measures))
        if not isinstance(value, list) or not value:
            raise ValueError(f"'{word}' needs a list that is not empty")
        if word in ("all", "any"):
            parts = tuple(parse_criterion(part, measures) for part in value)
            return All(parts) if word == "all" else Any(parts)
        names = tuple(str(name) for name in value)
        if word == "rules":
            return Holds(names)
        if word == "unknown":
            facts = tuple(name for name in names if name in measures)
            return Undecided(facts, tuple(name for name in names if name not in measures))
    raise ValueError(
        f"{plain!r} is no criterion: write a fact, 'not' and a fact, a comparison with its unit, "
        "or one of all, any, not, rules, unknown"
    )


def _parse_text(text: str, measures: Mapping[str, Measure | None]) -> Criterion:
    if text.startswith("not "):
        return Not(_parse_text(text[4:].strip(), measures))
    comparison = _COMPARISON.fullmatch(text)
    if comparison is None:
        _require_known(text, measures)
        if measures[text] is not None:
            raise ValueError(f"'{text}' is a number: compare it, such as '{text} > 1 …'")
        return Present(text)
    fact, operator, number, unit = comparison.groups()
    _require_known(fact, measures)
    measure = measures[fact]
    if measure is None:
        raise ValueError(f"'{fact}' is not a number: it is so or not so")
    if not unit and measure.unit:
        raise ValueError(f"'{text}' has no unit: write it, such as {measure.unit}")
    try:
        threshold = convert(float(number), unit, measure.unit) if unit else float(number)
    except UnitError as error:
        raise ValueError(f"'{text}': {error}") from error
    return Compare(fact, Operator(operator), round(threshold, 9), f"{number} {unit}".strip())


def _require_known(fact: str, measures: Mapping[str, Measure | None]) -> None:
    if fact not in measures:
        raise ValueError(f"there is no fact '{fact}' in the lexicon")
