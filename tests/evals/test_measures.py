"""The measures, on cases small enough to reckon by hand."""

import pytest

from evals.measures import (
    Score,
    auroc,
    coverage_at_precision,
    mean,
    percentile,
    rank_measures,
    token_f1,
)


def test_silence_counts_as_zero_and_nothing_to_measure_is_none() -> None:
    values = rank_measures({"a": {"x": 1}, "b": {"y": 1}}, {"a": ["x"]}, ["R@5", "nDCG@10"])
    assert values["R@5"] == {"a": 1.0, "b": 0.0}
    assert mean([]) is None
    assert mean([Score("m", "a", None, ""), Score("m", "b", 0.5, "")]) == 0.5
    assert percentile([], 0.5) is None
    assert auroc([0.5], [True]) is None
    assert coverage_at_precision([0.5], [False], 0.95) is None


def test_the_first_rank_is_worth_most() -> None:
    values = rank_measures({"a": {"x": 2, "y": 1}}, {"a": ["y", "x"]}, ["nDCG@10", "RR@10"])
    assert values["nDCG@10"]["a"] == pytest.approx(0.8597, abs=1e-4)
    assert values["RR@10"]["a"] == 1.0


def test_auroc_is_the_chance_of_the_right_order() -> None:
    assert auroc([0.9, 0.2, 0.5], [True, False, False]) == 1.0
    assert auroc([0.5, 0.5], [True, False]) == 0.5
    assert auroc([0.1, 0.9], [True, False]) == 0.0


def test_coverage_takes_the_furthest_threshold_that_is_precise_enough() -> None:
    confidences = [0.9, 0.8, 0.7, 0.6]
    assert coverage_at_precision(confidences, [True, False, True, True], 0.75) == 1.0
    assert coverage_at_precision(confidences, [True, False, True, True], 0.95) == pytest.approx(
        1 / 3
    )
    assert coverage_at_precision([0.5, 0.5], [True, False], 0.95) == 0.0


def test_percentiles_are_values_that_were_seen() -> None:
    values = [float(n) for n in range(1, 11)]
    assert (percentile(values, 0.5), percentile(values, 0.95)) == (5.0, 10.0)


def test_token_f1_counts_shared_words() -> None:
    assert token_f1("The patch, 20 mL", "patch 20 mL") == 1.0
    assert token_f1("a b", "c d") == 0.0
    assert token_f1("patch early", "patch late") == 0.5
