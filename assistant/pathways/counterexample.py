"""A case that shows a fault of the pathways, and how to tell it in words."""

from collections.abc import Iterable, Mapping
from enum import Enum

from assistant.case.criteria import All, Any, Compare, Criterion, Holds, Not, Present, Undecided
from assistant.language.quantities.quantity import Measure
from assistant.truth import Truth

MOST_NAMED = 10

# Whether a fact is so, or the ends of a number.
Value = Truth | tuple[float, float]
Witness = Mapping[str, Value]

_WORDS = {Truth.TRUE: "present", Truth.FALSE: "absent", Truth.UNKNOWN: "unknown"}


class Kind(Enum):
    """Which cases are searched; how facts bear on each other is as ``case.infer`` has it."""

    COMPLETE = "every fact is known and none contradicts another"
    CONSISTENT = "facts may be unknown and none contradicts another"
    ANY = "facts may be unknown, and contradict each other as a text may"
    FREE = "any facts whatever"


def describe_value(value: Value, measure: Measure | None) -> str:
    """ "present", "absent", "unknown", or a number with its unit."""
    if isinstance(value, Truth):
        return _WORDS[value]
    unit = measure.unit.replace("degC", "°C") if measure else ""
    return f"{' to '.join(dict.fromkeys(f'{end:g}' for end in value))} {unit}".rstrip()


def describe_case(case: Mapping[str, str]) -> str:
    """Facts and their values in one line: what is so first, then unknown, then absent."""
    if not case:
        return "in every case that it applies to"
    order = ("unknown", "absent")
    facts = sorted(case, key=lambda fact: order.index(case[fact]) if case[fact] in order else -1)
    named = [f"{fact} {case[fact]}" for fact in facts[:MOST_NAMED]]
    more = len(facts) - len(named)
    return ", ".join(named) + (f", and {more} more {case[facts[-1]]}" if more else "")


def describe_criterion(criterion: Criterion) -> str:
    """A criterion in one line, much as a pathway writes it."""
    match criterion:
        case Present(fact):
            return fact
        case Compare(fact, operator, _, written):
            return f"{fact} {operator} {written}"
        case All(of) | Any(of):
            word = "all" if isinstance(criterion, All) else "any"
            return f"{word} of ({', '.join(describe_criterion(part) for part in of)})"
        case Not(part):
            return f"not {describe_criterion(part)}"
        case Holds(rules):
            return f"rules {', '.join(rules)}"
        case Undecided(facts, rules):
            return f"unknown {', '.join((*facts, *rules))}"


def list_names(names: Iterable[str]) -> str:
    """'A', 'B' and 'C'."""
    *most, last = [f"'{name}'" for name in names]
    return f"{', '.join(most)} and {last}" if most else last
