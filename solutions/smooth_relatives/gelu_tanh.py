"""GELU's approximation with tanh: close to the exact one, and a function of its own."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Numeric
from solutions.smooth_relatives.gelu import gelu
from solutions.smooth_relatives.mirror import differs_by_x
from solutions.smooth_relatives.two_floats import descent, plus, times, widened

# 2√(2/π) and 0.044715 times it, as sums of two floats: in the left tail 16 digits of them are too few.
LINEAR = (1.5957691216057308, -9.96930880911092e-17)
CUBIC = (0.07135481627260025, -6.175149918155315e-19)


def _logistic(z):
    """The sigmoid as good students write it; the material of variants, right and wrong."""
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


def _inner(x, below=np.pi, share=0.044715):
    """2u for x kept within 1000, in float64."""
    x = np.clip(x, -1e3, 1e3).astype(np.float64)
    return 2 * np.sqrt(2 / below) * (x + share * x**3)


def _above(x):
    return np.maximum(x, -1e3).astype(np.float64)


@exercise(
    Numeric(
        truth="x*sigmoid(2*sqrt(2/pi)*(x+0.044715*x**3))",
        arguments={"x": "real"},
        limits={("x", "inf"): float("inf"), ("x", "-inf"): 0.0},
        extremes=((2.6989,), (-2.6989,), (-5.0,), (-8.5,), (-15.0,), (-21.0,), (1e155,), (1000.0,), (-1000.0,)),
        properties=(differs_by_x("gelu_tanh(x) - gelu_tanh(-x) = x"),),
        grain="Min(Abs(x), 40)",
    ),
    title="GELU as many networks were trained with it",
    points=2,
    claims=("S1-6.1.2b", "S4-A02"),
    hints=(
        "What is `1 + np.tanh(-20.0)`? And what is `x**3` for x = 1e155?",
        "(1 + tanh u)/2 is the sigmoid of 2u: with it nothing cancels, and the cube may be as large as a float can be. "
        "For it to be no larger, the gate need not know more of x than that it is far out.",
        "`z = 2 * np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)`, for an x that has been kept in bounds",
    ),
)
def gelu_tanh(x: np.ndarray) -> np.ndarray:
    r"""Return the approximation of GELU with tanh, for every entry of `x`:

    $$\frac{x}{2}\big(1 + \tanh u\big), \qquad u = \sqrt{2/\pi}\,\big(x + 0.044715\,x^3\big)$$

    Weights trained with this curve want this curve: it is off the exact GELU by up to 0.000473, at |x| = 2.6989, and in
    the left tail by orders of magnitude. So it is judged as a function of its own.

    `x` is a float16, float32 or float64 array of any shape; the result has its shape and dtype. Use NumPy only; you may
    call functions of your own.

    Judged: the value to the last few digits that the rounding of x leaves, also in the left tail: it is -2.3e-7 at
    x = -5 and -6.0e-301 at x = -21. 0 at $-\infty$, $\infty$ at $\infty$, nan stays nan; no warning at any finite
    x, however large; `x` is left as it was; gelu_tanh(x) - gelu_tanh(-x) = x.

    Example: `gelu_tanh(np.array([0.0, 1.0, -1.0, -5.0]))` is about `[0.0, 0.84119199, -0.15880801, -2.29179620e-07]`.
    """
    x, dtype = widened(x)
    t = np.minimum(np.abs(x), 25.0)  # beyond, the gate is 0 or 1
    cube = times((t, 0.0), times((t, 0.0), (t, 0.0)))
    z, rounding = plus(times(LINEAR, (t, 0.0)), times(CUBIC, cube))  # 2|u|
    front, rest = descent(-z, -rounding)
    return (np.where(x < 0, -t * front * rest, x) / (1 + front * rest)).astype(dtype)


gelu_tanh.alternative(
    "x times the sigmoid of 2u, with x kept in bounds", lambda x: (_above(x) * _logistic(_inner(x))).astype(x.dtype)
)


@gelu_tanh.alternative("in the dtype that came in; far to the left 0, far to the right x")
def narrow(x):
    x = np.maximum(x, x.dtype.type(-30))
    t = np.minimum(x, x.dtype.type(30)).astype(np.float64)
    e = np.exp(-2 * np.sqrt(2 / np.pi) * np.abs(t) * (1 + 0.044715 * t * t))
    return np.where(t > 0, x / (1 + e), t * e / (1 + e)).astype(x.dtype)


@gelu_tanh.alternative("through the logarithm of the gate")
def log_gate(x):
    return (_above(x) * np.exp(-np.logaddexp(0, -_inner(x)))).astype(x.dtype)


gelu_tanh.misconception(
    "The formula as printed. On the left tanh comes so close to -1 that 1 + tanh keeps ever fewer digits: compare your "
    "value at x = -8 with -3.1e-21. What is (1 + tanh u)/2 another name for?",
    lambda x: (0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))).astype(x.dtype),
)
gelu_tanh.misconception(
    "The values are right where x³ is a number. It overflows long before x does: need the gate know how far beyond 30 "
    "its x lies?",
    lambda x: (_above(x) * _logistic(2 * np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))).astype(x.dtype),
)
gelu_tanh.misconception(
    "This is the exact GELU, a little off the curve that is asked for. Trained weights notice: Φ(1) is 0.84134, the "
    "approximation 0.84119.",
    gelu.reference,
)
gelu_tanh.misconception(
    "Is the root over 2/π or over 2π? The slope of u at 0 should be 0.798, and yours is 2.5.",
    lambda x: (_above(x) * _logistic(_inner(x, below=1 / np.pi))).astype(x.dtype),
)
gelu_tanh.misconception(
    "The cube counts ten times too much: look at the zeros behind the point of its coefficient.",
    lambda x: (_above(x) * _logistic(_inner(x, share=0.44715))).astype(x.dtype),
)
gelu_tanh.misconception(
    "The root multiplies the cube as well: it stands in front of the bracket, not of the x alone.",
    lambda x: (_above(x) * _logistic(_inner(x, share=0.044715 / np.sqrt(2 / np.pi)))).astype(x.dtype),
)
gelu_tanh.misconception(
    "(1 + tanh u)/2 is the sigmoid of 2u: your gate opens at half of the speed.",
    lambda x: (_above(x) * _logistic(_inner(x) / 2)).astype(x.dtype),
)
