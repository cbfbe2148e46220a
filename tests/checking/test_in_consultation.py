"""The check inside a consultation over the library itself, with the embedder without weights."""

from pathlib import Path

import pytest

from assistant import Assistant, Settings, Turn, ingest
from assistant.checking.check import Verdict
from assistant.interfaces.render import to_json

CORPUS = Path(__file__).parents[2] / "corpus"
PATIENT = (
    "34F, lumbar puncture 2 days ago, post-dural puncture headache, temp 38.6. "
    "Can I give an epidural blood patch for post-dural puncture headache?"
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    store = str(tmp_path_factory.mktemp("library") / "store")
    settings = Settings(store=store, embedder="hashing", corpus=CORPUS)
    ingest([CORPUS], settings)
    return Assistant.open(settings)


def test_what_the_patient_bars_comes_first_and_is_quoted(assistant: Assistant) -> None:
    consultation = assistant.ask(PATIENT)
    assert consultation.check.verdict is Verdict.STOP
    plain = to_json(consultation)
    numbers = {quote["number"] for quote in plain["quotes"]}
    assert numbers
    named = [n for issue in plain["check"]["issues"] for n in issue["quotes"]]
    named += [
        n
        for pathway in plain["pathways"]
        for one in pathway["contraindicated"]
        for n in one["quotes"]
    ]
    assert named
    assert {*named} <= numbers
    for quote in plain["quotes"]:
        text = assistant.document(quote["document"]).text
        assert text[quote["start"] : quote["end"]] == quote["text"]


def test_an_answer_from_some_documents_gets_additions_from_those_alone(
    assistant: Assistant,
) -> None:
    chosen = frozenset({"imaging"})
    answer = assistant.ask(PATIENT, doc_ids=chosen).answer
    assert {quote.doc_id for quote in answer.quotes} <= chosen


def test_a_follow_up_keeps_the_patient(assistant: Assistant) -> None:
    history = [Turn("user", PATIENT), Turn("assistant", "…")]
    consultation = assistant.ask("And caffeine for post-dural puncture headache?", history=history)
    fever = [f for f in to_json(consultation)["findings"] if f["concept"] == "temperature"]
    assert [(f["value"], f["turn"]) for f in fever] == [(38.6, -1)]
    assert consultation.check.verdict is Verdict.STOP


def test_the_same_question_gives_the_same_bytes(assistant: Assistant) -> None:
    first, second = (to_json(assistant.ask(PATIENT)) for _ in range(2))
    assert {**first, "timing_ms": None} == {**second, "timing_ms": None}
