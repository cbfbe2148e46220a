"""The measures, on cases small enough to reckon by hand."""

import json
from pathlib import Path

import pytest

from assistant import Assistant, Settings
from assistant.errors import EvaluationError
from evals.__main__ import main
from evals.external import load_questions, run_external
from evals.gold import load_gold, locate
from evals.measures import (
    Score,
    auroc,
    coverage_at_precision,
    mean,
    percentile,
    rank_measures,
    token_f1,
)
from evals.runner import Gate, load_gates, run_gold


def test_silence_counts_as_zero_and_nothing_to_measure_is_none() -> None:
    values = rank_measures({"a": {"x": 1}, "b": {"y": 1}}, {"a": ["x"]}, ["R@5", "nDCG@10"])
    assert values["R@5"] == {"a": 1.0, "b": 0.0}
    assert mean([]) is None
    assert mean([Score("m", "a", None, ""), Score("m", "b", 0.5, "")]) == 0.5
    assert percentile([], 0.5) is None
    assert auroc([0.5], [True]) is None
    assert coverage_at_precision([0.5], [False], 0.95) is None


def test_the_first_rank_is_worth_most() -> None:
    values = rank_measures({"a": {"x": 2, "y": 1}}, {"a": ["y", "x"]}, ["nDCG@10", "RR@10"])
    assert values["nDCG@10"]["a"] == pytest.approx(0.8597, abs=1e-4)
    assert values["RR@10"]["a"] == 1.0


def test_auroc_is_the_chance_of_the_right_order() -> None:
    assert auroc([0.9, 0.2, 0.5], [True, False, False]) == 1.0
    assert auroc([0.5, 0.5], [True, False]) == 0.5
    assert auroc([0.1, 0.9], [True, False]) == 0.0


def test_coverage_takes_the_furthest_threshold_that_is_precise_enough() -> None:
    confidences = [0.9, 0.8, 0.7, 0.6]
    assert coverage_at_precision(confidences, [True, False, True, True], 0.75) == 1.0
    assert coverage_at_precision(confidences, [True, False, True, True], 0.95) == pytest.approx(
        1 / 3
    )
    assert coverage_at_precision([0.5, 0.5], [True, False], 0.95) == 0.0


def test_percentiles_are_values_that_were_seen() -> None:
    values = [float(n) for n in range(1, 11)]
    assert (percentile(values, 0.5), percentile(values, 0.95)) == (5.0, 10.0)


def test_token_f1_counts_shared_words() -> None:
    assert token_f1("The patch, 20 mL", "patch 20 mL") == 1.0
    assert token_f1("a b", "c d") == 0.0
    assert token_f1("patch early", "patch late") == 0.5


GOLD = """
topic: zebras
questions:
  - id: dose
    question: How much stripe syrup for zebra fever treatment?
    type: terse
    outcome: answered
    relevant:
      - {document: zebra-fever, quote: Give 30 mL of stripe syrup twice a day for zebra fever.}
  - id: elsewhere
    question: "?"
    type: out-of-scope
    outcome: out_of_scope
"""


def test_a_gold_run_scores_each_question_with_its_reason(
    assistant: Assistant, tmp_path: Path
) -> None:
    file = tmp_path / "gold.yaml"
    file.write_text(GOLD)
    questions = locate(load_gold([file]), assistant)
    report = run_gold(assistant, questions, [Gate("outcome accuracy", 1.0)])
    assert report["passed"]
    assert report["measures"]["right quote in 1"] == 1.0
    assert report["measures"]["refusals made"] == 1.0
    assert report["measures"]["quote exactness"] == 1.0
    failing = run_gold(assistant, questions, [Gate("outcome accuracy", 1.1), Gate("none", 0.1)])
    assert not failing["passed"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("30 mL of stripe", "31 mL of stripe", "not found word for word"),
        ("document: zebra-fever", "document: nobody", "no document 'nobody'"),
        ("outcome: answered", "outcome: maybe", "outcome"),
        ("type: terse", "typ: terse", "typ"),
        ("id: elsewhere", "id: dose", "Two gold questions"),
        ("outcome: answered", "outcome: not_covered", "and no other"),
    ],
)
def test_a_faulty_gold_file_is_named(
    assistant: Assistant, tmp_path: Path, old: str, new: str, words: str
) -> None:
    file = tmp_path / "gold.yaml"
    file.write_text(GOLD.replace(old, new, 1))
    with pytest.raises(EvaluationError, match=words):
        locate(load_gold([file]), assistant)


def test_the_gold_set_loads_and_its_gates_are_readable(corpus: Path) -> None:
    files = load_gold([corpus.parent / "evals" / "gold"])
    questions = [question for file in files for question in file.questions]
    assert len(questions) >= 30
    assert {question.outcome for question in questions} == {
        "answered",
        "not_covered",
        "out_of_scope",
    }
    assert any(file.held_out for file in files)
    assert load_gates()


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    documents = [
        {"id": "zebra", "title": "Zebra fever", "text": "Zebra fever lasts 9 days.\nGive syrup."},
        {"id": "cough", "title": "Marble cough", "text": "Marble cough needs rest.\nNo scan."},
    ]
    questions = [
        {
            "id": "1",
            "question": "How many days does zebra fever last?",
            "relevant": ["zebra"],
            "answer_spans": ["9 days"],
            "answerable": True,
        },
        {
            "id": "2",
            "question": "metformin?",
            "relevant": [],
            "answer_spans": None,
            "answerable": False,
        },
    ]
    for name, rows in (("docs", documents), ("questions", questions)):
        text = "\n".join(json.dumps(row) for row in rows)
        (folder / f"{name}.jsonl").write_text(text + "\n")
    return folder


def test_an_outside_folder_is_scored(outside: Path, settings: Settings) -> None:
    report = run_external(outside, settings, lambda *_: None)
    assert (report["documents"], report["questions"], report["answerable"]) == (2, 2, 1)
    measures = report["measures"]
    assert (measures["R@1"], measures["quote hit@1"], measures["auroc"]) == (1.0, 1.0, 1.0)
    assert report["speed"]["question_ms_p50"] > 0


def test_faults_of_an_outside_folder_are_named(outside: Path, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="no such file"):
        load_questions(tmp_path / "none.jsonl")
    (outside / "questions.jsonl").write_text('{"id": "1", "question": "x"}\n')
    with pytest.raises(EvaluationError, match="line 1, answerable"):
        load_questions(outside / "questions.jsonl")


def test_the_command_writes_its_report_and_fails_at_a_gate(
    library: Path,
    assistant: Assistant,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ASSISTANT_EMBEDDER", "hashing")
    file = tmp_path / "gold.yaml"
    file.write_text(GOLD)
    command = [
        "run",
        "--gold",
        str(file),
        "--store",
        settings.store,
        "--out",
        str(tmp_path / "out"),
    ]
    assert main(command) == 0
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["answers"][0]["outcome"] == "answered"
    assert "<blockquote>" in (tmp_path / "out" / "report.html").read_text()
    baseline = str(tmp_path / "out" / "report.json")
    assert main([*command, "--baseline", baseline]) == 0
    file.write_text(GOLD.replace("outcome: out_of_scope", "outcome: not_covered"))
    monkeypatch.setattr("evals.__main__.load_gates", lambda: (Gate("outcome accuracy", 0.9),))
    assert main(command) == 1
    assert "Gate failed" in capsys.readouterr().out
    assert main(["run", "--store", str(tmp_path / "nowhere")]) == 3
    assert main(["external", str(tmp_path / "nowhere")]) == 2
