"""A reader's own word on a finding: it outweighs whatever the text says or lets conclude."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from assistant.case.case import Case, Evidence, Finding, infer, make_quantity
from assistant.case.conversation import implying
from assistant.case.criteria import facts_of
from assistant.case.facts import Fact, Facts
from assistant.errors import QuestionError
from assistant.truth import Truth

# Of a fact that is a number, the number in the unit of its measure, or UNKNOWN.
Correction = Truth | float
SET_ASIDE = "Set aside: it speaks against what you corrected."


def correct(case: Case, corrections: Mapping[str, Correction]) -> Case:
    """The case with each fact as the reader says it is, and what follows from that.

    What the text says against a correction is set aside, with a note. Raises QuestionError for a
    fact that there is not, or a value that it cannot have.
    """
    if not corrections:
        return case
    own = {name: _corrected(case, name, value) for name, value in corrections.items()}
    stated = {
        name: _as_said(finding)
        for name, finding in case.findings.items()
        if finding.evidence or finding.corrected
    }
    for finding in own.values():
        for other in against(finding, case.facts):
            if other in stated:
                stated[other] = _set_aside(stated[other])
    return infer(replace(case, findings=stated | own, about_patient=True))


def _as_said(finding: Finding) -> Finding:
    """The finding by its evidence alone, without what was concluded from others."""
    if finding.corrected:
        return finding
    said = {e.presence for e in finding.evidence if e.presence.known}
    both = len(said) > 1
    presence = said.pop() if len(said) == 1 else Truth.UNKNOWN
    quantity = finding.quantity if presence is Truth.TRUE else None
    return Finding(finding.fact, presence, quantity, finding.evidence, contradictory=both)


def against(finding: Finding, facts: Facts) -> set[str]:
    """The facts whose statements could contradict a finding, directly or by what follows."""
    name = finding.fact
    found: set[str] = set()
    if finding.presence is not Truth.FALSE:
        found |= {*facts.by_id[name].excludes}
        found |= {other for other, fact in facts.by_id.items() if name in fact.excludes}
        found |= {*facts.by_id[name].implies} if finding.presence is Truth.UNKNOWN else set()
    if finding.presence is not Truth.TRUE:
        found |= implying(name, facts)
        found |= {other for other, fact in facts.by_id.items() if name in fact.shows}
    for at in {name, *found}:
        if at in facts.derived and (at == name or finding.presence is not Truth.TRUE):
            found |= {*facts_of(facts.derived[at])}
    return found - {name}


def _corrected(case: Case, name: str, value: Correction) -> Finding:
    fact = case.facts.by_id.get(name)
    if fact is None or fact.topic or fact.score:
        raise QuestionError(f"'{name}' is no finding that can be corrected.")
    said = case.findings.get(name)
    evidence = said.evidence if said else ()
    if isinstance(value, Truth):
        if fact.measure is not None and value is not Truth.UNKNOWN:
            raise QuestionError(f"{fact.question} Give the number.")
        return Finding(name, value, evidence=evidence, corrected=True)
    if fact.measure is None:
        raise QuestionError(f"{fact.question} Answer yes, no or unknown, not with a number.")
    _check_plausible(fact, value)
    quantity = make_quantity(fact.measure, value)
    return Finding(name, Truth.TRUE, quantity, evidence, corrected=True)


def _check_plausible(fact: Fact, value: float) -> None:
    low, high = fact.plausible or (float("-inf"), float("inf"))
    if not low <= value <= high:
        unit = fact.measure.unit if fact.measure else ""
        raise QuestionError(
            f"{fact.question} {value:g} {unit} is not believed: give {low:g} to {high:g} {unit}."
        )


def _set_aside(finding: Finding) -> Finding:
    evidence: Iterable[Evidence] = (
        replace(e, presence=Truth.UNKNOWN, quantity=None, note=SET_ASIDE) for e in finding.evidence
    )
    return Finding(finding.fact, Truth.UNKNOWN, evidence=tuple(evidence))
