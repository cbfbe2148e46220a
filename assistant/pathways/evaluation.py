"""A case held against the pathways: what applies, what is missing, what would change it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from assistant.case.case import Case, make_quantity
from assistant.case.criteria import (
    All,
    Compare,
    Criterion,
    Explanation,
    Holds,
    Not,
    Operator,
    Undecided,
    evaluate,
    explain,
    facts_of,
    walk,
)
from assistant.case.facts import Fact
from assistant.language.quantities.quantity import Quantity
from assistant.pathways.pathway import ALWAYS, SAFETY_RANK, Mode, Pathway, Pathways, Rule
from assistant.truth import Truth


@dataclass(frozen=True, slots=True)
class Outcome:
    """One rule in this case. ``because``: the facts that decided, or those that are missing.

    ``held_back`` names, for each action of the rule that a stronger rule forbids, that rule.
    """

    rule: Rule
    pathway: Pathway
    truth: Truth
    because: tuple[str, ...]
    held_back: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact to ask for. ``decides``: the number of open rules that one answer would settle."""

    fact: Fact
    decides: int
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One pathway in this case; ``step``: it is the first with something to do or to ask."""

    pathway: Pathway
    applies: Truth
    outcomes: tuple[Outcome, ...] = ()
    missing: tuple[Missing, ...] = ()
    step: bool = False

    @property
    def holding(self) -> tuple[Outcome, ...]:
        """The rules that hold."""
        return tuple(o for o in self.outcomes if o.truth is Truth.TRUE)

    @property
    def open(self) -> tuple[Outcome, ...]:
        """The rules that are undecided."""
        return tuple(o for o in self.outcomes if o.truth is Truth.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that would come to hold, or cease to."""

    rule: str
    before: Truth
    after: Truth


@dataclass(frozen=True, slots=True)
class Flip:
    """One finding whose change alone alters what is recommended or forbidden.

    ``threshold`` is the limit that the number would cross, None for a fact that is no number.
    """

    fact: str
    before: str
    after: str
    threshold: str | None
    changes: tuple[Change, ...]


class Rulebook:
    """The pathways made ready: each rule's criterion with its pathway's entry and order."""

    def __init__(self, pathways: Pathways) -> None:
        self.pathways = pathways
        self.rules = pathways.rules
        self.owners = pathways.owners
        self.criteria: dict[str, Criterion] = {}
        for pathway in pathways.pathways:
            earlier: tuple[Criterion, ...] = ()
            for rule in pathway.rules:
                parts = [rule.when, *(Not(before) for before in earlier)]
                if pathway.entry != ALWAYS:
                    parts.insert(0, pathway.entry)
                if pathway.mode is Mode.FIRST:
                    earlier += (rule.when,)
                self.criteria[rule.id] = parts[0] if len(parts) == 1 else All(tuple(parts))
        self._facts = {rule: frozenset(self._all_facts(rule)) for rule in self.criteria}

    def criterion(self, rule: str) -> Criterion:
        """When the rule holds: its own criterion, its pathway's entry and, where only the first
        counts, none before it."""
        return self.criteria[rule]

    def only_asks(self, rule: str) -> bool:
        """Whether the rule holds because something is unknown, and for nothing else."""
        when = self.rules[rule].when
        if isinstance(when, Holds):
            return all(self.only_asks(name) for name in when.rules)
        return isinstance(when, Undecided)

    def facts(self, rule: str) -> frozenset[str]:
        """Every fact that the rule depends on, through other rules too."""
        return self._facts[rule]

    def _all_facts(self, rule: str) -> Iterator[str]:
        waiting, seen = [rule], {rule}
        while waiting:
            criterion = self.criteria[waiting.pop()]
            yield from facts_of(criterion)
            for part in walk(criterion):
                if isinstance(part, Holds | Undecided):
                    new = [r for r in part.rules if r in self.criteria and r not in seen]
                    seen.update(new)
                    waiting += new


