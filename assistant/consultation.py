"""The only file where everything is wired: settings in, consultations out."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from assistant.answering.answer import Answer, ExtractiveWriter, Listener, Writer
from assistant.answering.chain import ANSWER_HITS, Worked, build_chain
from assistant.answering.disagreements import Card
from assistant.answering.guard import Guard
from assistant.answering.model import Model, load_model
from assistant.answering.notices import Notice
from assistant.answering.verification import verify_answer
from assistant.answering.weighing import Weighed, weigh
from assistant.case.correcting import Correction
from assistant.certificate import Certificate, Given, Versions, certify
from assistant.checking.check import Check
from assistant.checking.examination import Examination, Told
from assistant.completion import Asked, Audience, Completed, Completer, Explained
from assistant.documents.pages import find_boxes, find_pages
from assistant.documents.sources import Source
from assistant.documents.validity import Standing, tell_standing
from assistant.errors import QuestionError, StoreUnreachableError, UnknownDocumentError
from assistant.followups import Turn, with_context
from assistant.language.lexicon import load_lexicon
from assistant.pathways.pathway import Severity
from assistant.retrieval.hits import Hit, Query
from assistant.retrieval.wording import as_plain
from assistant.settings import Settings
from assistant.spans import Span

if TYPE_CHECKING:
    from assistant.answering.suggesting import Suggester
    from assistant.documents.pages import PageView
    from assistant.documents.passages import Passage
    from assistant.retrieval.embedding import Embedder
    from assistant.retrieval.hybrid import HybridRetriever
    from assistant.retrieval.index import Index, Snapshot, StoredDocument
    from assistant.retrieval.ingest import IngestReport
    from assistant.retrieval.records import DocumentRecord

Found = TypeVar("Found")
Places = frozenset[tuple[str, Span]]
MOST_PAGES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Consultation:
    """A question with its verified answer, held against the patient's pathways.

    ``examination`` is the patient's side of the question, ``check`` the verdict on the answer;
    ``rule_quotes`` gives the numbers of the quotes that carry each rule. ``generation`` names the
    state of the library that answered. ``references`` holds what is known of each source that the
    quotes name. ``timing_ms`` is in milliseconds. ``certificate`` is what proving it again takes.
    ``explained`` is what is told beside the quotes to the one who asks, ``notices`` before them.
    """

    question: str
    answer: Answer
    examination: Examination
    check: Check
    generation: str
    rule_quotes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    hits: tuple[Hit, ...] = ()
    references: Mapping[str, Source] = field(default_factory=dict)
    timing_ms: dict[str, float] = field(default_factory=dict)
    certificate: Certificate | None = None
    disagreements: tuple[Card, ...] = ()
    explained: Explained = field(default_factory=Explained)
    notices: tuple[Notice, ...] = ()

    @classmethod
    def of(
        cls,
        question: str,
        completed: Completed,
        generation: str,
        certificate: Certificate,
        hits: tuple[Hit, ...] = (),
        timing_ms: dict[str, float] | None = None,
    ) -> "Consultation":
        """The consultation around a completed answer."""
        return cls(
            question=question,
            answer=completed.answer,
            examination=completed.examination,
            check=completed.check,
            generation=generation,
            rule_quotes=completed.rules,
            hits=hits,
            references=completed.references,
            timing_ms=timing_ms or {},
            certificate=certificate,
            disagreements=completed.disagreements,
            explained=completed.explained,
            notices=completed.notices,
        )


class Assistant:
    """The front door: one library, asked, searched and changed.

    Safe to use from several threads; what another process changes is seen at the next question.
    """

    def __init__(
        self, settings: Settings, index: "Index", writer: Writer, completer: Completer
    ) -> None:
        self.settings = settings
        self._index = index
        self._writer = writer
        self._completer = completer
        self._versions = Versions.load(settings.corpus, completer.examiner.book)
        self._lock = threading.Lock()
        self._chain: tuple[Snapshot, Callable[[Query], Worked]] | None = None
        self._suggester: tuple[Snapshot, Suggester] | None = None

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
        index = Index(Store.open(settings.store), make_embedder(settings), synonyms, settings.day)
        index.snapshot()
        return cls(settings, index, make_writer(settings), Completer.load(settings.corpus))

    def ask(
        self,
        question: str,
        *,
        audience: Audience = Audience.CLINICIAN,
        doc_ids: frozenset[str] | None = None,
        history: Sequence[Turn] = (),
        corrections: Mapping[str, Correction] | None = None,
        listen: Listener | None = None,
    ) -> Consultation:
        """Answer in the library's own words. Raises QuestionError for one that cannot be used.

        ``corrections`` say how a finding of the patient is, whatever was read from the words: by
        fact, whether it is so or, of a number, how much in the unit of its measure. Where a
        language model writes, ``listen`` is told each of its statements that the guard lets pass,
        as soon as it does.
        """
        self._check_question(question)
        on = self.settings.day()
        asked = Asked(
            question,
            with_context(question, history),
            told_before(history),
            audience,
            doc_ids,
            corrections or {},
            on,
        )
        given = Given(
            embedder=self._index.embedder.identity,
            role=audience.value,
            documents=None if doc_ids is None else tuple(sorted(doc_ids)),
            history=tuple((turn.role, turn.content, turn.corrections) for turn in history),
            corrections=asked.corrections,
            date=on.isoformat(),
        )
        return self._with_snapshot(lambda s: self._answer(asked, given, s, listen))[1]

    def _answer(
        self, asked: Asked, given: Given, snapshot: "Snapshot", listen: Listener | None
    ) -> Consultation:
        """The whole answer from one state of the library."""
        started = time.perf_counter()
        completer = self._completer.anchored(snapshot)
        examination = completer.examiner.examine(
            asked.question, earlier=asked.earlier, corrections=asked.corrections
        )
        examined = time.perf_counter()
        cited, pressing = cited_places(examination)
        said = [(role, content) for role, content, _ in given.history]
        query = pose(asked.question, asked.about, said)
        query = replace(query, doc_ids=asked.only, cited=cited, pressing=pressing)
        worked = self._chain_for(snapshot)(query)
        searched = time.perf_counter()
        completed = completer.complete(worked.answer, asked, snapshot, examination)
        completed = replace(completed, answer=self._reword(completed, asked.question, listen))
        texts = {doc_id: snapshot.document(doc_id).text for doc_id in completed.answer.documents}
        guard = self._guard if completed.answer.statements else None
        verify_answer(completed.answer, texts.__getitem__, guard)
        certificate = certify(
            worked.answer,
            completed.answer,
            completed.examination.case,
            completer.examiner.book,
            self._versions,
            given,
            texts,
        )
        ended = time.perf_counter()
        return Consultation.of(
            asked.question,
            completed,
            snapshot.generation.name,
            certificate,
            worked.hits,
            {
                "total": (ended - started) * 1000,
                "answer": (searched - examined) * 1000,
                "check": (ended - searched + examined - started) * 1000,
            },
        )

    def _reword(self, completed: Completed, question: str, listen: Listener | None) -> Answer:
        """The answer in the writer's words too, after the check: so nothing that is forbidden to
        this patient is reworded, and what the check added is."""
        demoted = completed.check.demoted
        return self._writer.reword(completed.answer, question, demoted, listen)

    @cached_property
    def _guard(self) -> Guard:
        return Guard(self._completer.concepts)

    def search(
        self, text: str, k: int = 10, doc_ids: frozenset[str] | None = None
    ) -> tuple[Hit, ...]:
        """The ``k`` best passages, best first."""
        self._check_question(text)
        query, depth = Query(text, doc_ids), max(k, ANSWER_HITS)
        return self._with_snapshot(lambda s: self._weigh(query, depth, None, s).hits[:k])[1]

    def weigh(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        without: Places = frozenset(),
        model: Model | None = None,
    ) -> Weighed:
        """A question's candidates with every figure that decides among them.

        Passages that hold any of the places ``without`` count as not there.
        """
        self._check_question(question)
        about = with_context(question, history)
        posed = pose(question, about, [(turn.role, turn.content) for turn in history])
        told = told_before(history)

        def work(snapshot: "Snapshot") -> Weighed:
            examiner = self._completer.anchored(snapshot).examiner
            cited, pressing = cited_places(examiner.examine(question, earlier=told))
            query = replace(posed, cited=cited, pressing=pressing, without=without)
            return self._weigh(query, ANSWER_HITS, model, snapshot)

        return self._with_snapshot(work)[1]

    def _weigh(self, query: Query, k: int, model: Model | None, snapshot: "Snapshot") -> Weighed:
        found = self._retriever(snapshot).retrieve(query, k)
        return weigh(found, snapshot.records, model or load_model())

    def suggest(self, consultation: Consultation, history: Sequence[Turn] = ()) -> tuple[str, ...]:
        """Questions to ask next that this library answers, on something else than was asked.

        ``history`` is what came before the consultation. No model is run.
        """
        turns = (*history, Turn("user", consultation.question))
        asked = [turn.content for turn in turns if turn.role == "user"]
        return self._with_snapshot(
            lambda s: self._suggester_for(s).suggest(
                consultation.answer,
                consultation.hits,
                asked,
                lambda question: with_context(question, turns) == question,
            )
        )[1]

    def document(self, doc_id: str) -> "StoredDocument":
        """A document with its text, as it stands now, though it may be withdrawn. Raises
        UnknownDocumentError."""
        return self._with_snapshot(lambda s: s.from_shelf(doc_id))[1]

    def page_views(self, doc_id: str, span: Span) -> "tuple[PageView, ...]":
        """The pages that a stretch of a document's text is from, drawn from the file that was read.

        Empty for a document without pages. Raises UnknownDocumentError.
        """
        from assistant.documents.readers.pdf.picturing import view_pages

        def work(snapshot: "Snapshot") -> "tuple[PageView, ...]":
            record = snapshot.from_shelf(doc_id).record
            if not record.pages:
                return ()
            pages = find_pages(record.pages, span)[:MOST_PAGES_SHOWN]
            boxes = {page: find_boxes(snapshot.places(doc_id, page), span) for page in pages}
            return view_pages(snapshot.original(doc_id), doc_id, boxes)

        return self._with_snapshot(work)[1]

    def passages(self, doc_id: str) -> "tuple[Passage, ...]":
        """What of a document was read and can be quoted, in order."""
        return self._index.snapshot().by_document.get(doc_id, ())

    def documents(self) -> "tuple[DocumentRecord, ...]":
        """What the library holds, by id, the withdrawn among them."""
        return tuple(self._index.snapshot().shelf.values())

    def standing(self, record: "DocumentRecord") -> Standing:
        """Whether a document counts today."""
        return tell_standing(record.description, self.settings.day())

    def add(
        self,
        paths: Sequence[Path],
        may_replace: "Callable[[DocumentRecord], bool]" = lambda _record: True,
    ) -> "IngestReport":
        """Read files into this library; what could not be read is in the report.

        ``may_replace`` is asked before a document takes the place of another with its id.
        """
        from assistant.retrieval.ingest import Ingest

        run = Ingest(
            self.settings.store,
            self._index.embedder,
            max_bytes=self.settings.max_document_bytes,
            may_replace=may_replace,
        )
        return run.run(paths)

    def remove(self, doc_ids: Sequence[str]) -> None:
        """Take documents out. Raises UnknownDocumentError, having removed nothing."""
        from assistant.retrieval.ingest import remove_documents

        remove_documents(self._index.store, doc_ids)

    def withdraw(self, doc_ids: Sequence[str], reason: str | None = None) -> None:
        """Quote documents no more, from the next question on, until they are restored. Raises
        UnknownDocumentError, having withdrawn nothing."""
        from assistant.retrieval.withdrawing import withdraw_documents

        withdraw_documents(self._index.store, doc_ids, self.settings.day(), reason)

    def restore(self, doc_ids: Sequence[str]) -> None:
        """Quote withdrawn documents again. Raises UnknownDocumentError, having restored none."""
        from assistant.retrieval.withdrawing import restore_documents

        restore_documents(self._index.store, doc_ids)

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
        with self._lock:
            if self._chain is None or self._chain[0] is not snapshot:
                chain = build_chain(self._retriever(snapshot), self._writer, snapshot)
                self._chain = (snapshot, chain.invoke)
            return self._chain[1]

    def _suggester_for(self, snapshot: "Snapshot") -> "Suggester":
        from assistant.answering.suggesting import Suggester

        with self._lock:
            if self._suggester is None or self._suggester[0] is not snapshot:
                self._suggester = (snapshot, Suggester(snapshot))
            return self._suggester[1]

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


def begin_library(settings: Settings) -> None:
    """Make an empty library where there is none; documents can be added to it at any time."""
    from assistant.retrieval import ingest

    ingest.begin_library(settings.store, make_embedder(settings))


def make_embedder(settings: Settings) -> "Embedder":
    """The embedder that the settings name; "hashing" is the one without weights, for tests.

    Only a model other than the default one needs torch.
    """
    from assistant.retrieval.embedding import DEFAULT_EMBEDDER, HashingEmbedder

    if settings.embedder == "hashing":
        return HashingEmbedder()
    if settings.embedder == DEFAULT_EMBEDDER:
        from assistant.retrieval.minilm import MiniLmEmbedder

        return MiniLmEmbedder()
    from assistant.retrieval.sentence_transformers import SentenceTransformerEmbedder

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


def pose(question: str, about: str, history: Iterable[tuple[str, str]]) -> Query:
    """A message as it is searched: ``about`` is it with what it leans back on, ``history`` the
    roles and messages before it."""
    said = " ".join(content for role, content in history if role == "assistant")
    newest = "" if about == question else as_plain(question)
    return Query(as_plain(about), focus=newest, said=said)


def told_before(history: Sequence[Turn]) -> tuple[Told, ...]:
    """What the one who asks has said before, as the patient's side reads it."""
    return tuple(
        Told(turn.content, turn.corrections)
        for turn in history
        if turn.role == "user" and turn.content.strip()
    )


def cited_places(examination: Examination) -> tuple[Places, Places]:
    """The quotations of the rules that hold for a patient, and of those that are pressing: red
    flags and what is forbidden outright. A rule that only asks says nothing of the patient."""
    cited: dict[tuple[str, Span], bool] = {}
    if examination.case.about_patient:
        for outcome in (o for e in examination.evaluations for o in e.holding):
            rule = outcome.rule
            if not outcome.because:
                continue
            pressing = rule.red_flag or bool(rule.avoid and rule.severity is Severity.ABSOLUTE)
            for citation in rule.citations:
                place = citation.doc_id, citation.span
                cited[place] = cited.get(place, False) or pressing
    return frozenset(cited), frozenset(place for place, urgent in cited.items() if urgent)
