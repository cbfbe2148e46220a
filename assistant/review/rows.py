"""Items as rows and back."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.review.item import Item, Kind, State
from assistant.review.tables import ItemRow


def item_of(row: ItemRow, *, whole: bool = False) -> Item:
    """The item of a row; ``whole`` reads its content too."""
    return Item(
        item_id=row.id,
        kind=Kind(row.kind),
        key=row.key,
        fingerprint=row.fingerprint,
        title=row.title,
        quoted=json.loads(row.quoted),
        state=State(row.state),
        submitted_by=row.submitted_by,
        submitted_at=row.submitted_at,
        reviewer=row.reviewer,
        decided_by=row.decided_by,
        decided_on=row.decided_on,
        until=row.until,
        comment=row.comment,
        content=json.loads(row.content) if whole and row.content else None,
    )


def read_items(session: Session, *, whole: bool = False) -> list[Item]:
    """Every item, the newest last; ``whole`` reads their content too."""
    rows = session.scalars(select(ItemRow).order_by(ItemRow.id))
    return [item_of(row, whole=whole) for row in rows]
