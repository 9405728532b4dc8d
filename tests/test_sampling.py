"""Where the numeric judge looks: distinct points on both sides, out to the ends, few calls."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.judges import numeric
from autograder.judges.sampling import Line
from tests.numeric_exercises import (
    plan_of,
    sigmoid,
    softmax,
)


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_samples_are_distinct_on_both_sides_and_reach_the_ends(dtype):
    line, limits = Line.of("real"), np.finfo(dtype)
    rng = np.random.default_rng(0)
    plain, tails = line.plain(rng, dtype), line.tails(rng, dtype)
    extremes = np.concatenate([line.extremes(dtype), line.largest(dtype)])
    for points in (plain, tails, extremes):
        assert points.dtype == dtype
        assert np.isfinite(points).all()
        assert np.unique(points.view(f"u{points.itemsize}")).size == points.size
        assert min((points < 0).sum(), (points > 0).sum()) >= 4
    assert {0.0, 1.0, -1.0, 0.5} <= set(plain.tolist())
    assert np.abs(plain).max() <= 8
    assert np.abs(tails).max() > np.abs(plain).max()
    assert limits.max in extremes
    assert -limits.max in extremes
    assert limits.smallest_subnormal in extremes
    zeros = extremes[extremes == 0]
    assert sorted(np.signbit(zeros).tolist()) == [False, True]
    assert {np.inf, -np.inf} <= set(line.edges(dtype).tolist())


@pytest.mark.parametrize(
    ("domain", "low", "high", "ends"),
    [
        ("closed(0,1)", 0, 1, {0.0, 1.0}),
        ("open(0,1)", 0, 1, set()),
        ("positive", 0, np.inf, set()),
        ("nonnegative", 0, np.inf, {0.0}),
    ],
)
def test_samples_stay_in_their_domain_and_touch_closed_ends(domain, low, high, ends):
    line, rng = Line.of(domain), np.random.default_rng(0)
    points = np.concatenate([line.plain(rng, "float64"), line.tails(rng, "float64"), line.extremes("float64")])
    assert line.holds(points).all()
    assert points.min() >= low
    assert points.max() <= high
    assert ends <= set(points.tolist())
    assert (low in points.tolist()) == (low in ends)
    assert not np.signbit(points).any()  # nobody computes a probability of -0
    if high == 1:
        assert points[points < 1].max() > 0.999


def test_seeds_change_the_points_and_nothing_else():
    one, same, other = (numeric.plan(sigmoid, seed).calls[0].args[0] for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_the_calls_are_few():
    assert len(plan_of(sigmoid).calls) <= 40
    assert len(plan_of(softmax).calls) <= 55
