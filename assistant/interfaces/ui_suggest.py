"""What to ask next: questions that the library answers, near what was just answered."""

from collections.abc import Iterator, Sequence

from assistant.answering.answer import Answer, Outcome
from assistant.followups import Turn
from assistant.interfaces.ui_html import button
from assistant.interfaces.ui_session import Exchange, Serves
from assistant.retrieval.records import DocumentRecord

MOST_TRIED = 4
MOST_SHOWN = 3


def suggest(assistant: Serves, exchange: Exchange, history: Sequence[Turn] = ()) -> list[str]:
    """Questions that come with the library; where none do, headings that ask, each tried out.

    ``history`` is what came before the exchange.
    """
    found = list(assistant.suggest(exchange.consultation, history))
    return found or list(_try_headings(assistant, exchange.consultation.answer))


def render_next(questions: Sequence[str]) -> str:
    """Buttons that ask; empty where there is nothing to suggest."""
    if not questions:
        return ""
    buttons = "".join(button(question, "ask", question=question) for question in questions)
    return (
        f'<h3 class="label">The library also answers</h3><div class="suggestions">{buttons}</div>'
    )


def _try_headings(assistant: Serves, answer: Answer) -> Iterator[str]:
    """The headings of the quoted documents that are questions, with an answer of their own."""
    if answer.outcome is Outcome.OUT_OF_SCOPE:
        return
    quotes = answer.quotes or answer.nearest
    shown = {(quote.doc_id, quote.span) for quote in answer.quotes}
    records = {record.doc_id: record for record in assistant.documents()}
    headings: dict[str, None] = {}
    for doc_id in dict.fromkeys(quote.doc_id for quote in quotes):
        here = {quote.section for quote in quotes if quote.doc_id == doc_id}
        if doc_id in records:
            headings |= dict.fromkeys(_headings(records[doc_id], here))
    found = 0
    for heading in list(headings)[:MOST_TRIED]:
        tried = assistant.ask(heading).answer
        first = next(((quote.doc_id, quote.span) for quote in tried.quotes), None)
        if tried.outcome is Outcome.ANSWERED and first not in shown and found < MOST_SHOWN:
            found += 1
            shown.add((tried.quotes[0].doc_id, tried.quotes[0].span))
            yield heading


def _headings(record: DocumentRecord, here: set[str]) -> Iterator[str]:
    """The headings that are questions themselves."""
    for path, _ in record.sections:
        heading = path.split(" › ")[-1]
        if heading.endswith("?") and path not in here:
            yield heading
