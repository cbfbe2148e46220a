"""Choose, from the passages found, the statements that answer: the heart of the product."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from assistant.answering.answer import Evidence, Outcome, Part, Quote
from assistant.answering.features import Candidate, is_unconfirmed, statement_text
from assistant.answering.roles import tell_role
from assistant.answering.units import Library, Units
from assistant.answering.weighing import Weighed
from assistant.documents.passages import Passage
from assistant.retrieval.records import DocumentRecord
from assistant.retrieval.terms import split_terms
from assistant.spans import Span

Scored = tuple[Candidate, float]
MOST_QUOTES = 5
MOST_NEAREST = 3
# Of each part of a question at most so many quotes, and answered from this confidence.
SEVERAL_EACH = 2
PART_ANSWERED_FROM = 0.35
# A further quote may be this much worse than the first, in log odds: one to fifty.
WITHIN = 4.0
# This much apart, about one to three, two statements answer nearly as well.
NEARLY = 1.0
SAME_WORDS = 0.7
# The candidates among which several bullets of one list make the list the answer.
NEAR = 12


def choose_quotes(weighed: Weighed, library: Library, *, part: bool = False) -> Evidence:
    """The best quotations for a question, the best first, with the confidence and outcome.

    ``part``: it is part of an answered question, and so counts as answered a little sooner, for it
    says less of what it is about.
    """
    if not weighed.described.candidates or not split_terms(weighed.retrieval.query.text):
        return Evidence(Outcome.OUT_OF_SCOPE, 0.0, ())
    confidence = weighed.confidence
    outcome = _decide(weighed, confidence, part=part)
    ranked = weighed.ranked
    near = [pair for pair in ranked if pair[1] >= ranked[0][1] - WITHIN]
    near = _local_first(_with_gaps(near, answered=outcome is Outcome.ANSWERED), library.records)
    units = Units(library, [(c.doc_id, c.statement) for c, _ in near[:NEAR]])
    quotes = _distinct(
        (_quote(c, score, units, library.records[c.doc_id]) for c, score in near),
        MOST_QUOTES if outcome is Outcome.ANSWERED else MOST_NEAREST,
    )
    return Evidence(outcome, confidence, quotes)


def choose_for_parts(
    weighed: Weighed, parts: Sequence[tuple[str, Weighed]], library: Library
) -> Evidence:
    """As ``choose_quotes`` for a question that asks several things: the best quote of each part
    first, then what else answers the whole. Where no part is answered, the whole alone decides."""
    whole = choose_quotes(weighed, library)
    is_answered = whole.outcome is Outcome.ANSWERED
    chosen = [(text, part, choose_quotes(part, library, part=is_answered)) for text, part in parts]
    answered = [evidence for _, _, evidence in chosen if evidence.outcome is Outcome.ANSWERED]
    if not answered:
        return whole
    most = MOST_QUOTES + len(answered)
    leads = _distinct((evidence.quotes[0] for evidence in answered), most)
    further = [quote for evidence in answered for quote in evidence.quotes[1:SEVERAL_EACH]]
    others = whole.quotes if is_answered else ()
    quotes = _distinct((*leads, *others, *further), most)
    gaps = [_gap(part, evidence) for _, part, evidence in chosen]
    told = tuple(
        _part(text, evidence, quotes, gap)
        for (text, _, evidence), gap in zip(chosen, gaps, strict=True)
    )
    known = {(quote.doc_id, quote.span) for quote in quotes}
    untold = {(gap.doc_id, gap.span): gap for gap in gaps if gap}
    confidence = max(whole.confidence, *(evidence.confidence for evidence in answered))
    return Evidence(
        Outcome.ANSWERED,
        confidence,
        quotes,
        len(leads),
        told,
        tuple(gap for place, gap in untold.items() if place not in known),
    )


def _gap(weighed: Weighed, evidence: Evidence) -> Quote | None:
    """The library's own word that it does not cover a part, where nothing fits the part better."""
    if evidence.outcome is Outcome.ANSWERED or not evidence.quotes:
        return None
    best = weighed.ranked[0][0]
    first = evidence.quotes[0]
    is_first = first.doc_id == best.doc_id and first.span.overlaps(best.statement.span)
    return first if best.is_gap and is_first else None


