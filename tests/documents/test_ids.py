"""Ids are one printable line and never a way out of a folder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.ids import LONGEST_ID, check_id, make_id, one_line, readable
from assistant.errors import ReadError


@pytest.mark.parametrize(
    ("doc_id", "words"),
    [
        ("", "empty"),
        ("  \t", "empty"),
        ("a\nb", "newline or control"),
        ("a\x07b", "newline or control"),
        ("a\u202eb", "newline or control"),
        ("../etc/passwd", "'..'"),
        ("a..b", "'..'"),
        ("x" * 201, "201 characters"),
    ],
)
def test_an_unusable_id_is_refused_with_the_reason(doc_id: str, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        check_id(doc_id, "a.md")


@pytest.mark.parametrize("doc_id", ["csf-leak", "a/b.c", "Fièvre 2024", "頭痛", "x" * 200])
def test_an_ordinary_id_is_kept(doc_id: str) -> None:
    assert check_id(doc_id, "a.md") == doc_id


@given(st.text(max_size=400))
def test_an_id_made_from_any_name_is_usable(name: str) -> None:
    made = make_id(name)
    assert check_id(made, "a.md") == made
    assert len(made) <= LONGEST_ID


def test_long_names_that_differ_give_ids_that_differ() -> None:
    assert make_id("x" * 300 + "a") != make_id("x" * 300 + "b")


def test_an_id_can_be_read_as_a_title() -> None:
    assert readable("guides/csf-leak_2024") == "Csf leak 2024"


def test_a_title_is_one_line() -> None:
    assert one_line(" A\n long\x00 title ") == "A long title"
