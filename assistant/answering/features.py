"""The figures that tell how well a statement answers a question, for the model that weighs them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

import numpy as np
from numpy.typing import NDArray

from assistant.answering.intents import Intent, intents_of
from assistant.answering.kinds import FIGURES, kinds_asked, kinds_given
from assistant.documents.passages import Passage, Statement
from assistant.documents.sources import SourceStatus
from assistant.language.lexicon import AnswerKind
from assistant.retrieval.hits import Hit, Retrieval, StatementSignals
from assistant.retrieval.records import DocumentRecord
from assistant.spans import Span

Place = tuple[str, Span]
_NUMBER = re.compile(r"\d")
_GAP = re.compile(r"\b(?:is|are) not covered (?:by|in) this library\b", re.IGNORECASE)
_OUTSIDE = re.compile(r"\boutside (?:the|this|its)\b", re.IGNORECASE)
# Populations whose figures do not hold for others.
_POPULATIONS = {
    "children": r"\b(?:child(?:ren)?|kids?|p(?:a)?eds|p(?:a)?ediatric\w*|infants?|neonat\w+|toddler"
    r"|adolescen\w+|bab(?:y|ies)|(?:year|month)[- ]old (?:boy|girl)"
    r"|(?:[1-9]|1[0-7])[- ]?(?:years?|yrs?|months?)[- ]old|(?:[1-9]|1[0-7]) ?(?:yo|y/o))\b",
    "pregnancy": r"\b(?:pregnan\w+|obstetric\w*|postpartum|post[- ]?natal|antenatal|parturient\w*"
    r"|labour|labor|delivery|breast[- ]?feeding|caesarean|section|gestation\w*|wet tap)\b",
    "spontaneous": r"\b(?:spontaneous\w*|SIH)\b",
    "procedural": r"\b(?:post[- ]dural|PDPH|puncture|LP|epidural (?:needle|catheter)|spinal"
    r" (?:an(?:a)?esthe\w+|tap|needle)|wet tap|Tuohy|procedure)\b",
    "surgical": r"\b(?:surg\w+|postoperative|operation|operative|durotomy)\b",
}
_POPULATION = {name: re.compile(cue, re.IGNORECASE) for name, cue in _POPULATIONS.items()}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement of a hit; ``is_gap``: it says that the library does not cover something,
    ``is_outside``: under a heading that calls this outside the subject."""

    hit: Hit
    statement: Statement
    text: str
    is_gap: bool
    is_outside: bool = False

    @property
    def doc_id(self) -> str:
        return self.hit.passage.doc_id

    @property
    def place(self) -> Place:
        return self.doc_id, self.statement.span


@dataclass(frozen=True, slots=True)
class Described:
    """A question's candidates with their figures, a row each, the columns named by ``names``."""

    candidates: tuple[Candidate, ...]
    names: tuple[str, ...]
    figures: NDArray[np.float32]

    def column(self, name: str) -> NDArray[np.float32]:
        """One figure of every candidate."""
        found: NDArray[np.float32] = self.figures[:, self.names.index(name)]
        return found


def says_not_covered(text: str) -> bool:
    """Whether a statement says that its library does not cover something."""
    return _GAP.search(text) is not None


def statement_text(passage: Passage, span: Span) -> str:
    """A stretch of a passage's text, by the document's offsets."""
    start = passage.span.start
    return passage.text[span.start - start : span.end - start]


def describe_candidates(retrieval: Retrieval, records: Mapping[str, DocumentRecord]) -> Described:
    """Every statement of the passages found, but none that asks itself."""
    query = retrieval.query
    asked = _Asked(query.text, query.focus)
    candidates: list[Candidate] = []
    rows: list[list[float]] = []
    names: tuple[str, ...] = ()
    for hit in (*retrieval.hits, *retrieval.beside):
        headings = " | ".join(hit.passage.headings)
        intended = any(intent.heads.search(headings) for intent in asked.intents)
        for statement, signals in zip(hit.passage.statements, hit.statements, strict=True):
            text = statement_text(hit.passage, statement.span)
            if text.endswith("?"):
                continue
            is_gap = says_not_covered(text)
            is_outside = is_gap and bool(_OUTSIDE.search(headings))
            candidate = Candidate(hit, statement, text, is_gap, is_outside)
            figures = _from_search(hit, signals)
            figures |= asked.held_against(text, headings, intended=intended)
            figures["number under lead"] = float(
                bool(figures["number"]) and signals.lead_coverage > 0
            )
            figures["said"] = float(text in query.said)
            figures["cited"] = float(_is_among(candidate.place, query.cited))
            figures["pressing"] = float(_is_among(candidate.place, query.pressing))
            record = records[hit.passage.doc_id]
            figures["unconfirmed"] = float(is_unconfirmed(statement.sources, record))
            figures["gap"] = float(is_gap)
            names = names or tuple(figures)
            candidates.append(candidate)
            rows.append(list(figures.values()))
    return Described(
        tuple(candidates), names, np.array(rows, dtype=np.float32).reshape(len(rows), len(names))
    )


