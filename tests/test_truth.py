"""The truth of the numeric judges, against tables computed elsewhere, and the condition that decides what passes."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import pytest
from mpmath import mp, mpf

from autograder.judges.truth import Oracle

TABLES = Path(__file__).parent / "data" / "truth"


def softmax(z):
    if any(mp.isnan(x) or x == mp.inf for x in z) or all(x == -mp.inf for x in z):
        return [mp.nan] * len(z)
    return [1 / mp.fsum(mp.exp(y - x) for y in z) if x > -mp.inf else mpf(0) for x in z]


def logsumexp(z):
    top = mp.nan if any(map(mp.isnan, z)) else max(z)
    if not mp.isfinite(top):
        return top
    return top + mp.log1p(mp.fsum(mp.exp(y - top) for i, y in enumerate(z) if i != list(z).index(top)))


def log_softmax(z):
    if any(mp.isnan(x) or x == mp.inf for x in z) or all(x == -mp.inf for x in z):
        return [mp.nan] * len(z)
    return [-mp.log1p(mp.fsum(mp.exp(y - x) for j, y in enumerate(z) if j != i)) for i, x in enumerate(z)]


def cce(z, k):
    return -log_softmax(z)[int(k)]


FOCAL = "where(y>0, -alpha*sigmoid(-x)**gamma*log(sigmoid(x)), -(1-alpha)*sigmoid(x)**gamma*log(sigmoid(-x)))"
TRUTHS = {
    "sigmoid": ("sigmoid(x)", "x"),
    "tanh": ("tanh(x)", "x"),
    "log_sigmoid": ("-softplus(-x)", "x"),
    "softplus": ("softplus(x)", "x"),
    "silu": ("x*sigmoid(x)", "x"),
    "gelu": ("x*erfc(-x/sqrt(2))/2", "x"),
    "gelu_tanh": ("x/2*(1+tanh(sqrt(2/pi)*(x+0.044715*x**3)))", "x"),
    "elu": ("where(x>0, x, exp(x)-1)", "x"),
    "selu": (
        "1.0507009873554804934193349852946*where(x>0, x, 1.6732632423543772848170429916717*(exp(x)-1))",
        "x",
    ),
    "softmax": (softmax, "z"),
    "log_softmax": (log_softmax, "z"),
    "logsumexp": (logsumexp, "z"),
    "bce_logits": ("where(y>0, y*softplus(-x), 0) + where(y<1, (1-y)*softplus(x), 0)", "x y"),
    "cce_logits": (cce, "z k"),
    "focal_logits": (FOCAL, "x y gamma alpha"),
    "hinge": ("Max(0, 1-y*s)", "y s"),
    "huber": ("where(Abs(y-yhat)<=delta, (y-yhat)**2/2, delta*(Abs(y-yhat)-delta/2))", "y yhat delta"),
}
ROWS = [
    pytest.param(table.stem, row, id=f"{table.stem}-{number}")
    for table in sorted(TABLES.glob("*.csv"))
    for number, row in enumerate(csv.DictReader(table.read_text().splitlines()))
]


def number(text):
    return tuple(map(float, text)) if isinstance(text, list) else float(text)


def point(names, text):
    """A row's input as the oracle takes it: {"x": "0.0", "y": 1}, ["1.0", "2.0"], or a number."""
    value = json.loads(text) if text[0] in "[{" else text
    values = [value[name] for name in names] if isinstance(value, dict) else [value]
    return tuple(map(number, values))


def listed(text):
    value = json.loads(text) if text.startswith("[") else text
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_the_truth_is_that_of_the_tables(name, row):
    target, names = TRUTHS[name]
    exact = Oracle(target, tuple(names.split()))(point(names.split(), row["input"]))
    for hi, lo, wanted, nearest in zip(exact.hi, exact.lo, listed(row["exact_40"]), listed(row["f64"]), strict=True):
        if "tiny" in wanted or "**" in wanted:  # too small for a table of digits
            assert abs(hi) == 0 == float(nearest)
        elif mp.isfinite(mpf(wanted)):
            assert hi == float(nearest)
            room = mpf(10) ** -30 * abs(mpf(wanted)) + mpf(2) ** -1075
            assert abs(mpf(hi) + mpf(lo) - mpf(wanted)) <= room or math.isinf(hi)
        else:
            assert (math.isnan(hi) and wanted == "nan") or hi == float(wanted)


def test_every_table_has_a_formula():
    assert {table.stem for table in TABLES.glob("*.csv")} == set(TRUTHS)


def scale(target, names, *values, **more):
    return Oracle(target, names, **more)(values).scale


