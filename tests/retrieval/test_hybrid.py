"""Search with and without questions given, and by either way of finding candidates."""

from pathlib import Path

import pytest

from assistant import Assistant, Settings, ingest
from assistant.retrieval import hybrid, index
from assistant.spans import Span

QUESTION = "How long does zebra fever last?"


def _ask_for_a_week(library: Path) -> None:
    folder = library.parent / "questions"
    folder.mkdir()
    (folder / "zebra-fever.yaml").write_text(
        "document: zebra-fever\nquestions:\n"
        "- quote: Zebra fever lasts 9 days in most adults.\n  asks: ['When may my pony run again?']\n"
    )


def test_a_question_given_brings_its_statement_up(library: Path, settings: Settings) -> None:
    asked = "When may my pony run again?"
    ingest([library], settings)
    before = Assistant.open(settings).weigh(asked)
    assert before.described.column("asked").max() == 0
    _ask_for_a_week(library)
    report = ingest([library], settings)
    assert report.changed == ("zebra-fever",)
    after = Assistant.open(settings).weigh(asked)
    best, _ = after.ranked[0]
    assert best.text == "Zebra fever lasts 9 days in most adults."
    assert after.described.column("asked").max() == pytest.approx(1.0, abs=1e-4)


def test_every_vector_compared_and_candidates_by_chroma_give_the_same(
    library: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ask_for_a_week(library)
    ingest([library], settings)
    whole = Assistant.open(settings).weigh(QUESTION).retrieval
    monkeypatch.setattr(hybrid, "MOST_COMPARED", 0)
    monkeypatch.setattr(index, "MOST_COMPARED", 0)
    few = Assistant.open(settings).weigh(QUESTION).retrieval
    assert [h.passage for h in few.hits] == [h.passage for h in whole.hits]
    for one, other in zip(few.hits, whole.hits, strict=True):
        assert one.score == pytest.approx(other.score, abs=1e-5)
        assert dict(one.signals) == pytest.approx(dict(other.signals), abs=1e-5)


def test_passages_left_out_are_not_found(assistant: Assistant) -> None:
    first = assistant.weigh(QUESTION).hits[0].passage
    without = frozenset({(first.doc_id, Span(first.span.start, first.span.start + 1))})
    rest = assistant.weigh(QUESTION, without=without).hits
    assert rest
    assert first not in [hit.passage for hit in rest]


def test_only_the_documents_asked_for_are_searched(assistant: Assistant) -> None:
    hits = assistant.search(QUESTION, 5, frozenset({"marble-cough"}))
    assert {hit.passage.doc_id for hit in hits} == {"marble-cough"}


def test_hits_are_ranked_by_what_their_statements_answer(assistant: Assistant) -> None:
    weighed = assistant.weigh(QUESTION)
    hits = assistant.search(QUESTION, 40)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert sum(hit.score for hit in hits) == pytest.approx(1.0)
    assert {h.passage for h in hits} == {h.passage for h in weighed.retrieval.hits}
    best, _ = weighed.ranked[0]
    assert best.hit.passage == hits[0].passage
