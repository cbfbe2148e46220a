"""The page: a chat of numbered quotes, and beside it the document that a number opens."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError, StoreError
from assistant.interfaces.ui_serving import check_address, launch, read_users
from assistant.interfaces.ui_session import AsksAndOpens, Session, converse, open_source
from assistant.interfaces.ui_source import render_no_source

if TYPE_CHECKING:
    import gradio as gr

    from assistant.settings import Settings

_HERE = Path(__file__).parent
_EXAMPLES = (
    "When should I image after a dural puncture?",
    "Headache worse lying down after a blood patch",
    "Does a normal MRI rule out a leak?",
    "What dose of acetazolamide?",
)
_MASTHEAD = (
    '<div class="masthead"><h1>Guideline Assistant</h1>'
    "<p>For health professionals. It quotes only what the library says; check the source. "
    "Nothing you type is stored.</p></div>"
)
_WELCOME = (
    '<div class="welcome"><h2>Ask a clinical question</h2>'
    "<p>The answer is made of numbered quotes from the library’s documents. "
    "Choose a number to read the quote in its document.</p></div>"
)

Update = tuple[list[dict[str, str]], Session, str]


def serve(settings: "Settings", host: str = "127.0.0.1", port: int = 7860) -> int:
    """Serve the page until stopped. 2: unusable arguments or settings; 3: no usable library."""
    from assistant.consultation import Assistant

    try:
        users = read_users(settings.password_file) if settings.password_file else []
        check_address(host, port, guarded=bool(users))
        assistant = Assistant.open(settings)
        assistant.search("ready", 1)  # loads the model now, so that the first question is quick
        page = build_ui(assistant)
        address = launch(page, host, port, users)
    except AssistantError as error:
        print(error, file=sys.stderr)
        return 3 if isinstance(error, StoreError) else 2
    print(f"Guideline Assistant is at {address} (Ctrl+C stops it)", flush=True)
    page.block_thread()
    return 0


def build_ui(assistant: AsksAndOpens) -> "gr.Blocks":
    """Arrange the page around an assistant."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    def ask(question: str, session: Session, event: gr.EventData) -> Iterator[Update]:
        if event.target is chat:
            question = str(event.value["text"])
        for shown, kept, left in converse(assistant, session, question):
            yield [{"role": role, "content": html} for role, html in shown.messages], kept, left

    def cite(session: Session, event: gr.EventData) -> str:
        return open_source(assistant, session, str(event.link))

    def restart() -> tuple[list[dict[str, str]], Session, str, str]:
        return [], Session(), "", render_no_source()

    page = gr.Blocks(title="Guideline Assistant", analytics_enabled=False, fill_height=True)
    with page:
        session = gr.State(Session())
        with gr.Row(elem_id="top"):
            gr.HTML(_MASTHEAD)
            anew = gr.Button("New conversation", size="sm", elem_id="anew")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk"):
                chat = gr.Chatbot(
                    elem_id="chat",
                    show_label=False,
                    container=False,
                    height="100%",
                    buttons=[],
                    layout="panel",
                    autoscroll=False,
                    latex_delimiters=[],
                    allow_tags=False,
                    placeholder=_WELCOME,
                    examples=[{"text": example} for example in _EXAMPLES],
                )
                box = gr.Textbox(
                    elem_id="box",
                    label="Your question",
                    show_label=False,
                    placeholder="Ask a clinical question",
                    submit_btn="Ask",
                    lines=1,
                    max_lines=8,
                    autofocus=True,
                )
            with gr.Column(elem_id="source"):
                panel = gr.HTML(
                    render_no_source(),
                    elem_id="panel",
                    apply_default_css=False,
                    js_on_load=(_HERE / "page.js").read_text(encoding="utf-8"),
                )
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        updated = [chat, session, box]
        # One listener for both, so that a second question waits for the first one's answer.
        asking = gr.on([box.submit, chat.example_select], ask, [box, session], updated, **quiet)
        panel.cite(cite, [session], [panel], trigger_mode="always_last", **quiet)
        anew.click(restart, None, [*updated, panel], cancels=[asking], **quiet)
    return page
