"""What a follow-up carries: the patient of the earlier messages, later statements overriding."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.case.case import Case, Finding, infer
from assistant.case.criteria import facts_of
from assistant.case.facts import Facts
from assistant.language.quantities.quantity import Measure
from assistant.spans import Span
from assistant.truth import Truth

_ANOTHER = re.compile(
    r"\b(?:another|(?:the\s+)?other|new|next|different|second)\s+(?:patient|pt|woman|man|lady|case|one"
    r"|girl|boy|child|mother)\b|\b(?:different|new|another)\s+(?:question|topic|case)\b"
    r"|\bin general\b|\bunrelated\b",
    re.IGNORECASE,
)
_NOWHERE = Span(0, 0)
_MOST_NARROWING_WORDS = 5


def carry(earlier: Sequence[Case], current: Case) -> Case:
    """The current case with what the earlier ones told of the same patient, the oldest first.

    A fact that is stated again is what the later statement says, and so is what follows from it.
    Another patient or topic carries nothing. A follow-up that only narrows the question ("and in
    children?") goes on asking what was asked.
    """
    current = _narrow(earlier, current)
    told = [case for case in _of_same_patient(earlier, current) if case.about_patient]
    if not told:
        return current
    merged: dict[str, Finding] = {}
    for back, case in zip(range(len(told), 0, -1), told, strict=True):
        _override(merged, _stated(case), case.facts)
        merged |= {name: _of_turn(finding, back) for name, finding in _stated(case).items()}
    own = _stated(current) if current.about_patient else {}
    _override(merged, own, current.facts)
    topics = {
        name: finding
        for name, finding in current.findings.items()
        if current.facts.by_id[name].topic or name not in merged
    }
    return infer(replace(current, findings=topics | merged | own, about_patient=True))


def _narrow(earlier: Sequence[Case], current: Case) -> Case:
    """The case of "and in children?" with what the message before it asked about."""
    words = re.findall(r"\w+", current.text.casefold())
    if not earlier or len(words) > _MOST_NARROWING_WORDS:
        return current
    narrowed = {
        fact.id: Finding(fact.id, Truth.TRUE)
        for fact in current.facts.by_id.values()
        if not {*fact.narrowing}.isdisjoint(words)
    }
    if not narrowed:
        return current
    asked = {
        name: _of_turn(finding, 1)
        for name, finding in earlier[-1].findings.items()
        if current.facts.by_id[name].topic
    }
    return replace(current, findings=asked | narrowed | dict(current.findings))


def _of_same_patient(earlier: Sequence[Case], current: Case) -> Iterator[Case]:
    """Those since a new patient was last brought up."""
    if _ANOTHER.search(current.text) or _is_someone_new(earlier, current):
        return
    for place, case in enumerate(earlier):
        if not any(_ANOTHER.search(later.text) for later in earlier[place + 1 :]):
            yield case


def _is_someone_new(earlier: Sequence[Case], current: Case) -> bool:
    """Whether the age is no longer the one told before."""
    ages = [case.quantity(name) for case in (*earlier, current) for name in _ages(case.facts)]
    known = [(age.low, age.high) for age in ages if age is not None]
    now = [current.quantity(name) for name in _ages(current.facts)]
    return any(now) and len({*known}) > 1


def _ages(facts: Facts) -> list[str]:
    return [fact.id for fact in facts.by_id.values() if fact.measure is Measure.AGE]


def _stated(case: Case) -> dict[str, Finding]:
    """What the text itself settles, or leaves open by saying it both ways."""
    return {
        name: finding
        for name, finding in case.findings.items()
        if (finding.evidence or finding.corrected)
        and not case.facts.by_id[name].topic
        and (finding.presence.known or finding.contradictory or finding.corrected)
    }


def _of_turn(finding: Finding, back: int) -> Finding:
    evidence = tuple(replace(e, span=_NOWHERE, turn=back) for e in finding.evidence)
    return replace(finding, evidence=evidence)


def _override(merged: dict[str, Finding], later: dict[str, Finding], facts: Facts) -> None:
    """Take out what the later statements replace, directly or by what follows from them."""
    for name, finding in later.items():
        replaced = {name}
        if finding.presence is Truth.TRUE:
            replaced |= {*facts.by_id[name].excludes}
            replaced |= {o for o in merged if name in facts.by_id[o].excludes}
        if finding.presence is Truth.FALSE:
            replaced |= implying(name, facts)
        if name in facts.derived:
            replaced |= {*facts_of(facts.derived[name])}
        replaced |= {o for o, criterion in facts.derived.items() if name in facts_of(criterion)}
        for other in replaced:
            merged.pop(other, None)


def implying(name: str, facts: Facts) -> set[str]:
    """Every fact from which one would follow."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        at = waiting.pop()
        new = {f.id for f in facts.by_id.values() if at in f.implies} - found
        found |= new
        waiting += new
    return found
