"""The library as readers see it: one generation of the store, with its indexes, kept fresh."""

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import groupby

import numpy as np

from assistant.documents.pages import Place
from assistant.documents.passages import SPLITTER_VERSION, Passage
from assistant.documents.validity import tell_standing
from assistant.errors import StoreStaleError, UnknownDocumentError
from assistant.retrieval.context import CONTEXT_VERSION, context_text
from assistant.retrieval.discriminant import Discriminant
from assistant.retrieval.embedding import Embedder, Vectors
from assistant.retrieval.lexical import LexicalIndex
from assistant.retrieval.records import DocumentRecord, Generation
from assistant.retrieval.store import STORE_VERSION, Store, VectorPart, stale_message
from assistant.retrieval.table import Numbers, Rows, Table
from assistant.retrieval.wording import Wordings

Synonyms = Sequence[tuple[str, Sequence[str]]]

# Vectors kept in memory between questions, of each kind; beyond this they are fetched anew.
_VECTORS_HELD = 200_000
_DOCUMENTS_COMPARED = 500
_TEXTS_HELD = 100
# Up to so many statements every vector is held and compared with each question; beyond that
# Chroma's approximate search finds the candidates.
MOST_COMPARED = 100_000


def fingerprint(embedder: Embedder) -> str:
    """Stores with different fingerprints were made in different ways and don't mix."""
    return fingerprint_of(embedder.identity)