def _part(text: str, evidence: Evidence, quotes: Sequence[Quote], gap: Quote | None) -> Part:
    """A part with the places of those of the answer's quotes that are its own."""
    if evidence.outcome is not Outcome.ANSWERED:
        return Part(text, Outcome.NOT_COVERED, gap=(gap.doc_id, gap.span) if gap else None)
    own = {(quote.doc_id, quote.span) for quote in evidence.quotes[:SEVERAL_EACH]}
    places = ((quote.doc_id, quote.span) for quote in quotes)
    return Part(text, Outcome.ANSWERED, tuple(place for place in places if place in own))


def _distinct(quotes: Iterable[Quote], most: int) -> tuple[Quote, ...]:
    """The first ``most`` that say something new."""
    kept: list[Quote] = []
    for quote in quotes:
        if len(kept) == most:
            break
        if not any(_repeats(quote, earlier) for earlier in kept):
            kept.append(quote)
    return tuple(kept)


def _decide(weighed: Weighed, confidence: float, *, part: bool) -> Outcome:
    gap_first = weighed.ranked[0][0].is_gap
    # Libraries on several subjects that the model was fitted on never say what they lack.
    says_so = gap_first and not weighed.is_one_subject
    if confidence >= weighed.model.answered_from and not says_so:
        return Outcome.ANSWERED
    if part and confidence >= PART_ANSWERED_FROM and not gap_first:
        return Outcome.ANSWERED
    return Outcome.OUT_OF_SCOPE if weighed.is_foreign else Outcome.NOT_COVERED


def _with_gaps(near: Sequence[Scored], *, answered: bool) -> list[Scored]:
    """What the library says it does not cover comes after an answer, and only where it was the
    nearest of all; but before what is merely near where there is no answer."""
    gaps = [pair for pair in near if pair[0].is_gap]
    others = [pair for pair in near if not pair[0].is_gap]
    if not answered:
        return gaps[:1] + others
    told = gaps[:1] if gaps and near[0][0].is_gap else []
    return others[:1] + told + others[1:] if others else list(near)


def _local_first(near: Sequence[Scored], records: Mapping[str, DocumentRecord]) -> list[Scored]:
    """A statement of a local policy just before the one that it is about as good as, where that is
    of a document that the policy goes before."""
    over = {i: r.description.local_policy_over for i, r in records.items()}
    if not any(over.values()):
        return [*near]
    ordered: list[Scored] = []
    for pair in near:
        candidate, score = pair
        beaten = (
            place
            for place, (other, best) in enumerate(ordered)
            if other.doc_id in over[candidate.doc_id] and best - score <= NEARLY
        )
        ordered.insert(next(beaten, len(ordered)), pair)
    return ordered


def _quote(candidate: Candidate, score: float, units: Units, record: DocumentRecord) -> Quote:
    passage = candidate.hit.passage
    unit = units.of(passage, candidate.statement)
    section = " › ".join((*passage.headings, *unit.leads))
    quote = make_quote(passage, unit.span, unit.text, unit.sources, record)
    return replace(quote, section=section, score=score)


def quote_place(library: Library, doc_id: str, span: Span, text: str) -> Quote | None:
    """A place of a document as a quote, None where the library does not have it word for word."""
    for passage in library.by_document.get(doc_id, ()):
        if passage.span.contains(span) and statement_text(passage, span) == text:
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
        status="unconfirmed" if is_unconfirmed(keys, record) else None,
        page=record.page_of(span),
    )


def _repeats(quote: Quote, earlier: Quote) -> bool:
    """Whether a quote adds nothing: the same place, or nearly the same words."""
    if quote.doc_id == earlier.doc_id and quote.span.overlaps(earlier.span):
        return True
    mine, theirs = set(split_terms(quote.text)), set(split_terms(earlier.text))
    return len(mine & theirs) >= SAME_WORDS * max(1, len(mine | theirs))
