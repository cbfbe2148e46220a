"""What is known of answers and documents in review, looked up without loading a database where
nothing was ever reviewed."""

import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.errors import UnknownDocumentError
from assistant.review.known import NOTHING_KNOWN, Known, Reviewed
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.retrieval.index import StoredDocument
    from assistant.review.lookup import Lookup


class HoldsDocuments(Protocol):
    """What is needed of an assistant."""

    def document(self, doc_id: str) -> "StoredDocument": ...


def open_lookup(settings: Settings) -> "Lookup | None":
    """None where nothing was ever reviewed."""
    location = settings.review_database
    if location is None or ("://" not in location and not Path(location).is_file()):
        return None
    from assistant.review import opening

    return opening.open_lookup(location)


def look_up(
    lookup: "Lookup | None", assistant: HoldsDocuments, plain: Mapping[str, Any]
) -> Reviewed:
    """What is known of an answer, as ``ask --json`` gives it, and of what it quotes."""
    if lookup is None:
        return NOTHING_KNOWN
    checksums: dict[str, str] = {}
    for doc_id in sorted({quote["document"] for quote in plain["quotes"]}):
        with suppress(UnknownDocumentError):  # it may have been removed since
            checksums[doc_id] = assistant.document(doc_id).record.checksum
    return lookup.of_answer(plain, checksums)


def documents_reviewed(settings: Settings, checksums: Mapping[str, str]) -> Mapping[str, Known]:
    """What is known of documents by id; where the database does not answer, that is said on
    standard error."""
    lookup = open_lookup(settings)
    if lookup is None:
        return {}
    found = lookup.of_documents(checksums)
    if found.unavailable:
        print(found.unavailable, file=sys.stderr)
    return found.documents
