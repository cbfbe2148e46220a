"""The command ``verify``: what it reads, prints and exits with."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.interfaces.cli import main

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "How much stripe syrup for zebra fever treatment?"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.setenv("ASSISTANT_EMBEDDER", "hashing")
    monkeypatch.setenv("ASSISTANT_STORE", str(tmp_path / "store"))

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


@pytest.fixture
def answer(run: Any, library: Path, tmp_path: Path) -> Path:
    """A saved answer."""
    run("ingest", library)
    path = tmp_path / "answer.json"
    path.write_text(run("ask", QUESTION, "--json")[1], encoding="utf-8")
    return path


def test_an_answer_that_holds(run: Any, answer: Path) -> None:
    status, out, err = run("verify", answer)
    assert (status, err) == (0, "")
    assert out.startswith("All holds. Checked: ")
    assert "Not provable without the model: confidence;" in out
    status, out, _ = run("verify", answer, "--json")
    found = json.loads(out)
    assert (status, found["holds"], found["failed"], found["changed_since"]) == (0, True, [], [])
    assert found["generation"]["then"] == found["generation"]["now"]
    assert found["checked"]["quotes"] >= 1
    assert found["checked"]["rules"] > 100


def test_what_no_longer_holds_is_named_a_line_each(run: Any, answer: Path) -> None:
    plain = json.loads(answer.read_text(encoding="utf-8"))
    plain["quotes"][0]["end"] += 1
    answer.write_text(json.dumps(plain))
    status, out, _ = run("verify", answer)
    assert status == 1
    first, second, *_ = out.splitlines()
    assert first.startswith("No longer holds: quotes[0].text: the quote was altered")
    assert second == "No longer holds: certificate.seal: the answer was altered after it was made"
    status, out, _ = run("verify", answer, "--json")
    failed = json.loads(out)["failed"]
    assert status == 1
    assert [(one["what"], one["where"]) for one in failed] == [
        ("quote", "quotes[0].text"),
        ("seal", "certificate.seal"),
    ]
    assert all(set(one) == {"what", "where", "reason"} for one in failed)


def test_standard_input_is_read(run: Any, answer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(answer.read_bytes())))
    assert run("verify", "-")[0] == 0


def test_a_batch_is_verified_line_by_line(run: Any, answer: Path, tmp_path: Path) -> None:
    questions, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [
        {"id": "a", "question": QUESTION},
        {"id": "b", "question": ""},
        {
            "id": "c",
            "question": "And its treatment?",
            "history": [{"role": "user", "content": "What about zebra fever?"}],
        },
    ]
    questions.write_text("\n".join(json.dumps(line) for line in lines))
    run("ask", "--batch", questions, "--out", answers)
    status, out, _ = run("verify", answers, "--json")
    found = json.loads(out)
    assert (status, found["holds"]) == (0, True)
    assert (found["checked"]["answers"], found["checked"]["without_answer"]) == (2, 1)
    assert found["generation"]["then"] == [found["generation"]["now"]]

    rows = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    rows[0]["id"] = "another"
    rows[2]["certificate"]["settings"]["history"][0]["content"] += " Nothing."
    answers.write_text("\n".join(json.dumps(row) for row in rows))
    status, out, _ = run("verify", answers)
    assert status == 1
    assert "No longer holds: line 1 (another): certificate.seal:" in out
    assert "No longer holds: line 3 (c): certificate.seal:" in out


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda _: "not json", "is not JSON"),
        (lambda _: "", "is not JSON"),
        (lambda _: "[]", "expected an object"),
        (lambda _: "{}", "'question' is missing"),
        (
            lambda a: json.dumps({k: v for k, v in a.items() if k != "certificate"}),
            "'certificate' is missing",
        ),
        (lambda a: json.dumps(a | {"quotes": "none"}), "'quotes': Input should be a valid list"),
        (lambda a: json.dumps(a | {"quotes": [{"number": 1}]}), "'quotes[0].text' is missing"),
        (
            lambda a: json.dumps(a | {"direct": ["1"]}),
            "'direct[0]': Input should be a valid integer",
        ),
        (lambda a: json.dumps(a) + "\n{", "line 2, is not JSON"),
        (lambda a: json.dumps(a) + "\n{}", "line 2: 'question' is missing"),
        (lambda _: "[" * 100_000, "is not JSON"),
    ],
)
def test_what_is_no_answer_is_refused(run: Any, answer: Path, change: Any, words: str) -> None:
    answer.write_text(change(json.loads(answer.read_text(encoding="utf-8"))))
    status, out, err = run("verify", answer)
    assert (status, out) == (2, "")
    assert words in err
    assert str(answer) in err
    assert "Traceback" not in err


def test_files_that_cannot_be_read_and_missing_stores_say_so(
    run: Any, answer: Path, tmp_path: Path
) -> None:
    status, _, err = run("verify", tmp_path / "nowhere.json")
    assert (status, "No such file" in err) == (2, True)
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\xff")
    status, _, err = run("verify", tmp_path / "bytes.json")
    assert (status, "not text in UTF-8" in err) == (2, True)
    status, _, err = run("verify", answer, "--store", tmp_path / "empty")
    assert (status, "There is no library" in err) == (3, True)


def test_verifying_loads_no_model(answer: Path, tmp_path: Path) -> None:
    heavy = ("torch", "sentence_transformers", "transformers", "langchain_core", "gradio")
    code = (
        "import sys, json; from assistant.interfaces.cli import main; "
        f"status = main(['verify', {str(answer)!r}, '--store', {str(tmp_path / 'store')!r}]); "
        f"print(json.dumps([status, [m for m in {heavy!r} if m in sys.modules]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert json.loads(done.stdout.splitlines()[-1]) == [0, []]
