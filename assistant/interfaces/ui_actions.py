"""What can be done with an answer: take it along, judge it."""

from assistant.interfaces.ui_html import button, escape

REASONS = {
    "wrong-passage": "It quotes the wrong passage",
    "missing": "Something important is missing",
    "unsafe": "It could harm a patient",
    "misread": "It misread the patient",
    "unclear": "It is hard to read",
}
GOOD_REASONS = {
    "direct": "It answers the question",
    "source": "The source was quickly found",
    "safety": "It warned of something",
}
_EXPORTS = (
    ("text", "Copy as text"),
    ("note", "Copy as note for the record"),
    ("markdown", "Download Markdown"),
    ("print", "Save as PDF or print"),
    ("certificate", "Download certificate (JSON)"),
)


def render_actions(answer_id: str, *, answered: bool, sendable: bool = False) -> str:
    """The row below an answer, and the room for what to ask next."""
    copies = "".join(
        button(words, "export", answer=answer_id, form=form)
        for form, words in _EXPORTS
        if answered or form in ("text", "certificate")
    )
    return (
        f'<div class="next" id="next-{escape(answer_id)}"></div>'
        f'<div class="actions"><div class="exports" role="group" aria-label="Take this answer '
        f'along">{copies}</div>{_render_thumbs(answer_id)}'
        f"{_render_sending(answer_id) if answered and sendable else ''}</div>"
    )


def _render_sending(answer_id: str) -> str:
    """For those who are signed in: the answer to the reviewers, once they know what is kept."""
    return (
        f'<div class="sending">{button("Send for review", "review", answer=answer_id)}'
        '<div class="confirm plain" role="group" aria-label="Send for review?" hidden><p>The '
        "reviewers get your question with this answer, and your name. All three are kept. Do not "
        f"send anything of a patient.</p>{button('Do not send', 'unsend')} "
        f"{button('Send it', 'send-review', answer=answer_id)}</div>"
        '<p class="sent" role="status"></p></div>'
    )


def _render_thumbs(answer_id: str) -> str:
    yes = button("Useful", "thumb", useful="yes", answer=answer_id)
    no = button("Not useful", "thumb", useful="no", answer=answer_id)
    return (
        f'<div class="thumbs" role="group" aria-label="Was this answer useful?">{yes}{no}'
        f"{_render_reasons(answer_id, 'yes', GOOD_REASONS)}"
        f"{_render_reasons(answer_id, 'no', REASONS)}"
        '<p class="thanks" role="status"></p></div>'
    )


def _render_reasons(answer_id: str, useful: str, reasons: dict[str, str]) -> str:
    choices = "".join(
        button(words, "judge", answer=answer_id, useful=useful, reason=reason)
        for reason, words in reasons.items()
    )
    return (
        f'<div class="reasons" data-useful="{useful}" hidden><p>Why? Neither your question nor '
        f"anything of a patient is kept.</p>{choices}</div>"
    )
