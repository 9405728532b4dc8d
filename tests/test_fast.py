"""The fast forms of solutions/fast, tied to the references: a new one in FORMS is tested by being there.

Each is judged as a student's answer to the exercise of its name, then measured at committed points and on arrays of
many blocks. float64 and float16 owe what the references owe (but FORGIVEN), float32 8 units (log_softmax 8 (1 + kappa)).
"""

from __future__ import annotations

import inspect
import math
import threading
from dataclasses import replace

import numpy as np
import pytest
from mpmath import mp, mpf

from autograder import judging, registry
from autograder.calls import Observation
from autograder.judges.judgement import FAILS
from autograder.sandbox.observe import observe
from solutions.fast import FORMS
from solutions.fast.blocks import BLOCK
from tests.accuracy import measure, spreads
from tests.accuracy.owed import OWED as REFERENCES

# What subtracting the largest logit, or in logsumexp the logarithm, has rounded away is lost.
FORGIVEN = {"cce_with_logits": spreads.cce_with_logits, "logsumexp": spreads.logsumexp}
OWED = REFERENCES | {name: replace(REFERENCES[name], spread=spread) for name, spread in FORGIVEN.items()}
NATIVE = 8
DIGITS = 360
DTYPES = ("float64", "float32", "float16")
MEANS = [name for name in FORMS if OWED[name].called == "an array of one entry or row"]
SAME_SHAPE = [name for name in FORMS if name not in MEANS]
ALONG_AXES = [name for name, form in FORMS.items() if "axis" in inspect.signature(form).parameters]
ENTRIES = [name for name in SAME_SHAPE if name not in ALONG_AXES]
forms = pytest.mark.parametrize("name", FORMS)
dtypes = pytest.mark.parametrize("dtype", DTYPES)


def reference(name):
    return registry.find(name).reference


def block(name, dtype, size=200):
    """Some of the committed points, all finite, of the widest rows that there are `size` of."""
    return tuple(array[:size] for array in [b for b in OWED[name].points(dtype) if len(b[0]) >= size][-1])


def room(trial):
    """What each entry may be off by."""
    allowed = measure.allowed(trial)
    if trial.dtype != "float32":
        return allowed
    units = NATIVE * measure.unit(trial)
    if trial.owed is OWED["log_softmax"]:
        units = units * measure.conditioned(trial) / measure.unit(replace(trial, dtype="float64"))  # 1 + kappa
    return np.maximum(allowed, units)


def assert_close(name, got, trial):
    assert got.dtype == trial.dtype
    missed = measure.error(got, trial.truth)
    allowed = room(trial)
    wrong = (missed > allowed) & ~measure.beyond(got, trial, allowed)
    if wrong.any():
        i = tuple(np.argwhere(wrong)[0])
        raise AssertionError(f"{name}({[a[i[0]].tolist() for a in trial.block]})[{i[1:]}] = {got[i]}, "
                             f"not {trial.truth.hi[i]}: {missed[i] / measure.unit(trial)[i]} units")  # fmt: skip


def truth(function, arrays, options):
    with mp.workdps(DIGITS):
        given = {name: mpf(value) for name, value in options.items()}
        rows = [function(*map(measure.exactly, row), **given) for row in zip(*arrays, strict=True)]
        rows = [row if isinstance(row, list) else [row] for row in rows]
        hi = np.array([[float(value) for value in row] for row in rows])
        lo = [[float(value - mpf(h)) if np.isfinite(h) else 0.0 for value, h in zip(row, near, strict=True)]
              for row, near in zip(rows, hi.tolist(), strict=True)]  # fmt: skip
    return measure.Truth(hi, np.array(lo))


def as_expected(name, arrays, dtype, **options):
    """The reference's values as a truth. It rounds to float64, which adds less than a unit."""
    wide = [array.astype(np.float64) for array in arrays]
    with np.errstate(over="ignore"):
        hi = np.asarray(reference(name)(*wide, **options))
    hi = hi.reshape(len(arrays[-1]) if hi.ndim else 1, -1)
    return measure.Trial(tuple(arrays), options, measure.Truth(hi, np.zeros_like(hi)), dtype, OWED[name])


def same(got, expected, dtype):
    """Equal but for the last digits: SIMD and scalar loops need not round alike."""
    assert got.dtype == expected.dtype
    assert got.shape == expected.shape
    np.testing.assert_allclose(got, expected, rtol=8 * np.finfo(dtype).eps, atol=2 * np.finfo(dtype).smallest_subnormal)


@forms
def test_the_judge_gives_it_full_marks(name):
    exercise = registry.find(name)
    assert inspect.signature(FORMS[name]).parameters.keys() == exercise.signature.parameters.keys()
    plan = judging.plan_for(exercise, 0, "Ada Lovelace")
    seen = [observe(FORMS[name], call) if call.function == name else Observation(fate="missing") for call in plan.calls]
    judgement = judging.judge(exercise, plan, seen)
    failures = [f"{finding.claim}: {finding.witness}" for finding in judgement.findings if finding.verdict == FAILS]
    assert (judgement.status, judgement.earned) == ("passed", 1.0), failures