class View:
    """A case together with what every rule is in it; rules are reckoned once, when asked for."""

    def __init__(self, case: Case, book: Rulebook) -> None:
        self.case = case
        self.book = book
        self._rules: dict[str, Truth] = {}
        self._explained: dict[str, Explanation] = {}

    def presence(self, fact: str) -> Truth:
        """As the case has it."""
        return self.case.presence(fact)

    def quantity(self, fact: str) -> Quantity | None:
        """As the case has it."""
        return self.case.quantity(fact)

    def rule(self, rule: str) -> Truth:
        """What the rule is in this case."""
        if rule not in self._rules:
            self._rules[rule] = evaluate(self.book.criterion(rule), self)
        return self._rules[rule]

    def explain_rule(self, rule: str) -> Explanation:
        """What the rule is, and the facts that made it so or that are missing."""
        if rule not in self._explained:
            self._explained[rule] = explain(self.book.criterion(rule), self)
        return self._explained[rule]


def evaluate_case(case: Case, book: Rulebook) -> tuple[Evaluation, ...]:
    """Every pathway held against the case, in the order of precedence.

    Where the text tells of no patient, only the rules that hold in general, and nothing to ask.
    """
    view = View(case, book)
    forbidden = _forbidden(view)
    if not case.about_patient:
        return tuple(_in_general(view, forbidden))
    found = []
    stepped = False
    for pathway in book.pathways.pathways:
        applies = evaluate(pathway.entry, view)
        if applies is Truth.FALSE:
            found.append(Evaluation(pathway, applies))
            continue
        outcomes = tuple(_outcome(rule, pathway, view, forbidden) for rule in pathway.rules)
        missing = _missing(outcomes, view) if applies is Truth.TRUE else ()
        live = applies is Truth.TRUE and (
            any(o.truth is Truth.TRUE and (o.rule.do or o.rule.avoid) for o in outcomes)
            or bool(missing)
        )
        found.append(Evaluation(pathway, applies, outcomes, missing, live and not stepped))
        stepped = stepped or live
    return tuple(found)


def _in_general(view: View, forbidden: Mapping[str, list[Rule]]) -> Iterator[Evaluation]:
    for pathway in view.book.pathways.pathways:
        outcomes = tuple(
            _outcome(rule, pathway, view, forbidden)
            for rule in pathway.rules
            if view.rule(rule.id) is Truth.TRUE and not view.book.only_asks(rule.id)
        )
        if outcomes:
            yield Evaluation(pathway, evaluate(pathway.entry, view), outcomes)


def rank_missing(evaluations: Iterable[Evaluation]) -> tuple[Missing, ...]:
    """All that is missing, each fact once: safety first, then by how many rules it decides.

    Among safety facts those come first that decide most rules of the guarding pathways.
    """
    rules: dict[str, dict[str, None]] = {}
    guarding: Counter[str] = Counter()
    facts: dict[str, Fact] = {}
    for evaluation in evaluations:
        for missing in evaluation.missing:
            name = missing.fact.id
            facts[name] = missing.fact
            rules.setdefault(name, {}).update(dict.fromkeys(missing.rules))
            if evaluation.pathway.rank <= SAFETY_RANK:
                guarding[name] += missing.decides
    order = {name: place for place, name in enumerate(facts)}
    found = [Missing(fact, len(rules[name]), tuple(rules[name])) for name, fact in facts.items()]
    return tuple(
        sorted(
            found,
            key=lambda m: (
                not m.fact.safety,
                -guarding[m.fact.id],
                -m.decides,
                order[m.fact.id],
            ),
        )
    )


def find_flips(case: Case, book: Rulebook) -> tuple[Flip, ...]:
    """The single findings whose change alters a rule that holds, or makes one hold.

    Each stated fact behind a rule that holds is changed alone: to its contrary, or a number to the
    other side of the nearest threshold, up and down, that changes something. Facts that decide
    whether a pathway applies at all come last.
    """
    view = View(case, book)
    decisive: dict[str, None] = {}
    for rule in book.rules:
        if view.rule(rule) is Truth.TRUE:
            for fact in view.explain_rule(rule)[1]:
                decisive |= dict.fromkeys(_stated_behind(fact, case))
    flips = []
    for fact in decisive:
        quantity, measure = case.quantity(fact), case.facts.by_id[fact].measure
        if quantity is None or measure is None:
            contrary = ~case.presence(fact)
            found = _changes(view, fact, contrary)
            if found:
                flips.append(Flip(fact, _say(~contrary, None), _say(contrary, None), None, found))
            continue
        settled: set[bool] = set()
        for value, threshold in _crossings(case, book, fact, quantity):
            upward = quantity.low is not None and value > quantity.low
            found = () if upward in settled else _changes(view, fact, make_quantity(measure, value))
            if found:
                settled.add(upward)
                before = _say(Truth.TRUE, quantity)
                flips.append(Flip(fact, before, threshold, threshold, found))
    entries = {f for pathway in book.pathways.pathways for f in facts_of(pathway.entry)}
    return tuple(sorted(flips, key=lambda flip: flip.fact in entries))


