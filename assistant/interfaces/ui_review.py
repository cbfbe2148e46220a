"""The Review tab: the queue, one item with all that a reviewer reads, and deciding on it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assistant.accounts.account import Account
from assistant.answering.answer import QuoteRole
from assistant.interfaces.render import HEADINGS
from assistant.interfaces.ui_html import button, escape, name_place, say_day, sign
from assistant.interfaces.ui_reviewed import SIGNS
from assistant.review.audit import Entry
from assistant.review.desk import LONGEST_COMMENT, Dossier, Standing
from assistant.review.item import Kind, State

_GROUPS = (
    ("To do", (State.SUBMITTED, State.UNDER_REVIEW, State.EXPIRED, State.NEEDS_REVIEW)),
    ("Approved", (State.APPROVED,)),
    ("Rejected", (State.REJECTED,)),
)
_ACTS = {
    "submit": "submitted it",
    "start": "took it up",
    "approve": "approved it",
    "reject": "rejected it",
}


def render_queue(standings: Sequence[Standing]) -> str:
    """What is to do, then what was decided; the newest first."""
    if not standings:
        return (
            '<div class="pane-empty"><p>Nothing was sent for review yet. An answer has a button '
            "for it below, a document one in the Library.</p></div>"
        )
    parts = []
    for label, states in _GROUPS:
        some = [one for one in reversed(standings) if one.state in states]
        if some:
            rows = "".join(_row(one) for one in some)
            parts.append(
                f'<h3 class="label">{label} ({len(some)})</h3><ul class="queue">{rows}</ul>'
            )
    return "".join(parts)


def _row(standing: Standing) -> str:
    item = standing.item
    words = f"{_kind(item.kind)} {item.item_id}: {item.title}"
    return (
        f"<li>{button(words, 'dossier', item=item.item_id, classes='wide')}"
        f'<p class="about">{render_state(standing.state)} {escape(_history(standing))}</p></li>'
    )


def render_state(state: State) -> str:
    """A state as a mark and a word."""
    mark, classes = SIGNS[state]
    return f'<span class="standing {classes}">{sign(mark)}{state.value}</span>'


def _kind(kind: Kind) -> str:
    return "Answer" if kind is Kind.ANSWER else "Document"


def _history(standing: Standing) -> str:
    item = standing.item
    phrases = [f"Sent by {item.submitted_by}, {say_day(item.submitted_at[:10])}"]
    if item.decided_by:
        verb = "rejected" if item.state is State.REJECTED else "approved"
        on = f", {say_day(item.decided_on)}" if item.decided_on else ""
        phrases.append(f"{verb} by {item.decided_by}{on}")
    elif item.reviewer:
        phrases.append(f"taken up by {item.reviewer}")
    if item.until:
        phrases.append(f"until {say_day(item.until)}")
    return " · ".join(phrases)


def render_dossier(dossier: Dossier, by: Account, until: date) -> str:
    """An item; ``until`` is the day that an approval lasts to where no other is chosen."""
    standing = dossier.standing
    item = standing.item
    head = (
        f'<p class="row">{button("← All items", "queue")}</p>'
        f'<h2 class="title dossier-title" tabindex="-1">{escape(item.title)}</h2>'
        f'<p class="about">{_kind(item.kind)} {item.item_id} · {render_state(standing.state)} '
        f"{escape(_history(standing))}</p>"
    )
    comment = f'<p class="comment">“{escape(item.comment)}”</p>' if item.comment else ""
    if item.content is None:
        open_it = button("Open the document", "document", document=item.key)
        body = f'<p class="row">{open_it}</p>'
    else:
        body = _render_answer(item.content)
    return (
        f"{head}{comment}{_render_barred(dossier)}{_render_deciding(dossier, by, until)}{body}"
        f"{_render_entries(dossier.entries)}"
    )


def _render_barred(dossier: Dossier) -> str:
    if not dossier.barred:
        words = (
            "Every quote was found again just now, word for word, and nothing bars approval."
            if dossier.standing.item.kind is Kind.ANSWER
            else "It is in the library as it was sent, and nothing bars approval."
        )
        return f'<p class="reviewed approved">{sign("✓")} {words}</p>'
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in dossier.barred)
    return (
        f'<div class="reviewed rejected"><p>{sign("✕")} <b>It cannot be approved now</b></p>'
        f"<ul>{reasons}</ul></div>"
    )


def _render_deciding(dossier: Dossier, by: Account, until: date) -> str:
    item = dossier.standing.item
    if item.state is not State.UNDER_REVIEW:
        again = "Start its review" if item.state is State.SUBMITTED else "Review it again"
        row = button(again, "decide", item=item.item_id, act="start")
        if item.state is not State.APPROVED:
            return f'<p class="row">{row}</p>'
        return _deciding(item.item_id, row, "", "Why is the approval taken back?", "Take it back")
    day = (
        '<label for="until">Approved until</label>'
        f'<input id="until" type="date" value="{until.isoformat()}">'
    )
    approve = (
        "" if dossier.barred else button("Approve", "decide", item=item.item_id, act="approve")
    )
    return _deciding(item.item_id, approve, day, "Comment", "Reject")


def _deciding(item_id: int, first: str, day: str, label: str, reject: str) -> str:
    barring = button(reject, "decide", classes="danger", item=item_id, act="reject")
    return (
        f'<div class="deciding" role="group" aria-label="Decide"><label for="comment">{label} '
        '<span class="kinds">(kept and shown; nothing of a patient)</span></label>'
        f'<textarea id="comment" rows="3" maxlength="{LONGEST_COMMENT}"></textarea>'
        f'{day}<p class="row">{first} {barring}</p></div>'
    )


def _render_answer(plain: Mapping[str, Any]) -> str:
    parts = []
    for said in plain.get("statements", ()):
        numbers = ", ".join(map(str, said["quotes"]))
        parts.append(f'<p class="reworded">{escape(said["text"])} ({numbers})</p>')
    if parts:
        parts.insert(0, '<h3 class="label">In other words (not quoted)</h3>')
    parts.append(f'<h3 class="label">Quotes ({len(plain["quotes"])})</h3>')
    parts += [_render_quote(quote) for quote in plain["quotes"]]
    for card in plain["disagreements"]:
        sides = "".join(f"<li>{escape(str(one['says']))}</li>" for one in card["positions"])
        parts.append(
            f'<div class="disagreement"><p class="disagreement-head">{escape(card["topic"])}</p>'
            f"<ul>{sides}</ul><p>{escape(card['explanation'])}</p></div>"
        )
    check = plain["check"]
    issues = "".join(
        f"<li><b>{escape(one['severity'])}</b>: {escape(one['message'])}</li>"
        for one in check["issues"]
    )
    parts.append(
        f'<h3 class="label">Check: {escape(check["verdict"])}</h3><ul class="items">'
        f"{issues or '<li>It has nothing to object to.</li>'}</ul>"
    )
    return "".join(parts)


def _render_quote(quote: Mapping[str, Any]) -> str:
    number, title = quote["number"], str(quote["title"])
    heading = HEADINGS[QuoteRole(quote["role"])]
    status = f" · {quote['status']}" if quote["status"] else ""
    place = {"document": quote["document"], "start": quote["start"], "end": quote["end"]}
    label = f"Open quote {number} in {title}"
    return (
        f'<div class="cited"><blockquote class="verbatim"><span class="words">'
        f'{escape(str(quote["text"]))}</span></blockquote><p class="where"><span class="place">'
        f"[{number}] {escape(heading)} · {escape(name_place(title, quote['section']))}"
        f"{escape(status)}</span>"
        f"{button('Open at the passage', 'document', classes='link', label=label, **place)}"
        "</p></div>"
    )


def _render_entries(entries: Sequence[Entry]) -> str:
    rows = "".join(
        f"<li>{escape(say_day(one.at[:10]))}, {escape(one.at[11:16])} UTC: <b>"
        f"{escape(one.actor)}</b> {_ACTS.get(one.action, escape(one.action))}"
        + (f" “{escape(str(one.details['comment']))}”" if one.details.get("comment") else "")
        + "</li>"
        for one in entries
    )
    return f'<h3 class="label">What was done with it</h3><ol class="items">{rows}</ol>'