@dtypes
@forms
def test_right_to_the_digits_that_are_owed(name, dtype):
    owed = OWED[name]
    for options in owed.variants:
        for whole in owed.points(dtype):
            few = tuple(array[:: 16 if array.size < 20_000 else 40] for array in whole)
            trial = measure.Trial(few, options, truth(owed.truth, few, options), dtype, owed)
            assert_close(name, measure.called(FORMS[name], trial), trial)


@dtypes
@pytest.mark.parametrize("name", SAME_SHAPE)
def test_many_blocks_say_the_same_as_the_reference(name, dtype):
    """All points many times over, in an array that ends in the middle of a block."""
    for (points,) in OWED[name].points(dtype):
        rows = math.ceil((2 * BLOCK + 17) * len(points) / points.size)
        many = np.resize(points, (rows, *points.shape[1:]))
        trial = as_expected(name, [many], dtype, **OWED[name].variants[0])
        with np.errstate(over="ignore"):  # where the truth is larger than the dtype's largest number
            got = FORMS[name](many)
        assert_close(name, got.reshape(trial.truth.hi.shape), trial)


@dtypes
@pytest.mark.parametrize("name", MEANS)
def test_means_over_many_blocks(name, dtype):
    """Terms of all sizes: the mean is that of the terms one at a time."""
    arrays = [array[np.abs(block(name, dtype, 1000)[-1]).reshape(1000, -1).max(axis=1) < 600]
              for array in block(name, dtype, 1000)]  # fmt: skip
    times = math.ceil((2 * BLOCK + 17) / arrays[0].size)
    terms = [float(reference(name)(*(array[i : i + 1].astype(float) for array in arrays)))
             for i in range(len(arrays[0]))]  # fmt: skip
    many = [np.concatenate([array] * times) for array in arrays]
    expected = math.fsum(terms) / len(terms)
    got = FORMS[name](*many)
    assert got.dtype == dtype
    assert abs(float(got) - expected) <= 8 * np.finfo(dtype).eps * expected


@dtypes
@forms
def test_any_layout(name, dtype):
    arrays = block(name, dtype)
    options = {"axis": -1} if name in ALONG_AXES else {}
    expected = FORMS[name](*arrays, **options)
    layouts = {
        "every other row": lambda a: np.repeat(a, 2, axis=0)[::2],
        "backwards and back": lambda a: np.ascontiguousarray(a[::-1])[::-1],
        "columns first": np.asfortranarray,
        "a window": lambda a: np.pad(a, 3, mode="edge")[(slice(3, -3),) * a.ndim],
        "big endian": lambda a: a.astype(a.dtype.newbyteorder()),
    }
    for layout in layouts.values():
        same(FORMS[name](*map(layout, arrays), **options), expected, dtype)


@dtypes
@pytest.mark.parametrize("name", ENTRIES)
def test_any_shape(name, dtype):
    [x] = block(name, dtype, 240)
    flat = FORMS[name](x)
    for shape in ((240, 1), (2, 3, 40), (4, 60)):
        same(FORMS[name](x.reshape(shape)), flat.reshape(shape), dtype)
    for i in range(3):
        same(FORMS[name](x[i]), flat[i], dtype)
        same(FORMS[name](np.array(x[i])), flat[i], dtype)
    for shape in ((0,), (0, 3), (2, 0, 2)):
        same(FORMS[name](x[:0].reshape(shape)), np.empty(shape, dtype), dtype)
    large = np.resize(x, (3, BLOCK, 2))
    same(FORMS[name](large.transpose(2, 0, 1)), FORMS[name](large).transpose(2, 0, 1), dtype)


@dtypes
@pytest.mark.parametrize("name", ALONG_AXES)
@pytest.mark.parametrize("n", [1, 2, 10, 64, 65, 300])
def test_any_axis(name, dtype, n):
    z = np.random.default_rng(n).normal(size=(7, 5, n)).astype(dtype)
    last = FORMS[name](z)
    for axis in (0, 1, -2, 2):
        moved = np.moveaxis(z, -1, axis)
        for array in (moved, np.ascontiguousarray(moved)):
            got = FORMS[name](array, axis=axis)
            same(got if got.ndim < z.ndim else np.moveaxis(got, axis, -1), last, dtype)
    same(FORMS[name](z[0, 0]), last[0, 0], dtype)
    same(FORMS[name](z[:0]), last[:0], dtype)
    with pytest.raises(ValueError, match="no classes"):
        FORMS[name](z[..., :0])
    with pytest.raises(np.exceptions.AxisError):
        FORMS[name](z, axis=3)


