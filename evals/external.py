"""Any folder of documents and questions: ingest into a fresh store, ask everything, score."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant import Assistant, Settings, ingest
from assistant.errors import EvaluationError
from evals.beir import CORPUS, is_beir, load_queries
from evals.measures import (
    auroc,
    coverage_at_precision,
    milliseconds,
    percentile,
    rank_measures,
    token_f1,
)
from evals.questions import ExternalQuestion, load_questions

RANKING = ("Success@1", "R@1", "R@5", "R@10", "RR@10", "nDCG@10")
# Passages asked for, so that ten different documents are among them.
SEARCH_DEPTH = 100
PRECISION = 0.95

Progress = Callable[[str, int, int], None]


def run_external(folder: Path, settings: Settings, progress: Progress) -> dict[str, Any]:
    """Score one folder; ``settings.store`` must not exist yet."""
    documents = folder / "docs.jsonl"
    if is_beir(folder):
        documents, questions = folder / CORPUS, load_queries(folder)
    elif documents.is_file():
        questions = load_questions(folder / "questions.jsonl")
    else:
        raise EvaluationError(f"{documents}: there is no such file, nor a {CORPUS}.")
    report = ingest([documents], settings, progress=lambda _name, n, m: progress("documents", n, m))
    assistant = Assistant.open(settings)
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, list[str]] = {}
    confidences: list[float] = []
    seconds: list[float] = []
    rows: list[dict[str, Any]] = []
    assistant.ask(questions[0].question)  # the model loads now, not in the first timing
    for done, question in enumerate(questions):
        progress("questions", done, len(questions))
        started = time.perf_counter()
        consultation = assistant.ask(question.question)
        seconds.append(time.perf_counter() - started)
        confidences.append(consultation.answer.confidence)
        row: dict[str, Any] = {
            "id": question.id,
            "outcome": consultation.answer.outcome.value,
            "confidence": round(consultation.answer.confidence, 4),
            "answerable": question.answerable,
        }
        if question.answerable:
            hits = assistant.search(question.question, SEARCH_DEPTH)
            run[question.id] = list(dict.fromkeys(hit.passage.doc_id for hit in hits))[:10]
            qrels[question.id] = dict.fromkeys(question.relevant, 1) | question.grades
            row |= _judge(question, consultation, assistant)
        rows.append(row)
    progress("questions", len(questions), len(questions))
    answerable = [question.answerable for question in questions]
    measured = rank_measures(qrels, run, RANKING)
    spans = [row for row in rows if row.get("quote_hit_1") is not None]
    return {
        "folder": folder.name,
        "documents": report.documents,
        "passages": report.passages,
        "failed": [{"path": path, "reason": reason} for path, reason in report.failed],
        "questions": len(questions),
        "answerable": sum(answerable),
        "measures": {
            **{name: _mean(list(values.values())) for name, values in measured.items()},
            "quote hit@1": _mean([row["quote_hit_1"] for row in spans]),
            "quote hit@3": _mean([row["quote_hit_3"] for row in spans]),
            "token F1": _mean([row["token_f1"] for row in spans]),
            "auroc": auroc(confidences, answerable),
            "coverage at 95 % precision": coverage_at_precision(confidences, answerable, PRECISION),
            "answerable answered": _mean(
                [row["outcome"] == "answered" for row in rows if row["answerable"]]
            ),
            "unanswerable refused": _mean(
                [row["outcome"] != "answered" for row in rows if not row["answerable"]]
            ),
        },
        "speed": {
            "passages_per_second": round(report.passages / max(report.seconds, 1e-9), 1),
            "question_ms_p50": milliseconds(percentile(seconds, 0.5)),
            "question_ms_p95": milliseconds(percentile(seconds, 0.95)),
        },
        "answers": rows,
    }


def _judge(question: ExternalQuestion, consultation: Any, assistant: Assistant) -> dict[str, Any]:
    """Whether the first quotes overlap a gold span of a relevant document.

    A refusal is judged by its nearest passages: it tells the ranking apart from the threshold.
    """
    if not question.answer_spans:
        return {}
    answer = consultation.answer
    quotes = answer.quotes or answer.nearest
    stretches = locate_spans(question, assistant)
    hits = [
        any(
            quote.doc_id == doc_id and max(quote.span.start, start) < min(quote.span.end, end)
            for doc_id, start, end in stretches
        )
        for quote in quotes[:3]
    ]
    return {
        "quote_hit_1": float(any(hits[:1])),
        "quote_hit_3": float(any(hits)),
        "token_f1": max(
            (token_f1(quotes[0].text, span) for span in question.answer_spans), default=0.0
        )
        if quotes
        else 0.0,
        "quote": quotes[0].text if quotes else None,
    }


def locate_spans(question: ExternalQuestion, assistant: Assistant) -> list[tuple[str, int, int]]:
    """Where the answer's words stand in the relevant documents: (document, start, end)."""
    texts = {doc_id: assistant.document(doc_id).text for doc_id in question.relevant}
    return [
        (doc_id, start, start + len(span))
        for doc_id, text in texts.items()
        for span in question.answer_spans or ()
        for start in _places(text, span)
    ]


def _places(text: str, span: str) -> list[int]:
    places = []
    start = text.find(span)
    while start >= 0:
        places.append(start)
        start = text.find(span, start + 1)
    return places


def _mean(values: list[Any]) -> float | None:
    return sum(map(float, values)) / len(values) if values else None
