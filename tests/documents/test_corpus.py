"""Which files are found: each once, in the same order everywhere."""

from pathlib import Path

import pytest

from assistant.documents.corpus import FoundFile, find_files
from assistant.errors import ReadError


def write(path: Path, text: str = "Text.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def ids(*paths: Path) -> list[str]:
    return [found.doc_id for found in find_files(paths)]


def test_a_folder_gives_its_readable_files_in_order(tmp_path: Path) -> None:
    for name in ["b.md", "a.txt", "sub/c.HTML", "sub/deep/d.jsonl", "notes.png", "Makefile"]:
        write(tmp_path / name)
    assert ids(tmp_path) == ["a", "b", "sub/c", "sub/deep/d"]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    for name in [".git/a.md", ".hidden.md", "sub/.cache/b.txt", "seen.md"]:
        write(tmp_path / name)
    assert ids(tmp_path) == ["seen"]


def test_a_file_given_directly_has_its_stem_as_id(tmp_path: Path) -> None:
    path = write(tmp_path / "deep" / "csf-leak.md")
    assert list(find_files([path])) == [FoundFile(path, "csf-leak")]


def test_a_file_named_outright_is_passed_on_whatever_its_suffix(tmp_path: Path) -> None:
    path = write(tmp_path / "scan.tiff")
    assert ids(path) == ["scan"]


def test_the_same_file_is_given_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md")
    (tmp_path / "link.md").symlink_to(path)
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    found = list(find_files([tmp_path, path, tmp_path / "link.md", tmp_path]))
    assert [f.path.resolve() for f in found] == [path.resolve()]


def test_folders_linked_in_a_circle_are_walked_once(tmp_path: Path) -> None:
    write(tmp_path / "one" / "a.md")
    write(tmp_path / "two" / "b.md")
    (tmp_path / "one" / "to-two").symlink_to(tmp_path / "two", target_is_directory=True)
    (tmp_path / "two" / "to-one").symlink_to(tmp_path / "one", target_is_directory=True)
    (tmp_path / "self").symlink_to(tmp_path, target_is_directory=True)
    names = [found.path.name for found in find_files([tmp_path])]
    assert sorted(names) == ["a.md", "b.md"]


def test_a_dangling_link_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere.md")
    assert ids(tmp_path) == []


def test_names_with_newlines_and_dots_give_usable_ids(tmp_path: Path) -> None:
    write(tmp_path / "a\nb..c.md")
    write(tmp_path / "x\x07" / "y.md")
    assert ids(tmp_path) == ["a_b_c", "x_/y"]


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="nothing there") as caught:
        list(find_files([tmp_path / "absent"]))
    assert caught.value.path.endswith("absent")


def test_the_order_does_not_depend_on_how_the_files_were_made(tmp_path: Path) -> None:
    for name in ["z", "m", "a"]:
        write(tmp_path / "one" / f"{name}.md")
    for name in ["m", "a", "z"]:
        write(tmp_path / "two" / f"{name}.md")
    assert ids(tmp_path / "one") == ids(tmp_path / "two") == ["a", "m", "z"]