def _is_among(place: Place, places: frozenset[Place]) -> bool:
    doc_id, span = place
    return any(doc_id == other and span.overlaps(own) for other, own in places)


def _from_search(hit: Hit, signals: StatementSignals) -> dict[str, float]:
    found = hit.signals
    return {
        "similarity": signals.similarity,
        "asked": signals.asked,
        "asked more": max(0.0, signals.asked - signals.similarity),
        "ask overlap": signals.ask_overlap,
        "focus": signals.focus,
        "lexical": signals.lexical,
        "coverage": signals.coverage,
        "lead coverage": signals.lead_coverage,
        "expanded": signals.expanded,
        "salient": signals.salient,
        "lacking": signals.lacking,
        "learned": signals.learned,
        "learned share": signals.learned_share,
        "focus similarity": signals.focus_similarity,
        "focus asked": signals.focus_asked,
        "focus salient": signals.focus_salient,
        "focus lacking": signals.focus_lacking,
        "focus learned": signals.focus_learned,
        "passage": hit.score,
        "passage lexical": found["lexical"],
        "dense": found["dense"],
        "document": found["document"],
        "context": found["context"],
        "section": found["section"],
        "whole": found["whole"],
        "whole salient": found["salient"],
        "rank": 1 / hit.rank,
        "named": found["named"],
        "asks": found["asks"],
    }


class _Asked:
    """What a question wants, held against statement after statement.

    What a follow-up wants and of whom, it says itself; the question before it counts only where it
    does not.
    """

    def __init__(self, question: str, newest: str = "") -> None:
        self.intents: tuple[Intent, ...] = intents_of(newest) or intents_of(question)
        self.kinds = kinds_asked(newest) or kinds_asked(question)
        self.figures = self.kinds & FIGURES
        self.populations = populations_of(newest) or populations_of(question)

    def held_against(self, text: str, headings: str, *, intended: bool) -> dict[str, float]:
        given = kinds_given(text)
        own = populations_of(text) | populations_of(headings)
        number = bool(self.figures) and bool(_NUMBER.search(text))
        figures = {
            "intent": float(intended),
            "number": float(number),
            "figure given": float(bool(self.figures & given)),
            "figure lacking": float(bool(self.figures) and not self.figures & given),
            "figures lacking": float(len(self.figures - given)),
            "dose lacking": float(AnswerKind.DOSE in self.figures - given),
            "volume lacking": float(AnswerKind.VOLUME in self.figures - given),
            "duration lacking": float(AnswerKind.DURATION in self.figures - given),
            "rate lacking": float(AnswerKind.RATE in self.figures - given),
            "timing lacking": float(AnswerKind.TIMING in self.figures - given),
            "limit lacking": float(AnswerKind.THRESHOLD in self.figures - given),
            "length": log(max(len(text), 10) / 100),
            "population shared": float(bool(own & self.populations)),
            "population other": float(
                bool(own) and bool(self.populations) and not own & self.populations
            ),
            "children unasked": float("children" in own - self.populations),
            "pregnancy unasked": float("pregnancy" in own - self.populations),
        }
        for kind in (AnswerKind.DIRECTIVE, AnswerKind.REASON, AnswerKind.DEFINITION):
            figures[f"{kind.value} given"] = float(kind in self.kinds and kind in given)
        return figures


@lru_cache(maxsize=50_000)
def populations_of(text: str) -> frozenset[str]:
    """The groups of patients that a text names, of those whose figures do not hold for others."""
    return frozenset(name for name, cue in _POPULATION.items() if cue.search(text))


def is_unconfirmed(keys: Sequence[str], record: DocumentRecord) -> bool:
    """Whether any of the sources was never seen itself."""
    known = (record.sources[key] for key in keys if key in record.sources)
    return any(source.status is SourceStatus.UNCONFIRMED for source in known)
