"""Cases as clinicians write them, read and held against the library's pathways."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.case.case import Case
from assistant.case.reading import Reader
from assistant.pathways.evaluation import Rulebook, View
from assistant.pathways.loading import load_pathways
from assistant.truth import Truth

CORPUS = Path(__file__).parents[2] / "corpus"
CASES = Path(__file__).parent / "cases"


@cache
def library() -> tuple[Reader, Rulebook]:
    reader = Reader.load(CORPUS)
    return reader, Rulebook(load_pathways(CORPUS, reader.facts.measures))


def load_cases() -> list[Any]:
    return [
        pytest.param(entry, id=f"{path.stem}: {entry['name']}")
        for path in sorted(CASES.glob("*.yaml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("entry", load_cases())
def test_case(entry: dict[str, Any]) -> None:
    """What is ``missed`` by the reader, known and listed, may be unknown but never contrary."""
    reader, book = library()
    case = reader.read(entry["text"], about_patient=True)
    view = View(case, book)
    wanted = entry.get("findings", {}) | entry.get("rules", {})
    missed = {*entry.get("missed", [])}
    found = {fact: _say(case, fact, want) for fact, want in entry.get("findings", {}).items()}
    found |= {rule: view.rule(rule).value for rule in entry.get("rules", {})}
    wrong = {
        name: f"{got}, not {_plain(wanted[name])}"
        for name, got in found.items()
        if got != _plain(wanted[name]) and not (name in missed and got == "unknown")
    }
    assert wrong == {}


def _say(case: Case, fact: str, want: object) -> object:
    assert fact in case.facts.by_id, f"no fact {fact}"
    quantity = case.quantity(fact)
    if isinstance(want, bool | str) or quantity is None:
        return case.presence(fact).value
    if quantity.low != quantity.high:
        return "unknown" if quantity.compare("==", float(str(want))) is None else "another number"
    return quantity.low


def _plain(want: object) -> object:
    return Truth.of(want).value if isinstance(want, bool) else want
