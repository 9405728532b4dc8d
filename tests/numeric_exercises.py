"""Small exercises of kinds N and G for the tests of their judges, and one way to have an answer judged."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from mpmath import mp, mpf

from autograder import properties
from autograder.calls import Observation
from autograder.exercise import exercise
from autograder.judges import gradient, numeric
from autograder.kinds import Gradient, Numeric
from autograder.sandbox.observe import observe

HINTS = ("What?", "The idea.", "the first line")


def sigmoid_of(x):
    e = np.exp(-np.abs(x))
    return np.where(np.asarray(x) >= 0, 1, e) / (1 + e)


@exercise(
    Numeric("sigmoid(x)", {"x": "real"}, properties=(properties.reflection(1), properties.monotone())),
    title="sigmoid",
    hints=HINTS,
)
def sigmoid(x):
    """The sigmoid of every entry."""
    return sigmoid_of(x)


@exercise(
    Numeric("where(x>0, x, alpha*(exp(x)-1))", {"x": "real", "alpha": "positive"}, kinks=("x",)),
    title="elu",
    hints=HINTS,
)
def elu(x, alpha=1.0):
    """x where x > 0, alpha (e^x - 1) elsewhere."""
    x = np.asarray(x)
    return np.where(x > 0, x, x.dtype.type(alpha) * np.expm1(np.minimum(x, 0)))


@exercise(
    Numeric("x**2", {"x": "real"}, extremes=((123456.75,),), properties=(properties.even(),)),
    title="square",
    hints=HINTS,
)
def square(x):
    """x times x; inf where that is too large for the dtype."""
    return np.asarray(x) * x


@exercise(Numeric("Max(-1, Min(1, x))", {"x": "real"}, kinks=("x-1", "x+1")), title="hard tanh", hints=HINTS)
def hard_tanh(x):
    """x between -1 and 1, and the nearer of the two outside."""
    return np.clip(x, -1, 1)


def _softmax_truth(z):
    if any(mp.isnan(x) or x == mp.inf for x in z) or all(x == -mp.inf for x in z):
        return [mp.nan] * len(z)
    return [mpf(0) if x == -mp.inf else 1 / mp.fsum(mp.exp(y - x) for y in z) for x in z]


@exercise(
    Numeric(
        _softmax_truth,
        {"z": "real"},
        core="(n)->(n)",
        properties=(properties.sums_to_one(), properties.shift_invariant(), properties.permutation_equivariant()),
    ),
    title="softmax",
    hints=HINTS,
)
def softmax(z, axis=-1):
    """The softmax of every slice along the axis."""
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(z - np.max(z, axis=axis, keepdims=True))
        return e / np.sum(e, axis=axis, keepdims=True)


def _mse_truth(y, y_hat):
    gaps = [(a - b) ** 2 for ys, bs in zip(y, y_hat, strict=True) for a, b in zip(ys, bs, strict=True)]
    return mp.fsum(gaps) / len(gaps)


@exercise(Numeric(_mse_truth, {"y": "real", "y_hat": "real"}, core="(m,n),(m,n)->()"), title="mse", hints=HINTS)
def mse(y, y_hat):
    """The mean squared error over all entries."""
    if np.size(y) == 0:
        raise ValueError("a mean over nothing")
    return np.mean((y - y_hat) ** 2)


def _mse_grad_truth(y, y_hat):
    count = len(y) * len(y[0])
    return [[2 * (b - a) / count for a, b in zip(ys, bs, strict=True)] for ys, bs in zip(y, y_hat, strict=True)]


@exercise(
    Gradient(
        _mse_grad_truth,
        {"y": "real", "y_hat": "real"},
        core="(m,n),(m,n)->(m,n)",
        forward="mse",
        forward_truth=_mse_truth,
    ),
    title="mse_grad",
    hints=HINTS,
)
def mse_grad(y, y_hat):
    """The gradient of the mean squared error with respect to y_hat."""
    return (y_hat - y) * np.asarray(2 / y.size, y.dtype)


@exercise(
    Gradient("sigmoid(x)*sigmoid(-x)", {"x": "real"}, forward="sigmoid", forward_truth="sigmoid(x)"),
    title="sigmoid_grad",
    hints=HINTS,
)
def sigmoid_grad(x):
    """The slope of the sigmoid."""
    return sigmoid_of(x) * sigmoid_of(-np.asarray(x))


@exercise(
    Gradient(
        "where(x>0, 1, 0)", {"x": "real"}, kinks=("x",), forward="relu", forward_truth="Max(x, 0)", at_kink="0 at 0"
    ),
    title="relu_grad",
    hints=HINTS,
)
def relu_grad(x):
    """1 where x > 0, 0 elsewhere, 0 at 0, nan at nan."""
    x = np.asarray(x)
    return np.where(np.isnan(x), x, (x > 0).astype(x.dtype))


def _vjp_truth(p, upstream):
    mean = mp.fsum(a * g for a, g in zip(p, upstream, strict=True))
    return [a * (g - mean) for a, g in zip(p, upstream, strict=True)]


@exercise(
    Gradient(
        _vjp_truth,
        {"p": "simplex(3)", "upstream": "real"},
        core="(n),(n)->(n)",
        forward="softmax",
        forward_truth=_softmax_truth,
        of_output=True,
    ),
    title="softmax_vjp",
    hints=HINTS,
)
def softmax_vjp(p, upstream, axis=-1):
    """The gradient with respect to the logits."""
    return p * (upstream - np.sum(p * upstream, axis=axis, keepdims=True))


@exercise(
    Gradient(
        lambda x, alpha, upstream: (
            [u if v > 0 else alpha * u if v <= 0 else v for v, u in zip(x, upstream, strict=True)],
            mp.fsum(mpf(0) if v > 0 else v * u for v, u in zip(x, upstream, strict=True)),
        ),
        {"x": "real", "alpha": "positive", "upstream": "real"},
        core="(n),(),(n)->(n),()",
        kinks=("x",),
        forward="prelu",
    ),
    title="prelu_backward",
    hints=HINTS,
)
def prelu_backward(x, alpha, upstream):
    """The gradients with respect to x and alpha."""
    return np.where(x > 0, upstream, alpha * upstream) + 0 * x, np.sum(np.where(x > 0, 0, x * upstream))


@cache
def plan_of(item, seed=0):
    return {"N": numeric.plan, "G": gradient.plan}[item.kind](item, seed)


def judged(item, function, seed=0, **beside):
    """The judgement of `function` as an answer to `item`; beside: other functions that the student wrote."""
    plan = plan_of(item, seed)
    return plan.judge(seen(item, plan, function, **beside))


def seen(item, plan, function, **beside):
    known = {item.id: function, **beside}
    return [
        observe(known[call.function], call) if call.function in known else Observation(fate="missing")
        for call in plan.calls
    ]


def failing(judgement):
    return [finding.claim for finding in judgement.findings if finding.verdict == "fails"]


def naive_sigmoid(x):
    return 1 / (1 + np.exp(-x))


def scalar_sigmoid(x):
    return 1 / (1 + math.exp(-x))


def with_constant_tail(x):
    return np.where(np.asarray(x) < -50, np.asarray(x).dtype.type(sigmoid_of(-50.0)), sigmoid_of(x))
