"""The command line: what it prints, where, and with which exit status."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.interfaces.cli import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.setenv("ASSISTANT_EMBEDDER", "hashing")
    monkeypatch.setenv("ASSISTANT_STORE", str(tmp_path / "store"))

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


def test_ingest_search_ask_and_library_as_promised(run: Any, library: Path) -> None:
    status, out, _ = run("ingest", library, "--json")
    report = json.loads(out)
    assert status == 0
    assert report["added"] == ["marble-cough", "zebra-fever"]
    assert set(report) == {
        *("added", "changed", "unchanged", "removed", "failed", "documents", "passages"),
        *("generation", "seconds", "resumed", "withdrawn", "dangling"),
    }

    status, out, _ = run("search", "how long does zebra fever last", "-k", "2", "--json")
    found = json.loads(out)
    assert (status, found["query"], len(found["hits"])) == (0, "how long does zebra fever last", 2)
    hit = found["hits"][0]
    assert set(hit) == {
        *("rank", "document", "passage", "title", "section", "start", "end", "text", "score")
    }

    status, text, _ = run("library", "show", hit["document"], "--text")
    assert status == 0
    assert text[hit["start"] : hit["end"]] == hit["text"]

    status, out, _ = run("ask", "How much stripe syrup for zebra fever treatment?", "--json")
    answer = json.loads(out)
    assert (status, answer["outcome"], answer["direct"]) == (0, "answered", [1])
    quote = answer["quotes"][0]
    assert quote["text"] == "Give 30 mL of stripe syrup twice a day for zebra fever."
    assert text[quote["start"] : quote["end"]] == quote["text"]
    assert {"confidence", "nearest", "disagreements", "findings", "pathways", "check"} <= set(
        answer
    )
    assert {"generation", "writer", "timing_ms"} <= set(answer)

    status, out, _ = run("library", "list", "--json")
    assert [document["id"] for document in json.loads(out)] == ["marble-cough", "zebra-fever"]

    status, out, _ = run("library", "remove", "zebra-fever")
    assert (status, out) == (0, "Removed: zebra-fever.\n")
    status, out, _ = run("library", "list")
    assert out == "marble-cough  Marble cough\n"


def test_without_json_the_answer_is_for_people(run: Any, library: Path) -> None:
    run("ingest", library)
    status, out, _ = run("ask", "How much stripe syrup for zebra fever treatment?")
    assert status == 0
    assert out.startswith(
        "Answer\n  [1] «Give 30 mL of stripe syrup twice a day for zebra fever.»\n"
        "      Zebra fever › Treatment of zebra fever (trial-1)\n"
    )


def test_two_runs_print_the_same_bytes(run: Any, library: Path) -> None:
    run("ingest", library)

    def asked() -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(run("ask", "zebra fever dose?", "--json")[1])
        answer.pop("timing_ms")
        return answer

    assert json.dumps(asked()) == json.dumps(asked())
    search = ("search", "zebra fever", "--json")
    assert run(*search) == run(*search)


def test_a_batch_answers_line_by_line_and_names_what_it_cannot(
    run: Any, library: Path, tmp_path: Path
) -> None:
    run("ingest", library)
    questions, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [
        '{"id": 7, "question": "How long does zebra fever last?"}',
        '{"id": "b", "question": "And its treatment?", '
        '"history": [{"role": "user", "content": "What about zebra fever?"}]}',
        '{"id": "c", "question": ""}',
        "not json",
        '{"id": "e"}',
    ]
    questions.write_text("\n".join(lines) + "\n")
    status, out, err = run("ask", "--batch", questions, "--out", answers)
    assert (status, out) == (1, "")
    rows = [json.loads(line) for line in answers.read_text().splitlines()]
    assert [row.get("id") for row in rows] == [7, "b", "c", None, "e"]
    assert rows[0]["outcome"] == "answered"
    assert rows[1]["quotes"][0]["document"] == "zebra-fever"
    assert ["error" in row for row in rows] == [False, False, True, True, True]
    assert "Line 4" in err

    status, out, _ = run("search", "--batch", questions)
    assert [json.loads(line).get("id") for line in out.splitlines()] == [7, "b", "c", None, "e"]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["ask", "anything"], 3, "python -m assistant ingest corpus"),
        (["search", "anything", "--json"], 3, "There is no library"),
        (["library", "list"], 3, "There is no library"),
        (["ask"], 2, "QUESTION"),
        (["ask", ""], 3, "There is no library"),
        (["ask", "x", "--batch", "nowhere.jsonl"], 2, "nowhere.jsonl"),
        (["search", "x", "-k", "0"], 2, "1 or more"),
        (["nonsense"], 2, "invalid choice"),
        (["ingest", "nowhere"], 1, "nothing there"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_traceback(
    run: Any, arguments: list[str], status: int, words: str
) -> None:
    got, out, err = run(*arguments)
    assert (got, out if got > 1 else "") == (status, "")
    assert words in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["ask", ""], 2, "empty"),
        (["ask", "a" * 20_001], 2, "at most 20,000"),
        (["ask", "fever", "--document", "nobody"], 1, "no document 'nobody'"),
        (["library", "show", "nobody"], 1, "no document 'nobody'"),
        (["library", "remove", "nobody"], 1, "nothing was removed"),
    ],
)
def test_unusable_questions_and_ids_are_named(
    run: Any, library: Path, arguments: list[str], status: int, words: str
) -> None:
    run("ingest", library)
    got, out, err = run(*arguments)
    assert (got, out) == (status, "")
    assert words in err


def test_help_needs_no_library_and_is_quick_to_import() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "assistant", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert "ingest" in done.stdout
    for heavy in ("torch", "gradio", "chromadb", "langchain_core"):
        assert f"| {heavy}\n" not in done.stderr
