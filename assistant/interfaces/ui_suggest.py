"""What to ask next: questions about what stands beside the quotes, each tried out first."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from assistant.answering.answer import Answer, Outcome, Quote
from assistant.interfaces.ui_html import button
from assistant.interfaces.ui_session import Exchange, Serves
from assistant.retrieval.records import DocumentRecord
from assistant.yaml_files import read_yaml

QUESTIONS_FOLDER = "questions"
MOST_TRIED = 8
MOST_SHOWN = 3
_NEAR = (1, -1, 2, -2, 3, -3)

# Of each document: its statements in order, each with a question that it answers.
Asked = Mapping[str, Sequence[tuple[str, str]]]


def load_asked(corpus: Path) -> Asked:
    """The questions that come with a library; a file that cannot be used suggests nothing."""
    asked: dict[str, list[tuple[str, str]]] = {}
    for path in sorted((corpus / QUESTIONS_FOLDER).glob("*.yaml")):
        try:
            plain = read_yaml(path.read_text(encoding="utf-8"))
            asked[str(plain["document"])] = list(_read(plain["questions"]))
        except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError):
            continue
    return asked


def _read(entries: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        if entry["asks"]:
            yield _squeeze(str(entry["quote"])), str(entry["asks"][0])


def suggest(assistant: Serves, exchange: Exchange, asked: Asked) -> list[str]:
    """Questions that the library answers, with something that this answer has not quoted."""
    answer = exchange.consultation.answer
    shown = {(quote.doc_id, quote.span) for quote in answer.quotes}
    found: list[str] = []
    for question in _candidates(assistant, answer, asked)[:MOST_TRIED]:
        if len(found) == MOST_SHOWN:
            break
        tried = assistant.ask(question).answer
        new = [q for q in tried.quotes if (q.doc_id, q.span) not in shown]
        if tried.outcome is Outcome.ANSWERED and new and tried.quotes[0] in new:
            found.append(question)
            shown.update((quote.doc_id, quote.span) for quote in tried.quotes[:1])
    return found


def render_next(questions: Sequence[str]) -> str:
    """Buttons that ask; empty where there is nothing to suggest."""
    if not questions:
        return ""
    buttons = "".join(button(question, "ask", question=question) for question in questions)
    return (
        f'<h3 class="label">The library also answers</h3><div class="suggestions">{buttons}</div>'
    )


def _candidates(assistant: Serves, answer: Answer, asked: Asked) -> list[str]:
    """Questions of neighbouring statements, those of the first quotes first; then headings."""
    if answer.outcome is Outcome.OUT_OF_SCOPE:
        return []
    quotes = answer.quotes or answer.nearest
    found: dict[str, None] = {}
    rows = [list(_neighbours(quote, asked.get(quote.doc_id, ()))) for quote in quotes]
    for place in range(max(map(len, rows), default=0)):
        found |= dict.fromkeys(row[place] for row in rows if place < len(row))
    records = {record.doc_id: record for record in assistant.documents()}
    for doc_id in dict.fromkeys(quote.doc_id for quote in quotes):
        if doc_id in records:
            here = {quote.section for quote in quotes if quote.doc_id == doc_id}
            found |= dict.fromkeys(_headings(records[doc_id], here))
    return list(found)


def _neighbours(quote: Quote, statements: Sequence[tuple[str, str]]) -> Iterator[str]:
    words = _squeeze(quote.text)
    at = next((n for n, (text, _) in enumerate(statements) if text in words or words in text), None)
    if at is None:
        return
    for step in _NEAR:
        if 0 <= at + step < len(statements):
            yield statements[at + step][1]


def _headings(record: DocumentRecord, here: set[str]) -> Iterator[str]:
    """The headings that are questions themselves."""
    for path, _ in record.sections:
        heading = path.split(" › ")[-1]
        if heading.endswith("?") and path not in here:
            yield heading


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
