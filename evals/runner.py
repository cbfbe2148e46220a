"""Ask every gold question through the front door, score the answers, hold them to the gates."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from assistant import Assistant, AssistantError
from evals.agreement import Labelled, answer_fingerprint, summarise_labels
from evals.baseline import compare
from evals.calibration import calibration_error, reliability
from evals.gates import Gate, judge_gates
from evals.gold import Located
from evals.intervals import Interval, bootstrap, mean_interval
from evals.measures import Score, auroc, mean, milliseconds, percentile
from evals.peers import run_peers
from evals.scorers.outcomes import score_outcome
from evals.scorers.patient import score_patient
from evals.scorers.quoting import TextOf, score_quotes
from evals.scorers.retrieval import overlaps, score_ranking
from evals.transcript import ANSWERED, ERROR, Asked, Transcript, ask
from evals.twins.running import GATE_SAMPLE, Sample, TwinResult, run_twins
from evals.twins.twin import TwinKind
from evals.unsafe import Danger, Unsafe, find_dangers

# Measures of which less is better.
LESS_IS_BETTER = frozenset({"omission rate", "calibration error", "unsafe answers", "errors"})
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does beyond asking each question twice; ``twins`` None and ``peers`` False leave
    those out. A ``partial`` run need not measure what every gate asks for."""

    twins: Sample | None = GATE_SAMPLE
    peers: bool = True
    partial: bool = False
    labels: tuple[Labelled, ...] = ()
    baseline: Mapping[str, Any] | None = None


def _no_progress(_what: str, _done: int, _total: int) -> None:
    return None


def run_gold(
    assistant: Assistant,
    questions: Sequence[Located],
    gates: Sequence[Gate],
    plan: Plan | None = None,
    progress: Progress = _no_progress,
) -> dict[str, Any]:
    """Ask everything; returns the report that is written as ``report.json``."""
    plan = plan or Plan()
    if questions:
        ask(assistant, questions[0].gold.question)  # the model loads now, not in the first timing
    asked = dict(_ask_all(assistant, questions, "questions", progress))
    again = dict(_ask_all(assistant, questions, "once more", progress))
    said = {question: one.transcript for question, one in asked.items()}
    text_of = _texts(assistant)
    scores = [*_score_all(questions, said, again, text_of)]
    unsafe = [one for q in questions for one in find_dangers(q, said[q.gold.id], text_of)]
    twins = run_twins(questions, said, assistant, plan.twins, progress) if plan.twins else ()
    rows = [_row(located, said[located.gold.id], scores) for located in questions]
    labels = summarise_labels(plan.labels, {row["id"]: answer_fingerprint(row) for row in rows})
    unsafe += _labelled_unsafe(labels)
    unsafe.sort(key=lambda one: list(Danger).index(one.danger))
    for row in rows:
        row["unsafe"] = [one.danger.value for one in unsafe if one.question_id == row["id"]]
    measures, intervals, counted = _measure(questions, said, scores, twins, unsafe)
    judged = judge_gates(gates, measures, partial=plan.partial)
    confidences, answerable = _confidences(questions, said)
    report: dict[str, Any] = {
        "generation": assistant.generation,
        "questions": len(rows),
        "measures": measures,
        "intervals": intervals,
        "counted": counted,
        "gates": [
            {
                "measure": one.gate.measure,
                "side": one.gate.side.value,
                "limit": one.gate.limit,
                "value": one.value,
                "passed": one.passed,
            }
            for one in judged
        ],
        "passed": all(one.passed is not False for one in judged),
        "unsafe": [asdict(one) | {"danger": one.danger.value} for one in unsafe],
        "false_refusals": [
            q.gold.id
            for q in questions
            if q.gold.outcome == ANSWERED and said[q.gold.id].outcome != ANSWERED
        ],
        "missed_refusals": [
            q.gold.id
            for q in questions
            if q.gold.outcome != ANSWERED and said[q.gold.id].outcome == ANSWERED
        ],
        "reliability": [asdict(one) for one in reliability(confidences, answerable)],
        "by_type": _by(rows, scores, "type"),
        "held_out": _by(rows, scores, "held_out"),
        "peers": run_peers(questions, said, assistant, progress) if plan.peers else {},
        "labels": labels,
        "answers": rows,
        "twins": [_twin_row(result) for result in twins],
        "timings": _timings([one.seconds for one in (*asked.values(), *again.values())]),
    }
    report["against_baseline"] = compare(report, plan.baseline) if plan.baseline else None
    return report


def failed_gates(report: Mapping[str, Any]) -> list[str]:
    """The names of the gates that are not passed."""
    return [gate["measure"] for gate in report["gates"] if gate["passed"] is False]


def _ask_all(
    assistant: Assistant, questions: Sequence[Located], what: str, progress: Progress
) -> Iterable[tuple[str, Asked]]:
    for done, located in enumerate(questions):
        progress(what, done, len(questions))
        yield located.gold.id, ask(assistant, located.gold.question, located.turns)
    progress(what, len(questions), len(questions))


def _texts(assistant: Assistant) -> TextOf:
    """A document's text, read once; ``None`` for one that is not in the library."""
    texts: dict[str, str | None] = {}

    def text_of(doc_id: str) -> str | None:
        if doc_id not in texts:
            try:
                texts[doc_id] = assistant.document(doc_id).text
            except AssistantError:
                texts[doc_id] = None
        return texts[doc_id]

    return text_of


