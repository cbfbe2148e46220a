"""What is under review: an answer or a document, and where it stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What can be reviewed."""

    ANSWER = "answer"
    DOCUMENT = "document"


class State(StrEnum):
    """The first four are decided by people and kept; the last two follow from them by themselves:
    an approval's day has passed, or what it quotes is no longer as it was."""

    SUBMITTED = "submitted"
    UNDER_REVIEW = "under review"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    NEEDS_REVIEW = "needs review"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing under review, as it was submitted.

    ``key`` says what it is: of an answer the question and its settings, of a document its id.
    ``fingerprint`` changes with anything that a reviewer reads; ``quoted`` holds the checksum of
    each document that it rests on. ``content`` is an answer's JSON, where it was asked for. Dates
    are YYYY-MM-DD, times ISO 8601 in UTC; ``state`` is the one that was decided.
    """

    item_id: int
    kind: Kind
    key: str
    fingerprint: str
    title: str
    quoted: Mapping[str, str]
    state: State
    submitted_by: str
    submitted_at: str
    reviewer: str | None = None
    decided_by: str | None = None
    decided_on: str | None = None
    until: str | None = None
    comment: str | None = None
    content: Mapping[str, Any] | None = None


Checksum = Callable[[Kind, str], str | None]


def stand(item: Item, checksum: Checksum, today: date) -> State:
    """Where an item stands now; ``checksum`` is of a document as it is in the library."""
    if item.state is not State.APPROVED:
        return item.state
    if any(checksum(item.kind, doc_id) != then for doc_id, then in item.quoted.items()):
        return State.NEEDS_REVIEW
    if is_over(item.until, today):
        return State.EXPIRED
    return State.APPROVED


def is_over(until: str | None, today: date) -> bool:
    """Whether the last day of an approval has passed."""
    return until is not None and date.fromisoformat(until) < today
