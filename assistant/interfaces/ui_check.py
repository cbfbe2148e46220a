"""The verdict on an answer, with what is behind it; what the answer left out, in its own words."""

from collections.abc import Mapping, Sequence

from assistant.answering.answer import Answer, Outcome
from assistant.checking.check import Check, Issue, IssueKind, Verdict, Weight, say_rule
from assistant.checking.examination import Examination
from assistant.interfaces.checked import NOTHING_TO_CHECK, is_checked, tells_finding
from assistant.interfaces.ui_html import button, cite_link, cite_links, escape, sign
from assistant.interfaces.ui_words import rules_of
from assistant.pathways.pathway import Rule

_SIGNS = {Verdict.CLEAR: "✓", Verdict.CAUTION: "!", Verdict.STOP: "■"}
WORDS = {
    Verdict.CLEAR: ("Clear", "Nothing in the pathways speaks against this answer."),
    Verdict.CAUTION: ("Caution", "Settle this before acting on the answer."),
    Verdict.STOP: ("Stop", "Do not act on this before the following is settled."),
}
MOST_LISTED = 3
NO_PATIENT = "No patient is described, so this answer was not checked against one."
EMERGENCY = "Possible emergency: get senior help now, and do not wait for this page."


def render_check(examination: Examination, check: Check, answer: Answer, answer_id: str) -> str:
    """The verdict line and what is behind it."""
    if not is_checked(examination, check, answer.outcome):
        return _render_unchecked(examination, answer)
    rows = _rows(check, rules_of(examination.evaluations), answer, answer_id)
    word, meaning = WORDS[check.verdict]
    emergency = ""
    if any(issue.kind is IssueKind.RED_FLAG for issue in check.issues):
        emergency = f'<p class="emergency">{sign("▲")} {EMERGENCY}</p>'
    asking = ""
    if examination.missing:
        asking = button(f"Open questions: {len(examination.missing)}", "tab", tab="patient")
    listed = _fold(rows)
    return (
        f'<div class="verdict {check.verdict.value}" role="group" aria-label="Patient check">'
        f'<p class="verdict-line">{sign(_SIGNS[check.verdict])} <b>{word}.</b> {meaning} '
        f"{asking}</p>{emergency}{listed}</div>"
    )


def _render_unchecked(examination: Examination, answer: Answer) -> str:
    """A quiet line: a verdict would say more than is known."""
    if answer.outcome is Outcome.ANSWERED:
        return f'<p class="verdict none">{sign("○")} {NO_PATIENT}</p>'
    read = ""
    if tells_finding(examination.case):
        read = button("What was read of the patient", "tab", tab="patient", classes="link")
    elif not examination.case.about_patient:
        return ""
    return f'<p class="verdict none">{sign("○")} {NOTHING_TO_CHECK} {read}</p>'


def _fold(rows: Sequence[str]) -> str:
    """Every stop, and of the cautions the first; the others are folded."""
    first = max(sum("<b>Stop:</b>" in row for row in rows), MOST_LISTED)
    shown, folded = rows[:first], rows[first:]
    listed = f"<ul>{''.join(shown)}</ul>" if shown else ""
    if not folded:
        return listed
    head = f"{len(folded)} more caution{'' if len(folded) == 1 else 's'}"
    return (
        f'{listed}<details class="more"><summary>{head}</summary>'
        f"<ul>{''.join(folded)}</ul></details>"
    )


def _rows(check: Check, rules: Mapping[str, Rule], answer: Answer, answer_id: str) -> list[str]:
    """One row a rule, the heaviest first; of what was left out, with the quotation added for it."""
    omitted = {issue.rule: issue for issue in check.issues if issue.kind is IssueKind.OMISSION}
    rows, told = [], set()
    for issue in check.issues:
        if issue.weight is Weight.NOTE or (issue.rule and issue.rule in told):
            continue
        told.add(issue.rule)
        if issue.rule in omitted:
            rows.append(_omission(issue, omitted[issue.rule], rules, answer, answer_id))
        else:
            links = cite_links(answer_id, issue.quotes)
            rows.append(f"<li>{_weight(issue)}{escape(_words(issue, rules))} {links}</li>")
    return rows


def _weight(issue: Issue) -> str:
    return f"<b>{'Stop' if issue.weight is Weight.STOP else 'Caution'}:</b> "


def _words(issue: Issue, rules: Mapping[str, Rule]) -> str:
    """The message; where it goes on to every open question, the rule alone: those have a place."""
    rule = rules.get(issue.rule or "")
    if issue.kind is IssueKind.UNKNOWN_SAFETY_FACT and rule is not None:
        return say_rule(rule)
    return issue.message


def _omission(
    issue: Issue,
    omitted: Issue,
    rules: Mapping[str, Rule],
    answer: Answer,
    answer_id: str,
) -> str:
    rule = rules.get(issue.rule or "")
    words = say_rule(rule) if rule else issue.message
    leading = [number for number in omitted.quotes if number in answer.direct]
    if leading:
        said = f"Left out at first, so it now leads the answer: {cite_links(answer_id, leading)}"
        return (
            f'<li class="omission">{_weight(issue)}{escape(words)} '
            f'<span class="left-out">{said}</span></li>'
        )
    added = [quote for quote in answer.quotes if quote.number in omitted.quotes][:1]
    quoted = "".join(
        f'<blockquote class="verbatim"><span class="words">{escape(quote.text)}</span> '
        f"{cite_link(answer_id, quote.number)}</blockquote>"
        for quote in added
    )
    said = "Left out at first, so added:" if added else "Left out of the answer."
    return (
        f'<li class="omission">{_weight(issue)}{escape(words)} '
        f'<span class="left-out">{said}</span>{quoted}</li>'
    )
