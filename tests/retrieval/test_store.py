"""The store: states that switch whole, seen by every process, merged when there are many."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.documents.document import Description, Review
from assistant.documents.passages import Passage, Statement, StatementKind
from assistant.documents.sources import Source
from assistant.errors import (
    StoreMissingError,
    StoreStaleError,
    StoreUnreachableError,
    UnknownDocumentError,
)
from assistant.retrieval.embedding import HashingEmbedder, Vectors
from assistant.retrieval.index import Index, Snapshot, fingerprint
from assistant.retrieval.records import DocumentRecord, PassageVectors
from assistant.retrieval.store import MAX_SEGMENTS, SegmentWriter, Store, VectorPart
from assistant.spans import Span

EMBEDDER = HashingEmbedder()
MADE_BY = fingerprint(EMBEDDER)


def make_passage(doc_id: str, text: str) -> Passage:
    statement = Statement(
        Span(0, len(text)), StatementKind.BULLET, Span(0, 4), ("key-1",), (Span(5, 6),), ("Which?",)
    )
    return Passage(doc_id, f"Title {doc_id}", Span(0, len(text)), text, ("Care",), (statement,))


def add(writer: SegmentWriter, doc_id: str, text: str) -> None:
    passage = make_passage(doc_id, text)
    record = DocumentRecord(
        doc_id=doc_id,
        title=f"Title {doc_id}",
        origin=f"/nowhere/{doc_id}.md",
        checksum=text,
        passages=1,
        description=Description(population="adults", review=Review("submitted")),
        sections=(("Care", 0),),
        sources={
            "key-1": Source.model_validate(
                {"title": "A trial", "kind": "rct", "status": "verified-primary"}
            )
        },
    )
    vectors = EMBEDDER.encode([text])
    asks = EMBEDDER.encode([ask for s in passage.statements for ask in s.asks])
    writer.add(record, text, [passage], PassageVectors(vectors, vectors, vectors, asks))


def put(store: Store, **texts: str) -> None:
    writer = store.begin(MADE_BY)
    for doc_id, text in texts.items():
        add(writer, doc_id, text)
    store.commit(writer, frozenset(), MADE_BY)


def remove(store: Store, *doc_ids: str) -> None:
    store.commit(None, frozenset(doc_ids), MADE_BY)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(str(tmp_path / "store"), create=True)


def near(
    snapshot: Snapshot, part: VectorPart, vector: Vectors, k: int, doc_ids: frozenset[str] | None
) -> dict[str, float]:
    return dict(snapshot.nearest(part, vector, k, doc_ids))


def texts_of(store: Store) -> dict[str, str]:
    snapshot = Index(store, EMBEDDER).snapshot()
    return {doc_id: snapshot.document(doc_id).text for doc_id in snapshot.records}


def test_what_is_put_comes_back_whole(store: Store) -> None:
    put(store, a="Give oral fluids. Ω 🙂")
    snapshot = Index(store, EMBEDDER).snapshot()
    assert list(snapshot.passages.values()) == [make_passage("a", "Give oral fluids. Ω 🙂")]
    record = snapshot.document("a").record
    assert record.description == Description(population="adults", review=Review("submitted"))
    assert record.sources["key-1"].title == "A trial"
    assert record.sections == (("Care", 0),)


def test_a_missing_store_is_an_error_and_is_not_made_by_reading(tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError, match="assistant ingest corpus"):
        Store.open(str(tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_a_file_or_a_damaged_folder_is_not_a_store(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(StoreUnreachableError, match="is a file"):
        Store.open(str(file))
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "chroma.sqlite3").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreUnreachableError, match="move it away"):
        Store.open(str(damaged)).current()


def test_a_server_that_does_not_answer_is_named() -> None:
    with pytest.raises(StoreUnreachableError, match=r"127\.0\.0\.1:9"):
        Store.open("http://127.0.0.1:9")


def test_nothing_is_seen_before_the_commit(store: Store) -> None:
    put(store, a="One.")
    index = Index(store, EMBEDDER)
    writer = store.begin(MADE_BY)
    add(writer, "b", "Two.")
    assert set(index.snapshot().records) == {"a"}
    store.commit(writer, frozenset(), MADE_BY)
    assert set(index.snapshot().records) == {"a", "b"}


def test_an_abandoned_segment_is_not_seen_and_can_be_swept(store: Store) -> None:
    put(store, a="One.")
    before = {c.name for c in store._client.list_collections()}
    writer = store.begin(MADE_BY)
    add(writer, "b", "Two.")
    store.sweep(frozenset({writer.segment_id}))
    assert store.unfinished(MADE_BY) == [writer.segment_id], "it is still being written"
    writer.abandon()
    assert set(Index(store, EMBEDDER).snapshot().records) == {"a"}
    store.sweep(frozenset({writer.segment_id}))
    assert {c.name for c in store._client.list_collections()} == before


def test_a_changed_document_replaces_the_old_one_everywhere(store: Store) -> None:
    put(store, a="Old words here.", b="Another.")
    put(store, a="New words here.")
    snapshot = Index(store, EMBEDDER).snapshot()
    assert texts_of(store) == {"a": "New words here.", "b": "Another."}
    vector = EMBEDDER.encode(["words here"])[0]
    assert len(near(snapshot, "passages", vector, 10, None)) == 2
    assert snapshot.generation.documents == 2


def test_a_removed_document_is_not_found_by_any_way(store: Store) -> None:
    put(store, a="Blood patch volume.", b="Bed rest.")
    remove(store, "a")
    snapshot = Index(store, EMBEDDER).snapshot()
    vector = EMBEDDER.encode(["blood patch volume"])[0]
    assert set(near(snapshot, "passages", vector, 10, None)) == {"b:0-9"}
    assert set(near(snapshot, "statements", vector, 10, None)) == {"b:0-9#0"}
    with pytest.raises(UnknownDocumentError):
        snapshot.document("a")


def test_a_search_may_be_limited_to_some_documents(store: Store) -> None:
    put(store, a="Patch one.", b="Patch two.", c="Patch three.")
    remove(store, "c")
    snapshot = Index(store, EMBEDDER).snapshot()
    vector = EMBEDDER.encode(["patch"])[0]
    assert set(near(snapshot, "passages", vector, 5, frozenset({"b", "c"}))) == {"b:0-10"}


def test_the_generation_is_named_by_content_not_by_history(tmp_path: Path) -> None:
    one = Store.open(str(tmp_path / "one"), create=True)
    put(one, a="One.", b="Two.")
    other = Store.open(str(tmp_path / "other"), create=True)
    put(other, b="Something else.", c="Three.")
    put(other, a="One.", b="Two.")
    remove(other, "c")
    assert one.current().name == other.current().name
    assert one.current().number != other.current().number


def test_many_small_changes_are_merged_and_nothing_is_lost(store: Store) -> None:
    expected = {}
    for n in range(3 * MAX_SEGMENTS):
        doc_id = f"d{n % 10}"
        expected[doc_id] = f"Version {n}."
        put(store, **{doc_id: expected[doc_id]})
        assert len(store.current().segments) <= MAX_SEGMENTS
    assert texts_of(store) == expected
    generations = [c for c in store._client.list_collections() if c.name.startswith("generation")]
    segments = {
        c.name.split("-")[1]
        for c in store._client.list_collections()
        if c.name.startswith("segment")
    }
    assert len(generations) == 2
    assert len(segments) <= 2 * MAX_SEGMENTS


def test_a_small_change_copies_no_other_document(store: Store) -> None:
    put(store, **{f"d{n}": f"Text {n}." for n in range(50)})
    big = store.current().segments[0].segment_id
    put(store, extra="One more.")
    segments = store.current().segments
    assert segments[0].segment_id == big
    assert len(store.read_records(segments[1])) == 1


def test_two_writers_do_not_lose_each_others_work(tmp_path: Path) -> None:
    first = Store.open(str(tmp_path / "store"), create=True)
    second = Store.open(str(tmp_path / "store"))
    one, two = first.begin(MADE_BY), second.begin(MADE_BY)
    add(one, "a", "One.")
    add(two, "b", "Two.")
    first.commit(one, frozenset(), MADE_BY)
    second.commit(two, frozenset(), MADE_BY)
    assert texts_of(first) == {"a": "One.", "b": "Two."}


def test_a_store_made_otherwise_is_refused_and_says_how_to_mend_it(store: Store) -> None:
    put(store, a="One.")

    class Other(HashingEmbedder):
        identity = "other"

    with pytest.raises(StoreStaleError, match="--rebuild"):
        Index(store, Other()).snapshot()
    writer = store.begin(MADE_BY)
    add(writer, "b", "Two.")
    with pytest.raises(StoreStaleError, match="--rebuild"):
        store.commit(writer, frozenset(), "another fingerprint")
    assert set(texts_of(store)) == {"a"}


def test_a_rebuild_replaces_all_at_once(store: Store) -> None:
    put(store, a="One.", b="Two.")
    writer = store.begin(MADE_BY)
    add(writer, "c", "Three.")
    store.commit(writer, frozenset(), "another fingerprint", replace_all=True)
    assert store.current().documents == 1
    assert store.current().fingerprint == "another fingerprint"


CHILD = """
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
from test_store import Store, add, put, remove
store = Store.open(sys.argv[2])
for step in json.loads(sys.argv[3]):
    if step[0] == "put":
        put(store, **step[1])
    else:
        remove(store, *step[1])
