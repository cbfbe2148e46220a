"""One person's visit to the page: what was asked and answered, held in memory only."""

import logging
import secrets
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.answering.answer import Outcome
from assistant.case.correcting import Correction
from assistant.consultation import Consultation
from assistant.documents.pages import PageView
from assistant.documents.passages import Passage
from assistant.errors import AssistantError, QuestionError
from assistant.followups import Turn, with_context
from assistant.interfaces.checked import is_checked
from assistant.interfaces.render import to_json
from assistant.interfaces.reviewed import NO_REVIEWS, Reviews
from assistant.interfaces.ui_answer import Shown, render_error, render_exchange
from assistant.interfaces.ui_check import WORDS
from assistant.interfaces.ui_evidence import render_evidence
from assistant.interfaces.ui_pathway import EMPTY as PATHWAY_EMPTY
from assistant.interfaces.ui_pathway import render_pathway
from assistant.interfaces.ui_patient import render_patient
from assistant.retrieval.hits import Hit
from assistant.retrieval.index import StoredDocument
from assistant.retrieval.records import DocumentRecord
from assistant.spans import Span
from assistant.truth import Truth

if TYPE_CHECKING:
    from assistant.retrieval.ingest import IngestReport

_UNEXPECTED = (
    "Something went wrong in the program. Try again; if it happens again, tell whoever runs it."
)
EARLIER_VISIT = (
    "This answer is from an earlier visit, of which nothing is kept. Ask again to open its sources."
)
_log = logging.getLogger(__name__)

Message = dict[str, Any]


