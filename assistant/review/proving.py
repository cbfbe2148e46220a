"""The library as it stands now: what reviewing asks of it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from assistant.certificate import hash_text
from assistant.checking.examination import Told
from assistant.completion import Completer
from assistant.retrieval.index import Snapshot
from assistant.retrieval.records import DocumentRecord
from assistant.retrieval.store import Store
from assistant.review.identity import canonical
from assistant.review.item import Kind
from assistant.validation.library import inspect_library
from assistant.verifying.saved import read_saved
from assistant.verifying.verifying import Render, Verifier

_MOST_TOLD = 5


class LibraryNow:
    """Follows the newest generation of a store; safe to use from several threads."""

    def __init__(
        self, store: str, corpus: Path, render: Render, today: Callable[[], date] = date.today
    ) -> None:
        """``render`` makes a consultation's JSON, as ``ask --json`` does."""
        self._location, self._corpus, self._render, self._today = store, corpus, render, today
        self._lock = threading.RLock()
        self._store: Store | None = None
        self._snapshot: Snapshot | None = None
        self._day: date | None = None
        self._hashes: dict[str, str] = {}
        self._completer: Completer | None = None

    def checksum(self, kind: Kind, doc_id: str) -> str | None:
        """Of a document in the library: for an answer that of its text, which is quoted; for its
        own review that of the whole file. None where it is not there."""
        snapshot = self._now()
        record = snapshot.records.get(doc_id)
        if record is None:
            return None
        if kind is Kind.DOCUMENT:
            return record.checksum
        with self._lock:
            if doc_id not in self._hashes:
                self._hashes[doc_id] = hash_text(snapshot.text(doc_id))
            return self._hashes[doc_id]

    def document(self, doc_id: str) -> DocumentRecord:
        """A document's record. Raises UnknownDocumentError."""
        return self._now().document(doc_id).record

    def faults_of_document(self, doc_id: str) -> tuple[str, ...]:
        """What 'library validate' finds in a document that comes with the corpus."""
        origin = Path(self.document(doc_id).origin).absolute()
        if not (origin.is_file() and origin.is_relative_to(self._corpus.absolute())):
            return ()
        found = inspect_library([origin]).faults
        return _shorten([str(fault) for fault in found if Path(fault.path).name == origin.name])

    def faults_of_answer(self, plain: Mapping[str, Any]) -> tuple[str, ...]:
        """What 'verify' no longer finds to hold. Raises CertificateError for what is no answer."""
        saved = read_saved(canonical(plain), "the answer")
        verifier = Verifier.open(self._location, self._corpus, self._render)
        return _shorten([str(fault) for fault in verifier.verify(saved).failed])

    def tells_of_patient(self, text: str, earlier: Sequence[str] = ()) -> bool:
        """Whether a text describes a patient."""
        if not text.strip():
            return False
        told = [Told(one, {}) for one in earlier if one.strip()]
        return self._reader().examiner.examine(text, earlier=told).case.about_patient

    def _reader(self) -> Completer:
        with self._lock:
            if self._completer is None:
                self._completer = Completer.load(self._corpus)
            return self._completer

    def _now(self) -> Snapshot:
        with self._lock:
            self._store = self._store or Store.open(self._location)
            generation = self._store.current()
            held = self._snapshot
            on = self._today()
            if held is None or (held.generation.number, self._day) != (generation.number, on):
                known = held.passages_by_segment if held else {}
                self._day = on
                held = self._snapshot = Snapshot(self._store, generation, known, on=on)
                self._hashes = {}
            return held


def _shorten(faults: Sequence[str]) -> tuple[str, ...]:
    more = len(faults) - _MOST_TOLD
    return (*faults[:_MOST_TOLD], *([f"and {more} more"] if more > 0 else ()))
