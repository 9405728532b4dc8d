"""solutions/enough_digits.py: right however much cancels, without decimals where floats will do, and without a trace.

The committed points of tests/accuracy/crossings.py leave 1e-17 of the terms; here are the depths beyond.
"""

from __future__ import annotations

import decimal
from fractions import Fraction

import numpy as np
import pytest
from mpmath import exp, expm1, fsum, log, log1p, mp, mpf

from autograder import registry
from solutions import enough_digits
from solutions.enough_digits import decimals, ln, settled
from solutions.smooth_relatives.two_floats import product
from tests.accuracy.measure import worst
from tests.accuracy.owed import OWED, numeric

FOUR = ["logsumexp", "log_softmax_vjp", "bce_with_logits_grad", "cce_with_logits_grad"]
DEEP = 800  # digits of the truth
longer = pytest.mark.skipif(not enough_digits.LONGER, reason="longdouble is another type here")


def reference(name):
    return registry.find(name).reference


def assert_close(got, truth):
    """Within 4 units, or 2 of the smallest."""
    with mp.workdps(DEEP):
        unit = np.spacing(abs(float(truth)))
        allowed = max(4 * mpf(unit), 2 * mpf(5e-324)) if abs(truth) < 2.3e-308 else 4 * mpf(unit)
        assert abs(mpf(float(got)) - truth) <= allowed, (got, float(truth))


def test_these_four_are_those_with_points_where_everything_cancels():
    assert set(FOUR) <= {item.id for item in numeric(registry.exercises().values())}
    assert all(len(OWED[name].points("float64")) > 1 for name in FOUR)


@pytest.mark.parametrize("name", FOUR)
def test_where_no_longer_floats_are_at_hand_decimals_do_it_all(name, monkeypatch, tmp_path):
    monkeypatch.setattr(enough_digits, "LONGER", False)
    found = worst(name, reference(name), "float64", tmp_path, each=16)
    assert found.share <= 1, found


@longer
@pytest.mark.parametrize("name", FOUR)
def test_longer_floats_claim_only_what_they_know(name, monkeypatch):
    """Where they are sure, decimals have nothing to add; and they are not sure everywhere."""
    block = OWED[name].points("float64")[0]
    with monkeypatch.context() as patch:
        patch.setattr(enough_digits, "LONGER", False)
        wanted = reference(name)(*block)
    in_longer_floats = enough_digits._in_longer_floats

    def or_nan(careful, *rows):
        value, sure = in_longer_floats(careful, *rows)
        return np.where(sure, value, np.nan), sure

    monkeypatch.setattr(enough_digits, "_in_longer_floats", or_nan)
    monkeypatch.setattr(enough_digits, "DIGITS", ())
    got = reference(name)(*block)
    sure = ~np.isnan(got)
    assert 0 < sure.sum() < sure.size
    assert np.all(np.abs(got - wanted)[sure] <= np.spacing(np.abs(wanted[sure])))


@pytest.mark.parametrize("depth", range(2, 20))
def test_logits_that_fill_the_last_gap_again_and_again(depth):
    """Each logit leaves room for the next, 1e-17 of what it found; after eighteen of them 1e-300 is left."""
    with mp.workdps(DEEP):
        z = [-0.75]
        for _ in range(depth):
            room = 1 - fsum(exp(mpf(v)) for v in z)
            if room < mpf(10) ** -320:
                break
            z.append(float(np.nextafter(float(log(room)), -np.inf)))
        assert_close(reference("logsumexp")(np.array(z)), log1p(fsum(exp(mpf(v)) for v in z) - 1))


@pytest.mark.parametrize("x", [1e-3, 1e-17, -1e-40, 1e-100, -1e-200, 1e-300, 5e-324, -2.5e-310])
def test_next_to_one_half(x):
    y, logits = np.array([0.5]), np.array([x])
    with mp.workdps(DEEP):
        truth = -expm1(-mpf(x)) / (2 * (1 + exp(-mpf(x))))
    assert_close(reference("bce_with_logits_grad")(y, logits)[0], truth)
    got = reference("cce_with_logits_grad")(np.array([0.5, 0.5]), np.array([x, 0.0]))
    assert_close(got[0], truth)
    assert_close(got[1], -truth)


@pytest.mark.parametrize("scale", [1.0, 1e280, 1e-280])
@pytest.mark.parametrize("tiny", [-1e-5, -1e-18, -1e-90, -1e-250, -2.5e-310])
def test_a_class_that_is_nearly_certain_and_pushed_back_as_much(tiny, scale):
    log_p, g = np.array([tiny, -1.0, -2.0]), np.array([0.0, 0.3, -0.1]) * scale
    with mp.workdps(DEEP):
        others = mpf(g[1]) + mpf(g[2])
        g[0] = np.clip(float(exp(mpf(tiny)) * others / -expm1(mpf(tiny))), -1e307, 1e307)
        truth = -mpf(g[0]) * expm1(mpf(tiny)) - exp(mpf(tiny)) * others
    assert_close(reference("log_softmax_vjp")(log_p, g)[0], truth)


