"""SiLU, also called swish: x times its own sigmoid, and the slope that dips below zero."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Numeric
from autograder.properties import reflection
from solutions.smooth_relatives.mirror import differs_by_x
from solutions.smooth_relatives.roots import SILU, since
from solutions.smooth_relatives.two_floats import descent, plus, scaled, times, widened


def _sigmoid(z):
    """The sigmoid as good students write it; the material of variants, right and wrong."""
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


@exercise(
    Numeric(
        truth="x*sigmoid(beta*x)",
        arguments={"x": "real", "beta": "positive"},
        limits={("x", "inf"): float("inf"), ("x", "-inf"): 0.0},
        extremes=((-1.2784645,), (-37.0,), (37.0,), (-709.0,), (-710.0,), (-740.0,), (1000.0,), (-1000.0,)),
        properties=(differs_by_x("silu(x) - silu(-x) = x"),),
        grain="Min(Abs(x), 1000)",
    ),
    title="SiLU: let the sigmoid decide how much of x goes through",
    points=2,
    claims=("S4-A02", "S1-6.1.1c2", "S1-6.1.4d"),
    hints=(
        "Where does $1 + e^{-\\beta x}$ overflow, and what is x over that? And what is $-\\infty$ times 0?",
        "Use a sigmoid that never overflows. For $x = -\\infty$ the sigmoid wins over the x: you get nan unless no "
        "infinity reaches the product.",
        "`e = np.exp(-np.abs(beta * x))`",
    ),
)
def silu(x: np.ndarray, beta: float = 1.0) -> np.ndarray:
    r"""Return SiLU (swish) of every entry of `x`:

    $$\mathrm{silu}_\beta(x) = x\,\sigma(\beta x) = \frac{x}{1 + e^{-\beta x}}$$

    The sigmoid is a gate: far to the right everything passes, far to the left nothing. Between them the curve dips
    below zero, for β = 1 to -0.27846 at x = -1.27846. The larger β, the closer to the ReLU.

    `x` is a float16, float32 or float64 array of any shape; the result has its shape and dtype. `beta` is one positive
    number. Use NumPy only; you may call functions of your own.

    Judged: the value to the last few digits everywhere, also in the left tail, where $e^{-\beta x}$ overflows while
    the truth is small and not zero (where σ itself is subnormal, only the digits that σ has left count);
    0 at $-\infty$, $\infty$ at $\infty$, nan stays nan; other values of β; no overflow warning at ordinary finite
    inputs; `x` is left as it was; silu(x) - silu(-x) = x.

    Example: `silu(np.array([0.0, 1.0, -20.0]))` is about `[0.0, 0.73105858, -4.12230724e-08]`, and
    `silu(np.array([1.0]), beta=2.0)` is about `[0.88079708]`.
    """
    x, dtype = widened(x)
    x = np.maximum(x, np.finfo(np.float64).min)  # -inf times 0 would be nan
    z, rounding = scaled(beta, np.abs(x))
    front, rest = descent(-z, -rounding)  # e^{-|z|}, with all its digits
    return (np.where(x < 0, x * front * rest, x) / (1 + front * rest)).astype(dtype)


@silu.alternative("x times a sigmoid that never overflows, the limit at minus infinity put in by hand")
def gated(x, beta=1.0):
    return np.where(x == -np.inf, 0, x * _sigmoid(np.float64(beta) * x)).astype(x.dtype)


@silu.alternative("the printed quotient on the right, multiplied through on the left")
def two_quotients(x, beta=1.0):
    with np.errstate(invalid="ignore", over="ignore"):
        z = np.multiply(beta, x, dtype=np.float64)
        e = np.exp(-np.abs(z))
        return np.where(x > 0, x / (1 + e), np.where(np.isneginf(x), 0, x * e) / (1 + e)).astype(x.dtype)


@silu.alternative("the gate through its logarithm")
def log_gate(x, beta=1.0):
    wide = np.maximum(x, np.finfo(x.dtype).min).astype(np.float64)
    with np.errstate(over="ignore"):
        z = beta * wide
    return (wide * np.exp(-np.logaddexp(0, -z))).astype(x.dtype)


silu.misconception(
    "On paper this is right. `np.exp(-x)` overflows at x = -710, and x over infinity is 0, where the truth is "
    "-3.2e-306. Which exponential is harmless on the left?",
    lambda x, beta=1.0: x / (1 + np.exp(-beta * x)),
)
silu.misconception(
    "Your β has no effect. Where does it stand in the formula?",
    lambda x, beta=1.0: np.where(x == -np.inf, 0, x * _sigmoid(x)),
)
silu.misconception(
    "That is the gate alone. What is multiplied by it?",
    lambda x, beta=1.0: _sigmoid(beta * x),
)
silu.misconception(
    "β belongs into the gate only: here it scales the whole curve too, so that far to the right you get βx and not x.",
    lambda x, beta=1.0: np.where(x == -np.inf, 0, beta * x * _sigmoid(beta * x)),
)
silu.misconception(
    "σ(z) = (1 + tanh(z/2))/2 is true, but on the left it computes 1 - 0.99999...: compare your value at x = -20 with "
    "$-20\\,e^{-20}$. Where do the digits go?",
    lambda x, beta=1.0: x * (1 + np.tanh(beta * x / 2)) / 2,
)
silu.misconception(
    "With 1.702 in the gate this imitates GELU. SiLU has β there, which is 1 unless the caller says otherwise.",
    lambda x, beta=1.0: np.where(x == -np.inf, 0, x * _sigmoid(x.dtype.type(1.702) * x)),
)
silu.misconception(
    "Right everywhere but at the very end: $-\\infty$ times a gate of 0 is nan. Far out on the left, where is SiLU "
    "heading?",
    lambda x, beta=1.0: x * _sigmoid(beta * x),
)


@exercise(
    Gradient(
        truth="sigmoid(beta*x)*(1+beta*x*sigmoid(-beta*x))",
        arguments={"x": "real", "beta": "positive"},
        limits={("x", "inf"): 1.0, ("x", "-inf"): 0.0},
        extremes=((-1.25,), (36.5,), (30.0,), (-37.0,), (-709.0,), (-710.0,), (1000.0,), (-1000.0,)),
        properties=(reflection(1, "silu_grad(x) + silu_grad(-x) = 1"),),
        grain="Min(Abs(beta*x), 1000)",
        forward="silu",
        forward_truth="x*sigmoid(beta*x)",
    ),
    title="The slope of SiLU",
    points=2,
    claims=("S1-6.1.1c", "S2-N08", "S1-6.1.4d"),
    hints=(
        "SiLU is a product of two functions of x. How many terms does its derivative have, and where does β come out?",
        "With z = βx the slope is $\\sigma(z) + z\\,\\sigma(z)\\,\\sigma(-z)$. Write σ(-z) where you are tempted to "
        "write 1 - σ(z): z is large exactly where that difference has no digits left.",
        "`z = beta * x`",
    ),
)
def silu_grad(x: np.ndarray, beta: float = 1.0) -> np.ndarray:
    r"""Return the derivative of SiLU with respect to x, at every entry of `x`:

    $$\mathrm{silu}_\beta'(x) = \sigma(z) + z\,\sigma(z)\,(1 - \sigma(z)), \qquad z = \beta x$$

    Unlike the slope of the sigmoid it is no bump: it starts at 0, falls to -0.0998, crosses zero at βx = -1.27846, is
    1/2 at 0, overshoots to 1.0998 and comes down to 1. So a unit may be pushed up by an input that pulls down.

    `x` is a float16, float32 or float64 array of any shape; the result has its shape and dtype. `beta` is one positive
    number. Use NumPy only; you may call functions of your own.

    Judged: the value to the last few digits everywhere, near its zero as far as the rounding of x allows;
    0 at $-\infty$, 1 at $\infty$, nan stays nan; other values of β; no overflow warning at ordinary finite inputs;
    `x` is left as it was; the slopes at x and at -x add up to 1; agreement with differences of your own `silu`.

    Example: `silu_grad(np.array([0.0, 1.0, -20.0]))` is about `[0.5, 0.92767051, -3.91619187e-08]`, and
    `silu_grad(np.array([1.0]), beta=2.0)` is about `[1.09078425]`.
    """
    x, dtype = widened(x)
    z, rounding = scaled(beta, np.abs(x))
    front, rest = descent(-z, -rounding)
    e, (t, lost) = front * rest, since(SILU, -z, -rounding)
    falling = t + (lost + np.exp(SILU[0]) * np.expm1(t + lost))  # 1 + z + e^z for z < 0, of which nothing cancels
    n = plus((1.0, 0.0), (e, 0.0))  # to be squared, which doubles every error in it: kept as a sum of two floats
    return (np.where(x < 0, falling * front * rest, 1 + e + z * e) / sum(times(n, n))).astype(dtype)


@silu_grad.alternative("the product rule, with the sigmoid of -z for 1 - sigmoid")
def product_rule(x, beta=1.0):
    z = np.clip(np.multiply(beta, x, dtype=np.float64), -1e3, 1e3)
    return (_sigmoid(z) + z * _sigmoid(z) * _sigmoid(-z)).astype(x.dtype)


@silu_grad.alternative("one quotient, each half of the line with its own")
def quotient(x, beta=1.0):
    z = np.clip(np.float64(beta) * x, -1e3, 1e3)
    e = np.exp(-np.abs(z))
    return (np.where(z < 0, e * (1 + e + z), 1 + e + z * e) / (1 + e) ** 2).astype(x.dtype)


silu_grad.misconception(
    "The product rule has two terms. The slope of the gate is there; what about the gate itself, times the slope of x?",
    lambda x, beta=1.0: np.clip(beta * x, -1e3, 1e3) * _sigmoid(beta * x) * _sigmoid(-beta * x),
)
silu_grad.misconception(
    "This is the slope of the gate: that of the sigmoid, which is never more than β/4. SiLU ends with the slope 1.",
    lambda x, beta=1.0: beta * _sigmoid(beta * x) * _sigmoid(-beta * x),
)
silu_grad.misconception(
    "The inner derivative is missing: the chain rule brings out a β. With β = 1 nobody sees it; try β = 2 at x = 1.",
    lambda x, beta=1.0: _sigmoid(beta * x) + np.clip(x, -1e4, 1e4) * _sigmoid(beta * x) * _sigmoid(-beta * x),
)
silu_grad.misconception(
    "A β too many: in x σ(βx) the first factor is x, and its derivative is 1.",
    lambda x, beta=1.0: (
        beta * (_sigmoid(beta * x) + np.clip(beta * x, -1e4, 1e4) * _sigmoid(beta * x) * _sigmoid(-beta * x))
    ),
)
silu_grad.misconception(
    "The formula is right, and it is the textbook's. Near x = 36 your `1 - s` is rounded to a multiple of 1.1e-16 and "
    "then multiplied by 36: which other name has 1 - σ(z)?",
    lambda x, beta=1.0: _sigmoid(beta * x) + beta * x * _sigmoid(beta * x) * (1 - _sigmoid(beta * x)),
)
silu_grad.misconception(
    "β f + σ (1 - β f), with f for SiLU itself, is the form of many papers. For large x it adds x and takes x away "
    "again: what does it give at x = 1e16?",
    lambda x, beta=1.0: beta * x * _sigmoid(beta * x) + _sigmoid(beta * x) * (1 - beta * x * _sigmoid(beta * x)),
)
silu_grad.misconception(
    "Right at every finite x; at both ends of the line an infinite x meets a 0, and the product is nan. How far out "
    "does x still matter to this slope?",
    lambda x, beta=1.0: _sigmoid(beta * x) * (1 + beta * x * _sigmoid(-beta * x)),
)
silu_grad.misconception(
    "One quotient for the whole line, and its $e^{-z}$ is squared: what are numerator and denominator at x = -400?",
    lambda x, beta=1.0: (1 + np.exp(-beta * x) + beta * x * np.exp(-beta * x)) / (1 + np.exp(-beta * x)) ** 2,
)
