"""How exact the reference functions are: against mpmath at committed points, against tables, on every processor.

One test covers every exercise of the kinds N and G; what each owes is written in tests/accuracy/owed.py.
"""

from __future__ import annotations

import math
import os

import numpy as np
import pytest

from autograder import registry
from tests.accuracy import tables
from tests.accuracy.agreement import disagreements
from tests.accuracy.limited import dispatched, measured_without
from tests.accuracy.measure import DTYPES, allowed, trials, worst
from tests.accuracy.owed import OWED, SINGLE, numeric
from tests.accuracy.points import FOLDER, THRESHOLDS, points
from tests.accuracy.sets import line, one_line

EXERCISES = {item.id: item for item in numeric(registry.exercises().values())}
KNOWN = [name for name in EXERCISES if name in OWED]
FEATURES = dispatched()


@pytest.fixture(scope="session")
def truths(tmp_path_factory):
    """A folder for the truths, computed once; workers that share the tests share it too."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "truths"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.mark.parametrize("name", EXERCISES)
def test_every_function_has_a_budget(name):
    assert name in OWED, f"say in tests/accuracy/owed.py how exact {name} has to be, and at which points"


def test_no_budget_is_left_of_a_function_that_is_gone():
    assert set(OWED) <= set(EXERCISES)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", KNOWN)
def test_right_to_the_digits_that_are_owed(name, dtype, truths):
    found = worst(name, EXERCISES[name].reference, dtype, truths)
    assert found.points >= 8000
    assert found.share <= 1, found


@pytest.mark.parametrize("row", list(tables.rows()), ids=lambda row: f"{row.table}-{row.number}")
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_right_at_every_row_of_the_tables(row, dtype):
    assert tables.shortfall(row, EXERCISES[row.function].reference, dtype) is None


@pytest.mark.parametrize("off", [FEATURES[first:] for first in range(min(len(FEATURES), 2))], ids=" ".join)
def test_right_with_fewer_of_the_instructions(off, truths):
    found = measured_without(off, truths)
    assert found["off"] == off
    assert found["functions"] == len(KNOWN)
    assert found["owing"] == []


@pytest.mark.parametrize("name", [name for name in KNOWN if OWED[name].points is one_line])
def test_every_half_precision_number(name):
    """All 65536 of them, against the same function in float64, which the points above hold to more digits."""
    x = np.arange(2**16, dtype=np.uint16).view(np.float16)
    x = x[np.isfinite(x)]
    for options in OWED[name].variants:
        with np.errstate(all="ignore"):
            got = EXERCISES[name].reference(x, **options)
            exact = EXERCISES[name].reference(x.astype(np.float64), **options)
            nearest = exact.astype(np.float16)
            near = np.abs(got.astype(float) - exact) <= np.spacing(np.minimum(np.abs(nearest), np.float16(65472)))
        assert got.dtype == np.float16
        assert np.all(near | (got == nearest))


@pytest.mark.parametrize("name", [name for name in KNOWN if OWED[name].called == SINGLE])
def test_the_mean_of_many_is_as_exact_as_one(name, truths):
    """Losses and their gradients were tested entry by entry; here are thousands at once, of ordinary size."""
    owed, reference = OWED[name], EXERCISES[name].reference
    for trial in trials(name, "float64", truths):
        room = allowed(trial)
        with np.errstate(all="ignore"):
            tame = np.abs(trial.truth.hi) < 1e6
        kept = tame.all(axis=1)
        for count in (1000, 4096):
            block = tuple(array[kept][:count] for array in trial.block)
            hi, room_here = trial.truth.hi[kept][:count], room[kept][:count]
            n = len(hi)
            if not n:
                continue
            with np.errstate(all="ignore"):
                got = np.asarray(reference(*block, **trial.options))
            assert got.dtype == np.float64
            if got.ndim:  # a gradient of the mean: the slope of each entry, over their number
                miss, spare = np.abs(got.reshape(hi.shape) - hi / n), room_here / n + np.spacing(np.abs(hi / n))
            else:  # twenty or thirty additions on the longest path of a pairwise sum, each half a unit
                wanted = math.fsum(hi.ravel()) / n
                miss, spare = abs(got - wanted), room_here.sum() / n + 16 * np.spacing(np.abs(hi).sum() / n)
            assert np.all(miss <= spare), (name, n, owed.called)


@pytest.mark.parametrize("name", KNOWN)
def test_the_exercise_and_this_test_agree_on_the_truth(name):
    assert list(disagreements(EXERCISES[name], each=25)) == []


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.npy")), ids=lambda path: path.stem)
def test_points_are_finite_many_and_small_on_disk(path):
    array = points(path.stem)
    assert np.isfinite(array).all()
    assert array.shape[-1] >= 8000 or len(array) >= 8000
    assert path.stat().st_size < 500_000


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_line_reaches_both_ends_and_stays_close_to_the_thresholds(dtype):
    x, limits = line(dtype), np.finfo(dtype)
    ends = {0.0, float(limits.smallest_subnormal), float(limits.max)}
    assert ends | {-end for end in ends} <= set(x[np.isin(np.abs(x), list(ends))].tolist())
    assert len(np.unique(x.view(f"u{x.itemsize}"))) >= 8000
    assert np.signbit(x[x == 0]).any()
    reach = [threshold for threshold in THRESHOLDS if threshold < float(limits.max) / 4]
    tame = x[np.abs(x) < float(limits.max) / 4]
    for threshold in np.array(reach, dtype):
        for sign in (1, -1):
            assert np.abs(tame - sign * threshold).min() <= 2 * np.spacing(threshold), threshold


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("worse_by", [4.6, -4.6])
def test_an_error_of_five_units_at_one_point_is_seen(dtype, worse_by, truths):
    def nearly(x):
        y = EXERCISES["sigmoid"].reference(x)
        place = np.flatnonzero((x > -30) & (x < 3) & (np.abs(x) > 0.01))[77]
        y[place] += round(worse_by) * np.spacing(y[place])
        return y

    assert worst("sigmoid", nearly, dtype, truths).share > 1


def test_a_narrower_or_wider_result_is_seen(truths):
    assert worst("sigmoid", lambda x: EXERCISES["sigmoid"](x).astype("f8"), "float32", truths).share > 1


def test_lost_tails_are_seen(truths):
    with np.errstate(all="ignore"):
        assert worst("sigmoid_grad", lambda x: EXERCISES["sigmoid"](x) * (1 - EXERCISES["sigmoid"](x)), "float64",
                     truths).ulps == pytest.approx(2**52, rel=1)  # fmt: skip
