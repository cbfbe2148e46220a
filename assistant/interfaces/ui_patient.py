"""The Patient tab: what was read out of the question, each finding open to correction."""

from collections.abc import Sequence

from assistant.case.case import Case, Evidence, Finding
from assistant.case.facts import Fact
from assistant.checking.examination import Examination
from assistant.interfaces.render_patient import NEEDS_REVIEW
from assistant.interfaces.ui_html import button, escape, sign
from assistant.interfaces.ui_words import (
    PRESENCE,
    SIGNS,
    name_fact,
    name_unit,
    say_number,
    stated,
)
from assistant.language.quantities.quantity import Measure, Quantity
from assistant.pathways.calculators import Calculated, CalculatorKind
from assistant.pathways.evaluation import Missing
from assistant.spans import Span
from assistant.truth import Truth

MOST_QUESTIONS = 8
EMPTY = (
    '<div class="pane-empty"><p class="quotes" aria-hidden="true">☰</p><p>Describe a patient in '
    "your question: what is read from your words stands here, and one click corrects it.</p></div>"
)
_CHOICES = ((Truth.TRUE, "Present"), (Truth.FALSE, "Absent"), (Truth.UNKNOWN, "Unknown"))


def render_patient(examination: Examination, answer_id: str) -> str:
    """The question with its findings marked, the findings, and what is still to ask."""
    case = examination.case
    findings = stated(case)
    if not findings and not (case.about_patient and examination.missing):
        return EMPTY
    note = ""
    if not case.about_patient:
        note = (
            '<p class="note">The question reads as one in general, not of a patient. Say how a '
            "finding is to have the answer checked against it.</p>"
        )
    parts = [
        f'<h3 class="label">Read from your words</h3>{note}',
        f'<p class="told">{_mark(case, findings)}</p>',
        _render_findings(findings, case, answer_id),
        _render_inferred(case, answer_id),
        _render_missing(examination.missing, answer_id),
        _render_calculated(examination.calculated),
    ]
    return "".join(parts)


def _mark(case: Case, findings: Sequence[Finding]) -> str:
    """The question with the words that findings came from marked."""
    html, done = [], 0
    for span, finding in _places(findings):
        if span.start < done:
            continue
        html.append(escape(case.text[done : span.start]))
        presence = PRESENCE[finding.presence]
        html.append(
            f'<mark class="finding {presence}" title="{escape(name_fact(finding.fact))}: '
            f'{presence}">{escape(span.of(case.text))}</mark>'
        )
        done = span.end
    return "".join(html) + escape(case.text[done:])


def _places(findings: Sequence[Finding]) -> list[tuple[Span, Finding]]:
    places = [
        (evidence.span, finding)
        for finding in findings
        for evidence in finding.evidence
        if not evidence.turn and len(evidence.span)
    ]
    return sorted(places, key=lambda place: (place[0].start, -place[0].end))


def _render_findings(findings: Sequence[Finding], case: Case, answer_id: str) -> str:
    order = [Truth.TRUE, Truth.FALSE, Truth.UNKNOWN]
    ordered = sorted(findings, key=lambda f: (not f.contradictory, order.index(f.presence)))
    rows = "".join(_chip(finding, case, answer_id) for finding in ordered)
    return f'<ul class="chips">{rows}</ul>' if rows else ""


def _render_inferred(case: Case, answer_id: str) -> str:
    """What follows from the stated findings, folded; it is corrected in the same way."""
    shown = [
        finding
        for finding in case.findings.values()
        if not finding.evidence
        and not finding.corrected
        and finding.presence.known
        and not case.facts.by_id[finding.fact].topic
        and not case.facts.by_id[finding.fact].score
    ]
    if not shown:
        return ""
    rows = "".join(_chip(finding, case, answer_id) for finding in shown)
    return (
        f'<details class="inferred"><summary>What follows from these ({len(shown)})</summary>'
        f'<ul class="chips">{rows}</ul></details>'
    )


def _chip(finding: Finding, case: Case, answer_id: str) -> str:
    fact, name = case.facts.by_id[finding.fact], name_fact(finding.fact)
    presence = PRESENCE[finding.presence]
    number = say_number(finding.quantity)
    said = ", ".join(_words(evidence) for evidence in finding.evidence)
    if finding.inferred_from and not finding.evidence:
        said = f"follows from {', '.join(name_fact(n).lower() for n in finding.inferred_from)}"
    notes = [escape(e.note) for e in finding.evidence if e.note]
    notes += ["Said both ways: which is it?"] if finding.contradictory else []
    mine = ""
    if finding.corrected:
        undo = button(
            "Undo", "correct", answer=answer_id, fact=fact.id, value="", label=f"Undo: {name}"
        )
        mine = f'<span class="mine">{sign("✎")} corrected by you</span> {undo}'
    doubt = f'<span class="doubt">{" ".join(notes)}</span>' if notes else ""
    value = f' <span class="value">{escape(number)}</span>' if number else ""
    state = "" if number else f'<span class="presence">{presence}</span>'
    return (
        f'<li class="chip {presence}{" contradictory" if finding.contradictory else ""}">'
        f'<span class="what">{sign(SIGNS[finding.presence])} <b>{escape(name)}</b>{value} '
        f"{state}</span>"
        f'<span class="from">{said}</span>{doubt}{mine}'
        f"{_control(fact, finding.presence, answer_id, finding.quantity)}</li>"
    )