@pytest.mark.parametrize("zero", [
    ("bce_with_logits_grad", [0.5, 0.5], [0.0, -0.0]),
    ("cce_with_logits_grad", [0.25] * 4, [0.1] * 4),
    ("cce_with_logits_grad", [0.5, 0.0, 0.5], [-3.0, -np.inf, -3.0]),
])  # fmt: skip
def test_what_is_exactly_zero_is_known_at_once(zero, monkeypatch):
    tried = []
    in_decimals = enough_digits._in_decimals

    def noted(printed, digits, *rows):
        tried.append(digits)
        return in_decimals(printed, digits, *rows)

    monkeypatch.setattr(enough_digits, "_in_decimals", noted)
    name, *arrays = zero
    assert np.all(reference(name)(*map(np.array, arrays)) == 0)
    assert tried == [enough_digits.DIGITS[0]]


@pytest.mark.parametrize(("name", "arrays"), [
    ("logsumexp", ([3.0, -1.0, 0.0],)),
    ("logsumexp", ([-1000.0, -1000.0],)),
    ("log_softmax_vjp", ([-1e-10, -23.0], [-1.0, 0.0])),
    ("bce_with_logits_grad", ([1.0, 0.0], [40.0, 3.0])),
    ("cce_with_logits_grad", ([1.0, 0.0, 0.0], [70.0, 0.0, -np.inf])),
])  # fmt: skip
def test_where_nothing_cancels_floats_are_enough(name, arrays, monkeypatch):
    monkeypatch.setattr(enough_digits, "LONGER", False)
    monkeypatch.setattr(enough_digits, "decimals", None)
    assert np.isfinite(reference(name)(*map(np.array, arrays))).all()


def test_a_row_with_a_doubt_keeps_its_neighbours():
    """Only what is doubtful is replaced: here the formula as printed would be wrong about everything else."""
    value = np.arange(24.0).reshape(2, 4, 3)
    got = settled(lambda x: (x.copy(), np.where(x == 7, 1e9, np.abs(x))), lambda x: x * 0 + 5, value)
    assert got.tolist() == np.where(value == 7, 5.0, value).tolist()


def test_infinite_and_undefined_entries_stay():
    given = np.array([np.inf, -np.inf, np.nan, 1.0])
    got = settled(lambda x: (x.copy(), np.full(4, np.inf)), lambda x: x * 0 + 5, given)
    np.testing.assert_array_equal(got, [np.inf, -np.inf, np.nan, 5.0])


def test_an_entry_without_a_value_leaves_those_beside_it_theirs():
    log_p, g = np.array([-0.7, -0.8]), np.array([1.0, 1.0138])
    wanted = reference("log_softmax_vjp")(log_p, g)
    got = reference("log_softmax_vjp")(np.append(log_p, [np.nan, -np.inf]), np.append(g, [0.0, 0.0]))
    np.testing.assert_array_equal(got, [*wanted, np.nan, 0.0])


def test_whatever_decimals_the_caller_uses_stay_as_they_are():
    y, x = np.array([0.7]), np.array([0.8472978603872037])
    wanted = reference("bce_with_logits_grad")(y, x)
    with decimal.localcontext(decimal.Context(prec=3, traps=list(decimal.getcontext().flags))) as context:
        assert reference("bce_with_logits_grad")(y, x) == wanted
        assert decimal.getcontext() is context
        assert context.prec == 3
        assert not any(context.flags.values())


def test_logarithms_of_decimals():
    with decimal.localcontext(decimal.Context(prec=50)):
        [value] = ln(decimals(np.array([0.1])))
    with mp.workdps(60):
        assert abs(mpf(str(value)) - log(mpf(0.1))) < mpf(10) ** -48


@longer
def test_a_product_of_longer_floats_loses_nothing():
    rng = np.random.default_rng(1)
    a, b = (rng.normal(size=300).astype(np.longdouble) * (1 + rng.normal(size=300) * 2.0**-55) for _ in range(2))
    for x, y, front, rest in zip(a, b, *product(a, b), strict=True):
        exact = Fraction(*x.as_integer_ratio()) * Fraction(*y.as_integer_ratio())
        assert Fraction(*front.as_integer_ratio()) + Fraction(*rest.as_integer_ratio()) == exact