"""


def in_another_process(location: str, steps: list[list[object]]) -> None:
    here = str(Path(__file__).parent)
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-c", CHILD, json.dumps([here, root]), location, json.dumps(steps)]
    subprocess.run(command, check=True, timeout=120)


def test_another_processs_changes_are_seen_at_the_next_question(store: Store) -> None:
    put(store, a="Blood patch volume.", b="Bed rest.")
    index = Index(store, EMBEDDER)
    vector = EMBEDDER.encode(["blood patch volume"])[0]
    assert "a:0-19" in near(index.snapshot(), "passages", vector, 5, None)
    in_another_process(
        store.location,
        [["remove", ["a"]], ["put", {"c": "Blood patch timing."}], ["put", {"b": "Bed rest now."}]],
    )
    snapshot = index.snapshot()
    assert set(near(snapshot, "passages", vector, 5, None)) == {"b:0-13", "c:0-19"}
    assert snapshot.document("b").text == "Bed rest now."
    assert len(snapshot.lexical) == 2


@pytest.mark.slow
def test_a_chroma_server_behaves_the_same(tmp_path: Path, chroma_server: str) -> None:
    store = Store.open(chroma_server, create=True)
    with pytest.raises(StoreMissingError, match="assistant ingest"):
        store.current()
    put(store, a="Blood patch volume.", b="Bed rest.")
    index = Index(store, EMBEDDER)
    vector = EMBEDDER.encode(["blood patch volume"])[0]
    assert "a:0-19" in near(index.snapshot(), "passages", vector, 5, None)
    in_another_process(chroma_server, [["remove", ["a"]], ["put", {"c": "Blood patch timing."}]])
    assert set(near(index.snapshot(), "passages", vector, 5, None)) == {"b:0-9", "c:0-19"}
    one, two = store.begin(MADE_BY), Store.open(chroma_server).begin(MADE_BY)
    add(one, "x", "One.")
    add(two, "y", "Two.")
    store.commit(one, frozenset(), MADE_BY)
    store.commit(two, frozenset(), MADE_BY)
    assert set(texts_of(store)) == {"b", "c", "x", "y"}


def test_vectors_survive_the_copying_of_segments(store: Store) -> None:
    for n in range(2 * MAX_SEGMENTS):
        put(store, **{f"d{n}": f"Word{n} text."})
    snapshot = Index(store, EMBEDDER).snapshot()
    for n in range(2 * MAX_SEGMENTS):
        vector = EMBEDDER.encode([f"Word{n} text."])[0]
        nearest = near(snapshot, "passages", vector, 1, None)
        assert list(nearest) == [f"d{n}:0-{len(f'Word{n} text.')}"]
        assert np.isclose(next(iter(nearest.values())), 1.0, atol=1e-5)


def test_a_store_can_be_copied_as_a_folder(store: Store, tmp_path: Path) -> None:
    put(store, a="One.")
    shutil.copytree(store.location, tmp_path / "copy")
    assert texts_of(Store.open(str(tmp_path / "copy"))) == {"a": "One."}
