"""A rule that lost its quotation still guards the patient, needs review, and shows no quote."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Settings, ingest
from assistant.interfaces.render import to_json, to_text
from assistant.interfaces.ui_pathway import render_pathway

CORPUS = Path(__file__).parents[2] / "corpus"
RULE = "Never ride a zebra with fever."
OTHER = "Rest helps a zebra with fever."
FILES = {
    "documents/zebra.md": f"---\nid: zebra\n---\n# Zebra\n\n## Riding\n\n{RULE} {OTHER}\n",
    "documents/pony.md": "# Pony\n\n## Riding\n\nPonies with fever may be ridden slowly.\n",
    "lexicon/facts.yaml": "- {id: fever, question: Fever?, names: [fever], safety: true}\n",
    "lexicon/actions.yaml": "- {id: ride, name: riding, names: [ride, riding]}\n",
    "pathways/p.yaml": (
        "id: p\ntitle: Riding\nversion: '1'\nrank: 10\nentry: always\nrules:\n"
        "  - id: P-1\n    when: fever\n    text: Do not ride with fever.\n    avoid: [ride]\n"
        "    status: verified\n    cite:\n"
        f"      - {{document: zebra, quote: {RULE}}}\n"
        "  - id: P-2\n    when: {not: fever}\n    text: Ride.\n    do: [ride]\n"
        "    status: verified\n    cite:\n"
        f"      - {{document: zebra, quote: {OTHER}}}\n"
    ),
}
CASE = "The patient has fever. Can I ride the zebra with fever?"
Change = Callable[[], None]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for name, text in FILES.items():
        path = tmp_path / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copy(CORPUS / "lexicon" / "cues.yaml", tmp_path / "corpus" / "lexicon" / "cues.yaml")
    made = Settings(store=str(tmp_path / "store"), embedder="hashing", corpus=tmp_path / "corpus")
    ingest([made.corpus], made)
    return made


def rule(plain: dict[str, Any]) -> dict[str, Any]:
    (found,) = [one for p in plain["pathways"] for one in p["contraindicated"]]
    assert found["rule"] == "P-1"
    return dict(found)


def rewrite(settings: Settings, old: str, new: str) -> None:
    path = settings.corpus / "documents" / "zebra.md"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_a_rule_with_its_quotation_is_verified(settings: Settings) -> None:
    plain = to_json(Assistant.open(settings).ask(CASE))
    assert rule(plain)["status"] == "verified"
    assert [cited["text"] for cited in rule(plain)["citations"]] == [RULE]
    assert plain["check"]["verdict"] == "stop"


@pytest.mark.parametrize("how", ["withdrawn", "removed", "changed", "changed, not read again"])
def test_without_it_the_rule_holds_but_needs_review_and_shows_no_quote(
    settings: Settings, how: str
) -> None:
    assistant = Assistant.open(settings)
    if how == "withdrawn":
        assistant.withdraw(["zebra"])
    elif how == "removed":
        assistant.remove(["zebra"])
    else:
        rewrite(settings, RULE, "Seldom ride a zebra with fever.")
        if how == "changed":
            ingest([settings.corpus], settings)
        assistant = Assistant.open(settings)
    consultation = assistant.ask(CASE)
    plain = to_json(consultation)
    if how == "changed, not read again":
        assert rule(plain)["status"] == "verified", "the library has it still"
        return
    assert (rule(plain)["status"], rule(plain)["citations"]) == ("needs review", [])
    assert plain["check"]["verdict"] == "stop", "it is held against the patient all the same"
    assert any("This rule needs review." in i["message"] for i in plain["check"]["issues"])
    assert RULE not in str(plain)
    assert RULE not in to_text(consultation)
    page = render_pathway(consultation.examination, consultation.rule_quotes, "a")
    assert "needs review" in page


def test_a_quotation_that_moved_is_quoted_where_it_is_now(settings: Settings) -> None:
    assistant = Assistant.open(settings)
    rewrite(settings, "## Riding", "## Riding\n\nThis is new here.")
    ingest([settings.corpus], settings)
    plain = to_json(assistant.ask(CASE))
    assert rule(plain)["status"] == "verified"
    (cited,) = rule(plain)["citations"]
    text = assistant.document("zebra").text
    assert text[cited["start"] : cited["end"]] == RULE


def test_what_is_restored_is_verified_again(settings: Settings) -> None:
    assistant = Assistant.open(settings)
    assistant.withdraw(["zebra"])
    assert rule(to_json(assistant.ask(CASE)))["status"] == "needs review"
    assistant.restore(["zebra"])
    assert rule(to_json(assistant.ask(CASE)))["status"] == "verified"
