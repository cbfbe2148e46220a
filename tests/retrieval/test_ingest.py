"""Reading files into the store: what changed, what failed and why, and nothing half done."""

import json
import os
import random
import re
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Settings, ingest
from assistant.errors import StoreMissingError
from assistant.retrieval.embedding import HashingEmbedder
from assistant.retrieval.store import Store

Files = dict[str, str | bytes]


def write(folder: Path, files: Files) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def ids(settings: Settings) -> list[str]:
    return [record.doc_id for record in Assistant.open(settings).documents()]


def test_a_second_run_changes_nothing(library: Path, settings: Settings) -> None:
    first = ingest([library], settings)
    assert first.added == ("marble-cough", "zebra-fever")
    second = ingest([library], settings)
    assert (second.added, second.changed, second.unchanged) == ((), (), 2)
    assert second.generation == first.generation
    assert Store.open(settings.store).current().number == 1


def test_an_unchanged_run_embeds_nothing(
    library: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest([library], settings)
    monkeypatch.setattr(HashingEmbedder, "encode", lambda *_: pytest.fail("embedded again"))
    assert ingest([library], settings).unchanged == 2


def test_a_changed_file_alone_is_read_again(library: Path, settings: Settings) -> None:
    ingest([library], settings)
    (library / "marble-cough.txt").write_text("Marble cough\n\nRest for 5 days in bed.\n")
    report = ingest([library], settings)
    assert (report.changed, report.unchanged) == (("marble-cough",), 1)
    assert "5 days" in Assistant.open(settings).document("marble-cough").text


def test_changed_sources_reach_the_documents_that_cite_them(
    library: Path, settings: Settings
) -> None:
    ingest([library], settings)
    sources = library.parent / "sources.yaml"
    sources.write_text(sources.read_text().replace("A trial of stripes", "Another title"))
    assert "zebra-fever" in ingest([library], settings).changed


def test_only_prune_removes_what_is_no_longer_there(library: Path, settings: Settings) -> None:
    ingest([library], settings)
    (library / "marble-cough.txt").unlink()
    assert ingest([library], settings).removed == ()
    assert ids(settings) == ["marble-cough", "zebra-fever"]
    assert ingest([library], settings, prune=True).removed == ("marble-cough",)
    assert ids(settings) == ["zebra-fever"]


def test_prune_leaves_documents_from_elsewhere(
    library: Path, settings: Settings, tmp_path: Path
) -> None:
    other = write(tmp_path / "other", {"x.txt": "Other words here."})
    ingest([other], settings)
    report = ingest([library], settings, prune=True)
    assert report.removed == ()
    assert "x" in ids(settings)


def test_a_line_gone_from_a_json_lines_file_is_pruned(settings: Settings, tmp_path: Path) -> None:
    def lines(*names: str) -> str:
        return "\n".join(json.dumps({"id": n, "title": n, "text": f"Text of {n}."}) for n in names)

    folder = write(tmp_path / "in", {"docs.jsonl": lines("a", "b", "c")})
    assert ingest([folder], settings).added == ("a", "b", "c")
    write(folder, {"docs.jsonl": lines("a", "c", "d")})
    report = ingest([folder], settings, prune=True)
    assert (report.added, report.unchanged, report.removed) == (("d",), 2, ("b",))


def test_a_json_lines_file_that_is_the_same_is_not_parsed_again(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [json.dumps({"id": n, "text": f"Text of {n}."}) for n in ("a", "b", "c")]
    folder = write(tmp_path / "in", {"docs.jsonl": "\n".join(lines)})
    ingest([folder], settings)
    with monkeypatch.context() as patch:
        patch.setattr(json, "loads", _only_manifests(json.loads))
        report = ingest([folder], settings, prune=True)
    assert (report.unchanged, report.removed) == (3, ())
    Assistant.open(settings).remove(["b"])
    report = ingest([folder], settings)
    assert (report.added, report.unchanged) == (("b",), 2), "what was taken out comes back"
    write(folder, {"docs.jsonl": "\n".join([*lines, "{oops"])})
    for _ in range(2):
        report = ingest([folder], settings)
        assert (report.unchanged, len(report.failed)) == (3, 1), "a bad line is told each time"


def _only_manifests(loads: Any) -> Any:
    def load(text: Any, *arguments: Any, **named: Any) -> Any:
        assert "Text of" not in str(text)
        return loads(text, *arguments, **named)

    return load


def test_a_file_that_moved_keeps_one_place(library: Path, settings: Settings) -> None:
    ingest([library], settings)
    (library / "sub").mkdir()
    (library / "marble-cough.txt").rename(library / "sub" / "cough.txt")
    ingest([library], settings)
    assert ids(settings) == ["sub/cough", "zebra-fever"]


BAD: dict[str, tuple[Files, str]] = {
    "empty": ({"bad.txt": ""}, "no text"),
    "white space": ({"bad.txt": " \n\t\n"}, "no text"),
    "binary": ({"bad.txt": bytes(range(256)) * 40}, "binary|text"),
    "unknown source": ({"bad.md": "Rest. [@nobody]"}, "cites 'nobody'|sources"),
    "front matter": ({"bad.md": "---\nid: [1\n---\n\nText."}, "front matter|YAML"),
    "id with dots": ({"bad.md": "---\nid: ../up\n---\n\nText here."}, r"\.\."),
    "bad json": ({"bad.jsonl": '{"id": "a", "text": "Good words."}\n{oops'}, "line 2|JSON"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_named_and_the_rest_is_read(
    library: Path, settings: Settings, kind: str
) -> None:
    files, reason = BAD[kind]
    ingest([library], settings)
    before = ids(settings)
    write(library, files)
    report = ingest([library], settings)
    assert len(report.failed) == 1
    path, why = report.failed[0]
    assert "bad" in path
    assert re.search(reason, f"{path} {why}")
    assert set(before) <= set(ids(settings))


@pytest.mark.parametrize("kind", [kind for kind in BAD if kind != "bad json"])
def test_a_run_with_nothing_good_makes_no_store(
    settings: Settings, tmp_path: Path, kind: str
) -> None:
    folder = write(tmp_path / "in", BAD[kind][0])
    assert len(ingest([folder], settings).failed) == 1
    assert not Path(settings.store).exists()
    with pytest.raises(StoreMissingError):
        Assistant.open(settings)


def test_an_empty_folder_and_a_missing_path_are_named(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    report = ingest([tmp_path / "in", tmp_path / "nowhere"], settings)
    assert [Path(path).name for path, _ in report.failed] == ["in", "nowhere"]


def test_a_file_over_the_limit_is_refused_without_being_read(
    settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(50_000_000)
    report = ingest([folder], settings)
    assert "limit" in report.failed[0][1] or "large" in report.failed[0][1]


def test_one_document_given_twice_is_read_once(library: Path, settings: Settings) -> None:
    report = ingest([library, library / "marble-cough.txt", library], settings)
    assert report.added == ("marble-cough", "zebra-fever")
    assert report.failed == ()


def test_a_copy_under_another_name_is_kept_once_and_named(
    library: Path, settings: Settings
) -> None:
    copy = library / "same.txt"
    copy.write_bytes((library / "marble-cough.txt").read_bytes())
    for _ in range(2):
        report = ingest([library], settings)
        assert [Path(path).name for path, _ in report.failed] == ["same.txt"]
        assert "kept once" in report.failed[0][1]
    assert ids(settings) == ["marble-cough", "zebra-fever"]


def test_two_documents_with_one_id_are_told_apart(library: Path, settings: Settings) -> None:
    write(library, {"zz.md": "---\nid: zebra-fever\n---\n\nOther words here."})
    for _ in range(2):
        report = ingest([library], settings)
        assert [Path(path).name for path, _ in report.failed] == ["zz.md"]
        assert "already taken by" in report.failed[0][1]
    assert "stripe syrup" in Assistant.open(settings).document("zebra-fever").text


def test_folders_linked_in_a_circle_are_read_once(library: Path, settings: Settings) -> None:
    os.symlink(library, library / "again")
    assert ingest([library], settings).added == ("marble-cough", "zebra-fever")


def test_names_with_newlines_and_other_encodings_are_read(
    settings: Settings, tmp_path: Path
) -> None:
    folder = write(
        tmp_path / "in",
        {
            "a\nb.txt": "Words in a file with a strange name.",
            "latin.txt": "Café crème à 38,5 °C; naïve façade, déjà vu, über größer.".encode(
                "cp1252"
            ),
            "sixteen.txt": "Sixteen bits: fièvre Ω".encode("utf-16"),
            "rtl.txt": "هذا نص طبي قصير عن الحمى. وهذه جملة ثانية.",
        },
    )
    report = ingest([folder], settings)
    assert report.failed == ()
    assistant = Assistant.open(settings)
    assert "Café crème à 38,5 °C" in assistant.document("latin").text
    assert "fièvre Ω" in assistant.document("sixteen").text
    assert all("\n" not in record.doc_id for record in assistant.documents())


def test_a_run_that_breaks_off_leaves_the_store_as_it_was(
    library: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest([library], settings)
    store = Store.open(settings.store)
    before = (store.current(), Assistant.open(settings).documents())
    write(library, {f"new{n}.txt": f"New words number {n}." for n in range(3)})

    def fail(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "commit", fail)
    with pytest.raises(KeyboardInterrupt):
        ingest([library], settings)
    assert (store.current(), Assistant.open(settings).documents()) == before


def test_every_quote_is_its_documents_text_also_after_reading_again(
    settings: Settings, tmp_path: Path
) -> None:
    """Five hundred generated questions over generated documents, before and after a change."""
    chance = random.Random(7)
    words = "fever rest syrup dose scan patch volume never always before after within leak".split()

    def sentence() -> str:
        picked = [chance.choice(words) for _ in range(chance.randint(3, 12))]
        return " ".join(picked).capitalize() + chance.choice([".", ". 1, 2", ":", "", " (20 mL)."])

    def document() -> str:
        lines = []
        for _ in range(chance.randint(4, 12)):
            mark = chance.choice(["", "", "- ", "• ", "## "])
            lines.append(mark + " ".join(sentence() for _ in range(chance.randint(1, 3))))
        return chance.choice(["\n", "\n\n", "\r\n"]).join(lines)

    folder = write(
        tmp_path / "in",
        {f"d{n}.{chance.choice(['md', 'txt', 'html'])}": document() for n in range(25)},
    )
    ingest([folder], settings)
    asked = 0
    for round_ in range(2):
        assistant = Assistant.open(settings)
        texts = {r.doc_id: assistant.document(r.doc_id).text for r in assistant.documents()}
        for _ in range(250):
            answer = assistant.ask(sentence() + "?").answer
            for quote in (*answer.quotes, *answer.nearest):
                assert texts[quote.doc_id][quote.span.start : quote.span.end] == quote.text
            assert [quote.number for quote in answer.quotes] == list(
                range(1, len(answer.quotes) + 1)
            )
            asked += 1
        if round_ == 0:
            for path in sorted(folder.iterdir())[::2]:
                path.write_text(document(), encoding="utf-8")
            ingest([folder], settings)
    assert asked == 500
