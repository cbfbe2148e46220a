"""The commands of a library that changes: what they print and their exit status."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.interfaces.cli import main

CORPUS = Path(__file__).parents[2] / "corpus"
OLD = "Give 30 mL of stripe syrup twice a day for zebra fever."
NEW = "Give 20 mL of stripe syrup twice a day for zebra fever."
Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Run:
    """A command with its exit status and what it printed, JSON read."""
    monkeypatch.setenv("ASSISTANT_EMBEDDER", "hashing")
    monkeypatch.setenv("ASSISTANT_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("ASSISTANT_TODAY", "2026-07-01")

    def call(*arguments: str | Path) -> tuple[int, Any]:
        status = main([str(argument) for argument in arguments])
        out, _ = capsys.readouterr()
        return status, json.loads(out) if "--json" in arguments else out

    return call


@pytest.fixture
def newer(library: Path, tmp_path: Path) -> Path:
    """Another version of the zebra guideline."""
    path = tmp_path / "newer" / "zebra-fever.md"
    path.parent.mkdir()
    text = (library / "zebra-fever.md").read_text(encoding="utf-8")
    path.write_text(text.replace("30 mL", "20 mL"), encoding="utf-8")
    shutil.copy(library.parent / "sources.yaml", path.parent)
    return path


def test_withdrawing_is_listed_and_undone(run: Run, library: Path) -> None:
    run("ingest", library)
    assert run("library", "withdraw", "zebra-fever", "--reason", "A recall.")[0] == 0
    _, listed = run("library", "list", "--json")
    zebra = {one["id"]: one for one in listed}["zebra-fever"]
    assert (zebra["standing"], zebra["reason"]) == ("withdrawn", "A recall.")
    assert "zebra-fever  Zebra fever  [withdrawn]" in run("library", "list")[1]
    assert "standing: withdrawn" in run("library", "show", "zebra-fever")[1]
    _, answer = run("ask", "How much stripe syrup for zebra fever treatment?", "--json")
    assert "zebra-fever" not in {q["document"] for q in answer["quotes"] + answer["nearest"]}
    assert run("ask", "How much syrup?", "--document", "zebra-fever")[0] == 2
    assert run("library", "withdraw", "camel")[0] == 1
    _, told = run("library", "restore", "zebra-fever", "--json")
    assert told["restored"] == ["zebra-fever"]
    assert "[withdrawn]" not in run("library", "list")[1]


def test_a_version_is_compared_with_the_library_or_a_file(
    run: Run, library: Path, newer: Path
) -> None:
    run("ingest", library)
    for old in ("zebra-fever", library / "zebra-fever.md"):
        status, (told,) = run("library", "diff", old, newer, "--json")
        assert status == 0
        assert told["counts"]["figures changed"] == 1
        (change,) = told["changes"][:1]
        assert (change["kind"], change["old"]["text"]) == ("figures changed", OLD)
        assert (change["new"]["text"], change["details"]) == (NEW, ["figures: 30 mL → 20 mL"])
    text = run("library", "diff", library / "zebra-fever.md", newer)[1]
    assert text.index("!! FIGURES CHANGED") < text.index(f"- {OLD}") < text.index(f"+ {NEW}")
    assert run("library", "diff", "camel", newer)[0] == 2


def test_folders_are_compared_document_by_document(run: Run, library: Path, newer: Path) -> None:
    _, told = run("library", "diff", library, newer.parent, "--json")
    assert [one["new"]["id"] for one in told] == ["marble-cough", "zebra-fever"]
    assert {c["kind"] for c in told[0]["changes"]} == {"gone"}


def test_impact_names_all_that_rests_on_what_changed(
    run: Run, library: Path, newer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "corpus"
    cited = f"document: zebra-fever, quote: {OLD}"
    for name, text in {
        "pathways/p.yaml": f"id: p\nrules:\n  - id: P-1\n    cite: [{{{cited}}}]\n",
        "disagreements.yaml": f"- id: D-1\n  positions:\n    - {{says: 30, {cited}}}\n",
        "questions/zebra-fever.yaml": (
            f"document: zebra-fever\nquestions:\n  - quote: {OLD}\n    asks: [How much?]\n"
            "  - quote: Zebra fever lasts 9 days in most adults.\n    asks: [How long?]\n"
        ),
        "gold/g.yaml": f"topic: t\nquestions:\n  - id: G-1\n    relevant: [{{{cited}}}]\n",
    }.items():
        path = corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    run("ingest", library)
    (tmp_path / "answers").mkdir()
    _, answer = run("ask", "How much stripe syrup for zebra fever treatment?", "--json")
    (tmp_path / "answers" / "a.json").write_text(json.dumps(answer), encoding="utf-8")
    monkeypatch.setenv("ASSISTANT_CORPUS", str(corpus))
    others = ("--gold", corpus / "gold", "--answers", tmp_path / "answers")

    status, told = run("library", "impact", *others, "--json")
    assert (status, told["broken"]) == (0, []), "the library as it stands"

    status, told = run("library", "impact", newer, *others, "--json")
    assert status == 1
    assert [(one["kind"], one["id"], one["line"]) for one in told["broken"]] == [
        ("rule", "P-1", 4),
        ("disagreement", "D-1", 3),
        ("questions", "zebra-fever", 3),
        ("gold question", "G-1", 4),
        ("answer", "How much stripe syrup for zebra fever treatment? [1]", None),
    ]
    for one in told["broken"]:
        assert (one["quote"], one["nearest"]["text"]) == (OLD, NEW)
        assert one["details"] == ["figures: 30 mL → 20 mL"]
    text = run("library", "impact", newer, *others)[1]
    assert "pathways/p.yaml:4: rule P-1: 'zebra-fever' does not say this" in text
    assert "!! figures: 30 mL → 20 mL" in text

    run("library", "withdraw", "zebra-fever")
    status, told = run("library", "impact", *others, "--json")
    assert status == 1
    assert {one["why"] for one in told["broken"]} == {"'zebra-fever' is withdrawn"}
    assert run("library", "impact", "--answers", tmp_path / "nowhere")[0] == 2


def test_the_library_that_comes_with_it_rests_on_itself(run: Run) -> None:
    status, told = run(
        "library", "impact", CORPUS / "documents", "--gold", CORPUS.parent / "evals/gold", "--json"
    )
    assert (status, told["broken"]) == (0, [])
    assert told["checked"] > 1000
