"""The page: a conversation of numbered quotes, and beside it what is behind each answer.

Gradio carries every message between the browser and this program. The page itself is plain HTML
with a script of its own: what the script triggers arrives here, and what is returned to a mailbox
is put in its place by the script. Nothing is stored in the browser.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError, StoreError
from assistant.interfaces import ui_opening, ui_session, ui_shelf
from assistant.interfaces.ui_export import FORMS, export
from assistant.interfaces.ui_feedback import record_judgement
from assistant.interfaces.ui_frame import render_page
from assistant.interfaces.ui_serving import check_address, launch, open_users
from assistant.interfaces.ui_session import Message, Serves, Session
from assistant.interfaces.ui_suggest import load_asked, render_next, suggest

if TYPE_CHECKING:
    import gradio as gr

    from assistant.settings import Settings

_HERE = Path(__file__).parent
_SCRIPTS = ("page.js", "page_talk.js", "page_side.js")
# A mailbox passes on what it was given; one each, so that no message overtakes another.
_MAILBOX = (
    'watch("value", () => document.dispatchEvent(new CustomEvent("mail", {detail: props.value})));'
)


def serve(settings: "Settings", host: str = "127.0.0.1", port: int = 7860) -> int:
    """Serve the page until stopped. 2: unusable arguments or settings; 3: no usable library."""
    from assistant.consultation import Assistant

    try:
        users = open_users(settings.password_file) if settings.password_file else None
        check_address(host, port, guarded=users is not None)
        assistant = Assistant.open(settings)
        if assistant.documents():
            assistant.search("ready", 1)  # loads the model now, so that the first question is quick
        page = build_ui(assistant, corpus=settings.corpus, feedback=settings.feedback)
        address = launch(page, host, port, users, max_bytes=settings.max_document_bytes)
    except AssistantError as error:
        print(error, file=sys.stderr)
        return 3 if isinstance(error, StoreError) else 2
    print(f"Guideline Assistant is at {address} (Ctrl+C stops it)", flush=True)
    page.block_thread()
    return 0


def build_ui(
    assistant: Serves, *, corpus: Path | None = None, feedback: Path | None = None
) -> "gr.Blocks":
    """Arrange the page around an assistant.

    ``corpus`` is the library whose questions are suggested; ``feedback`` the file for judgements.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr
    from gradio.utils import get_upload_folder

    asked = load_asked(corpus) if corpus else {}

    def ask(session: Session, event: gr.EventData) -> tuple[Session, Message]:
        visit = int(event.visit)
        session, message = ui_session.ask(assistant, session.on(visit), str(event.question))
        return session, message | {"visit": visit, "serial": event.serial}

    def correct(session: Session, event: gr.EventData) -> tuple[Session, Message]:
        visit = int(event.visit)
        session, message = ui_session.correct(
            assistant, session.on(visit), str(event.answer), str(event.fact), str(event.value)
        )
        return session, message | {"visit": visit, "serial": event.serial}

    def follow(session: Session, event: gr.EventData) -> Message:
        exchange = session.find(str(event.answer))
        try:
            questions = suggest(assistant, exchange, asked) if exchange else []
        except AssistantError:
            questions = []
        return {"kind": "next", "answer": str(event.answer), "html": render_next(questions)}

    def cite(session: Session, event: gr.EventData) -> Message:
        html = ui_opening.open_source(assistant, session, str(event.link))
        return {"kind": "source", "serial": event.serial, "html": html}

    def document(event: gr.EventData) -> Message:
        start, end = (int(x) if x not in (None, "") else None for x in (event.start, event.end))
        html = ui_opening.open_document(assistant, str(event.document), start, end)
        return {"kind": "source", "serial": event.serial, "html": html}

    def take(session: Session, event: gr.EventData) -> Message:
        exchange = session.find(str(event.answer))
        if exchange is None or event.form not in FORMS:
            return {"kind": "refused", "spoken": "This answer is no longer here. Ask again."}
        made = export(exchange.consultation, str(event.form))
        return {"kind": "export", "serial": event.serial, **made}

    def judge(session: Session, event: gr.EventData) -> Message:
        exchange = session.find(str(event.answer))
        kept = exchange is not None and feedback is not None
        if exchange is not None and feedback is not None:
            kept = record_judgement(
                feedback,
                exchange.consultation,
                useful=event.useful == "yes",
                reason=str(event.reason),
            )
        words = "Thank you." if kept else "This could not be kept."
        return {"kind": "judged", "answer": str(event.answer), "spoken": words}

    def anew(event: gr.EventData) -> Session:
        return Session(int(event.visit))

    def shelf() -> Message:
        return ui_shelf.show(assistant)

    def find(event: gr.EventData) -> Message:
        return ui_shelf.find(assistant, str(event.query), str(event.document or "") or None)

    def add(event: gr.EventData) -> Iterator[Message]:
        yield from ui_shelf.add(assistant, list(event.files), Path(get_upload_folder()))

    def remove(event: gr.EventData) -> Message:
        return ui_shelf.remove(assistant, str(event.document))

    blocks = gr.Blocks(title="Guideline Assistant", analytics_enabled=False, fill_height=True)
    with blocks:
        session = gr.State(Session())
        script = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in _SCRIPTS)
        page = gr.HTML(render_page(), elem_id="frame", apply_default_css=False, js_on_load=script)
        talk, source, side, papers, library = (
            gr.HTML(
                {},
                html_template="<span></span>",
                elem_classes="mailbox",
                visible="hidden",
                apply_default_css=False,
                js_on_load=_MAILBOX,
            )
            for _ in range(5)
        )
        quiet: dict[str, Any] = {
            "show_progress": "hidden",
            "api_visibility": "private",
            "trigger_mode": "multiple",
        }
        last: dict[str, Any] = quiet | {"trigger_mode": "always_last"}
        page.ask(ask, [session], [session, talk], **quiet)
        page.correct(correct, [session], [session, talk], **quiet)
        page.follow(follow, [session], [side], **quiet)
        page.cite(cite, [session], [source], **quiet)
        page.document(document, None, [source], **quiet)
        page.take(take, [session], [papers], **quiet)
        page.judge(judge, [session], [side], **quiet)
        page.anew(anew, None, [session], **quiet)
        page.shelf(shelf, None, [library], **last)
        page.find(find, None, [library], **last)
        page.adding(add, None, [library], **quiet)
        page.removal(remove, None, [library], **quiet)
    return blocks
