"""What an answer must carry to be proved again later: hashes, rule trace, versions, settings.

The seal is a checksum of the whole answer. It is no signature: it shows that something was altered,
and ``verifying`` shows what, from the library, the pathways and the question.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from assistant.answering.answer import Answer
from assistant.case.case import Case
from assistant.case.correcting import Correction
from assistant.case.facts import FACTS_FILE
from assistant.documents.disagreements import DISAGREEMENTS_FILE
from assistant.language.cues import CUES_FILE
from assistant.language.lexicon import LEXICON_FILE
from assistant.pathways.calculators import CALCULATORS_FILE
from assistant.pathways.evaluation import Rulebook, View
from assistant.pathways.loading import ACTIONS_FILE
from assistant.truth import Truth

FORMAT = 1
# What differs each time, and what is known beside an answer of its review.
NOT_SEALED = frozenset({"timing_ms", "review", "document_reviews"})
_PACKAGE = "guideline-assistant"
_FILES = {
    "actions": ACTIONS_FILE,
    "calculators": CALCULATORS_FILE,
    "cues": CUES_FILE,
    "disagreements": DISAGREEMENTS_FILE,
    "facts": FACTS_FILE,
    "lexicon": LEXICON_FILE,
}


@dataclass(frozen=True, slots=True)
class TracedPathway:
    """A pathway as it was, with what each of its rules came to; ``sha256`` is of its file."""

    id: str
    version: str
    sha256: str
    rules: Mapping[str, Truth]


@dataclass(frozen=True, slots=True)
class Given:
    """The settings that an answer depends on; ``history`` holds role, content and corrections.

    ``date`` is the day that documents were held against, as YYYY-MM-DD.
    """

    embedder: str
    role: str
    documents: tuple[str, ...] | None
    history: tuple[tuple[str, str, Mapping[str, Correction]], ...]
    corrections: Mapping[str, Correction]
    date: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """``draft`` and ``draft_direct`` number the writer's own quotes, in the writer's order.

    ``documents`` holds the SHA-256 of the text of every document quoted; ``versions`` that of
    every file of the corpus that reading and checking depend on, and the program's version.
    """

    draft: tuple[int, ...]
    draft_direct: tuple[int, ...]
    documents: Mapping[str, str]
    pathways: tuple[TracedPathway, ...]
    versions: Mapping[str, str | None]
    given: Given


@dataclass(frozen=True, slots=True)
class Versions:
    """Hashes of the files of a corpus, taken when they are read."""

    files: Mapping[str, str | None]
    pathways: Mapping[str, str]

    @classmethod
    def load(cls, corpus: Path, book: Rulebook) -> "Versions":
        """Those of a corpus folder; a file that is not there is None."""
        files = {name: _hash_file(corpus / file) for name, file in _FILES.items()}
        return cls(
            {"assistant": _program_version(), **files},
            {p.id: _hash_file(Path(p.path)) or "" for p in book.pathways.pathways},
        )


def certify(
    draft: Answer,
    answer: Answer,
    case: Case,
    book: Rulebook,
    versions: Versions,
    given: Given,
    texts: Mapping[str, str],
) -> Certificate:
    """The certificate of a completed answer; ``draft`` is what the writer made.

    ``texts`` are those of the documents that it quotes.
    """
    numbers = {(q.doc_id, q.span): q.number for q in answer.quotes if q.added is None}
    own = {quote.number: numbers.get((quote.doc_id, quote.span)) for quote in draft.quotes}
    return Certificate(
        draft=tuple(number for number in own.values() if number is not None),
        draft_direct=tuple(number for n in draft.direct if (number := own.get(n)) is not None),
        documents={doc_id: hash_text(text) for doc_id, text in sorted(texts.items())},
        pathways=_trace(case, book, versions),
        versions=versions.files,
        given=given,
    )


def _trace(case: Case, book: Rulebook, versions: Versions) -> tuple[TracedPathway, ...]:
    view = View(case, book)
    return tuple(
        TracedPathway(
            pathway.id,
            pathway.version,
            versions.pathways[pathway.id],
            {rule.id: view.rule(rule.id) for rule in pathway.rules},
        )
        for pathway in book.pathways.pathways
    )


def seal(answer: Mapping[str, Any]) -> str:
    """The SHA-256 of an answer's JSON, timings, reviews and the seal itself apart.

    Keys are sorted and whole numbers written without a point, so that a program that only reads
    and writes JSON leaves it as it is.
    """
    plain = {key: value for key, value in answer.items() if key not in NOT_SEALED}
    certificate = plain.get("certificate")
    if isinstance(certificate, Mapping):
        plain["certificate"] = {k: v for k, v in certificate.items() if k != "seal"}
    text = json.dumps(_whole(plain), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hash_text(text)


def hash_text(text: str) -> str:
    """The SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _whole(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        return {key: _whole(one) for key, one in value.items()}
    if kind is list:
        return [_whole(one) for one in value]
    return int(value) if kind is float and value.is_integer() else value


def _hash_file(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _program_version() -> str:
    try:
        return version(_PACKAGE)
    except PackageNotFoundError:
        return "unknown"
