"""Every rule over every combination of its facts, against a second reading of the YAML.

The second reading shares no code with the program: plain dictionaries, its own units, its own
three values (True, False, None).
"""

import hashlib
import itertools
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.case.case import Case, Finding, make_quantity
from assistant.case.facts import Facts, load_facts
from assistant.pathways.evaluation import Rulebook, View
from assistant.pathways.loading import read_pathways
from assistant.truth import Truth

HERE = Path(__file__).parent
# The library, and an invented one, which has what the library has not: a pathway in mode "first".
ROOTS = {"corpus": HERE.parents[1] / "corpus", "invented": HERE / "sound"}
MOST_FACTS = 8
SAMPLES = 24_000

HOUR = {"h": 1, "hour": 1, "day": 24, "week": 168, "month": 730.5, "year": 8766}
YEAR = {"year": 1, "month": 1 / 12}
PLAIN = dict.fromkeys(("mm", "point", "mmHg", "cmH2O", "degC", "gauge", "10^9/L", "mg", ""), 1)


class Reading:
    """The YAML of a library, read again."""

    def __init__(self, root: Path) -> None:
        plain = yaml.safe_load((root / "lexicon" / "facts.yaml").read_text(encoding="utf-8"))
        self.facts = {fact["id"]: fact for fact in plain}
        # Each rule's entry, own criterion, and the criteria that go before it in mode "first".
        self.rules: dict[str, tuple[Any, Any, list[Any]]] = {}
        for path in sorted((root / "pathways").glob("*.yaml")):
            pathway = yaml.safe_load(path.read_text(encoding="utf-8"))
            before: list[Any] = []
            for rule in pathway["rules"]:
                self.rules[rule["id"]] = (pathway["entry"], rule["when"], list(before))
                if pathway.get("mode") == "first":
                    before.append(rule["when"])

    def comparison(self, text: str) -> tuple[str, str, float] | None:
        found = re.fullmatch(r"(\S+) (<=|>=|==|<|>) (-?[\d.]+) ?(.*)", text)
        if found is None:
            return None
        fact, sign, number, unit = found.groups()
        table = {"duration": HOUR, "age": YEAR}.get(self.facts[fact]["measure"], PLAIN)
        return fact, sign, float(number) * table[unit if unit in table else unit.removesuffix("s")]

    def hold(self, criterion: Any, values: dict[str, Any]) -> bool | None:
        """A criterion over values by fact: True, False, a number, or None for unknown."""
        if criterion == "always":
            return True
        if isinstance(criterion, str):
            return self.hold_text(criterion, values)
        ((word, parts),) = criterion.items()
        if word == "not":
            return contrary(self.hold(parts, values))
        if word == "unknown":
            return any(
                (self.state(n, values) if n in self.facts else self.rule(n, values)) is None
                for n in parts
            )
        if word == "rules":
            return any_of([self.rule(name, values) for name in parts])
        answers = [self.hold(part, values) for part in parts]
        return {"all": all_of, "any": any_of}[word](answers)

    def hold_text(self, text: str, values: dict[str, Any]) -> bool | None:
        if text.startswith("not "):
            return contrary(self.hold(text[4:].strip(), values))
        comparison = self.comparison(text)
        if comparison is None:
            return self.state(text, values)
        fact, sign, threshold = comparison
        value = values.get(fact)
        if value is None:
            return None
        if value == threshold:
            return "=" in sign
        return sign != "==" and (value < threshold) == ("<" in sign)

    def state(self, fact: str, values: dict[str, Any]) -> bool | None:
        value = values.get(fact)
        if value is None:
            return False if self.facts[fact].get("topic") else None
        return True if self.facts[fact].get("measure") else bool(value)

    def rule(self, rule: str, values: dict[str, Any]) -> bool | None:
        entry, when, before = self.rules[rule]
        answers = [self.hold(entry, values), self.hold(when, values)]
        return all_of(answers + [contrary(self.hold(earlier, values)) for earlier in before])

    def table(self, rule: str) -> dict[str, list[Any]]:
        """The facts that a rule depends on, each with the values to try."""
        thresholds: dict[str, set[float]] = {}
        named: set[str] = set()
        waiting, seen = [rule], {rule}
        while waiting:
            for word in words_of(self.rules[waiting.pop()]):
                if (comparison := self.comparison(word)) is not None:
                    thresholds.setdefault(comparison[0], set()).add(comparison[2])
                elif word in self.facts:
                    named.add(word)
                elif word != "always" and word not in seen:
                    seen.add(word)
                    waiting.append(word)
        table: dict[str, list[Any]] = {}
        for fact in self.facts:
            if fact in thresholds or (fact in named and self.facts[fact].get("measure")):
                ends = sorted(thresholds.get(fact, {1.0}))
                between = [(low + high) / 2 for low, high in itertools.pairwise(ends)]
                table[fact] = [None, ends[0] - 0.5, *ends, *between, ends[-1] + 0.5]
            elif fact in named:
                table[fact] = [True, False, None]
        return table


