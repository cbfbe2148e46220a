"""Choose, from the passages found, the statements that answer: the heart of the product."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.answer import Evidence, Outcome, Quote
from assistant.answering.confidence import ANSWERED_FROM, is_foreign, reckon_confidence
from assistant.answering.intents import ASKS_FOR_A_NUMBER, intents_of
from assistant.answering.roles import tell_role
from assistant.answering.units import Library, Units
from assistant.documents.passages import Passage, Statement
from assistant.documents.sources import SourceStatus
from assistant.retrieval.hits import Hit, Retrieval, StatementSignals
from assistant.retrieval.records import DocumentRecord
from assistant.retrieval.terms import split_terms
from assistant.spans import Span

MOST_QUOTES = 5
MOST_NEAREST = 3
# A further quote may be this much worse than the first, in log odds: one to fifty.
WITHIN = 4.0
SAME_WORDS = 0.7
SURE = 0.7
# The candidates among which several bullets of one list make the list the answer.
NEAR = 12

# A conditional logit over the statements of the first passages, fitted on two public question
# sets and this library's gold questions (held-out topics apart), documents cross-validated.
_WEIGHTS = {
    "similarity": 4.3,
    "coverage": 6.0,
    "number": 1.7,
    "number under lead": 3.7,
    "context": -0.5,
    "passage": 8.3,
    "document": 3.8,
    "section": 1.7,
    "intent": 1.0,
    # Not fitted: among statements that answer alike, a confirmed one comes first.
    "unconfirmed": -0.7,
}
# What they add where the question names the document's subject: its title, word for word. Then
# headings tell which part answers; otherwise they mislead as often as not.
_WEIGHTS_WHERE_NAMED = {
    "context": 2.3,
    "passage": 0.4,
    "document": 0.9,
    "section": 8.8,
    "intent": 5.1,
}
_NUMBER = re.compile(r"\d")
_GAP = re.compile(r"\bnot covered (?:by|in) this library\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A statement of a hit, scored."""

    hit: Hit
    statement: Statement
    features: Mapping[str, float]

    @property
    def score(self) -> float:
        named = self.hit.signals["named"]
        return sum(
            (_WEIGHTS[name] + named * _WEIGHTS_WHERE_NAMED.get(name, 0.0)) * value
            for name, value in self.features.items()
        )

    @property
    def order(self) -> tuple[float, str, Span]:
        return (-self.score, self.hit.passage.doc_id, self.statement.span)


def choose_quotes(retrieval: Retrieval, library: Library) -> Evidence:
    """The best quotations for a question, the best first, with the confidence and outcome."""
    confidence = reckon_confidence(retrieval.signals)
    outcome = _decide(retrieval, confidence)
    candidates = _score_all(retrieval, library.records)
    ranked = sorted(candidates, key=lambda candidate: candidate.order)
    near = [c for c in ranked if c.score >= ranked[0].score - WITHIN]
    if outcome is Outcome.ANSWERED and _is_a_gap(near, confidence):
        outcome = Outcome.NOT_COVERED
    most = MOST_QUOTES if outcome is Outcome.ANSWERED else MOST_NEAREST
    units = Units(library, [(c.hit.passage.doc_id, c.statement) for c in near[:NEAR]])
    quotes: list[Quote] = []
    for candidate in near:
        if len(quotes) == most:
            break
        quote = _quote(candidate, units, library.records[candidate.hit.passage.doc_id])
        if not any(_repeats(quote, earlier) for earlier in quotes):
            quotes.append(quote)
    if not quotes and outcome is Outcome.ANSWERED:
        outcome = Outcome.NOT_COVERED
    return Evidence(outcome, confidence, tuple(quotes))


def _is_a_gap(best: Sequence[_Candidate], confidence: float) -> bool:
    """Whether the library's own word is that it does not cover the matter: its best statement
    says so, or one of the first when the others are no sure answer."""
    first = best[: 1 if confidence >= SURE else 3]
    return any(_GAP.search(_text(c.hit.passage, c.statement.span)) for c in first)


