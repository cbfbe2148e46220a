"""What a program that imports the package can rely on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import assistant as package
from assistant import Assistant, Settings, Turn, ingest
from assistant.answering.answer import Outcome, QuoteRole
from assistant.errors import (
    EmbedderError,
    QuestionError,
    SettingsError,
    StoreStaleError,
    UnknownDocumentError,
)
from assistant.followups import with_context
from assistant.retrieval.embedding import HashingEmbedder
from assistant.retrieval.hybrid import HybridRetriever


def test_the_front_door_exports_what_it_says() -> None:
    assert sorted(package.__all__) == [
        "Assistant",
        "AssistantError",
        "Audience",
        "Consultation",
        "MODEL_FILE",
        "Model",
        "Settings",
        "Span",
        "Turn",
        "Weighed",
        "ingest",
    ]
    assert all(hasattr(package, name) for name in package.__all__)


def test_importing_it_loads_nothing_heavy() -> None:
    heavy = ("torch", "chromadb", "gradio", "sentence_transformers", "langchain_core", "bm25s")
    code = (
        "import sys, json, assistant, assistant.interfaces.cli; "
        f"print(json.dumps([m for m in {heavy!r} if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_an_answer_is_made_of_the_documents_own_words(assistant: Assistant) -> None:
    consultation = assistant.ask("How much stripe syrup for zebra fever treatment?")
    assert consultation.answer.outcome is Outcome.ANSWERED
    first = consultation.answer.quotes[0]
    assert first.text == "Give 30 mL of stripe syrup twice a day for zebra fever."
    assert first.role is QuoteRole.DIRECT
    assert (first.doc_id, first.title) == ("zebra-fever", "Zebra fever")
    assert first.section == "Treatment of zebra fever"
    assert first.sources == ("trial-1",)
    assert first.population == "adults with stripes"
    assert first.status is None
    assert consultation.references["trial-1"].citation == "A trial of stripes. 2020."
    for quote in consultation.answer.quotes:
        assert quote.span.of(assistant.document(quote.doc_id).text) == quote.text


def test_a_quote_from_an_unconfirmed_source_says_so(assistant: Assistant) -> None:
    quotes = assistant.ask("May children under 2 years have stripe syrup?").answer.quotes
    marked = {quote.text: quote.status for quote in quotes}
    assert marked["Do not give stripe syrup to children under 2 years."] == "unconfirmed"


def test_a_fragment_is_quoted_with_its_list_and_lead(assistant: Assistant) -> None:
    answer = assistant.ask("zebra fever: look for reversed or pale stripes?").answer
    texts = [quote.text for quote in (*answer.quotes, *answer.nearest)]
    assert "Look for:\n\n- pale stripes\n- reversed stripes" in texts


def test_what_the_library_says_it_does_not_cover_is_not_an_answer(assistant: Assistant) -> None:
    answer = assistant.ask("What is the dose of stripe syrup in pregnancy?").answer
    assert answer.outcome is Outcome.NOT_COVERED
    assert answer.quotes == ()
    assert "not covered" in answer.nearest[0].text


def test_a_question_without_words_is_out_of_scope(assistant: Assistant) -> None:
    for question in ("?", "🙂🙂", "…"):
        answer = assistant.ask(question).answer
        assert answer.outcome is Outcome.OUT_OF_SCOPE
        assert answer.quotes == ()


@pytest.mark.parametrize("question", ["", "   \n"])
def test_an_empty_question_is_refused_in_plain_words(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        assistant.ask(question)


def test_a_very_long_question_is_read_and_a_longer_one_refused(assistant: Assistant) -> None:
    long = ("The patient slept well. " * 900)[:19_960] + " How long does zebra fever last?"
    assert len(long) <= 20_000
    assistant.ask(long)
    with pytest.raises(QuestionError, match="20,001 characters; at most 20,000"):
        assistant.ask("a" * 20_001)


@pytest.mark.parametrize(
    "question",
    [
        "<script>alert(1)</script> zebra fever",
        "كم من الوقت تستمر الحمى؟ zebra fever",
        "zebra\x00fever\u202e",
        "' OR 1=1; --",
        "a",
    ],
)
def test_odd_questions_get_an_answer_or_a_refusal(assistant: Assistant, question: str) -> None:
    consultation = assistant.ask(question)
    assert consultation.question == question
    assert (consultation.answer.outcome is Outcome.ANSWERED) == bool(consultation.answer.quotes)


def test_a_search_may_be_kept_to_some_documents(assistant: Assistant) -> None:
    hits = assistant.search("treatment", 5, frozenset({"marble-cough"}))
    assert {hit.passage.doc_id for hit in hits} == {"marble-cough"}
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


def test_a_follow_up_takes_its_subject_from_the_question_before() -> None:
    history = (Turn("user", "How is zebra fever treated?"), Turn("assistant", "…"))
    assert with_context("And how long does it last?", history) == (
        "How is zebra fever treated? And how long does it last?"
    )
    alone = "Which scan is ordered for marble cough in adults with rolling sounds today please?"
    assert with_context(alone, history) == alone
    assert with_context("And how long?", ()) == "And how long?"


def test_a_removed_document_no_longer_answers(assistant: Assistant) -> None:
    assistant.remove(["zebra-fever"])
    answer = assistant.ask("How much stripe syrup for zebra fever treatment?").answer
    assert all(q.doc_id == "marble-cough" for q in (*answer.quotes, *answer.nearest))
    with pytest.raises(UnknownDocumentError, match="library list"):
        assistant.document("zebra-fever")


def test_removing_what_is_not_there_removes_nothing(assistant: Assistant) -> None:
    before = assistant.generation
    with pytest.raises(UnknownDocumentError, match="'nonsense'"):
        assistant.remove(["zebra-fever", "nonsense"])
    assert assistant.generation == before


def test_the_same_question_twice_is_answered_alike(assistant: Assistant) -> None:
    first = assistant.ask("How long does zebra fever last?")
    second = assistant.ask("How long does zebra fever last?")
    assert first.answer == second.answer


def test_another_embedder_is_refused_and_the_message_mends_it(
    assistant: Assistant, settings: Settings
) -> None:
    other = settings.model_copy(update={"embedder": "all-MiniLM-L6-v2"})
    with pytest.raises(StoreStaleError, match="--rebuild"):
        Assistant.open(other)
    with pytest.raises(StoreStaleError, match="--rebuild"):
        ingest([Path(__file__)], other)


def test_a_model_that_is_not_on_this_machine_is_named(library: Path, tmp_path: Path) -> None:
    settings = Settings(store=str(tmp_path / "s"), embedder="nobody/no-such-model")
    with pytest.raises(EmbedderError, match="nothing is downloaded"):
        ingest([library], settings)
    empty = tmp_path / "model"
    empty.mkdir()
    with pytest.raises(EmbedderError, match="holds no model weights"):
        ingest([library], settings.model_copy(update={"embedder": str(empty)}))


def test_settings_come_from_a_file_then_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "assistant.toml"
    file.write_text('store = "from-file"\nmax_question_characters = 50\n')
    monkeypatch.setenv("ASSISTANT_SETTINGS", str(file))
    assert Settings.load().store == "from-file"
    monkeypatch.setenv("ASSISTANT_STORE", "from-environment")
    assert Settings.load().store == "from-environment"
    assert Settings.load(store="given").store == "given"
    assert Settings.load().max_question_characters == 50
    file.write_text("stroe = 1\n")
    with pytest.raises(SettingsError, match=r"'stroe'.*The settings are: .*store"):
        Settings.load()


def test_what_another_process_removes_is_unknown_at_the_next_question(
    assistant: Assistant, settings: Settings
) -> None:
    question = "How much stripe syrup for zebra fever treatment?"
    assert assistant.ask(question).answer.quotes[0].doc_id == "zebra-fever"
    subprocess.run(
        [sys.executable, "-m", "assistant", "library", "remove", "zebra-fever"],
        check=True,
        cwd=Path(__file__).parents[1],
        env=os.environ | {"ASSISTANT_STORE": settings.store, "ASSISTANT_EMBEDDER": "hashing"},
    )
    answer = assistant.ask(question).answer
    assert all(q.doc_id != "zebra-fever" for q in (*answer.quotes, *answer.nearest))
    assert [record.doc_id for record in assistant.documents()] == ["marble-cough"]


def test_the_retriever_serves_langchain(assistant: Assistant) -> None:
    snapshot = assistant._index.snapshot()
    retriever = HybridRetriever(snapshot, HashingEmbedder()).as_langchain(k=2)
    documents = retriever.invoke("How long does zebra fever last?")
    assert len(documents) == 2
    assert documents[0].metadata["document"] == "zebra-fever"
    text = assistant.document("zebra-fever").text
    first = documents[0]
    assert text[first.metadata["start"] : first.metadata["end"]] == first.page_content


def test_a_large_library_is_searched_exactly_enough(settings: Settings, tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": f"d{n}", "title": f"Topic {n}", "text": f"Word{n} is used for case{n}."})
        for n in range(1500)
    ]
    (tmp_path / "docs.jsonl").write_text("\n".join(lines))
    ingest([tmp_path / "docs.jsonl"], settings)
    assistant = Assistant.open(settings)
    found = [assistant.search(f"What is word{n} used for?", 1)[0] for n in range(0, 1500, 100)]
    assert [hit.passage.doc_id for hit in found] == [f"d{n}" for n in range(0, 1500, 100)]
