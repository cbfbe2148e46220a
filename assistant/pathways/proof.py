"""What must be so of the pathways in every case, proved; else the smallest case where it is not.

Separate from loading, which sees one rule at a time: here the rules are held against each other.
The pathways must have loaded without a fault.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from assistant.case.criteria import All, Compare, Criterion, Not, Undecided, facts_of, walk
from assistant.case.facts import FACTS_FILE, Facts
from assistant.pathways.counterexample import (
    Kind,
    Witness,
    describe_case,
    describe_criterion,
    describe_value,
    list_names,
)
from assistant.pathways.evaluation import Rulebook, yields
from assistant.pathways.pathway import SAFETY_RANK, Pathway, Pathways, Rule
from assistant.pathways.precedence import Precedence, rules_denied
from assistant.truth import Truth

if TYPE_CHECKING:
    import z3

    from assistant.pathways.encoding import Encoding


class Property(StrEnum):
    """What is proved."""

    THRESHOLDS = "thresholds can be crossed"
    REACHABLE = "every rule can hold"
    COMPLETE = "every case meets a rule"
    CONSISTENT = "no contradiction"
    DOMINANT = "red flags and safety checks come first"
    GUARDED = "unknown never clears"
    MONOTONE = "learning more silences no prohibition"


@dataclass(frozen=True, slots=True)
class PathwayFault:
    """What does not hold, in which file, at which line (None for the whole file).

    ``counterexample`` is the smallest case in words, by fact; the message tells it too.
    """

    path: str
    line: int | None
    property: str
    message: str
    counterexample: Mapping[str, str] = field(default_factory=dict)


def prove(facts: Facts, pathways: Pathways) -> tuple[PathwayFault, ...]:
    """Every way in which the pathways fail what must hold of them; none where all is proved."""
    from assistant.pathways.encoding import Encoding

    book = Rulebook(pathways)
    proof = Proof(book, Precedence(book), Encoding(facts, book), Encoding(facts, book, "later "))
    return tuple(sorted(proof.faults(), key=lambda f: (f.path, f.line or 0, f.message)))


@dataclass(frozen=True, slots=True)
class Proof:
    """The search for faults; ``later`` encodes a case in which more is known."""

    book: Rulebook
    precedence: Precedence
    encoding: "Encoding"
    later: "Encoding"

    def faults(self) -> Iterator[PathwayFault]:
        """Of every property."""
        yield from self.check_thresholds()
        for pathway in self.book.pathways.pathways:
            yield from self.check_complete(pathway)
            for rule in pathway.rules:
                yield from self.check_reachable(rule)
                for other, actions in self.precedence.clashes(rule):
                    yield from self.check_consistent(rule, other, actions)
                    yield from self.check_dominant(rule, other, actions)
                yield from self.check_overrides(rule)
                for action in rule.do:
                    yield from self.check_entered(rule, action)
                    yield from self.check_guarded(rule, action)
                yield from self.check_all_clear(rule)
                yield from self.check_monotone(rule)

    def check_thresholds(self) -> Iterator[PathwayFault]:
        """Every threshold has numbers that are believed on either side."""
        facts = self.encoding.facts
        defining = [
            *facts.derived.items(),
            *((name, criterion) for name, of in facts.scores.items() for criterion, _ in of),
        ]
        for name, criterion in defining:
            for what in self._uncrossed(criterion):
                yield PathwayFault(FACTS_FILE, None, Property.THRESHOLDS, f"fact '{name}': {what}")
        for pathway in self.book.pathways.pathways:
            for what in self._uncrossed(pathway.entry):
                yield _of_pathway(pathway, Property.THRESHOLDS, f"entry: {what}")
            for rule in pathway.rules:
                for what in self._uncrossed(rule.when):
                    yield self._of_rule(rule, Property.THRESHOLDS, f"rule '{rule.id}': {what}")

    def check_reachable(self, rule: Rule) -> Iterator[PathwayFault]:
        """The rule holds in some case."""
        if self.encoding.possible([self._so(rule)], self._kind(rule)):
            return
        pathway = self.book.owners[rule.id]
        parts = [*_conjuncts(pathway.entry), *_conjuncts(rule.when)]
        clash = self._clash(parts, rule)
        if clash:
            words = "' and '".join(describe_criterion(part) for part in clash)
            what = f"no case has '{words}'; mend its criterion, or delete it"
        else:
            earlier = {r.id: Not(r.when) for r in pathway.rules[: pathway.rules.index(rule)]}
            taken = self._clash([*earlier.values(), *parts], rule)
            taking = list_names(name for name, contrary in earlier.items() if contrary in taken)
            what = f"in mode 'first' {taking} before it takes each such case; move it up"
        yield self._of_rule(rule, Property.REACHABLE, f"rule '{rule.id}' can never hold: {what}")

    def check_complete(self, pathway: Pathway) -> Iterator[PathwayFault]:
        """Every case that enters the pathway meets one of its rules."""
        silent = [self.encoding.rule(rule.id).not_so for rule in pathway.rules]
        goal = [self.encoding.criterion(pathway.entry).so, *silent]
        case = self._find(goal, pathway.rules, Kind.COMPLETE)
        if case is not None:
            message = (
                f"pathway '{pathway.id}' has no rule for a case that enters it: "
                f"{describe_case(case)}; add a rule for it, or a last one with 'not: {{rules: …}}'"
            )
            yield _of_pathway(pathway, Property.COMPLETE, message, case)

    def check_consistent(
        self, rule: Rule, other: Rule, actions: Sequence[str]
    ) -> Iterator[PathwayFault]:
        """What the rule recommends the other forbids only where it is said which one prevails."""
        if self.precedence.rank(other) != self.precedence.rank(rule):
            return
        stated = (other.id in rule.overrides, rule.id in other.overrides)
        if all(stated):
            message = (
                f"rules '{rule.id}' and '{other.id}' override each other; drop one 'overrides'"
            )
            yield self._of_rule(rule, Property.CONSISTENT, message)
        if any(stated):
            return
        case = self._find([self._so(rule), self._so(other)], (rule, other), self._kind(rule, other))
        if case is not None:
            forbids, todo = "it", "drop one of the two"
            if other is not rule:
                forbids = f"rule '{other.id}'"
                todo = "add one to the 'overrides' of the other, or make them exclude each other"
            message = (
                f"rule '{rule.id}' recommends {list_names(actions)}, which {forbids} forbids: "
                f"{describe_case(case)}; {todo}"
            )
            yield self._of_rule(rule, Property.CONSISTENT, message, case)

    def check_overrides(self, rule: Rule) -> Iterator[PathwayFault]:
        """The rule overrides no red flag or safety check of a stronger rank."""
        rank = self.precedence.rank
        for other in (self.book.rules[name] for name in rule.overrides):
            if self.precedence.is_check(other) and rank(rule) > rank(other):
                message = (
                    f"rule '{rule.id}' (rank {rank(rule)}) overrides {_title(other)} "
                    f"(rank {rank(other)}); take '{other.id}' out of its 'overrides'"
                )
                yield self._of_rule(rule, Property.DOMINANT, message)

    def check_dominant(
        self, rule: Rule, other: Rule, actions: Sequence[str]
    ) -> Iterator[PathwayFault]:
        """What a red flag forbids only a red flag recommends, and likewise safety checks."""
        if not self.precedence.is_above(other, rule) or yields(rule, other, self.book):
            return
        for action in actions:
            goal, rules = self._recommended(rule, action)
            case, caveat = self._find_stated([*goal, self._so(other)], (*rules, other))
            if case is not None:
                message = (
                    f"rule '{rule.id}' recommends '{action}' although {_title(other)} forbids it"
                    f"{caveat}: {describe_case(case)}; take '{other.id}' out of its 'overrides', "
                    f"or give '{other.id}' the stronger rank"
                )
                yield self._of_rule(rule, Property.DOMINANT, message, case)

    def check_entered(self, rule: Rule, action: str) -> Iterator[PathwayFault]:
        """Wherever an action is recommended, the checks that may forbid it are entered."""
        goal, rules = self._recommended(rule, action)
        missed = []
        for other in self._checks(rule, action):
            entry = self.encoding.criterion(self.book.owners[other.id].entry)
            slips = [*goal, self.encoding.criterion(other.when).so, entry.not_so]
            if self.encoding.possible(slips, Kind.ANY):
                missed.append((other, slips))
        if missed:
            other, slips = missed[0]
            case, caveat = self._find_stated(slips, (*rules, other))
            message = (
                f"rule '{rule.id}' recommends '{action}' where "
                f"{list_names(check.id for check, _ in missed)} would forbid it but for the "
                f"'entry'{caveat}: {describe_case(case or {})}; widen that 'entry', or narrow "
                f"'{rule.id}'"
            )
            yield self._of_rule(rule, Property.DOMINANT, message, case)

    def check_guarded(self, rule: Rule, action: str) -> Iterator[PathwayFault]:
        """Nothing is recommended while a red flag or a safety check may yet forbid it.

        A rule of safety rank does not even hold meanwhile; any other is at least held back.
        """
        goal, rules = self._recommended(rule, action)
        if self.precedence.rank(rule) <= SAFETY_RANK:
            goal, rules = [self._so(rule)], (rule,)
        open_checks = [
            other
            for other in self._checks(rule, action)
            if self.encoding.possible([*goal, self.encoding.rule(other.id).unknown], Kind.ANY)
        ]
        if open_checks:
            first = open_checks[0]
            unknown = self.encoding.rule(first.id).unknown
            case, caveat = self._find_stated([*goal, unknown], (*rules, first))
            message = (
                f"rule '{rule.id}' recommends '{action}' while it is unknown whether "
                f"{list_names(other.id for other in open_checks)} would forbid it{caveat}: "
                f"{describe_case(case or {})}; have a safety check forbid it while that is "
                f"'unknown', or add that to a 'not: {{rules: …}}' of '{rule.id}'"
            )
            yield self._of_rule(rule, Property.GUARDED, message, case)

    def check_all_clear(self, rule: Rule) -> Iterator[PathwayFault]:
        """A safety check that rules out some prohibitions of an action rules out all.

        That is a rule which forbids nothing and names prohibitions of its own pathway in a
        'not: {rules: …}'; all others of the pathway that forbid the same must be ruled out too.
        """
        pathway = self.book.owners[rule.id]
        if pathway.rank > SAFETY_RANK or rule.avoid:
            return
        denied = set(rules_denied(rule.when))
        own = [other for other in pathway.rules if other.avoid]
        cleared = {action for other in own if other.id in denied for action in other.avoid}
        left = []
        for other in own:
            forbidden = any(self.precedence.forbids(other, action) for action in cleared)
            goal = [self._so(rule), ~self.encoding.rule(other.id).not_so]
            if forbidden and self.encoding.possible(goal, Kind.ANY):
                left.append((other, goal))
        if left:
            other, goal = left[0]
            case, caveat = self._find_stated(goal, (rule, other))
            names = [other.id for other, _ in left]
            message = (
                f"rule '{rule.id}' rules out some of what forbids {list_names(sorted(cleared))}, "
                f"but not {list_names(names)}{caveat}: {describe_case(case or {})}; have it ask "
                f"'not: {{rules: [… {', '.join(names)}]}}' in every case"
            )
            yield self._of_rule(rule, Property.GUARDED, message, case)

    def check_monotone(self, rule: Rule) -> Iterator[PathwayFault]:
        """A prohibition stays as more becomes known, save where its 'unknown' became known."""
        if not rule.avoid or not self.book.owners[rule.id].monotone:
            return
        case = self.find_silenced(rule, self.precedence.unknowns(rule))
        if case is not None:
            message = (
                f"rule '{rule.id}' forbids something and falls silent as more becomes known: "
                f"{describe_case(case)}; mend its criterion, or say 'monotone: false'"
            )
            yield self._of_rule(rule, Property.MONOTONE, message, case)

    def find_silenced(self, rule: Rule, reasons: Iterable[Undecided]) -> dict[str, str] | None:
        """A case where the rule holds, and no longer once more is known, the reasons as before."""
        now, later = self.encoding, self.later
        goal = [self._so(rule), ~later.rule(rule.id).so, later.refines(now)]
        goal += later.cases(Kind.FREE)
        goal += [now.criterion(reason).so == later.criterion(reason).so for reason in reasons]
        case = now.find(goal, Kind.FREE, self.book.facts(rule.id))
        if case is None:
            return None
        return self._in_words({f: value for f, value in case.items() if value is not Truth.UNKNOWN})

    def _of_rule(
        self, rule: Rule, of: Property, message: str, case: Mapping[str, str] | None = None
    ) -> PathwayFault:
        path = self.book.owners[rule.id].path
        return PathwayFault(path, rule.line, of, message, case or {})

    def _find(
        self, goal: Sequence["z3.BoolRef"], rules: Sequence[Rule], kind: Kind
    ) -> dict[str, str] | None:
        """The smallest case in words, what the last rule names first."""
        facts = {fact for rule in rules for fact in self.book.facts(rule.id)}
        case = self.encoding.find_smallest(goal, kind, facts)
        if case is None:
            return None
        named = set(facts_of(rules[-1].when))
        return self._in_words(dict(sorted(case.items(), key=lambda pair: pair[0] not in named)))

    def _find_stated(
        self, goal: Sequence["z3.BoolRef"], rules: Sequence[Rule]
    ) -> tuple[dict[str, str] | None, str]:
        """As ``_find``, in a text that contradicts itself if in no other, and a caveat if so."""
        case = self._find(goal, rules, Kind.CONSISTENT)
        if case is not None:
            return case, ""
        return self._find(goal, rules, Kind.ANY), " (where the text contradicts itself)"

    def _in_words(self, case: Witness) -> dict[str, str]:
        by_id = self.encoding.facts.by_id
        return {fact: describe_value(value, by_id[fact].measure) for fact, value in case.items()}

    def _clash(self, parts: Sequence[Criterion], rule: Rule) -> list[Criterion]:
        """The criteria that are never so together, none of which can be left out; or none."""

        def possible(some: Sequence[Criterion]) -> bool:
            goal = [self.encoding.criterion(part).so for part in some]
            return self.encoding.possible(goal, self._kind(rule))

        if possible(parts):
            return []
        kept = list(parts)
        for part in parts:
            fewer = [other for other in kept if other is not part]
            if not possible(fewer):
                kept = fewer
        return kept

    def _so(self, rule: Rule) -> "z3.BoolRef":
        return self.encoding.rule(rule.id).so

    def _recommended(self, rule: Rule, action: str) -> tuple[list["z3.BoolRef"], tuple[Rule, ...]]:
        """The rule holds, and none that it yields to forbids the action; with all these rules."""
        guards = self.precedence.guards(rule, action)
        return [self._so(rule), *(~self._so(other) for other in guards)], (*guards, rule)

    def _checks(self, rule: Rule, action: str) -> list[Rule]:
        """The red flags and safety checks that may hold a recommendation back."""
        return [r for r in self.precedence.guards(rule, action) if self.precedence.is_check(r)]

    def _kind(self, *rules: Rule) -> Kind:
        """Complete cases, unless a rule asks what is unknown."""
        asks = next(self.precedence.unknowns(*rules), None)
        return Kind.COMPLETE if asks is None else Kind.CONSISTENT

    def _uncrossed(self, criterion: Criterion) -> Iterator[str]:
        for part in dict.fromkeys(walk(criterion)):
            if not isinstance(part, Compare):
                continue
            fact = self.encoding.facts.by_id[part.fact]
            if fact.plausible is None:
                continue
            low, high = fact.plausible
            tried = (low, min(max(part.threshold, low), high), high)
            if len({part.operator.holds(value, part.threshold) for value in tried}) == 1:
                yield (
                    f"'{describe_criterion(part)}' can never be crossed: '{part.fact}' is believed "
                    f"only from {describe_value((low, high), fact.measure)}; mend the threshold, "
                    f"or write 'not: {{unknown: [{part.fact}]}}' to ask whether it is known"
                )


def _of_pathway(
    pathway: Pathway, of: Property, message: str, case: Mapping[str, str] | None = None
) -> PathwayFault:
    return PathwayFault(pathway.path, None, of, message, case or {})


def _title(rule: Rule) -> str:
    return f"the {'red flag' if rule.red_flag else 'safety check'} '{rule.id}'"


def _conjuncts(criterion: Criterion) -> Iterator[Criterion]:
    if isinstance(criterion, All):
        for part in criterion.of:
            yield from _conjuncts(part)
    else:
        yield criterion
