"""An answer as HTML: the verdict, then quotes on their own ground, our words plainly apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from assistant.answering.answer import Answer, Outcome, Part, Quote, QuoteRole
from assistant.answering.features import says_not_covered
from assistant.consultation import Consultation
from assistant.documents.document import Description
from assistant.documents.sources import Source, SourceStatus
from assistant.interfaces.render import HEADINGS, NEAREST, NOT_COVERED, OUT_OF_SCOPE, SAID_MISSING
from assistant.interfaces.ui_actions import render_actions
from assistant.interfaces.ui_check import render_check
from assistant.interfaces.ui_disagreements import render_disagreements
from assistant.interfaces.ui_html import (
    button,
    cite_link,
    cite_links,
    describe,
    escape,
    name_place,
    name_section,
    render_status,
    say_day,
    sign,
)
from assistant.interfaces.ui_reviewed import render_reviewed, say_here
from assistant.review.known import NOTHING_KNOWN, Reviewed

LOW_CONFIDENCE = 0.5
ALSO = "Also relevant"
_LEGEND = (
    '<p class="legend"><span class="swatch" aria-hidden="true"></span>Shaded text is quoted word '
    "for word; everything else is ours. Choose a number to read it in its document.</p>"
)
_DOT = ' <span class="dot" aria-hidden="true">·</span> '
_EMERGENCY = (
    '<p class="note">In an emergency do not wait for this page: call your emergency team or the '
    "emergency number.</p>"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What an answer is shown with. ``descriptions`` are of its documents, where known.

    ``documents`` is the number in the library; ``earlier`` the question that a follow-up was read
    together with. ``plain`` is the answer as ``ask --json`` has it, of which the disagreements and
    a language model's words are shown. ``corrected`` is the number of corrected findings.
    ``reviewed`` is what is known of its review; ``sendable``: it can be sent for review.
    """

    answer_id: str
    consultation: Consultation
    descriptions: Mapping[str, Description] = field(default_factory=dict)
    documents: int = 0
    earlier: str | None = None
    plain: Mapping[str, Any] = field(default_factory=dict)
    corrected: int = 0
    reviewed: Reviewed = NOTHING_KNOWN
    sendable: bool = False


def render_exchange(shown: Shown) -> str:
    """The question with its whole answer."""
    return (
        f'<article class="exchange" id="answer-{escape(shown.answer_id)}" '
        f'data-answer="{escape(shown.answer_id)}" tabindex="-1">'
        f"{render_question(shown.consultation.question)}{render_answer(shown)}</article>"
    )


def render_question(question: str) -> str:
    """The question, shown exactly as typed."""
    return f'<h2 class="asked">{escape(question)}</h2>'


def render_error(question: str, message: str) -> str:
    """A plain message where an answer would stand."""
    return (
        f'<article class="exchange">{render_question(question)}<div class="notice failed">'
        f'<p class="notice-head">{sign("!")} No answer was made</p><p>{escape(message)}</p>'
        "<p>Your question is still in the box below.</p></div></article>"
    )


def render_answer(shown: Shown) -> str:
    """Everything below the question."""
    consultation, answer_id = shown.consultation, shown.answer_id
    answer = consultation.answer
    head = [_render_steps(shown)]
    if shown.earlier:
        head.append(f'<p class="note">Read together with “{escape(shown.earlier)}”.</p>')
    if shown.corrected:
        head.append(
            f'<p class="note">{sign("✎")} With {_count(shown.corrected, "finding")} as you '
            f"corrected {'it' if shown.corrected == 1 else 'them'}.</p>"
        )
    head += [
        f'<p class="note weak">{sign("!")} {escape(n.message)}</p>' for n in consultation.notices
    ]
    check = render_check(consultation.examination, consultation.check, answer, answer_id)
    answered = answer.outcome is Outcome.ANSWERED
    foot = render_actions(answer_id, answered=answered, sendable=shown.sendable)
    if answer.outcome is not Outcome.ANSWERED:
        if not shown.documents:
            return f"{''.join(head)}{check}{_render_empty_library()}"
        return f"{''.join(head)}{check}{_render_uncovered(answer, answer_id)}{foot}"
    parts = [*head, render_reviewed(shown.reviewed), check]
    if answer.confidence < LOW_CONFIDENCE:
        parts.append(
            f'<p class="note weak">{sign("!")} Weak match: check that this answers your '
            "question.</p>"
        )
    parts.append(_render_statements(shown))
    parts.append(_render_parts(answer, answer_id))
    direct = [quote for quote in answer.quotes if quote.number in answer.direct]
    if direct:
        parts.append(_render_quotes(HEADINGS[QuoteRole.DIRECT], direct, answer_id, "direct"))
    others = [quote for quote in answer.quotes if quote not in direct]
    for role, quotes in groupby(others, key=lambda quote: quote.role):
        label = ALSO if role is QuoteRole.DIRECT else HEADINGS[role]
        parts.append(_render_quotes(label, list(quotes), answer_id))
    parts.append(_LEGEND)
    cards = shown.plain.get("disagreements", ())
    parts.append(render_disagreements(cards, answer.quotes, answer_id))
    parts.append(_render_documents(answer.quotes, answer_id, shown))
    if consultation.references:
        parts.append(_render_sources(consultation.references))
    parts.append(_render_state(shown))
    return f'<div class="answer">{"".join(parts)}</div>{foot}'


