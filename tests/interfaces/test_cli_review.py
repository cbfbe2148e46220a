"""The command ``review``: what it reads, prints and exits with."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.accounts.account import Role
from assistant.accounts.password_file import PasswordFile
from assistant.interfaces.cli import main

QUESTION = "How much stripe syrup for zebra fever treatment?"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    users = PasswordFile(tmp_path / "users")
    users.add("ward", [], "four plain short words")
    users.add("Dr Anna", [Role.REVIEWER], "four plain short words")
    monkeypatch.setenv("ASSISTANT_PASSWORD_FILE", str(users.path))
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


def test_from_submission_to_approval_and_beside_the_answer(
    run: Any, answer: Path, tmp_path: Path
) -> None:
    plain = json.loads(answer.read_text())
    assert (plain["review"], plain["document_reviews"]) == (None, {})
    assert not list(tmp_path.glob("*.sqlite3"))
    status, out, _ = run("review", "submit", answer, "--as", "ward", "--json")
    assert (status, json.loads(out)["state"]) == (0, "submitted")
    assert run("review", "submit", "--document", "zebra-fever", "--as", "ward")[0] == 0
    for item in ("1", "2"):
        assert run("review", "start", item, "--as", "Dr Anna")[0] == 0
        status, out, _ = run(
            *("review", "approve", item, "--as", "Dr Anna"),
            *("--comment", "As the trial says.", "--until", "2099-06-01"),
        )
        assert status == 0
        assert out.startswith(f"{item}  approved by Dr Anna until 2099-06-01")

    answer.write_text(run("ask", QUESTION.lower(), "--json")[1])
    plain = json.loads(answer.read_text())
    assert plain["review"]["status"] == "approved"
    assert plain["review"]["by"] == "Dr Anna"
    assert plain["review"]["comment"] == "As the trial says."
    assert plain["document_reviews"]["zebra-fever"]["until"] == "2099-06-01"
    assert run("verify", answer)[0] == 0
    text = run("ask", QUESTION)[1]
    assert "Review of this answer: approved by Dr Anna" in text
    assert "Review of “Zebra fever”: approved by Dr Anna" in text
    listed = {one["id"]: one["reviewed"] for one in json.loads(run("library", "list", "--json")[1])}
    assert listed["marble-cough"] is None
    assert listed["zebra-fever"]["status"] == "approved"
    assert "[here: approved by Dr Anna" in run("library", "list")[1]
    shown = json.loads(run("library", "show", "zebra-fever", "--json")[1])
    assert shown["reviewed"] == listed["zebra-fever"]

    listed = json.loads(run("review", "list", "--state", "approved", "--json")[1])
    assert [one["id"] for one in listed] == [1, 2]
    assert json.loads(run("review", "show", "1", "--json")[1])["answer"]["question"] == QUESTION
    text = run("review", "show", "1")[1]
    assert "«Give 30 mL of stripe syrup twice a day for zebra fever.»" in text
    out_file = tmp_path / "export.json"
    assert run("review", "export", "--out", out_file)[0] == 0
    exported = json.loads(out_file.read_text())
    assert (len(exported["items"]), len(exported["audit"])) == (2, 6)
    assert exported["trail"]["holds"] is True


def test_the_audit_is_listed_and_proved(run: Any, answer: Path, tmp_path: Path) -> None:
    run("review", "submit", answer, "--as", "ward")
    assert "1. " in run("review", "audit", "list")[1]
    assert len(json.loads(run("review", "audit", "list", "1", "--json")[1])) == 1
    status, out, _ = run("review", "audit", "verify", "--json")
    found = json.loads(out)
    assert (status, found["holds"], found["entries"]) == (0, True, 1)
    assert run("review", "audit", "verify", "--head", found["head"])[0] == 0
    status, out, _ = run("review", "audit", "verify", "--head", "1:" + "0" * 64)
    assert (status, "is not in the trail" in out) == (1, True)
    status, _, err = run("review", "audit", "verify", "--head", "x")
    assert (status, "expected NUMBER:HASH" in err) == (2, True)


def test_what_cannot_be_done_says_why_and_exits_so(
    run: Any, answer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("review", "submit", answer, "--as", "ward")
    (tmp_path / "bad.json").write_text("{")
    cases: list[tuple[tuple[str | Path, ...], int, str]] = [
        (("submit", answer, "--as", "ward"), 1, "submitted before: see item 1"),
        (("approve", "1", "--as", "Dr Anna"), 1, "Start its review first"),
        (("start", "1", "--as", "ward"), 2, "is no reviewer"),
        (("start", "9", "--as", "Dr Anna"), 2, "no item 9"),
        (("start", "1", "--as", "nobody"), 2, "There are: Dr Anna, ward"),
        (("submit", "--as", "ward"), 2, "or --document ID"),
        (("submit", tmp_path / "bad.json", "--as", "ward"), 2, "holds no answer"),
        (("submit", tmp_path / "none.json", "--as", "ward"), 2, "holds no answer"),
    ]
    for arguments, expected, words in cases:
        status, out, err = run("review", *arguments)
        assert (status, out, words in err) == (expected, "", True), (arguments, err)
    monkeypatch.setenv("ASSISTANT_DATABASE", "postgresql://me:hunter2@127.0.0.1:1/none")
    status, _, err = run("review", "list")
    assert (status, "cannot be used" in err, "hunter2" in err) == (3, True, False)
    status, out, _ = run("ask", QUESTION, "--json")
    assert (status, json.loads(out)["review"]["status"]) == (0, "unknown")
    assert "the review database does not answer" in run("ask", QUESTION)[1]
    assert "does not answer" in run("library", "list")[2]
    monkeypatch.delenv("ASSISTANT_DATABASE")
    monkeypatch.delenv("ASSISTANT_PASSWORD_FILE")
    status, _, err = run("review", "start", "1", "--as", "x")
    assert (status, "needs accounts" in err) == (2, True)
    monkeypatch.setenv("ASSISTANT_STORE", "http://127.0.0.1:1")
    status, _, err = run("review", "list")
    assert (status, "ASSISTANT_DATABASE" in err) == (2, True)


def test_a_patients_answer_is_refused_unless_allowed(
    run: Any, answer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer.write_text(run("ask", f"34F, temperature 38.4. {QUESTION}", "--json")[1])
    status, _, err = run("review", "submit", answer, "--as", "ward")
    assert (status, "review_patients" in err) == (1, True)
    monkeypatch.setenv("ASSISTANT_REVIEW_PATIENTS", "true")
    assert run("review", "submit", answer, "--as", "ward")[0] == 0


def test_where_nothing_was_reviewed_no_database_is_loaded(answer: Path, tmp_path: Path) -> None:
    code = (
        "import sys, json; from assistant.interfaces.cli import main; "
        f"status = main(['ask', {QUESTION!r}, '--json']); "
        "print('\\n' + json.dumps([m for m in ('sqlalchemy', 'alembic', 'argon2') if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_what_a_new_version_breaks_counts_what_was_approved(
    run: Any, answer: Path, library: Path, tmp_path: Path
) -> None:
    newer = tmp_path / "newer" / "zebra-fever.md"
    newer.parent.mkdir()
    text = (library / "zebra-fever.md").read_text(encoding="utf-8")
    quoted = json.loads(answer.read_text())["quotes"][0]["text"]
    assert quoted in text
    newer.write_text(text.replace(quoted, "Give nothing."), encoding="utf-8")
    run("review", "submit", answer, "--as", "ward")
    assert run("library", "impact", newer, "--json")[0] == 0, "nothing is approved yet"
    run("review", "start", "1", "--as", "Dr Anna")
    run("review", "approve", "1", "--as", "Dr Anna")
    status, out, _ = run("library", "impact", newer, "--json")
    broken = json.loads(out)["broken"]
    assert status == 1
    assert broken[0]["id"].startswith("approved answer 1: ")
    assert broken[0]["quote"] == quoted
