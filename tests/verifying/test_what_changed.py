"""What is said when the library, a pathway or the vocabulary is another than it was."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Settings, ingest
from assistant.interfaces.render import to_json
from assistant.verifying.saved import read_saved
from assistant.verifying.verifying import Verification, Verifier

QUESTION = "How much stripe syrup for zebra fever treatment?"
FIRST = "Give 30 mL of stripe syrup twice a day for zebra fever."


def verify(settings: Settings, plain: dict[str, Any]) -> Verification:
    verifier = Verifier.open(settings.store, settings.corpus, to_json)
    return verifier.verify(read_saved(json.dumps(plain), "answer.json"))


def reasons(found: Verification) -> list[str]:
    return [str(one) for one in found.failed]


@pytest.fixture
def asked(assistant: Assistant) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(to_json(assistant.ask(QUESTION))))
    assert plain["quotes"][0]["text"] == FIRST
    return plain


@pytest.fixture
def rewrite(library: Path, settings: Settings) -> Callable[[str, str], None]:
    """Change words of the zebra guideline and read it again."""

    def change(old: str, new: str) -> None:
        path = library / "zebra-fever.md"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        ingest([library], settings)

    return change


def test_another_document_changes_nothing_but_the_generation(
    asked: dict[str, Any], library: Path, settings: Settings
) -> None:
    (library / "new.txt").write_text("Something new\n\nDrink water every hour.")
    ingest([library], settings)
    found = verify(settings, asked)
    assert found.holds, reasons(found)
    assert found.then == [asked["generation"]]
    assert found.now != asked["generation"]
    assert [one.what for one in found.changed] == ["generation"]


def test_a_document_that_left_is_named_once_with_its_quotes(
    asked: dict[str, Any], assistant: Assistant, settings: Settings
) -> None:
    assistant.remove(["zebra-fever"])
    found = verify(settings, asked)
    quotes = [q["number"] for q in asked["quotes"] if q["document"] == "zebra-fever"]
    named = ", ".join(f"quote {number}" for number in quotes)
    assert (
        "certificate.documents.zebra-fever: document 'zebra-fever' is no longer in the library: "
        f"{named} cannot be proved"
    ) in reasons(found)
    assert {one.what for one in found.failed} <= {"document", "reference"}


def test_a_change_elsewhere_in_the_document_leaves_the_quotes_standing(
    asked: dict[str, Any], settings: Settings, rewrite: Callable[[str, str], None]
) -> None:
    rewrite("in pregnancy is not covered", "in pregnancy is never covered")
    (only,) = verify(settings, asked).failed
    assert only.what == "document"
    assert "document 'zebra-fever' has changed since; of its" in only.reason
    assert "stand where they stood" in only.reason


def test_a_quote_that_moved_is_told_from_one_that_is_gone(
    asked: dict[str, Any], settings: Settings, rewrite: Callable[[str, str], None]
) -> None:
    first = asked["quotes"][0]
    rewrite("## Treatment of zebra fever\n", "## Treatment of zebra fever\n\nIt is new here.\n")
    found = reasons(verify(settings, asked))
    moved = "quotes[0].start: document 'zebra-fever' has changed since: these words now stand at"
    assert any(one.startswith(f"{moved} characters {first['start'] + 17} to") for one in found)
    rewrite("Give 30 mL", "Give 40 mL")
    found = reasons(verify(settings, asked))
    assert (
        "quotes[0].text: document 'zebra-fever' has changed since and no longer says this"
    ) in found


def test_an_altered_quote_is_no_changed_document(asked: dict[str, Any], settings: Settings) -> None:
    asked["quotes"][0]["text"] = FIRST.replace("30", "300")
    found = verify(settings, asked)
    start, end = asked["quotes"][0]["start"], asked["quotes"][0]["end"]
    assert (
        "quotes[0].text: the quote was altered: these are not the words of 'zebra-fever' at "
        f"characters {start} to {end}"
    ) in reasons(found)
    assert "certificate.seal: the answer was altered after it was made" in reasons(found)
    assert len(found.failed) == 2


def test_what_only_the_seal_guards_is_said_to_be_so(
    asked: dict[str, Any], settings: Settings
) -> None:
    asked["confidence"] = 0.99
    (only,) = verify(settings, asked).failed
    assert (only.what, only.where) == ("seal", "certificate.seal")
    assert "something that only the model could give" in only.reason


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict[str, Any]]:
    """A corpus of its own, which a test may change, and an answer about a patient."""
    folder = tmp_path_factory.mktemp("own")
    shutil.copytree(Path(__file__).parents[2] / "corpus", folder / "corpus")
    settings = Settings(store=str(folder / "store"), embedder="hashing", corpus=folder / "corpus")
    ingest([settings.corpus], settings)
    question = "34F, lumbar puncture 2 days ago, postural headache, temp 38.6. Blood patch?"
    return settings, json.loads(json.dumps(to_json(Assistant.open(settings).ask(question))))


@pytest.fixture
def edit(patient: tuple[Settings, dict[str, Any]]) -> Any:
    """Change a file of the corpus for one test."""
    before: dict[Path, str] = {}

    def change(name: str, old: str, new: str) -> Verification:
        settings, plain = patient
        path = settings.corpus / name
        text = before.setdefault(path, path.read_text(encoding="utf-8"))
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return verify(settings, plain)

    yield change
    for path, text in before.items():
        path.write_text(text, encoding="utf-8")


def test_a_rule_that_comes_to_something_else_is_named(edit: Any) -> None:
    found = edit("pathways/red-flags.yaml", "when: reduced-consciousness", "when: fever")
    lines = reasons(found)
    assert any(
        'rule \'R-02\' now comes to "true"; the answer says "unknown"' in one for one in lines
    )
    assert any("pathway 'red-flags' has changed since" in one for one in lines)
    assert any(one.what == "rule" for one in found.failed)


def test_a_finding_that_is_read_otherwise_is_named(edit: Any) -> None:
    found = edit("lexicon/facts.yaml", "temperature >= 38 degC", "temperature >= 39 degC")
    assert any(
        one.what == "finding" and one.reason.startswith("fever 38.6: now") for one in found.failed
    ), found.failed
    assert "certificate.versions.facts" in [one.what for one in found.changed]


def test_a_remark_in_the_vocabulary_is_told_and_breaks_nothing(edit: Any) -> None:
    found = edit("lexicon/facts.yaml", "\n- id:", "\n# A remark.\n- id:")
    assert found.holds, reasons(found)
    assert [one.what for one in found.changed] == ["certificate.versions.facts"]