def _decide(retrieval: Retrieval, confidence: float) -> Outcome:
    if not retrieval.hits or not split_terms(retrieval.query.text):
        return Outcome.OUT_OF_SCOPE
    if confidence >= ANSWERED_FROM:
        return Outcome.ANSWERED
    return Outcome.OUT_OF_SCOPE if is_foreign(retrieval.signals) else Outcome.NOT_COVERED


def _score_all(retrieval: Retrieval, records: Mapping[str, DocumentRecord]) -> Iterator[_Candidate]:
    question = retrieval.query.text
    intents = intents_of(question)
    wants_number = bool(ASKS_FOR_A_NUMBER.search(question))
    for hit in (*retrieval.hits, *retrieval.beside):
        doc_id = hit.passage.doc_id
        headings = " | ".join(hit.passage.headings)
        intended = any(intent.heads.search(headings) for intent in intents)
        for statement, signals in zip(hit.passage.statements, hit.statements, strict=True):
            text = _text(hit.passage, statement.span)
            if text.endswith("?"):
                continue
            has_number = wants_number and bool(_NUMBER.search(text))
            features = _features(hit, signals) | {
                "intent": float(intended),
                "number": float(has_number),
                "number under lead": float(has_number and signals.lead_coverage > 0),
                "unconfirmed": float(
                    _is_unconfirmed(statement.sources, records[doc_id]) and not _GAP.search(text)
                ),
            }
            yield _Candidate(hit, statement, features)


def _features(hit: Hit, signals: StatementSignals) -> dict[str, float]:
    return {
        "similarity": signals.similarity,
        "context": hit.signals["context"],
        "passage": hit.score,
        "document": hit.signals["document"],
        "section": hit.signals["section"],
        "coverage": signals.coverage,
    }


def _quote(candidate: _Candidate, units: Units, record: DocumentRecord) -> Quote:
    passage = candidate.hit.passage
    unit = units.of(passage, candidate.statement)
    section = " › ".join((*passage.headings, *unit.leads))
    quote = make_quote(passage, unit.span, unit.text, unit.sources, record)
    return replace(quote, section=section, score=candidate.score)


def quote_place(library: Library, doc_id: str, span: Span, text: str) -> Quote | None:
    """A place of a document as a quote, None where the library does not have it word for word."""
    for passage in library.by_document.get(doc_id, ()):
        if passage.span.contains(span) and _text(passage, span) == text:
            sources = dict.fromkeys(
                key for s in passage.statements if s.span.overlaps(span) for key in s.sources
            )
            return make_quote(passage, span, text, tuple(sources), library.records[doc_id])
    return None


def make_quote(
    passage: Passage, span: Span, text: str, keys: tuple[str, ...], record: DocumentRecord
) -> Quote:
    """A stretch of a passage as a quote that has no number yet; ``keys`` are its sources."""
    sources = [record.sources[key] for key in keys if key in record.sources]
    only = sources[0] if len(sources) == 1 else None
    return Quote(
        number=0,
        text=text,
        doc_id=passage.doc_id,
        title=passage.title,
        section=passage.section,
        span=span,
        role=tell_role(text),
        score=0.0,
        population=(only.population if only else None) or record.description.population,
        strength=only.strength if only else None,
        certainty=only.certainty if only else None,
        sources=keys,
        status="unconfirmed" if _is_unconfirmed(keys, record) else None,
    )


def _is_unconfirmed(keys: Sequence[str], record: DocumentRecord) -> bool:
    """Whether any of the sources was never seen itself."""
    known = (record.sources[key] for key in keys if key in record.sources)
    return any(source.status is SourceStatus.UNCONFIRMED for source in known)


def _text(passage: Passage, span: Span) -> str:
    start = passage.span.start
    return passage.text[span.start - start : span.end - start]


def _repeats(quote: Quote, earlier: Quote) -> bool:
    """Whether a quote adds nothing: the same place, or nearly the same words."""
    if quote.doc_id == earlier.doc_id and quote.span.overlaps(earlier.span):
        return True
    mine, theirs = set(split_terms(quote.text)), set(split_terms(earlier.text))
    return len(mine & theirs) >= SAME_WORDS * max(1, len(mine | theirs))
