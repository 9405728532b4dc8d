"""Mish: x times tanh of softplus, which is a quotient of polynomials in one exponential."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Numeric
from solutions.smooth_relatives.roots import MISH, since
from solutions.smooth_relatives.two_floats import descent, plus, times, widened


def _softplus(x):
    """Softplus as good students write it; the material of variants, right and wrong."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _above(x):
    return np.maximum(x, -2e3).astype(np.float64)


@exercise(
    Numeric(
        truth="x*tanh(softplus(x))",
        arguments={"x": "real"},
        limits={("x", "inf"): float("inf"), ("x", "-inf"): 0.0},
        extremes=((-1.19243,), (-20.0,), (-37.0,), (40.0,), (-709.0,), (-740.0,), (710.0,), (1000.0,), (-1000.0,)),
        grain="Min(Abs(x), 1000)",
    ),
    title="Mish",
    points=2,
    claims=("S1-6.1.4c", "S1-6.1.4d"),
    hints=(
        "What is `np.log(1 + np.exp(1000.0))`? And what is $-\\infty$ times 0?",
        "With a softplus that never overflows you are nearly there. Or leave logarithm and tanh out: tanh(log n) is "
        "(n² - 1)/(n² + 1), with $n = 1 + e^x$; take the 1s together on paper, before a computer can.",
        "`e = np.exp(-np.abs(x))`",
    ),
)
def mish(x: np.ndarray) -> np.ndarray:
    r"""Return Mish of every entry of `x`:

    $$\mathrm{mish}(x) = x\,\tanh(\mathrm{softplus}(x)) = x\,\tanh\big(\log(1 + e^x)\big)$$

    Another gate: tanh of softplus rises from 0 to 1. The curve dips to -0.30884 at x = -1.19243.

    `x` is a float16, float32 or float64 array of any shape; the result has its shape and dtype. Use NumPy only; you may
    call functions of your own.

    Judged: the value to the last few digits everywhere, also in the left tail (where the gate itself is subnormal, only
    the digits that it has left count); 0 at $-\infty$, $\infty$ at $\infty$, nan stays nan; no overflow warning at any
    finite x; `x` is left as it was.

    Example: `mish(np.array([0.0, 1.0, -1.0, -20.0]))` is about `[0.0, 0.86509839, -0.30340146, -4.12230724e-08]`.
    """
    x, dtype = widened(x)
    x = np.maximum(x, -1000.0)  # there the result is 0; -inf times 0 would be nan
    e = np.exp(-np.abs(x))
    front, rest = descent(np.minimum(x, 0))
    gate = np.where(x < 0, front * (2 + e) / (2 + e * (2 + e)), (1 + 2 * e) / (1 + 2 * e * (1 + e)))
    return (x * gate * rest).astype(dtype)


mish.alternative(
    "as printed, with a softplus that never overflows",
    lambda x: (_above(x) * np.tanh(_softplus(_above(x)))).astype(x.dtype),
)


@mish.alternative("NumPy's logaddexp for softplus, minus infinity put in by hand")
def by_logaddexp(x):
    with np.errstate(invalid="ignore"):
        return np.where(np.isneginf(x), 0, x * np.tanh(np.logaddexp(0, x.astype(np.float64)))).astype(x.dtype)


@mish.alternative("tanh through expm1 of twice the softplus")
def by_expm1(x):
    x, dtype = _above(x), x.dtype
    grown = np.expm1(2 * _softplus(np.minimum(x, 40)))
    return (x * (grown / (grown + 2))).astype(dtype)


