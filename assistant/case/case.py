"""The patient as stated: findings with their evidence, contradictions kept visible."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from assistant.case.criteria import Compare, evaluate, walk
from assistant.case.facts import Facts
from assistant.language.assertion import Assertion
from assistant.language.quantities.quantity import Measure, Quantity
from assistant.spans import Span
from assistant.truth import Truth

MOST_PASSES = 12


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a stretch of the text says of a fact; ``note`` where it could not be used, and why,
    or is only supposed.

    ``turn`` counts back the messages of a conversation: 0 is this one, whose text ``span`` indexes.
    """

    span: Span
    text: str
    assertion: Assertion
    presence: Truth
    quantity: Quantity | None = None
    note: str | None = None
    turn: int = 0
    supposed: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact in this case. ``since_of`` names the facts that it was inferred from, if it was.

    ``contradictory``: said both ways, hence unknown. ``corrected``: the reader's own word, which
    nothing else changes.
    """

    fact: str
    presence: Truth
    quantity: Quantity | None = None
    evidence: tuple[Evidence, ...] = ()
    inferred_from: tuple[str, ...] = ()
    contradictory: bool = False
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """Every finding by fact; a fact that is not there is unknown, never false.

    ``about_patient``: the text tells of a patient, and does not only ask in general.
    """

    text: str
    facts: Facts
    findings: Mapping[str, Finding]
    about_patient: bool

    def presence(self, fact: str) -> Truth:
        """Whether the fact is so; of a number: whether it is known."""
        finding = self.findings.get(fact)
        if finding is None:
            known = self.facts.by_id.get(fact)
            return Truth.FALSE if known and known.topic else Truth.UNKNOWN
        return finding.presence

    def quantity(self, fact: str) -> Quantity | None:
        """The fact's number, None where it is unknown."""
        finding = self.findings.get(fact)
        return finding.quantity if finding else None

    def rule(self, rule: str) -> Truth:
        """No rule is known here."""
        raise KeyError(rule)

    def assume(self, fact: str, value: Truth | Quantity) -> "Case":
        """The case as it would be if the text said this of the fact, and nothing else of it."""
        stated = {
            name: replace(finding, inferred_from=())
            for name, finding in self.findings.items()
            if not finding.inferred_from and name != fact
        }
        quantity = value if isinstance(value, Quantity) else None
        presence = Truth.TRUE if isinstance(value, Quantity) else value
        stated[fact] = Finding(fact, presence, quantity)
        return infer(replace(self, findings=stated))


@dataclass(slots=True)
class _Support:
    """The facts that speak for and against one; weak ones yield to what is stated."""

    strong_for: set[str] = field(default_factory=set)
    strong_against: set[str] = field(default_factory=set)
    weak_for: set[str] = field(default_factory=set)
    weak_against: set[str] = field(default_factory=set)

    def conclude(self) -> tuple[Truth, set[str], bool]:
        """The verdict, the facts behind it, and whether they contradict each other."""
        for pro, contra in (
            (self.strong_for, self.strong_against),
            (self.weak_for, self.weak_against),
        ):
            if pro and contra:
                return Truth.UNKNOWN, pro | contra, True
            if pro or contra:
                return Truth.of(bool(pro)), pro or contra, False
        return Truth.UNKNOWN, set(), False


def infer(stated: Case) -> Case:
    """The case with everything that follows from what is stated.

    What implies, and a comparison of a number, weigh as much as a statement: against a contrary
    statement the finding is unknown. What excludes, the contrary of what is implied, and what is
    derived from other findings yield to a statement. What statements that contradict each other in
    a circle leave unsettled is unknown.
    """
    case = stated
    for _ in range(MOST_PASSES):
        step = replace(stated, findings=_conclude(stated, case))
        if step.findings == case.findings:
            return case
        before, case = case, step
    return _unsettle(before, case)


def _unsettle(before: Case, after: Case) -> Case:
    """The case with everything unknown that still went to and fro between the two."""
    findings = dict(after.findings)
    for name in {*before.findings, *after.findings}:
        if before.presence(name) is not after.presence(name):
            finding = after.findings.get(name) or before.findings[name]
            findings[name] = replace(
                finding, presence=Truth.UNKNOWN, quantity=None, contradictory=True
            )
    return replace(after, findings=findings)


def _conclude(stated: Case, case: Case) -> dict[str, Finding]:
    support = _gather(stated, case)
    findings = dict(stated.findings)
    for fact, quantity in _reckon(stated.facts, case).items():
        if fact not in findings:
            findings[fact] = Finding(fact, Truth.TRUE, quantity, inferred_from=(fact,))
    for fact, found in support.items():
        said = stated.findings.get(fact)
        if said is not None and (said.contradictory or said.corrected):
            continue
        presence, behind, contradictory = found.conclude()
        others = tuple(sorted(behind - {fact}))
        if said is None:
            if presence.known or contradictory:
                findings[fact] = Finding(
                    fact, presence, inferred_from=others, contradictory=contradictory
                )
        elif presence is not said.presence:
            findings[fact] = replace(
                said, presence=presence, inferred_from=others, contradictory=contradictory
            )
    return findings


def _gather(stated: Case, case: Case) -> dict[str, _Support]:
    facts = case.facts
    support: dict[str, _Support] = defaultdict(_Support)
    for name, said in stated.findings.items():
        if said.presence is Truth.TRUE:
            support[name].strong_for.add(name)
        elif said.presence is Truth.FALSE:
            support[name].strong_against.add(name)
    for name, criterion in facts.derived.items():
        truth = evaluate(criterion, case)
        if truth.known:
            measured = any(isinstance(part, Compare) for part in walk(criterion))
            sources = {part.fact for part in walk(criterion) if hasattr(part, "fact")}
            mine = support[name]
            pro, contra = (
                (mine.strong_for, mine.strong_against)
                if measured
                else (mine.weak_for, mine.weak_against)
            )
            (pro if truth is Truth.TRUE else contra).update(sources)
    for name, fact in facts.by_id.items():
        here = case.presence(name)
        for other in fact.implies:
            if here is Truth.TRUE:
                support[other].strong_for.add(name)
            elif case.presence(other) is Truth.FALSE:
                support[name].weak_against.add(other)
        if here is Truth.TRUE:
            for other in fact.shows:
                support[other].strong_for.add(name)
            for other in fact.excludes:
                support[other].weak_against.add(name)
    return support


def _reckon(facts: Facts, case: Case) -> dict[str, Quantity]:
    """Every score with at least one known item, from the least to the greatest it can be."""
    scores = {}
    for name, items in facts.scores.items():
        truths = [(evaluate(criterion, case), points) for criterion, points in items]
        if not any(truth.known for truth, _ in truths):
            continue
        low = sum(points for truth, points in truths if truth is Truth.TRUE)
        high = sum(points for truth, points in truths if truth is not Truth.FALSE)
        scores[name] = make_quantity(Measure.NUMBER, low, high)
    return scores


def make_quantity(measure: Measure, low: float, high: float | None = None) -> Quantity:
    """A number that no text states."""
    return Quantity(
        Span(0, 0), measure, low, low if high is None else high, False, False, measure.unit, ""
    )