def fingerprint_of(embedder: str) -> str:
    """The fingerprint of the stores that an embedder of this identity makes."""
    made_by = (STORE_VERSION, SPLITTER_VERSION, CONTEXT_VERSION, embedder)
    return hashlib.sha256("\n".join(made_by).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document's text with what the store knows of it."""

    record: DocumentRecord
    text: str


class Snapshot:
    """One generation as it may be quoted on one day; it never changes.

    ``shelf`` has the record of every document that the library holds, ``records`` those of the
    documents that may be quoted: neither withdrawn nor only valid later. All else that is not said
    to be of the shelf is of the latter alone.
    """

    def __init__(
        self,
        store: Store,
        generation: Generation,
        known: dict[str, list[Passage]],
        synonyms: Synonyms = (),
        *,
        on: date,
    ) -> None:
        self._store = store
        self._synonyms = synonyms
        self.generation = generation
        held = {s.segment_id: store.read_records(s) for s in generation.segments}
        records = [_mark(r, generation) for some in held.values() for r in some]
        self.shelf = {r.doc_id: r for r in sorted(records, key=lambda r: r.doc_id)}
        self.hidden = hide(self.shelf, on)
        self.records = {i: r for i, r in self.shelf.items() if i not in self.hidden}
        self._segment_of = {r.doc_id: i for i, some in held.items() for r in some}
        self.segments = {
            s.segment_id: replace(
                s, gone=s.gone | self.hidden.intersection(r.doc_id for r in held[s.segment_id])
            )
            for s in generation.segments
        }
        self.passages_by_segment = {
            segment_id: known.get(segment_id) or store.read_passages(segment_id)
            for segment_id in self.segments
        }
        self._vectors: dict[VectorPart, dict[str, Vectors]] = {}
        self._matrices: dict[VectorPart, Vectors] = {}
        self._alike: Numbers | None = None
        self._texts: dict[str, str] = {}
        self._original: tuple[str, bytes] | None = None
        self.passages: dict[str, Passage] = {}
        live = [
            passage
            for segment_id, passages in self.passages_by_segment.items()
            for passage in passages
            if passage.doc_id not in self.segments[segment_id].gone
        ]
        for passage in sorted(live, key=lambda p: (p.doc_id, p.span)):
            self.passages[passage.passage_id] = passage

    @cached_property
    def lexical(self) -> LexicalIndex:
        """BM25 over every passage with its title and headings, in the order of ``passages``."""
        return LexicalIndex(
            [f"{context_text(p.title, p.headings)}. {p.text}" for p in self.passages.values()]
        )

    @cached_property
    def rows(self) -> dict[str, int]:
        """Each passage's row in ``table``, by id."""
        return {passage_id: row for row, passage_id in enumerate(self.passages)}

    @cached_property
    def table(self) -> Table:
        """Every passage and statement as rows, in the order of ``passages``."""
        return Table(list(self.passages.values()), self.by_document, self.text, self.lexical.idf)

    @cached_property
    def wordings(self) -> Wordings:
        """Rewords questions with the library's own abbreviations, spelling and lexicon."""
        return Wordings([p.text for p in self.passages.values()], self._synonyms)

    @cached_property
    def discriminant(self) -> Discriminant | None:
        """What was learned from the questions that come with the documents; None without them, or
        where there are too many statements to compare."""
        if not len(self.table.asked) or len(self.table.statements) > MOST_COMPARED:
            return None
        statements, questions = self.matrix("statements"), self.matrix("questions")
        return Discriminant.learn(statements, questions, self.table.asked)

    @cached_property
    def cohesion(self) -> float:
        """The mean cosine between documents: near 1 where all are on one subject.

        Of a large library, its first documents by id stand for the rest.
        """
        doc_ids = sorted(self.by_document)[:_DOCUMENTS_COMPARED]
        if len(doc_ids) < 2:
            return 1.0
        vectors = self.vectors("documents", {doc_id: [doc_id] for doc_id in doc_ids})
        cosines = vectors @ vectors.T
        pairs = len(doc_ids) * (len(doc_ids) - 1)
        return float((cosines.sum() - np.trace(cosines)) / pairs)

    @cached_property
    def by_document(self) -> dict[str, tuple[Passage, ...]]:
        """Each document's passages in order."""
        return {
            doc_id: tuple(passages)
            for doc_id, passages in groupby(self.passages.values(), key=lambda p: p.doc_id)
        }

    def document(self, doc_id: str) -> StoredDocument:
        """A document that may be quoted, with its text. Raises UnknownDocumentError."""
        if doc_id in self.hidden:
            raise UnknownDocumentError(
                f"The document '{doc_id}' is withdrawn or not yet valid, and is not quoted. "
                f"'library show {doc_id}' shows it."
            )
        return self.from_shelf(doc_id)

    def from_shelf(self, doc_id: str) -> StoredDocument:
        """A document with its text, though it may not be quoted. Raises UnknownDocumentError."""
        if doc_id not in self.shelf:
            raise UnknownDocumentError(
                f"The library has no document '{doc_id}'. 'library list' shows what it has."
            )
        return StoredDocument(self.shelf[doc_id], self.text(doc_id))

    def passages_on_shelf(self, doc_id: str) -> tuple[Passage, ...]:
        """The passages of a document in order, though it may not be quoted."""
        held = self.passages_by_segment.get(self._segment_of.get(doc_id, ""), ())
        return tuple(passage for passage in held if passage.doc_id == doc_id)

    def text(self, doc_id: str) -> str:
        """The text of a document on the shelf, kept for the next time: a generation never
        changes."""
        if doc_id not in self._texts:
            if len(self._texts) >= _TEXTS_HELD:
                self._texts.clear()
            self._texts[doc_id] = self._store.read_text(self._segment_of[doc_id], doc_id)
        return self._texts[doc_id]

    def original(self, doc_id: str) -> bytes:
        """The file that a document with pages was read from; the last one is held."""
        held = self._original
        if held is None or held[0] != doc_id:
            held = self._original = (
                doc_id,
                self._store.read_original(self._segment_of[doc_id], doc_id),
            )
        return held[1]

    def places(self, doc_id: str, page: int) -> tuple[Place, ...]:
        """Where the words of a document's page stand on it."""
        return self._store.read_places(self._segment_of[doc_id], doc_id, page)

    def nearest(
        self, part: VectorPart, vector: Vectors, k: int, doc_ids: frozenset[str] | None
    ) -> list[tuple[str, float]]:
        """Ids and cosines of the ``k`` nearest vectors of a kind, nearest first; ties by id."""
        found = [
            hit
            for segment in self.segments.values()
            for hit in self._store.query(segment, part, vector, k, doc_ids)
        ]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def matrix(self, part: VectorPart) -> Vectors:
        """Every vector of a kind, a row each, in the order of ``table``."""
        if part not in self._matrices:
            ids = {
                "passages": self.table.passage_ids,
                "statements": self.table.statement_ids,
                "contexts": self.table.context_ids,
                "questions": self.table.question_ids,
                "documents": {doc_id: [doc_id] for doc_id in self.table.doc_ids},
            }[part]
            self._matrices[part] = self.vectors(part, ids)
            self._vectors.pop(part, None)
        return self._matrices[part]

    def alike_title(self, rows: Rows) -> Numbers:
        """The cosine between each passage's "title, headings" and its bare title."""
        table = self.table
        if len(table.statements) <= MOST_COMPARED:
            if self._alike is None:
                vectors = self.matrix("contexts")
                alike = np.einsum("ij,ij->i", vectors[table.context], vectors[table.title])
                self._alike = alike.astype(np.float32)
            return self._alike[rows]
        alike = np.ones(len(rows), dtype=np.float32)
        for n, row in enumerate(rows):
            doc_id = table.passages[row].doc_id
            ids = table.context_ids[doc_id]
            own = ids[table.context[row] - table.title[row]]
            pair = self.vectors("contexts", {doc_id: [own, ids[0]]})
            alike[n] = float(pair[0] @ pair[1])
        return alike

    def vectors(self, part: VectorPart, ids_by_document: Mapping[str, Sequence[str]]) -> Vectors:
        """The vectors of some records, a row each, in order."""
        ids = [i for some in ids_by_document.values() for i in some]
        held = self._vectors.setdefault(part, {})
        wanted: dict[str, list[str]] = {}
        for doc_id, some in ids_by_document.items():
            lacking = [i for i in some if i not in held]
            wanted.setdefault(self._segment_of[doc_id], []).extend(lacking)
        for segment_id, lacking in wanted.items():
            if lacking:
                held.update(self._store.read_vectors(segment_id, part, lacking))
        rows = np.stack([held[i] for i in ids]) if ids else np.zeros((0, 0), dtype=np.float32)
        if len(held) > _VECTORS_HELD:
            self._vectors[part] = {}
        return rows


def hide(shelf: Mapping[str, DocumentRecord], on: date) -> frozenset[str]:
    """The documents that must not be quoted on a day."""
    return frozenset(
        doc_id
        for doc_id, record in shelf.items()
        if not tell_standing(record.description, on).is_quotable
    )


def _mark(record: DocumentRecord, generation: Generation) -> DocumentRecord:
    """The record with what somebody said of the document after it was read."""
    withdrawal = generation.withdrawn.get(record.doc_id)
    if withdrawal is None:
        return record
    reason = withdrawal.reason or record.description.reason
    return replace(record, description=replace(record.description, withdrawn=True, reason=reason))


class Index:
    """Opens a store for reading and follows its newest generation, and the day."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        synonyms: Synonyms = (),
        today: Callable[[], date] = date.today,
    ) -> None:
        """``synonyms`` are those of a lexicon, as ``Wordings`` takes them."""
        self.store = store
        self._synonyms = synonyms
        self._today = today
        self._day: date | None = None
        self.embedder = embedder
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        """The library as it stands at this moment. Raises StoreMissing- or StoreStaleError."""
        generation, today = self.store.current(), self._today()
        with self._lock:
            held = self._snapshot
            if held is None or not self._is_fresh(held, generation, today):
                if generation.segments and generation.fingerprint != fingerprint(self.embedder):
                    raise StoreStaleError(stale_message(self.store.location))
                known = held.passages_by_segment if held else {}
                held = self._snapshot = Snapshot(
                    self.store, generation, known, self._synonyms, on=today
                )
            self._day = today
            return held

    def _is_fresh(self, held: Snapshot, generation: Generation, today: date) -> bool:
        if held.generation.number != generation.number:
            return False
        return today == self._day or held.hidden == hide(held.shelf, today)
