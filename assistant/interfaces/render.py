"""Consultations → JSON and plain text: the same words in every interface."""

from collections.abc import Mapping
from typing import Any

from assistant.answering.answer import Added, Answer, Outcome, Quote, QuoteRole, Statement
from assistant.answering.emergencies import EMERGENCY, is_emergency
from assistant.certificate import hash_text
from assistant.consultation import Consultation
from assistant.interfaces.checked import NOTHING_TO_CHECK, is_checked
from assistant.interfaces.render_certificate import with_certificate
from assistant.interfaces.render_disagreements import disagreements_json, disagreements_text
from assistant.interfaces.render_notices import notices_json, notices_text
from assistant.interfaces.render_patient import (
    check_json,
    examination_text,
    findings_json,
    more_json,
    pathways_json,
)
from assistant.interfaces.render_role import (
    explained_json,
    lead_text,
    reasons_text,
    terms_of,
    terms_text,
)
from assistant.retrieval.hits import Hit

HEADINGS = {
    QuoteRole.DIRECT: "Answer",
    QuoteRole.DO: "What to do",
    QuoteRole.AVOID: "What not to do",
    QuoteRole.TIMING: "When",
    QuoteRole.CONDITION: "If … then",
    QuoteRole.MONITOR: "What to watch for",
    QuoteRole.CAVEAT: "Caution",
    QuoteRole.BACKGROUND: "Background",
}
NOT_COVERED = "Not covered: the library has no statement that answers this question."
OUT_OF_SCOPE = "Outside this library's field: it has no documents on this subject."
NEAREST = "Nearest passages (not an answer):"
SAID_MISSING = "What the library says it does not cover"
REWORDED = "In other words (by {writer}, not quoted; read the quotations below)"


