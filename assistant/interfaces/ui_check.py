"""The patient's side of an answer as HTML: the verdict, what it rests on, what to ask."""

from collections.abc import Sequence

from assistant.case.case import Case, Finding
from assistant.checking.check import Check, Issue, Verdict
from assistant.checking.examination import Examination
from assistant.interfaces.render_patient import VERDICTS
from assistant.interfaces.ui_html import cite_link, escape
from assistant.pathways.evaluation import Missing
from assistant.truth import Truth

MOST_QUESTIONS = 6
_SIGNS = {Verdict.CLEAR: "✓", Verdict.CAUTION: "!", Verdict.STOP: "■"}
_PRESENCE = {Truth.TRUE: "present", Truth.FALSE: "absent", Truth.UNKNOWN: "unknown"}


def render_check(examination: Examination, check: Check, answer_id: str) -> str:
    """Empty where the text tells of no patient and nothing is wrong with the answer."""
    issues = check.to_show()
    if not examination.case.about_patient and not issues:
        return ""
    sign, words = _SIGNS[check.verdict], VERDICTS[check.verdict]
    parts = [
        f'<p class="notice-head"><span class="sign">{sign}</span> Patient check: {words}</p>',
        _render_issues(issues, answer_id),
    ]
    if examination.case.about_patient:
        parts += [_render_findings(examination.case), _render_missing(examination.missing)]
    return f'<div class="notice patient-check {check.verdict.value}">{"".join(parts)}</div>'


def _render_issues(issues: Sequence[Issue], answer_id: str) -> str:
    rows = []
    for issue in issues:
        links = " ".join(cite_link(answer_id, number) for number in issue.quotes)
        rows.append(f"<li>{escape(issue.message)} {links}</li>")
    return f"<ul>{''.join(rows)}</ul>" if rows else ""


def _render_findings(case: Case) -> str:
    rows = [
        f'<li><span class="presence {_PRESENCE[finding.presence]}">'
        f"{_PRESENCE[finding.presence]}</span> {_words(finding)}</li>"
        for finding in case.findings.values()
        if finding.evidence and not case.facts.by_id[finding.fact].topic
    ]
    if not rows:
        return ""
    return (
        f"<details><summary>Read from your text ({len(rows)})</summary>"
        f"<ul>{''.join(rows)}</ul></details>"
    )


def _words(finding: Finding) -> str:
    said = ", ".join(f"“{escape(evidence.text)}”" for evidence in finding.evidence)
    notes = "".join(f" ({escape(e.note)})" for e in finding.evidence if e.note)
    doubt = " (said both ways)" if finding.contradictory else ""
    return f"{escape(finding.fact.replace('-', ' '))}: {said}{doubt}{notes}"


def _render_missing(missing: Sequence[Missing]) -> str:
    if not missing:
        return ""
    rows = [
        f"<li>{escape(one.fact.question)}"
        f"{f' <span>{escape(one.fact.why)}</span>' if one.fact.why else ''}</li>"
        for one in missing[:MOST_QUESTIONS]
    ]
    more = len(missing) - MOST_QUESTIONS
    rows += [f"<li>and {more} more</li>"] if more > 0 else []
    return f"<details><summary>Still to ask</summary><ul>{''.join(rows)}</ul></details>"