class Serves(Protocol):
    """What the page needs of an assistant."""

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        corrections: Mapping[str, Correction] | None = None,
    ) -> Consultation: ...

    def suggest(
        self, consultation: Consultation, history: Sequence[Turn] = ()
    ) -> Sequence[str]: ...

    def document(self, doc_id: str) -> StoredDocument: ...

    def documents(self) -> tuple[DocumentRecord, ...]: ...

    def page_views(self, doc_id: str, span: Span) -> tuple[PageView, ...]: ...

    def passages(self, doc_id: str) -> tuple[Passage, ...]: ...

    def search(
        self, text: str, k: int = 10, doc_ids: frozenset[str] | None = None
    ) -> tuple[Hit, ...]: ...

    def add(
        self, paths: Sequence[Path], may_replace: Callable[[DocumentRecord], bool]
    ) -> "IngestReport": ...

    def remove(self, doc_ids: Sequence[str]) -> None: ...

    @property
    def generation(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer, and what was corrected of the findings in it."""

    answer_id: str
    consultation: Consultation
    corrections: Mapping[str, Correction] = field(default_factory=dict)

    @property
    def question(self) -> str:
        """As it was typed."""
        return self.consultation.question

    @property
    def turns(self) -> tuple[Turn, Turn]:
        """What a follow-up goes on from."""
        words = "\n".join(quote.text for quote in self.consultation.answer.quotes)
        return Turn("user", self.question, self.corrections), Turn("assistant", words)


@dataclass(frozen=True, slots=True)
class Session:
    """``visit`` counts the conversations of one page; only the present one is kept."""

    visit: int = 0
    exchanges: tuple[Exchange, ...] = ()

    def on(self, visit: int) -> "Session":
        """Itself, or a fresh one where a new conversation has begun."""
        return self if visit == self.visit else Session(visit)

    def find(self, answer_id: str) -> Exchange | None:
        """The exchange of that id."""
        return next((one for one in self.exchanges if one.answer_id == answer_id), None)

    def before(self, exchange: Exchange | None) -> tuple[Turn, ...]:
        """The turns up to an exchange, all where it is None."""
        end = self.exchanges.index(exchange) if exchange else len(self.exchanges)
        return tuple(turn for one in self.exchanges[:end] for turn in one.turns)


def ask(
    assistant: Serves, session: Session, question: str, reviews: Reviews = NO_REVIEWS
) -> tuple[Session, Message]:
    """The session with one more exchange, and what to show."""
    history = session.before(None)
    try:
        exchange, message = _consult(assistant, question, history, {}, reviews)
    except Exception as error:
        return session, _failed(question, explain(error), kept=True)
    return replace(session, exchanges=(*session.exchanges, exchange)), message


def correct(
    assistant: Serves,
    session: Session,
    answer_id: str,
    fact: str,
    value: str,
    reviews: Reviews = NO_REVIEWS,
) -> tuple[Session, Message]:
    """The exchange asked again with a finding as the reader says; "" takes a correction back."""
    exchange = session.find(answer_id)
    if exchange is None:
        return session, _failed("", EARLIER_VISIT)
    try:
        corrections = _corrected(exchange.corrections, fact, value)
        newer, message = _consult(
            assistant, exchange.question, session.before(exchange), corrections, reviews
        )
    except Exception as error:
        return session, {"kind": "refused", "spoken": explain(error)}
    exchanges = tuple(newer if one is exchange else one for one in session.exchanges)
    return replace(session, exchanges=exchanges), message | {"replaces": answer_id}


def waiting(place: int) -> Message:
    """What to show of a question that waits; 0 when its turn has come."""
    if not place:
        return {"kind": "waiting", "spoken": ""}
    before = "Yours is next." if place == 1 else f"Place {place} in the queue."
    return {"kind": "waiting", "spoken": f"Busy with others’ questions. {before}"}


def _corrected(
    corrections: Mapping[str, Correction], fact: str, value: str
) -> dict[str, Correction]:
    changed = dict(corrections)
    changed.pop(fact, None)
    presences = {"present": Truth.TRUE, "absent": Truth.FALSE, "unknown": Truth.UNKNOWN}
    if value in presences:
        changed[fact] = presences[value]
    elif value:
        try:
            changed[fact] = float(value)
        except ValueError:
            raise QuestionError(f"“{value}” is no number.") from None
    return changed


def _consult(
    assistant: Serves,
    question: str,
    history: Sequence[Turn],
    corrections: Mapping[str, Correction],
    reviews: Reviews,
) -> tuple[Exchange, Message]:
    started = time.perf_counter()
    consultation = assistant.ask(question, history=history, corrections=corrections)
    asked = time.perf_counter()
    exchange = Exchange(secrets.token_hex(4), consultation, corrections)
    message = _message(assistant, exchange, history, reviews)
    ended = time.perf_counter()
    message["ms"] = {"asked": (asked - started) * 1000, "drawn": (ended - asked) * 1000}
    return exchange, message


def _message(
    assistant: Serves, exchange: Exchange, history: Sequence[Turn], reviews: Reviews
) -> Message:
    """What the page's script puts in its places."""
    consultation, answer_id = exchange.consultation, exchange.answer_id
    records = {record.doc_id: record for record in assistant.documents()}
    answer, examination = consultation.answer, consultation.examination
    descriptions = {
        quote.doc_id: records[quote.doc_id].description
        for quote in answer.quotes
        if quote.doc_id in records
    }
    plain = to_json(consultation)
    reviewed = reviews.of_answer(assistant, plain)
    shown = Shown(
        answer_id,
        consultation,
        descriptions,
        len(records),
        _earlier(history, exchange.question),
        plain,
        len(exchange.corrections),
        reviewed,
        reviews.sendable,
    )
    checked = is_checked(examination, consultation.check, answer.outcome)
    # Where nothing was checked, nothing need be asked, nor is there a place on a pathway.
    asking = examination if checked else replace(examination, missing=(), calculated=())
    return {
        "kind": "answer",
        "answer": answer_id,
        "html": render_exchange(shown),
        "panes": {
            "evidence": render_evidence(consultation, answer_id, descriptions, reviewed.documents),
            "patient": render_patient(asking, answer_id),
            "pathway": render_pathway(examination, consultation.rule_quotes, answer_id)
            if checked or answer.outcome is Outcome.ANSWERED
            else PATHWAY_EMPTY,
        },
        "spoken": _speak(consultation),
    }


def _speak(consultation: Consultation) -> str:
    """The answer in a line, for a screen reader."""
    answer, examination = consultation.answer, consultation.examination
    count = len(answer.quotes)
    verdict = ""
    checked = is_checked(examination, consultation.check, answer.outcome)
    if checked and examination.case.about_patient:
        word, meaning = WORDS[consultation.check.verdict]
        verdict = f" {word}. {meaning}"
    if not count:
        return f"No answer: the library does not cover this.{verdict}"
    return f"Answered with {count} quote{'' if count == 1 else 's'}.{verdict}"


def _failed(question: str, message: str, *, kept: bool = False) -> Message:
    return {
        "kind": "failed",
        "html": render_error(question, message),
        "question": question if kept else "",
        "spoken": message,
    }


def explain(error: Exception) -> str:
    """Our own errors are written for people; any other is logged, but without its message.

    The message of a foreign error may repeat the question, which must not be kept.
    """
    if isinstance(error, AssistantError):
        return str(error)
    where = "".join(traceback.format_tb(error.__traceback__))
    _log.error("the page met an unexpected %s\n%s", type(error).__name__, where)
    return _UNEXPECTED


def _earlier(history: Sequence[Turn], question: str) -> str | None:
    """The question that a follow-up is read together with, if it is."""
    if with_context(question, history) == question:
        return None
    return next(turn.content for turn in reversed(history) if turn.role == "user")