def contrary(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def all_of(answers: list[bool | None]) -> bool | None:
    return False if False in answers else None if None in answers else True


def any_of(answers: list[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False


def words_of(criterion: Any) -> Iterator[str]:
    """Every fact, comparison and rule that a criterion names."""
    if isinstance(criterion, str):
        yield criterion.removeprefix("not ").strip()
    else:
        for part in criterion.values() if isinstance(criterion, dict) else criterion:
            yield from words_of(part)


@cache
def reading(library: str) -> Reading:
    return Reading(ROOTS[library])


@cache
def table_of(library: str, rule: str) -> dict[str, list[Any]]:
    return reading(library).table(rule)


# The program


@cache
def program(library: str) -> tuple[Facts, Rulebook]:
    facts = load_facts(ROOTS[library])
    return facts, Rulebook(read_pathways(ROOTS[library], facts.measures).pathways)


@cache
def finding(library: str, fact: str, value: Any) -> Finding:
    measure = program(library)[0].by_id[fact].measure
    if measure is None:
        return Finding(fact, Truth.of(value))
    return Finding(fact, Truth.TRUE, make_quantity(measure, value))


def program_says(library: str, rule: str, values: dict[str, Any]) -> Truth:
    facts, book = program(library)
    findings = {f: finding(library, f, value) for f, value in values.items() if value is not None}
    return View(Case("", facts, findings, True), book).rule(rule)


def check(library: str, rule: str, values: dict[str, Any]) -> None:
    wanted = Truth.of(reading(library).rule(rule, values))
    found = program_says(library, rule, values)
    if found is not wanted:
        known = {fact: value for fact, value in values.items() if value is not None}
        pytest.fail(f"{rule}: {found.value}, but the YAML reads {wanted.value}: {known}")


# The comparison

RULES = [(library, rule) for library in ROOTS for rule in reading(library).rules]
SMALL = [names for names in RULES if len(table_of(*names)) <= MOST_FACTS]
LARGE = [names for names in RULES if len(table_of(*names)) > MOST_FACTS]


@pytest.mark.parametrize("library", ROOTS)
def test_both_readings_know_the_same_rules_and_facts(library: str) -> None:
    _, book = program(library)
    assert {rule: set(book.facts(rule)) for rule in book.rules} == {
        rule: set(table_of(library, rule)) for rule in reading(library).rules
    }


@pytest.mark.parametrize(("library", "rule"), SMALL)
def test_a_rule_reads_the_same_over_all_combinations(library: str, rule: str) -> None:
    table = table_of(library, rule)
    for values in itertools.product(*table.values()):
        check(library, rule, dict(zip(table, values, strict=True)))


@pytest.mark.parametrize(("library", "rule"), LARGE)
def test_a_rule_of_many_facts_reads_the_same_over_a_sample(library: str, rule: str) -> None:
    for values in sample(library, rule):
        check(library, rule, values)


def test_the_sample_sees_every_large_rule_true_and_false() -> None:
    """Else it would compare little but what is unknown."""
    seen = {
        (library, rule): {reading(library).rule(rule, values) for values in sample(library, rule)}
        for library, rule in LARGE
    }
    assert {names: truths for names, truths in seen.items() if not {True, False} <= truths} == {}


def sample(library: str, rule: str) -> Iterator[dict[str, Any]]:
    """The same assignments every time: at random, and steered to where the rule is so or not."""
    table = table_of(library, rule)
    for number in range(-(-SAMPLES // len(LARGE))):
        chance = Chance(f"{rule} {number}")
        values = {
            fact: chance.pick([False if False in options else None, chance.pick(options)])
            for fact, options in table.items()
        }
        if number % 4:
            Steering(reading(library), table, values, chance).to({"rules": [rule]}, number % 4 > 1)
        for fact in values:
            if number % 2 and chance.pick(range(len(values))) == 0:
                values[fact] = chance.pick(table[fact])
        yield values


class Chance:
    """Choices that are always the same for a seed."""

    def __init__(self, seed: str) -> None:
        self.bytes = iter(hashlib.shake_256(seed.encode()).digest(16_000))

    def pick(self, options: Any) -> Any:
        return options[(next(self.bytes) * 256 + next(self.bytes)) % len(options)]


class Steering:
    """Sets values so that a criterion is as wanted, as far as no later choice undoes it."""

    def __init__(
        self, reading: Reading, table: dict[str, list[Any]], values: dict[str, Any], chance: Chance
    ) -> None:
        self.reading, self.table, self.values, self.chance = reading, table, values, chance

    def to(self, criterion: Any, want: bool) -> None:
        if criterion == "always":
            return
        if isinstance(criterion, str):
            self.to_text(criterion, want)
            return
        ((word, parts),) = criterion.items()
        if word == "not":
            self.to(parts, not want)
        elif word == "rules":
            for rule in [self.chance.pick(parts)] if want else parts:
                entry, when, _ = self.reading.rules[rule]
                if want:
                    self.to(entry, want)
                self.to(when, want)
        elif word == "unknown":
            self.values |= {name: None for name in parts if want and name in self.table}
        else:
            for part in parts if (word == "all") is want else [self.chance.pick(parts)]:
                self.to(part, want)

    def to_text(self, text: str, want: bool) -> None:
        if text.startswith("not "):
            self.to(text[4:].strip(), not want)
        elif (comparison := self.reading.comparison(text)) is not None:
            fact = comparison[0]
            fits = [v for v in self.table[fact] if self.reading.hold(text, {fact: v}) is want]
            if self.reading.hold(text, self.values) is not want:
                self.values[fact] = self.chance.pick(fits)
        else:
            self.values[text] = want
