"""What is known of answers and documents in review, looked up without loading a database where
nothing was ever reviewed."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.errors import UnknownDocumentError
from assistant.review.known import NOTHING_KNOWN, Reviewed
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.retrieval.index import StoredDocument
    from assistant.review.lookup import Lookup


class HoldsDocuments(Protocol):
    """What is needed of an assistant."""

    def document(self, doc_id: str) -> "StoredDocument": ...


class Reviews:
    """Looks up beside answers and documents; from the first review on, where there was none."""

    def __init__(self, settings: Settings | None = None, *, sendable: bool = False) -> None:
        """Without settings nothing is known. ``sendable``: people can send things for review."""
        self._location = settings.review_database if settings else None
        self._lookup: Lookup | None = None
        self.sendable = sendable

    def of_answer(self, assistant: HoldsDocuments, plain: Mapping[str, Any]) -> Reviewed:
        """What is known of an answer, as ``ask --json`` gives it, and of what it quotes."""
        lookup = self._open()
        if lookup is None:
            return NOTHING_KNOWN
        checksums: dict[str, str] = {}
        for doc_id in sorted({quote["document"] for quote in plain["quotes"]}):
            with suppress(UnknownDocumentError):  # it may have been removed since
                checksums[doc_id] = assistant.document(doc_id).record.checksum
        return lookup.of_answer(plain, checksums)

    def of_documents(self, checksums: Mapping[str, str]) -> Reviewed:
        """What is known of documents; ``checksums`` are by id."""
        lookup = self._open()
        return lookup.of_documents(checksums) if lookup else NOTHING_KNOWN

    def _open(self) -> "Lookup | None":
        location = self._location
        if self._lookup is None and location is not None:
            if "://" not in location and not Path(location).is_file():
                return None
            from assistant.review import opening

            self._lookup = opening.open_lookup(location)
        return self._lookup


NO_REVIEWS = Reviews()
