"""The Evidence tab: a card a quote, and what was found but not used."""

from collections.abc import Mapping, Sequence

from assistant.answering.answer import Quote
from assistant.consultation import Consultation
from assistant.documents.document import Description
from assistant.documents.sources import Source
from assistant.interfaces.ui_html import (
    cite_link,
    describe,
    escape,
    name_place,
    render_status,
)
from assistant.interfaces.ui_reviewed import say_here
from assistant.retrieval.hits import Hit
from assistant.review.known import NOTHING_KNOWN, Known

EMPTY = (
    '<div class="pane-empty"><p class="quotes" aria-hidden="true">❝ ❞</p><p>Ask a question: each '
    "passage that the answer rests on stands here, with its population, its date and where it is "
    "in review.</p></div>"
)


def render_evidence(
    consultation: Consultation,
    answer_id: str,
    descriptions: Mapping[str, Description],
    reviewed: Mapping[str, Known] = NOTHING_KNOWN.documents,
) -> str:
    """Cited cards open, the rest folded."""
    quotes = consultation.answer.quotes
    known = consultation.references
    cards = "".join(_card(quote, answer_id, descriptions, known, reviewed) for quote in quotes)
    unused = [hit for hit in consultation.hits if not _is_quoted(hit, quotes)]
    head = f"Cited in the answer ({len(quotes)})"
    cited = f'<h3 class="label">{head}</h3>{cards}' if quotes else ""
    if not quotes:
        cited = '<p class="note">No passage answers the question, so nothing is cited.</p>'
    return cited + _render_unused(unused, answer_id)


def _is_quoted(hit: Hit, quotes: Sequence[Quote]) -> bool:
    passage = hit.passage
    return any(q.doc_id == passage.doc_id and q.span.overlaps(passage.span) for q in quotes)


def _card(
    quote: Quote,
    answer_id: str,
    descriptions: Mapping[str, Description],
    references: Mapping[str, Source],
    reviewed: Mapping[str, Known],
) -> str:
    cited = [references[key].citation if key in references else key for key in quote.sources]
    rows = [
        ("Section", quote.section),
        ("Page", str(quote.page) if quote.page is not None else None),
        ("Applies to", quote.population),
        ("Strength", quote.strength),
        ("Certainty", quote.certainty),
        ("Sources", "; ".join(cited)),
        ("Document", _describe(descriptions.get(quote.doc_id))),
        ("In review", " · ".join(say_here(reviewed.get(quote.doc_id)))),
    ]
    facts = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in rows if value)
    status = f" {render_status(quote.status)}" if quote.status else ""
    return (
        f'<details class="card" open><summary><span class="number">{quote.number}</span> '
        f'<span class="title">{escape(quote.title)}</span>{status}</summary>'
        f'<blockquote class="verbatim"><span class="words">{escape(quote.text)}</span></blockquote>'
        f"<dl>{facts}</dl><p>{cite_link(answer_id, quote.number, 'Open at the passage')}</p>"
        "</details>"
    )


def _describe(description: Description | None) -> str | None:
    return " · ".join(describe(description)) if description else None


def _render_unused(hits: Sequence[Hit], answer_id: str) -> str:
    if not hits:
        return ""
    cards = "".join(
        f'<details class="card unused"><summary><span class="title">'
        f"{escape(name_place(hit.passage.title, hit.passage.section))}</span></summary>"
        f'<blockquote class="verbatim"><span class="words">{escape(hit.passage.text)}</span>'
        f'</blockquote><p><a class="cite" href="#hit-{escape(answer_id)}-{hit.rank}">Open at the '
        "passage</a></p></details>"
        for hit in hits
    )
    return (
        f'<details class="unused-list"><summary class="label">Found, but not used '
        f"({len(hits)})</summary>{cards}</details>"
    )
