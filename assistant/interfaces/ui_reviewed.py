"""What was decided in review, as it is shown beside answers and documents."""

from assistant.interfaces.render_review import say_known
from assistant.interfaces.ui_html import escape, sign
from assistant.review.item import State
from assistant.review.known import Known, Reviewed

SIGNS = {
    State.SUBMITTED: ("…", "pending"),
    State.UNDER_REVIEW: ("…", "pending"),
    State.APPROVED: ("✓", "approved"),
    State.REJECTED: ("✕", "rejected"),
    State.EXPIRED: ("!", "stale"),
    State.NEEDS_REVIEW: ("!", "stale"),
}


def render_reviewed(reviewed: Reviewed) -> str:
    """A line above the answer, where it was ever submitted."""
    if reviewed.unavailable:
        return f'<p class="note">{sign("!")} {escape(reviewed.unavailable)}</p>'
    known = reviewed.answer
    if known is None:
        return ""
    mark, classes = SIGNS[known.status]
    comment = f"<br>“{escape(known.comment)}”" if known.comment else ""
    return (
        f'<p class="reviewed {classes}">{sign(mark)} <b>This answer: </b>'
        f"{escape(say_known(known))}{comment}</p>"
    )


def say_here(known: Known | None) -> list[str]:
    """A phrase to go with what a document says of itself."""
    return [f"Here: {say_known(known)}"] if known else []
