"""Where a local policy differs from what it goes before, both are quoted, the local one first."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Settings, ingest
from assistant.interfaces.render import to_json, to_text
from assistant.verifying.saved import read_saved
from assistant.verifying.verifying import Verifier

CORPUS = Path(__file__).parents[2] / "corpus"
NATIONAL = """---
id: national
title: National zebra guideline
---

## Dose

Give 30 mL of stripe syrup twice a day for zebra fever.

## Scan

Order a marble scan in zebra fever within 48 hours.

## Bed rest

Keep zebras with fever in the stable for three days.
"""
LOCAL = """---
id: ward
title: Zebra policy of the ward
owner: Stable Ward
local_policy_over: [national]
---

## Our dose

On this ward zebra fever gets 20 mL of stripe syrup twice a day.

## Our scan

Do not order a marble scan in zebra fever.

## Our rest

Zebras with fever stay in the stable for 72 hours.
"""
DOSE = "How much stripe syrup for zebra fever?"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "corpus" / "lexicon").mkdir(parents=True)
    shutil.copy(CORPUS / "lexicon" / "cues.yaml", tmp_path / "corpus" / "lexicon" / "cues.yaml")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "national.md").write_text(NATIONAL, encoding="utf-8")
    (tmp_path / "in" / "ward.md").write_text(LOCAL, encoding="utf-8")
    made = Settings(store=str(tmp_path / "store"), embedder="hashing", corpus=tmp_path / "corpus")
    ingest([tmp_path / "in"], made)
    return made


def local_cards(plain: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in plain["disagreements"] if one["kind"] == "local-policy"]


def texts(plain: dict[str, Any], side: dict[str, Any]) -> list[str]:
    return [plain["quotes"][number - 1]["text"] for number in side["quotes"]]


@pytest.mark.parametrize(
    ("question", "local", "national", "how"),
    [
        (DOSE, "20 mL of stripe syrup", "Give 30 mL", "20 mL, not 30 mL"),
        ("Should I order a marble scan in zebra fever?", "Do not order", "within 48 hours",
         "against it, not for it"),
    ],
)  # fmt: skip
def test_both_are_quoted_with_the_owner_the_local_first(
    settings: Settings, question: str, local: str, national: str, how: str
) -> None:
    consultation = Assistant.open(settings).ask(question)
    plain = to_json(consultation)
    (card,) = [c for c in local_cards(plain) if how in c["explanation"]]
    first, second = card["positions"]
    assert first["says"] == "Local policy of Stable Ward"
    assert any(local in text for text in texts(plain, first))
    assert any(national in text for text in texts(plain, second))
    notices = [one for one in plain["notices"] if one["kind"] == "local policy"]
    assert notices[0]["message"].startswith("Local policy of Stable Ward differs: read [")
    assert to_text(consultation).startswith("! Local policy of Stable Ward differs")


def test_what_says_the_same_otherwise_is_no_difference(settings: Settings) -> None:
    plain = to_json(Assistant.open(settings).ask("How long do zebras with fever stay in stable?"))
    assert plain["outcome"] == "answered"
    for card in local_cards(plain):
        assert not any("72 hours" in text for p in card["positions"] for text in texts(plain, p))


def test_a_policy_that_was_withdrawn_is_not_shown(settings: Settings) -> None:
    assistant = Assistant.open(settings)
    assistant.withdraw(["ward"])
    plain = to_json(assistant.ask(DOSE))
    assert local_cards(plain) == []
    assert {quote["document"] for quote in plain["quotes"]} == {"national"}


def test_an_answer_from_one_document_alone_shows_that_alone(settings: Settings) -> None:
    plain = to_json(Assistant.open(settings).ask(DOSE, doc_ids=frozenset({"national"})))
    assert local_cards(plain) == []


def test_of_two_that_answer_as_well_the_local_one_comes_first(
    settings: Settings, tmp_path: Path
) -> None:
    same = "Give 30 mL of stripe syrup at noon for zebra fever."
    for name, said in (("national", NATIONAL), ("ward", LOCAL)):
        text = said.replace("twice a day for zebra fever.", "at noon for zebra fever.").replace(
            "On this ward zebra fever gets 20 mL of stripe syrup twice a day.", same
        )
        (tmp_path / "in" / f"{name}.md").write_text(text, encoding="utf-8")
    ingest([tmp_path / "in"], settings)
    assert Assistant.open(settings).ask(DOSE).answer.quotes[0].doc_id == "ward"


def test_such_an_answer_can_be_proved(settings: Settings) -> None:
    saved = json.dumps(to_json(Assistant.open(settings).ask(DOSE)))
    verifier = Verifier.open(settings.store, settings.corpus, to_json)
    found = verifier.verify(read_saved(saved, "a.json"))
    assert found.holds, [str(one) for one in found.failed]


def test_a_policy_over_nothing_that_is_there_is_told(settings: Settings, tmp_path: Path) -> None:
    said = LOCAL.replace("[national]", "[national, natoinal]")
    (tmp_path / "in" / "ward.md").write_text(said, encoding="utf-8")
    assert ingest([tmp_path / "in"], settings).dangling == (("ward", "natoinal"),)
