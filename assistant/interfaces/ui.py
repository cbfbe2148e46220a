"""The page: a conversation of numbered quotes, and beside it what is behind each answer.

Gradio carries every message between the browser and this program. The page itself is plain HTML
with a script of its own: what the script triggers arrives here, and what is returned to a mailbox
is put in its place by the script. Nothing is stored in the browser.
"""

import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.accounts.password_file import PasswordFile
from assistant.errors import AssistantError, StoreError, StoreMissingError
from assistant.interfaces import ui_opening, ui_session, ui_shelf
from assistant.interfaces.reviewed import NO_REVIEWS, Reviews
from assistant.interfaces.ui_export import FORMS, export
from assistant.interfaces.ui_feedback import record_judgement
from assistant.interfaces.ui_frame import render_page
from assistant.interfaces.ui_queue import Queue
from assistant.interfaces.ui_reviewing import Reviewing
from assistant.interfaces.ui_serving import check_address, launch, open_users
from assistant.interfaces.ui_session import Message, Serves, Session, waiting
from assistant.interfaces.ui_suggest import render_next, suggest

if TYPE_CHECKING:
    import gradio as gr

    from assistant.settings import Settings

_HERE = Path(__file__).parent
_SCRIPTS = ("page.js", "page_talk.js", "page_side.js")
_GUARDED_SCRIPT = "page_review.js"
# A mailbox passes on what it was given; one each, so that no message overtakes another.
_MAILBOX = (
    'watch("value", () => document.dispatchEvent(new CustomEvent("mail", {detail: props.value})));'
)

Reply = tuple[Session, Message]


def serve(settings: "Settings", host: str = "127.0.0.1", port: int = 7860) -> int:
    """Serve the page until stopped; where there is no library yet, an empty one is made.

    Returns 2 for unusable arguments or settings, 3 for a library that cannot be used.
    """
    from assistant.consultation import Assistant, begin_library

    try:
        users = open_users(settings.password_file) if settings.password_file else None
        check_address(host, port, guarded=users is not None)
        try:
            assistant = Assistant.open(settings)
        except StoreMissingError:
            begin_library(settings)
            assistant = Assistant.open(settings)
            print(
                f"There was no library at {settings.store}: the page opens with an empty one. Add "
                "documents in its Library tab.",
                file=sys.stderr,
            )
        if assistant.documents():
            assistant.search("ready", 1)  # loads the model now, so that the first question is quick
        page = build_ui(
            assistant,
            feedback=settings.feedback,
            reviews=Reviews(settings, sendable=users is not None),
            reviewing=make_reviewing(users, settings) if users else None,
        )
        address = launch(page, host, port, users, max_bytes=settings.max_document_bytes)
    except AssistantError as error:
        print(error, file=sys.stderr)
        return 3 if isinstance(error, StoreError) else 2
    print(f"Guideline Assistant is at {address} (Ctrl+C stops it)", flush=True)
    page.block_thread()
    return 0


def make_reviewing(users: PasswordFile, settings: "Settings") -> Reviewing:
    """Reviewing for the accounts of a password file, where there is a database for it."""
    from assistant.interfaces.render import to_json
    from assistant.review.opening import open_desk

    kept = settings.review_database is not None
    return Reviewing(users, (lambda: open_desk(settings, to_json)) if kept else None)