def _stated_behind(fact: str, case: Case) -> Iterator[str]:
    """The facts of the text that a fact was inferred from, itself where it is stated."""
    waiting, seen = [fact], {fact}
    while waiting:
        name = waiting.pop(0)
        finding = case.findings.get(name)
        if finding is None or case.facts.by_id[name].topic:
            continue
        if (finding.evidence or finding.corrected) and finding.presence.known:
            yield name
        new = [other for other in finding.inferred_from if other not in seen]
        seen.update(new)
        waiting += new


def _changes(view: View, fact: str, value: Truth | Quantity) -> tuple[Change, ...]:
    assumed = view.case.assume(fact, value)
    changed = View(assumed, view.book)
    touched = {
        name
        for name in (*view.case.findings, *assumed.findings)
        if view.presence(name) is not assumed.presence(name)
        or view.quantity(name) != assumed.quantity(name)
    }
    return tuple(
        Change(rule, view.rule(rule), after)
        for rule in view.book.rules
        if not touched.isdisjoint(view.book.facts(rule))
        and (after := changed.rule(rule)) is not view.rule(rule)
        and Truth.TRUE in (after, view.rule(rule))
    )


def _say(presence: Truth, quantity: Quantity | None) -> str:
    if quantity is None:
        return {Truth.TRUE: "present", Truth.FALSE: "absent", Truth.UNKNOWN: "unknown"}[presence]
    ends = [f"{end:g}" for end in (quantity.low, quantity.high) if end is not None]
    return f"{'–'.join(dict.fromkeys(ends))} {quantity.unit}".strip()


def _crossings(
    case: Case, book: Rulebook, fact: str, quantity: Quantity
) -> list[tuple[float, str]]:
    """Values on the other side of each threshold, the nearest first, with that side in words."""
    found: dict[float, str] = {}
    for compare in _comparisons(case, book, fact):
        holds = quantity.compare(compare.operator, compare.threshold)
        for value in (compare.threshold, _past(compare)):
            if holds is not None and compare.operator.holds(value, compare.threshold) is not holds:
                sign = compare.operator.value if not holds else _CONTRARY[compare.operator]
                found.setdefault(value, f"{sign} {compare.written}")
    middle = quantity.low if quantity.low is not None else quantity.high or 0.0
    return sorted(found.items(), key=lambda one: (abs(one[0] - middle), one[0]))


def _comparisons(case: Case, book: Rulebook, fact: str) -> list[Compare]:
    criteria = (*book.criteria.values(), *case.facts.derived.values())
    found = {
        part
        for criterion in criteria
        for part in walk(criterion)
        if isinstance(part, Compare) and part.fact == fact
    }
    return sorted(found, key=lambda part: (part.threshold, part.operator))


def _past(compare: Compare) -> float:
    """A value just past the threshold, on the side where it does not itself lie."""
    step = 1.0 if compare.threshold == int(compare.threshold) else 0.1
    upward = compare.operator in (Operator.AT_MOST, Operator.GREATER, Operator.EQUAL)
    return compare.threshold + (step if upward else -step)


_CONTRARY = {
    Operator.LESS: ">=",
    Operator.AT_LEAST: "<",
    Operator.GREATER: "<=",
    Operator.AT_MOST: ">",
    Operator.EQUAL: "!=",
}


def _forbidden(view: View) -> dict[str, list[Rule]]:
    """Each action that a rule which holds forbids, with those rules, the strongest first."""
    found: dict[str, list[Rule]] = {}
    for rule in view.book.rules.values():
        if rule.avoid and view.rule(rule.id) is Truth.TRUE:
            for action in rule.avoid:
                found.setdefault(action, []).append(rule)
    return found


