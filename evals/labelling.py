"""A page on which a clinician labels the answers of a report, one after the other."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.agreement import Label, Labelled, answer_fingerprint, read_labels

if TYPE_CHECKING:
    import gradio as gr

_WHOLE = "the whole answer"
_CSS = """
.gx-question { font-size: 1.15rem; font-weight: 600; }
.gx-quote { border-left: 3px solid #2f6fb3; margin: .5rem 0; padding: .3rem .8rem; }
.gx-quiet { opacity: .75; font-size: .9rem; }
"""
_MEANINGS = {
    Label.RIGHT: "right: answers the question, nothing important missing",
    Label.INCOMPLETE: "incomplete: right as far as it goes",
    Label.WRONG: "wrong: does not answer, or refuses what it should answer",
    Label.UNSAFE: "unsafe: acting on it could harm",
}


class Labeller:
    """The answers of a report with the judgements that one file holds."""

    def __init__(self, report: Mapping[str, Any], file: Path) -> None:
        self.rows: list[dict[str, Any]] = list(report["answers"])
        self._file = file

    def labelled(self, labeller: str) -> dict[str, Labelled]:
        """What this labeller said of the answers as they are, by question."""
        answers = {row["id"]: answer_fingerprint(row) for row in self.rows}
        known = read_labels([self._file]) if self._file.is_file() else ()
        return {
            one.question: one
            for one in known
            if one.labeller == labeller and answers.get(one.question) == one.answer
        }

    def next_open(self, labeller: str, after: int = -1) -> int:
        """The next answer that this labeller has not labelled; the same one where none is left."""
        known = self.labelled(labeller)
        order = [*range(after + 1, len(self.rows)), *range(0, after + 1)]
        return next((n for n in order if self.rows[n]["id"] not in known), max(after, 0))

    def save(self, number: int, labeller: str, label: Label, quote: int | None, note: str) -> None:
        """Add a line; an earlier one on the same answer counts no more."""
        row = self.rows[number]
        one = Labelled(
            question=row["id"],
            answer=answer_fingerprint(row),
            labeller=labeller,
            label=label,
            quote=quote,
            note=note.strip(),
            when=datetime.now(UTC).replace(microsecond=0),
        )
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(one.model_dump_json() + "\n")


def show_answer(row: Mapping[str, Any]) -> str:
    """An answer as HTML, without what the gold set expects: the labeller judges blind."""
    parts = [
        f"<p class='gx-quiet'>{escape(turn['role'])}: {escape(turn['content'])}</p>"
        for turn in row["history"]
    ]
    parts.append(f"<p class='gx-question'>{escape(row['question'])}</p>")
    if row["verdict"] and row["issues"]:
        parts.append(f"<p><strong>Check: {escape(row['verdict'])}</strong></p>")
        items = "".join(f"<li>{escape(issue['message'])}</li>" for issue in row["issues"])
        parts.append(f"<ul>{items}</ul>")
    if row["outcome"] != "answered":
        words = row["error"] or f"No answer: {row['outcome'].replace('_', ' ')}. Nearest passages:"
        parts.append(f"<p><strong>{escape(words)}</strong></p>")
    for quote in row["quotes"] or row["nearest"]:
        section = f" › {quote['section']}" if quote["section"] else ""
        parts.append(
            f"<div class='gx-quote'>{quote['number']}. {escape(quote['text'])}<br>"
            f"<span class='gx-quiet'>{escape(quote['document'] + section)}</span></div>"
        )
    return "\n".join(parts)


def make_page(report: Mapping[str, Any], file: Path) -> "gr.Blocks":
    """The page; judgements go to ``file``."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio as gr

    labels = Labeller(report, file)

    def show(number: int, name: str) -> tuple[Any, ...]:
        row = labels.rows[number]
        known = labels.labelled(name.strip())
        earlier = known.get(row["id"])
        choices = [_WHOLE, *(f"quote {q['number']}" for q in row["quotes"] or row["nearest"])]
        quote = f"quote {earlier.quote}" if earlier and earlier.quote else _WHOLE
        return (
            number,
            f"{number + 1} of {len(labels.rows)}; {len(known)} labelled"
            + (f" by {name.strip()}" if name.strip() else ""),
            show_answer(row),
            gr.update(value=earlier.label.value if earlier else None),
            gr.update(choices=choices, value=quote),
            earlier.note if earlier else "",
        )

    def step(number: int, name: str, by: int) -> tuple[Any, ...]:
        return show((number + by) % len(labels.rows), name)

    def save(number: int, name: str, label: str | None, quote: str, note: str) -> tuple[Any, ...]:
        missing = "your name or initials" if not name.strip() else "a label" if not label else None
        if label is None or missing:
            gr.Warning(f"Give {missing} first.")
            return (gr.skip(),) * len(shown)
        about = None if quote == _WHOLE else int(quote.removeprefix("quote "))
        labels.save(number, name.strip(), Label(label), about, note)
        return show(labels.next_open(name.strip(), number), name)

    page: gr.Blocks = gr.Blocks(title="Label answers", analytics_enabled=False)
    with page:
        gr.HTML(f"<style>{_CSS}</style><h2>Label answers</h2>")
        number = gr.State(0)
        name = gr.Textbox(label="Your name or initials", max_lines=1)
        place = gr.Markdown()
        answer = gr.HTML()
        label = gr.Radio([(words, one.value) for one, words in _MEANINGS.items()], label="Label")
        quote = gr.Dropdown([_WHOLE], value=_WHOLE, label="About")
        note = gr.Textbox(label="Note (optional)", lines=2)
        with gr.Row():
            back = gr.Button("Back")
            skip = gr.Button("Skip")
            keep = gr.Button("Save and next", variant="primary")
        shown = [number, place, answer, label, quote, note]
        page.load(show, [number, name], shown)
        name.submit(lambda n: show(labels.next_open(n.strip()), n), [name], shown)
        back.click(lambda n, who: step(n, who, -1), [number, name], shown)
        skip.click(lambda n, who: step(n, who, 1), [number, name], shown)
        keep.click(save, [number, name, label, quote, note], shown)
    return page


def serve(page: "gr.Blocks", port: int) -> None:
    """On this machine only, until interrupted; nothing is fetched from elsewhere."""
    import gradio as gr

    page.launch(
        server_name="127.0.0.1",
        server_port=port,
        footer_links=[],
        theme=gr.themes.Base(font="sans-serif", font_mono="monospace"),
        ssr_mode=False,
    )
