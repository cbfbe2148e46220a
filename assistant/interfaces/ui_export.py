"""An answer to take along: as text, as a note for the record, as Markdown, as its certificate."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from assistant.answering.answer import Answer, Outcome, Quote
from assistant.consultation import Consultation
from assistant.interfaces.checked import is_checked
from assistant.interfaces.render import HEADINGS, NOT_COVERED, to_json, to_text
from assistant.interfaces.ui_check import WORDS
from assistant.interfaces.ui_html import name_place
from assistant.interfaces.ui_words import list_findings, rules_of

FORMS = ("text", "note", "markdown", "certificate")
NOT_COVERED_PARTS = "Asked too, but not covered by the library"
_FOR_WHOM = "For health professionals; it does not replace clinical judgement."


def export(consultation: Consultation, form: str, now: datetime | None = None) -> dict[str, Any]:
    """What the page's script copies or saves: the text, and a name where it is a file.

    The PDF is the page itself, printed: the browser has the fonts of every script, keeps the
    headings and links for screen readers, and no patient's text is written to a disk here.
    """
    now = now or datetime.now(UTC)
    stamp = now.strftime("%Y%m%d-%H%M")
    if form == "text":
        return {"form": form, "text": to_text(consultation)}
    if form == "note":
        return {"form": form, "text": to_note(consultation, now)}
    if form == "markdown":
        text = to_markdown(consultation, now)
        return {
            "form": form,
            "text": text,
            "name": f"guideline-answer-{stamp}.md",
            "type": "text/markdown",
        }
    text = json.dumps(to_json(consultation), ensure_ascii=False, indent=2)
    return {
        "form": "certificate",
        "text": text,
        "name": f"guideline-answer-{stamp}.json",
        "type": "application/json",
    }


def to_note(consultation: Consultation, now: datetime) -> str:
    """A short note for the record: question, findings, verdict, quotations with citations."""
    examination, answer = consultation.examination, consultation.answer
    lines = [
        f"Guideline Assistant, consulted {now:%Y-%m-%d %H:%M} UTC",
        f"Question: {' '.join(consultation.question.split())}",
    ]
    if examination.case.about_patient:
        found = "; ".join(list_findings(examination.case))
        lines.append(f"Findings: {found or 'none stated'}")
    if is_checked(examination, consultation.check, answer.outcome):
        word, meaning = WORDS[consultation.check.verdict]
        lines.append(f"Check: {word}. {meaning}")
        rules = rules_of(examination.evaluations)
        named = dict.fromkeys(i.rule for i in consultation.check.to_show() if i.rule in rules)
        lines += [f"  - {rules[rule].text}" for rule in named if rule]
    lines += ["", *(notice.message for notice in consultation.notices)]
    if answer.outcome is Outcome.ANSWERED:
        lines.append("The library says, word for word:")
        lines += [f"[{quote.number}] “{quote.text}” ({_cite(quote)})" for quote in answer.quotes]
        for part in answer.parts:
            if part.outcome is not Outcome.ANSWERED:
                lines.append(f"{NOT_COVERED_PARTS}: {part.question}")
        lines += [f"  “{quote.text}” ({_cite(quote)})" for quote in answer.nearest]
    else:
        lines.append(NOT_COVERED)
    if consultation.references:
        lines += ["", "Sources:"]
        lines += [f"{k}: {s.citation}" for k, s in sorted(consultation.references.items())]
    lines += ["", f"Library generation {consultation.generation}. {_FOR_WHOM}"]
    return "\n".join(lines)


def to_markdown(consultation: Consultation, now: datetime) -> str:
    """The whole answer as a Markdown document."""
    answer = consultation.answer
    lines = [
        "# Guideline Assistant: an answer",
        "",
        f"Consulted {now:%Y-%m-%d %H:%M} UTC. Library generation {consultation.generation}. "
        f"{_FOR_WHOM}",
        "",
        "## Question",
        "",
        *_quoted_lines(consultation.question),
    ]
    if is_checked(consultation.examination, consultation.check, answer.outcome):
        word, meaning = WORDS[consultation.check.verdict]
        lines += ["", "## Patient check", "", f"**{word}.** {meaning}", ""]
        lines += [f"- {_plain(issue.message)}" for issue in consultation.check.to_show()]
    if consultation.examination.case.about_patient:
        lines += ["", "Findings:", ""]
        lines += [f"- {found}" for found in list_findings(consultation.examination.case)]
    for notice in consultation.notices:
        lines += ["", f"**{_plain(notice.message)}**"]
    if answer.outcome is Outcome.ANSWERED:
        lines += _quotes_markdown(answer.quotes)
        lines += _gaps_markdown(answer)
    else:
        lines += ["", NOT_COVERED]
    for one in to_json(consultation)["disagreements"]:
        lines += ["", f"## The sources disagree: {_plain(str(one.get('topic', '')))}", ""]
        for position in one.get("positions", ()):
            numbers = ", ".join(f"[{n}]" for n in position.get("quotes", ()))
            lines.append(f"- {_plain(str(position.get('says', '')))} {numbers}")
        lines += ["", _plain(str(one.get("explanation") or ""))]
    if consultation.references:
        lines += ["", "## Sources", ""]
        lines += [
            f"- {_plain(k)}: {_plain(s.citation)}"
            for k, s in sorted(consultation.references.items())
        ]
    return "\n".join(lines) + "\n"


def _quotes_markdown(quotes: Sequence[Quote]) -> list[str]:
    lines: list[str] = []
    heading = None
    for quote in quotes:
        if quote.role is not heading:
            heading = quote.role
            lines += ["", f"## {HEADINGS[heading]}"]
        lines += ["", *_quoted_lines(quote.text), ">", f"> [{quote.number}] {_plain(_cite(quote))}"]
    return lines


def _gaps_markdown(answer: Answer) -> list[str]:
    """The parts that the library does not cover, with its own word on them where it has one."""
    missing = [part.question for part in answer.parts if part.outcome is not Outcome.ANSWERED]
    if not missing:
        return []
    lines = ["", f"## {NOT_COVERED_PARTS}", "", *(f"- {_plain(part)}" for part in missing)]
    for quote in answer.nearest:
        lines += ["", *_quoted_lines(quote.text), ">", f"> {_plain(_cite(quote))}"]
    return lines


def _quoted_lines(text: str) -> list[str]:
    return [f"> {_plain(line)}".rstrip() for line in text.splitlines()] or [">"]


def _plain(text: str) -> str:
    """The text with the characters that Markdown or HTML would read as marks made plain."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|!&" else c for c in " ".join(text.split()))


def _cite(quote: Quote) -> str:
    parts = [name_place(quote.title, quote.section)]
    parts += [f"page {quote.page}"] if quote.page is not None else []
    parts += [quote.status or "", ", ".join(quote.sources)]
    return "; ".join(part for part in parts if part)
