"""Reviewing a real library: what 'verify' finds bars approval, and so does what changed."""

from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Settings, ingest
from assistant.errors import CertificateError, ReviewRefusedError
from assistant.interfaces.render import to_json
from assistant.review.desk import Desk
from assistant.review.item import Kind, State
from assistant.review.proving import LibraryNow

QUESTION = "How much stripe syrup for zebra fever treatment?"


@pytest.fixture
def now(settings: Settings, assistant: Assistant) -> LibraryNow:
    return LibraryNow(settings.store, settings.corpus, to_json)


def test_a_real_answer_is_approved_until_its_document_changes(
    *,
    database: Any,
    now: LibraryNow,
    assistant: Assistant,
    settings: Settings,
    library: Path,
    ward: Any,
    anna: Any,
) -> None:
    desk = Desk(database, now)
    plain = to_json(assistant.ask(QUESTION))
    desk.submit_answer(plain | {"review": None, "document_reviews": {}}, ward)
    desk.start(1, anna)
    assert desk.open(1, anna).barred == ()
    desk.approve(1, anna)
    document = library / "zebra-fever.md"
    text = document.read_text()
    document.write_text(text.replace("30 mL", "40 mL"))
    ingest([library], settings)
    assert [one.state for one in desk.list()] == [State.NEEDS_REVIEW]
    desk.start(1, anna)
    with pytest.raises(ReviewRefusedError, match="has changed since"):
        desk.approve(1, anna)
    document.write_text(text)
    ingest([library], settings)
    desk.approve(1, anna)
    assert [one.state for one in desk.list()] == [State.APPROVED]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda plain: plain["quotes"][0].update(text="Give 300 mL."), "quote was altered"),
        (lambda plain: plain.update(question="Anything else?"), "altered after it was made"),
        (lambda plain: plain["check"].update(verdict="stop"), "verdict"),
    ],
)
def test_an_answer_that_was_touched_is_not_taken(
    now: LibraryNow, assistant: Assistant, ward: Any, change: Any, words: str
) -> None:
    plain = to_json(assistant.ask(QUESTION))
    change(plain)
    assert any(words in fault for fault in now.faults_of_answer(plain))
    with pytest.raises(CertificateError, match="'question' is missing"):
        now.faults_of_answer({})


def test_who_is_told_of_is_known(now: LibraryNow) -> None:
    told = "34-year-old woman with a temperature of 38.4."
    assert now.tells_of_patient(told)
    assert now.tells_of_patient("And then?", (told,))
    assert not now.tells_of_patient(QUESTION)
    assert not now.tells_of_patient(" ")


def test_a_document_of_the_corpus_must_pass_its_validation(
    settings: Settings, assistant: Assistant, library: Path
) -> None:
    assert (
        LibraryNow(settings.store, settings.corpus, to_json).faults_of_document("zebra-fever") == ()
    )
    strict = LibraryNow(settings.store, library.parent, to_json)
    faults = strict.faults_of_document("zebra-fever")
    assert "zebra-fever.md:1: front matter: 'licence' is missing" in faults[0]
    assert strict.checksum(Kind.DOCUMENT, "nowhere") is None
