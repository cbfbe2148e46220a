"""The one file that knows Chroma, and how one state of the library replaces another.

A **segment** is seven collections (documents, texts, originals, passages, statements, contexts,
questions), written once and never changed. A **generation** lists segments, each with the
documents that have since left it; it comes into being by creating one collection whose metadata
holds that list. Creating a collection is atomic, is refused when the name exists, and is seen by
every process at once, which changes to a collection's records are not (chroma-core/chroma issue
3792). So a reader sees the old state or the new one whole, two writers cannot lose each other's
work, and a small change writes a small segment. Small segments are merged when there are many.

Text is kept in metadata, not in Chroma's own ``documents``: that field feeds a full-text index
which nothing here uses and which makes writing and deleting slower. A file with pages is kept
whole beside its text, in pieces, with where each word stands on each page: so a quote can be shown
on its page wherever the store is, and from the very bytes that were read.
"""

import base64
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import numpy as np

from assistant.documents.pages import Paged, Place, unpack_places
from assistant.documents.passages import Passage
from assistant.errors import (
    StoreBusyError,
    StoreMissingError,
    StoreStaleError,
    StoreUnreachableError,
)
from assistant.retrieval.embedding import Vectors
from assistant.retrieval.records import (
    DocumentRecord,
    Generation,
    PassageVectors,
    ReadFile,
    Segment,
    Withdrawal,
    content_name,
    document_metadata,
    list_ids,
    passage_metadata,
    read_manifest,
    read_passage,
    read_record,
    write_manifest,
)

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

STORE_VERSION = "3"
MAX_SEGMENTS = 8
_GENERATION = "generation-"
_SEGMENT = "segment-"
_BATCH = 1000
_BATCH_CHARACTERS = 4_000_000
# An original is cut into pieces; few are read or written at once, for each is large.
_PIECE_BYTES = 300_000
_PIECES_AT_ONCE = 16
_ABANDONED_SECONDS = 24 * 3600
_ATTEMPTS = 20

# The segments that this process is writing now.
_OPEN: set[str] = set()

VectorPart = Literal["documents", "passages", "statements", "contexts", "questions"]
Part = Literal["texts", "originals"] | VectorPart
PARTS: tuple[Part, ...] = (
    "documents",
    "texts",
    "originals",
    "passages",
    "statements",
    "contexts",
    "questions",
)


