"""The command ``users``."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.interfaces.cli import main

WORDS = "four plain short words"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.setenv("ASSISTANT_PASSWORD_FILE", str(tmp_path / "users"))

    def call(*arguments: str, typed: str = WORDS) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed + "\n"))
        status = main(["users", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


def test_accounts_come_and_go(run: Any) -> None:
    assert run("add", "Dr A. Example", "--role", "reviewer", "--role", "admin")[:2] == (
        0,
        "Added: Dr A. Example (admin, reviewer).\n",
    )
    status, out, _ = run("add", "ward", "--json")
    assert (status, json.loads(out)) == (0, {"done": "add", "name": "ward"})
    assert run("list")[1] == "Dr A. Example  admin, reviewer\nward  reader\n"
    assert run("password", "ward", typed="other " + WORDS)[0] == 0
    assert run("remove", "ward")[0] == 0
    assert json.loads(run("list", "--json")[1]) == [
        {"name": "Dr A. Example", "roles": ["admin", "reviewer"]}
    ]


def test_what_cannot_be_done_says_why(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "cannot be read" in run("list")[2]
    assert run("add", "ward", typed="short")[0] == 2
    run("add", "ward")
    for arguments, words in ((("add", "ward"), "already"), (("remove", "x"), "There are: ward")):
        status, out, err = run(*arguments)
        assert (status, out, words in err) == (2, "", True)
    monkeypatch.delenv("ASSISTANT_PASSWORD_FILE")
    assert "ASSISTANT_PASSWORD_FILE" in run("list")[2]
