"""What a library quotes when its documents expire, are withdrawn, replaced or not yet valid."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Consultation, Settings, ingest
from assistant.errors import UnknownDocumentError
from assistant.interfaces.render import to_json, to_text
from assistant.interfaces.ui_answer import Shown, render_answer
from assistant.verifying.saved import read_saved
from assistant.verifying.verifying import Verifier

QUESTION = "How much stripe syrup for zebra fever treatment?"
FIRST = "Give 30 mL of stripe syrup twice a day for zebra fever."
TODAY = date(2026, 7, 1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(store=str(tmp_path / "store"), embedder="hashing", today=TODAY)


def describe(library: Path, said: str) -> None:
    """Put a line into the front matter of the zebra guideline."""
    path = library / "zebra-fever.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("id: zebra-fever\n", f"id: zebra-fever\n{said}\n", 1))


def quoted(consultation: Consultation) -> set[str]:
    answer = consultation.answer
    return {quote.doc_id for quote in (*answer.quotes, *answer.nearest)}


def ask(settings: Settings, question: str = QUESTION) -> Consultation:
    return Assistant.open(settings).ask(question)


def test_a_withdrawn_document_leaves_every_answer_until_it_is_restored(
    assistant: Assistant, library: Path, settings: Settings
) -> None:
    before = assistant.generation
    assert "zebra-fever" in quoted(assistant.ask(QUESTION))
    assistant.withdraw(["zebra-fever"], "A recall.")
    assert assistant.generation != before
    assert "zebra-fever" not in quoted(assistant.ask(QUESTION))
    assert all(hit.passage.doc_id != "zebra-fever" for hit in assistant.search("zebra fever"))
    assert assistant.ask(QUESTION, doc_ids=frozenset({"zebra-fever"})).answer.quotes == ()
    shelf = {record.doc_id: record.description for record in assistant.documents()}
    assert (shelf["zebra-fever"].withdrawn, shelf["zebra-fever"].reason) == (True, "A recall.")
    assert "stripe syrup" in assistant.document("zebra-fever").text, "it can still be read"

    (library / "zebra-fever.md").write_text("---\nid: zebra-fever\n---\n\nGive 20 mL of syrup.\n")
    report = ingest([library], settings)
    assert (report.changed, report.withdrawn) == (("zebra-fever",), ("zebra-fever",))
    assert "zebra-fever" not in quoted(ask(settings, "How much syrup to give?")), "read again"
    assistant.remove(["zebra-fever"])
    ingest([library], settings)
    assert "zebra-fever" not in quoted(ask(settings, "How much syrup to give?")), "and put back"

    assistant.restore(["zebra-fever"])
    assert "zebra-fever" in quoted(assistant.ask("How much syrup to give?"))


def test_withdrawing_and_restoring_come_back_to_the_same_state(assistant: Assistant) -> None:
    before = assistant.generation
    assistant.withdraw(["zebra-fever"])
    assistant.withdraw(["zebra-fever"])
    assistant.restore(["zebra-fever"])
    assert assistant.generation == before


def test_what_is_not_there_is_neither_withdrawn_nor_restored(assistant: Assistant) -> None:
    with pytest.raises(UnknownDocumentError, match="no document 'camel'; nothing was withdrawn"):
        assistant.withdraw(["zebra-fever", "camel"])
    with pytest.raises(UnknownDocumentError, match="no withdrawal of 'zebra-fever'; nothing was"):
        assistant.restore(["zebra-fever"])


def test_a_rebuilt_library_still_knows_what_was_withdrawn(
    assistant: Assistant, library: Path, settings: Settings
) -> None:
    assistant.withdraw(["zebra-fever"])
    ingest([library], settings, rebuild=True)
    assert "zebra-fever" not in quoted(ask(settings))


@pytest.mark.parametrize("said", ["status: withdrawn", "valid_from: 2026-07-02"])
def test_a_file_keeps_its_own_document_from_being_quoted(
    library: Path, settings: Settings, said: str
) -> None:
    describe(library, said)
    ingest([library], settings)
    assert "zebra-fever" not in quoted(ask(settings))


def test_a_document_is_quoted_from_its_first_day_on_without_a_restart(library: Path) -> None:
    describe(library, "valid_from: 2026-07-02")
    settings = Settings(store=str(library.parent / "store"), embedder="hashing", today=TODAY)
    ingest([library], settings)
    assistant = Assistant.open(settings)
    assert "zebra-fever" not in quoted(assistant.ask(QUESTION))
    index = assistant._index
    index._today = lambda: date(2026, 7, 2)
    assert "zebra-fever" in quoted(assistant.ask(QUESTION))


def test_an_expired_document_answers_and_says_so_first(library: Path, settings: Settings) -> None:
    describe(library, "version: '2'\nvalid_until: 2026-06")
    ingest([library], settings)
    consultation = ask(settings)
    plain = to_json(consultation)
    assert plain["quotes"][0]["text"] == FIRST
    (notice,) = plain["notices"]
    assert (notice["kind"], notice["document"]) == ("expired", "zebra-fever")
    assert notice["quotes"][0] == 1
    words = "Expired: “Zebra fever”, version 2, was valid until 30 June 2026."
    assert notice["message"].startswith(words)
    assert to_text(consultation).startswith(f"! {words}")
    page = render_answer(Shown("a", consultation))
    assert 0 < page.find("Expired&#58;") < page.find("stripe syrup")
    assert to_json(ask(settings.model_copy(update={"today": date(2026, 6, 30)})))["notices"] == []


def test_an_old_answer_is_proved_on_the_day_it_was_given(library: Path, settings: Settings) -> None:
    describe(library, "valid_until: 2026-07-31")
    ingest([library], settings)
    saved = json.dumps(to_json(ask(settings)))
    later = settings.model_copy(update={"today": date(2027, 1, 1)})
    Assistant.open(later).ask(QUESTION)
    verifier = Verifier.open(later.store, later.corpus, to_json)
    found = verifier.verify(read_saved(saved, "a.json"))
    assert found.holds, [str(one) for one in found.failed]
    expired = json.dumps(to_json(ask(later)))
    assert verifier.verify(read_saved(expired, "b.json")).holds, "and so is one that says so"
    forged: dict[str, Any] = json.loads(expired)
    forged["notices"] = []
    assert not verifier.verify(read_saved(json.dumps(forged), "c.json")).holds


def test_verify_says_that_a_document_was_withdrawn_since(
    assistant: Assistant, settings: Settings
) -> None:
    saved = json.dumps(to_json(assistant.ask(QUESTION)))
    assistant.withdraw(["zebra-fever"])
    verifier = Verifier.open(settings.store, settings.corpus, to_json)
    reasons = [one.reason for one in verifier.verify(read_saved(saved, "a.json")).failed]
    assert any("document 'zebra-fever' is withdrawn" in reason for reason in reasons), reasons
