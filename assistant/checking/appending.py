"""Quotes that are put at the end of a checked answer are checked as well."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.answering.answer import Added, Answer, Quote, QuoteRole
from assistant.checking.check import Check, IssueKind, Said, Weight, with_issues
from assistant.checking.examination import Examination, Examiner

_BARRED = {IssueKind.CONTRAINDICATED, IssueKind.PREMATURE}


@dataclass(frozen=True, slots=True)
class Appended:
    """The answer with what was added to it, and the check of the whole."""

    answer: Answer
    check: Check


def sift(
    quotes: Sequence[Quote], examination: Examination, examiner: Examiner
) -> tuple[Quote, ...]:
    """Those that advise nothing that this patient must not have."""
    check = examiner.check(examination, _said(quotes, 1))
    barred = {
        number
        for issue in check.issues
        if issue.kind in _BARRED or issue.weight is Weight.STOP
        for number in issue.quotes
    }
    return tuple(quote for number, quote in enumerate(quotes, start=1) if number not in barred)


def append(
    answer: Answer,
    check: Check,
    quotes: Sequence[Quote],
    added: Added,
    role: QuoteRole,
    examination: Examination,
    examiner: Examiner,
) -> Appended:
    """The answer with further quotes after its own; what the check says of them joins the rest."""
    first = len(answer.quotes) + 1
    numbered = tuple(
        replace(quote, number=number, added=added, role=role)
        for number, quote in enumerate(quotes, start=first)
    )
    found = examiner.check(examination, _said(numbered, first))
    own = [issue for issue in found.issues if issue.quotes]
    return Appended(
        replace(answer, quotes=(*answer.quotes, *numbered)),
        with_issues(check, own) if own else check,
    )


def _said(quotes: Sequence[Quote], first: int) -> tuple[Said, ...]:
    return tuple(
        Said(number, quote.text, quote.doc_id, quote.span, quote.status)
        for number, quote in enumerate(quotes, start=first)
    )