def test_the_scale_counts_the_value_and_the_slopes():
    assert scale("x**3", ("x",), 2.0)[0] == pytest.approx(8 + 24, rel=1e-6)
    assert scale("x*y", ("x", "y"), 2.0, -5.0)[0] == pytest.approx(30, rel=1e-6)
    assert scale("log(p)", ("p",), 1.0)[0] == pytest.approx(1, rel=1e-6)  # 0 itself, but not its surroundings


def test_the_scale_of_a_difference_is_that_of_its_parts():
    assert scale("x-y", ("x", "y"), 1e8, 1e8)[0] == pytest.approx(2e8, rel=1e-6)


def test_a_vector_is_scaled_entry_by_entry():
    p = [mp.exp(-36) / (1 + mp.exp(-36)), 1 / (1 + mp.exp(-36))]
    first, second = scale(softmax, ("z",), (-36.0, 0.0))
    assert first == pytest.approx(float(p[0] * 37), rel=1e-6)
    assert second == pytest.approx(float(p[1] + 36 * p[0]), rel=1e-6)


def test_at_a_kink_the_larger_slope_counts():
    ramp = "where(x<3, x, 3+5*(x-3))"
    assert scale(ramp, ("x",), 3.0, kinked=True)[0] == pytest.approx(3 + 15, rel=1e-6)


def test_a_jump_is_no_slope():
    step = "where(x<3, 0, 1)"
    assert scale(step, ("x",), 3.0, kinked=True)[0] == 1
    assert scale(step, ("x",), math.nextafter(3.0, 0.0), kinked=True)[0] == 0


def test_exact_arguments_take_no_part():
    both = scale("x*y", ("x", "y"), 2.0, 1.0, discrete=frozenset({1}))
    assert both[0] == pytest.approx(4, rel=1e-6)


def test_cancellation_is_paid_with_precision_not_with_digits():
    assert Oracle("log(1+exp(x))", ("x",))((-700.0,)).hi[0] == pytest.approx(math.exp(-700), rel=1e-13)
    assert Oracle("(1-cos(x))/x**2", ("x",))((1e-150,)).hi[0] == 0.5


def test_towers_of_exponentials_end_at_infinity_and_zero():
    assert Oracle("exp(exp(x))", ("x",))((1e5,)).hi[0] == math.inf
    assert Oracle("exp(-exp(x))", ("x",))((1e5,)).hi[0] == 0
    assert Oracle("tanh(log(1+exp(x)))", ("x",))((1e308,)).hi[0] == 1


@pytest.mark.parametrize(
    ("formula", "at", "limit"),
    [
        ("x*sigmoid(x)", -math.inf, 0.0),
        ("x*sigmoid(x)", math.inf, math.inf),
        ("log(1+exp(x))-x", math.inf, 0.0),
        ("(exp(x)-exp(-x))/(exp(x)+exp(-x))", math.inf, 1.0),
        ("x*tanh(softplus(x))", -math.inf, 0.0),
    ],
)
def test_limits_follow_from_the_formula(formula, at, limit):
    assert Oracle(formula, ("x",))((at,)).hi[0] == limit


def test_stated_limits_win_and_nan_stays_nan():
    oracle = Oracle("x", ("x",), limits={("x", "-inf"): 7.0})
    assert oracle((-math.inf,)).hi[0] == 7.0
    assert math.isnan(oracle((math.nan,)).hi[0])


def test_nothing_is_demanded_where_the_formula_says_nothing():
    assert not Oracle("1/x", ("x",))((0.0,)).known[0]
    assert not Oracle("sqrt(x)", ("x",))((-1.0,)).known[0]


def test_hidden_constants_count_into_the_scale():
    times_pi, halved = (Oracle(text, ("x",)) for text in ("pi*x", "x/2"))
    assert times_pi((2.0,)).scale[0] == pytest.approx(3 * 2 * math.pi)  # |f|, the rounding of x, and that of pi
    assert halved((2.0,)).scale[0] == pytest.approx(2)  # a half is exact
    assert Oracle("x/3", ("x",))((3.0,)).scale[0] == pytest.approx(3)


def test_a_constant_made_of_others_counts_once():
    oracle = Oracle("sqrt(2/pi)*x", ("x",))
    assert oracle((1.0,)).scale[0] == pytest.approx(3 * math.sqrt(2 / math.pi))


def test_a_constant_that_decides_a_branch_is_no_slope():
    oracle = Oracle("where(x < 1/3, 0, 1)", ("x",), kinked=True)
    assert oracle((1.0,)).scale[0] == pytest.approx(1)
