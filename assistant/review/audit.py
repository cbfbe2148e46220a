"""The audit trail: who did what and when, each entry bound to the one before by its hash.

It can only grow: the database refuses to change or delete an entry, and ``inspect_trail`` finds
what was altered all the same. Who could alter the whole database could also forge the whole trail:
note its last hash elsewhere from time to time, and give it to ``inspect_trail``.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.review.identity import canonical, digest
from assistant.review.tables import AuditRow, HeadRow, ItemRow

NONE_BEFORE = "0" * 64
_MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One act; ``seq`` counts from 1. ``details`` hold no text of a patient."""

    seq: int
    at: str
    actor: str
    action: str
    item: int | None
    details: Mapping[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Trail:
    """What an inspection found: the number of entries, the last one's hash, what is wrong."""

    entries: int
    head: str
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def append(
    session: Session, actor: str, action: str, row: ItemRow, details: Mapping[str, Any]
) -> None:
    """One more entry, about an item as it now is; ``session`` is one of ``Database.writing``."""
    head = session.get_one(HeadRow, 1)
    row.entry = head.seq + 1
    entry = AuditRow(
        seq=head.seq + 1,
        at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        actor=actor,
        action=action,
        item=row.id,
        details=canonical({**details, "row": _row_digest(row)}),
        previous=head.hash,
    )
    entry.hash = _hash(entry)
    session.add(entry)
    head.seq, head.hash = entry.seq, entry.hash
    session.flush()


def read_trail(session: Session, item: int | None = None) -> tuple[Entry, ...]:
    """Every entry in order, or those about an item."""
    query = select(AuditRow).order_by(AuditRow.seq)
    if item is not None:
        query = query.where(AuditRow.item == item)
    return tuple(_entry(row) for row in session.scalars(query))


def inspect_trail(session: Session, anchor: tuple[int, str] | None = None) -> Trail:
    """Whether the trail and what it tells of are as they were written.

    ``anchor`` is the number and hash of an entry that were noted elsewhere.
    """
    faults: list[str] = []
    last: dict[int, AuditRow] = {}
    count, previous, anchored = 0, NONE_BEFORE, anchor is None
    query = select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=500)
    for row in session.scalars(query):
        count += 1
        if row.seq != count:
            faults.append(f"entry {count} is missing: the next is {row.seq}")
            count = row.seq
        elif row.previous != previous:
            faults.append(f"entry {row.seq} does not follow the one before it")
        if row.hash != _hash(row):
            faults.append(f"entry {row.seq} was altered")
        previous = row.hash
        anchored = anchored or (row.seq, row.hash) == anchor
        if row.item is not None:
            last[row.item] = row
    head = session.get(HeadRow, 1)
    if head is None or (head.seq, head.hash) != (count, previous):
        faults.append(f"the last entry should be {head.seq if head else '?'}, and is {count}")
    if anchor is not None and not anchored:
        faults.append(f"entry {anchor[0]} with the hash {anchor[1]} is not in the trail")
    faults += _inspect_items(session, last)
    if len(faults) > _MOST_TOLD:
        faults[_MOST_TOLD:] = [f"and {len(faults) - _MOST_TOLD} more"]
    return Trail(count, previous, tuple(faults))


def _inspect_items(session: Session, last: Mapping[int, AuditRow]) -> list[str]:
    """Items that are not as their last entry says."""
    faults = []
    known = set()
    for row in session.scalars(select(ItemRow).execution_options(yield_per=100)):
        known.add(row.id)
        entry = last.get(row.id)
        if entry is None or row.entry != entry.seq:
            faults.append(f"item {row.id} was changed without an entry")
        elif _details(entry).get("row") != _row_digest(row):
            faults.append(f"item {row.id} is not as entry {entry.seq} left it")
    return faults + [f"item {item} is missing" for item in sorted(last.keys() - known)]


def _entry(row: AuditRow) -> Entry:
    return Entry(
        row.seq, row.at, row.actor, row.action, row.item, _details(row), row.previous, row.hash
    )


def _details(row: AuditRow) -> Mapping[str, Any]:
    try:
        details = json.loads(row.details)
    except ValueError:
        return {}
    return details if isinstance(details, dict) else {}


def _hash(row: AuditRow) -> str:
    told: Sequence[Any] = (row.seq, row.at, row.actor, row.action, row.item, row.details)
    return digest({"entry": list(told), "previous": row.previous})


def _row_digest(row: ItemRow) -> str:
    """An item as a whole, its content by hash."""
    names = sorted(column.name for column in ItemRow.__table__.columns)
    plain = {name: getattr(row, name) for name in names}
    content = plain.pop("content")
    plain["content"] = content and hashlib.sha256(content.encode()).hexdigest()
    return digest(plain)
