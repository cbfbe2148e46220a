"""What is known of an answer and its documents in review."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.review.item import State

UNAVAILABLE = "Whether this was reviewed is not known: the review database does not answer."


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one thing: by whom it was decided, on which day, until when."""

    status: State
    by: str | None = None
    on: str | None = None
    until: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """``answer`` is None where this answer never was submitted; ``documents`` are by id.

    ``unavailable`` says why nothing is known, where the database does not answer.
    """

    answer: Known | None = None
    documents: Mapping[str, Known] = field(default_factory=dict)
    unavailable: str | None = None


NOTHING_KNOWN = Reviewed()
