"""Ask every gold question through the front door, score the answers, hold them to the gates."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant import Assistant, Consultation
from assistant.errors import EvaluationError
from evals.gold import Located, Qrel
from evals.measures import Score, auroc, mean, milliseconds, percentile, rank_measures

GATES_FILE = Path(__file__).resolve().parent / "gates.yaml"
RANKING = ("R@5", "R@10", "nDCG@10", "RR@10")
SEARCH_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Gate:
    """The least that a measure may come to."""

    measure: str
    least: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """A gate with what was measured; nothing measured fails."""

    gate: Gate
    value: float | None

    @property
    def passed(self) -> bool:
        return self.value is not None and self.value >= self.gate.least


def load_gates(path: Path = GATES_FILE) -> tuple[Gate, ...]:
    """The gates, one readable file."""
    plain = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(plain, dict):
        raise EvaluationError(f"{path}: expected a mapping from measure to its least value.")
    return tuple(Gate(str(measure), float(least)) for measure, least in plain.items())


def run_gold(
    assistant: Assistant, questions: Sequence[Located], gates: Sequence[Gate]
) -> dict[str, Any]:
    """Ask everything; returns the report that is written as ``report.json``."""
    texts: dict[str, str] = {}
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, list[str]] = {}
    rows: list[dict[str, Any]] = []
    scores: list[Score] = []
    seconds: list[float] = []
    for located in questions:
        gold = located.gold
        started = time.perf_counter()
        consultation = assistant.ask(gold.question)
        seconds.append(time.perf_counter() - started)
        hits = assistant.search(gold.question, SEARCH_DEPTH)
        if located.qrels:
            qrels[gold.id] = {f"q{i}": qrel.grade for i, qrel in enumerate(located.qrels)}
            run[gold.id] = _things(
                [(h.passage.doc_id, h.passage.span.start, h.passage.span.end) for h in hits],
                located.qrels,
            )
        for quote in (*consultation.answer.quotes, *consultation.answer.nearest):
            if quote.doc_id not in texts:
                texts[quote.doc_id] = assistant.document(quote.doc_id).text
        own = _score(located, consultation, texts)
        scores += own
        rows.append(_row(located, consultation, own))
    for measure, values in (rank_measures(qrels, run, RANKING) if qrels else {}).items():
        scores += [
            Score(measure, question, value, f"over the first {SEARCH_DEPTH} passages")
            for question, value in values.items()
        ]
    measures = {
        name: mean(s for s in scores if s.measure == name)
        for name in dict.fromkeys(score.measure for score in scores)
    }
    measures["auroc"] = auroc(
        [row["confidence"] for row in rows], [row["expected"] == "answered" for row in rows]
    )
    verdicts = [Verdict(gate, measures.get(gate.measure)) for gate in gates]
    return {
        "generation": assistant.generation,
        "questions": len(rows),
        "measures": measures,
        "by_type": _by(rows, scores, "type"),
        "held_out": _by(rows, scores, "held_out"),
        "latency_ms": {
            "p50": milliseconds(percentile(seconds, 0.5)),
            "p95": milliseconds(percentile(seconds, 0.95)),
        },
        "gates": [
            {**asdict(verdict.gate), "value": verdict.value, "passed": verdict.passed}
            for verdict in verdicts
        ],
        "passed": all(verdict.passed for verdict in verdicts),
        "answers": rows,
        "scores": [asdict(score) for score in scores],
    }


def compare(report: dict[str, Any], baseline_file: Path) -> dict[str, Any]:
    """What changed against an earlier ``report.json``: measures, and outcomes by question."""
    try:
        baseline = json.loads(baseline_file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvaluationError(f"--baseline {baseline_file}: {error}.") from error
    before = {row["id"]: row for row in baseline.get("answers", [])}
    return {
        "measures": {
            name: {"before": baseline.get("measures", {}).get(name), "now": value}
            for name, value in report["measures"].items()
        },
        "answers": [
            {"id": row["id"], "before": before[row["id"]]["quotes"], "now": row["quotes"]}
            for row in report["answers"]
            if row["id"] in before
            and (row["outcome"], row["quotes"])
            != (before[row["id"]]["outcome"], before[row["id"]]["quotes"])
        ],
    }


def _things(ranked: Sequence[tuple[str, int, int]], qrels: Sequence[Qrel]) -> list[str]:
    """The ranked stretches as names: of the gold quotation each covers first, else their own."""
    names: list[str] = []
    for document, start, end in ranked:
        covered = [
            f"q{i}"
            for i, qrel in enumerate(qrels)
            if qrel.document == document and max(start, qrel.start) < min(end, qrel.end)
        ]
        fresh = [name for name in covered if name not in names]
        names += fresh or ([] if covered else [f"{document}:{start}-{end}"])
    return names


def _score(located: Located, consultation: Consultation, texts: dict[str, str]) -> list[Score]:
    gold, answer = located.gold, consultation.answer
    outcome = answer.outcome.value
    scores = [
        Score(
            "outcome accuracy",
            gold.id,
            float(outcome == gold.outcome),
            f"expected {gold.outcome}, came to {outcome}",
        )
    ]
    if gold.outcome == "answered":
        refused = outcome != "answered"
        scores.append(
            Score("answers given", gold.id, float(not refused), "refused" if refused else "given")
        )
        for k in (1, 3):
            place = next(
                (
                    quote.number
                    for quote in answer.quotes[:k]
                    if any(
                        qrel.document == quote.doc_id
                        and max(quote.span.start, qrel.start) < min(quote.span.end, qrel.end)
                        for qrel in located.qrels
                    )
                ),
                None,
            )
            reason = f"quote {place} is a gold quotation" if place else "no gold quotation"
            scores.append(Score(f"right quote in {k}", gold.id, float(place is not None), reason))
    else:
        refused = outcome != "answered"
        scores.append(
            Score("refusals made", gold.id, float(refused), "refused" if refused else "answered")
        )
    quotes = (*answer.quotes, *answer.nearest)
    wrong = [q for q in quotes if texts[q.doc_id][q.span.start : q.span.end] != q.text]
    scores.append(
        Score(
            "quote exactness",
            gold.id,
            (1.0 - len(wrong) / len(quotes)) if quotes else None,
            f"{len(quotes) - len(wrong)} of {len(quotes)} word for word",
        )
    )
    return scores


def _row(located: Located, consultation: Consultation, scores: list[Score]) -> dict[str, Any]:
    answer = consultation.answer
    return {
        "id": located.gold.id,
        "topic": located.topic,
        "held_out": located.held_out,
        "type": located.gold.type,
        "question": located.gold.question,
        "expected": located.gold.outcome,
        "outcome": answer.outcome.value,
        "confidence": round(answer.confidence, 4),
        "quotes": [
            {"document": q.doc_id, "section": q.section, "role": q.role.value, "text": q.text}
            for q in answer.quotes
        ],
        "nearest": [{"document": q.doc_id, "text": q.text} for q in answer.nearest],
        "reasons": {score.measure: score.explanation for score in scores},
        "failed": [score.measure for score in scores if score.value == 0.0],
    }


def _by(rows: list[dict[str, Any]], scores: list[Score], field: str) -> dict[str, Any]:
    names = dict.fromkeys(score.measure for score in scores)
    groups: dict[str, Any] = {}
    for value in sorted({str(row[field]) for row in rows}):
        ids = {row["id"] for row in rows if str(row[field]) == value}
        groups[value] = {"questions": len(ids)} | {
            name: mean(s for s in scores if s.measure == name and s.question_id in ids)
            for name in names
        }
    return groups
