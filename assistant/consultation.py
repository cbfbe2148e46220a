"""The only file where everything is wired: settings in, consultations out."""

import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from assistant.answering.answer import Answer, ExtractiveWriter, Listener, Quote, Writer
from assistant.answering.chain import Worked, build_chain
from assistant.answering.guard import Guard
from assistant.answering.quotes import quote_place
from assistant.answering.verification import verify_answer
from assistant.checking.amending import Amended, amend, as_said
from assistant.checking.check import Check
from assistant.checking.examination import Examination, Examiner
from assistant.documents.sources import Source
from assistant.errors import QuestionError, StoreUnreachableError, UnknownDocumentError
from assistant.language.lexicon import load_lexicon
from assistant.pathways.pathway import Citation
from assistant.retrieval.hits import Hit, Query, Retrieval
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.retrieval.embedding import Embedder
    from assistant.retrieval.hybrid import HybridRetriever
    from assistant.retrieval.index import Index, Snapshot, StoredDocument
    from assistant.retrieval.ingest import IngestReport
    from assistant.retrieval.records import DocumentRecord

Found = TypeVar("Found")


class Audience(StrEnum):
    """Who asks."""

    CLINICIAN = "clinician"
    TRAINEE = "trainee"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of a conversation; ``role`` is "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Consultation:
    """A question with its verified answer, held against the patient's pathways.

    ``examination`` is the patient's side of the question, ``check`` the verdict on the answer;
    ``rule_quotes`` gives the numbers of the quotes that carry each rule. ``generation`` names the
    state of the library that answered. ``references`` holds what is known of each source that the
    quotes name. ``timing_ms`` is in milliseconds.
    """

    question: str
    answer: Answer
    examination: Examination
    check: Check
    generation: str
    rule_quotes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    hits: tuple[Hit, ...] = ()
    references: dict[str, Source] = field(default_factory=dict)
    timing_ms: dict[str, float] = field(default_factory=dict)


class Assistant:
    """The front door: one library, asked, searched and changed.

    Safe to use from several threads; what another process changes is seen at the next question.
    """

    def __init__(
        self, settings: Settings, index: "Index", writer: Writer, examiner: Examiner
    ) -> None:
        self.settings = settings
        self._index = index
        self._writer = writer
        self._examiner = examiner
        self._lock = threading.Lock()
        self._chain: tuple[int, Callable[[Query], Worked]] | None = None

    @classmethod
    def open(cls, settings: Settings | None = None) -> "Assistant":
        """Open the library that ``settings`` names.

        Raises StoreMissingError, StoreStaleError or StoreUnreachableError, each naming the
        command that mends it, ReadError for a lexicon or pathway with a fault, and SettingsError
        for a writer that cannot be had.
        """
        from assistant.retrieval.index import Index
        from assistant.retrieval.store import Store

        settings = settings or Settings.load()
        synonyms = load_lexicon(settings.corpus).synonyms
        index = Index(Store.open(settings.store), make_embedder(settings), synonyms)
        index.snapshot()
        return cls(settings, index, make_writer(settings), Examiner.load(settings.corpus))

    def ask(
        self,
        question: str,
        *,
        audience: Audience = Audience.CLINICIAN,
        doc_ids: frozenset[str] | None = None,
        history: Sequence[Turn] = (),
        listen: Listener | None = None,
    ) -> Consultation:
        """Answer in the library's own words. Raises QuestionError for one that cannot be used.

        Where a language model writes, ``listen`` is told each of its statements that the guard
        lets pass, as soon as it does.
        """
        started = time.perf_counter()
        self._check_question(question)
        query = Query(with_context(question, history), doc_ids)
        snapshot, worked = self._with_snapshot(lambda s: self._chain_for(s)(query))
        searched = time.perf_counter()
        told = [turn.content for turn in history if turn.role == "user" and turn.content.strip()]
        examination = self._examiner.examine(question, earlier=told)
        amended = self._amend(worked.answer, examination, snapshot, doc_ids)
        answer = self._reword(amended, question, snapshot, listen)
        references = {
            key: source
            for quote in (*answer.quotes, *answer.nearest)
            for key, source in snapshot.records[quote.doc_id].sources.items()
            if key in quote.sources
        }
        ended = time.perf_counter()
        return Consultation(
            question=question,
            answer=answer,
            examination=examination,
            check=amended.check,
            generation=snapshot.generation.name,
            rule_quotes=amended.rules,
            hits=worked.retrieval.hits,
            references=references,
            timing_ms={
                "total": (ended - started) * 1000,
                "answer": (searched - started) * 1000,
                "check": (ended - searched) * 1000,
            },
        )

    def _amend(
        self,
        answer: Answer,
        examination: Examination,
        snapshot: "Snapshot",
        doc_ids: frozenset[str] | None,
    ) -> Amended:
        """The answer with what the patient's rules add to it, proved again word for word.

        Where it may only come from some documents, so may the additions.
        """

        def place(cited: Citation) -> Quote | None:
            if doc_ids is not None and cited.doc_id not in doc_ids:
                return None
            return quote_place(snapshot, cited.doc_id, cited.span, cited.text)

        check = self._examiner.check(examination, as_said(answer))
        amended = amend(answer, check, self._examiner.book.rules, place)
        verify_answer(amended.answer, lambda doc_id: snapshot.document(doc_id).text)
        return amended

    def _reword(
        self, amended: Amended, question: str, snapshot: "Snapshot", listen: Listener | None
    ) -> Answer:
        """The answer in the writer's words too, after the check: so nothing that is forbidden to
        this patient is reworded, and what the check added is."""
        demoted = amended.check.demoted
        answer = self._writer.reword(amended.answer, question, demoted, listen)
        if answer.statements:
            verify_answer(answer, lambda doc_id: snapshot.document(doc_id).text, self._guard)
        return answer

    @cached_property
    def _guard(self) -> Guard:
        return Guard(load_lexicon(self.settings.corpus).concepts)

    def search(
        self, text: str, k: int = 10, doc_ids: frozenset[str] | None = None
    ) -> tuple[Hit, ...]:
        """The ``k`` best passages, best first."""
        self._check_question(text)
        return self.retrieve(Query(text, doc_ids), k).hits

    def retrieve(self, query: Query, k: int) -> Retrieval:
        """As ``search``, with the figures that the confidence is reckoned from."""
        return self._with_snapshot(lambda s: self._retriever(s).retrieve(query, k))[1]

    def document(self, doc_id: str) -> "StoredDocument":
        """A document with its text, as it stands now. Raises UnknownDocumentError."""
        return self._with_snapshot(lambda s: s.document(doc_id))[1]

    def documents(self) -> "tuple[DocumentRecord, ...]":
        """What the library holds, by id."""
        return tuple(self._index.snapshot().records.values())

    def remove(self, doc_ids: Sequence[str]) -> None:
        """Take documents out. Raises UnknownDocumentError, having removed nothing."""
        from assistant.retrieval.ingest import remove_documents

        remove_documents(self._index.store, doc_ids)

    @property
    def generation(self) -> str:
        """The name of the library's present state."""
        return self._index.snapshot().generation.name

    def _check_question(self, question: str) -> None:
        limit = self.settings.max_question_characters
        if not question.strip():
            raise QuestionError("The question is empty. Type a question or describe the patient.")
        if len(question) > limit:
            raise QuestionError(
                f"The question has {len(question):,} characters; at most {limit:,} can be read. "
                "Shorten it to what matters for the decision."
            )

    def _retriever(self, snapshot: "Snapshot") -> "HybridRetriever":
        from assistant.retrieval.hybrid import HybridRetriever

        return HybridRetriever(snapshot, self._index.embedder)

    def _chain_for(self, snapshot: "Snapshot") -> Callable[[Query], Worked]:
        number = snapshot.generation.number
        with self._lock:
            if self._chain is None or self._chain[0] != number:
                chain = build_chain(self._retriever(snapshot), self._writer, snapshot)
                self._chain = (number, chain.invoke)
            return self._chain[1]

    def _with_snapshot(self, work: "Callable[[Snapshot], Found]") -> "tuple[Snapshot, Found]":
        """Work on the newest state; once more when that state was swept away meanwhile."""
        snapshot = self._index.snapshot()
        try:
            return snapshot, work(snapshot)
        except (StoreUnreachableError, UnknownDocumentError):
            newer = self._index.snapshot()
            if newer.generation.number == snapshot.generation.number:
                raise
            return newer, work(newer)


