"""An answer as HTML for the chat: quotes on their own ground, our words plainly apart."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from assistant.answering.answer import Answer, Outcome, Quote, QuoteRole, Statement
from assistant.consultation import Consultation
from assistant.documents.document import Description
from assistant.documents.sources import Source, SourceStatus
from assistant.interfaces.render import (
    HEADINGS,
    NEAREST,
    NOT_COVERED,
    OUT_OF_SCOPE,
    REWORDED,
    statuses,
)
from assistant.interfaces.ui_check import render_check
from assistant.interfaces.ui_html import cite_link, describe, escape, name_place, name_section

LOW_CONFIDENCE = 0.5
_LEGEND = (
    '<p class="legend"><span class="swatch"></span>Shaded text is quoted word for word. '
    "Choose a number to read it in its document.</p>"
)
_ALSO = "Also relevant"
_DOT = ' <span class="dot">·</span> '


def render_question(question: str) -> str:
    """The question, shown exactly as typed."""
    return f'<div class="asked">{escape(question)}</div>'


def render_searching() -> str:
    """Shown while the library is searched."""
    return '<div class="searching">Searching the library…</div>'


def render_error(message: str) -> str:
    """A plain message where an answer would stand."""
    return (
        '<div class="notice failed"><p class="notice-head"><span class="sign">!</span> '
        f"No answer was made</p><p>{escape(message)}</p>"
        "<p>Your question is still in the box below.</p></div>"
    )


def render_answer(
    consultation: Consultation,
    answer_id: str,
    descriptions: Mapping[str, Description],
    earlier: str | None = None,
) -> str:
    """The whole answer. ``descriptions`` are of its documents, where known.

    ``earlier`` is the question that a follow-up was read together with.
    """
    answer = consultation.answer
    follow_up = ""
    if earlier:
        follow_up = f'<p class="note">Read together with “{escape(earlier)}”.</p>'
    check = render_check(consultation.examination, consultation.check, answer_id)
    if answer.outcome is not Outcome.ANSWERED:
        return f"{follow_up}{_render_uncovered(answer, answer_id)}{check}"
    parts = [follow_up, check]
    if answer.confidence < LOW_CONFIDENCE:
        parts.append('<p class="note weak">Weak match: check that this answers your question.</p>')
    parts.append(_render_statements(answer, answer_id))
    direct = [quote for quote in answer.quotes if quote.number in answer.direct]
    if direct:
        parts.append(_render_quotes(HEADINGS[QuoteRole.DIRECT], direct, answer_id))
    others = [quote for quote in answer.quotes if quote not in direct]
    for role, quotes in groupby(others, key=lambda quote: quote.role):
        label = _ALSO if role is QuoteRole.DIRECT else HEADINGS[role]
        parts.append(_render_quotes(label, list(quotes), answer_id))
    parts.append(_LEGEND)
    parts.append(_render_documents(answer.quotes, answer_id, descriptions))
    if consultation.references:
        parts.append(_render_sources(consultation.references))
    return f'<div class="answer">{"".join(parts)}</div>'


def _render_statements(answer: Answer, answer_id: str) -> str:
    """A language model's words, where there are some, and what became of it."""
    said = "".join(
        f'<p class="reworded">{_render_statement(statement)} '
        f"{' '.join(cite_link(answer_id, number) for number in statement.quotes)}"
        f"{''.join(f' {_status(mark)}' for mark in statuses(answer, statement))}</p>"
        for statement in answer.statements
    )
    label = REWORDED.format(writer=escape(answer.writer))
    note = f'<p class="note">{escape(answer.note)}</p>' if answer.note else ""
    return f'<p class="label">{label}</p>{said}{note}' if said else note


def _render_statement(statement: Statement) -> str:
    words = escape(statement.text)
    return f'<q class="verbatim">{words}</q>' if statement.verbatim else words


def _render_uncovered(answer: Answer, answer_id: str) -> str:
    if answer.outcome is Outcome.NOT_COVERED:
        kind, sign, words = "not-covered", "∅", NOT_COVERED
    else:
        kind, sign, words = "out-of-scope", "↗", OUT_OF_SCOPE
    head, _, rest = words.partition(":")
    nearest = ""
    if answer.nearest:
        nearest = _render_quotes(NEAREST, answer.nearest, answer_id) + _LEGEND
    return (
        f'<div class="notice {kind}"><p class="notice-head"><span class="sign">{sign}</span> '
        f"{head}</p><p>{rest.strip().capitalize()}</p>{nearest}</div>"
    )


def _render_quotes(label: str, quotes: Sequence[Quote], answer_id: str) -> str:
    blocks = "".join(
        '<div class="cited"><blockquote class="verbatim">'
        f'<span class="words">{escape(quote.text)}</span> {cite_link(answer_id, quote.number)}'
        f'</blockquote><p class="where">{_where(quote)}</p></div>'
        for quote in quotes
    )
    return f'<p class="label">{label}</p>{blocks}'


def _where(quote: Quote) -> str:
    """Where the quote is from, then what its document says of it."""
    place = escape(name_place(quote.title, quote.section))
    if quote.page is not None:
        place += f"{_DOT}page {quote.page}"
    if quote.status:
        place += f" {_status(quote.status)}"
    said = [
        f"{name}: {escape(value)}"
        for name, value in (
            ("Applies to", quote.population),
            ("Strength", quote.strength),
            ("Certainty", quote.certainty),
            ("Sources", ", ".join(quote.sources)),
        )
        if value
    ]
    about = f'<span class="about">{_DOT.join(said)}</span>' if said else ""
    return f'<span class="place">{place}</span>{about}'


def _render_documents(
    quotes: Sequence[Quote], answer_id: str, descriptions: Mapping[str, Description]
) -> str:
    """The numbered list of what was quoted: a row a document, in it a row a section."""
    rows = []
    for doc_id in dict.fromkeys(quote.doc_id for quote in quotes):
        cited = [quote for quote in quotes if quote.doc_id == doc_id]
        places: dict[str, list[str]] = {}
        for quote in cited:
            section = name_section(quote.title, quote.section)
            places.setdefault(section, []).append(cite_link(answer_id, quote.number))
        sections = "".join(
            f"<li>{' '.join(links)} {escape(section)}</li>" for section, links in places.items()
        )
        about = ""
        if doc_id in descriptions:
            phrases = _DOT.join(escape(phrase) for phrase in describe(descriptions[doc_id]))
            about = f'<span class="about">{phrases}</span>'
        title = f'<span class="title">{escape(cited[0].title)}</span>'
        rows.append(f"<li>{title} {about}<ul>{sections}</ul></li>")
    return f'<p class="label">Quoted documents</p><ul class="references">{"".join(rows)}</ul>'


def _render_sources(references: Mapping[str, Source]) -> str:
    rows = []
    for key, source in sorted(references.items()):
        unconfirmed = source.status is SourceStatus.UNCONFIRMED
        mark = f" {_status(source.status)}" if unconfirmed else ""
        rows.append(f"<li><b>{escape(key)}</b> {escape(source.citation)}{mark}</li>")
    return f'<p class="label">Their sources</p><ul class="references sources">{"".join(rows)}</ul>'


def _status(words: str) -> str:
    return f'<mark class="status">⚠ {escape(words[:1].upper() + words[1:])}</mark>'
