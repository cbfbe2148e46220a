"""How the page names a patient's findings, their numbers and the rules behind them."""

from collections.abc import Iterable, Mapping, Sequence

from assistant.case.case import Case, Finding
from assistant.case.criteria import Holds, Undecided, facts_of
from assistant.case.facts import Facts
from assistant.language.quantities.quantity import Measure, Quantity
from assistant.pathways.evaluation import Evaluation, Outcome
from assistant.pathways.pathway import Rule
from assistant.truth import Truth

PRESENCE = {Truth.TRUE: "present", Truth.FALSE: "absent", Truth.UNKNOWN: "unknown"}
SIGNS = {Truth.TRUE: "✓", Truth.FALSE: "✕", Truth.UNKNOWN: "?"}
_CAPITALS = {"inr": "INR", "mri": "MRI", "ct": "CT", "csf": "CSF", "sdh": "subdural haematoma"}
_UNITS = {"degC": "°C", "10^9/L": "×10⁹/L", "cmH2O": "cmH₂O", "mL/min/1.73 m2": "mL/min/1.73 m²"}
_HOURS_A_DAY = 24
_FROM_DAYS = 72


def name_fact(fact: str) -> str:
    """A fact's id as words: "hours-since-procedure" is "Hours since procedure"."""
    words = " ".join(_CAPITALS.get(word, word) for word in fact.split("-"))
    return words[:1].upper() + words[1:]


def name_unit(measure: Measure | None) -> str:
    """A measure's unit as people write it."""
    unit = measure.unit if measure else ""
    return "hours" if unit == "h" else _UNITS.get(unit, unit)


def say_number(quantity: Quantity | None) -> str:
    """A number with its unit; long times in days as well."""
    if quantity is None:
        return ""
    ends = [quantity.low, quantity.high]
    if quantity.measure is Measure.DURATION:
        known = [end for end in ends if end is not None]
        if known and min(known) >= _FROM_DAYS and all(end % _HOURS_A_DAY == 0 for end in known):
            return _say_ends([end / _HOURS_A_DAY if end else end for end in ends], "days")
        return _say_ends(ends, "hours")
    return _say_ends(ends, name_unit(quantity.measure))


def _say_ends(ends: Sequence[float | None], unit: str) -> str:
    low, high = ends
    if low is None and high is None:
        return ""
    if low is None:
        words = f"up to {high:g}"
    elif high is None:
        words = f"at least {low:g}"
    else:
        words = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    return f"{words} {unit}".strip()


def say_finding(finding: Finding, facts: Facts) -> str:
    """A finding in a few words: "Temperature 38.4 °C", "Afebrile", "Seizure unknown"."""
    name = name_fact(finding.fact)
    number = say_number(finding.quantity)
    if number:
        return f"{name} {number}"
    if finding.presence is Truth.FALSE:
        said = next(iter(facts.by_id[finding.fact].absent), "")
        if said and "*" not in said and "{" not in said:
            return said[:1].upper() + said[1:]
        return f"No {name}" if name[:2].isupper() else f"No {name[:1].lower() + name[1:]}"
    return name if finding.presence is Truth.TRUE else f"{name} unknown"


def stated(case: Case) -> list[Finding]:
    """The findings that the text or the reader states, topics left out."""
    return [
        finding
        for finding in case.findings.values()
        if (finding.evidence or finding.corrected) and not case.facts.by_id[finding.fact].topic
    ]


def list_findings(case: Case) -> list[str]:
    """Each stated finding in a few words, with those that the reader corrected named as such."""
    return [
        say_finding(one, case.facts) + (" (as corrected)" if one.corrected else "")
        for one in stated(case)
    ]


def rules_of(evaluations: Iterable[Evaluation]) -> dict[str, Rule]:
    """Every rule of the pathways that were held against the case."""
    return {rule.id: rule for one in evaluations for rule in one.pathway.rules}


def only_asks(rule: Rule, rules: Mapping[str, Rule]) -> bool:
    """Whether the rule holds because something is unknown, and for nothing else."""
    if isinstance(rule.when, Holds):
        return all(name in rules and only_asks(rules[name], rules) for name in rule.when.rules)
    return isinstance(rule.when, Undecided)


def say_because(outcome: Outcome, case: Case, most: int = 3) -> str:
    """The findings that decided a rule, beyond those by which its pathway applies at all."""
    entry = {*facts_of(outcome.pathway.entry)}
    told = [name for name in outcome.because if not case.facts.by_id[name].topic]
    own = [name for name in told if name not in entry] or told
    # Criteria go from what is general to what is particular.
    own.reverse()
    own.sort(key=lambda name: not case.facts.by_id[name].safety)
    words = [
        say_finding(case.findings[name], case.facts)
        if name in case.findings
        else f"{name_fact(name)} unknown"
        for name in own
    ]
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more