def ingest(
    paths: Sequence[Path],
    settings: Settings,
    *,
    prune: bool = False,
    rebuild: bool = False,
    progress: Callable[[str, int, int], None] = lambda _name, _done, _total: None,
) -> "IngestReport":
    """Read files and folders into the library, made when missing.

    ``prune`` removes documents whose source is no longer there; ``rebuild`` replaces everything.
    ``progress`` is told the file's name, the number done and the number in all.
    """
    from assistant.retrieval.ingest import Ingest

    run = Ingest(
        settings.store,
        make_embedder(settings),
        max_bytes=settings.max_document_bytes,
        rebuild=rebuild,
        progress=progress,
    )
    return run.run(paths, prune=prune)


def make_embedder(settings: Settings) -> "Embedder":
    """The embedder that the settings name; "hashing" is the one without weights, for tests."""
    from assistant.retrieval.embedding import HashingEmbedder, SentenceTransformerEmbedder

    if settings.embedder == "hashing":
        return HashingEmbedder()
    return SentenceTransformerEmbedder(settings.embedder)


def make_writer(settings: Settings) -> Writer:
    """The writer that the settings name. Raises SettingsError where it cannot be had."""
    if settings.writer == ExtractiveWriter.name:
        return ExtractiveWriter()
    from assistant.answering.llm import LlmWriter

    return LlmWriter.open(
        settings.writer,
        Guard(load_lexicon(settings.corpus).concepts),
        url=settings.writer_url,
        timeout_s=settings.writer_timeout_s,
    )


_LEANS_BACK = re.compile(
    r"^(?:and|but|so|then|what about|how about|what if|why|how long|how much|how many|when|which)\b"
    r"|\b(?:it|its|this|that|these|those|they|them|he|she|him|her|same|instead|there|one)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 12


def with_context(question: str, history: Sequence[Turn]) -> str:
    """A follow-up such as "and in pregnancy?" with the question before it; else unchanged."""
    earlier = [turn.content for turn in history if turn.role == "user" and turn.content.strip()]
    short = len(question.split()) <= _FEW_WORDS
    if earlier and short and _LEANS_BACK.search(question):
        return f"{earlier[-1].strip()} {question.strip()}"
    return question
