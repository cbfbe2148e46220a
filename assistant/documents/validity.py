"""From when until when a document counts, and what may be quoted on a day."""

from datetime import date, timedelta
from enum import StrEnum

from assistant.documents.document import Description


class Standing(StrEnum):
    """``EXPIRED`` is still quoted, and says so; ``WITHDRAWN`` and ``NOT_YET`` never are."""

    CURRENT = "current"
    EXPIRED = "expired"
    NOT_YET = "not yet valid"
    WITHDRAWN = "withdrawn"

    @property
    def is_quotable(self) -> bool:
        """Whether a document of this standing may be quoted."""
        return self in (Standing.CURRENT, Standing.EXPIRED)


def tell_standing(description: Description, on: date) -> Standing:
    """A document's standing on a day; both its first and its last day count."""
    if description.withdrawn:
        return Standing.WITHDRAWN
    if description.valid_from and on < first_day(description.valid_from):
        return Standing.NOT_YET
    if description.valid_until and on > last_day(description.valid_until):
        return Standing.EXPIRED
    return Standing.CURRENT


def first_day(written: str) -> date:
    """The first day of a YYYY, YYYY-MM or YYYY-MM-DD."""
    return date.fromisoformat(f"{written}-01-01"[:10])


def last_day(written: str) -> date:
    """The last day of a YYYY, YYYY-MM or YYYY-MM-DD."""
    first = first_day(written)
    if len(written) == len("YYYY"):
        return first.replace(month=12, day=31)
    if len(written) == len("YYYY-MM"):
        return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first