def _words(evidence: Evidence) -> str:
    earlier = " (earlier message)" if evidence.turn else ""
    return f"“{escape(evidence.text)}”{earlier}"


def _control(fact: Fact, now: Truth | None, answer_id: str, quantity: Quantity | None) -> str:
    """The buttons, or the field, that say how a finding is."""
    name = name_fact(fact.id)
    if fact.measure is not None:
        return _number_field(fact, answer_id, quantity)
    choices = "".join(
        f'<button type="button" class="do" data-do="correct" data-answer="{escape(answer_id)}" '
        f'data-fact="{escape(fact.id)}" data-value="{PRESENCE[truth]}" '
        f'aria-pressed="{"true" if truth is now else "false"}">{words}</button>'
        for truth, words in _CHOICES
    )
    return (
        f'<span class="choices" role="group" aria-label="{escape(name)}: say how it is">'
        f"{choices}</span>"
    )


def _number_field(fact: Fact, answer_id: str, quantity: Quantity | None = None) -> str:
    unit, identity = name_unit(fact.measure), f"number-{escape(answer_id)}-{escape(fact.id)}"
    units = escape(unit)
    if fact.measure is Measure.DURATION:
        units = (
            f'<select aria-label="Unit of {escape(name_fact(fact.id))}" class="unit">'
            '<option value="1">hours</option><option value="24">days</option>'
            '<option value="168">weeks</option></select>'
        )
    exact = quantity is not None and quantity.low == quantity.high and quantity.low is not None
    now = f' value="{quantity.low:g}"' if quantity is not None and exact else ""
    low, high = fact.plausible or (None, None)
    limits = (
        "".join(
            f' {name}="{end:g}"' for name, end in (("min", low), ("max", high)) if end is not None
        )
        if fact.measure is not Measure.DURATION
        else ' min="0"'
    )
    return (
        f'<form class="choices number" data-do="number" data-answer="{escape(answer_id)}" '
        f'data-fact="{escape(fact.id)}"><label for="{identity}" class="hidden-label">'
        f"{escape(name_fact(fact.id))}{f', in {escape(unit)}' if unit else ''}</label>"
        f'<input id="{identity}" type="number" step="any" required{limits}{now}> {units} '
        f'<button type="submit" class="do">Set</button></form>'
    )


def _render_missing(missing: Sequence[Missing], answer_id: str) -> str:
    if not missing:
        return ""
    rows = [_question(one, answer_id) for one in missing]
    more = ""
    if len(rows) > MOST_QUESTIONS:
        more = (
            f"<details><summary>{len(rows) - MOST_QUESTIONS} more questions</summary>"
            f'<ul class="asks">{"".join(rows[MOST_QUESTIONS:])}</ul></details>'
        )
    return (
        f'<h3 class="label">Still to ask, the most deciding first ({len(rows)})</h3>'
        f'<ul class="asks">{"".join(rows[:MOST_QUESTIONS])}</ul>{more}'
    )


def _question(one: Missing, answer_id: str) -> str:
    fact = one.fact
    why = f' <span class="why">{escape(fact.why)}</span>' if fact.why else ""
    decides = f"decides {one.decides} rule{'' if one.decides == 1 else 's'}"
    safety = f'<span class="safety">{sign("▲")} safety</span> ' if fact.safety else ""
    if fact.measure is not None:
        control = _number_field(fact, answer_id)
    else:
        control = (
            f'<span class="choices" role="group" aria-label="{escape(fact.question)}">'
            + "".join(
                button(
                    words,
                    "correct",
                    answer=answer_id,
                    fact=fact.id,
                    value=PRESENCE[truth],
                    label=f"{words}: {fact.question}",
                )
                for truth, words in ((Truth.TRUE, "Yes"), (Truth.FALSE, "No"))
            )
            + "</span>"
        )
    return (
        f'<li class="ask"><span class="question">{escape(fact.question)}</span> '
        f'<span class="about">{safety}{decides}.{why}</span>{control}</li>'
    )


def _render_calculated(calculated: Sequence[Calculated]) -> str:
    """Scores and checklists as far as the text fills them in."""
    if not calculated:
        return ""
    rows = []
    for one in calculated:
        if one.calculator.kind is CalculatorKind.CHECKLIST:
            met = {Truth.TRUE: "met", Truth.FALSE: "not met", Truth.UNKNOWN: "not decided"}
            result = met[one.met or Truth.UNKNOWN]
        else:
            points = f"{one.low}" if one.low == one.high else f"{one.low} to {one.high}"
            result = f"{points} points{f', {one.band}' if one.band else ''}"
        items = "".join(
            f"<li>{sign(SIGNS[truth])} {escape(item.text)} "
            f'<span class="presence">{PRESENCE[truth]}</span></li>'
            for item, truth in one.items
        )
        rows.append(
            f"<details><summary>{escape(one.calculator.title)}: <b>{escape(result)}</b></summary>"
            f'<ul class="items">{items}</ul><p class="note">{escape(one.calculator.caution)}</p>'
            f"{_needs_review(one)}</details>"
        )
    return f'<h3 class="label">Scores and checklists</h3>{"".join(rows)}'


def _needs_review(one: Calculated) -> str:
    return f'<p class="note">{sign("!")} {NEEDS_REVIEW}</p>' if one.calculator.lost else ""
