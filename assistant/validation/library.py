"""What can be checked of a library without a clinician: whether it keeps its own rules."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.documents.corpus import FoundFile, find_files
from assistant.documents.decoding import decode
from assistant.documents.disagreements import (
    DISAGREEMENTS_FILE,
    Disagreement,
    DisagreementKind,
    load_disagreements,
)
from assistant.documents.document import Document
from assistant.documents.passages import split_document
from assistant.documents.questions import (
    QUESTIONS_FOLDER,
    attach_questions,
    find_questions,
    load_questions,
)
from assistant.documents.readers.describing import FrontMatter
from assistant.documents.readers.frontmatter import read_front_matter
from assistant.documents.readers.registry import read_file
from assistant.documents.sources import Source, find_sources, load_sources
from assistant.errors import ReadError
from assistant.language.lexicon import LEXICON_FILE, load_lexicon
from assistant.validation.faults import (
    Fault,
    explain,
    find_words,
    line_of,
    list_lines,
    make_fault,
    shorten,
    show_path,
)
from assistant.validation.statements import check_population, check_status, check_wording

REVIEW_STATUSES = ("submitted", "under review", "approved")

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PMID = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Inspection:
    """How many documents were checked, and their faults in order."""

    documents: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Digest:
    """A document with the file it came from; ``raw`` is empty where it is not Markdown."""

    path: Path
    raw: str
    front: FrontMatter | None
    document: Document


@dataclass(frozen=True, slots=True)
class _Library:
    """``found`` are the files to check; ``whole`` where a folder was given and not only files."""

    root: Path
    catalogue: Path | None
    found: tuple[FoundFile, ...]
    whole: bool


def validate_library(paths: Sequence[Path]) -> tuple[Fault, ...]:
    """Every fault of the libraries at these paths, in order; none where all is well."""
    return inspect_library(paths).faults


def inspect_library(paths: Sequence[Path]) -> Inspection:
    """As ``validate_library``, with the number of documents. It never raises for bad content."""
    faults: set[Fault] = set()
    checked: set[tuple[Path, str]] = set()
    for given in paths:
        try:
            libraries = _find_libraries(given)
        except ReadError as error:
            faults.add(Fault(error.path, None, error.reason))
            continue
        for library in libraries:
            digests, unread = _read_all(library.found)
            checked |= {(digest.path.resolve(), digest.document.doc_id) for digest in digests}
            faults |= {*unread}
            try:
                faults |= {*_check_library(library, digests)}
            except OSError as error:
                faults.add(Fault(str(error.filename), None, f"cannot be read: {error.strerror}"))
    ordered = sorted(faults, key=lambda fault: (fault.path, fault.line or 0, fault.message))
    return Inspection(len(checked), tuple(ordered))


# Reading


def _find_libraries(given: Path) -> list[_Library]:
    """The files at a path, by the catalogue of sources that each of them cites from."""
    top = given if given.is_dir() else given.parent
    by_catalogue: dict[Path | None, list[FoundFile]] = {}
    for found in find_files([given]):
        by_catalogue.setdefault(find_sources(found.path, top), []).append(found)
    return [
        _Library(catalogue.parent if catalogue else top, catalogue, tuple(found), given.is_dir())
        for catalogue, found in (by_catalogue or {find_sources(top / "x", top): []}).items()
    ]


def _read_all(found: Sequence[FoundFile]) -> tuple[list[_Digest], list[Fault]]:
    digests, faults = [], []
    for file in found:
        for read in read_file(file.path, file.doc_id):
            if isinstance(read, ReadError):
                faults.append(explain(file.path, read.reason))
            else:
                digests.append(_digest(file.path, read))
    return digests, faults


def _digest(path: Path, document: Document) -> _Digest:
    if path.suffix.lower() != ".md":
        return _Digest(path, "", None, document)
    raw = decode(path.read_bytes(), str(path))
    return _Digest(path, raw, read_front_matter(raw, str(path))[0], document)


# One library


def _check_library(library: _Library, digests: Sequence[_Digest]) -> Iterator[Fault]:
    sources: Mapping[str, Source] | None = {}
    if library.catalogue:
        try:
            sources = load_sources(library.catalogue)
        except ReadError as error:
            sources = None
            yield explain(library.catalogue, error.reason)
    for digest in digests:
        yield from _check_front(digest)
        yield from _check_digest(digest, sources)
        yield from _check_questions(digest, library.root)
    yield from _check_ids(digests)
    if not library.whole:
        return
    everything = _read_everything(library, digests)
    if library.catalogue and sources is not None:
        yield from _check_sources(library.catalogue, sources, everything)
    yield from _check_disagreements(library.root, everything)
    yield from _check_lexicon(library.root)
    yield from _check_strays(library.root, everything)


def _read_everything(library: _Library, digests: Sequence[_Digest]) -> list[Document]:
    """All documents that share the catalogue, also those outside the folder given."""
    if library.catalogue is None:
        return [digest.document for digest in digests]
    root = library.root
    found = [f for f in find_files([root]) if find_sources(f.path, root) == library.catalogue]
    return [digest.document for digest in _read_all(found)[0]]


def _check_ids(digests: Sequence[_Digest]) -> Iterator[Fault]:
    owners: dict[str, _Digest] = {}
    for digest in digests:
        doc_id = digest.document.doc_id
        first = owners.setdefault(doc_id, digest)
        if first is not digest:
            line = line_of(digest.raw, f"id: {doc_id}")
            yield make_fault(
                digest.path, line, f"the id '{doc_id}' is also that of {show_path(first.path)}"
            )


# One document


def _check_front(digest: _Digest) -> Iterator[Fault]:
    front = digest.front
    if front is None:
        yield make_fault(digest.path, None, "no front matter: write the digest as Markdown")
        return
    about, review = front.description, front.description.review
    fields = {
        "id": front.doc_id,
        "title": front.title,
        "population": about.population,
        "published": about.published,
        "updated": about.updated,
        "review.status": review.status,
        "licence": about.licence,
    }
    for name, value in fields.items():
        if value is None:
            yield make_fault(digest.path, 1, f"front matter: '{name}' is missing")
    line = line_of(digest.raw, "review:")
    if review.status is not None and review.status not in REVIEW_STATUSES:
        allowed = ", ".join(REVIEW_STATUSES)
        yield make_fault(
            digest.path,
            line,
            f"front matter: review.status is '{review.status}': use one of {allowed}",
        )
    if review.status == "approved" and not (review.by and review.on):
        yield make_fault(
            digest.path, line, "front matter: an approved document says by whom and on which day"
        )


def _check_digest(digest: _Digest, sources: Mapping[str, Source] | None) -> Iterator[Fault]:
    """Its citations and statements; ``sources`` is ``None`` where they could not be read."""
    if digest.front is None:
        return
    if sources is not None:
        for key in sorted({cited.key for cited in digest.document.source_keys} - set(sources)):
            line = line_of(digest.raw, f"@{key}")
            yield make_fault(digest.path, line, f"no source has the key '{key}': add it or mend it")
    text = digest.document.text
    place = max(digest.raw.find("\n---"), 0)
    for passage in split_document(digest.document):
        for statement in passage.statements:
            words = statement.span.of(text)
            found = find_words(digest.raw, words, place + 1)
            line = None if found is None else digest.raw.count("\n", 0, found) + 1
            place = found or place
            cited = [sources[key] for key in statement.sources if key in sources] if sources else []
            # A quotation is shown with the lines that lead to it.
            leads = [lead.of(text) for lead in (*statement.above, statement.lead) if lead]
            shown = " ".join([*leads, words])
            for message in (
                *check_wording(words, statement),
                *check_status(shown, cited),
                *check_population(shown, cited, digest.document),
            ):
                yield make_fault(digest.path, line, f"{message}: «{shorten(words)}»")


def _check_questions(digest: _Digest, root: Path) -> Iterator[Fault]:
    path = find_questions(digest.path, root)
    if path is None:
        return
    try:
        attach_questions(split_document(digest.document), digest.document, path)
    except ReadError as error:
        yield explain(path, error.reason)


# What goes with the documents


def _check_strays(root: Path, documents: Sequence[Document]) -> Iterator[Fault]:
    """Questions of no document."""
    known = {document.doc_id for document in documents}
    for path in sorted((root / QUESTIONS_FOLDER).glob("*.yaml")):
        try:
            named = load_questions(path).document
        except ReadError as error:
            yield explain(path, error.reason)
            continue
        if named not in known:
            yield make_fault(path, None, f"there is no document '{named}'")


def _check_sources(
    path: Path, sources: Mapping[str, Source], documents: Sequence[Document]
) -> Iterator[Fault]:
    lines = list_lines(path)
    for key, count in Counter(key for key, _ in lines).items():
        if count > 1:
            yield make_fault(path, dict(lines)[key], f"source '{key}' stands here {count} times")
    used = {cited.key for document in documents for cited in document.source_keys}
    for key, source in sources.items():
        line = dict(lines).get(key)
        if key not in used:
            yield make_fault(path, line, f"source '{key}' is cited by no document")
        if source.doi is not None and not _DOI.fullmatch(source.doi):
            yield make_fault(path, line, f"source '{key}': '{source.doi}' is not a doi (10.…/…)")
        if source.pmid is not None and not _PMID.fullmatch(str(source.pmid)):
            yield make_fault(path, line, f"source '{key}': '{source.pmid}' is not a pmid (digits)")


def _check_disagreements(root: Path, documents: Sequence[Document]) -> Iterator[Fault]:
    path = root / DISAGREEMENTS_FILE
    try:
        disagreements = load_disagreements(root)
    except ReadError as error:
        yield explain(path, error.reason)
        return
    texts = {document.doc_id: document.text for document in documents}
    lines = list_lines(path)
    seen: set[str] = set()
    for entry, (_, line) in zip(disagreements, lines, strict=True):
        if entry.id in seen:
            yield make_fault(path, line, f"the id '{entry.id}' stands here twice")
        seen.add(entry.id)
        for message in _check_positions(entry, texts):
            yield make_fault(path, line, f"{entry.id}: {message}")


def _check_positions(entry: Disagreement, texts: Mapping[str, str]) -> Iterator[str]:
    silent = entry.kind is DisagreementKind.SILENT
    if len(entry.positions) < 2 and entry.not_shown is None and not silent:
        yield "it has one position: give two or more, or say why it is not shown"
    for position in entry.positions:
        if position.document not in texts:
            yield f"there is no document '{position.document}'"
        elif position.quote not in texts[position.document]:
            quote = shorten(position.quote)
            yield f"not found word for word in '{position.document}': «{quote}»"


def _check_lexicon(root: Path) -> Iterator[Fault]:
    path = root / LEXICON_FILE
    try:
        concepts = load_lexicon(root).concepts
    except ReadError as error:
        yield explain(path, error.reason)
        return
    seen: set[str] = set()
    for concept, (_, line) in zip(concepts, list_lines(path), strict=True):
        if concept.id in seen:
            yield make_fault(path, line, f"the id '{concept.id}' stands here twice")
        seen.add(concept.id)
