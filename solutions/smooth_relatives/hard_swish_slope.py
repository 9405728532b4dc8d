"""The slope of hard swish: three pieces, two corners, and the product rule in between."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient
from solutions.smooth_relatives.two_floats import widened


@exercise(
    Gradient(
        truth="where(Abs(x) < 3, (2*x+3)/6, where(x > 3, 1, 0))",
        arguments={"x": "real"},
        limits={("x", "inf"): 1.0, ("x", "-inf"): 0.0},
        kinks=("x+3", "x-3"),
        extremes=((-3.5,), (3.5,), (-1.5,), (-1.25,), (2.75,), (1000.0,), (-1000.0,)),
        forward="hard_swish",
        forward_truth="where(x <= -3, 0, where(x >= 3, x, x*(x+3)/6))",
        at_kink="0 at both corners",
    ),
    title="The slope of hard swish",
    points=2,
    claims=("S1-6.1.3k", "S4-A04"),
    hints=(
        "Three pieces: nothing, a parabola, and x itself. What is the slope of each?",
        "Between the corners hard swish is (x² + 3x)/6. Take care of the two corners and of nan after that, and of an "
        "infinite x in the piece that is thrown away.",
        "`inside = (2 * x + 3) / 6`, for an x kept within 3",
    ),
)
def hard_swish_grad(x: np.ndarray) -> np.ndarray:
    r"""Return the derivative of hard swish, $x \cdot \min(\max(x/6 + 1/2, 0), 1)$, at every entry of `x`: 0 for x < -3,
    $(2x + 3)/6$ between -3 and 3, and 1 for x > 3.

    The slope jumps at both corners, from 0 to -1/2 and from 3/2 to 1; at the corners themselves, x = -3 and x = 3, there
    is no derivative, and by the convention of this course for all hard functions you return 0.

    `x` is a float16, float32 or float64 array of any shape; the result has its shape and dtype. Use NumPy only.

    Judged: the value to the last few digits everywhere, at both corners and right beside them; 0 at $-\infty$, 1 at
    $\infty$, nan stays nan; no warning at any finite x, however large; `x` is left as it was; agreement with differences
    of your own `hard_swish`.

    Example: `hard_swish_grad(np.array([-4.0, -3.0, -1.0, 0.0, 2.5, 3.0, 4.0]))` is about
    `[0.0, 0.0, 0.16666667, 0.5, 1.33333333, 0.0, 1.0]`.
    """
    x, dtype = widened(x)
    inside, beyond = np.heaviside(3 - np.abs(x), 0), np.heaviside(x - 3, 0)  # 0 or 1, 0 at the step, nan for nan
    return (inside * (2 * np.clip(x, -3, 3) + 3) / 6 + beyond).astype(dtype)


def _three_pieces(x, inside, right, within):
    """The slope of a function of three pieces, nan for nan."""
    pieces = np.where(within, inside, np.where(x > 0, right, 0)).astype(x.dtype)
    return np.where(np.isnan(x), x, pieces)


def _middle(x):
    return (2 * np.clip(x, -3, 3) + 3) / 6


hard_swish_grad.alternative(
    "two nested choices, the corners put right at the end",
    lambda x: np.where(np.abs(x) == 3, x.dtype.type(0), _three_pieces(x, _middle(x), 1, np.abs(x) < 3)),
)


@hard_swish_grad.alternative("the product rule: gate plus x times the slope of the gate")
def product_rule(x):
    t = np.clip(x, -4, 4).astype(np.float64)
    slope = np.where(np.abs(t) < 3, 1 / 6, 0)
    return np.where(np.abs(t) == 3, 0, np.clip((t + 3) / 6, 0, 1) + t * slope).astype(x.dtype)


hard_swish_grad.misconception(
    "The gate is there, and its partner is missing: the product rule has a second term, x times the slope of the gate.",
    lambda x: np.where(np.abs(x) == 3, x.dtype.type(0), np.clip((x + 3) / 6, 0, 1)),
)
hard_swish_grad.misconception(
    "Right between and beyond the corners. At x = 3 itself this exercise asks for 0, at x = -3 too.",
    lambda x: _three_pieces(x, _middle(x), 1, np.abs(x) <= 3),
)
hard_swish_grad.misconception(
    "To the right of 3 the function is x. What is the slope of x?",
    lambda x: _three_pieces(x, _middle(x), 0, np.abs(x) < 3),
)
hard_swish_grad.misconception(
    "The parabola is (x² + 3x)/6, and at x = 0 your slope is 0: what became of the 3x?",
    lambda x: _three_pieces(x, x / 3, 1, np.abs(x) < 3),
)
hard_swish_grad.misconception(
    "That is the slope of the gate, 1/6 or 0. At x = 10 hard swish rises as steeply as x itself.",
    lambda x: _three_pieces(x, 1 / 6, 0, np.abs(x) < 3),
)
hard_swish_grad.misconception(
    "nan went in, and a number came out: every comparison with nan is False, so it fell through to the last branch. A "
    "slope that was never computed should not look like one.",
    lambda x: np.where(np.abs(x) < 3, _middle(x), np.where(x > 3, 1, 0)).astype(x.dtype),
)
hard_swish_grad.misconception(
    "Without the corners, the parabola goes on for ever: what is the slope at x = -10, and what should it be?",
    lambda x: (x / 3 + 0.5).astype(x.dtype),
)
