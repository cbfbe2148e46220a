"""When an answer shows a disagreement, which sides it adds, and what it never shows."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Settings, ingest
from assistant.answering.answer import Added, Answer, Outcome, QuoteRole
from assistant.answering.quotes import quote_place
from assistant.completion import Asked
from assistant.consultation import Consultation
from assistant.interfaces.render import to_json, to_text
from assistant.spans import Span
from assistant.verifying.saved import read_saved
from assistant.verifying.verifying import Verifier

CORPUS = Path(__file__).parents[2] / "corpus"
FLAT = "How long do I have to lie flat after a blood patch?"
DOCUMENTS = {
    "zebra": "# Zebra fever\n\n## Duration\n\nZebra fever lasts 9 days in most adults, a stable found.\n\n"
    "## Dose\n\nGive 30 mL of stripe syrup for zebra fever.\n",
    "foal": "# Foals\n\n## Course\n\nZebra fever is over in 20 days, a paddock says.\n\n"
    "## Diet\n\nFeed foals hay twice a day.\n",
    "pony": "# Ponies\n\n## Stripes\n\nIn ponies zebra fever fades slowly, says a farrier.\n",
}
ENTRY = """
- id: Z-01
  topic: How long zebra fever lasts
  kind: {kind}
{more}  positions:
  - says: 9 days (stable)
    document: zebra
    quote: Zebra fever lasts 9 days in most adults, a stable found.
  - says: 20 days (paddock)
    document: foal
    quote: Zebra fever is over in 20 days, a paddock says.
  - says: For ever (nobody says so)
    document: zebra
    quote: Zebra fever lasts for ever.
  explanation: Counted by different people.
  handling: Give both.
