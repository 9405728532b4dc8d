"""Leaky ReLU: a small slope on the left, and a shortcut that works only while it is small."""

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Numeric


@exercise(
    Numeric(
        truth="where(x > 0, x, alpha*x)",
        arguments={"x": "real", "alpha": "positive"},
        kinks=("x",),
        extremes=((1e300,), (-1e300,), (1e-300,), (-1e-300,), (3e4,), (-3e4,)),
    ),
    title="Leaky ReLU, for every alpha",
    points=1,
    claims=("S1-6.1.3m", "S4-A10", "S4-X02", "S4-A09"),
    hints=(
        "Draw the curve for alpha = 2. Is it still the upper one of the two lines x and 2x?",
        "The definition goes by the sign of x, not by which of two numbers is larger. `np.where` takes a "
        "condition; or split x into its positive and its negative part and let alpha act on one of them.",
        "`return np.where(x > 0, ..., ...)`",
    ),
)
def leaky_relu(x: np.ndarray, alpha: float = 0.01) -> np.ndarray:
    r"""Return leaky ReLU of every entry of `x`:

    $$f(x) = x \text{ for } x > 0, \qquad f(x) = \alpha x \text{ for } x \le 0$$

    `alpha` is any positive number: usually small, but 2 is allowed. `x` is a float16, float32 or float64 array of any
    shape; the result has its shape and its dtype.

    Judged: the values for several alpha, some of them above 1; $\pm\infty$ stay what they are, nan stays nan; no
    warning at finite x; `x` is left as it was.

    Example: `leaky_relu(np.array([-1.0, 0.0, 3.0]))` is `[-0.01, 0, 3]`, and `leaky_relu(np.array([-1.0, 3.0]), alpha=2.0)`
    is `[-2, 3]`.
    """
    x = np.asarray(x)
    wide = x.astype(np.float64)  # a narrow input is rounded once, at the end
    y = np.maximum(wide, 0) + alpha * np.minimum(wide, 0)
    return y.astype(np.result_type(x, np.float16))  # floats keep their dtype, integers become float64


leaky_relu.alternative("a case for each side", lambda x, alpha=0.01: np.where(x > 0, x, alpha * x))
leaky_relu.alternative("a slope for each side", lambda x, alpha=0.01: x * np.where(x > 0, 1, alpha).astype(x.dtype))


@leaky_relu.alternative("a copy whose negative entries are scaled")
def scaled(x, alpha=0.01):
    y = np.array(x, copy=True)
    y[y < 0] *= alpha
    return y


leaky_relu.misconception(
    "For a small alpha the larger of x and αx is leaky ReLU. Put alpha = 2 and x = -1 in: which of -1 and -2 is "
    "larger, and which was asked for?",
    lambda x, alpha=0.01: np.maximum(alpha * x, x),
)
leaky_relu.misconception(
    "Your function takes an alpha and never looks at it: every leak is 0.01.",
    lambda x, alpha=0.01: np.where(x > 0, x, 0.01 * x),
)
leaky_relu.misconception(
    "On the left stands the slope alone. What was it to be multiplied with?",
    lambda x, alpha=0.01: np.where(x > 0, x, alpha).astype(np.asarray(x).dtype),
)
leaky_relu.misconception(
    "The leak points the wrong way: negative inputs come out positive. What is leaky_relu(-1)?",
    lambda x, alpha=0.01: np.where(x > 0, x, -alpha * x),
)
leaky_relu.misconception(
    "The two sides have changed places: large inputs are scaled down, negative ones go through untouched.",
    lambda x, alpha=0.01: np.where(x > 0, alpha * x, x),
)
leaky_relu.misconception(
    "Nothing leaks: this is plain ReLU, and a unit that is off will never learn to be on.",
    lambda x, alpha=0.01: np.maximum(x, 0),
)
leaky_relu.misconception(
    "Two masks, one of them 0 at every entry. And at x = inf the masked-out term is 0 times inf: what is that?",
    lambda x, alpha=0.01: x * (x > 0) + alpha * x * (x <= 0),
)


