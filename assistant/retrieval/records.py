"""What the store holds, and how it is written as a collection's metadata and read back."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from assistant.documents.document import Description, Review
from assistant.documents.pages import find_page
from assistant.documents.passages import Passage, Statement, StatementKind
from assistant.documents.reading import READ, Extent, Reading, Unread
from assistant.documents.sources import Source
from assistant.retrieval.embedding import Vectors
from assistant.spans import Span


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document as the store lists it, without its text.

    ``checksum`` is of what was read; ``origin`` is where it was read from. ``sections`` are the
    headings' paths with the offset at which each section starts; ``sources`` are those it cites, by
    key. ``reading`` says what of the file was read; ``pages`` are (offset, page) wherever the text
    comes to another page of its file, and empty for a file without pages.
    """

    doc_id: str
    title: str
    origin: str
    checksum: str
    passages: int
    description: Description = field(default_factory=Description)
    sections: tuple[tuple[str, int], ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    reading: Reading = READ
    pages: tuple[tuple[int, int], ...] = ()

    def page_of(self, span: Span) -> int | None:
        """The page, counted from 1, on which a span of the text begins."""
        return find_page(self.pages, span.start)


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """A document's vectors: a row a passage, a row a statement (in order of passages), and a row
    a context (as ``list_contexts`` has them), and a row a question, in order of statements."""

    passages: Vectors
    statements: Vectors
    contexts: Vectors
    questions: Vectors

    @property
    def document(self) -> Vectors:
        """One row: the mean of the passages, of unit length."""
        mean = self.passages.mean(axis=0, keepdims=True)
        unit: Vectors = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return unit


def list_ids(
    doc_id: str, passages: Sequence[Passage], contexts: int
) -> tuple[list[str], list[str], list[str], list[str]]:
    """The store's ids of a document's vectors, in the order of ``PassageVectors``' rows."""
    statements, questions = [], []
    for passage in passages:
        for index, statement in enumerate(passage.statements):
            place = f"{passage.passage_id}#{index}"
            statements.append(place)
            questions += [f"{place}?{number}" for number in range(len(statement.asks))]
    return (
        [passage.passage_id for passage in passages],
        statements,
        [f"{doc_id}#{index}" for index in range(contexts)],
        questions,
    )


@dataclass(frozen=True, slots=True)
class Segment:
    """``gone`` are the documents in it that were since removed or replaced."""

    segment_id: str
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That somebody withdrew a document: on which day (YYYY-MM-DD) and why, where they said so."""

    on: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file of many documents that was read whole: its checksum, and how many it gave."""

    checksum: str
    documents: int


@dataclass(frozen=True, slots=True)
class Generation:
    """One whole state. ``name`` depends on the content alone; ``number`` counts the states.

    ``withdrawn`` are the documents that must not be quoted, by id, until somebody restores them;
    one that is not in the library now would still be withdrawn if it came back. ``files`` are those
    that need not be read again while they are the same, by where they are.
    """

    number: int
    name: str
    fingerprint: str
    documents: int
    passages: int
    segments: tuple[Segment, ...]
    withdrawn: Mapping[str, Withdrawal] = field(default_factory=dict)
    files: Mapping[str, ReadFile] = field(default_factory=dict)


def content_name(
    records: Sequence[DocumentRecord], fingerprint: str, withdrawn: Iterable[str] = ()
) -> str:
    """The name of a state that holds these documents, those withdrawn among them."""
    digest = hashlib.sha256(fingerprint.encode())
    leaving = frozenset(withdrawn)
    for record in sorted(records, key=lambda r: r.doc_id):
        mark = ["withdrawn"] if record.doc_id in leaving else []
        digest.update(json.dumps([record.doc_id, record.checksum, *mark]).encode())
    return digest.hexdigest()[:16]


def write_manifest(generation: Generation) -> str:
    plain = asdict(generation)
    for segment in plain["segments"]:
        segment["gone"] = sorted(segment["gone"])
    return json.dumps(plain)


def read_manifest(text: str) -> Generation:
    plain = json.loads(text)
    plain["segments"] = tuple(
        Segment(s["segment_id"], frozenset(s["gone"])) for s in plain["segments"]
    )
    plain["withdrawn"] = {i: Withdrawal(**w) for i, w in plain.get("withdrawn", {}).items()}
    plain["files"] = {i: ReadFile(**f) for i, f in plain.get("files", {}).items()}
    return Generation(**plain)


def document_metadata(record: DocumentRecord) -> dict[str, Any]:
    return {
        "doc": record.doc_id,
        "title": record.title,
        "origin": record.origin,
        "checksum": record.checksum,
        "passages": record.passages,
        "description": json.dumps(asdict(record.description)),
        "sections": json.dumps(record.sections),
        "sources": json.dumps(
            {k: s.model_dump(mode="json", exclude_none=True) for k, s in record.sources.items()}
        ),
        "reading": json.dumps(asdict(record.reading)),
        "pages": json.dumps(record.pages),
    }


def read_record(doc_id: str, metadata: dict[str, Any]) -> DocumentRecord:
    description = json.loads(metadata["description"])
    description["review"] = Review(**description["review"])
    description["local_policy_over"] = tuple(description.get("local_policy_over", ()))
    return DocumentRecord(
        doc_id=doc_id,
        title=metadata["title"],
        origin=metadata["origin"],
        checksum=metadata["checksum"],
        passages=metadata["passages"],
        description=Description(**description),
        sections=tuple((str(path), int(start)) for path, start in json.loads(metadata["sections"])),
        sources={
            key: Source.model_validate(source)
            for key, source in json.loads(metadata["sources"]).items()
        },
        reading=_read_reading(json.loads(metadata["reading"])),
        pages=tuple((int(offset), int(page)) for offset, page in json.loads(metadata["pages"])),
    )


def _read_reading(plain: dict[str, Any]) -> Reading:
    unread = (Unread(one["what"], one["why"], tuple(one["pages"])) for one in plain["unread"])
    return Reading(
        extent=Extent(plain["extent"]),
        pages=plain["pages"],
        tables=plain["tables"],
        images=plain["images"],
        recognised=tuple(plain["recognised"]),
        unread=tuple(unread),
    )


def passage_metadata(passage: Passage) -> dict[str, Any]:
    statements = [
        [
            *(statement.span.start, statement.span.end, statement.kind.value),
            [statement.lead.start, statement.lead.end] if statement.lead else None,
            list(statement.sources),
            [[line.start, line.end] for line in statement.above],
            list(statement.asks),
        ]
        for statement in passage.statements
    ]
    return {
        "doc": passage.doc_id,
        "title": passage.title,
        "start": passage.span.start,
        "end": passage.span.end,
        "text": passage.text,
        "headings": json.dumps(passage.headings),
        "statements": json.dumps(statements),
    }


def read_passage(metadata: dict[str, Any]) -> Passage:
    return Passage(
        doc_id=metadata["doc"],
        title=metadata["title"],
        span=Span(metadata["start"], metadata["end"]),
        text=metadata["text"],
        headings=tuple(json.loads(metadata["headings"])),
        statements=tuple(
            Statement(
                span=Span(start, end),
                kind=StatementKind(kind),
                lead=Span(*lead) if lead else None,
                sources=tuple(sources),
                above=tuple(Span(*line) for line in above),
                asks=tuple(asks),
            )
            for start, end, kind, lead, sources, above, asks in json.loads(metadata["statements"])
        ),
    )
