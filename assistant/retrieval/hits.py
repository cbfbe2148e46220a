"""What is asked of the library and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from assistant.documents.passages import Passage


@dataclass(frozen=True, slots=True)
class Query:
    """A question; ``doc_ids`` limits the search to some documents."""

    text: str
    doc_ids: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class StatementSignals:
    """How one statement of a passage bears on the question.

    ``similarity`` is a cosine. ``coverage`` and ``lead_coverage`` are shares of the question's
    terms, weighted by rarity, that the statement and the line leading into it have, the
    document's title apart.
    """

    similarity: float
    coverage: float
    lead_coverage: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, ``rank`` from 1.

    ``signals`` are the figures that ``score`` was made of and what choosing quotes needs;
    ``statements`` holds those of each of the passage's statements, in order.
    """

    rank: int
    score: float
    passage: Passage
    signals: Mapping[str, float] = field(default_factory=dict)
    statements: tuple[StatementSignals, ...] = ()


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The hits of one query, best first.

    ``beside`` are further passages of the best document, from which quotes may come too.
    ``signals`` are figures on the whole, from which the confidence is reckoned.
    """

    query: Query
    hits: tuple[Hit, ...]
    beside: tuple[Hit, ...] = ()
    signals: Mapping[str, float] = field(default_factory=dict)


class Retriever(Protocol):
    """Finds the ``k`` best passages; ties by passage id."""

    def retrieve(self, query: Query, k: int) -> Retrieval: ...