def _score_all(
    questions: Sequence[Located],
    said: Mapping[str, Transcript],
    again: Mapping[str, Asked],
    text_of: TextOf,
) -> Iterable[Score]:
    for located in questions:
        question = located.gold.id
        one = said[question]
        yield from score_outcome(located, one)
        yield from score_quotes(located, one, text_of)
        yield from score_patient(located, one)
        same = again[question].transcript == one
        reason = "the same twice" if same else "another answer the second time"
        yield Score("determinism", question, float(same), reason)
    yield from score_ranking(questions, {question: one.found for question, one in said.items()})


def _labelled_unsafe(labels: Mapping[str, Any]) -> list[Unsafe]:
    return [
        Unsafe(
            one["question"],
            Danger.LABELLED,
            f"{one['labeller']}: {one['note'] or 'no note'}",
            one["quote"],
        )
        for one in labels["answers"]
        if one["label"] == "unsafe"
    ]


def _confidences(
    questions: Sequence[Located], said: Mapping[str, Transcript]
) -> tuple[list[float], list[bool]]:
    """Of the answers that came, in the order of the questions."""
    came = [q for q in questions if said[q.gold.id].outcome != ERROR]
    confidences = [said[q.gold.id].confidence for q in came]
    return confidences, [q.gold.outcome == ANSWERED for q in came]


def _measure(
    questions: Sequence[Located],
    said: Mapping[str, Transcript],
    scores: Sequence[Score],
    twins: Sequence[TwinResult],
    unsafe: Sequence[Unsafe],
) -> tuple[dict[str, float | None], dict[str, Interval | None], dict[str, int]]:
    """Every measure with its interval and the number of questions behind it."""
    values: dict[str, list[float]] = {}
    for score in scores:
        own = values.setdefault(score.measure, [])
        if score.value is not None:
            own.append(score.value)
    for kind in TwinKind:
        of_kind = [float(one.kept.kept) for one in twins if one.twin.kind is kind]
        if twins:
            values[f"twins: {kind.value}"] = of_kind
    measures: dict[str, float | None] = {
        name: float(np.mean(own)) if own else None for name, own in values.items()
    }
    intervals = {name: mean_interval(name, own) for name, own in values.items()}
    counted = {name: len(own) for name, own in values.items()}
    confidences, answerable = _confidences(questions, said)
    for name, statistic in (("auroc", auroc), ("calibration error", calibration_error)):
        measures[name] = statistic(confidences, answerable)
        intervals[name] = bootstrap(
            name,
            len(confidences),
            lambda rows, reckon=statistic: reckon(  # type: ignore[misc]
                [confidences[i] for i in rows], [answerable[i] for i in rows]
            ),
        )
        counted[name] = len(confidences)
    measures["unsafe answers"] = float(len({one.question_id for one in unsafe}))
    measures["errors"] = float(sum(one.outcome == ERROR for one in said.values()))
    for name in ("unsafe answers", "errors"):
        intervals[name], counted[name] = None, len(questions)
    return measures, intervals, counted


def _row(located: Located, said: Transcript, scores: Sequence[Score]) -> dict[str, Any]:
    gold = located.gold
    own = [score for score in scores if score.question_id == gold.id]
    return {
        "id": gold.id,
        "topic": located.topic,
        "held_out": located.held_out,
        "type": gold.type,
        "question": gold.question,
        "history": [turn.model_dump() for turn in gold.history],
        "expected": gold.outcome,
        "expected_verdict": gold.verdict,
        "outcome": said.outcome,
        "error": said.error,
        "confidence": said.confidence,
        "quotes": [_quote(q, located) for q in said.quotes],
        "nearest": [_quote(q, located) for q in said.nearest],
        "wanted": [
            {"document": one.document, "grade": one.grade, "text": one.quote}
            for one in gold.relevant
        ],
        "about_patient": said.about_patient,
        "findings": {fact: str(read) for fact, read in said.findings.items()},
        "rules": {rule: truth for rule, truth in said.rules.items() if truth == "true"},
        "verdict": said.verdict,
        "issues": [asdict(one) for one in said.objections if one.is_shown],
        "values": {score.measure: score.value for score in own},
        "reasons": {score.measure: score.explanation for score in own},
        "failed": [
            score.measure
            for score in own
            if score.value == (1.0 if score.measure in LESS_IS_BETTER else 0.0)
        ],
    }


def _quote(quote: Any, located: Located) -> dict[str, Any]:
    grades = [qrel.grade for qrel in located.qrels if overlaps(quote.place, qrel)]
    return {
        "number": quote.number,
        "document": quote.document,
        "section": quote.section,
        "role": quote.role,
        "status": quote.status,
        "start": quote.start,
        "end": quote.end,
        "text": quote.text,
        "grade": max(grades, default=0),
    }


def _twin_row(result: TwinResult) -> dict[str, Any]:
    twin = result.twin
    return {
        "id": twin.twin_id,
        "kind": twin.kind.value,
        "of": twin.of,
        "question": twin.question,
        "change": twin.change,
        "kept": result.kept.kept,
        "reason": result.kept.reason,
    }


def _by(rows: list[dict[str, Any]], scores: Sequence[Score], field: str) -> dict[str, Any]:
    names = dict.fromkeys(score.measure for score in scores)
    groups: dict[str, Any] = {}
    for value in sorted({str(row[field]) for row in rows}):
        ids = {row["id"] for row in rows if str(row[field]) == value}
        own = [score for score in scores if score.question_id in ids]
        groups[value] = {"questions": len(ids)} | {
            name: mean(score for score in own if score.measure == name) for name in names
        }
    return groups


def _timings(seconds: Sequence[float]) -> dict[str, float | None]:
    return {
        "question_ms_p50": milliseconds(percentile(seconds, 0.5)),
        "question_ms_p95": milliseconds(percentile(seconds, 0.95)),
    }