@exercise(
    Gradient(
        truth="where(x > 0, 1, alpha)",
        arguments={"x": "real", "alpha": "positive"},
        kinks=("x",),
        extremes=((1e-300,), (-1e-300,), (1e300,), (-1e300,)),
        forward="leaky_relu",
        forward_truth="where(x > 0, x, alpha*x)",
        at_kink="alpha at 0",
    ),
    title="The slope of leaky ReLU",
    points=1,
    claims=("S4-A11", "S4-A09", "S4-X02"),
    hints=(
        "There are three cases and not two: x > 0, x <= 0, and the one that compares as False to everything.",
        "The slope does not contain x. So nothing of x survives into your result by itself: its dtype and its nan "
        "you have to carry over.",
        "`slope = np.where(x > 0, 1, alpha)`",
    ),
)
def leaky_relu_grad(x: np.ndarray, alpha: float = 0.01) -> np.ndarray:
    r"""Return the slope of leaky ReLU at every entry of `x`: 1 where x > 0, $\alpha$ where x < 0.

    At 0 there is no slope unless $\alpha = 1$. The convention here is the slope seen from the left: $\alpha$ at 0.

    `alpha` is any positive number, 2 as well. `x` is the pre-activation, a float16, float32 or float64 array of any
    shape; the result has its shape and its dtype.

    Judged: the values for several alpha, the convention at 0 and the numbers next to it; the slopes at $\pm\infty$; nan
    stays nan; `x` is left as it was; agreement with differences of your own `leaky_relu` away from 0.

    Example: `leaky_relu_grad(np.array([-3.0, 0.0, 2.0]), alpha=0.25)` is `[0.25, 0.25, 1]`.
    """
    x = np.asarray(x)
    slope = np.where(x > 0, 1.0, alpha)
    return np.where(np.isnan(x), np.nan, slope).astype(np.result_type(x, np.float16))


leaky_relu_grad.alternative(
    "two steps, one of them alpha high",
    lambda x, alpha=0.01: np.heaviside(x, 0.0) + alpha * np.heaviside(-x, 1.0),
)


@leaky_relu_grad.alternative("filled in by hand")
def filled_in(x, alpha=0.01):
    slope = np.array(x, copy=True)
    slope[x > 0] = 1
    slope[x <= 0] = alpha
    return slope


def _like(x, slope):
    """The slope in the dtype of x, nan where x is."""
    return np.where(np.isnan(x), np.nan, slope).astype(np.asarray(x).dtype)


leaky_relu_grad.misconception(
    "At 0 you give 1, the slope seen from the right. The convention asked for here is alpha.",
    lambda x, alpha=0.01: _like(x, np.where(x >= 0, 1, alpha)),
)
leaky_relu_grad.misconception(
    "This is the value on the left, not the slope: a straight line has the same slope at -3 and at -300.",
    lambda x, alpha=0.01: np.where(x > 0, np.ones_like(x), alpha * x),
)
leaky_relu_grad.misconception(
    "This is the slope of the larger of x and αx. With alpha = 2 that is another function than the one asked for.",
    lambda x, alpha=0.01: _like(x, np.where(x > alpha * x, 1, alpha)),
)
leaky_relu_grad.misconception(
    "Your function takes an alpha and never looks at it: every slope on the left is 0.01.",
    lambda x, alpha=0.01: _like(x, np.where(x > 0, 1, 0.01)),
)
leaky_relu_grad.misconception(
    "nan is not greater than 0, so it gets the slope alpha, as if it were an honest negative number.",
    lambda x, alpha=0.01: np.where(x > 0, 1, alpha).astype(np.asarray(x).dtype),
)
leaky_relu_grad.misconception(
    "The values are right and the result is always float64: a `where` between two Python numbers knows nothing of the "
    "dtype of x.",
    lambda x, alpha=0.01: np.where(np.isnan(x), np.nan, np.where(x > 0, 1.0, alpha)),
)
leaky_relu_grad.misconception(
    "The slope on the left is 0 here: that is ReLU, and the leak is gone.",
    lambda x, alpha=0.01: np.heaviside(x, 0.0),
)
