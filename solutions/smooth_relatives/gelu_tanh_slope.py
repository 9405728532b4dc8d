"""The slope of the approximation with tanh: the chain rule through a cube."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient
from autograder.properties import reflection
from solutions.smooth_relatives.gelu_slope import gelu_grad
from solutions.smooth_relatives.gelu_tanh import CUBIC, LINEAR
from solutions.smooth_relatives.roots import GELU_TANH, since
from solutions.smooth_relatives.two_floats import descent, plus, times, widened


def _product_rule(x, inner):
    """gate + x gate (1 - gate) inner(x), where inner stands for the slope of 2u; in float64, x kept in bounds."""
    t = np.clip(x, -1e3, 1e3).astype(np.float64)
    z = RATE * (t + 0.044715 * t**3)
    e = np.exp(-np.abs(z))
    gate, closed = np.where(z < 0, e, 1) / (1 + e), np.where(z < 0, 1, e) / (1 + e)
    return (gate + t * gate * closed * inner(t)).astype(x.dtype)


RATE = 2 * np.sqrt(2 / np.pi)


@exercise(
    Gradient(
        truth=(
            "sigmoid(2*sqrt(2/pi)*(x+0.044715*x**3))*(1+2*sqrt(2/pi)*(x+3*0.044715*x**3)"
            "*sigmoid(-2*sqrt(2/pi)*(x+0.044715*x**3)))"
        ),
        arguments={"x": "real"},
        limits={("x", "inf"): 1.0, ("x", "-inf"): 0.0},
        extremes=((-0.75,), (1.5,), (-5.0,), (-15.0,), (-21.0,), (1e155,), (-1e155,), (1000.0,), (-1000.0,)),
        properties=(reflection(1, "gelu_tanh_grad(x) + gelu_tanh_grad(-x) = 1"),),
        grain="Min(2*Abs(x)+Abs(x)**3/4, 3000)",
        forward="gelu_tanh",
        forward_truth="x*sigmoid(2*sqrt(2/pi)*(x+0.044715*x**3))",
    ),
    title="The slope of GELU's approximation",
    points=2,
    claims=("S1-6.1.2b", "S1-6.1.1c"),
    hints=(
        "The curve is x times a gate, and the gate is a function of u, which is a function of x. How many factors has "
        "the second term of the product rule?",
        "With the gate written as σ(2u) the slope is $\\sigma(2u)\\,(1 + 2x\\,u'(x)\\,\\sigma(-2u))$, and no 1 - tanh² is "
        "left that could lose its digits.",
        "`x = np.clip(x, -30, 30)`: beyond, the slope is 0 or 1 to the last digit",
    ),
)
def gelu_tanh_grad(x: np.ndarray) -> np.ndarray:
    r"""Return the derivative of `gelu_tanh` at every entry of `x`. The function is

    $$\frac{x}{2}\big(1 + \tanh u\big), \qquad u = \sqrt{2/\pi}\,\big(x + 0.044715\,x^3\big)$$

    It is the slope of the approximation that is asked for, not an approximation of the slope of GELU: a network that
    runs with the one must learn with the same one.

    `x` is a float16, float32 or float64 array of any shape; the result has its shape and dtype. Use NumPy only; you may
    call functions of your own.

    Judged: the value to the last few digits that the rounding of x leaves, also in the left tail; 0 at $-\infty$, 1 at
    $\infty$, nan stays nan; no warning at any finite x, however large; `x` is left as it was; the slopes at x
    and at -x add up to 1; agreement with differences of your own `gelu_tanh`.

    Example: `gelu_tanh_grad(np.array([0.0, 1.0, -1.0, -5.0]))` is about `[0.5, 1.08296408, -0.08296408, -1.54636199e-06]`.
    """
    x, dtype = widened(x)
    t = np.minimum(np.abs(x), 25.0)  # beyond, the slope is 0 or 1
    cube = times((t, 0.0), times((t, 0.0), (t, 0.0)))
    line, cubic = times(LINEAR, (t, 0.0)), times(CUBIC, cube)
    z, rounding = plus(line, cubic)  # 2|u|
    front, rest = descent(-z, -rounding)
    e = front * rest
    n = plus((1.0, 0.0), (e, 0.0))  # to be squared, which doubles every error in it
    rising = 1 + e + (line[0] + 3 * cubic[0]) * e
    return (np.where(x < 0, _falling(-t) * front * rest, rising) / sum(times(n, n))).astype(dtype)


def _falling(x):
    """1 + x (2u)' + e^{2u} for x <= 0: since the root, the second term has changed by `gain`, 2u by `step`."""
    root = GELU_TANH[0]
    t, bend = sum(since(GELU_TANH, x)), CUBIC[0] * (x * x + x * root + root * root)  # x³ - r³ is t times this bracket
    step, gain = t * (LINEAR[0] + bend), t * (LINEAR[0] + 3 * bend)
    return gain + np.exp(root * (LINEAR[0] + CUBIC[0] * root**2)) * np.expm1(step)


gelu_tanh_grad.alternative(
    "the product rule with the two halves of the gate",
    lambda x: _product_rule(x, lambda t: RATE * (1 + 3 * 0.044715 * t**2)),
)


@gelu_tanh_grad.alternative("the gate taken out, x kept within 30")
def gate_first(x):
    t = np.clip(x, -30, 30).astype(np.float64)
    z = np.sqrt(8 / np.pi) * t * (1 + 0.044715 * t * t)
    growth = np.sqrt(8 / np.pi) * t * (1 + 0.134145 * t * t)
    return (np.exp(-np.logaddexp(0, -z)) * (1 + growth * np.exp(-np.logaddexp(0, z)))).astype(x.dtype)


gelu_tanh_grad.misconception(
    "The product rule has two terms. The gate is there; what about x times the slope of the gate?",
    lambda x: _product_rule(x, lambda t: 0),
)
gelu_tanh_grad.misconception(
    "The inner derivative is that of $\\sqrt{2/\\pi}\\,x$ alone. u has a cube in it too: what is its slope at x = 2?",
    lambda x: _product_rule(x, lambda t: RATE),
)
gelu_tanh_grad.misconception(
    "The derivative of x³ has a factor in front. Where is the 3 in your inner derivative?",
    lambda x: _product_rule(x, lambda t: RATE * (1 + 0.044715 * t**2)),
)
gelu_tanh_grad.misconception(
    "The inner derivative is missing altogether: u is not x. At x = 1 its slope is 0.905.",
    lambda x: _product_rule(x, lambda t: 2),
)
gelu_tanh_grad.misconception(
    "This is the slope of the exact GELU. Asked for is the slope of the curve with tanh, which bends a little otherwise.",
    gelu_grad.reference,
)


@gelu_tanh_grad.misconception(
    "The formula is right. On the left, 1 + tanh u and 1 - tanh² u are differences of numbers near 1: at x = -8 nothing is "
    "left of them, and the slope is -4.7e-20; and where x² is infinite, 0 times it is nan. Which function of 2u gives both "
    "without a subtraction?"
)
def cancelled(x):
    tanh = np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))
    inner = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * x**2)
    return (0.5 * (1 + tanh) + 0.5 * x * (1 - tanh**2) * inner).astype(x.dtype)
