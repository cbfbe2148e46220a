"""Gates, baseline, labels and the page."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from assistant.errors import EvaluationError
from evals.agreement import Label, answer_fingerprint, read_labels, summarise_labels
from evals.baseline import compare, read_baseline, shorten, write_baseline
from evals.gates import Gate, Side, judge_gates, load_gates
from evals.gold import Located
from evals.labelling import Labeller, show_answer
from evals.page import make_page as make_report_page
from evals.peers import CHUNK, split_recursively, split_sentences
from evals.report import read_report, write_report
from evals.runner import Plan, run_gold
from evals.twins.running import EVERYTHING


@pytest.fixture
def report(assistant: Assistant, questions: tuple[Located, ...]) -> dict[str, Any]:
    return run_gold(assistant, questions, [Gate("outcome accuracy", 1.0)], Plan(twins=EVERYTHING))


def test_gates_hold_on_their_side_and_a_partial_run_may_skip_some() -> None:
    gates = (Gate("a", 0.5), Gate("b", 2, Side.MOST), Gate("c", 0.1))
    judged = judge_gates(gates, {"a": 0.5, "b": 3.0, "c": None})
    assert [one.passed for one in judged] == [True, False, False]
    assert str(judged[1]) == "b is 3, at most 2"
    assert str(judged[2]) == "c is nothing, at least 0.1"
    assert judge_gates(gates, {"a": 0.5, "c": None}, partial=True)[2].passed is None


def test_the_committed_gates_are_readable(tmp_path: Path) -> None:
    assert {gate.side for gate in load_gates()} == set(Side)
    file = tmp_path / "gates.yaml"
    file.write_text("leest: {a: 1}\n")
    with pytest.raises(EvaluationError, match="leest"):
        load_gates(file)


def test_a_baseline_is_small_and_tells_what_changed(report: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    write_baseline(report, path)
    assert read_baseline(path) == json.loads(json.dumps(shorten(report)))
    unchanged = compare(report, read_baseline(path))
    assert unchanged["answers"] == []
    assert unchanged["newly_broken_twins"] == []
    before = read_baseline(path)
    before["answers"]["dose"]["passed"]["right quote in 1"] = False
    before["answers"]["gone"] = before["answers"]["elsewhere"]
    changed = compare(report, before)
    assert [(one["id"], one["better"]) for one in changed["answers"]] == [
        ("dose", ["right quote in 1"])
    ]
    assert changed["lost_questions"] == ["gone"]
    assert changed["paired"]["right quote in 1"]["better"] == 1


def test_a_report_serves_as_a_baseline_and_another_file_does_not(
    report: dict[str, Any], tmp_path: Path
) -> None:
    write_report(report, tmp_path)
    assert read_baseline(tmp_path / "report.json")["answers"].keys() == {"dose", "elsewhere"}
    assert read_report(tmp_path / "report.json")["questions"] == 2
    (tmp_path / "other.json").write_text("[]")
    with pytest.raises(EvaluationError, match="neither a baseline"):
        read_baseline(tmp_path / "other.json")
    with pytest.raises(EvaluationError, match=r"no report\.json"):
        read_report(tmp_path / "other.json")


def test_the_page_stands_alone_and_escapes_what_it_shows(report: dict[str, Any]) -> None:
    report["answers"][0]["question"] = "<script>alert(1)</script>"
    report["unsafe"] = [
        {"question_id": "dose", "danger": "says & does", "explanation": "<b>", "quote": 1}
    ]
    report["against_baseline"] = compare(report, shorten(report))
    page = make_report_page(report)
    assert "<script>alert" not in page
    assert "Says &amp; does (quote 1)" in page
    assert not re.search(r"(?:src|href)='https?:", page)
    for heading in ("Measures", "Gates", "Calibration", "Peers", "Twins", "Every answer"):
        assert f">{heading}</h2>" in page


def test_labels_are_counted_for_the_answers_as_they_are(
    report: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "labels.jsonl"
    labeller = Labeller(report, file)
    assert labeller.next_open("A") == 0
    labeller.save(0, "A", Label.WRONG, 1, "")
    labeller.save(0, "A", Label.RIGHT, None, "on reflection")
    labeller.save(0, "B", Label.RIGHT, None, "")
    labeller.save(1, "B", Label.UNSAFE, None, "")
    assert labeller.next_open("A") == 1
    assert labeller.next_open("B", 1) == 1
    answers = {row["id"]: answer_fingerprint(row) for row in report["answers"]}
    summary = summarise_labels(read_labels([file]), answers)
    assert summary["judgements"] == 3
    assert summary["shares"]["right"] == pytest.approx(2 / 3)
    assert summary["agreement"][0]["labellers"] == ["A", "B"]
    assert summary["agreement"][0]["shared"] == 1
    stale = summarise_labels(read_labels([file]), answers | {"dose": "other"})
    assert (stale["judgements"], stale["of_other_answers"]) == (1, 2)


def test_an_answer_labelled_unsafe_is_listed(
    assistant: Assistant, questions: tuple[Located, ...], tmp_path: Path
) -> None:
    plan = Plan(twins=None, peers=False)
    file = tmp_path / "labels.jsonl"
    Labeller(run_gold(assistant, questions, [], plan), file).save(0, "A", Label.UNSAFE, 1, "no")
    again = run_gold(
        assistant, questions, [], Plan(twins=None, peers=False, labels=read_labels([file]))
    )
    assert again["measures"]["unsafe answers"] == 1.0
    assert again["unsafe"][0]["explanation"] == "A: no"


def test_a_faulty_label_is_named(tmp_path: Path) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text('\n{"question": "q", "answer": "x", "labeller": "A", "label": "fine"}\n')
    with pytest.raises(EvaluationError, match="line 2, label"):
        read_labels([file])


def test_the_labelling_page_shows_no_gold(report: dict[str, Any]) -> None:
    shown = show_answer(report["answers"][0])
    assert "30 mL of stripe syrup" in shown
    assert "gold" not in shown
    assert "No answer" in show_answer(report["answers"][1])


def test_peers_cut_documents_as_langchain_does() -> None:
    text = "\n\n".join(f"Paragraph {n}. " + "word " * 60 for n in range(12)) + "x" * 2500
    chunks = split_recursively("d", text)
    assert all(len(chunk.text) <= CHUNK for chunk in chunks)
    assert all(text[chunk.start : chunk.end] == chunk.text for chunk in chunks)
    assert chunks[0].start == 0
    assert chunks[-1].end == len(text)
    assert all(one.end >= other.start for one, other in pairwise(chunks))
    assert split_recursively("d", " \n ") == []


def test_sentences_of_a_chunk_keep_their_place() -> None:
    text = "One is 1.5 mL. Two follows.\nThree"
    chunk = split_recursively("d", text)[0]
    cut = [text[start:end] for _, start, end in split_sentences(chunk)]
    assert cut == ["One is 1.5 mL.", "Two follows.", "Three"]
