"""Files → a new generation of the store: read, cut, embed, write, switch."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.documents.corpus import FoundFile, find_files
from assistant.documents.document import Document
from assistant.documents.pages import Paged
from assistant.documents.passages import Passage, split_document
from assistant.documents.questions import attach_questions, find_questions
from assistant.documents.readers.beside import find_beside
from assistant.documents.readers.describing import UNDESCRIBED
from assistant.documents.readers.registry import read_file
from assistant.documents.sources import Source, find_sources, load_sources
from assistant.errors import (
    ReadError,
    StoreError,
    StoreMissingError,
    StoreStaleError,
    UnknownDocumentError,
)
from assistant.retrieval.context import context_text, list_contexts, question_texts, statement_texts
from assistant.retrieval.embedding import Embedder
from assistant.retrieval.index import fingerprint
from assistant.retrieval.leftovers import Leftovers
from assistant.retrieval.records import DocumentRecord, PassageVectors, ReadFile
from assistant.retrieval.store import SegmentWriter, Store, stale_message

# Passages of several documents are embedded together, so that batches are full.
_EMBED_AT_ONCE = 256
# In bytes: pictures of pages are large and hold few passages.
_ORIGINALS_HELD = 50_000_000


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did; ``failed`` holds (path, reason) pairs.

    ``resumed`` counts the documents that a run which was broken off had embedded already.
    ``withdrawn`` are those read anew that somebody withdrew before, and that are still not quoted.
    ``dangling`` are local policies with an id that they go before and that the library lacks.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]
    documents: int
    passages: int
    generation: str
    seconds: float
    resumed: int = 0
    withdrawn: tuple[str, ...] = ()
    dangling: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """A document cut and described, ready to be embedded."""

    record: DocumentRecord
    text: str
    passages: tuple[Passage, ...]
    paged: Paged | None


class Ingest:
    """One run over some files; nothing is seen by readers until its end."""

    def __init__(
        self,
        location: str,
        embedder: Embedder,
        *,
        max_bytes: int,
        rebuild: bool = False,
        may_replace: Callable[[DocumentRecord], bool] = lambda _record: True,
        progress: Callable[[str, int, int], None] = lambda _name, _done, _total: None,
    ) -> None:
        """``may_replace`` is asked before a document takes the place of another with its id."""
        self._location = location
        self._embedder = embedder
        self._max_bytes = max_bytes
        self._rebuild = rebuild
        self._may_replace = may_replace
        self._progress = progress
        self._fingerprint = fingerprint(embedder)
        self._store = self._open()
        self._files: Mapping[str, ReadFile] = {}
        self._known = self._read_known()
        self._by_origin: dict[str, list[DocumentRecord]] = {}
        self._by_checksum: dict[str, list[DocumentRecord]] = {}
        for record in self._known.values():
            self._by_origin.setdefault(record.origin, []).append(record)
            self._by_checksum.setdefault(record.checksum, []).append(record)
        self._read_whole: dict[str, ReadFile] = {}
        self._seen: dict[str, str] = {}
        self._checksums: dict[str, str] = {}
        self._replaced: set[str] = set()
        self._unchanged = 0
        self._failed: list[tuple[str, str]] = []
        self._waiting: list[_Read] = []
        self._writer: SegmentWriter | None = None
        self._leftovers: Leftovers | None = None
        self._resumed = 0
        self._held: dict[str, DocumentRecord] = {}
        self._written: list[str] = []

    def run(self, paths: Sequence[Path], *, prune: bool = False) -> IngestReport:
        """Read ``paths`` (files or folders) and switch to the new state."""
        started = time.monotonic()
        files = self._find(paths)
        try:
            for done, (file, top) in enumerate(files):
                self._progress(file.path.name, done, len(files))
                for read in self._read(file, top):
                    self._waiting.append(read)
                    passages = sum(len(r.passages) for r in self._waiting)
                    held = sum(len(r.paged.original) for r in self._waiting if r.paged)
                    if passages >= _EMBED_AT_ONCE or held >= _ORIGINALS_HELD:
                        self._write()
            self._write()
            self._progress("", len(files), len(files))
            removed = self._vanished(paths, {str(f.path.resolve()) for f, _ in files}, prune)
            return self._switch(removed, started)
        except BaseException:
            if self._writer is not None:
                with suppress(StoreError):
                    self._writer.abandon()
            raise

    def _open(self) -> Store | None:
        try:
            return Store.open(self._location)
        except StoreMissingError:
            return None

    def _read_known(self) -> dict[str, DocumentRecord]:
        generation = self._store.newest() if self._store else None
        if self._store is None or generation is None or self._rebuild:
            return {}
        if generation.segments and generation.fingerprint != self._fingerprint:
            raise StoreStaleError(stale_message(self._location))
        self._files = generation.files
        records = [r for s in generation.segments for r in self._store.read_records(s)]
        return {record.doc_id: record for record in records}

    def _find(self, paths: Sequence[Path]) -> list[tuple[FoundFile, Path]]:
        files: dict[Path, tuple[FoundFile, Path]] = {}
        for path in paths:
            try:
                found = list(find_files([path]))
            except ReadError as error:
                self._failed.append((error.path, error.reason))
                continue
            if not found:
                self._failed.append((str(path), "no document in it that can be read"))
            for file in found:
                files.setdefault(file.path.resolve(), (file, path))
        return list(files.values())

    def _read(self, file: FoundFile, top: Path) -> Iterator[_Read]:
        origin = str(file.path.resolve())
        several = file.path.suffix.lower() == ".jsonl"
        try:
            # One over the limit is refused unread, but lines have their limit each.
            if several or file.path.stat().st_size <= self._max_bytes:
                with file.path.open("rb") as opened:
                    checksum = hashlib.file_digest(opened, "sha256").hexdigest()
            else:
                checksum = ""
            catalogue = find_sources(file.path, top)
            sources = load_sources(catalogue) if catalogue else {}
        except OSError as error:
            self._failed.append((str(file.path), f"cannot be read: {error.strerror}"))
            return
        except ReadError as error:
            self._failed.append((error.path, error.reason))
            return
        if catalogue:
            checksum = _checksum([checksum, hashlib.sha256(catalogue.read_bytes()).hexdigest()])
        questions = None if several else find_questions(file.path, top)
        for beside in (questions, find_beside(file.path)):
            if beside:
                checksum = _checksum([checksum, hashlib.sha256(beside.read_bytes()).hexdigest()])
        here = self._by_origin.get(origin, [])
        if several:
            is_same = bool(here) and self._files.get(origin) == ReadFile(checksum, len(here))
        else:
            is_same = len(here) == 1 and here[0].checksum == checksum
        if is_same:
            for known in here:
                self._keep(known, file.path)
            if several:
                self._read_whole[origin] = self._files[origin]
            return
        failed, given = len(self._failed), 0
        for result in read_file(file.path, file.doc_id, self._max_bytes):
            if isinstance(result, ReadError):
                self._failed.append((result.path, result.reason))
                continue
            own = _line_checksum(result) if several else checksum
            try:
                read = self._prepare(result, origin, own, sources, file.path, questions)
            except ReadError as error:
                self._failed.append((error.path, error.reason))
                continue
            given += 1
            if read is None:
                continue
            if not several:
                self._replaced.update(r.doc_id for r in here if r.doc_id != read.record.doc_id)
            yield read
        if several and len(self._failed) == failed:
            self._read_whole[origin] = ReadFile(checksum, given)

    def _keep(self, record: DocumentRecord, path: Path) -> None:
        try:
            self._claim(record.doc_id, path)
        except ReadError as error:
            self._failed.append((error.path, error.reason))
            return
        self._checksums[record.checksum] = str(path)
        self._unchanged += 1

    def _claim(self, doc_id: str, path: Path) -> None:
        """Two documents of one run may not share an id."""
        if doc_id in self._seen:
            raise ReadError(
                str(path),
                f"the id '{doc_id}' is already taken by {self._seen[doc_id]}: give one of the "
                "two another id",
            )
        self._seen[doc_id] = str(path)

    def _prepare(
        self,
        document: Document,
        origin: str,
        checksum: str,
        sources: dict[str, Source],
        path: Path,
        questions: Path | None,
    ) -> _Read | None:
        """The document cut into passages; ``None`` when the store has it already."""
        known = self._known.get(document.doc_id)
        if known and known.checksum == checksum and known.origin == origin:
            self._keep(known, path)
            return None
        if known and known.checksum != checksum and not self._may_replace(known):
            raise ReadError(str(path), f"'{document.doc_id}' is in the library and was kept")
        if path.suffix.lower() != ".jsonl":
            self._refuse_copy(checksum, path, document.doc_id)
        keys = {source_key.key for source_key in document.source_keys}
        if unknown := sorted(keys - sources.keys()):
            raise ReadError(
                str(path), f"cites '{unknown[0]}', which sources.yaml does not have: add it there"
            )
        passages = split_document(document)
        if not passages:
            raise ReadError(str(path), "nothing in it can be quoted: no sentence, bullet or table")
        if questions:
            passages = attach_questions(passages, document, questions, strict=False)
        self._claim(document.doc_id, path)
        self._checksums[checksum] = str(path)
        record = DocumentRecord(
            doc_id=document.doc_id,
            title=document.title,
            origin=origin,
            checksum=checksum,
            passages=len(passages),
            description=document.description,
            sections=_sections(passages),
            sources={key: sources[key] for key in sorted(keys)},
            reading=document.reading,
            pages=document.paged.runs if document.paged else (),
        )
        return _Read(record, document.text, passages, document.paged)

    def _refuse_copy(self, checksum: str, path: Path, doc_id: str) -> None:
        """The same file under two names is kept once; a file that was moved keeps its place."""
        if checksum in self._checksums:
            raise ReadError(
                str(path), f"the same as {self._checksums[checksum]}, which was read: kept once"
            )
        for record in self._by_checksum.get(checksum, ()):
            if record.doc_id != doc_id:
                if Path(record.origin).is_file():
                    raise ReadError(
                        str(path), f"the same as '{record.doc_id}' in the library: kept once"
                    )
                self._replaced.add(record.doc_id)

    def _write(self) -> None:
        """Embed and write the waiting documents, into a segment that nobody sees yet."""
        if not self._waiting:
            return
        if self._store is None:
            self._store = Store.open(self._location, create=True)
        if self._writer is None:
            self._writer = self._store.begin(self._fingerprint)
        leftovers = self._find_leftovers(self._store)
        found = [leftovers.find(read.record, read.passages) for read in self._waiting]
        new = [read for read, known in zip(self._waiting, found, strict=True) if known is None]
        embedded = iter(self._embed(new))
        for read, known in zip(self._waiting, found, strict=True):
            self._resumed += known is not None
            vectors = known or next(embedded)
            self._writer.add(read.record, read.text, read.passages, vectors, read.paged)
            self._written.append(read.record.doc_id)
        self._waiting.clear()

    def _find_leftovers(self, store: Store) -> Leftovers:
        if self._leftovers is None:
            self._leftovers = Leftovers(store, self._fingerprint)
        return self._leftovers

    def _embed(self, reads: Sequence[_Read]) -> Iterator[PassageVectors]:
        """The vectors of each document, all of them embedded together."""
        texts: list[str] = []
        for read in reads:
            texts += [passage.text for passage in read.passages]
            texts += [text for passage in read.passages for text in statement_texts(passage)]
            texts += [
                context_text(read.record.title, headings)
                for headings in list_contexts(read.passages)
            ]
            texts += question_texts(read.passages)
        if not texts:
            return
        vectors = self._embedder.encode([" ".join(text.split()) for text in texts])
        start = 0
        for read in reads:
            statements = start + len(read.passages)
            contexts = statements + sum(len(passage.statements) for passage in read.passages)
            questions = contexts + len(list_contexts(read.passages))
            end = questions + len(question_texts(read.passages))
            yield PassageVectors(
                vectors[start:statements],
                vectors[statements:contexts],
                vectors[contexts:questions],
                vectors[questions:end],
            )
            start = end

    def _vanished(self, paths: Sequence[Path], read: set[str], prune: bool) -> set[str]:
        """Documents whose source is no longer there, within the paths given."""
        gone = set(self._replaced)
        if not prune:
            return gone - set(self._seen)
        tops = [path.resolve() for path in paths]
        for record in self._known.values():
            origin = Path(record.origin)
            below = any(origin == top or top in origin.parents for top in tops)
            if below and record.doc_id not in self._seen:
                lost = not origin.is_file()
                dropped = record.origin in read and origin.suffix.lower() == ".jsonl"
                if lost or dropped:
                    gone.add(record.doc_id)
        return gone - set(self._seen)

    def _switch(self, removed: set[str], started: float) -> IngestReport:
        generation = self._store.newest() if self._store else None
        if self._store is not None and (self._writer is not None or removed or self._rebuild):
            generation = self._store.commit(
                self._writer,
                frozenset(removed),
                self._fingerprint,
                replace_all=self._rebuild,
                files=self._read_whole,
            )
            self._writer = None
            held = [r for s in generation.segments for r in self._store.read_records(s)]
            self._held = {record.doc_id: record for record in held}
            self._find_leftovers(self._store).sweep(self._held)
        return IngestReport(
            added=tuple(sorted(i for i in self._written if i not in self._known)),
            changed=tuple(sorted(i for i in self._written if i in self._known)),
            unchanged=self._unchanged,
            removed=tuple(sorted(removed)),
            failed=tuple(self._failed),
            documents=generation.documents if generation else 0,
            passages=generation.passages if generation else 0,
            generation=generation.name if generation else "",
            seconds=round(time.monotonic() - started, 3),
            resumed=self._resumed,
            dangling=tuple(
                (doc_id, named)
                for doc_id in sorted({*self._written} & self._held.keys())
                for named in self._held[doc_id].description.local_policy_over
                if named not in self._held
            ),
            withdrawn=tuple(
                sorted(generation.withdrawn.keys() & {*self._written}) if generation else ()
            ),
        )


def begin_library(location: str, embedder: Embedder) -> None:
    """Make an empty library where there is none; one that is there stays as it is."""
    store = Store.open(location, create=True)
    if store.newest() is None:
        store.commit(None, frozenset(), fingerprint(embedder))


def remove_documents(store: Store, doc_ids: Sequence[str]) -> None:
    """Take documents out. Raises UnknownDocumentError, having removed nothing."""
    generation = store.current()
    known = {r.doc_id for s in generation.segments for r in store.read_records(s)}
    if unknown := sorted(set(doc_ids) - known):
        raise UnknownDocumentError(
            f"The library has no document {', '.join(map(repr, unknown))}; nothing was removed. "
            "'library list' shows what it has."
        )
    store.commit(None, frozenset(doc_ids), generation.fingerprint)


def _line_checksum(document: Document) -> str:
    """That of a document without a file of its own, by all that is kept of it."""
    parts = [document.title, document.text]
    if document.description != UNDESCRIBED:
        parts.append(json.dumps(asdict(document.description)))
    return _checksum(parts)


def _checksum(parts: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()


def _sections(passages: Sequence[Passage]) -> tuple[tuple[str, int], ...]:
    """Where each section starts, by the first passage under its headings."""
    starts: dict[str, int] = {}
    for passage in passages:
        if passage.section:
            starts.setdefault(passage.section, passage.span.start)
    return tuple(starts.items())
