"""The Library tab: what there is, what of it was read, and changing it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.documents.passages import Passage, StatementKind
from assistant.documents.readers.registry import SUFFIXES
from assistant.documents.reading import say_reading, say_unread
from assistant.interfaces.ui_html import button, describe, escape, name_place, sign
from assistant.interfaces.ui_reviewed import say_here
from assistant.retrieval.hits import Hit
from assistant.retrieval.index import StoredDocument
from assistant.retrieval.records import DocumentRecord
from assistant.review.known import Known


@dataclass(frozen=True, slots=True)
class Listed:
    """A document of the list; ``indexed`` says in a line what of it was read.

    ``known`` is what is known of its review; ``sendable``: it can be sent for review.
    """

    record: DocumentRecord
    indexed: str
    known: Known | None = None
    sendable: bool = False


def list_document(
    document: StoredDocument,
    passages: Sequence[Passage],
    known: Known | None = None,
    *,
    sendable: bool = False,
) -> Listed:
    """What of a document can be quoted, counted from what the store keeps of it."""
    record = document.record
    kinds = Counter(one.kind for passage in passages for one in passage.statements)
    rows, bullets = kinds[StatementKind.ROW], kinds[StatementKind.BULLET]
    parts = [
        f"{len(document.text):,} characters",
        _count(len(record.sections), "section"),
        _count(kinds[StatementKind.SENTENCE], "sentence"),
        *([_count(bullets, "list item")] if bullets else []),
        *([_count(rows, "table row")] if rows else []),
    ]
    indexed = f"Indexed: {say_reading(record.reading)} · {' · '.join(parts)}"
    return Listed(record, indexed, known, sendable)


@dataclass(frozen=True, slots=True)
class Upload:
    """What came of one file; ``message`` is for people.

    ``replaces`` are the documents that it would take the place of, where it waits at ``path`` to be
    told whether to.
    """

    name: str
    done: bool
    message: str
    path: str = ""
    replaces: tuple[DocumentRecord, ...] = ()


def render_library(documents: Sequence[Listed], generation: str) -> str:
    """The list, or how to begin where there is nothing."""
    if not documents:
        return (
            '<div class="notice empty-library"><p class="notice-head">The library is empty</p>'
            f"<p>Nothing can be quoted until it holds a document. {_HOW}</p></div>"
        )
    rows = "".join(_row(document) for document in documents)
    return (
        f'<h3 class="label">{_count(len(documents), "document")}</h3>'
        f'<p class="state">Library generation {escape(generation[:12])}</p>'
        f'<ul class="documents">{rows}</ul>'
    )


_HOW = (
    "Choose “Add documents” above, or run <code>python -m assistant ingest FOLDER</code> on the "
    "machine that serves this page."
)


def _row(document: Listed) -> str:
    record = document.record
    about = " · ".join([*describe(record.description), *say_here(document.known)])
    population = record.description.population
    for_whom = f'<p class="population">For: {escape(population)}</p>' if population else ""
    unread = "".join(
        f'<p class="about unread">{escape(line)}</p>' for line in say_unread(record.reading)
    )
    title, doc_id = record.title, record.doc_id
    within = f"Search in {title}"
    send = sent = ""
    if document.sendable:
        label = f"Send {title} for review"
        send = " " + button("Send for review", "send-document", document=doc_id, label=label)
        sent = '<p class="sent" role="status"></p>'
    return (
        f'<li class="document"><h4 class="title">{escape(title)}</h4>{for_whom}'
        f'<p class="about">{escape(about)}</p><p class="about">'
        f"{escape(document.indexed)}</p>{unread}"
        f'<p class="row">{button("Open", "document", document=doc_id, label=f"Open {title}")} '
        f"{button('Search in it', 'within', document=doc_id, title=title, label=within)} "
        f"{button('Remove', 'remove', classes='danger', label=f'Remove {title}')}{send}</p>"
        f"{sent}"
        f'<div class="confirm" role="alertdialog" aria-label="Remove {escape(title)}?" hidden>'
        f"<p>{sign('!')} Remove “{escape(title)}” for everybody? It will no longer be quoted; "
        "earlier answers say so when it is opened.</p>"
        f"{button('Keep it', 'keep')} "
        f"{button('Remove it', 'removing', classes='danger', document=doc_id)}</div></li>"
    )


def render_tools() -> str:
    """What stands above the list and stays while it changes."""
    accept = escape(",".join(sorted(SUFFIXES)))
    kinds = ", ".join(sorted(suffix.lstrip(".") for suffix in SUFFIXES))
    return (
        '<form class="finder" data-do="search" role="search"><label for="find">Search inside the '
        'documents</label><span class="row"><input id="find" type="search" required> '
        '<button type="submit" class="do">Search</button></span>'
        '<p class="scope" hidden></p></form><div id="found" role="region" aria-live="polite" '
        'aria-label="Search results"></div>'
        f'<div class="adder"><label for="files">Add documents <span class="kinds">({kinds})</span>'
        f'</label><input id="files" type="file" multiple accept="{accept}">'
        '<div class="adding" hidden><progress id="progress" max="1" value="0" '
        'aria-label="Adding documents"></progress><p id="progress-words" role="status"></p></div>'
        '<ul id="uploads" aria-label="What came of each file"></ul></div>'
    )


def render_uploads(uploads: Sequence[Upload]) -> str:
    """A line a file: added, or why not."""
    return "".join(_ask_first(one) if one.replaces else _upload(one) for one in uploads)


def _upload(one: Upload) -> str:
    return (
        f'<li class="{"done" if one.done else "failed"}">{sign("✓" if one.done else "✕")} '
        f"<b>{escape(one.name)}</b>: {escape(one.message)}</li>"
    )


def _ask_first(one: Upload) -> str:
    """What a file would replace, and whether it may."""
    rows = "".join(
        f"<li>“{escape(record.title)}”: {escape(' · '.join(describe(record.description)))} · "
        f"{_count(record.passages, 'passage')}</li>"
        for record in one.replaces
    )
    these = "this document" if len(one.replaces) == 1 else "these documents"
    file = {"path": one.path, "name": one.name}
    return (
        f'<li class="waiting"><div class="confirm" role="group" '
        f'aria-label="Replace {these} by {escape(one.name)}?"><p>{sign("!")} '
        f"<b>{escape(one.name)}</b> has the same id as {these} of the library. Replace for "
        f'everybody?</p><ul class="replaced">{rows}</ul>'
        f"{button('Keep the old one', 'discard', **file)} "
        f"{button('Replace it', 'replace', classes='danger', **file)}</div></li>"
    )


def render_found(query: str, hits: Sequence[Hit]) -> str:
    """The passages that a search found; they are not an answer."""
    if not hits:
        return f'<p class="note">Nothing found for “{escape(query)}”.</p>'
    rows = "".join(
        f'<li><p class="where">{escape(name_place(hit.passage.title, hit.passage.section))}</p>'
        f'<blockquote class="verbatim"><span class="words">{escape(hit.passage.text)}</span>'
        "</blockquote>"
        f"{_open(hit)}</li>"
        for hit in hits
    )
    return (
        f'<h3 class="label">Passages for “{escape(query)}” ({len(hits)}), not an answer</h3>'
        f'<ol class="found">{rows}</ol>'
    )


def _open(hit: Hit) -> str:
    passage = hit.passage
    return button(
        "Open at the passage",
        "document",
        document=passage.doc_id,
        start=passage.span.start,
        end=passage.span.end,
        label=f"Open at passage {hit.rank}: {passage.title}",
    )


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
