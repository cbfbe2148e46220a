"""An ingest that was killed goes on where it was, and comes to the same library."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from chromadb.api.models.Collection import Collection

from assistant import Settings, ingest
from assistant.errors import StoreUnreachableError
from assistant.retrieval.embedding import HashingEmbedder
from assistant.retrieval.store import PARTS, Store

ROOT = Path(__file__).parents[2]


def content(location: str) -> dict[str, Any]:
    """All that a store shows: its name, and of every record its metadata and vector."""
    store = Store.open(location)
    generation = store.current()
    records: dict[str, Any] = {}
    for segment in generation.segments:
        for part in PARTS:
            found = store._collection(segment.segment_id, part).get(
                include=["metadatas", "embeddings"]
            )
            for i, metadata, vector in zip(
                found["ids"], found["metadatas"] or [], found["embeddings"], strict=True
            ):
                if metadata["doc"] not in segment.gone:
                    records[f"{part} {i}"] = metadata, np.asarray(vector)
    return {"name": generation.name, "records": records}


def assert_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert one["name"] == other["name"]
    assert one["records"].keys() == other["records"].keys()
    for key, (metadata, vector) in one["records"].items():
        assert metadata == other["records"][key][0], key
        assert np.array_equal(vector, other["records"][key][1]), key


def write_documents(folder: Path, number: int) -> Path:
    folder.mkdir()
    for n in range(number):
        said = f"# Zebra {n}\n\nZebra {n} needs {n % 7} mL of syrup on day {n}.\n"
        (folder / f"zebra-{n:03}.md").write_text(said, encoding="utf-8")
    return folder


def break_off(settings: Settings, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """An ingest that is interrupted just before its end."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    patch.setattr(Store, "commit", interrupt)
    with pytest.raises(KeyboardInterrupt):
        ingest([folder], settings)


@pytest.mark.slow
def test_killed_at_twenty_moments_the_library_comes_out_the_same(tmp_path: Path) -> None:
    folder = write_documents(tmp_path / "in", 500)
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.retrieval.killing",
            str(folder),
            str(tmp_path),
            "4",
            "5",
            "1",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(ended.stdout)
    runs = [run for some in told["runs"] for run in some[:-1]]
    assert len(runs) == 20
    assert sum(run["killed"] for run in runs) >= 12, "most were killed before their end"
    assert any(some[-1]["report"][0] for some in told["runs"]), "something was taken over"
    undisturbed = content(str(tmp_path / "undisturbed"))
    for n in range(4):
        assert_same(content(str(tmp_path / f"killed-{n}")), undisturbed)


def test_what_was_embedded_before_a_run_broke_off_is_not_embedded_again(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_documents(tmp_path / "in", 3)
    ingest([folder], Settings(store=str(tmp_path / "other"), embedder="hashing"))
    with monkeypatch.context() as patch:
        break_off(settings, folder, patch)
    with monkeypatch.context() as patch:
        patch.setattr(HashingEmbedder, "encode", lambda *_: pytest.fail("embedded again"))
        report = ingest([folder], settings)
    assert (len(report.added), report.resumed) == (3, 3)
    assert_same(content(settings.store), content(str(tmp_path / "other")))
    store = Store.open(settings.store)
    assert store.unfinished(store.current().fingerprint) == []


def test_a_document_that_changed_since_is_embedded_anew(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_documents(tmp_path / "in", 2)
    with monkeypatch.context() as patch:
        break_off(settings, folder, patch)
    (folder / "zebra-001.md").write_text("# Zebra\n\nZebra 1 needs rest.\n", encoding="utf-8")
    report = ingest([folder], settings)
    assert (len(report.added), report.resumed) == (2, 1)
    ingest([folder], Settings(store=str(tmp_path / "other"), embedder="hashing"))
    assert_same(content(settings.store), content(str(tmp_path / "other")))


def test_a_document_half_written_is_not_taken_over(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_documents(tmp_path / "in", 2)
    write = Collection.add

    def fail(self: Collection, *arguments: Any, **named: Any) -> None:
        if self.name.endswith("-documents"):
            raise RuntimeError("broken off")
        write(self, *arguments, **named)

    with monkeypatch.context() as patch:
        # The document's own record is written last: here it never is.
        patch.setattr(Collection, "add", fail)
        with pytest.raises(StoreUnreachableError):
            ingest([folder], settings)
    report = ingest([folder], settings)
    assert (len(report.added), report.resumed) == (2, 0)
