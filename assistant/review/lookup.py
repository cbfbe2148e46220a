"""What an answer and its documents were found to be in review, looked up beside every answer.

It is quick, and it never stands in the way: where the database does not answer, that is said, and
it is left alone for a while.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session

from assistant.errors import AssistantError
from assistant.review.database import Database
from assistant.review.identity import answer_fingerprint, question_key
from assistant.review.item import Kind, State, is_over
from assistant.review.known import UNAVAILABLE, Known, Reviewed
from assistant.review.tables import ItemRow

_REST_S = 15.0
_DECIDED = (State.APPROVED, State.REJECTED)
_COLUMNS = (
    ItemRow.id,
    ItemRow.kind,
    ItemRow.key,
    ItemRow.fingerprint,
    ItemRow.quoted,
    ItemRow.state,
    ItemRow.decided_by,
    ItemRow.decided_on,
    ItemRow.until,
    ItemRow.comment,
    ItemRow.entry,
)


class Lookup:
    """Reads what was decided; safe to use from several threads."""

    def __init__(
        self,
        database: Database,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._today, self._clock = database, today, clock
        self._lock = threading.Lock()
        self._resting_until = 0.0

    def of_answer(self, plain: Mapping[str, Any], checksums: Mapping[str, str]) -> Reviewed:
        """What is known of an answer, as ``ask --json`` gives it, and of the documents that it
        quotes; ``checksums`` are theirs."""
        if "certificate" not in plain:
            return self.of_documents(checksums)
        key = question_key(plain)
        same = answer_fingerprint(plain), plain["certificate"]["documents"]

        def read(session: Session) -> Reviewed:
            rows = _read(session, key, tuple(checksums))
            answers = [row for row in rows if row.kind == Kind.ANSWER]
            return Reviewed(
                _know_answer(answers, *same, self._today()),
                _know_documents(rows, checksums, self._today()),
            )

        return self._ask(read)

    def of_documents(self, checksums: Mapping[str, str]) -> Reviewed:
        """What is known of some documents, or of many; ``checksums`` are by id."""

        def read(session: Session) -> Reviewed:
            some = tuple(checksums) if len(checksums) <= 500 else None
            rows = _read(session, None, some)
            return Reviewed(documents=_know_documents(rows, checksums, self._today()))

        return self._ask(read)

    def _ask(self, read: Callable[[Session], Reviewed]) -> Reviewed:
        with self._lock:
            if self._clock() < self._resting_until:
                return Reviewed(unavailable=UNAVAILABLE)
        try:
            with self._database.reading() as session:
                return read(session)
        except AssistantError:
            with self._lock:
                self._resting_until = self._clock() + _REST_S
            return Reviewed(unavailable=UNAVAILABLE)


def _read(session: Session, key: str | None, doc_ids: Sequence[str] | None) -> list[Row[Any]]:
    """The answers to a question and the documents asked for, in the order of their last entry."""
    documents = ItemRow.kind == Kind.DOCUMENT
    if doc_ids is not None:
        documents = and_(documents, ItemRow.key.in_(doc_ids))
    wanted = documents
    if key is not None:
        wanted = or_(documents, and_(ItemRow.kind == Kind.ANSWER, ItemRow.key == key))
    return list(session.execute(select(*_COLUMNS).where(wanted).order_by(ItemRow.entry)))


def _know_answer(
    rows: Sequence[Row[Any]], fingerprint: str, quoted: Mapping[str, str], today: date
) -> Known | None:
    """What was last decided on this very answer; else, of another answer to the same question
    that was approved, that this one needs review; else where it stands undecided."""
    same = [r for r in rows if r.fingerprint == fingerprint and json.loads(r.quoted) == quoted]
    decided = [row for row in same if row.state in _DECIDED]
    if decided:
        return _know(decided[-1], today)
    approved = [row for row in rows if row.state == State.APPROVED]
    if approved and not same:
        return _needs_review(approved[-1])
    return Known(State(same[-1].state)) if same else None


def _know_documents(
    rows: Sequence[Row[Any]], checksums: Mapping[str, str], today: date
) -> dict[str, Known]:
    known: dict[str, Known] = {}
    by_document: dict[str, list[Row[Any]]] = {}
    for row in rows:
        if row.kind == Kind.DOCUMENT:
            by_document.setdefault(row.key, []).append(row)
    for doc_id in by_document.keys() & checksums.keys():
        own, checksum = by_document[doc_id], checksums[doc_id]
        same = [row for row in own if json.loads(row.quoted) == {doc_id: checksum}]
        decided = [row for row in same if row.state in _DECIDED]
        approved = [row for row in own if row.state == State.APPROVED]
        if decided:
            known[doc_id] = _know(decided[-1], today)
        elif same:
            known[doc_id] = Known(State(same[-1].state))
        elif approved:
            known[doc_id] = _needs_review(approved[-1])
    return known


def _know(row: Row[Any], today: date) -> Known:
    status = State(row.state)
    if status is State.APPROVED and is_over(row.until, today):
        status = State.EXPIRED
    return Known(status, row.decided_by, row.decided_on, row.until, row.comment or None)


def _needs_review(row: Row[Any]) -> Known:
    return Known(State.NEEDS_REVIEW, row.decided_by, row.decided_on, row.until)
