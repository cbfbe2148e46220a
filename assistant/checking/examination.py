"""The patient's side of a question: findings, pathways and checks, without any search or model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from assistant.case.case import Case
from assistant.case.conversation import carry
from assistant.case.correcting import Correction, correct
from assistant.case.reading import Reader
from assistant.case.supposing import find_supposition
from assistant.checking.advice import ActionReader
from assistant.checking.check import Check, Checker, Said
from assistant.documents.document import Document
from assistant.documents.validity import tell_standing
from assistant.language.lexicon import Concept, load_lexicon
from assistant.pathways.anchoring import ReadText, anchor_calculators, anchor_pathways
from assistant.pathways.calculators import Calculated, Calculator, calculate, load_calculators
from assistant.pathways.evaluation import (
    Evaluation,
    Flip,
    Missing,
    Rulebook,
    evaluate_case,
    find_flips,
    rank_missing,
)
from assistant.pathways.loading import load_pathways, read_documents

_NONE: Mapping[str, Correction] = {}


@dataclass(frozen=True, slots=True)
class Told:
    """A message as the patient's side reads it: its text, and what the reader corrected in it."""

    text: str
    corrections: Mapping[str, Correction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examination:
    """A text read as a case and held against every pathway."""

    case: Case
    evaluations: tuple[Evaluation, ...]
    missing: tuple[Missing, ...]
    flips: tuple[Flip, ...]
    calculated: tuple[Calculated, ...] = ()


@dataclass(frozen=True, slots=True)
class Examiner:
    """Everything that a corpus folder knows of patients, loaded once; shared between threads."""

    reader: Reader
    book: Rulebook
    checker: Checker
    calculators: tuple[Calculator, ...] = ()

    concepts: Mapping[str, Concept] = field(default_factory=dict)

    @classmethod
    def load(
        cls,
        corpus: Path,
        documents: Mapping[str, Document] | None = None,
        on: date | None = None,
    ) -> "Examiner":
        """The examiner of a corpus folder. Raises ReadError naming the file and line at fault.

        With a day ``on``, only documents are quoted that may be on that day.
        """
        reader = Reader.load(corpus)
        if documents is None:
            documents = read_documents(corpus)
        if on is not None:
            documents = {
                doc_id: document
                for doc_id, document in documents.items()
                if tell_standing(document.description, on).is_quotable
            }
        pathways = load_pathways(corpus, reader.facts.measures, documents)
        concepts = {concept.id: concept for concept in load_lexicon(corpus).concepts}
        book = Rulebook(pathways)
        checker = Checker(book, ActionReader(pathways.actions, concepts))
        calculators = load_calculators(corpus, reader.facts, documents)
        return cls(reader, book, checker, calculators, concepts)

    def anchored(self, read_text: ReadText) -> "Examiner":
        """The examiner with the quotations that a library has; itself where it has them all."""
        pathways = anchor_pathways(self.book.pathways, read_text)
        calculators = anchor_calculators(self.calculators, read_text)
        if pathways is self.book.pathways and calculators is self.calculators:
            return self
        book = Rulebook(pathways)
        checker = Checker(book, ActionReader(pathways.actions, self.concepts))
        return replace(self, book=book, checker=checker, calculators=calculators)

    def examine(
        self,
        text: str,
        *,
        about_patient: bool | None = None,
        earlier: Sequence[Told] = (),
        corrections: Mapping[str, Correction] = _NONE,
    ) -> Examination:
        """The text as a case; without a patient only what holds in general.

        ``earlier`` are the same writer's messages before it, the oldest first; ``corrections``
        are the reader's own word on findings, and outweigh every message. What a follow-up supposes
        of the patient ("what if he has a fever?") is held as so for this one question.
        """
        told = [correct(self.reader.read(one.text), one.corrections) for one in earlier]
        supposed = find_supposition(text, told=any(one.about_patient for one in told))
        if supposed is not None:
            about_patient = True
        case = self.reader.read(text, about_patient=about_patient, supposed=supposed)
        if told:
            case = carry(told, case)
        case = correct(case, corrections)
        evaluations = evaluate_case(case, self.book)
        if not case.about_patient:
            return Examination(case, evaluations, (), ())
        return Examination(
            case,
            evaluations,
            rank_missing(evaluations),
            find_flips(case, self.book),
            calculate(self.calculators, case),
        )

    def check(self, examination: Examination, quotes: Sequence[Said] = ()) -> Check:
        """The verdict on an answer's quotes, or on the case alone."""
        return self.checker.check(examination.case, examination.evaluations, quotes)
