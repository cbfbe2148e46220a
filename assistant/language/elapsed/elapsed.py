"""One time of a text with the event it counts from."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.language.quantities.quantity import Quantity
from assistant.spans import Span


class Timing(StrEnum):
    """What the time says of its event."""

    SINCE = "since"
    """The event happened, or the drug was last given, so long before now."""
    ONSET = "onset"
    """The symptom began so long after the event."""
    LASTING = "lasting"
    """The symptom has lasted, or the drug been taken, for so long."""


@dataclass(frozen=True, slots=True)
class Elapsed:
    """One time and its event, an index into the events given.

    ``span`` covers both. ``stated`` is False where the words only ask, suppose, plan or advise.
    """

    quantity: Quantity
    timing: Timing
    event: int
    span: Span
    stated: bool
