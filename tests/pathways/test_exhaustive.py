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
from assistant.case.facts import load_facts
from assistant.pathways.evaluation import Rulebook, View
from assistant.pathways.loading import read_pathways
from assistant.truth import Truth

CORPUS = Path(__file__).parents[2] / "corpus"
MOST_FACTS = 8
SAMPLES = 24_000

HOUR = {"h": 1, "hour": 1, "day": 24, "week": 168, "month": 730.5, "year": 8766}
YEAR = {"year": 1, "month": 1 / 12}
PLAIN = dict.fromkeys(("mm", "point", "mmHg", "cmH2O", "degC", "gauge", "10^9/L", "mg", ""), 1)

# The second reading


@cache
def facts_yaml() -> dict[str, Any]:
    plain = yaml.safe_load((CORPUS / "lexicon" / "facts.yaml").read_text(encoding="utf-8"))
    return {fact["id"]: fact for fact in plain}


@cache
def rules_yaml() -> dict[str, tuple[Any, Any, list[Any]]]:
    """Each rule's entry, own criterion, and the criteria that go before it in mode 'first'."""
    found = {}
    for path in sorted((CORPUS / "pathways").glob("*.yaml")):
        pathway = yaml.safe_load(path.read_text(encoding="utf-8"))
        before: list[Any] = []
        for rule in pathway["rules"]:
            found[rule["id"]] = (pathway["entry"], rule["when"], list(before))
            if pathway.get("mode") == "first":
                before.append(rule["when"])
    return found


def read_comparison(text: str) -> tuple[str, str, float] | None:
    found = re.fullmatch(r"(\S+) (<=|>=|==|<|>) (-?[\d.]+) ?(.*)", text)
    if found is None:
        return None
    fact, sign, number, unit = found.groups()
    measure = facts_yaml()[fact]["measure"]
    table = {"duration": HOUR, "age": YEAR}.get(measure, PLAIN)
    unit = unit if unit in table else unit.removesuffix("s")
    return fact, sign, float(number) * table[unit]


def hold(criterion: Any, values: dict[str, Any]) -> bool | None:
    """A criterion over values by fact: True, False, a number, or None for unknown."""
    if criterion == "always":
        return True
    if isinstance(criterion, str):
        if criterion.startswith("not "):
            return contrary(hold(criterion[4:].strip(), values))
        comparison = read_comparison(criterion)
        if comparison is None:
            return state(criterion, values)
        fact, sign, threshold = comparison
        value = values.get(fact)
        if value is None:
            return None
        if sign == "==":
            return bool(value == threshold)
        below = value < threshold or ("=" in sign and value == threshold)
        above = value > threshold or ("=" in sign and value == threshold)
        return bool(below if "<" in sign else above)
    ((word, parts),) = criterion.items()
    if word == "not":
        return contrary(hold(parts, values))
    if word == "unknown":
        return any(
            (state(name, values) if name in facts_yaml() else rule_holds(name, values)) is None
            for name in parts
        )
    if word == "rules":
        return any_of([rule_holds(name, values) for name in parts])
    answers = [hold(part, values) for part in parts]
    return all_of(answers) if word == "all" else any_of(answers)


def state(fact: str, values: dict[str, Any]) -> bool | None:
    value = values.get(fact)
    if value is None:
        return False if facts_yaml()[fact].get("topic") else None
    return True if facts_yaml()[fact].get("measure") else bool(value)


def rule_holds(rule: str, values: dict[str, Any]) -> bool | None:
    entry, when, before = rules_yaml()[rule]
    answers = [hold(entry, values), hold(when, values)]
    return all_of(answers + [contrary(hold(earlier, values)) for earlier in before])


