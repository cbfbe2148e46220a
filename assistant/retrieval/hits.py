"""What is asked of the library and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from assistant.documents.passages import Passage
from assistant.spans import Span


@dataclass(frozen=True, slots=True)
class Query:
    """A question; ``doc_ids`` limits the search to some documents.

    ``cited`` are the places of what holds for the patient whom the question describes, as
    (document, span), ``pressing`` those among them that must not be left out. Passages that hold
    any of the places ``without`` are not found. ``focus`` is the newest message, where the
    text also has what it leans back on; ``said`` is what the conversation was answered before.
    """

    text: str
    doc_ids: frozenset[str] | None = None
    cited: frozenset[tuple[str, Span]] = frozenset()
    pressing: frozenset[tuple[str, Span]] = frozenset()
    without: frozenset[tuple[str, Span]] = frozenset()
    focus: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class StatementSignals:
    """How one statement of a passage bears on the question.

    ``similarity`` is a cosine, ``asked`` that of the nearest question it is said to answer, and
    ``ask_overlap`` the overlap (Dice, weighted by rarity) with the likest such question; ``focus``
    is the share of the statement's own terms that the question has.
    ``coverage``, ``lead_coverage`` and ``expanded`` are shares of the question's terms, weighted by
    rarity, that the statement, the line leading into it, and everything known of it together have;
    the first two leave out the document's title. ``salient`` is as ``expanded`` with everyday
    English words counting for little, and ``lacking`` the weight of the heaviest such term that
    is not there. ``lexical`` is its own BM25. ``learned`` is a cosine
    and ``learned_share`` the log of a share, as ``Discriminant.tell`` has them, 0 where nothing was
    learned. The last five are ``similarity``, ``asked``, ``salient``, ``lacking`` and ``learned``
    for the query's focus alone, 0 where it has none.
    """

    similarity: float
    asked: float
    ask_overlap: float
    focus: float
    coverage: float
    lead_coverage: float
    expanded: float
    salient: float
    lacking: float
    lexical: float
    learned: float = 0.0
    learned_share: float = 0.0
    focus_similarity: float = 0.0
    focus_asked: float = 0.0
    focus_salient: float = 0.0
    focus_lacking: float = 0.0
    focus_learned: float = 0.0


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
