"""The pathways as formulae, so that a solver can search every case at once.

A fact is two bits, whether it is known and whether it is so; a number is an interval. Rules are
read over them as ``evaluation`` reads them over a case. z3 is slow to load: import this where it
is used.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import z3

from assistant.case.criteria import (
    All,
    Any,
    Compare,
    Criterion,
    Holds,
    Not,
    Operator,
    Present,
    Undecided,
    walk,
)
from assistant.case.facts import Fact, Facts
from assistant.pathways.counterexample import Kind, Value, Witness
from assistant.pathways.evaluation import Rulebook
from assistant.truth import Truth


@dataclass(frozen=True, slots=True)
class Sides:
    """When something is so, and when it is not; it is unknown when neither."""

    so: z3.BoolRef
    not_so: z3.BoolRef

    @property
    def unknown(self) -> z3.BoolRef:
        return z3.And(z3.Not(self.so), z3.Not(self.not_so))


def every(formulae: Iterable[z3.BoolRef]) -> z3.BoolRef:
    """The conjunction, true of nothing."""
    return z3.And([z3.BoolVal(True), *formulae])


def some(formulae: Iterable[z3.BoolRef]) -> z3.BoolRef:
    """The disjunction, false of nothing."""
    return z3.Or([z3.BoolVal(False), *formulae])


class Encoding:
    """Every rule of a rulebook as a formula over the facts, and the search for cases.

    ``copy`` tells the facts of one case from those of another in the same search.
    """

    def __init__(self, facts: Facts, book: Rulebook, copy: str = "") -> None:
        self.facts = facts
        self.book = book
        self._copy = copy
        self._rules: dict[str, Sides] = {}
        self._solvers: dict[Kind, z3.Solver] = {}
        self._thresholds = _collect_thresholds(facts, book)

    # Formulae

    def presence(self, fact: str) -> Sides:
        """Whether the fact is so; of a number: whether it is known."""
        known = z3.Bool(f"{self._copy}known {fact}")
        if self.facts.by_id[fact].measure is not None:
            return Sides(known, z3.BoolVal(False))
        so = z3.Bool(f"{self._copy}so {fact}")
        return Sides(z3.And(known, so), z3.And(known, z3.Not(so)))

    def ends(self, fact: str) -> tuple[z3.ArithRef, z3.ArithRef]:
        """The least and the greatest that a number can be."""
        return z3.Real(f"{self._copy}low {fact}"), z3.Real(f"{self._copy}high {fact}")

    def rule(self, rule: str) -> Sides:
        """Whether the rule holds, its pathway's entry and order included."""
        if rule not in self._rules:
            self._rules[rule] = self.criterion(self.book.criterion(rule))
        return self._rules[rule]

    def criterion(self, criterion: Criterion) -> Sides:
        """A criterion in three values, as ``criteria.evaluate`` has it."""
        match criterion:
            case Present(fact):
                return self.presence(fact)
            case Compare():
                return self._compare(criterion)
            case All(of):
                parts = [self.criterion(part) for part in of]
                return Sides(every(p.so for p in parts), some(p.not_so for p in parts))
            case Any(of):
                parts = [self.criterion(part) for part in of]
                return Sides(some(p.so for p in parts), every(p.not_so for p in parts))
            case Not(part):
                sides = self.criterion(part)
                return Sides(sides.not_so, sides.so)
            case Holds(rules):
                parts = [self.rule(rule) for rule in rules]
                return Sides(some(p.so for p in parts), every(p.not_so for p in parts))
            case Undecided(facts, rules):
                parts = [self.presence(f) for f in facts] + [self.rule(r) for r in rules]
                unknown = some(part.unknown for part in parts)
                return Sides(unknown, z3.Not(unknown))

    def _compare(self, compare: Compare) -> Sides:
        known = self.presence(compare.fact).so
        low, high = self.ends(compare.fact)
        at = _real(compare.threshold)
        so, not_so = {
            Operator.LESS: (high < at, low >= at),
            Operator.AT_MOST: (high <= at, low > at),
            Operator.GREATER: (low > at, high <= at),
            Operator.AT_LEAST: (low >= at, high < at),
            Operator.EQUAL: (z3.And(low == at, high == at), z3.Or(low > at, high < at)),
        }[compare.operator]
        return Sides(z3.And(known, so), z3.And(known, not_so))

    def refines(self, other: "Encoding") -> z3.BoolRef:
        """This case knows all that the other knows, and perhaps more."""
        return every(self._refines(other, fact) for fact in self.facts.by_id.values())

    def _refines(self, other: "Encoding", fact: Fact) -> z3.BoolRef:
        mine, theirs = self.presence(fact.id), other.presence(fact.id)
        if fact.measure is None:
            kept = z3.And(z3.Implies(theirs.so, mine.so), z3.Implies(theirs.not_so, mine.not_so))
            return z3.And(kept, mine.unknown == theirs.unknown) if fact.topic else kept
        (low, high), (their_low, their_high) = self.ends(fact.id), other.ends(fact.id)
        return z3.Implies(theirs.so, z3.And(mine.so, low >= their_low, high <= their_high))

    # Which cases there are

    def cases(self, kind: Kind) -> Iterator[z3.BoolRef]:
        """What every case of the kind obeys."""
        for fact in self.facts.by_id.values():
            yield from self._fact(fact, kind)
        if kind is not Kind.FREE:
            for name, items in self.facts.scores.items():
                yield self._reckon(name, items)
            yield from self._contradictory() if kind is Kind.ANY else self._consistent()

    def _fact(self, fact: Fact, kind: Kind) -> Iterator[z3.BoolRef]:
        if fact.topic or kind is Kind.COMPLETE:
            yield z3.Not(self.presence(fact.id).unknown)
        if fact.measure is None:
            return
        low, high = self.ends(fact.id)
        yield low == high if kind is Kind.COMPLETE else low <= high
        if fact.plausible is not None and not fact.score:
            least, greatest = fact.plausible
            # An end without a bound ("more than 72 h") lies beyond what is plausible.
            yield z3.And(low <= _real(greatest), high >= _real(least))

    def _reckon(self, name: str, items: Sequence[tuple[Criterion, int]]) -> z3.BoolRef:
        parts = [(self.criterion(criterion), points) for criterion, points in items]
        low, high = self.ends(name)
        return z3.And(
            self.presence(name).so == some(z3.Or(part.so, part.not_so) for part, _ in parts),
            low == z3.Sum([z3.If(part.so, _real(points), _real(0)) for part, points in parts]),
            high == z3.Sum([z3.If(part.not_so, _real(0), _real(points)) for part, points in parts]),
        )

    def _consistent(self) -> Iterator[z3.BoolRef]:
        """What facts say of each other where no statement contradicts another."""
        for fact in self.facts.by_id.values():
            here = self.presence(fact.id)
            for other in (*fact.implies, *fact.shows):
                yield z3.Implies(here.so, self.presence(other).so)
            for other in fact.implies:
                yield z3.Implies(self.presence(other).not_so, here.not_so)
            for other in fact.excludes:
                yield z3.Implies(here.so, self.presence(other).not_so)
        for name, criterion in self.facts.derived.items():
            here, derived = self.presence(name), self.criterion(criterion)
            yield z3.Implies(derived.so, here.so)
            if _measured(criterion):
                yield z3.Implies(derived.not_so, here.not_so)

    def _contradictory(self) -> Iterator[z3.BoolRef]:
        """What facts say of each other even so.

        Of contradictory statements ``infer`` keeps one or makes the fact unknown; but what is
        implied or measured to be so never ends up absent, nor the contrary present.
        """
        for fact in self.facts.by_id.values():
            here = self.presence(fact.id)
            for other in (*fact.implies, *fact.shows):
                yield z3.Not(z3.And(here.so, self.presence(other).not_so))
        for name, criterion in self.facts.derived.items():
            if _measured(criterion):
                here, derived = self.presence(name), self.criterion(criterion)
                yield z3.Not(z3.And(derived.so, here.not_so))
                yield z3.Not(z3.And(derived.not_so, here.so))

    # The search

    def possible(self, goal: Iterable[z3.BoolRef], kind: Kind) -> bool:
        """Whether all of it is so in some case of the kind."""
        solver = self._solver(kind)
        solver.push()
        solver.add(*goal)
        found = _check(solver)
        solver.pop()
        return found

    def find(self, goal: Iterable[z3.BoolRef], kind: Kind, facts: Iterable[str]) -> Witness | None:
        """A plain case in which all of it is so, told in these facts; None where there is none.

        Facts are absent, or unknown where the kind allows, rather than present.
        """
        wanted = set(facts)
        order = [fact for fact in self.facts.by_id if fact in wanted]
        solver = self._solver(kind)
        solver.push()
        solver.add(*goal)
        settled: dict[str, Value] = {}
        possible = _check(solver)
        if possible:
            # What the lexicon names first is most general, and is left to be present.
            order.sort(key=lambda fact: fact not in self.facts.scores)
            for fact in reversed(order):
                settled[fact] = self._settle(solver, fact, kind)
        solver.pop()
        return {f: settled[f] for f in self.facts.by_id if f in wanted} if possible else None

    def find_smallest(
        self, goal: Sequence[z3.BoolRef], kind: Kind, facts: Iterable[str]
    ) -> Witness | None:
        """As ``find``, without the facts that do not matter: what is left alone makes it so."""
        found = self.find(goal, kind, facts)
        if found is None:
            return None
        solver = self._solver(kind)
        solver.push()
        solver.add(z3.Not(every(goal)))
        named = {z3.Bool(f"{fact} as found"): fact for fact in found}
        for switch, fact in named.items():
            solver.add(z3.Implies(switch, self._is(fact, found[fact])))
        kept = sorted(named, key=lambda switch: self._weight(named[switch], found[named[switch]]))
        for switch in tuple(kept):
            fewer = [other for other in kept if other is not switch]
            if not _check(solver, *fewer):
                kept = fewer
        solver.pop()
        left = {named[switch] for switch in kept}
        return {fact: value for fact, value in found.items() if fact in left}

    def _solver(self, kind: Kind) -> z3.Solver:
        if kind not in self._solvers:
            solver = self._solvers[kind] = z3.SolverFor("QF_LRA")
            solver.add(*self.cases(kind))
        return self._solvers[kind]

    def _settle(self, solver: z3.Solver, fact: str, kind: Kind) -> Value:
        """The plainest value that the fact can still have; the solver then keeps to it."""
        unknown: list[Value] = [Truth.UNKNOWN] if kind is not Kind.COMPLETE else []
        options: list[Value] = [Truth.FALSE, *unknown, Truth.TRUE]
        if self.facts.by_id[fact].measure is not None:
            options = [*unknown, *((value, value) for value in self._numbers(fact))]
        for option in options:
            if self.possible([self._is(fact, option)], kind):
                solver.add(self._is(fact, option))
                return option
        _check(solver)
        model = solver.model()
        low, high = (model.eval(end, model_completion=True) for end in self.ends(fact))
        solver.add(self.ends(fact)[0] == low, self.ends(fact)[1] == high)
        return float(low.as_fraction()), float(high.as_fraction())

    def _numbers(self, fact: str) -> Iterator[float]:
        """Numbers at, below and above each threshold, those that are believed."""
        least, greatest = self.facts.by_id[fact].plausible or (float("-inf"), float("inf"))
        for step in (0.0, -1.0, 1.0, -0.5, 0.5):
            for threshold in self._thresholds.get(fact, ()):
                if least <= threshold + step <= greatest:
                    yield round(threshold + step, 9)

    def _is(self, fact: str, value: Value) -> z3.BoolRef:
        sides = self.presence(fact)
        if isinstance(value, tuple):
            low, high = self.ends(fact)
            return z3.And(sides.so, low == _real(value[0]), high == _real(value[1]))
        return {
            Truth.TRUE: sides.so,
            Truth.FALSE: sides.not_so,
            Truth.UNKNOWN: sides.unknown,
        }[value]

    def _weight(self, fact: str, value: Value) -> int:
        """How much a person would miss the fact in the account of a case."""
        if fact in self.facts.scores:
            return 0
        if value is Truth.FALSE:
            return 1
        return 2 if isinstance(value, tuple) else 3


def _check(solver: z3.Solver, *assumptions: z3.BoolRef) -> bool:
    result = solver.check(*assumptions)
    if result == z3.unknown:
        raise RuntimeError(f"the solver found no answer: {solver.reason_unknown()}")
    return bool(result == z3.sat)


def _measured(criterion: Criterion) -> bool:
    return any(isinstance(part, Compare) for part in walk(criterion))


def _real(value: float) -> z3.RatNumRef:
    return z3.RealVal(Fraction(repr(float(value))))


def _collect_thresholds(facts: Facts, book: Rulebook) -> dict[str, list[float]]:
    criteria = [*book.criteria.values(), *facts.derived.values()]
    criteria += [criterion for items in facts.scores.values() for criterion, _ in items]
    found: dict[str, set[float]] = {}
    for criterion in criteria:
        for part in walk(criterion):
            if isinstance(part, Compare):
                found.setdefault(part.fact, set()).add(part.threshold)
    return {fact: sorted(thresholds) for fact, thresholds in found.items()}