def contrary(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def all_of(answers: list[bool | None]) -> bool | None:
    return False if False in answers else None if None in answers else True


def any_of(answers: list[bool | None]) -> bool | None:
    return contrary(all_of([contrary(answer) for answer in answers]))


def words_of(criterion: Any) -> Iterator[str]:
    """Every fact, comparison and rule that a criterion names."""
    if isinstance(criterion, str):
        yield criterion.removeprefix("not ").strip()
    elif isinstance(criterion, dict):
        for part in criterion.values():
            yield from words_of(part)
    else:
        for part in criterion:
            yield from words_of(part)


@cache
def tables() -> dict[str, dict[str, list[Any]]]:
    """For each rule the facts it depends on, each with the values to try."""
    return {rule: table_of(rule) for rule in rules_yaml()}


def table_of(rule: str) -> dict[str, list[Any]]:
    thresholds: dict[str, set[float]] = {}
    plain: set[str] = set()
    waiting, seen = [rule], {rule}
    while waiting:
        entry, when, before = rules_yaml()[waiting.pop()]
        for word in words_of([entry, when, before]):
            if (comparison := read_comparison(word)) is not None:
                thresholds.setdefault(comparison[0], set()).add(comparison[2])
            elif word in facts_yaml():
                plain.add(word)
            elif word != "always" and word not in seen:
                seen.add(word)
                waiting.append(word)
    table: dict[str, list[Any]] = {}
    for fact in facts_yaml():
        if fact in thresholds or (fact in plain and facts_yaml()[fact].get("measure")):
            ends = sorted(thresholds.get(fact, {1.0}))
            between = [(low + high) / 2 for low, high in itertools.pairwise(ends)]
            table[fact] = [None, ends[0] - 0.5, *ends, *between, ends[-1] + 0.5]
        elif fact in plain:
            table[fact] = [True, False, None]
    return table


# The program


@cache
def book() -> Rulebook:
    return Rulebook(read_pathways(CORPUS, load_facts(CORPUS).measures).pathways)


@cache
def facts() -> Any:
    return load_facts(CORPUS)


@cache
def finding(fact: str, value: Any) -> Finding:
    measure = facts().by_id[fact].measure
    if measure is None:
        return Finding(fact, Truth.of(value))
    return Finding(fact, Truth.TRUE, make_quantity(measure, value))


def program_says(rule: str, values: dict[str, Any]) -> Truth:
    findings = {fact: finding(fact, value) for fact, value in values.items() if value is not None}
    return View(Case("", facts(), findings, True), book()).rule(rule)


def check(rule: str, values: dict[str, Any]) -> None:
    wanted = Truth.of(rule_holds(rule, values))
    found = program_says(rule, values)
    if found is not wanted:
        known = {fact: value for fact, value in values.items() if value is not None}
        pytest.fail(f"{rule}: {found.value}, but the YAML reads {wanted.value}: {known}")


# The comparison


def test_both_readings_know_the_same_rules_and_facts() -> None:
    assert list(book().rules) != []
    assert set(book().rules) == set(rules_yaml())
    assert {rule: set(book().facts(rule)) for rule in book().rules} == {
        rule: set(table) for rule, table in tables().items()
    }


@pytest.mark.parametrize("rule", [r for r, table in tables().items() if len(table) <= MOST_FACTS])
def test_a_rule_reads_the_same_over_all_combinations(rule: str) -> None:
    table = tables()[rule]
    for values in itertools.product(*table.values()):
        check(rule, dict(zip(table, values, strict=True)))


LARGE = [rule for rule, table in tables().items() if len(table) > MOST_FACTS]


@pytest.mark.parametrize("rule", LARGE)
def test_a_rule_of_many_facts_reads_the_same_over_a_sample(rule: str) -> None:
    for values in sample(rule):
        check(rule, values)


def test_the_sample_sees_every_large_rule_true_and_false() -> None:
    """Else it would compare little but what is unknown."""
    seen = {rule: {rule_holds(rule, values) for values in sample(rule)} for rule in LARGE}
    assert {rule: truths for rule, truths in seen.items() if not {True, False} <= truths} == {}


def sample(rule: str) -> Iterator[dict[str, Any]]:
    """The same assignments every time: at random, and steered to where the rule is so."""
    for number in range(-(-SAMPLES // len(LARGE))):
        chance = Chance(f"{rule} {number}")
        values = {
            fact: chance.pick([False if False in options else None, chance.pick(options)])
            for fact, options in tables()[rule].items()
        }
        if number % 4:
            steer({"rules": [rule]}, number % 4 > 1, values, tables()[rule], chance)
        for fact in values:
            if number % 2 and chance.pick(range(len(values))) == 0:
                values[fact] = chance.pick(tables()[rule][fact])
        yield values


class Chance:
    """Choices that are always the same for a seed."""

    def __init__(self, seed: str) -> None:
        self.bytes = iter(hashlib.shake_256(seed.encode()).digest(16_000))

    def pick(self, options: Any) -> Any:
        return options[(next(self.bytes) * 256 + next(self.bytes)) % len(options)]


def steer(
    criterion: Any, want: bool, values: dict[str, Any], table: dict[str, list[Any]], chance: Chance
) -> None:
    """Set facts so that the criterion is as wanted, as far as no later choice undoes it."""
    if criterion == "always":
        return
    if isinstance(criterion, str):
        if criterion.startswith("not "):
            steer(criterion[4:].strip(), not want, values, table, chance)
        elif (comparison := read_comparison(criterion)) is not None:
            fact = comparison[0]
            fits = [v for v in table[fact] if v is not None and hold(criterion, {fact: v}) is want]
            if hold(criterion, values) is not want and fits:
                values[fact] = chance.pick(fits)
        else:
            values[criterion] = want
        return
    ((word, parts),) = criterion.items()
    if word == "not":
        steer(parts, not want, values, table, chance)
    elif word == "rules":
        chosen = [chance.pick(parts)] if want else parts
        for entry, when, _ in (rules_yaml()[rule] for rule in chosen):
            if want:
                steer(entry, want, values, table, chance)
            steer(when, want, values, table, chance)
    elif word == "unknown":
        for name in parts if want else ():
            if name in table:
                values[name] = None
    elif (word == "all") is want:
        for part in parts:
            steer(part, want, values, table, chance)
    else:
        steer(chance.pick(parts), want, values, table, chance)
