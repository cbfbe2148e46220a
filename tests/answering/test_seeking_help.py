"""Which statements tell a patient when to come back, and which of them an answer gets."""

from datetime import date
from pathlib import Path

import pytest

from assistant import Settings, ingest
from assistant.answering.answer import Answer, Outcome, Quote
from assistant.answering.quotes import quote_place
from assistant.answering.seeking_help import SafetyStatements
from assistant.answering.subjects import SubjectReader
from assistant.language.lexicon import Concept
from assistant.retrieval.index import Snapshot
from assistant.retrieval.store import Store
from assistant.spans import Span

ZEBRA = """# Zebra fever

## After the syrup

Stripe syrup may fade stripes. Ask patients to return urgently for reversed stripes. Call the \
stable for a repeat prescription. Return the bottle within a week. Seek medical help at once for \
stripes that move.
"""
CAMEL = """# Camel cough

## Humps

Rest for two days. Come back immediately if a hump falls after stripe syrup.
"""
MARBLE = """# Marble cough

## Rolling

Go to the emergency department without delay when marbles roll uphill.
"""


@pytest.fixture
def library(tmp_path: Path) -> Snapshot:
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, text in (("zebra", ZEBRA), ("camel", CAMEL), ("marble", MARBLE)):
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    settings = Settings(store=str(tmp_path / "store"), embedder="hashing")
    ingest([folder], settings)
    store = Store.open(settings.store)
    return Snapshot(store, store.current(), {}, on=date(2026, 1, 1))


def answer(library: Snapshot, text: str) -> Answer:
    start = library.document("zebra").text.find(text)
    quote = quote_place(library, "zebra", Span(start, start + len(text)), text)
    assert quote is not None
    numbered = Quote(1, quote.text, quote.doc_id, "T", "S", quote.span, quote.role, 0.0)
    return Answer(Outcome.ANSWERED, 0.9, "test", (numbered,), (1,))


SYRUP = SubjectReader.of([Concept(id="syrup", names=("stripe syrup",))])


def test_the_answers_own_document_and_its_concepts_are_on_the_subject(library: Snapshot) -> None:
    safety = SafetyStatements(SYRUP)
    given = answer(library, "Stripe syrup may fade stripes.")
    chosen = safety.choose(given, "Is it safe?", library, None)
    assert [quote.text for quote in chosen] == [
        "Come back immediately if a hump falls after stripe syrup.",
        "Ask patients to return urgently for reversed stripes.",
    ]
    chosen = safety.choose(given, "Is it safe?", library, frozenset({"zebra"}))
    assert [quote.text for quote in chosen] == [
        "Ask patients to return urgently for reversed stripes.",
        "Seek medical help at once for stripes that move.",
    ]


def test_what_is_quoted_already_is_not_added_again(library: Snapshot) -> None:
    given = answer(library, "Ask patients to return urgently for reversed stripes.")
    chosen = SafetyStatements(SYRUP).choose(given, "Is it safe?", library, frozenset({"zebra"}))
    assert [q.text for q in chosen] == ["Seek medical help at once for stripes that move."]
