"""What a run that was broken off had embedded already, so that the next one need not do it again.

Only vectors are taken over, and only of documents that are still the same: everything else is read
from the files again, so nothing of the broken run can reach the library unseen.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from assistant.documents.passages import Passage
from assistant.errors import StoreError
from assistant.retrieval.context import list_contexts
from assistant.retrieval.records import DocumentRecord, PassageVectors, Segment, list_ids
from assistant.retrieval.store import Store, VectorPart

_PARTS: tuple[VectorPart, ...] = ("passages", "statements", "contexts", "questions")


class Leftovers:
    """The documents in segments that belong to no state of the store."""

    def __init__(self, store: Store, fingerprint: str) -> None:
        from chromadb.errors import NotFoundError

        self._store = store
        self._segments: dict[str, list[DocumentRecord]] = {}
        self._records: dict[str, tuple[str, DocumentRecord]] = {}
        for segment_id in store.unfinished(fingerprint):
            try:
                records = store.read_records(Segment(segment_id))
            except (NotFoundError, StoreError, KeyError):
                records = []  # It broke off before all its collections were made.
            self._segments[segment_id] = records
            self._records |= {record.doc_id: (segment_id, record) for record in records}

    def sweep(self, held: Mapping[str, DocumentRecord]) -> None:
        """Delete the broken off segments that hold nothing more than the library does by now."""

        def is_spent(record: DocumentRecord) -> bool:
            return record.doc_id in held and held[record.doc_id].checksum == record.checksum

        spent = frozenset(i for i, records in self._segments.items() if all(map(is_spent, records)))
        if spent:
            self._store.sweep(spent)

    def find(self, record: DocumentRecord, passages: Sequence[Passage]) -> PassageVectors | None:
        """The vectors of a document, None where it was not embedded, or not the same."""
        from chromadb.errors import NotFoundError

        segment_id, known = self._records.get(record.doc_id, ("", None))
        if known is None or (known.checksum, known.passages) != (record.checksum, record.passages):
            return None
        ids = list_ids(record.doc_id, passages, len(list_contexts(passages)))
        try:
            found = [
                self._store.read_vectors(segment_id, part, own)
                for part, own in zip(_PARTS, ids, strict=True)
            ]
        except (NotFoundError, StoreError, ValueError):
            return None
        width = len(next(iter(found[0].values()), ()))
        empty = np.zeros((0, width), dtype=np.float32)
        rows = []
        for own, vectors in zip(ids, found, strict=True):
            if not vectors.keys() >= {*own}:
                return None
            rows.append(np.stack([vectors[i] for i in own]) if own else empty)
        return PassageVectors(*rows)
