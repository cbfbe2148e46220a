"""Intervals, McNemar's test, calibration and kappa, reckoned by hand."""

import pytest

from evals.agreement import cohens_kappa
from evals.calibration import calibration_error, reliability
from evals.intervals import mcnemar, mean_interval


def test_an_interval_is_the_same_each_time_and_holds_the_mean() -> None:
    values = [0.0, 1.0] * 50
    interval = mean_interval("R@5", values)
    assert interval is not None
    assert interval == mean_interval("R@5", values)
    assert interval[0] < 0.5 < interval[1]
    assert 0.15 < interval[1] - interval[0] < 0.25
    assert mean_interval("R@5", [1.0]) is None
    assert mean_interval("R@5", [1.0, 1.0]) == (1.0, 1.0)


def test_mcnemar_counts_only_what_changed() -> None:
    before = {"a": True, "b": True, "c": False, "d": True, "gone": False}
    now = {"a": True, "b": False, "c": False, "d": False, "new": True}
    paired = mcnemar(before, now)
    assert (paired.questions, paired.better, paired.worse, paired.p) == (4, 0, 2, 0.5)
    assert mcnemar(now, now).p is None
    eight = {str(n): n < 8 for n in range(10)}
    assert mcnemar(dict.fromkeys(eight, False), eight).p == pytest.approx(2 / 2**8)


def test_calibration_compares_confidence_with_what_came_true() -> None:
    assert calibration_error([0.75, 0.75, 0.75, 0.75], [True, True, True, False]) == 0.0
    assert calibration_error([1.0, 0.0], [False, False]) == 0.5
    assert calibration_error([], []) is None
    bins = reliability([1.0, 0.95, 0.05], [True, False, False])
    assert [found.questions for found in bins] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    assert (bins[9].confidence, bins[9].answerable) == (0.975, 0.5)
    assert bins[5].confidence is None


def test_kappa_is_agreement_beyond_chance() -> None:
    one = {"a": "right", "b": "right", "c": "wrong", "d": "wrong"}
    assert cohens_kappa(one, one) == 1.0
    assert cohens_kappa(one, {"a": "right", "b": "wrong", "c": "right", "d": "wrong"}) == 0.0
    assert cohens_kappa(one, {"x": "right"}) is None
    assert cohens_kappa({"a": "right"}, {"a": "right"}) is None