def _render_parts(answer: Answer, answer_id: str) -> str:
    """What was asked, part by part, where it was several things."""
    if not answer.parts:
        return ""
    items = []
    for part in answer.parts:
        numbers = answer.numbers_of(part)
        where = cite_links(answer_id, numbers) if numbers else _render_gap(answer, part, answer_id)
        items.append(f"<li>{escape(part.question)}: {where}</li>")
    return f'<div class="parts"><p class="note">You asked:</p><ul>{"".join(items)}</ul></div>'


def _render_gap(answer: Answer, part: Part, answer_id: str) -> str:
    """That a part is not covered, in the library's own words where it says so."""
    missing = f"{sign('∅')} <b>not covered by the library</b>"
    quoted = [q.number for q in answer.quotes if (q.doc_id, q.span) == part.gap]
    if quoted:
        return f"{missing}, which says so: {cite_links(answer_id, quoted)}"
    told = answer.gaps_of(part)
    blocks = "".join(
        f'<blockquote class="verbatim"><span class="words">{escape(quote.text)}</span> '
        f"{cite_link(answer_id, quote.number, 'Open at the passage', kind='near')}</blockquote>"
        for quote in answer.nearest
        if quote.number in told
    )
    return f"{missing}{'. It says so itself:' if blocks else ''}{blocks}"


def _render_steps(shown: Shown) -> str:
    """What was done to answer, folded to a line."""
    consultation = shown.consultation
    examination = consultation.examination
    rules = sum(len(one.pathway.rules) for one in examination.evaluations)
    took = consultation.timing_ms.get("total")
    steps = [
        f"Searched {_count(shown.documents, 'document')}.",
        f"Found {_count(len(consultation.hits), 'passage')}, "
        f"quoted {_count(len(consultation.answer.quotes), 'statement')}, each checked word for "
        "word against its document.",
        f"Checked {_count(rules, 'rule')} of {_count(len(examination.evaluations), 'pathway')}"
        f"{' against the patient' if examination.case.about_patient else ''}.",
        "The answer is made of quotations alone."
        if consultation.answer.writer == "extractive"
        else f"Written by {consultation.answer.writer}; each sentence rests on a quotation.",
    ]
    line = (
        f"Searched {_count(shown.documents, 'document')}{_DOT}found "
        f"{_count(len(consultation.hits), 'passage')}{_DOT}checked {_count(rules, 'rule')}"
    )
    rows = "".join(f"<li>{escape(step)}</li>" for step in steps)
    if took:
        rows += f"<li>Took {took / 1000:.2f} seconds.</li>"
    return f'<details class="steps"><summary>{line}</summary><ol>{rows}</ol></details>'


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _render_statements(shown: Shown) -> str:
    """A language model's words, where there are some; where it could not be used, that."""
    note = shown.plain.get("note")
    said = "".join(
        f'<p class="reworded">{_render_words(one)} '
        f"{cite_links(shown.answer_id, (int(number) for number in one['quotes']))}</p>"
        for one in shown.plain.get("statements", ())
    )
    parts = []
    if said:
        writer = escape(shown.consultation.answer.writer)
        parts.append(
            f'<section class="group ours"><h3 class="label">In other words (by {writer}, not '
            f"quoted; read the quotations below)</h3>{said}</section>"
        )
    if note:
        parts.append(f'<p class="note">{sign("!")} {escape(str(note))}</p>')
    return "".join(parts)


def _render_words(statement: Mapping[str, Any]) -> str:
    words = escape(str(statement["text"]))
    return f'<q class="verbatim">{words}</q>' if statement.get("verbatim") else words


def _render_uncovered(answer: Answer, answer_id: str) -> str:
    if answer.outcome is Outcome.NOT_COVERED:
        kind, mark, words = "not-covered", "∅", NOT_COVERED
    else:
        kind, mark, words = "out-of-scope", "↗", OUT_OF_SCOPE
    head, _, rest = words.partition(":")
    best = max((quote.score for quote in answer.nearest), default=0.0)
    first = [quote for quote in answer.nearest[:1] if quote.score >= best]
    told = [quote for quote in first if says_not_covered(quote.text)]
    others = [quote for quote in answer.nearest if quote not in told]
    nearest = _render_told(told, answer_id) if told else ""
    if others:
        quotes = _render_quotes(NEAREST, others, answer_id)
        nearest += f'<div class="nearest">{quotes}</div>'
    library = button("See what the library holds", "tab", tab="library", classes="link")
    return (
        f'<div class="notice {kind}"><p class="notice-head">{sign(mark)} '
        f"{head}</p><p>{rest.strip().capitalize()} {library}</p>{nearest}{_EMERGENCY}</div>"
    )


