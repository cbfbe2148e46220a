"""What is told beside the quotes to a trainee or a patient → JSON and plain text.

All of it is in our own words and marked so; the quotes and their order are the clinician's.
"""

from collections.abc import Iterator
from typing import Any

from assistant.answering.answer import Added, Quote
from assistant.completion import Audience
from assistant.consultation import Consultation

SEEK_HELP = (
    "Get medical help now if you suddenly feel much worse, become drowsy or confused, have a "
    "fever, a fit, new weakness or numbness, trouble with sight, speech, bladder or bowel, or a "
    "sudden severe headache: call the emergency number or go to an emergency department."
)
QUOTED_SIGNS = "The library's own words on when to come back:"
NOT_A_DOCTOR = (
    "The quotations below were written for health professionals. They are not advice for you "
    "alone: talk them over with the people who treat you."
)
OURS = "in our words, not quotations"


def explained_json(consultation: Consultation) -> dict[str, Any]:
    """``role``, ``terms``, ``reasons``, ``reason_quotes`` and ``seek_help``; empty for clinicians.

    Every text in them is in our own words.
    """
    explained = consultation.explained
    patient = explained.audience is Audience.PATIENT
    return {
        "role": explained.audience.value,
        "terms": [
            {"term": term.term, "explanation": term.explanation, "quotes": list(term.quotes)}
            for term in explained.terms
        ],
        "reasons": [
            {
                "rule": reason.rule.id,
                "text": reason.rule.text,
                "because": [
                    {"concept": ground.fact, "said": list(ground.said), "why": ground.why}
                    for ground in reason.grounds
                ],
                "quotes": list(reason.quotes),
            }
            for reason in explained.reasons
        ],
        "reason_quotes": list(explained.reason_quotes),
        "seek_help": {"text": SEEK_HELP, "quotes": _safety(consultation)} if patient else None,
    }


def _safety(consultation: Consultation) -> list[int]:
    return [q.number for q in consultation.answer.quotes if q.added is Added.SAFETY]


def lead_text(consultation: Consultation) -> Iterator[str]:
    """What a patient reads first; the quotes that go with it follow."""
    if consultation.explained.audience is Audience.PATIENT:
        yield f"When to get help ({OURS})"
        yield f"  {SEEK_HELP}"
        yield f"  {NOT_A_DOCTOR}"
        if _safety(consultation):
            yield f"  {QUOTED_SIGNS}"


def terms_of(quote: Quote, consultation: Consultation) -> Iterator[str]:
    """The plain words for a quote's terms, under the quote, for a patient."""
    if consultation.explained.audience is Audience.PATIENT:
        for term in consultation.explained.terms:
            if quote.number in term.quotes:
                yield f"      In our words, {term.term}: {term.explanation}"


def terms_text(consultation: Consultation) -> Iterator[str]:
    """The definitions, after the quotes, for a trainee."""
    explained = consultation.explained
    if explained.audience is Audience.TRAINEE and explained.terms:
        yield ""
        yield f"Terms ({OURS})"
        for term in explained.terms:
            yield f"  {term.term}: {term.explanation} {_marks(term.quotes)}"


def reasons_text(consultation: Consultation) -> Iterator[str]:
    """Why, for a trainee."""
    explained = consultation.explained
    if explained.reasons or explained.reason_quotes:
        yield ""
        yield f"Why ({OURS})"
        for reason in explained.reasons:
            yield f"  {reason.rule.id}: {reason.rule.text} {_marks(reason.quotes)}".rstrip()
            for ground in reason.grounds:
                said = ", ".join(f"“{words}”" for words in ground.said)
                parts = [ground.fact, f"you wrote {said}" if said else "", ground.why or ""]
                yield f"      because of {'; '.join(part for part in parts if part)}"
        if explained.reason_quotes:
            yield f"  Quotes that say why themselves: {_marks(explained.reason_quotes)}"


def _marks(numbers: tuple[int, ...]) -> str:
    return f"[{', '.join(str(number) for number in numbers)}]" if numbers else ""
