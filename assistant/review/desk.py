"""Where things are submitted, taken up, approved and rejected, each act in the audit trail."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.accounts.account import Account
from assistant.errors import ReviewRefusedError, SettingsError
from assistant.review import audit
from assistant.review.barring import Library, why_barred
from assistant.review.database import Database
from assistant.review.identity import (
    answer_fingerprint,
    canonical,
    digest,
    keyed_digest,
    normalise_question,
    question_key,
    question_of,
    without_extras,
)
from assistant.review.item import Item, Kind, State, stand
from assistant.review.rows import item_of, read_items
from assistant.review.tables import ItemRow, SecretRow

LONGEST_COMMENT = 2000
_ABOUT_PATIENT = (
    "It tells of a patient, and what is kept for review must not. Ask the general question and "
    "submit that answer, or allow it with the setting 'review_patients'."
)
_FROM = {
    "start": (State.SUBMITTED, State.APPROVED, State.REJECTED),
    "approve": (State.UNDER_REVIEW,),
    "reject": (State.SUBMITTED, State.UNDER_REVIEW, State.APPROVED),
}


@dataclass(frozen=True, slots=True)
class Rules:
    """``own``: who submits may approve; ``patients``: text about patients may be kept;
    ``days`` an approval lasts where no other day is named."""

    own: bool = False
    patients: bool = False
    days: int = 365


@dataclass(frozen=True, slots=True)
class Standing:
    """An item with where it stands now."""

    item: Item
    state: State


@dataclass(frozen=True, slots=True)
class Dossier:
    """An item with all that a reviewer needs; ``barred`` says why it cannot be approved now."""

    standing: Standing
    barred: tuple[str, ...]
    entries: tuple[audit.Entry, ...]


class Desk:
    """One database over one library. Every act names the account that does it."""

    def __init__(
        self,
        database: Database,
        library: Library,
        rules: Rules | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database, self._library, self._now = database, library, now
        self.rules = rules or Rules()

    def submit_answer(self, plain: Mapping[str, Any], by: Account) -> Item:
        """Send an answer, as ``ask --json`` gives it, for review. Raises ReviewRefusedError, and
        CertificateError for what is no such answer."""
        answer = without_extras(plain)
        faults = self._library.faults_of_answer(answer)
        if faults:
            raise ReviewRefusedError(f"The answer does not hold: {'; '.join(faults)}. Ask again.")
        if not answer["quotes"]:
            raise ReviewRefusedError("The answer quotes nothing, so there is nothing to approve.")
        question = str(answer["question"])
        history = answer["certificate"]["settings"]["history"]
        earlier = tuple(str(turn["content"]) for turn in history if turn["role"] == "user")
        if not self.rules.patients and self._library.tells_of_patient(question, earlier):
            raise ReviewRefusedError(_ABOUT_PATIENT)
        return self._submit(
            ItemRow(
                kind=Kind.ANSWER,
                key=question_key(answer),
                fingerprint=answer_fingerprint(answer),
                title=_clean(question_of(answer)),
                quoted=canonical(answer["certificate"]["documents"]),
                content=canonical(answer),
            ),
            by,
        )

    def submit_document(self, doc_id: str, by: Account) -> Item:
        """Send a document as it now is for review. Raises UnknownDocument- and
        ReviewRefusedError."""
        record = self._library.document(doc_id)
        return self._submit(
            ItemRow(
                kind=Kind.DOCUMENT,
                key=doc_id,
                fingerprint=digest([doc_id, record.checksum]),
                title=_clean(record.title),
                quoted=canonical({doc_id: record.checksum}),
                content=None,
            ),
            by,
        )

    def start(self, item_id: int, by: Account) -> Item:
        """Take an item up, or up again."""
        with self._database.writing() as session:
            row = self._take(session, item_id, "start", by)
            row.state, row.reviewer = State.UNDER_REVIEW, by.name
            row.decided_by = row.decided_on = row.until = row.comment = None
            return self._record(session, row, "start", by)

    def approve(
        self, item_id: int, by: Account, comment: str = "", until: date | None = None
    ) -> Item:
        """Approve an item until a day. Raises ReviewRefusedError while any check fails."""
        today = self._now().date()
        until = until or today + timedelta(days=self.rules.days)
        if until < today:
            raise SettingsError(f"{until} has passed: an approval lasts until a day to come.")
        comment = self._check_comment(comment)
        barred = self._why_barred(self.find(item_id), by)
        with self._database.writing() as session:
            row = self._take(session, item_id, "approve", by)
            if barred:
                raise ReviewRefusedError(f"Item {item_id} cannot be approved: {'; '.join(barred)}.")
            row.state, row.until = State.APPROVED, until.isoformat()
            row.decided_by, row.decided_on, row.comment = by.name, today.isoformat(), comment
            return self._record(session, row, "approve", by)

    def reject(self, item_id: int, by: Account, comment: str) -> Item:
        """Reject an item, or take its approval back, and say why."""
        comment = self._check_comment(comment)
        if not comment:
            raise SettingsError("Say in a comment why it is rejected.")
        with self._database.writing() as session:
            row = self._take(session, item_id, "reject", by)
            row.state, row.until = State.REJECTED, None
            row.decided_by, row.decided_on = by.name, self._now().date().isoformat()
            row.comment = comment
            return self._record(session, row, "reject", by)

    def list(self, state: State | None = None) -> tuple[Standing, ...]:
        """Every item, or those that stand so now, the newest last."""
        return self._standing(state, whole=False)

    def export(self, state: State | None = None) -> tuple[Standing, ...]:
        """As ``list``, with the content of each."""
        return self._standing(state, whole=True)

    def _standing(self, state: State | None, *, whole: bool) -> tuple[Standing, ...]:
        with self._database.reading() as session:
            items = read_items(session, whole=whole)
        stands = (self._stand(item) for item in items)
        return tuple(one for one in stands if state is None or one.state is state)

    def find(self, item_id: int) -> Item:
        """An item with its content. Raises SettingsError where there is none."""
        with self._database.reading() as session:
            return item_of(_get(session, item_id), whole=True)

    def open(self, item_id: int, by: Account | None = None) -> Dossier:
        """An item with its checks made now and its entries in the audit trail."""
        item = self.find(item_id)
        with self._database.reading() as session:
            entries = audit.read_trail(session, item_id)
        return Dossier(self._stand(item), self._why_barred(item, by), entries)

    def trail(self) -> tuple[audit.Entry, ...]:
        """The whole audit trail in order."""
        with self._database.reading() as session:
            return audit.read_trail(session)

    def inspect_trail(self, anchor: tuple[int, str] | None = None) -> audit.Trail:
        """Whether the audit trail is as it was written."""
        with self._database.reading() as session:
            return audit.inspect_trail(session, anchor)

    def _stand(self, item: Item) -> Standing:
        return Standing(item, stand(item, self._library.checksum, self._now().date()))

    def _submit(self, row: ItemRow, by: Account) -> Item:
        row.state, row.submitted_by = State.SUBMITTED, by.name
        row.submitted_at = self._now().isoformat(timespec="seconds")
        row.entry = 0
        with self._database.writing() as session:
            same = select(ItemRow).where(
                ItemRow.kind == row.kind,
                ItemRow.key == row.key,
                ItemRow.fingerprint == row.fingerprint,
                ItemRow.quoted == row.quoted,
                ItemRow.state != State.REJECTED,
            )
            before = session.scalars(same.order_by(ItemRow.id.desc()).limit(1)).first()
            if before is not None:
                raise ReviewRefusedError(
                    f"It was submitted before: see item {before.id} ({before.state})."
                )
            session.add(row)
            session.flush()
            return self._record(session, row, "submit", by)

    def _take(self, session: Session, item_id: int, act: str, by: Account) -> ItemRow:
        """The row to change, where this account may do this to it."""
        row = _get(session, item_id)
        if not by.may_review:
            raise SettingsError(f"'{by.name}' is no reviewer, so cannot {act} anything.")
        if row.state not in _FROM[act]:
            hint = " Start its review first." if act == "approve" else ""
            raise ReviewRefusedError(f"Item {item_id} is {row.state}: cannot {act} it.{hint}")
        return row

    def _record(self, session: Session, row: ItemRow, act: str, by: Account) -> Item:
        details: dict[str, Any] = {
            "kind": row.kind,
            "state": row.state,
            "fingerprint": row.fingerprint,
            "until": row.until,
            "comment": row.comment,
        }
        if row.kind == Kind.DOCUMENT:
            details["document"] = row.key
        elif self.rules.patients:
            details["question"] = row.title
        else:
            secret = session.get_one(SecretRow, 1).key
            details["question_hash"] = keyed_digest(secret, normalise_question(row.title))
        audit.append(session, by.name, act, row, details)
        return item_of(row)

    def _why_barred(self, item: Item, by: Account | None) -> tuple[str, ...]:
        own = by is not None and by.name == item.submitted_by and not self.rules.own
        against = ("who submits cannot approve, so another reviewer must",) if own else ()
        return (*against, *why_barred(item, self._library))

    def _check_comment(self, comment: str) -> str:
        plain = _clean(comment)
        if len(plain) > LONGEST_COMMENT:
            raise SettingsError(
                f"The comment has {len(plain):,} characters; at most {LONGEST_COMMENT:,} are kept."
            )
        if not self.rules.patients and self._library.tells_of_patient(plain):
            raise SettingsError(
                "The comment seems to tell of a patient. Leave that out: comments are kept."
            )
        return plain


def _get(session: Session, item_id: int) -> ItemRow:
    row = session.get(ItemRow, item_id) if 0 < item_id < 2**31 else None
    if row is None:
        raise SettingsError(
            f"There is no item {item_id}. 'review list' shows those that there are."
        )
    return row


def _clean(text: str) -> str:
    """A text without what no database keeps, such as NUL and lone surrogates."""
    kept = (c for c in text if c in "\n\t" or c.isprintable())
    return "".join(kept).strip()
