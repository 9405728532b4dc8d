"""Hard copies of smooth curves: straight lines with corners, for machines that would rather not compute exponentials."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Numeric
from autograder.properties import odd, reflection
from solutions.smooth_relatives.mirror import differs_by_x
from solutions.smooth_relatives.two_floats import widened


@exercise(
    Numeric(
        truth="Min(Max((x+3)/6, 0), 1)",
        arguments={"x": "real"},
        limits={("x", "inf"): 1.0, ("x", "-inf"): 0.0},
        kinks=("x+3", "x-3"),
        extremes=((-3.5,), (3.5,), (2.75,), (-2.75,), (1000.0,), (-1000.0,)),
        properties=(reflection(1, "hard_sigmoid(x) + hard_sigmoid(-x) = 1"),),
    ),
    title="A sigmoid with a ruler",
    points=1,
    claims=("S2-N18", "S1-6.1.3a"),
    hints=(
        "The line x/6 + 1/2 goes through the right point at 0. Where does it leave the interval from 0 to 1?",
        "Compute the line everywhere, then cut off what is below 0 and above 1; NumPy has one function for both cuts.",
        "`line = (x + 3) / 6`",
    ),
)
def hard_sigmoid(x: np.ndarray) -> np.ndarray:
    r"""Return the hard sigmoid of every entry of `x`:

    $$h(x) = \min\big(\max(x/6 + 1/2,\; 0),\; 1\big)$$

    A straight line from (-3, 0) to (3, 1), flat on both sides. It costs no exponential, and its 0 and 1 are exact.
    (Libraries disagree on the slope of the line: here it is 1/6.)

    `x` is a float16, float32 or float64 array of any shape (a scalar and an empty array too); the result has its
    shape and its dtype. Use NumPy only.

    Judged: the value to the last few digits everywhere, at both corners and right beside them; 0 at $-\infty$, 1 at
    $\infty$, nan stays nan; no warning at any finite x; `x` is left as it was; h(x) + h(-x) = 1.

    Example: `hard_sigmoid(np.array([-4.0, -3.0, 0.0, 1.5, 3.0]))` is `[0.0, 0.0, 0.5, 0.75, 1.0]`.
    """
    x, dtype = widened(x)
    return np.clip((x + 3) / 6, 0, 1).astype(dtype)


hard_sigmoid.alternative("the line as printed, then the two cuts", lambda x: np.minimum(np.maximum(x / 6 + 0.5, 0), 1))
hard_sigmoid.alternative("cut x first, then draw the line", lambda x: np.clip(x, -3, 3) / 6 + x.dtype.type(0.5))
hard_sigmoid.alternative("a ReLU that ends at 6, over 6", lambda x: np.minimum(np.maximum(x + 3, 0), 6) / 6)

hard_sigmoid.misconception(
    "The slope 0.2 is the one that Keras had for many years; this course takes 1/6, so the corners lie at -3 and 3. "
    "Where do yours lie?",
    lambda x: np.clip(0.2 * x + 0.5, 0, 1),
)
hard_sigmoid.misconception(
    "The line goes on for ever: what is your value at x = 4, and can it be a probability?",
    lambda x: x / 6 + 0.5,
)
hard_sigmoid.misconception(
    "Only the lower end is cut off. What is your value at x = 4?",
    lambda x: np.maximum(x / 6 + 0.5, 0),
)
hard_sigmoid.misconception(
    "The cut comes before the line here, with the corners of the result: which x give 0, and which 1?",
    lambda x: np.clip(x, 0, 1) / 6 + x.dtype.type(0.5),
)
hard_sigmoid.misconception(
    "Cutting x/6 at 0 and 1 leaves no room for the 1/2: at x = 0 the value is 1/2, halfway up.",
    lambda x: np.clip(x / 6, 0, 1),
)
hard_sigmoid.misconception(
    "This is the smooth sigmoid. The hard one reaches 0 and 1 exactly: at x = 3 it is 1, not 0.95.",
    lambda x: np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x))),
)
hard_sigmoid.misconception(
    "`max` and `min` of Python compare whole objects, and an array is neither larger nor smaller than 0. Which functions "
    "of NumPy do it entry by entry?",
    lambda x: max(0, min(1, x / 6 + 0.5)),
)


@exercise(
    Numeric(
        truth="where(x <= -3, 0, where(x >= 3, x, x*(x+3)/6))",
        arguments={"x": "real"},
        limits={("x", "inf"): float("inf"), ("x", "-inf"): 0.0},
        kinks=("x+3", "x-3"),
        extremes=((-3.5,), (3.5,), (-1.5,), (2.75,), (1000.0,), (-1000.0,)),
        properties=(differs_by_x("hard_swish(x) - hard_swish(-x) = x"),),
    ),
    title="Hard swish",
    points=1,
    claims=("S2-N18", "S4-A02"),
    hints=(
        "SiLU is x times a sigmoid. What is x times `hard_sigmoid(x)` at x = -∞? And what is `x * 6` for a large float16?",
        "Let the gate be a number between 0 and 1 before x meets it, and let no infinite x meet a gate that is 0.",
        "`gate = np.clip((x + 3) / 6, 0, 1)`",
    ),
)
def hard_swish(x: np.ndarray) -> np.ndarray:
    r"""Return hard swish of every entry of `x`, SiLU with the hard sigmoid for its gate:

    $$\mathrm{hard\_swish}(x) = x \cdot \min\big(\max(x/6 + 1/2,\; 0),\; 1\big)$$

    It is 0 up to x = -3, x from 3 on, and a piece of a parabola between them, with its lowest point (-1.5, -0.375).

    `x` is a float16, float32 or float64 array of any shape; the result has its shape and dtype. Use NumPy only; you may
    call your own `hard_sigmoid`.

    Judged: the value to the last few digits everywhere, at both corners and right beside them; 0 at $-\infty$, $\infty$
    at $\infty$, nan stays nan; no warning at any finite x, the largest included; `x` is left as it was;
    hard_swish(x) - hard_swish(-x) = x.

    Example: `hard_swish(np.array([-4.0, -1.5, 0.0, 1.0, 3.0]))` is about `[0.0, -0.375, 0.0, 0.66666667, 3.0]`.
    """
    x, dtype = widened(x)
    gate = np.clip((x + 3) / 6, 0, 1)
    return (np.maximum(x, -3) * gate).astype(dtype)  # where the gate is shut, x may be anything but -inf


hard_swish.alternative(
    "x times the gate, minus infinity put in by hand",
    lambda x: np.where(np.isneginf(x), x.dtype.type(0), np.maximum(x, np.finfo(x.dtype).min) * _gate(x)),
)
hard_swish.alternative(
    "three pieces",
    lambda x: np.where(x <= -3, 0 * np.maximum(x, -3), np.where(x >= 3, x, np.clip(x, -3, 3) * _gate(x))),
)


@hard_swish.alternative("piece by piece, by index")
def by_index(x):
    y = np.array(x)
    y[y <= -3] = 0
    inside = np.abs(y) < 3
    y[inside] *= (y[inside] + 3) / 6
    return y


def _gate(x):
    return np.clip((x + 3) / 6, 0, 1)


hard_swish.misconception(
    "Your gate is x/6, cut at 0 and 1: it opens at 0, not at -3, and the dip on the left is gone. What is the gate at "
    "x = 0?",
    lambda x: np.maximum(x, 0) * np.clip(x / 6, 0, 1),
)
hard_swish.misconception(
    "The gate is not divided by 6: at x = 3 the result is 3, and you get 18.",
    lambda x: np.clip(x, -3, np.finfo(x.dtype).max / 8) * np.clip(x + 3, 0, 6),
)
hard_swish.misconception(
    "Right, until x times 6 overflows: from 1.1e4 on in float16, and near the end of every dtype. In which order would "
    "you multiply and divide?",
    lambda x: x * np.clip(x + 3, 0, 6) / 6,
)
hard_swish.misconception(
    "The gate with the slope 0.2 is another library's. Where should the curve leave 0: at -2.5, or at -3?",
    lambda x: np.maximum(x, -3) * np.clip(0.2 * x + 0.5, 0, 1),
)
hard_swish.misconception(
    "Right everywhere but at the very end: $-\\infty$ times a gate of 0 is nan. What is hard swish left of -3?",
    lambda x: x * np.clip((x + 3) / 6, 0, 1),
)
hard_swish.misconception(
    "That is the gate alone, and it never exceeds 1. What is multiplied by it?",
    lambda x: np.clip((x + 3) / 6, 0, 1),
)
hard_swish.misconception(
    "This is the smooth one. Hard swish is exactly x from 3 on: what is your value at x = 4?",
    lambda x: np.maximum(x, -1e4).astype(x.dtype) * np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x))),
)


@exercise(
    Numeric(
        truth="Min(Max(x, -1), 1)",
        arguments={"x": "real"},
        limits={("x", "inf"): 1.0, ("x", "-inf"): -1.0},
        kinks=("x+1", "x-1"),
        extremes=((-1.5,), (1.5,), (0.75,), (1000.0,), (-1000.0,)),
        properties=(odd("hard_tanh(-x) = -hard_tanh(x)"),),
    ),
    title="tanh with a ruler",
    points=1,
    claims=("S2-N18", "S4-A25"),
    hints=(
        "tanh has the slope 1 at 0 and ends at ±1. Which straight line has that slope?",
        "Follow the line as far as it stays between -1 and 1, and stay at the end after that.",
        "`np.clip` takes an array and the two ends",
    ),
)
def hard_tanh(x: np.ndarray) -> np.ndarray:
    r"""Return the hard tanh of every entry of `x`:

    $$\mathrm{hard\_tanh}(x) = \min\big(\max(x, -1),\; 1\big)$$

    `x` is a float16, float32 or float64 array of any shape; the result has its shape and dtype. Use NumPy only.

    Judged: the value everywhere, at both corners and right beside them; ±1 at $\pm\infty$, nan stays nan; no warning;
    `x` is left as it was; the function is odd.

    Example: `hard_tanh(np.array([-2.0, -0.25, 0.0, 1.0, 9.0]))` is `[-1.0, -0.25, 0.0, 1.0, 1.0]`.
    """
    x, dtype = widened(x)
    return np.clip(x, -1, 1).astype(dtype)


hard_tanh.alternative("two cuts, one after the other", lambda x: np.minimum(np.maximum(x, -1), 1))
hard_tanh.alternative("inside the line, outside the sign", lambda x: np.where(np.abs(x) > 1, np.sign(x), x))

hard_tanh.misconception(
    "Your curve has lost its left half: tanh is odd, so what is the value at x = -0.5 when it is 0.5 at 0.5?",
    lambda x: np.clip(x, 0, 1),
)
hard_tanh.misconception(
    "tanh x is 2σ(2x) - 1, with a 2 inside as well. Yours rises with the slope 1/3; what is the slope of tanh at 0?",
    lambda x: np.clip(x, -3, 3) / 3,
)
hard_tanh.misconception(
    "This is tanh itself. The hard one is x as long as it can be: at x = 0.5 it is 0.5, not 0.46.",
    lambda x: np.tanh(x),
)
hard_tanh.misconception(
    "That only looks at the sign: between the corners the value is x.",
    lambda x: np.sign(x),
)
hard_tanh.misconception(
    "Only one end is cut off. What is your value at x = -7?",
    lambda x: np.minimum(x, 1),
)
