"""The slope of GELU: a probability plus x times its density."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient
from autograder.properties import reflection
from solutions.smooth_relatives.gelu import _density, _erf, _probability
from solutions.smooth_relatives.normal import bell, mills
from solutions.smooth_relatives.roots import GELU, climbed, since
from solutions.smooth_relatives.two_floats import widened


@exercise(
    Gradient(
        truth="erfc(-x/sqrt(2))/2 + x*exp(-x**2/2)/sqrt(2*pi)",
        arguments={"x": "real"},
        limits={("x", "inf"): 1.0, ("x", "-inf"): 0.0},
        extremes=((-0.75,), (-1.0,), (-5.0,), (-10.0,), (-20.0,), (-37.5,), (8.5,), (1000.0,), (-1000.0,)),
        properties=(reflection(1, "gelu_grad(x) + gelu_grad(-x) = 1"),),
        grain="Min(Abs(x), 40)",
        forward="gelu",
        forward_truth="x*erfc(-x/sqrt(2))/2",
    ),
    title="The slope of GELU",
    points=2,
    claims=("S4-A02", "S1-6.1.4d"),
    hints=(
        "GELU is x times Φ(x). What is the derivative of Φ called?",
        "The product rule gives Φ(x) + x φ(x). For Φ take erfc as in `gelu`; for φ think of what becomes of x φ(x) and "
        "of x² when x is infinite, or 1e300.",
        "`density = np.exp(-x**2 / 2) / np.sqrt(2 * np.pi)`",
    ),
)
def gelu_grad(x: np.ndarray) -> np.ndarray:
    r"""Return the derivative of the exact GELU at every entry of `x`:

    $$\mathrm{gelu}'(x) = \Phi(x) + x\,\varphi(x), \qquad \varphi(x) = \frac{e^{-x^2/2}}{\sqrt{2\pi}}$$

    It falls to -0.1289 at $x = -\sqrt2$, crosses zero at -0.75179, overshoots to 1.1289 at $\sqrt2$ and comes down to 1.

    `x` is a float16, float32 or float64 array of any shape; the result has its shape and dtype. Use NumPy and Python's
    `math`; you may call functions of your own.

    Judged: the value to the last few digits that the rounding of x leaves, also in the left tail; 0 at $-\infty$, 1 at
    $\infty$, nan stays nan; no warning at any finite x, however large; `x` is left as it was; the slopes at x
    and at -x add up to 1; agreement with differences of your own `gelu`.

    Example: `gelu_grad(np.array([0.0, 1.0, -1.0, -10.0]))` is about `[0.5, 1.08331547, -0.08331547, -7.61840010e-22]`.
    """
    x, dtype = widened(x)
    t, right = np.clip(-x, 1.5, 40), np.clip(x, 0, 40)
    front, rest = bell(t)
    left = (mills(t) - t) / np.sqrt(2 * np.pi) * front * rest
    # Here Φ and xφ cancel. But gelu'' = (2 - x²) φ(x) has one sign, and its integral from the root is gelu'.
    middle = climbed(lambda s: (2 - s**2) * _density(s), GELU, sum(since(GELU, np.clip(x, -1.5, 0))))
    right = _probability(right) + right * _density(right)
    return np.where(x < -1.5, left, np.where(x < 0, middle, right)).astype(dtype)


def _tame(x):
    return np.clip(x, -50, 50).astype(np.float64)


gelu_grad.alternative(
    "probability plus x times density, x kept within 50",
    lambda x: (_probability(_tame(x)) + _tame(x) * _density(_tame(x))).astype(x.dtype),
)


@gelu_grad.alternative("the left half from the right half")
def mirrored(x):
    t = np.minimum(np.abs(x), 50).astype(np.float64)
    below = _probability(-t) - t * _density(t)
    return np.where(x < 0, below, 1 - below).astype(x.dtype)


@gelu_grad.alternative("unbounded, with the overflow of x² silenced where the density is 0 anyway")
def quiet(x):
    with np.errstate(over="ignore", invalid="ignore"):
        wide = x.astype(np.float64)
        tail = np.where(np.isinf(wide), 0, wide * np.exp(-(wide**2) / 2))
        return (_probability(wide) + tail / np.sqrt(2 * np.pi)).astype(x.dtype)


gelu_grad.misconception(
    "The product rule has two terms. x grows while Φ grows: one of the two has been left out.",
    lambda x: _probability(_tame(x)).astype(x.dtype),
)
gelu_grad.misconception(
    "In the second term Φ has been differentiated and its partner x is gone: at x = 0 the slope is 1/2, and you get 0.9.",
    lambda x: (_probability(_tame(x)) + _density(_tame(x))).astype(x.dtype),
)
gelu_grad.misconception(
    "Your density has no $1/\\sqrt{2\\pi}$ in front: it would not integrate to 1, and your slope overshoots to 1.47.",
    lambda x: (_probability(_tame(x)) + _tame(x) * np.exp(-(_tame(x) ** 2) / 2)).astype(x.dtype),
)
gelu_grad.misconception(
    "The exponent of the normal density is -x²/2. With -x² it belongs to erf, whose scale is another one.",
    lambda x: (_probability(_tame(x)) + _tame(x) * np.exp(-(_tame(x) ** 2)) / np.sqrt(2 * np.pi)).astype(x.dtype),
)
gelu_grad.misconception(
    "The formula is right, and 1 + erf loses its digits on the left: at x = -10 the probability is 7.6e-24, and yours "
    "is 0. Which function gives it without the 1?",
    lambda x: (0.5 * (1 + _erf(x / np.sqrt(2))) + x * _density(x)).astype(x.dtype),
)
gelu_grad.misconception(
    "x² overflows long before x does, and at infinity you multiply ∞ by 0. The slope is 1 there: which x "
    "is large enough for you?",
    lambda x: (_probability(x) + x * _density(x)).astype(x.dtype),
)
gelu_grad.misconception(
    "This is the slope of the approximation with tanh: close, and not the same. Here the gate is Φ itself.",
    lambda x: _tanh_slope(_tame(x)).astype(x.dtype),
)


def _tanh_slope(x):
    z = 2 * np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
    gate = 0.5 * (1 + np.tanh(z / 2))
    return gate + x * gate * (1 - gate) * 2 * np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * x**2)
