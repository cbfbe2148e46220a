"""One person's visit to the page: what was asked and answered, held in memory only."""

import logging
import re
import secrets
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from assistant.answering.answer import Answer, Quote
from assistant.consultation import Consultation, Turn, with_context
from assistant.documents.document import Description
from assistant.errors import AssistantError, UnknownDocumentError
from assistant.interfaces.ui_answer import (
    render_answer,
    render_error,
    render_question,
    render_searching,
)
from assistant.interfaces.ui_source import render_missing, render_source
from assistant.retrieval.index import StoredDocument

_LINK = re.compile(r"cite-([0-9a-f]+)-([0-9]{1,6})")
_UNEXPECTED = (
    "Something went wrong in the program. Try again; if it happens again, tell whoever runs it."
)
_log = logging.getLogger(__name__)


class AsksAndOpens(Protocol):
    """What the page needs of an assistant."""

    def ask(self, question: str, *, history: Sequence[Turn] = ()) -> Consultation: ...

    def document(self, doc_id: str) -> StoredDocument: ...


@dataclass(frozen=True, slots=True)
class Session:
    """``messages`` (role, HTML) are what the chat shows; ``answers`` what its numbers open."""

    messages: tuple[tuple[str, str], ...] = ()
    turns: tuple[Turn, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def saying(self, role: str, html: str) -> "Session":
        """With one more message."""
        return replace(self, messages=(*self.messages, (role, html)))


def converse(
    assistant: AsksAndOpens, session: Session, question: str
) -> Iterator[tuple[Session, Session, str]]:
    """What to show, what to keep and what to leave in the box: first at once, then answered."""
    if not question.strip():
        yield session, session, ""
        return
    asked = session.saying("user", render_question(question))
    yield asked.saying("assistant", render_searching()), session, ""
    answer_id = secrets.token_hex(4)
    try:
        consultation = assistant.ask(question, history=session.turns)
        descriptions = _find_descriptions(assistant, consultation.answer)
        html = render_answer(consultation, answer_id, descriptions, _earlier(session, question))
    except Exception as error:
        failed = asked.saying("assistant", render_error(_explain(error)))
        yield failed, failed, question
        return
    answer = consultation.answer
    words = "\n".join(quote.text for quote in answer.quotes)
    answered = replace(
        asked.saying("assistant", html),
        turns=(*session.turns, Turn("user", question), Turn("assistant", words)),
        answers={**session.answers, answer_id: answer},
    )
    yield answered, answered, ""


def open_source(assistant: AsksAndOpens, session: Session, link: str) -> str:
    """The panel for a number's link; the document is read from the library there and then."""
    found = _LINK.fullmatch(link)
    answer_id, number = (found[1], int(found[2])) if found else ("", 0)
    quotes = _quotes(session.answers.get(answer_id))
    chosen = next((quote for quote in quotes if quote.number == number), None)
    if chosen is None:
        return render_missing(
            "This answer is from an earlier visit, of which nothing is kept. Ask again to open "
            "its sources."
        )
    try:
        document = assistant.document(chosen.doc_id)
        alongside = [quote for quote in quotes if quote.doc_id == chosen.doc_id]
        return render_source(document, alongside, chosen, answer_id)
    except UnknownDocumentError:
        return render_missing(
            f"“{chosen.title}” is no longer in the library: it was removed after this answer was "
            "given. Do not rely on the quote."
        )
    except Exception as error:
        return render_missing(_explain(error))


def _quotes(answer: Answer | None) -> tuple[Quote, ...]:
    return (answer.quotes or answer.nearest) if answer else ()


def _explain(error: Exception) -> str:
    """Our own errors are written for people; any other is logged, but without its message.

    The message of a foreign error may repeat the question, which must not be kept.
    """
    if isinstance(error, AssistantError):
        return str(error)
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("the page met an unexpected %s\n%s", type(error).__name__, where)
    return _UNEXPECTED


def _earlier(session: Session, question: str) -> str | None:
    """The question that a follow-up is read together with, if it is."""
    if with_context(question, session.turns) == question:
        return None
    return next(turn.content for turn in reversed(session.turns) if turn.role == "user")


def _find_descriptions(assistant: AsksAndOpens, answer: Answer) -> dict[str, Description]:
    descriptions = {}
    for doc_id in {quote.doc_id for quote in answer.quotes}:
        try:
            descriptions[doc_id] = assistant.document(doc_id).record.description
        except UnknownDocumentError:
            continue
    return descriptions
