"""Every quote is read again from its document; one that is not there word for word is refused."""

from collections.abc import Callable, Mapping

from assistant.answering.answer import Answer, Quote, Statement
from assistant.answering.guard import Guard
from assistant.errors import VerificationError


def verify_answer(
    answer: Answer, read_text: Callable[[str], str], guard: Guard | None = None
) -> Answer:
    """The same answer, proved. ``read_text`` gives a document's text by id.

    ``guard`` holds its statements against their quotes; without one no synonym of a field is
    known. Raises VerificationError naming the quote or statement that fails.
    """
    for quote in (*answer.quotes, *answer.nearest):
        verify_quote(quote, read_text(quote.doc_id))
    if [quote.number for quote in answer.quotes] != list(range(1, len(answer.quotes) + 1)):
        raise VerificationError("The answer's quotes are not numbered 1, 2, 3 …")
    numbers = {quote.number for quote in answer.quotes}
    if not set(answer.direct) <= numbers:
        raise VerificationError("The answer names a quote that it does not have.")
    texts = {quote.number: quote.text for quote in answer.quotes}
    for statement in answer.statements:
        verify_statement(statement, texts, guard or Guard())
    return answer


def verify_statement(statement: Statement, quotes: Mapping[int, str], guard: Guard) -> None:
    """Raises VerificationError where a statement says more than its quotes, given by number."""
    if statement.verbatim:
        if [quotes.get(number) for number in statement.quotes] != [statement.text]:
            raise VerificationError(f"'{statement.text}' is not the quote that it names.")
        return
    refusals = guard.check_statement(statement.text, statement.quotes, quotes)
    if refusals:
        why = ", ".join(f"{refusal.reason}: {refusal.about}" for refusal in refusals)
        raise VerificationError(f"'{statement.text}' says what its quotes do not ({why}).")


def verify_quote(quote: Quote, text: str) -> None:
    """Raises VerificationError unless the document's text at the quote's span is the quote."""
    if quote.span.end > len(text) or quote.span.of(text) != quote.text or not quote.text.strip():
        raise VerificationError(
            f"Quote {quote.number} is not in document '{quote.doc_id}' at characters "
            f"{quote.span.start} to {quote.span.end}. The store is damaged: make it again with "
            "'python -m assistant ingest corpus --rebuild'."
        )
