"""Opens a document for the Source tab: at a quote, at a passage, or from the library."""

import re
from collections.abc import Sequence

from assistant.answering.answer import Answer, Quote, QuoteRole
from assistant.documents.pages import PageView
from assistant.errors import UnknownDocumentError
from assistant.interfaces.ui_session import EARLIER_VISIT, Serves, Session, explain
from assistant.interfaces.ui_source import render_missing, render_source
from assistant.retrieval.hits import Hit
from assistant.spans import Span

_LINK = re.compile(r"(cite|hit|near)-([0-9a-f]+)-([0-9]{1,6})")


def open_source(assistant: Serves, session: Session, link: str) -> str:
    """The panel for a number's link; the document is read from the library there and then."""
    found = _LINK.fullmatch(link)
    kind, answer_id, number = (found[1], found[2], int(found[3])) if found else ("", "", 0)
    exchange = session.find(answer_id)
    answer = exchange.consultation.answer if exchange else None
    quotes = answer.nearest if answer and kind == "near" else _quotes(answer)
    if kind == "hit" and exchange:
        hits = exchange.consultation.hits
        chosen = next((_as_quote(hit) for hit in hits if hit.rank == number), None)
    else:
        chosen = next((quote for quote in quotes if quote.number == number), None)
    if chosen is None:
        return render_missing(EARLIER_VISIT)
    alongside = [quote for quote in quotes if quote.doc_id == chosen.doc_id]
    if chosen not in alongside:
        alongside.append(chosen)
    steps = [] if kind == "near" else [quote.number for quote in quotes]
    return _open(assistant, alongside, chosen, answer_id, steps)


def open_document(assistant: Serves, doc_id: str, start: int | None, end: int | None) -> str:
    """A document of the library, with a passage of it marked where one is named."""
    try:
        document = assistant.document(doc_id)
        if start is None or end is None or not 0 <= start < end <= len(document.text):
            return render_source(document, [], None)
        span = Span(start, end)
        section = [path for path, at in document.record.sections if at <= start][-1:]
        marked = Quote(
            number=0,
            text=span.of(document.text),
            doc_id=doc_id,
            title=document.record.title,
            section=section[0] if section else "",
            span=span,
            role=QuoteRole.BACKGROUND,
            score=0.0,
        )
        return render_source(document, [marked], marked, views=_view_pages(assistant, doc_id, span))
    except Exception as error:
        return render_missing(explain(error))


def _open(
    assistant: Serves,
    alongside: Sequence[Quote],
    chosen: Quote,
    answer_id: str,
    numbers: Sequence[int],
) -> str:
    try:
        document = assistant.document(chosen.doc_id)
        views = _view_pages(assistant, chosen.doc_id, chosen.span)
        return render_source(document, alongside, chosen, answer_id, numbers, views)
    except UnknownDocumentError:
        return render_missing(
            f"“{chosen.title}” is no longer in the library: it was removed after this answer was "
            "given. Do not rely on the quote."
        )
    except Exception as error:
        return render_missing(explain(error))


def _view_pages(assistant: Serves, doc_id: str, span: Span) -> tuple[PageView, ...]:
    """The pages that a quote stands on; none where they cannot be drawn, for the text is there."""
    try:
        return assistant.page_views(doc_id, span)
    except Exception as error:
        explain(error)
        return ()


def _as_quote(hit: Hit) -> Quote:
    passage = hit.passage
    return Quote(
        number=0,
        text=passage.text,
        doc_id=passage.doc_id,
        title=passage.title,
        section=passage.section,
        span=passage.span,
        role=QuoteRole.BACKGROUND,
        score=hit.score,
    )


def _quotes(answer: Answer | None) -> tuple[Quote, ...]:
    return (answer.quotes or answer.nearest) if answer else ()
