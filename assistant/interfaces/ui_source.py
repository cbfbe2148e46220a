"""A document beside the answer, with the answer's quotes marked in it."""

import secrets
from collections.abc import Sequence

from assistant.answering.answer import Quote
from assistant.documents.pages import PageView
from assistant.interfaces.ui_html import cite_link, describe, escape, name_section, sign
from assistant.interfaces.ui_pages import render_pages
from assistant.retrieval.index import StoredDocument
from assistant.spans import Span

EMPTY = (
    '<section class="source empty" aria-label="Source"><p class="quotes" aria-hidden="true">❝ ❞</p>'
    "<p>Choose a number in an answer, such as <b>[1]</b>, to read the quote in its document "
    "here.</p></section>"
)


def render_source(
    document: StoredDocument,
    quotes: Sequence[Quote],
    chosen: Quote | None,
    answer_id: str = "",
    numbers: Sequence[int] = (),
    views: Sequence[PageView] = (),
) -> str:
    """The whole document; ``quotes`` are this answer's quotes from it, ``chosen`` among them.

    ``numbers`` are all those of the answer, for the next and the one before. A quote that is no
    longer word for word at its place is not marked, and this is said. A passage that is no quote
    of an answer has the number 0. ``views`` are the pages that the chosen quote stands on.
    """
    record, text = document.record, document.text
    standing = [quote for quote in quotes if _stands(quote, text)]
    section, warning = "", ""
    if chosen is not None:
        where = [name_section(record.title, chosen.section)]
        page = record.page_of(chosen.span)
        where += [f"page {page}"] if page is not None else []
        section = f'<p class="section">{escape(" · ".join(filter(None, where)))}</p>'
        if chosen not in standing:
            warning = _warn(
                "This document has changed since the answer was given, and the quote is no longer "
                "at its place. Ask again before relying on it."
            )
        if page in record.reading.recognised:
            warning += _warn(
                "The words of this page were recognised from a picture and may be wrong. Compare "
                "the quote with the page, figures above all."
            )
    if record.description.withdrawn:
        warning += _warn(
            "This document is withdrawn. Nothing in it is quoted any more: do not rely on it."
        )
    about = escape(" · ".join(describe(record.description)))
    marked = _mark(text, standing, chosen, answer_id, record.sections)
    pages = render_pages(views if chosen in standing else (), record.title)
    return _panel(
        f'<h2 class="title">{escape(record.title)}</h2>{section}'
        f'<p class="about">{about}</p>{_jump(quotes, chosen, answer_id, numbers)}{warning}',
        f'{pages}<div class="text">{marked}</div>',
        record.title,
    )


def _jump(
    quotes: Sequence[Quote], chosen: Quote | None, answer_id: str, numbers: Sequence[int]
) -> str:
    """The quote before and the next, over all documents, and all those of this one."""
    if chosen is None or chosen.number not in numbers:
        return ""
    at = numbers.index(chosen.number)
    links = " ".join(
        cite_link(answer_id, quote.number, classes="current" if quote == chosen else "")
        for quote in quotes
    )
    before = cite_link(answer_id, numbers[at - 1], "‹ Previous", "step") if at > 0 else ""
    after = cite_link(answer_id, numbers[at + 1], "Next ›", "step") if at + 1 < len(numbers) else ""
    return (
        f'<p class="steps-nav">{before} <span>Quote {at + 1} of {len(numbers)}</span> {after}</p>'
        f'<p class="jump">Quotes from this document: {links}</p>'
    )


def render_missing(message: str) -> str:
    """What to show when there is no document to open."""
    return _panel('<h2 class="title">Source not available</h2>' + _warn(message), "")


def _panel(head: str, body: str, title: str = "") -> str:
    # A value of its own each time, so that choosing the same number again still shows the quote.
    opening = secrets.token_hex(4)
    name = escape(f"Text of {title}" if title else "Text")
    return (
        f'<section class="source" aria-label="Source" data-opening="{opening}">'
        f'<div class="source-head">{head}</div>'
        f'<div class="source-body" tabindex="0" role="region" aria-label="{name}">{body}</div>'
        "</section>"
    )


def _warn(message: str) -> str:
    return f'<p class="warning">{sign("!")} {escape(message)}</p>'


def _stands(quote: Quote, text: str) -> bool:
    return quote.span.end <= len(text) and quote.span.of(text) == quote.text


def _mark(
    text: str,
    quotes: Sequence[Quote],
    chosen: Quote | None,
    answer_id: str,
    sections: Sequence[tuple[str, int]],
) -> str:
    headings = _heading_lines(text, sections)
    html, done = [], 0
    for span, quote in _lay_out(quotes, chosen):
        html.append(_style(text, Span(done, span.start), headings))
        first = span.start == quote.span.start
        name = f' id="mark-{escape(answer_id)}-{quote.number}"' if first else ""
        current = " current" if quote == chosen else ""
        shown = quote.number or ""
        html.append(
            f'<mark{name} class="quoted{current}" data-number="{shown}">'
            f"{_style(text, span, headings)}</mark>"
        )
        done = span.end
    html.append(_style(text, Span(done, len(text)), headings))
    return "".join(html)


def _lay_out(quotes: Sequence[Quote], chosen: Quote | None) -> list[tuple[Span, Quote]]:
    """Where to mark, in order and without overlaps; the chosen quote is always whole."""
    taken: list[tuple[Span, Quote]] = []
    for quote in sorted(quotes, key=lambda q: (q != chosen, q.span, q.number)):
        start = quote.span.start
        for span, _ in sorted(taken, key=lambda pair: pair[0]):
            if span.start >= quote.span.end:
                break
            if start < span.start:
                taken.append((Span(start, span.start), quote))
            start = max(start, span.end)
        if start < quote.span.end:
            taken.append((Span(start, quote.span.end), quote))
    return sorted(taken, key=lambda pair: pair[0])


def _heading_lines(text: str, sections: Sequence[tuple[str, int]]) -> list[Span]:
    """The lines that say the sections' headings: at each section's start, or just above it."""
    lines: set[Span] = set()
    for path, start in sections:
        names = path.split(" › ")
        end = text.find("\n", start) + 1 or len(text)
        while names and end > 0:
            line = Span(text.rfind("\n", 0, end - 1) + 1, end)
            words = line.of(text).strip("# \t\n")
            if words == names[-1]:
                names.pop()
                lines.add(line)
            elif words and line.end <= start:
                break
            end = line.start
    return sorted(lines)


def _style(text: str, span: Span, headings: Sequence[Span]) -> str:
    """The characters of ``span``, with the parts that belong to heading lines made headings."""
    html, done = [], span.start
    for line in headings:
        if not line.overlaps(span):
            continue
        start, end = max(line.start, span.start), min(line.end, span.end)
        html.append(escape(text[done:start]))
        html.append(f'<span class="heading">{_dim_hashes(text[start:end])}</span>')
        done = end
    html.append(escape(text[done : span.end]))
    return "".join(html)


def _dim_hashes(line: str) -> str:
    words = line.lstrip("# ") if line.startswith("#") else line
    hashes = line[: len(line) - len(words)]
    return (
        f'<span class="hashes">{escape(hashes)}</span>{escape(words)}' if hashes else escape(line)
    )
