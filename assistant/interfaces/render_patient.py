"""The patient's side of a consultation → JSON and plain text."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.case.case import Case, Finding
from assistant.checking.check import Check, Verdict
from assistant.checking.examination import Examination
from assistant.language.quantities.quantity import Quantity
from assistant.pathways.calculators import Calculated, CalculatorKind
from assistant.pathways.evaluation import Evaluation, Flip, Missing, Outcome
from assistant.pathways.pathway import Pathway, Rule, RuleStatus
from assistant.truth import Truth

Numbers = Mapping[str, tuple[int, ...]]
MOST_MISSING = 8
NEEDS_REVIEW = "Needs review: a quotation that it rests on is no longer in the library."
VERDICTS = {
    Verdict.CLEAR: "No objection found by the pathways.",
    Verdict.CAUTION: "Caution",
    Verdict.STOP: "Stop",
}


def findings_json(case: Case) -> list[dict[str, Any]]:
    """A line for each mention, and one for each finding that was inferred from others.

    ``start`` and ``end`` index the question; an inferred finding has those of what it rests on. A
    finding that an earlier message told has its ``turn`` instead, -1 the message before. One that
    the reader corrected is ``corrected``; where no words tell of it, its ``text`` is empty.
    """
    return [
        line
        for finding in case.findings.values()
        if not case.facts.by_id[finding.fact].topic
        for line in _finding_lines(finding, case)
    ]


def _finding_lines(finding: Finding, case: Case) -> Iterator[dict[str, Any]]:
    known = case.facts.by_id[finding.fact]
    presence = {Truth.TRUE: "present", Truth.FALSE: "absent", Truth.UNKNOWN: "unknown"}
    line = {
        "concept": finding.fact,
        "presence": presence[finding.presence],
        "value": _value(finding.quantity),
        "unit": known.measure.unit or None if known.measure else None,
    }
    for evidence in finding.evidence:
        mention = line | {
            "value": _value(evidence.quantity),
            "assertion": "supposed" if evidence.supposed else evidence.assertion.value,
            "text": evidence.text,
            "start": evidence.span.start,
            "end": evidence.span.end,
        }
        if evidence.turn:
            mention["turn"] = -evidence.turn
        if evidence.note:
            mention["note"] = evidence.note
        if finding.contradictory:
            mention["contradictory"] = True
        if finding.corrected:
            mention["value"], mention["corrected"] = _value(finding.quantity), True
        yield mention
    if finding.corrected and not finding.evidence:
        yield line | {
            "assertion": "corrected",
            "text": "",
            "start": 0,
            "end": 0,
            "corrected": True,
        }
    elif not finding.evidence:
        roots = _roots(finding, case)
        if roots:
            first = roots[0]
            yield line | {
                "assertion": presence[finding.presence],
                "text": first.text,
                "start": first.span.start,
                "end": first.span.end,
                "inferred_from": list(finding.inferred_from),
            }


def _roots(finding: Finding, case: Case) -> list[Any]:
    """The mentions that an inferred finding rests on."""
    seen, waiting, found = {finding.fact}, list(finding.inferred_from), []
    while waiting:
        name = waiting.pop(0)
        other = case.findings.get(name)
        if other is None or name in seen:
            continue
        seen.add(name)
        found += [e for e in other.evidence if e.presence.known]
        waiting += other.inferred_from
    return found


def _value(quantity: Quantity | None) -> float | list[float | None] | None:
    if quantity is None:
        return None
    if quantity.low is not None and quantity.low == quantity.high:
        return round(quantity.low, 3)
    return [quantity.low, quantity.high]


def pathways_json(evaluations: Sequence[Evaluation], numbers: Numbers) -> list[dict[str, Any]]:
    """Each pathway with what it recommends, forbids and leaves open in this case."""
    return [_evaluation_json(evaluation, numbers) for evaluation in evaluations]


def _evaluation_json(evaluation: Evaluation, numbers: Numbers) -> dict[str, Any]:
    holding = evaluation.holding
    return {
        "id": evaluation.pathway.id,
        "version": evaluation.pathway.version,
        "title": evaluation.pathway.title,
        "applies": evaluation.applies.value,
        "current_step": evaluation.step,
        "recommended": [
            _outcome_json(o, action, numbers)
            for o in holding
            for action in o.rule.do
            if action not in o.held_back
        ],
        "held_back": [
            _outcome_json(o, action, numbers) | {"forbidden_by": o.held_back[action]}
            for o in holding
            for action in o.rule.do
            if action in o.held_back
        ],
        "contraindicated": [
            _outcome_json(o, action, numbers) for o in holding for action in o.rule.avoid
        ],
        "stated": [
            _outcome_json(o, None, numbers) for o in holding if not o.rule.do and not o.rule.avoid
        ],
        "undetermined": [
            {
                "rule": o.rule.id,
                "action": next(iter((*o.rule.do, *o.rule.avoid)), None),
                "text": o.rule.text,
                "when": o.rule.window,
                "quotes": list(numbers.get(o.rule.id, ())),
                "status": o.rule.standing.value,
                "needs": list(o.because),
            }
            for o in evaluation.open
        ],
        "missing": [_missing_json(missing) for missing in evaluation.missing],
    }


def _outcome_json(outcome: Outcome, action: str | None, numbers: Numbers) -> dict[str, Any]:
    rule = outcome.rule
    return {
        "rule": rule.id,
        "action": action,
        "text": rule.text,
        "when": rule.window,
        "quotes": list(numbers.get(rule.id, ())),
        "status": rule.standing.value,
        "population": rule.population or outcome.pathway.population,
        "strength": rule.strength.value if rule.strength else None,
        "certainty": rule.certainty,
        "because": list(outcome.because),
        "citations": _citations_json(rule),
    }


def _citations_json(rule: Rule) -> list[dict[str, Any]]:
    return [
        {"document": c.doc_id, "start": c.span.start, "end": c.span.end, "text": c.text}
        for c in rule.citations
    ]


def _missing_json(missing: Missing) -> dict[str, Any]:
    return {
        "concept": missing.fact.id,
        "question": missing.fact.question,
        "why": missing.fact.why,
        "decides": missing.decides,
        "safety": missing.fact.safety,
    }


def check_json(check: Check) -> dict[str, Any]:
    """The verdict with its issues, the heaviest first."""
    return {
        "verdict": check.verdict.value,
        "issues": [
            {
                "kind": issue.kind.value,
                "severity": issue.weight.value,
                "rule": issue.rule,
                "message": issue.message,
                "quotes": list(issue.quotes),
            }
            for issue in check.issues
        ],
    }


def examination_json(examination: Examination, check: Check) -> dict[str, Any]:
    """The object that ``check --json`` prints."""
    return {
        "case": examination.case.text,
        "about_patient": examination.case.about_patient,
        "findings": findings_json(examination.case),
        "pathways": pathways_json(examination.evaluations, {}),
        "check": check_json(check),
        **more_json(examination),
    }


def more_json(examination: Examination) -> dict[str, Any]:
    """What is asked about, what is missing, what would change the outcome, the calculators."""
    case = examination.case
    return {
        "topics": [
            name for name, fact in case.facts.by_id.items() if fact.topic and name in case.findings
        ],
        "missing": [_missing_json(missing) for missing in examination.missing],
        "flips": [_flip_json(flip) for flip in examination.flips],
        "calculators": [_calculated_json(one) for one in examination.calculated],
    }


def _flip_json(flip: Flip) -> dict[str, Any]:
    return {
        "concept": flip.fact,
        "from": flip.before,
        "to": flip.after,
        "threshold": flip.threshold,
        "changes": [
            {"rule": c.rule, "from": c.before.value, "to": c.after.value} for c in flip.changes
        ],
    }


def _calculated_json(one: Calculated) -> dict[str, Any]:
    calculator = one.calculator
    return {
        "id": calculator.id,
        "kind": calculator.kind.value,
        "title": calculator.title,
        "items": [
            {"id": item.id, "text": item.text, "value": truth.value, "points": item.points}
            for item, truth in one.items
        ],
        "met": one.met.value if one.met else None,
        "low": one.low,
        "high": one.high,
        "band": one.band,
        "caution": calculator.caution,
        "needs_review": bool(calculator.lost),
        "citations": [
            {"document": c.doc_id, "start": c.span.start, "end": c.span.end, "text": c.text}
            for c in calculator.citations
        ],
    }


def examination_text(examination: Examination, check: Check, *, quoted: bool = False) -> str:
    """The patient's side for a terminal; ``quoted`` where the answer's quotes stand above it."""
    case = examination.case
    issues = check.to_show()
    if not case.about_patient and not issues:
        return "" if quoted else "The text tells of no patient."
    lines = [f"Check: {VERDICTS[check.verdict]}"]
    lines += [f"  - {issue.message}{_marks(issue.quotes)}" for issue in issues]
    if not case.about_patient:
        return "\n".join(lines)
    lines += ["", "Read from the text", *_findings_text(case)]
    for evaluation in examination.evaluations:
        lines += _evaluation_text(evaluation)
    lines += _missing_text(examination.missing)
    lines += _flips_text(examination.flips, case)
    for one in examination.calculated:
        lines += _calculated_text(one)
    return "\n".join(lines)


def _marks(numbers: Sequence[int]) -> str:
    return f" [{', '.join(str(n) for n in numbers)}]" if numbers else ""


def _findings_text(case: Case) -> Iterator[str]:
    signs = {Truth.TRUE: "+", Truth.FALSE: "-", Truth.UNKNOWN: "?"}
    for finding in case.findings.values():
        said = finding.evidence or finding.corrected
        if not said or case.facts.by_id[finding.fact].topic:
            continue
        words = ", ".join(f"«{evidence.text}»" for evidence in finding.evidence)
        words += f"{' ' if words else ''}(as corrected)" if finding.corrected else ""
        value = _value(finding.quantity)
        unit = finding.quantity.unit if finding.quantity else ""
        number = f" {value} {unit}".rstrip() if value is not None else ""
        doubt = " (said both ways)" if finding.contradictory else ""
        notes = "".join(f" ({e.note})" for e in finding.evidence if e.note)
        yield f"  {signs[finding.presence]} {finding.fact}{number}: {words}{doubt}{notes}"


def _evaluation_text(evaluation: Evaluation) -> Iterator[str]:
    if evaluation.applies is not Truth.TRUE or not evaluation.holding:
        return
    yield ""
    yield f"{evaluation.pathway.title}{' (the present step)' if evaluation.step else ''}"
    for outcome in evaluation.holding:
        if not outcome.because and evaluation.pathway.rules:
            continue
        rule = outcome.rule
        sign = "x" if rule.avoid else "*"
        marks = [rule.id, rule.window, mark_status(rule)]
        yield f"  {sign} {rule.text} ({', '.join(mark for mark in marks if mark)})"
        for citation in rule.citations[:1]:
            yield f"      «{citation.text}» {citation.doc_id}"


def mark_status(rule: Rule) -> str:
    """What is said of a rule whose evidence is not verified, empty for the others."""
    return "" if rule.standing is RuleStatus.VERIFIED else rule.standing.value


def _missing_text(missing: Sequence[Missing]) -> Iterator[str]:
    if missing:
        yield ""
        yield "Still to ask"
        for one in missing[:MOST_MISSING]:
            yield f"  ? {one.fact.question}{f' {one.fact.why}' if one.fact.why else ''}"
        if len(missing) > MOST_MISSING:
            yield f"  and {len(missing) - MOST_MISSING} more."


def _flips_text(flips: Sequence[Flip], case: Case) -> Iterator[str]:
    if flips:
        yield ""
        yield "What would change this"
        for flip in flips:
            rules = ", ".join(change.rule for change in flip.changes[:6])
            more = " …" if len(flip.changes) > 6 else ""
            yield f"  {flip.fact}: {flip.before} → {flip.after} ({rules}{more})"


def _calculated_text(one: Calculated) -> Iterator[str]:
    yield ""
    if one.calculator.kind is CalculatorKind.CHECKLIST:
        words = {Truth.TRUE: "met", Truth.FALSE: "not met", Truth.UNKNOWN: "not decided"}
        yield f"{one.calculator.title}: {words[one.met or Truth.UNKNOWN]}"
    else:
        points = f"{one.low}" if one.low == one.high else f"{one.low} to {one.high}"
        yield f"{one.calculator.title}: {points}{f', {one.band}' if one.band else ', no band'}"
    signs = {Truth.TRUE: "+", Truth.FALSE: "-", Truth.UNKNOWN: "?"}
    for item, truth in one.items:
        yield f"  {signs[truth]} {item.text}"
    yield f"  {one.calculator.caution}"
    if one.calculator.lost:
        yield f"  {NEEDS_REVIEW}"


def pathway_json(pathway: Pathway) -> dict[str, Any]:
    """The object that ``pathways show --json`` prints."""
    return {
        "id": pathway.id,
        "title": pathway.title,
        "version": pathway.version,
        "rank": pathway.rank,
        "mode": pathway.mode.value,
        "population": pathway.population,
        "rules": [
            {
                "rule": rule.id,
                "text": rule.text,
                "do": list(rule.do),
                "avoid": list(rule.avoid),
                "severity": rule.severity.value,
                "when": rule.window,
                "status": rule.standing.value,
                "red_flag": rule.red_flag,
                "overrides": list(rule.overrides),
                "population": rule.population,
                "citations": _citations_json(rule),
            }
            for rule in pathway.rules
        ],
    }


def pathway_text(pathway: Pathway) -> str:
    """A pathway for a terminal."""
    lines = [f"{pathway.title} ({pathway.id}, version {pathway.version})"]
    if pathway.population:
        lines.append(f"For: {pathway.population}")
    for rule in pathway.rules:
        lines += [
            "",
            f"{rule.id}: {rule.text}{f' ({mark})' if (mark := mark_status(rule)) else ''}",
        ]
        lines += [f"    «{c.text}» {c.doc_id}" for c in rule.citations]
    return "\n".join(lines)
