"""When a document counts, and where it says so: in itself, beside itself, in its line."""

from datetime import date
from pathlib import Path

import pytest

from assistant.documents.document import Description, Document
from assistant.documents.readers.registry import read_file
from assistant.documents.validity import Standing, last_day, tell_standing
from assistant.errors import ReadError


@pytest.mark.parametrize(
    ("said", "on", "standing"),
    [
        (Description(), "2026-07-01", Standing.CURRENT),
        (Description(valid_until="2026-06-30"), "2026-06-30", Standing.CURRENT),
        (Description(valid_until="2026-06-30"), "2026-07-01", Standing.EXPIRED),
        (Description(valid_until="2026-06"), "2026-06-30", Standing.CURRENT),
        (Description(valid_until="2026"), "2027-01-01", Standing.EXPIRED),
        (Description(valid_from="2026-07-01"), "2026-07-01", Standing.CURRENT),
        (Description(valid_from="2026-07-01"), "2026-06-30", Standing.NOT_YET),
        (Description(withdrawn=True, valid_until="2020"), "2026-07-01", Standing.WITHDRAWN),
    ],
)
def test_both_the_first_and_the_last_day_count(
    said: Description, on: str, standing: Standing
) -> None:
    assert tell_standing(said, date.fromisoformat(on)) is standing


def test_only_what_is_current_or_expired_is_quoted() -> None:
    assert {s for s in Standing if s.is_quotable} == {Standing.CURRENT, Standing.EXPIRED}


def test_the_last_day_of_a_month_is_known() -> None:
    assert last_day("2028-02") == date(2028, 2, 29)
    assert last_day("2026-12") == date(2026, 12, 31)


SAID = "version: '3'\nvalid_from: 2026-01-01\nvalid_until: 2027-06\nstatus: withdrawn\nreason: A recall.\n"
READ = Description(
    version="3", valid_from="2026-01-01", valid_until="2027-06", withdrawn=True, reason="A recall."
)


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", ".")
        path.write_text(text, encoding="utf-8")


def read(path: Path) -> Document:
    (found,) = read_file(path, "guide")
    assert isinstance(found, Document), found
    return found


def refusal(path: Path) -> ReadError:
    (found,) = read_file(path, "guide")
    assert isinstance(found, ReadError)
    return found


def test_front_matter_says_when_it_counts(tmp_path: Path) -> None:
    write(tmp_path, a__md=f"---\n{SAID}---\n\nGive oxygen.\n")
    assert read(tmp_path / "a.md").description == READ


@pytest.mark.parametrize("ending", ["html", "txt"])
def test_a_file_beside_it_speaks_for_a_document_that_cannot(tmp_path: Path, ending: str) -> None:
    name = f"a__{ending}"
    beside = f"a__{ending}__meta__yaml"
    write(tmp_path, **{name: "<p>Give oxygen.</p>", beside: f"id: air\ntitle: On air\n{SAID}"})
    found = read(tmp_path / f"a.{ending}")
    assert (found.doc_id, found.title, found.description) == ("air", "On air", READ)


def test_a_line_says_it_with_the_same_keys(tmp_path: Path) -> None:
    line = (
        '{"id": "a", "title": "T", "text": "Give oxygen.", "version": 3, "valid_until": "2027",'
        ' "status": "Withdrawn", "owner": "The ward", "local_policy_over": ["b"]}'
    )
    write(tmp_path, a__jsonl=line)
    assert read(tmp_path / "a.jsonl").description == Description(
        version="3",
        valid_until="2027",
        withdrawn=True,
        owner="The ward",
        local_policy_over=("b",),
    )


def test_a_line_of_another_collection_may_use_these_words_in_its_own_way(tmp_path: Path) -> None:
    line = '{"_id": 4, "text": "Give oxygen.", "status": 2, "owner": ["x"], "version": null}'
    write(tmp_path, a__jsonl=line)
    assert read(tmp_path / "a.jsonl").description == Description()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("status: obsolete", "description: 'status' is 'obsolete': write withdrawn, or leave"),
        ("valid_until: soon", "'valid_until' is 'soon', not a date"),
        ("valid_from: 2027\nvalid_until: 2026", "'valid_until' is '2026', before 'valid_from'"),
        ("local_policy_over: [b]", "'owner' is missing: a local policy says whose it is"),
        ("local_policy_over: b\nowner: The ward", "write it as a list"),
        ("expires: 2027", "'expires' is not known: use id, title"),
    ],
)
def test_what_is_wrong_beside_it_is_named_and_nothing_read(
    tmp_path: Path, said: str, words: str
) -> None:
    write(tmp_path, a__txt="Give oxygen.", a__txt__meta__yaml=said)
    found = refusal(tmp_path / "a.txt")
    assert words in found.reason
    assert found.path.endswith("a.txt.meta.yaml")


def test_a_document_is_described_once(tmp_path: Path) -> None:
    write(tmp_path, a__md=f"---\n{SAID}---\n\nGive oxygen.\n", a__md__meta__yaml="version: '4'")
    assert "keep one of them" in refusal(tmp_path / "a.md").reason
    write(tmp_path, b__jsonl='{"id": "a", "text": "Rest."}', b__jsonl__meta__yaml="version: '4'")
    assert "describe each in its own line" in refusal(tmp_path / "b.jsonl").reason