def _outcome(
    rule: Rule, pathway: Pathway, view: View, forbidden: Mapping[str, list[Rule]]
) -> Outcome:
    truth, because = view.explain_rule(rule.id)
    held_back = {}
    if truth is Truth.TRUE:
        for action in rule.do:
            stronger = _forbidder(rule, action, view.book, forbidden)
            if stronger is not None:
                held_back[action] = stronger.id
    return Outcome(rule, pathway, truth, because, held_back)


def _forbidder(
    rule: Rule, action: str, book: Rulebook, forbidden: Mapping[str, list[Rule]]
) -> Rule | None:
    for name, rules in forbidden.items():
        if book.pathways.covers(name, action):
            for other in rules:
                if other.id != rule.id and yields(rule, other, book):
                    return other
    return None


def yields(recommending: Rule, forbidding: Rule, book: Rulebook) -> bool:
    """Whether a recommendation gives way to a prohibition: by what is stated, else by rank."""
    if forbidding.id in recommending.overrides:
        return False
    if recommending.id in forbidding.overrides:
        return True
    return book.owners[forbidding.id].rank <= book.owners[recommending.id].rank


def _missing(outcomes: Iterable[Outcome], view: View) -> tuple[Missing, ...]:
    """The facts that leave rules open, each with the rules that one answer to it would settle."""
    facts = view.case.facts.by_id
    named: dict[str, list[str]] = {}
    for outcome in outcomes:
        if outcome.truth is Truth.UNKNOWN:
            for fact in outcome.because:
                named.setdefault(fact, []).append(outcome.rule.id)
        elif outcome.truth is Truth.TRUE and not view.book.only_asks(outcome.rule.id):
            # A rule that bars because a danger is not known to be past: the answer may lift it.
            for fact in outcome.because:
                if facts[fact].safety and not view.presence(fact).known:
                    named.setdefault(fact, []).append(outcome.rule.id)
    found = []
    for fact, rules in named.items():
        # The answer to a wider question, "no", answers the narrower one too.
        if facts[fact].score or any(wider in named for wider in facts[fact].implies):
            continue
        answers = _answers(fact, rules, view)
        settled = tuple(r for r in rules if any(answer.rule(r).known for answer in answers))
        found.append(Missing(facts[fact], len(settled), settled))
    return tuple(
        sorted(
            found,
            key=lambda m: (not m.fact.safety, -m.decides, -len(named[m.fact.id]), m.fact.id),
        )
    )


class _With:
    """A view in which one fact is otherwise; what would follow from it is left out."""

    def __init__(self, view: View, fact: str, presence: Truth, quantity: Quantity | None) -> None:
        self._view = view
        self._fact = fact
        self._presence = presence
        self._quantity = quantity
        self._rules: dict[str, Truth] = {}

    def presence(self, fact: str) -> Truth:
        return self._presence if fact == self._fact else self._view.presence(fact)

    def quantity(self, fact: str) -> Quantity | None:
        return self._quantity if fact == self._fact else self._view.quantity(fact)

    def rule(self, rule: str) -> Truth:
        if self._fact not in self._view.book.facts(rule):
            return self._view.rule(rule)
        if rule not in self._rules:
            self._rules[rule] = evaluate(self._view.book.criterion(rule), self)
        return self._rules[rule]


def _answers(fact: str, rules: Iterable[str], view: View) -> list[_With]:
    """Every answer to one question that the rules could tell apart."""
    measure = view.case.facts.by_id[fact].measure
    if measure is None:
        return [_With(view, fact, truth, None) for truth in (Truth.TRUE, Truth.FALSE)]
    values: dict[float, None] = {}
    for rule in rules:
        for compare in _thresholds(view.book.criterion(rule), fact, view):
            values |= dict.fromkeys((compare.threshold, _past(compare)))
    return [_With(view, fact, Truth.TRUE, make_quantity(measure, value)) for value in values]


def _thresholds(criterion: Criterion, fact: str, view: View) -> Iterator[Compare]:
    for part in walk(criterion):
        if isinstance(part, Compare) and part.fact == fact:
            yield part
        elif isinstance(part, Holds):
            for rule in part.rules:
                yield from _thresholds(view.book.criterion(rule), fact, view)
