"""From a written answer to a complete one, without any model: check, additions, references.

Apart from the consultation, because verifying a saved answer does the same work again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from weakref import WeakKeyDictionary

from assistant.answering.answer import Added, Answer, Outcome, Quote, QuoteRole
from assistant.answering.contradictions import find_contradictions
from assistant.answering.disagreements import Card, Chosen, DisagreementBook, Look
from assistant.answering.glossary import Glossary, Term
from assistant.answering.local_policy import find_overrides, make_cards
from assistant.answering.notices import Notice, tell_notices
from assistant.answering.quotes import quote_place
from assistant.answering.seeking_help import SafetyStatements
from assistant.answering.subjects import SubjectReader
from assistant.answering.units import Library, read_text
from assistant.case.correcting import Correction
from assistant.checking.amending import amend, as_said, number_rules
from assistant.checking.appending import Appended, append, sift
from assistant.checking.check import Check
from assistant.checking.examination import Examination, Examiner, Told
from assistant.checking.reasons import Reason, explain_rules, give_reasons
from assistant.documents.disagreements import load_disagreements
from assistant.documents.sources import Source
from assistant.language.lexicon import Concept, load_lexicon
from assistant.pathways.pathway import Citation
from assistant.spans import Span


class Audience(StrEnum):
    """Who asks."""

    CLINICIAN = "clinician"
    TRAINEE = "trainee"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with all that bears on its answer, the library apart.

    ``about`` is the question with what it leans back on. ``earlier`` are the same person's messages
    before it, the oldest first. ``only`` names the documents that may be quoted, None where all
    may. ``corrections`` are the reader's own word on findings. ``on`` is the day, which tells what
    has expired; nothing is said of that where it is not given.
    """

    question: str
    about: str
    earlier: tuple[Told, ...] = ()
    audience: Audience = Audience.CLINICIAN
    only: frozenset[str] | None = None
    corrections: Mapping[str, Correction] = field(default_factory=dict)
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """What is told of an answer beside its quotes, for the one who asks; never other advice.

    ``terms`` and ``reasons`` are in this library's words; ``reason_quotes`` numbers the quotes that
    say why themselves.
    """

    audience: Audience = Audience.CLINICIAN
    terms: tuple[Term, ...] = ()
    reasons: tuple[Reason, ...] = ()
    reason_quotes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Completed:
    """An answer in its final form; ``rules`` gives the numbers of the quotes of each rule."""

    answer: Answer
    examination: Examination
    check: Check
    rules: Mapping[str, tuple[int, ...]]
    references: Mapping[str, Source]
    disagreements: tuple[Card, ...] = ()
    explained: Explained = field(default_factory=Explained)
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Completer:
    """Completes answers; the same draft, question and library, the same answer."""

    examiner: Examiner
    subjects: SubjectReader
    disagreements: DisagreementBook
    glossary: Glossary
    safety: SafetyStatements
    concepts: tuple[Concept, ...] = ()
    _anchored: "WeakKeyDictionary[Library, Completer]" = field(default_factory=WeakKeyDictionary)

    @classmethod
    def load(cls, corpus: Path) -> "Completer":
        """What a corpus folder knows beside its documents. Raises ReadError at a fault."""
        concepts = load_lexicon(corpus).concepts
        subjects = SubjectReader.of(concepts)
        return cls(
            Examiner.load(corpus),
            subjects,
            DisagreementBook(load_disagreements(corpus), subjects),
            Glossary.of(concepts),
            SafetyStatements(subjects),
            concepts,
        )

    def anchored(self, library: Library) -> "Completer":
        """The completer whose rules quote what this state of the library has, and nothing else."""
        held = self._anchored.get(library)
        if held is None:
            examiner = self.examiner.anchored(lambda doc_id: read_text(library, doc_id))
            held = self if examiner is self.examiner else replace(self, examiner=examiner)
            self._anchored[library] = held
        return held

    def complete(
        self,
        draft: Answer,
        asked: Asked,
        library: Library,
        examination: Examination | None = None,
        find: Look | None = None,
    ) -> Completed:
        """The draft as the patient's rules amend it, with what the sources disagree on.

        ``examination`` is that of the question, made here where it is not given.
        ``find`` looks a quotation up, by document, place and words; in the library if not given.
        """

        def look_up(doc_id: str, span: Span, text: str) -> Quote | None:
            if asked.only is not None and doc_id not in asked.only:
                return None
            return find(doc_id, span, text) if find else quote_place(library, doc_id, span, text)

        def place(cited: Citation) -> Quote | None:
            return look_up(cited.doc_id, cited.span, cited.text)

        rules = self.examiner.book.rules
        if examination is None:
            examination = self.examiner.examine(
                asked.question, earlier=asked.earlier, corrections=asked.corrections
            )
        check = self.examiner.check(examination, as_said(draft))
        amended = amend(draft, check, rules, place)
        chosen = self.disagreements.choose(amended.answer, asked.about, library, look_up)
        shown, cards = self._show(amended.answer, amended.check, chosen, examination)
        shown, local = self._put_locally(shown, library, look_up, examination)
        cards = local + cards
        known = [frozenset(n for side in card.sides for n in side.quotes) for card in cards]
        cards += find_contradictions(shown.answer.quotes, self.subjects, known)
        if asked.audience is Audience.PATIENT and draft.outcome is Outcome.ANSWERED:
            safety = self.safety.choose(shown.answer, asked.question, library, asked.only)
            shown = self._append(shown, safety, Added.SAFETY, QuoteRole.MONITOR, examination)
        quoted = number_rules(rules, shown.answer.quotes)
        return Completed(
            answer=shown.answer,
            examination=examination,
            check=shown.check,
            rules=quoted,
            references=_references(shown.answer, library),
            disagreements=cards,
            explained=self._explain(asked.audience, shown, examination, quoted),
            notices=tell_notices(shown.answer, library, cards, asked.on),
        )

    def _explain(
        self,
        audience: Audience,
        shown: Appended,
        examination: Examination,
        quoted: Mapping[str, tuple[int, ...]],
    ) -> Explained:
        if audience is Audience.CLINICIAN:
            return Explained()
        terms = self.glossary.explain(shown.answer.quotes)
        if audience is Audience.PATIENT:
            return Explained(audience, terms)
        reasons = explain_rules(examination.case, examination.evaluations, shown.check, quoted)
        return Explained(audience, terms, reasons, give_reasons(shown.answer.quotes))

    def _append(
        self,
        shown: Appended,
        quotes: Sequence[Quote],
        added: Added,
        role: QuoteRole,
        examination: Examination,
    ) -> Appended:
        return append(shown.answer, shown.check, quotes, added, role, examination, self.examiner)

    def _show(
        self, answer: Answer, check: Check, chosen: Sequence[Chosen], examination: Examination
    ) -> tuple[Appended, tuple[Card, ...]]:
        """The answer with the sides that it lacked, but for what this patient must not have."""
        lacking = {
            (q.doc_id, q.span): q for one in chosen for _, _, q in one.sides if q is not None
        }
        sound = {
            (q.doc_id, q.span): 0 for q in sift([*lacking.values()], examination, self.examiner)
        }
        kept = [one for one in chosen if one.card(sound) is not None]
        wanted = {(q.doc_id, q.span) for one in kept for _, _, q in one.sides if q is not None}
        quotes = [q for place, q in lacking.items() if place in sound and place in wanted]
        appended = self._append(
            Appended(answer, check), quotes, Added.DISAGREEMENT, QuoteRole.CAVEAT, examination
        )
        numbers = {(q.doc_id, q.span): q.number for q in appended.answer.quotes if q.added}
        cards = (one.card(numbers) for one in kept)
        return appended, tuple(card for card in cards if card is not None)

    def _put_locally(
        self, shown: Appended, library: Library, look_up: Look, examination: Examination
    ) -> tuple[Appended, tuple[Card, ...]]:
        """The answer with where a local policy says something else, each side quoted."""
        found = find_overrides(shown.answer.quotes, library, self.subjects, look_up)
        lacking = {(q.doc_id, q.span): q for one in found if not (q := one.other).number}
        quotes = sift([*lacking.values()], examination, self.examiner)
        appended = self._append(shown, quotes, Added.LOCAL_POLICY, QuoteRole.CAVEAT, examination)
        return appended, make_cards(found, appended.answer.quotes)


def _references(answer: Answer, library: Library) -> dict[str, Source]:
    """What the library knows of each source that the quotes name."""
    return {
        key: source
        for quote in (*answer.quotes, *answer.nearest)
        if quote.doc_id in library.records
        for key, source in library.records[quote.doc_id].sources.items()
        if key in quote.sources
    }
