"""Changing and searching the library from the page."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.interfaces.reviewed import NO_REVIEWS, Reviews
from assistant.interfaces.ui_library import (
    Upload,
    list_document,
    render_found,
    render_library,
    render_uploads,
)
from assistant.interfaces.ui_session import Message, Serves, explain
from assistant.retrieval.records import DocumentRecord

MOST_FOUND = 10


def show(assistant: Serves, reviews: Reviews = NO_REVIEWS) -> Message:
    """The list as it stands."""
    try:
        records = assistant.documents()
        known = reviews.of_documents({r.doc_id: r.checksum for r in records}).documents
        documents = [
            list_document(
                assistant.document(r.doc_id),
                assistant.passages(r.doc_id),
                known.get(r.doc_id),
                sendable=reviews.sendable,
            )
            for r in records
        ]
        html = render_library(documents, assistant.generation)
    except Exception as error:
        return {"kind": "library", "html": "", "spoken": explain(error)}
    return {"kind": "library", "html": html, "documents": len(documents)}


def add(
    assistant: Serves,
    files: Sequence[Mapping[str, Any]],
    folder: Path,
    reviews: Reviews = NO_REVIEWS,
) -> Iterator[Message]:
    """Read uploaded files one by one, telling after each how it went.

    Only files below ``folder``, where uploads arrive, are read; they are deleted afterwards. A file
    that would replace a document stays until it is sent again with ``replace``, or discarded.
    """
    done: list[Upload] = []
    for file in files:
        yield _progress(done, len(files), str(file.get("name") or ""))
        done.append(_add_one(assistant, file, folder))
    counted = sum(upload.done for upload in done)
    waiting = sum(bool(upload.replaces) for upload in done)
    asking = f" {waiting} would replace what is there: decide below." if waiting else ""
    yield show(assistant, reviews) | {
        "uploads": render_uploads(done),
        "done": len(done),
        "total": len(done),
        "spoken": f"{counted} of {len(done)} files added.{asking}",
    }


def discard(file: Mapping[str, Any], folder: Path) -> Message:
    """Delete an uploaded file that may not replace what is in the library."""
    path = _arrived(file, folder)
    if path is not None:
        path.unlink(missing_ok=True)
    name = str(file.get("name") or "file")
    kept = Upload(name, True, "not read; the library keeps what it had.")
    return {"kind": "kept", "path": str(file.get("path") or ""), "html": render_uploads([kept])}


def _arrived(file: Mapping[str, Any], folder: Path) -> Path | None:
    """Where an uploaded file lies; None for any other file."""
    path = Path(str(file.get("path") or "")).resolve()
    return path if path.is_relative_to(folder.resolve()) and path.is_file() else None


def _progress(done: Sequence[Upload], total: int, name: str) -> Message:
    return {
        "kind": "adding",
        "uploads": render_uploads(done),
        "done": len(done),
        "total": total,
        "spoken": f"Reading {name} ({len(done) + 1} of {total})",
    }


def _add_one(assistant: Serves, file: Mapping[str, Any], folder: Path) -> Upload:
    name = str(file.get("name") or "file")
    if file.get("reason"):
        return Upload(name, False, str(file["reason"]))
    path = _arrived(file, folder)
    if path is None:
        return Upload(name, False, "The file did not arrive. Choose it again.")
    replaces: list[DocumentRecord] = []

    def may_replace(record: DocumentRecord) -> bool:
        replaces.append(record)
        return bool(file.get("replace"))

    held = False
    try:
        report = assistant.add([path], may_replace)
        held = bool(replaces) and not file.get("replace")
    except Exception as error:
        return Upload(name, False, explain(error))
    finally:
        if not held:
            path.unlink(missing_ok=True)
    if held:
        return Upload(name, False, "", str(path), tuple(replaces))
    if report.failed:
        return Upload(name, False, "; ".join(reason for _, reason in report.failed))
    if report.added:
        return Upload(name, True, "added; it is quoted from now on.")
    if report.changed:
        return Upload(name, True, "replaced the document that had the same id.")
    return Upload(name, True, "was in the library already; nothing changed.")


def remove(assistant: Serves, doc_id: str, reviews: Reviews = NO_REVIEWS) -> Message:
    """Take a document out, and say so."""
    try:
        assistant.remove([doc_id])
    except AssistantError as error:
        return show(assistant, reviews) | {"spoken": str(error)}
    except Exception as error:
        return show(assistant, reviews) | {"spoken": explain(error)}
    return show(assistant, reviews) | {"spoken": "Removed. It is no longer quoted."}


def find(assistant: Serves, query: str, doc_id: str | None) -> Message:
    """The passages nearest to a query, of one document where it is named."""
    try:
        hits = assistant.search(query, MOST_FOUND, frozenset({doc_id}) if doc_id else None)
    except Exception as error:
        return {"kind": "found", "html": "", "spoken": explain(error)}
    return {"kind": "found", "html": render_found(query, hits), "spoken": f"{len(hits)} passages."}