def build_ui(
    assistant: Serves,
    *,
    feedback: Path | None = None,
    at_once: int | None = None,
    reviews: Reviews = NO_REVIEWS,
    reviewing: Reviewing | None = None,
) -> "gr.Blocks":
    """Arrange the page around an assistant.

    ``feedback`` is the file for judgements; ``at_once`` how many questions are worked on together.
    ``reviews`` tells what was decided on answers and documents; ``reviewing`` is for those who are
    signed in, where people sign in.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr
    from anyio import to_thread
    from gradio.utils import get_upload_folder

    queue = Queue(at_once)

    async def ask(session: Session, event: gr.EventData) -> AsyncIterator[Reply]:
        visit, question = int(event.visit), str(event.question)

        def work() -> Reply:
            return ui_session.ask(assistant, session.on(visit), question, reviews)

        async for reply in in_turn(work, event):
            yield reply

    async def correct(session: Session, event: gr.EventData) -> AsyncIterator[Reply]:
        visit, answer = int(event.visit), str(event.answer)
        fact, value = str(event.fact), str(event.value)

        def work() -> Reply:
            return ui_session.correct(assistant, session.on(visit), answer, fact, value, reviews)

        async for reply in in_turn(work, event):
            yield reply

    async def in_turn(work: Callable[[], Reply], event: gr.EventData) -> AsyncIterator[Any]:
        """The reply when its turn has come; before that, the place in the queue."""
        mark = {"visit": int(event.visit), "serial": event.serial}
        waited = False
        async with aclosing(queue.wait()) as places:
            async for place in places:
                waited = True
                yield gr.skip(), waiting(place) | mark
        try:
            if waited:
                yield gr.skip(), waiting(0) | mark
            session, message = await to_thread.run_sync(work)
        finally:
            queue.leave()
        yield session, message | mark

    def follow(session: Session, event: gr.EventData) -> Message:
        exchange = session.find(str(event.answer))
        try:
            history = session.before(exchange) if exchange else ()
            questions = suggest(assistant, exchange, history) if exchange else []
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
        return ui_shelf.show(assistant, reviews)

    def find(event: gr.EventData) -> Message:
        return ui_shelf.find(assistant, str(event.query), str(event.document or "") or None)

    def add(event: gr.EventData, request: gr.Request) -> Iterator[Message]:
        try:
            if reviewing:
                reviewing.check_admin(request.username)
        except AssistantError as error:
            yield shelf() | {"spoken": str(error)}
            return
        folder = Path(get_upload_folder())
        yield from ui_shelf.add(assistant, list(event.files), folder, reviews)

    def discard(event: gr.EventData) -> Message:
        file = {"path": str(event.path), "name": str(event.name)}
        return ui_shelf.discard(file, Path(get_upload_folder()))

    def remove(event: gr.EventData, request: gr.Request) -> Message:
        try:
            if reviewing:
                reviewing.check_admin(request.username)
        except AssistantError as error:
            return shelf() | {"spoken": str(error)}
        return ui_shelf.remove(assistant, str(event.document), reviews)

    blocks = gr.Blocks(title="Guideline Assistant", analytics_enabled=False, fill_height=True)
    with blocks:
        session = gr.State(Session())
        names = (*_SCRIPTS, _GUARDED_SCRIPT) if reviewing else _SCRIPTS
        script = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)
        frame = render_page(guarded=reviewing is not None)
        page = gr.HTML(frame, elem_id="frame", apply_default_css=False, js_on_load=script)
        talk, source, side, papers, library, desk = (
            gr.HTML(
                {},
                html_template="<span></span>",
                elem_classes="mailbox",
                visible="hidden",
                apply_default_css=False,
                js_on_load=_MAILBOX,
            )
            for _ in range(6)
        )
        quiet: dict[str, Any] = {
            "show_progress": "hidden",
            "api_visibility": "private",
            "trigger_mode": "multiple",
        }
        last: dict[str, Any] = quiet | {"trigger_mode": "always_last"}
        page.ask(ask, [session], [session, talk], concurrency_limit=None, **quiet)
        page.correct(correct, [session], [session, talk], concurrency_limit=None, **quiet)
        page.follow(follow, [session], [side], **quiet)
        page.cite(cite, [session], [source], **quiet)
        page.document(document, None, [source], **quiet)
        page.take(take, [session], [papers], **quiet)
        page.judge(judge, [session], [side], **quiet)
        page.anew(anew, None, [session], **quiet)
        page.shelf(shelf, None, [library], **last)
        page.find(find, None, [library], **last)
        page.adding(add, None, [library], **quiet)
        page.discarding(discard, None, [library], **quiet)
        page.removal(remove, None, [library], **quiet)
        if reviewing:
            _connect_review(page, reviewing, session, desk, quiet)
    return blocks


def _connect_review(
    page: Any, reviewing: Reviewing, session: Any, desk: Any, quiet: dict[str, Any]
) -> None:
    """What the page of those who sign in can do besides."""
    import gradio as gr

    def new(message: Message) -> Message:
        # A mailbox passes on what differs from before; the same words may have to be said again.
        return message | {"serial": time.monotonic_ns()}

    def greet(request: gr.Request) -> Message:
        return new(reviewing.greet(request.username))

    def queue(request: gr.Request) -> Message:
        return new(reviewing.queue(request.username))

    def open_item(event: gr.EventData, request: gr.Request) -> Message:
        return new(reviewing.open(request.username, event.item))

    def decide(event: gr.EventData, request: gr.Request) -> Message:
        words = str(event.comment), str(event.until)
        return new(reviewing.decide(request.username, event.item, str(event.act), *words))

    def send(session: Session, event: gr.EventData, request: gr.Request) -> Message:
        if event.document:
            return new(reviewing.send_document(request.username, str(event.document)))
        answer = str(event.answer)
        return new(reviewing.send_answer(request.username, answer, session.find(answer)))

    page.whoami(greet, None, [desk], **quiet)
    page.queueing(queue, None, [desk], **quiet)
    page.dossier(open_item, None, [desk], **quiet)
    page.decide(decide, None, [desk], **quiet)
    page.sending(send, [session], [desk], **quiet)