def to_json(
    consultation: Consultation, asked_with: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The object that ``ask --json`` prints; a batch gives its line's id in ``asked_with``."""
    answer, examination = consultation.answer, consultation.examination
    plain = {
        **(asked_with or {}),
        "question": consultation.question,
        "outcome": answer.outcome.value,
        "confidence": round(answer.confidence, 4),
        "direct": list(answer.direct),
        "quotes": [_quote_json(quote) for quote in answer.quotes],
        "nearest": [_quote_json(quote) for quote in answer.nearest],
        "statements": [
            {"text": said.text, "quotes": list(said.quotes), "verbatim": said.verbatim}
            for said in answer.statements
        ],
        "note": answer.note,
        "notices": notices_json(consultation.notices),
        "emergency": EMERGENCY if is_emergency(consultation.question) else None,
        "parts": [
            {
                "question": part.question,
                "outcome": part.outcome.value,
                "quotes": list(answer.numbers_of(part)),
                "nearest": list(answer.gaps_of(part)),
            }
            for part in answer.parts
        ],
        "disagreements": disagreements_json(consultation.disagreements),
        "findings": findings_json(examination.case),
        "pathways": pathways_json(examination.evaluations, consultation.rule_quotes),
        "check": check_json(consultation.check),
        **more_json(examination),
        **explained_json(consultation),
        "references": {
            key: source.citation for key, source in sorted(consultation.references.items())
        },
        "generation": consultation.generation,
        "writer": answer.writer,
        "timing_ms": {name: round(ms, 1) for name, ms in consultation.timing_ms.items()},
    }
    return with_certificate(plain, consultation.certificate)


def part_lines(answer: Answer) -> list[str]:
    """What was asked, part by part, each with the quotes that answer it."""
    return [
        f"{part.question}: "
        + (
            f"see {', '.join(map(str, answer.numbers_of(part)))}"
            if part.outcome is Outcome.ANSWERED
            else "not covered by the library"
        )
        for part in answer.parts
    ]


def hits_json(query: str, hits: tuple[Hit, ...]) -> dict[str, Any]:
    """The object that ``search --json`` prints."""
    return {
        "query": query,
        "hits": [
            {
                "rank": hit.rank,
                "document": hit.passage.doc_id,
                "passage": hit.passage.passage_id,
                "title": hit.passage.title,
                "section": hit.passage.section,
                "start": hit.passage.span.start,
                "end": hit.passage.span.end,
                "text": hit.passage.text,
                "score": round(hit.score, 6),
            }
            for hit in hits
        ],
    }


def to_text(consultation: Consultation) -> str:
    """The answer for a terminal; quoted words stand in double angle marks."""
    answer = consultation.answer
    safety = [quote for quote in answer.quotes if quote.added is Added.SAFETY]
    lines = [*notices_text(consultation.notices), *lead_text(consultation)]
    for quote in safety:
        lines += [*_quote_lines(quote), *terms_of(quote, consultation)]
    lines += _statement_lines(answer)
    if answer.parts:
        lines += ["", "You asked", *(f"  - {line}" for line in part_lines(answer))]
    if answer.outcome is Outcome.ANSWERED:
        heading = None
        for quote in answer.quotes:
            if quote in safety:
                continue
            if quote.role is not heading:
                heading = quote.role
                lines += ["", HEADINGS[heading]]
            lines += [*_quote_lines(quote), *terms_of(quote, consultation)]
        if answer.nearest:
            lines += ["", SAID_MISSING]
            for quote in answer.nearest:
                lines += _quote_lines(quote, number="")
    else:
        lines += ["", NOT_COVERED if answer.outcome is Outcome.NOT_COVERED else OUT_OF_SCOPE]
        if is_emergency(consultation.question):
            lines.append(EMERGENCY)
        if answer.nearest:
            lines += ["", NEAREST]
            for quote in answer.nearest:
                lines += _quote_lines(quote)
    lines += disagreements_text(consultation.disagreements)
    lines += [*reasons_text(consultation), *terms_text(consultation)]
    if consultation.references:
        lines += ["", "Sources"]
        lines += [f"  {key}: {s.citation}" for key, s in sorted(consultation.references.items())]
    if is_checked(consultation.examination, consultation.check, answer.outcome):
        patient = examination_text(consultation.examination, consultation.check, quoted=True)
        lines += ["", patient]
    elif consultation.examination.case.about_patient:
        lines += ["", NOTHING_TO_CHECK]
    lines += ["", f"Library generation {consultation.generation}. For health professionals."]
    return "\n".join(lines).strip()


def hits_text(hits: tuple[Hit, ...]) -> str:
    """Search results for a terminal."""
    if not hits:
        return "Nothing found."
    return "\n\n".join(
        f"{hit.rank}. {_place(hit.passage.title, hit.passage.section)}\n"
        f"   {hit.passage.doc_id} {hit.passage.span.start}–{hit.passage.span.end}\n"
        f"   {' '.join(hit.passage.text.split())}"
        for hit in hits
    )


def statuses(answer: Answer, said: Statement) -> tuple[str, ...]:
    """What the quotes that a statement rests on are marked with: a rewording does not lose it."""
    marked = [quote.status for quote in answer.quotes if quote.number in said.quotes]
    return tuple(dict.fromkeys(status for status in marked if status))


def _statement_lines(answer: Answer) -> list[str]:
    """A language model's words, where there are some, and what became of it."""
    lines = []
    if answer.statements:
        lines.append(REWORDED.format(writer=answer.writer))
        for said in answer.statements:
            numbers = "".join(f"[{number}]" for number in said.quotes)
            words = f"«{said.text}»" if said.verbatim else said.text
            marks = "".join(f" ({status})" for status in statuses(answer, said))
            lines.append(f"  ~ {words} {numbers}{marks}")
    if answer.note:
        lines.append(f"Note: {answer.note}")
    return lines


def _quote_lines(quote: Quote, number: str | None = None) -> list[str]:
    marks = [quote.status or "", *quote.sources]
    known = ", ".join(mark for mark in marks if mark)
    page = f", page {quote.page}" if quote.page is not None else ""
    return [
        f"  {f'[{quote.number}] ' if number is None else number}«{quote.text}»",
        f"      {_place(quote.title, quote.section)}{page}{f' ({known})' if known else ''}",
    ]


def _place(title: str, section: str) -> str:
    return f"{title} › {section}" if section else title


def _quote_json(quote: Quote) -> dict[str, Any]:
    return {
        "number": quote.number,
        "text": quote.text,
        "document": quote.doc_id,
        "title": quote.title,
        "section": quote.section,
        "start": quote.span.start,
        "end": quote.span.end,
        "page": quote.page,
        "role": quote.role.value,
        "population": quote.population,
        "strength": quote.strength,
        "certainty": quote.certainty,
        "sources": list(quote.sources),
        "status": quote.status,
        "score": round(quote.score, 6),
        "added": quote.added.value if quote.added else None,
        "sha256": hash_text(quote.text),
    }