mish.misconception(
    "The formula as printed. `np.exp(x)` overflows at x = 1000, and at x = -40 the logarithm of 1 + 4e-18 is 0: which "
    "NumPy function takes the logarithm of 1 plus something small?",
    lambda x: x * np.tanh(np.log(1 + np.exp(x))),
)
mish.misconception(
    "The left tail is right. On the right tanh would forgive an infinite softplus, but the overflow on the way is "
    "real: what is softplus(1000), without computing $e^{1000}$?",
    lambda x: x * np.tanh(np.log1p(np.exp(x))),
)
mish.misconception(
    "Here tanh sees $e^x$ and not its softplus: the logarithm is missing. What is your value at x = 0.5?",
    lambda x: (_above(x) * np.tanh(np.exp(np.minimum(_above(x), 40)))).astype(x.dtype),
)
mish.misconception(
    "That is the gate alone. What is multiplied by it?",
    lambda x: np.tanh(_softplus(x)),
)
mish.misconception(
    "This is SiLU. Its gate is the sigmoid, 1/2 at 0; the gate of Mish is 3/5 there.",
    lambda x: (_above(x) / (1 + np.exp(-np.maximum(_above(x), -700)))).astype(x.dtype),
)
mish.misconception(
    "The identity is true, and n² - 1 is a difference of numbers near 1 as soon as x is negative: at x = -40 nothing is "
    "left of it. Do that subtraction on paper.",
    lambda x: (_above(x) * _square_gate(np.minimum(_above(x), 40))).astype(x.dtype),
)
mish.misconception(
    "The curve is right, but at the very end $-\\infty$ meets a gate of 0, and the product is nan. Where is Mish "
    "heading on the left?",
    lambda x: (x * np.tanh(_softplus(x.astype(np.float64)))).astype(x.dtype),
)


def _square_gate(x):
    n = 1 + np.exp(x)
    return (n**2 - 1) / (n**2 + 1)


def _chain(x, tail):
    """tanh(s) + x tail(x, s), where tail stands for the slope of the gate; in float64, x kept in bounds."""
    t = np.clip(x, -2e3, 2e3).astype(np.float64)
    return (np.tanh(_softplus(t)) + t * tail(t, _softplus(t))).astype(x.dtype)


def _sigmoid(x):
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


def _sech2(s):
    return 1 / np.cosh(np.clip(s, -300, 300)) ** 2


@exercise(
    Gradient(
        truth="tanh(softplus(x)) + x*sigmoid(x)/cosh(softplus(x))**2",
        arguments={"x": "real"},
        limits={("x", "inf"): 1.0, ("x", "-inf"): 0.0},
        extremes=((-1.2,), (15.0,), (17.0,), (-40.0,), (-709.0,), (-740.0,), (710.0,), (1000.0,), (-1000.0,)),
        grain="Min(Abs(x), 1000)",
        forward="mish",
        forward_truth="x*tanh(softplus(x))",
    ),
    title="The slope of Mish",
    points=3,
    claims=("S1-6.1.1c", "S1-6.1.3d", "S1-6.1.4c"),
    hints=(
        "Three functions inside each other, and an x in front. Which slope has tanh, which has softplus?",
        "The slope is T + x (1 - T²) σ(x), with T = tanh(softplus(x)). Where T is near 1, write 1 - T² as "
        "$1/\\cosh^2$ of softplus, or as $4(1+n)^2/(n^2+2n+2)^2$ with $n = e^x$.",
        "`T = np.tanh(softplus(x))`",
    ),
)
def mish_grad(x: np.ndarray) -> np.ndarray:
    r"""Return the derivative of Mish at every entry of `x`. With $s = \mathrm{softplus}(x)$, whose own slope is σ(x),

    $$\mathrm{mish}'(x) = \tanh s + x\,(1 - \tanh^2 s)\,\sigma(x) = \frac{e^x\,\omega}{(e^{2x} + 2e^x + 2)^2},$$

    $$\omega = e^{3x} + 4e^{2x} + (6 + 4x)\,e^x + 4\,(1 + x).$$

    It falls below zero left of x = -1.19243, is 3/5 at 0, overshoots to 1.0885 and comes down to 1.

    `x` is a float16, float32 or float64 array of any shape; the result has its shape and dtype. Use NumPy only; you may
    call functions of your own.

    Judged: the value to the last few digits everywhere, near its zero as far as the rounding of x allows;
    0 at $-\infty$, 1 at $\infty$, nan stays nan; no overflow warning at any finite x; `x` is left as it was;
    agreement with differences of your own `mish`.

    Example: `mish_grad(np.array([0.0, 1.0, -1.0, -20.0]))` is about `[0.6, 1.04903622, 0.05921676, -3.91619187e-08]`.
    """
    x, dtype = widened(x)
    x = np.clip(x, -1000.0, 1000.0)  # beyond, the slope is 0 or 1
    e = np.exp(-np.abs(x))
    front, rest = descent(np.minimum(x, 0))
    left = _omega(-np.abs(x))
    right = 1 + e * (4 + e * (6 + 4 * x + e * 4 * (1 + x)))
    # To be squared, which doubles every error in it, the denominator is kept as a sum of two floats.
    n, one = plus((1.0, 0.0), (e, 0.0)), (np.where(x < 0, 1.0, e), 0.0)
    bottom = plus(times(n, n), times(one, one))
    return (np.where(x < 0, left, right) * front / sum(times(bottom, bottom)) * rest).astype(dtype)


