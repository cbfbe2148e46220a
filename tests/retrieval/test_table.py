"""Statements as rows: shares of a question's weight, reckoned by hand."""

import numpy as np
import pytest

from assistant.retrieval.table import Postings, best_of_each

ROWS = Postings([["flat", "patch"], ["patch"], []])


def test_a_share_is_of_the_whole_weight() -> None:
    assert ROWS.share({"flat": 3.0, "patch": 1.0}).tolist() == [1.0, 0.25, 0.0]
    assert ROWS.weigh({"flat": 3.0, "patch": 1.0}).tolist() == [4.0, 1.0, 0.0]


def test_a_term_that_no_row_has_counts_in_the_whole() -> None:
    assert ROWS.share({"flat": 1.0, "nowhere": 1.0}).tolist() == [0.5, 0.0, 0.0]


def test_no_terms_are_no_share() -> None:
    assert ROWS.share({}).tolist() == [0.0, 0.0, 0.0]
    assert ROWS.missing({}).tolist() == [0.0, 0.0, 0.0]


def test_the_heaviest_missing_term_is_found_for_each_row() -> None:
    assert ROWS.missing({"flat": 3.0, "patch": 1.0}).tolist() == [0.0, 3.0, 3.0]
    assert ROWS.missing({"flat": 3.0, "nowhere": 5.0}).tolist() == [5.0, 5.0, 5.0]


def test_the_best_of_each_owner() -> None:
    values = np.array([0.2, 0.9, 0.4], dtype=np.float32)
    found = best_of_each(values, np.array([0, 0, 2]), 3)
    assert found.tolist() == pytest.approx([0.9, 0.0, 0.4])
