"""The smooth relatives of the ReLU: the arithmetic their tails rest on, and the numbers their statements print."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pytest
from mpmath import mp, mpf

from autograder import registry
from solutions import smooth_relatives as relatives
from solutions.smooth_relatives import roots
from solutions.smooth_relatives.mirror import differs_by_x
from solutions.smooth_relatives.two_floats import descent, plus, product, scaled
from tests.accuracy import measure
from tests.accuracy.owed import OWED

TOPIC = registry.topics()["smooth_relatives"]
EXAMPLES = [
    pytest.param(call, values, id=call)
    for item in TOPIC
    for call, values in re.findall(r"`(\w+\(np\.array[^`]*)` is(?: about)?\s+`(\[[^`]*\])`", item.statement)
]


def numbers(count: int) -> np.ndarray:
    rng = np.random.default_rng(5)
    return rng.uniform(1, 2, count) * 2.0 ** rng.integers(-30, 30, count) * rng.choice([-1, 1], count)


def exactly(pair: tuple) -> list[Fraction]:
    return [Fraction(float(p)) + Fraction(float(r)) for p, r in zip(*pair, strict=True)]


def test_a_product_of_two_floats_loses_nothing():
    a, b = numbers(500), numbers(501)[1:]
    for found, x, y in zip(exactly(product(a, b)), a, b, strict=True):
        assert found == Fraction(float(x)) * Fraction(float(y))


def test_a_sum_of_two_floats_loses_nothing():
    a, b = numbers(500), numbers(501)[1:]
    found = exactly(plus((a, 0.0), (b, 0.0)))
    assert found == [Fraction(float(x)) + Fraction(float(y)) for x, y in zip(a, b, strict=True)]


@pytest.mark.parametrize("beta", [1.0, 1.702, 3.0, 1e-290, 3e200])
def test_a_multiple_loses_nothing_and_is_held_where_it_is_large(beta):
    x = np.abs(np.concatenate([numbers(200) / beta, [1e300, np.inf]]))
    with np.errstate(all="raise", under="ignore"):
        front, rest = scaled(beta, x)
    exact = [Fraction(beta) * Fraction(entry) if entry < np.inf else 2001 for entry in x.tolist()]
    large = np.array([value > 2000 for value in exact])
    assert 20 < large.sum() < 180
    assert np.all(front[large] >= 2000)
    for found, value, skipped in zip(exactly((front, rest)), exact, large, strict=True):
        assert skipped or found == value


@pytest.mark.parametrize("name", ["silu", "gelu", "gelu_tanh", "mish"])
def test_a_root_is_known_to_three_times_the_digits_of_a_float(name):
    root = getattr(roots, name.upper())
    options = {"beta": mpf(1)} if name == "silu" else {}
    with mp.workdps(60):
        found = mp.findroot(lambda x: OWED[f"{name}_grad"].truth(x, **options), root[0])
        assert abs(found - sum(map(mpf, root))) < mpf(2) ** -160


@pytest.mark.parametrize(
    ("name", "beta"),
    [
        *((name, None) for name in ("gelu", "gelu_tanh", "mish")),
        *(("silu", beta) for beta in (1.0, 1.702, 0.1, 3.0, 0.7, 3.7e-200)),
    ],
)
def test_a_slope_keeps_its_digits_beside_its_root(name, beta):
    """Its neighbours one by one, then ever farther away."""
    owed, options = OWED[f"{name}_grad"], {} if beta is None else {"beta": beta}
    root = np.float64(getattr(roots, name.upper())[0] / (beta or 1))
    farther = root * (1 + np.outer([-1, 1], 2.0 ** np.arange(-52, -1))).ravel()
    x = np.concatenate([root + np.arange(-40, 41) * np.spacing(root), farther])
    truth = measure.settled(owed.truth, [(mpf(entry),) for entry in x], options)
    trial = measure.Trial((x,), options, truth, "float64", owed)
    missed = measure.error(measure.called(getattr(relatives, f"{name}_grad"), trial), truth) / measure.unit(trial)
    assert np.all(missed <= owed.ulps), (x[missed.ravel().argmax()], missed.max())


def test_the_second_factor_of_a_descent_comes_in_only_where_the_first_would_be_subnormal():
    z = np.array([0.0, -1.5, -700.0, -745.0, -1e300, -np.inf, np.nan])
    with np.errstate(all="raise", under="ignore"):
        front, rest = descent(z)
    assert np.all(front[:-1] >= np.finfo(float).smallest_normal)
    assert rest[:3].tolist() == [1.0, 1.0, 1.0]
    assert front[:6] * rest[:6] == pytest.approx(np.exp(z[:6]), rel=1e-15)
    assert np.isnan(front[-1])


def test_every_statement_has_an_example():
    assert {re.match(r"\w+", parameter.id)[0] for parameter in EXAMPLES} == {item.id for item in TOPIC}


@pytest.mark.parametrize(("call", "values"), EXAMPLES)
def test_the_example_of_a_statement_is_right(call, values):
    given = eval(call, {"np": np, **vars(relatives)})
    assert given == pytest.approx(eval(values), rel=1e-7, abs=0)  # eight decimals are printed


@pytest.mark.parametrize(
    ("curve", "slope", "place", "value"),
    [
        ("silu", "silu_grad", -1.27846, -0.27846),
        ("gelu", "gelu_grad", -0.75179, -0.16997),
        ("mish", "mish_grad", -1.19243, -0.30884),
        ("silu_grad", None, None, -0.0998),
        ("gelu_grad", None, -1.41421, -0.1289),
        ("hard_swish", None, -1.5, -0.375),
    ],
)
def test_the_lowest_point_is_where_the_statement_says(curve, slope, place, value):
    x = np.linspace(-4, 0, 400_001)
    y = getattr(relatives, curve)(x)
    printed = len(str(value).split(".")[1])
    assert round(float(y.min()), printed) == value
    if place is not None:
        assert x[y.argmin()] == pytest.approx(place, abs=2e-5)
    if slope:
        beside = getattr(relatives, slope)(np.array([place - 1e-5, place + 1e-5]))
        assert beside[0] < 0 < beside[1]


def test_the_two_gelus_differ_by_what_the_statement_says():
    x = np.linspace(0, 6, 60_001)
    gap = np.abs(relatives.gelu_tanh(x) - relatives.gelu(x))
    assert round(float(gap.max()), 6) == 0.000473
    assert x[gap.argmax()] == pytest.approx(2.6989, abs=1e-4)


def test_the_mirror_property_sees_a_gate_that_is_not_symmetric():
    asked = differs_by_x("f(x) - f(-x) = x")
    inputs = asked.inputs(np.random.default_rng(0), "float64")
    assert asked.holds(inputs, [relatives.silu(x) for (x,) in inputs]) is None
    assert "differ by" in asked.holds(inputs, [relatives.mish(x) for (x,) in inputs])
    assert "differ by" in asked.holds(inputs, [x * np.nan for (x,) in inputs])