class Store:
    """A Chroma store, embedded in a folder or behind a server's URL; both behave the same."""

    def __init__(self, client: "ClientAPI", location: str) -> None:
        self._client = client
        self.location = location

    @classmethod
    def open(cls, location: str, *, create: bool = False) -> "Store":
        """Open ``location``, a folder or ``http://host:port``; only ``create`` makes a folder."""
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if location.startswith(("http://", "https://")):
            url = urlsplit(location)
            secure = url.scheme == "https"
            with _reporting(location):
                client = chromadb.HttpClient(
                    host=url.hostname or "",
                    port=url.port or (443 if secure else 8000),
                    ssl=secure,
                    settings=settings,
                )
            return cls(client, location)
        folder = Path(location)
        if folder.exists() and not folder.is_dir():
            raise StoreUnreachableError(f"{location} is a file; a store is a folder.")
        if not create and not (folder / "chroma.sqlite3").is_file():
            raise StoreMissingError(_missing(location))
        with _reporting(location):
            client = chromadb.PersistentClient(str(folder), settings=settings)
        return cls(client, location)

    # Reading

    def newest(self) -> Generation | None:
        """The state that readers should see now; ``None`` before the first ingest."""
        generations = self._generations()
        return generations[-1] if generations else None

    def current(self) -> Generation:
        """As ``newest``, but raises StoreMissingError before the first ingest."""
        generation = self.newest()
        if generation is None:
            raise StoreMissingError(_missing(self.location))
        return generation

    def read_records(self, segment: Segment) -> list[DocumentRecord]:
        """The segment's documents that are still in the library."""
        return [
            read_record(doc_id, metadata)
            for doc_id, metadata in self._records(segment, "documents")
            if doc_id not in segment.gone
        ]

    def read_passages(self, segment_id: str) -> list[Passage]:
        """Every passage of a segment, by document and position."""
        passages = [
            read_passage(metadata) for _, metadata in self._records(Segment(segment_id), "passages")
        ]
        return sorted(passages, key=lambda p: (p.doc_id, p.span))

    def read_text(self, segment_id: str, doc_id: str) -> str:
        """A document's full text. Raises KeyError where the segment does not hold it."""
        with _reporting(self.location):
            found = self._collection(segment_id, "texts").get(ids=[doc_id], include=["metadatas"])
        if not found["metadatas"]:
            raise KeyError(doc_id)
        return str(found["metadatas"][0]["text"])

    def read_original(self, segment_id: str, doc_id: str) -> bytes:
        """The file that a document was read from. Raises KeyError where none was kept."""
        first = self._original(segment_id, [f"{doc_id}#file0"])
        if not first:
            raise KeyError(doc_id)
        ids = [f"{doc_id}#file{number}" for number in range(1, int(first[0]["pieces"]))]
        pieces = {0: str(first[0]["piece"])}
        for some in _batches(ids, _PIECES_AT_ONCE):
            found = self._original(segment_id, some)
            pieces |= {int(one["number"]): str(one["piece"]) for one in found}
        return b"".join(base64.b64decode(pieces[number]) for number in sorted(pieces))

    def read_places(self, segment_id: str, doc_id: str, page: int) -> tuple[Place, ...]:
        """Where the words of one page stand on it; empty for a page without any."""
        found = self._original(segment_id, [f"{doc_id}#page{page}"])
        return tuple(unpack_places(str(found[0]["places"]))) if found else ()

    def _original(self, segment_id: str, ids: list[str]) -> list[dict[str, Any]]:
        with _reporting(self.location):
            found = self._collection(segment_id, "originals").get(ids=ids, include=["metadatas"])
        return [dict(metadata) for metadata in found["metadatas"] or []]

    def query(
        self,
        segment: Segment,
        part: VectorPart,
        vector: Vectors,
        k: int,
        doc_ids: frozenset[str] | None = None,
    ) -> list[tuple[str, float]]:
        """The ids of the ``k`` nearest records of the segment, with their cosines."""
        conditions: list[Any] = []
        if segment.gone:
            conditions.append({"doc": {"$nin": sorted(segment.gone)}})
        if doc_ids is not None:
            conditions.append({"doc": {"$in": sorted(doc_ids)}})
        where: Any = {"$and": conditions} if len(conditions) > 1 else next(iter(conditions), None)
        with _reporting(self.location):
            found = self._collection(segment.segment_id, part).query(
                query_embeddings=vector.reshape(1, -1),
                n_results=k,
                include=["distances"],
                where=where,
            )
        distances = (found["distances"] or [[]])[0]
        return [(i, 1.0 - float(d)) for i, d in zip(found["ids"][0], distances, strict=True)]

    def read_vectors(
        self, segment_id: str, part: VectorPart, ids: Sequence[str]
    ) -> dict[str, Vectors]:
        """The vectors of some records."""
        vectors: dict[str, Vectors] = {}
        collection = self._collection(segment_id, part)
        for some in _batches(ids):
            with _reporting(self.location):
                found = collection.get(ids=some, include=["embeddings"])
            embeddings = np.asarray(found["embeddings"], dtype=np.float32)
            vectors.update(zip(found["ids"], embeddings, strict=True))
        return vectors

    # Writing

    def begin(self, fingerprint: str) -> "SegmentWriter":
        """Start a segment that nobody sees until ``commit``."""
        segment_id = secrets.token_hex(6)
        _OPEN.add(segment_id)
        made = {
            "begun": int(time.time()),
            "fingerprint": fingerprint,
            "host": socket.gethostname(),
            "process": os.getpid(),
        }
        with _reporting(self.location):
            for part in PARTS:
                self._client.create_collection(
                    f"{_SEGMENT}{segment_id}-{part}",
                    embedding_function=None,
                    metadata=dict(made),
                    configuration={
                        "hnsw": {
                            "space": "cosine",
                            "ef_construction": 200,
                            "ef_search": 200,
                            "max_neighbors": 32,
                        }
                    },
                )
        return SegmentWriter(self, segment_id)

    def unfinished(self, fingerprint: str) -> list[str]:
        """The segments made in the same way that belong to no state: what a run that was broken
        off has left, or one that still runs has written so far. Oldest first."""
        found = self._unfinished()
        same = {i: m for i, m in found.items() if m.get("fingerprint") == fingerprint}
        return sorted(same, key=lambda i: (same[i].get("begun", 0), i))

    def sweep(self, segment_ids: frozenset[str]) -> None:
        """Delete those of these unfinished segments whose run is known to have broken off."""
        for segment_id, made in self._unfinished().items():
            if segment_id in segment_ids and _is_broken_off(segment_id, made):
                self._drop(segment_id)

    def _unfinished(self) -> dict[str, dict[str, Any]]:
        with _reporting(self.location):
            collections = {c.name: dict(c.metadata or {}) for c in self._client.list_collections()}
        # Read after the segments: one that was published meanwhile is then known to be.
        kept = {s.segment_id for g in self._generations() for s in g.segments}
        found: dict[str, dict[str, Any]] = {}
        for name, made in collections.items():
            segment_id = name.removeprefix(_SEGMENT).split("-")[0]
            if name.startswith(_SEGMENT) and segment_id not in kept:
                found[segment_id] = made
        return found

    def commit(
        self,
        writer: "SegmentWriter | None",
        gone: frozenset[str],
        fingerprint: str,
        *,
        replace_all: bool = False,
        files: Mapping[str, ReadFile] | None = None,
    ) -> Generation:
        """Switch to a state with the writer's documents in it and ``gone`` out of it.

        Built on whatever state is newest at that moment, so that two processes may write at
        once. ``replace_all`` drops everything that was there, whatever it was written by.
        ``files`` join those that were read whole before.
        """
        if writer:
            writer.flush()
        added = frozenset(writer.doc_ids) if writer else frozenset()
        for _ in range(_ATTEMPTS):
            base = self.newest()
            old = base.segments if base and not replace_all else ()
            if base and old and base.fingerprint != fingerprint:
                raise StoreStaleError(stale_message(self.location))
            segments = [left for s in old if (left := self._without(s, gone | added))]
            if writer and writer.doc_ids:
                segments.append(Segment(writer.segment_id))
            read = {} if replace_all or base is None else base.files
            generation = self._publish(base, segments, fingerprint, files={**read, **(files or {})})
            if generation is not None:
                if writer:
                    _OPEN.discard(writer.segment_id)
                generation = self._merge_small(generation)
                self._clean()
                return generation
        raise StoreBusyError(_busy(self.location))

    def mark(
        self, change: Callable[[Mapping[str, Withdrawal]], Mapping[str, Withdrawal]]
    ) -> Generation:
        """Switch to a state in which other documents are withdrawn, as ``change`` makes of those
        that are; the same state where it changes nothing."""
        for _ in range(_ATTEMPTS):
            base = self.current()
            withdrawn = dict(sorted(change(base.withdrawn).items()))
            if withdrawn == base.withdrawn:
                return base
            generation = self._publish(base, list(base.segments), base.fingerprint, withdrawn)
            if generation is not None:
                self._clean()
                return generation
        raise StoreBusyError(_busy(self.location))

    def _publish(
        self,
        base: Generation | None,
        segments: list[Segment],
        fingerprint: str,
        withdrawn: Mapping[str, Withdrawal] | None = None,
        files: Mapping[str, ReadFile] | None = None,
    ) -> Generation | None:
        """Create the next generation; ``None`` when another process did so first.

        ``withdrawn`` and ``files`` are those of the state before where they are not given.
        """
        if withdrawn is None:
            withdrawn = base.withdrawn if base else {}
        if files is None:
            files = base.files if base else {}
        records = [record for segment in segments for record in self.read_records(segment)]
        generation = Generation(
            number=base.number + 1 if base else 1,
            name=content_name(records, fingerprint, withdrawn),
            fingerprint=fingerprint,
            documents=len(records),
            passages=sum(record.passages for record in records),
            segments=tuple(segments),
            withdrawn=withdrawn,
            files=files,
        )
        name = f"{_GENERATION}{generation.number:010d}"
        try:
            with _reporting(self.location):
                self._client.create_collection(
                    name, embedding_function=None, metadata={"manifest": write_manifest(generation)}
                )
        except StoreUnreachableError:
            if any(known.number >= generation.number for known in self._generations()):
                return None
            raise
        return generation

    def _without(self, segment: Segment, leaving: frozenset[str]) -> Segment | None:
        """The segment with some documents gone; ``None`` when none would be left."""
        live = {record.doc_id for record in self.read_records(segment)}
        if live <= leaving:
            return None
        return replace(segment, gone=segment.gone | (live & leaving))

    def _merge_small(self, generation: Generation) -> Generation:
        """Copy the smaller half of the segments into one when there are too many."""
        if len(generation.segments) <= MAX_SEGMENTS:
            return generation
        by_size = sorted(
            generation.segments,
            key=lambda s: (sum(r.passages for r in self.read_records(s)), s.segment_id),
        )
        merged = by_size[: len(by_size) - MAX_SEGMENTS // 2]
        writer = self.begin(generation.fingerprint)
        for segment in merged:
            self._copy(segment, writer)
        kept = [s for s in generation.segments if s not in merged]
        published = self._publish(
            generation, [*kept, Segment(writer.segment_id)], generation.fingerprint
        )
        _OPEN.discard(writer.segment_id)
        if published is None:
            self._drop(writer.segment_id)
            return generation
        return published

    def _copy(self, segment: Segment, writer: "SegmentWriter") -> None:
        for part in PARTS:
            source = self._collection(segment.segment_id, part)
            target = self._collection(writer.segment_id, part)
            ids = [
                i
                for i, metadata in self._records(segment, part)
                if metadata["doc"] not in segment.gone
            ]
            for some in _batches(ids, _batch_of(part)):
                with _reporting(self.location):
                    found = source.get(ids=some, include=["embeddings", "metadatas"])
                    target.add(
                        ids=found["ids"],
                        embeddings=found["embeddings"],
                        metadatas=found["metadatas"],
                    )

    def _clean(self) -> None:
        """Delete what no reader can still be using: all but the two newest states' collections."""
        generations = self._generations()
        old, recent = generations[:-2], generations[-2:]
        kept = {segment.segment_id for g in recent for segment in g.segments}
        dropped = {segment.segment_id for g in old for segment in g.segments} - kept
        now = time.time()
        with _reporting(self.location):
            for generation in old:
                self._client.delete_collection(f"{_GENERATION}{generation.number:010d}")
            for collection in self._client.list_collections():
                if not collection.name.startswith(_SEGMENT):
                    continue
                segment_id = collection.name.removeprefix(_SEGMENT).split("-")[0]
                begun = int((collection.metadata or {}).get("begun", 0))
                abandoned = segment_id not in kept and now - begun > _ABANDONED_SECONDS
                if segment_id in dropped or abandoned:
                    self._client.delete_collection(collection.name)

    def _drop(self, segment_id: str) -> None:
        with _reporting(self.location):
            for part in PARTS:
                # Another process may sweep at the same time, and a run may break off in between.
                with suppress(_not_found()):
                    self._client.delete_collection(f"{_SEGMENT}{segment_id}-{part}")

    def _generations(self) -> list[Generation]:
        with _reporting(self.location):
            manifests = [
                str((collection.metadata or {})["manifest"])
                for collection in self._client.list_collections()
                if collection.name.startswith(_GENERATION)
            ]
        return sorted((read_manifest(m) for m in manifests), key=lambda g: g.number)

    def _records(self, segment: Segment, part: Part) -> Iterator[tuple[str, dict[str, Any]]]:
        collection = self._collection(segment.segment_id, part)
        offset, batch = 0, _batch_of(part)
        while True:
            with _reporting(self.location):
                found = collection.get(include=["metadatas"], limit=batch, offset=offset)
            for i, metadata in zip(found["ids"], found["metadatas"] or [], strict=True):
                yield i, dict(metadata)
            if len(found["ids"]) < batch:
                return
            offset += batch

    def _collection(self, segment_id: str, part: Part) -> "Collection":
        with _reporting(self.location):
            return self._client.get_collection(
                f"{_SEGMENT}{segment_id}-{part}", embedding_function=None
            )


@dataclass(slots=True)
class _Rows:
    """Records of one collection that wait to be written together."""

    ids: list[str] = field(default_factory=list)
    vectors: list[Vectors] = field(default_factory=list)
    metadatas: list[dict[str, Any]] = field(default_factory=list)


class SegmentWriter:
    """Puts whole documents into a segment that nobody sees yet."""

    def __init__(self, store: Store, segment_id: str) -> None:
        self._store = store
        self.segment_id = segment_id
        self.doc_ids: list[str] = []
        self._waiting: dict[Part, _Rows] = {part: _Rows() for part in PARTS}
        self._waiting_characters = 0

    def add(
        self,
        record: DocumentRecord,
        text: str,
        passages: Sequence[Passage],
        vectors: PassageVectors,
        paged: Paged | None = None,
    ) -> None:
        """Take one document; ``vectors`` are of its passages. ``flush`` writes what waits."""
        doc_id = record.doc_id
        ids, statements, contexts, questions = list_ids(doc_id, passages, len(vectors.contexts))
        own = {"doc": doc_id}
        no_vector = np.ones((1, 1), dtype=np.float32)
        self._wait("texts", [doc_id], no_vector, [own | {"text": text}])
        self._wait(
            "passages",
            ids,
            vectors.passages,
            [passage_metadata(passage) for passage in passages],
        )
        self._wait("statements", statements, vectors.statements, [own] * len(statements))
        self._wait("contexts", contexts, vectors.contexts, [own] * len(contexts))
        self._wait("questions", questions, vectors.questions, [own] * len(questions))
        self._wait("documents", [doc_id], vectors.document, [document_metadata(record)])
        if paged is not None:
            self._add_original(doc_id, paged)
        self.doc_ids.append(doc_id)
        self._waiting_characters += len(text)
        if (
            self._waiting_characters > _BATCH_CHARACTERS
            or max(len(rows.ids) for rows in self._waiting.values()) > _BATCH
        ):
            self.flush()

    def _add_original(self, doc_id: str, paged: Paged) -> None:
        """The file in pieces, and each page's places."""
        starts = range(0, len(paged.original), _PIECE_BYTES)
        rows: dict[str, dict[str, Any]] = {}
        for number, start in enumerate(starts):
            piece = base64.b64encode(paged.original[start : start + _PIECE_BYTES]).decode("ascii")
            rows[f"{doc_id}#file{number}"] = {
                "doc": doc_id,
                "number": number,
                "pieces": len(starts),
                "piece": piece,
            }
            self._waiting_characters += len(piece)
        for page, places in enumerate(paged.places, start=1):
            rows[f"{doc_id}#page{page}"] = {"doc": doc_id, "places": places}
            self._waiting_characters += len(places)
        no_vectors = np.ones((len(rows), 1), dtype=np.float32)
        self._wait("originals", list(rows), no_vectors, list(rows.values()))

    def flush(self) -> None:
        """Write what waits."""
        # A document's own record comes last: one that has it is there whole.
        for part in (*PARTS[1:], PARTS[0]):
            rows = self._waiting[part]
            if not rows.ids:
                continue
            collection = self._store._collection(self.segment_id, part)
            vectors = np.concatenate(rows.vectors)
            batch = _batch_of(part)
            for start in range(0, len(rows.ids), batch):
                some = slice(start, start + batch)
                with _reporting(self._store.location):
                    collection.add(
                        ids=rows.ids[some],
                        embeddings=vectors[some],
                        metadatas=rows.metadatas[some],  # type: ignore[arg-type]
                    )
            self._waiting[part] = _Rows()
        self._waiting_characters = 0

    def abandon(self) -> None:
        """Leave the unfinished segment for the next run to take over what is in it."""
        try:
            self.flush()
        finally:
            _OPEN.discard(self.segment_id)

    def _wait(
        self, part: Part, ids: list[str], vectors: Vectors, metadatas: list[dict[str, Any]]
    ) -> None:
        if not ids:
            return
        rows = self._waiting[part]
        rows.ids += ids
        rows.vectors.append(np.asarray(vectors, dtype=np.float32))
        rows.metadatas += metadatas


def _is_broken_off(segment_id: str, made: Mapping[str, Any]) -> bool:
    """Whether the run that wrote a segment is known to be no more."""
    process = made.get("process")
    if made.get("host") != socket.gethostname() or not isinstance(process, int):
        return False
    if process == os.getpid():
        return segment_id not in _OPEN
    if os.name != "posix":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


@contextmanager
def _reporting(location: str) -> Iterator[None]:
    """Turn what Chroma and its transports raise into one error that says where."""
    from chromadb.errors import ChromaError, NotFoundError

    try:
        yield
    except NotFoundError:
        raise
    except (ChromaError, OSError, ValueError, RuntimeError) as error:
        if location.startswith("http"):
            advice = "Is the Chroma server running there ('chroma run --path FOLDER --port PORT')?"
        else:
            advice = (
                "If the folder is damaged, move it away and run "
                f"'python -m assistant ingest corpus --store {location}'."
            )
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StoreUnreachableError(
            f"The store at {location} failed: {reason}. {advice}"
        ) from error


def _not_found() -> type[Exception]:
    from chromadb.errors import NotFoundError

    return NotFoundError


def _batch_of(part: Part) -> int:
    return _PIECES_AT_ONCE if part == "originals" else _BATCH


def _batches(ids: Sequence[str], batch: int = _BATCH) -> Iterator[list[str]]:
    for start in range(0, len(ids), batch):
        yield list(ids[start : start + batch])


def _busy(location: str) -> str:
    return f"Other processes keep changing {location}. Try again."


def _missing(location: str) -> str:
    return (
        f"There is no library at {location} yet. Make one with "
        f"'python -m assistant ingest corpus --store {location}'."
    )


def stale_message(location: str) -> str:
    """What to do about a store from another splitter, embedder or version."""
    return (
        f"The library at {location} was made with another embedding model, way of cutting text, "
        "or version of this program. Make it again with 'python -m assistant ingest corpus "
        f"--rebuild --store {location}' (name your own folders in place of 'corpus')."
    )
