"""What signed-in people do in review from the page; who may do it is asked anew at each call."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from assistant.accounts.account import Account
from assistant.accounts.password_file import PasswordFile
from assistant.errors import AssistantError, QuestionError
from assistant.interfaces.render import to_json
from assistant.interfaces.ui_html import escape
from assistant.interfaces.ui_review import render_dossier, render_queue
from assistant.interfaces.ui_session import EARLIER_VISIT, Exchange, Message, explain
from assistant.review.desk import Desk
from assistant.review.item import State

_WAITING = (State.SUBMITTED, State.UNDER_REVIEW, State.EXPIRED, State.NEEDS_REVIEW)


class NotAllowedError(AssistantError):
    """This account may not do that."""


class Reviewing:
    """``open_desk`` is called once, when first needed; again where it failed."""

    def __init__(self, users: PasswordFile, open_desk: Callable[[], Desk] | None) -> None:
        self._users, self._open_desk = users, open_desk
        self._lock = threading.Lock()
        self._opened: Desk | None = None

    def account(self, name: str | None) -> Account:
        """The account that is signed in. Raises NotAllowedError."""
        account = self._users.find(name) if name else None
        if account is None:
            raise NotAllowedError("You are signed out. Load the page again.")
        return account

    def check_admin(self, name: str | None) -> None:
        """Raises NotAllowedError for who may not change the library."""
        if not self.account(name).may_change_library:
            raise NotAllowedError("Only an admin changes the library.")

    def greet(self, name: str | None) -> Message:
        """Who is signed in, for the page to show what that one may do."""
        try:
            account = self.account(name)
        except AssistantError as error:
            return {"kind": "account", "html": "", "spoken": str(error)}
        return {
            "kind": "account",
            "html": f'Signed in as <b>{escape(account.name)}</b> <a href="logout">Sign out</a>',
            "reviewer": account.may_review and self._open_desk is not None,
            "admin": account.may_change_library,
        }

    def queue(self, name: str | None) -> Message:
        """The list of what is under review."""
        try:
            self._reviewer(name)
            return self._queue()
        except Exception as error:
            return {"kind": "review", "html": "", "spoken": explain(error)}

    def open(self, name: str | None, item_id: Any) -> Message:
        """One item."""
        try:
            return self._dossier(self._reviewer(name), int(item_id))
        except Exception as error:
            return {"kind": "review", "html": "", "spoken": explain(error)}

    def decide(self, name: str | None, item_id: Any, act: str, comment: str, until: str) -> Message:
        """Take up, approve or reject an item, and show it again."""
        try:
            by, number = self._reviewer(name), int(item_id)
            if act == "start":
                self._desk().start(number, by)
                spoken = "Its review has begun."
            elif act == "approve":
                self._desk().approve(number, by, comment, _day(until))
                spoken = "Approved."
            elif act == "reject":
                self._desk().reject(number, by, comment)
                spoken = "Rejected."
            else:
                raise QuestionError("There is no such act.")
            return self._dossier(by, number) | {"spoken": spoken}
        except Exception as error:
            return {"kind": "review", "html": "", "spoken": explain(error)}

    def send_answer(self, name: str | None, answer_id: str, exchange: Exchange | None) -> Message:
        """An answer to the reviewers."""
        try:
            by = self.account(name)
            if exchange is None:
                raise QuestionError(EARLIER_VISIT)
            item = self._desk().submit_answer(to_json(exchange.consultation), by)
        except Exception as error:
            return {"kind": "sent", "answer": answer_id, "spoken": explain(error)}
        words = f"Sent for review as item {item.item_id}."
        return {"kind": "sent", "answer": answer_id, "spoken": words}

    def send_document(self, name: str | None, doc_id: str) -> Message:
        """A document to the reviewers."""
        try:
            item = self._desk().submit_document(doc_id, self.account(name))
        except Exception as error:
            return {"kind": "sent", "document": doc_id, "spoken": explain(error)}
        words = f"Sent for review as item {item.item_id}."
        return {"kind": "sent", "document": doc_id, "spoken": words}

    def _reviewer(self, name: str | None) -> Account:
        account = self.account(name)
        if not account.may_review:
            raise NotAllowedError("Only a reviewer sees what is under review.")
        return account

    def _desk(self) -> Desk:
        if self._open_desk is None:
            raise NotAllowedError("No review database is set.")
        with self._lock:
            if self._opened is None:
                self._opened = self._open_desk()
            return self._opened

    def _queue(self) -> Message:
        standings = self._desk().list()
        waiting = sum(one.state in _WAITING for one in standings)
        return {"kind": "review", "html": render_queue(standings), "waiting": waiting}

    def _dossier(self, by: Account, item_id: int) -> Message:
        dossier = self._desk().open(item_id, by)
        until = datetime.now(UTC).date() + timedelta(days=self._desk().rules.days)
        return {"kind": "review", "html": render_dossier(dossier, by, until), "item": item_id}


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QuestionError(f"“{text}” is no day.") from None