def _render_told(quotes: Sequence[Quote], answer_id: str) -> str:
    """What the library says of its own gaps: of that there is no evidence to mark."""
    blocks = "".join(
        f'<div class="cited">{_block(quote, answer_id)}<p class="where">'
        f"{escape(name_place(quote.title, quote.section))}</p></div>"
        for quote in quotes
    )
    return f'<section class="group"><h3 class="label">{SAID_MISSING}</h3>{blocks}</section>'


def _block(quote: Quote, answer_id: str) -> str:
    return (
        f'<blockquote class="verbatim"><span class="words">{escape(quote.text)}</span> '
        f"{cite_link(answer_id, quote.number)}</blockquote>"
    )


def _render_empty_library() -> str:
    return (
        f'<div class="notice empty-library"><p class="notice-head">{sign("∅")} The library is '
        "empty</p><p>Nothing can be quoted until it holds a document. "
        f"{button('Add documents', 'tab', tab='library')}</p>{_EMERGENCY}</div>"
    )


def _render_quotes(label: str, quotes: Sequence[Quote], answer_id: str, classes: str = "") -> str:
    blocks = "".join(
        f'<div class="cited">{_block(quote, answer_id)}<p class="where">{_where(quote)}</p></div>'
        for quote in quotes
    )
    return f'<section class="group {classes}"><h3 class="label">{label}</h3>{blocks}</section>'


def _where(quote: Quote) -> str:
    """Where the quote is from, then what its document says of it."""
    place = escape(name_place(quote.title, quote.section))
    if quote.page is not None:
        place += f"{_DOT}page {quote.page}"
    if quote.status:
        place += f" {render_status(quote.status)}"
    return f'<span class="place">{place}</span>{render_marks(quote)}'


def render_marks(quote: Quote) -> str:
    """What is known of the evidence behind a quote."""
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
    return f'<span class="about">{_DOT.join(said)}</span>' if said else ""


def _render_documents(quotes: Sequence[Quote], answer_id: str, shown: Shown) -> str:
    """The numbered list of what was quoted: a row a document, in it a row a section."""
    rows = []
    for doc_id in dict.fromkeys(quote.doc_id for quote in quotes):
        cited = [quote for quote in quotes if quote.doc_id == doc_id]
        places: dict[str, list[int]] = {}
        for quote in cited:
            section = name_section(quote.title, quote.section)
            places.setdefault(section, []).append(quote.number)
        sections = "".join(
            f"<li>{cite_links(answer_id, numbers)} {escape(section)}</li>"
            for section, numbers in places.items()
        )
        about = ""
        if doc_id in shown.descriptions:
            known = describe(shown.descriptions[doc_id])
            known += say_here(shown.reviewed.documents.get(doc_id))
            phrases = _DOT.join(escape(phrase) for phrase in known)
            about = f'<span class="about">{phrases}</span>'
        title = f'<span class="title">{escape(cited[0].title)}</span>'
        rows.append(f"<li>{title} {about}<ul>{sections}</ul></li>")
    return f'<h3 class="label">Quoted documents</h3><ul class="references">{"".join(rows)}</ul>'


def _render_sources(references: Mapping[str, Source]) -> str:
    rows = []
    for key, source in sorted(references.items()):
        unconfirmed = source.status is SourceStatus.UNCONFIRMED
        mark = f" {render_status(source.status)}" if unconfirmed else ""
        rows.append(f"<li><b>{escape(key)}</b> {escape(source.citation)}{mark}</li>")
    return (
        f'<details class="sources-list"><summary class="label">Their sources ({len(rows)})'
        f'</summary><ul class="references sources">{"".join(rows)}</ul></details>'
    )


def _render_state(shown: Shown) -> str:
    """Of when the documents are, who reviewed them, and which state of the library answered."""
    known = shown.descriptions.values()
    dates = [d.updated or d.published for d in known]
    newest = max((date for date in dates if date), default=None)
    reviews = sorted({d.review.status or "not stated" for d in known})
    phrases = [f"Last updated {say_day(newest)}"] if newest else []
    if reviews:
        phrases.append(f"Review: {', '.join(reviews)}")
    phrases.append(f"Library generation {shown.consultation.generation[:12]}")
    return f'<p class="state">{_DOT.join(escape(phrase) for phrase in phrases)}</p>'
