"""A document as its statements, whether it comes from a file or from the store."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.documents.corpus import find_files
from assistant.documents.document import Description, Document
from assistant.documents.passages import Passage, split_document
from assistant.documents.readers.registry import read_file
from assistant.errors import ReadError
from assistant.retrieval.index import Snapshot
from assistant.spans import Span


@dataclass(frozen=True, slots=True)
class Said:
    """One statement with its place. ``lead`` are the lines above without which it means nothing."""

    text: str
    lead: str
    section: str
    span: Span

    @property
    def whole(self) -> str:
        """The statement with what leads to it, white space made plain: what it really says."""
        return " ".join(f"{self.lead} {self.text}".split())


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document; ``origin`` is where it was read from."""

    doc_id: str
    title: str
    text: str
    statements: tuple[Said, ...]
    origin: str
    description: Description


def read_versions(paths: Sequence[Path]) -> tuple[Version, ...]:
    """The documents of files and folders. Raises ReadError for one that cannot be read."""
    versions = []
    for found in find_files(paths):
        for read in read_file(found.path, found.doc_id):
            if isinstance(read, ReadError):
                raise read
            versions.append(_of(read, split_document(read), str(found.path)))
    return tuple(versions)


def stored_version(library: Snapshot, doc_id: str) -> Version:
    """A document as the store has it. Raises UnknownDocumentError."""
    stored = library.from_shelf(doc_id)
    record = stored.record
    return Version(
        doc_id=doc_id,
        title=record.title,
        text=stored.text,
        statements=_list(stored.text, library.passages_on_shelf(doc_id)),
        origin=record.origin,
        description=record.description,
    )


def _of(document: Document, passages: Iterable[Passage], origin: str) -> Version:
    return Version(
        doc_id=document.doc_id,
        title=document.title,
        text=document.text,
        statements=_list(document.text, passages),
        origin=origin,
        description=document.description,
    )


def _list(text: str, passages: Iterable[Passage]) -> tuple[Said, ...]:
    said = []
    for passage in passages:
        for statement in passage.statements:
            above = (*statement.above, *((statement.lead,) if statement.lead else ()))
            lead = " ".join(line.of(text) for line in above)
            said.append(Said(statement.span.of(text), lead, passage.section, statement.span))
    return tuple(said)