def _omega(x):
    """ω for x <= 0: what its terms have changed since its root, where e^x was a; e^{2x} by (e - a)(e + a), and so on."""
    t, a, e = sum(since(MISH, x)), np.exp(MISH[0]), np.exp(x)
    change = a * np.expm1(t)  # e - a
    powers = change * (6 + 4 * MISH[0] + 4 * (e + a) + (e**2 + e * a + a**2))
    return 4 * t + (4 * t * e + powers)


mish_grad.alternative(
    "the chain rule, with 1/cosh² of softplus", lambda x: _chain(x, lambda t, s: _sech2(s) * _sigmoid(t))
)


@mish_grad.alternative("the chain rule, with 1 - tanh² as a quotient of exponentials")
def by_exponentials(x):
    def tail(t, s):
        e = np.exp(-np.abs(t))
        sech = np.where(t < 0, 2 * (1 + e) / (2 + 2 * e + e * e), 2 * e * (1 + e) / (1 + 2 * e + 2 * e * e))
        return sech * sech * _sigmoid(t)

    return _chain(x, tail)


mish_grad.misconception(
    "The product rule has two terms. The gate is there; what about x times the slope of the gate?",
    lambda x: _chain(x, lambda t, s: 0),
)
mish_grad.misconception(
    "The chain stops too early: softplus inside of tanh has a slope of its own. At x = 0 your slope is right. At x = 1?",
    lambda x: _chain(x, lambda t, s: _sech2(s)),
)
mish_grad.misconception(
    "The slope of tanh is taken at x, and it belongs at softplus(x): which number does tanh see?",
    lambda x: _chain(x, lambda t, s: _sech2(t) * _sigmoid(t)),
)
mish_grad.misconception(
    "The slope of softplus is the sigmoid itself; you put in the slope of the sigmoid.",
    lambda x: _chain(x, lambda t, s: _sech2(s) * _sigmoid(t) * _sigmoid(-t)),
)
mish_grad.misconception(
    "The formula is right. At x = 17, T is so near 1 that `1 - T**2` is a multiple of 1.1e-16, and it is multiplied by "
    "17. Which function gives 1 - tanh² without a subtraction?",
    lambda x: np.tanh(_softplus(x)) + x * (1 - np.tanh(_softplus(x)) ** 2) * _sigmoid(x),
)


@mish_grad.misconception(
    "One quotient of exponentials for the whole line: $e^{4x}$ overflows at x = 178. Divide numerator and denominator "
    "by it for positive x."
)
def one_quotient(x):
    n = np.exp(x)
    omega = n**3 + 4 * n**2 + (6 + 4 * x) * n + 4 * (1 + x)
    return n * omega / (n**2 + 2 * n + 2) ** 2
