"""A whole run and its command, on two questions."""

import json
from pathlib import Path

import pytest

from assistant import Assistant, Settings
from evals.__main__ import main
from evals.gates import Gate, Side
from evals.gold import Located
from evals.runner import Plan, failed_gates, run_gold
from evals.twins.running import EVERYTHING

QUIET = Plan(twins=None, peers=False)


def test_a_gold_run_scores_each_question_with_its_reason(
    assistant: Assistant, questions: tuple[Located, ...]
) -> None:
    report = run_gold(assistant, questions, [Gate("outcome accuracy", 1.0)], QUIET)
    assert report["passed"]
    measures = report["measures"]
    assert (measures["right quote in 1"], measures["refusals made"]) == (1.0, 1.0)
    assert (measures["quote exactness"], measures["whole quotes"]) == (1.0, 1.0)
    assert (measures["determinism"], measures["unsafe answers"]) == (1.0, 0.0)
    assert report["answers"][0]["reasons"]["right quote in 1"].endswith("is quote 1")
    assert "findings F1" not in measures


def test_a_gate_fails_by_name_and_so_does_one_of_nothing(
    assistant: Assistant, questions: tuple[Located, ...]
) -> None:
    gates = [Gate("outcome accuracy", 1.1), Gate("findings F1", 0.1), Gate("errors", 0, Side.MOST)]
    report = run_gold(assistant, questions, gates, QUIET)
    assert not report["passed"]
    assert failed_gates(report) == ["outcome accuracy", "findings F1"]


def test_two_runs_differ_in_their_timings_alone(
    assistant: Assistant, questions: tuple[Located, ...]
) -> None:
    plan = Plan(twins=EVERYTHING)
    one, other = (run_gold(assistant, questions, [], plan) for _ in range(2))
    assert one.pop("timings").keys() == other.pop("timings").keys()
    assert json.dumps(one) == json.dumps(other)
    kinds = {twin["kind"] for twin in one["twins"]}
    assert {"polite padding", "cited document removed", "injection added to a document"} <= kinds
    assert len(one["peers"]) == 4


def test_the_command_writes_its_report_and_fails_at_a_gate(
    assistant: Assistant,
    settings: Settings,
    gold_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ASSISTANT_EMBEDDER", "hashing")
    monkeypatch.setattr("evals.__main__.load_gates", lambda: (Gate("outcome accuracy", 0.9),))
    out = tmp_path / "out"
    command = ["run", "--gold", str(gold_file), "--store", settings.store, "--out", str(out)]
    assert main(command) == 0
    report = json.loads((out / "report.json").read_text())
    assert report["answers"][0]["outcome"] == "answered"
    assert "<blockquote" in (out / "report.html").read_text()
    labels = tmp_path / "labels.jsonl"
    labels.write_text("")
    more = ["--baseline", str(out / "report.json"), "--labels", str(labels), "--all"]
    assert main([*command, *more]) == 0
    gold_file.write_text(
        gold_file.read_text().replace("outcome: out_of_scope", "outcome: not_covered")
    )
    capsys.readouterr()
    assert main(command) == 1
    assert "Gate failed: outcome accuracy is 0.5, at least 0.9." in capsys.readouterr().out


def test_the_command_names_what_it_cannot_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = str(tmp_path / "nowhere")
    assert main(["run", "--store", nowhere]) == 3
    assert main(["external", nowhere]) == 2
    assert main(["run", "--baseline", nowhere]) == 2
    assert main(["run", "--labels", nowhere]) == 2
    assert main(["label", "--report", nowhere]) == 2
    assert capsys.readouterr().err.count("No such file") == 3