@dtypes
@pytest.mark.parametrize("n", [10, 100])
@pytest.mark.parametrize("name", ALONG_AXES)
def test_long_columns(name, dtype, n):
    """Slices down the first axis, and down a middle one, of arrays larger than a block."""
    z = np.random.default_rng(n).normal(size=(n, 3 * BLOCK // n + 5)).astype(dtype)
    same(FORMS[name](z, axis=0).T, FORMS[name](z.T.copy()), dtype)
    stack = np.resize(z, (2, 3 * BLOCK // n, n, 3))
    got = FORMS[name](stack, axis=2)
    same(got if got.ndim < 4 else np.moveaxis(got, 2, -1), FORMS[name](np.moveaxis(stack, 2, -1).copy()), dtype)


@dtypes
@forms
def test_no_warning_and_no_trace_in_the_input(name, dtype):
    for arrays in OWED[name].points(dtype):
        moderate = np.abs(arrays[-1]) < 1e30 if dtype != "float16" else np.abs(arrays[-1]) < 6e4
        rows = moderate.reshape(len(moderate), -1).all(axis=1)
        arrays = [array[rows] for array in arrays]
        before = [array.copy() for array in arrays]
        for array in arrays:
            array.setflags(write=False)
        with np.errstate(all="raise", under="ignore"):
            for size in (1, 50, len(arrays[0])):
                FORMS[name](*(array[:size] for array in arrays))
            for number in (np.nan, np.inf, -np.inf):
                FORMS[name](*arrays[:-1], np.where(np.arange(arrays[-1].size).reshape(arrays[-1].shape) % 7 == 0,
                                                   np.asarray(number, dtype), arrays[-1]))  # fmt: skip
        for array, copy in zip(arrays, before, strict=True):
            np.testing.assert_array_equal(array, copy, strict=True)


@dtypes
@pytest.mark.parametrize("special", [np.nan, np.inf, -np.inf])
@forms
def test_infinities_and_nan_do_what_they_do_in_the_reference(name, special, dtype):
    for arrays in OWED[name].points(dtype):
        arrays = [array[:40].copy() for array in arrays]
        arrays[-1].flat[::7] = special
        if name in MEANS:
            pairs = [tuple(array[i : i + 1] for array in arrays) for i in range(len(arrays[0]))]
        else:
            pairs = [tuple(arrays)]
        for pair in pairs:
            with np.errstate(all="ignore"):
                got, expected = np.asarray(FORMS[name](*pair)), np.asarray(reference(name)(*pair))
            for kind in (np.isnan, np.isposinf, np.isneginf):
                np.testing.assert_array_equal(kind(got), kind(expected))


@pytest.mark.parametrize("name", SAME_SHAPE)
def test_integers_count_as_float64(name):
    whole = np.arange(-6, 6).reshape(4, 3)
    same(FORMS[name](whole), FORMS[name](whole.astype(np.float64)), "float64")


@dtypes
@pytest.mark.parametrize("name", MEANS)
def test_labels_and_logits_have_to_fit(name, dtype):
    y, logits = block(name, dtype, 6)
    for bad in ((y[:5], logits), (y[:1], logits), (y[..., None], logits), (y[:0], logits[:0])):
        with pytest.raises(ValueError, match=r"do not fit|mean over nothing"):
            FORMS[name](*bad)
    hard = (y == y.max(axis=-1, keepdims=True)).astype(int)
    same(FORMS[name](hard, logits), FORMS[name](hard.astype(dtype), logits), dtype)


@forms
def test_threads_do_not_share_buffers(name):
    inputs = [tuple(np.resize(array[k::2], (BLOCK // 2, *array.shape[1:])) for array in block(name, "float64", 400))
              for k in range(2)]  # fmt: skip
    alone = [np.asarray(FORMS[name](*arrays)) for arrays in inputs]
    together = [[], []]

    def run(k):
        together[k].extend(np.asarray(FORMS[name](*inputs[k])) for _ in range(20))

    threads = [threading.Thread(target=run, args=(k,)) for k in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k in range(2):
        for got in together[k]:
            np.testing.assert_array_equal(got, alone[k])


def test_the_mean_of_numbers_whose_sum_overflows():
    huge = 1.5e308
    assert FORMS["bce_with_logits"](np.zeros(4), np.full(4, huge)) == pytest.approx(huge, rel=1e-15)
    logits = np.array([[huge, 0.0]] * 3)
    assert FORMS["cce_with_logits"](np.array([[0.0, 1.0]] * 3), logits) == pytest.approx(huge, rel=1e-15)


@pytest.mark.parametrize("n", [10, 100])
def test_softmax_puts_back_what_subtracting_the_largest_logit_rounds_away(n):
    z = np.random.default_rng(n).uniform(-690, 5, (400, n))
    assert z.min() < -600
    np.testing.assert_allclose(FORMS["softmax"](z), reference("softmax")(z), rtol=8 * np.finfo(float).eps)
