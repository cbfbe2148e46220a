"""What is under review → JSON and plain text."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from assistant.interfaces.ui_html import say_day
from assistant.review.item import State
from assistant.review.known import Known, Reviewed

if TYPE_CHECKING:
    from assistant.review.audit import Entry, Trail
    from assistant.review.desk import Dossier, Standing


def known_json(known: Known | None) -> dict[str, Any] | None:
    """What was decided on an answer or a document."""
    return None if known is None else {**asdict(known), "status": known.status.value}


def reviewed_json(reviewed: Reviewed) -> dict[str, Any]:
    """What ``ask --json`` tells beside the answer."""
    answer = known_json(reviewed.answer)
    if reviewed.unavailable:
        answer = {"status": "unknown", "reason": reviewed.unavailable}
    documents = {doc_id: known_json(one) for doc_id, one in sorted(reviewed.documents.items())}
    return {"review": answer, "document_reviews": documents}


def say_known(known: Known) -> str:
    """In a line: approved by Dr Anna, 1 March 2026, until 1 March 2027."""
    by = f" by {known.by}" if known.by else ""
    on = f", {say_day(known.on)}" if known.on else ""
    if known.status is State.NEEDS_REVIEW:
        return f"needs review: it has changed since it was approved{by}{on}"
    if known.status is State.EXPIRED:
        over = f" that ended on {say_day(known.until)}" if known.until else ""
        return f"needs review: approved{by}{on}, for a time{over}"
    until = f", until {say_day(known.until)}" if known.until else ""
    return f"{known.status.value}{by}{on}{until}"


def reviewed_lines(reviewed: Reviewed, titles: Mapping[str, str]) -> list[str]:
    """The same for a terminal; ``titles`` are of the documents."""
    if reviewed.unavailable:
        return [reviewed.unavailable]
    lines = []
    if reviewed.answer:
        comment = f" “{reviewed.answer.comment}”" if reviewed.answer.comment else ""
        lines.append(f"Review of this answer: {say_known(reviewed.answer)}{comment}")
    for doc_id, known in sorted(reviewed.documents.items()):
        lines.append(f"Review of “{titles.get(doc_id, doc_id)}”: {say_known(known)}")
    return lines


def standing_json(standing: "Standing") -> dict[str, Any]:
    """An item as ``review list`` gives it."""
    item = standing.item
    return {
        "id": item.item_id,
        "kind": item.kind.value,
        "title": item.title,
        "state": standing.state.value,
        "decided_state": item.state.value,
        "submitted": {"by": item.submitted_by, "at": item.submitted_at},
        "reviewer": item.reviewer,
        "decided": {"by": item.decided_by, "on": item.decided_on},
        "until": item.until,
        "comment": item.comment,
        "quoted": dict(item.quoted),
    }


def dossier_json(dossier: "Dossier") -> dict[str, Any]:
    """An item as ``review show`` gives it."""
    return {
        **standing_json(dossier.standing),
        "barred": list(dossier.barred),
        "audit": [asdict(entry) for entry in dossier.entries],
        "answer": dossier.standing.item.content,
    }


def standing_line(standing: "Standing") -> str:
    """An item in a line."""
    item = standing.item
    by = f" by {item.decided_by}" if item.decided_by else ""
    until = f" until {item.until}" if item.until and standing.state is State.APPROVED else ""
    return f"{item.item_id:4}  {standing.state.value}{by}{until}  {item.kind.value}: {item.title}"


def dossier_text(dossier: "Dossier") -> str:
    """An item with its quotes, what stands against approving it, and what was done with it."""
    item = dossier.standing.item
    lines = [
        standing_line(dossier.standing).strip(),
        f"Submitted by {item.submitted_by}, {item.submitted_at}.",
    ]
    if item.comment:
        lines.append(f"Comment: {item.comment}")
    if item.content:
        for quote in item.content["quotes"]:
            lines += [
                f"  [{quote['number']}] «{quote['text']}»",
                f"      {quote['document']}, {quote['section']}",
            ]
        check = item.content["check"]
        lines.append(f"Check: {check['verdict']}")
        lines += [f"  {one['severity']}: {one['message']}" for one in check["issues"]]
    if dossier.barred:
        lines += ["Cannot be approved now:", *(f"  - {reason}" for reason in dossier.barred)]
    return "\n".join([*lines, "Audit:", *(f"  {entry_line(one)}" for one in dossier.entries)])


def entry_line(entry: "Entry") -> str:
    """An entry of the audit trail in a line."""
    comment = f" “{entry.details['comment']}”" if entry.details.get("comment") else ""
    return f"{entry.seq}. {entry.at}  {entry.actor}  {entry.action}  item {entry.item}{comment}"


def trail_json(trail: "Trail") -> dict[str, Any]:
    """What ``review audit verify`` found."""
    return {
        "holds": trail.holds,
        "entries": trail.entries,
        "head": f"{trail.entries}:{trail.head}",
        "failed": list(trail.faults),
    }


def trail_text(trail: "Trail") -> str:
    """The same for a terminal."""
    lines = [f"No longer holds: {fault}." for fault in trail.faults]
    lines.append(f"{'All holds' if trail.holds else 'It does not hold'}: {trail.entries} entries.")
    if trail.holds:
        lines.append(
            f"Note this elsewhere, to give to --head next time: {trail.entries}:{trail.head}"
        )
    return "\n".join(lines)


def entries_json(entries: "Sequence[Entry]") -> list[dict[str, Any]]:
    """The audit trail."""
    return [asdict(entry) for entry in entries]