"""


def make(folder: Path, entry: str) -> Assistant:
    """A library of the three documents with one entry of disagreements."""
    corpus = folder / "corpus"
    (corpus / "lexicon").mkdir(parents=True)
    shutil.copy(CORPUS / "lexicon" / "cues.yaml", corpus / "lexicon" / "cues.yaml")
    (corpus / "disagreements.yaml").write_text(entry, encoding="utf-8")
    (folder / "documents").mkdir()
    for name, text in DOCUMENTS.items():
        (folder / "documents" / f"{name}.md").write_text(text, encoding="utf-8")
    settings = Settings(store=str(folder / "store"), embedder="hashing", corpus=corpus)
    ingest([folder / "documents"], settings)
    return Assistant.open(settings)


def sides(consultation: Consultation) -> list[list[str]]:
    """The sides of each card."""
    return [[side.says for side in card.sides] for card in consultation.disagreements]


QUESTION = "Zebra fever: duration in most adults?"


def test_the_side_that_is_missing_is_added_as_a_quote(tmp_path: Path) -> None:
    assistant = make(tmp_path, ENTRY.format(kind="true-conflict", more=""))
    consultation = assistant.ask(QUESTION, doc_ids=frozenset({"zebra", "foal"}))
    assert sides(consultation) == [["9 days (stable)", "20 days (paddock)"]]
    (card,) = consultation.disagreements
    assert (card.topic, card.kind) == ("How long zebra fever lasts", "true-conflict")
    quotes = consultation.answer.quotes
    numbers = [n for side in card.sides for n in side.quotes]
    assert [quotes[n - 1].text for n in numbers] == [
        "Zebra fever lasts 9 days in most adults, a stable found.",
        "Zebra fever is over in 20 days, a paddock says.",
    ]
    assert [quote.number for quote in quotes] == [*range(1, len(quotes) + 1)]
    for quote in quotes:
        assert quote.span.of(assistant.document(quote.doc_id).text) == quote.text


def test_an_added_side_is_a_proved_quote_after_the_others(tmp_path: Path) -> None:
    assistant = make(tmp_path, ENTRY.format(kind="true-conflict", more=""))
    library = assistant._index.snapshot()
    text = "Zebra fever lasts 9 days in most adults, a stable found."
    start = library.document("zebra").text.find(text)
    first = quote_place(library, "zebra", Span(start, start + len(text)), text)
    assert first is not None
    draft = Answer(
        Outcome.ANSWERED, 0.9, "test", (replace(first, number=1, role=QuoteRole.DIRECT),), (1,)
    )
    completed = assistant._completer.complete(draft, Asked(QUESTION, QUESTION), library)
    one, other = completed.answer.quotes
    assert (one.number, one.added, one.role) == (1, None, QuoteRole.DIRECT)
    assert (other.number, other.added, other.role) == (2, Added.DISAGREEMENT, QuoteRole.CAVEAT)
    assert other.text == "Zebra fever is over in 20 days, a paddock says."
    assert other.span.of(library.document("foal").text) == other.text
    (card,) = completed.disagreements
    assert [(side.says, side.quotes) for side in card.sides] == [
        ("9 days (stable)", (1,)),
        ("20 days (paddock)", (2,)),
    ]


def test_only_documents_that_may_be_quoted_add_a_side(tmp_path: Path) -> None:
    assistant = make(tmp_path, ENTRY.format(kind="true-conflict", more=""))
    consultation = assistant.ask(QUESTION, doc_ids=frozenset({"zebra"}))
    assert consultation.answer.quotes
    assert consultation.disagreements == ()
    assert {quote.doc_id for quote in consultation.answer.quotes} == {"zebra"}


def test_an_error_in_a_source_shows_its_explanation_with_one_side(tmp_path: Path) -> None:
    assistant = make(tmp_path, ENTRY.format(kind="error-in-a-source", more=""))
    consultation = assistant.ask(QUESTION, doc_ids=frozenset({"zebra"}))
    assert sides(consultation) == [["9 days (stable)"]]
    assert consultation.disagreements[0].explanation == "Counted by different people."


def test_what_is_marked_as_not_shown_is_never_shown(tmp_path: Path) -> None:
    entry = ENTRY.format(kind="true-conflict", more="  not_shown: A misprint.\n")
    assert make(tmp_path, entry).ask(QUESTION).disagreements == ()


def test_another_subject_shows_no_card(tmp_path: Path) -> None:
    assistant = make(tmp_path, ENTRY.format(kind="true-conflict", more=""))
    for question in ("How much stripe syrup for zebra fever?", "What do foals eat twice a day?"):
        assert assistant.ask(question).disagreements == (), question


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(
        store=str(tmp_path_factory.mktemp("disagreeing") / "store"),
        embedder="hashing",
        corpus=CORPUS,
    )
    ingest([CORPUS], settings)
    return settings


@pytest.fixture(scope="module")
def flat(library: Settings) -> Consultation:
    return Assistant.open(library).ask(FLAT)


def test_the_library_itself_shows_how_long_to_lie_flat(flat: Consultation) -> None:
    plain = to_json(flat)
    (card,) = (c for c in plain["disagreements"] if c["topic"].startswith("How long to lie flat"))
    assert set(card) == {"topic", "kind", "positions", "explanation", "handling"}
    assert len(card["positions"]) == 4
    by_number = {quote["number"]: quote for quote in plain["quotes"]}
    for position in card["positions"]:
        assert set(position) == {"quotes", "says"}
        assert position["quotes"]
        assert {*position["quotes"]} <= set(by_number)


def test_its_words_are_told_from_the_quotes(flat: Consultation) -> None:
    text = to_text(flat)
    assert "Sources differ (in this library's words, not quotations)" in text
    card = flat.disagreements[0]
    line = f"    - {card.sides[0].says} [{card.sides[0].quotes[0]}]"
    assert line in text.splitlines()
    assert f"«{card.explanation}»" not in text


def test_a_shown_disagreement_can_be_proved_again(flat: Consultation, library: Settings) -> None:
    verifier = Verifier.open(library.store, CORPUS, to_json)

    def failed(plain: dict[str, Any]) -> list[str]:
        return [str(f) for f in verifier.verify(read_saved(json.dumps(plain), "a")).failed]

    plain = json.loads(json.dumps(to_json(flat)))
    assert failed(plain) == []
    plain["disagreements"][0]["positions"].pop()
    assert any("disagreements[0].positions" in one for one in failed(plain))


def test_another_process_chooses_the_same_cards(library: Settings) -> None:
    root = Path(__file__).parents[2]

    def asked(seed: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "assistant", "ask", FLAT, "--json", "--store", library.store],
            capture_output=True,
            text=True,
            check=True,
            cwd=root,
            env=os.environ | {"ASSISTANT_EMBEDDER": "hashing", "PYTHONHASHSEED": seed},
        )
        plain: dict[str, Any] = json.loads(done.stdout)
        plain.pop("timing_ms")
        return plain

    first = asked("1")
    assert first["disagreements"]
    assert json.dumps(first) == json.dumps(asked("2"))
