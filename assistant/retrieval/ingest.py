"""Files → a new generation of the store: read, cut, embed, write, switch."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.documents.corpus import FoundFile, find_files
from assistant.documents.document import Document
from assistant.documents.pages import Paged
from assistant.documents.passages import Passage, split_document
from assistant.documents.questions import attach_questions, find_questions
from assistant.documents.readers.registry import read_file
from assistant.documents.sources import Source, find_sources, load_sources
from assistant.errors import ReadError, StoreMissingError, StoreStaleError, UnknownDocumentError
from assistant.retrieval.context import context_text, list_contexts, question_texts, statement_texts
from assistant.retrieval.embedding import Embedder
from assistant.retrieval.index import fingerprint
from assistant.retrieval.records import DocumentRecord, PassageVectors
from assistant.retrieval.store import SegmentWriter, Store, stale_message

# Passages of several documents are embedded together, so that batches are full.
_EMBED_AT_ONCE = 256
# In bytes: pictures of pages are large and hold few passages.
_ORIGINALS_HELD = 50_000_000


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did; ``failed`` holds (path, reason) pairs."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    removed: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]
    documents: int
    passages: int
    generation: str
    seconds: float


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
        progress: Callable[[str, int, int], None] = lambda _name, _done, _total: None,
    ) -> None:
        self._location = location
        self._embedder = embedder
        self._max_bytes = max_bytes
        self._rebuild = rebuild
        self._progress = progress
        self._fingerprint = fingerprint(embedder)
        self._store = self._open()
        self._known = self._read_known()
        self._seen: dict[str, str] = {}
        self._checksums: dict[str, str] = {}
        self._replaced: set[str] = set()
        self._unchanged = 0
        self._failed: list[tuple[str, str]] = []
        self._waiting: list[_Read] = []
        self._writer: SegmentWriter | None = None
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
                self._writer.discard()
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
        try:
            if file.path.stat().st_size > self._max_bytes:
                checksum = ""
            else:
                checksum = hashlib.sha256(file.path.read_bytes()).hexdigest()
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
        several = file.path.suffix.lower() == ".jsonl"
        questions = None if several else find_questions(file.path, top)
        if questions:
            checksum = _checksum([checksum, hashlib.sha256(questions.read_bytes()).hexdigest()])
        here = [r for r in self._known.values() if r.origin == origin]
        if not several and len(here) == 1 and here[0].checksum == checksum:
            self._keep(here[0], file.path)
            return
        for result in read_file(file.path, file.doc_id, self._max_bytes):
            if isinstance(result, ReadError):
                self._failed.append((result.path, result.reason))
                continue
            own = _checksum([result.title, result.text]) if several else checksum
            try:
                read = self._prepare(result, origin, own, sources, file.path, questions)
            except ReadError as error:
                self._failed.append((error.path, error.reason))
                continue
            if read is None:
                continue
            if not several:
                self._replaced.update(r.doc_id for r in here if r.doc_id != read.record.doc_id)
            yield read

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
            passages = attach_questions(passages, document, questions)
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
        for record in self._known.values():
            if record.checksum == checksum and record.doc_id != doc_id:
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
            self._writer = self._store.begin()
        texts: list[str] = []
        for read in self._waiting:
            texts += [passage.text for passage in read.passages]
            texts += [text for passage in read.passages for text in statement_texts(passage)]
            texts += [
                context_text(read.record.title, headings)
                for headings in list_contexts(read.passages)
            ]
            texts += question_texts(read.passages)
        vectors = self._embedder.encode([" ".join(text.split()) for text in texts])
        start = 0
        for read in self._waiting:
            statements = start + len(read.passages)
            contexts = statements + sum(len(passage.statements) for passage in read.passages)
            questions = contexts + len(list_contexts(read.passages))
            end = questions + len(question_texts(read.passages))
            self._writer.add(
                read.record,
                read.text,
                read.passages,
                PassageVectors(
                    vectors[start:statements],
                    vectors[statements:contexts],
                    vectors[contexts:questions],
                    vectors[questions:end],
                ),
                read.paged,
            )
            start = end
            self._written.append(read.record.doc_id)
        self._waiting.clear()

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
            )
            self._writer = None
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
        )


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


def _checksum(parts: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()


def _sections(passages: Sequence[Passage]) -> tuple[tuple[str, int], ...]:
    """Where each section starts, by the first passage under its headings."""
    starts: dict[str, int] = {}
    for passage in passages:
        if passage.section:
            starts.setdefault(passage.section, passage.span.start)
    return tuple(starts.items())
