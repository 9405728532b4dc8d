"""The fast GELU's tables hold the tail of the normal distribution, and its two grids agree."""

from __future__ import annotations

import numpy as np
import pytest
from mpmath import erfc, mp, mpf

from solutions.fast.gelu import FLOAT64, GRIDS, areas, gelu

GRIDS_OF_ALL = [grid for grids in GRIDS.values() for grid in grids]


@pytest.mark.parametrize("grid", GRIDS_OF_ALL, ids=str)
def test_a_table_holds_the_area_beyond_each_of_its_places(grid):
    table = areas(grid)
    assert len(table) == grid.end * grid.per_unit + 1
    normal = int(min(grid.end, 38) * grid.per_unit)
    for k in np.random.default_rng(0).integers(0, normal, 300):
        with mp.workdps(40):
            true = grid.scale * erfc(mpf(int(k)) / grid.per_unit / mp.sqrt(2)) / 2
            missed = abs(mpf(float(table[k])) - true)
        assert missed <= 2 * np.spacing(float(true)), f"Φ(-{k / grid.per_unit})"


def test_one_number_far_out_moves_no_other_by_more_than_rounding():
    near, _ = GRIDS[FLOAT64]
    x = np.random.default_rng(1).uniform(-near.end, near.end, 20_000)
    alone, beside = gelu(x), gelu(np.append(x, -30.0))[:-1]
    assert not np.array_equal(alone, beside), "the second grid was to be taken"
    assert np.all(np.abs(alone - beside) <= 8 * np.spacing(np.abs(alone)))


@pytest.mark.parametrize("dtype", GRIDS, ids=str)
def test_places_and_ends_of_the_grids(dtype):
    for grid in GRIDS[dtype]:
        edge = dtype.type(grid.end)
        x = np.array([-edge, np.nextafter(-edge, dtype.type(0)), 0.5 / grid.per_unit, 1.5 / grid.per_unit], dtype)
        got = gelu(x)
        with mp.workdps(40):
            true = [mpf(float(v)) * erfc(-mpf(float(v)) / mp.sqrt(2)) / 2 for v in x]
        for value, exact in zip(got, true, strict=True):
            assert abs(mpf(float(value)) - exact) <= 7 * np.spacing(dtype.type(abs(exact)))


def test_the_last_term_is_fitted_to_where_it_counts():
    """Without the 0.99 in the series up to 6.8 units are missed here, seven being owed."""
    x = -np.random.default_rng(3).uniform(18, 20, 3000)
    with mp.workdps(40):
        missed = [abs(mpf(g) - mpf(v) * erfc(-mpf(v) / mp.sqrt(2)) / 2) for v, g in zip(x, gelu(x), strict=True)]
    assert np.max(np.array(missed, float) / np.spacing(np.abs(gelu(x)))) < 6
