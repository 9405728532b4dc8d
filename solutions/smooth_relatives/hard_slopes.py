"""Slopes of the hard copies: steps, and what to say at a corner that has no slope."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient
from autograder.properties import even
from solutions.smooth_relatives.two_floats import widened


@exercise(
    Gradient(
        truth="where(Abs(x) < 3, 1/6, 0)",
        arguments={"x": "real"},
        limits={("x", "inf"): 0.0, ("x", "-inf"): 0.0},
        kinks=("x+3", "x-3"),
        extremes=((-3.5,), (3.5,), (2.75,), (1000.0,), (-1000.0,)),
        properties=(even("the slope is the same at x and at -x"),),
        forward="hard_sigmoid",
        forward_truth="Min(Max((x+3)/6, 0), 1)",
        at_kink="0 at both corners",
    ),
    title="The slope of the hard sigmoid",
    points=1,
    claims=("S1-6.1.3k", "S4-A04"),
    hints=(
        "The hard sigmoid is made of three straight lines. What is the slope of each?",
        "Inside of ±3 the slope is one constant, elsewhere another, and a nan is in neither: comparisons with nan are "
        "False. So say what nan gives, or use a function that hands it through.",
        "`inside = np.abs(x) < 3`",
    ),
)
def hard_sigmoid_grad(x: np.ndarray) -> np.ndarray:
    r"""Return the derivative of the hard sigmoid $\min(\max(x/6 + 1/2, 0), 1)$ at every entry of `x`: 1/6 for
    $|x| < 3$ and 0 for $|x| > 3$.

    At the corners, x = -3 and x = 3, there is no derivative, and code must return something: by convention, return 0.

    `x` is a float16, float32 or float64 array of any shape; the result has its shape and dtype. Use NumPy only.

    Judged: the value everywhere, at both corners and right beside them; 0 at $\pm\infty$, nan stays nan; the dtype of
    `x`; no warning; `x` is left as it was; the slope is even; agreement with differences of your own `hard_sigmoid`.

    Example: `hard_sigmoid_grad(np.array([-4.0, -3.0, 0.0, 3.0]))` is about `[0.0, 0.0, 0.16666667, 0.0]`.
    """
    x, dtype = widened(x)
    return (np.heaviside(3 - np.abs(x), 0) / 6).astype(dtype)  # heaviside: 0 or 1, 0 at the step, nan for nan


hard_sigmoid_grad.alternative(
    "a choice of two, and nan as it came",
    lambda x: np.where(np.isnan(x), x, np.where(np.abs(x) < 3, 1 / 6, 0).astype(x.dtype)),
)
hard_sigmoid_grad.alternative(
    "truth values as numbers, and nan kept alive by adding 0 times x cut off",
    lambda x: ((np.abs(x) < 3) / 6 + 0 * np.clip(x, -1, 1)).astype(x.dtype),
)

hard_sigmoid_grad.misconception(
    "At the corners this exercise asks for 0. Is x = 3 inside of your interval?",
    lambda x: np.where(np.isnan(x), x, np.where(np.abs(x) <= 3, 1 / 6, 0).astype(x.dtype)),
)
hard_sigmoid_grad.misconception(
    "Your line rises by 1 for every step of 1. The real one needs 6 steps, from -3 to 3, to rise by 1.",
    lambda x: np.heaviside(3 - np.abs(x), x.dtype.type(0)),
)
hard_sigmoid_grad.misconception(
    "h(1 - h) is the slope of the smooth sigmoid. A straight line has the same slope all along.",
    lambda x: (np.clip((x + 3) / 6, 0, 1) * np.clip((3 - x) / 6, 0, 1)).astype(x.dtype),
)
hard_sigmoid_grad.misconception(
    "The line has this slope, and it does not go on for ever: what is the slope at x = 10?",
    lambda x: (1 / 6 + 0 * np.clip(x, -1, 1)).astype(x.dtype),
)
hard_sigmoid_grad.misconception(
    "nan went in, and a 0 came out: nan < 3 is False, so it fell into the other branch. A slope that was never computed "
    "should not look like one.",
    lambda x: np.where(np.abs(x) < 3, 1 / 6, 0).astype(x.dtype),
)
hard_sigmoid_grad.misconception(
    "The slope 0.2 between -2.5 and 2.5 belongs to another library's line. How many steps does ours take from 0 to 1?",
    lambda x: np.heaviside(2.5 - np.abs(x), 0).astype(x.dtype) / 5,
)


@exercise(
    Gradient(
        truth="where(Abs(x) < 1, 1, 0)",
        arguments={"x": "real"},
        limits={("x", "inf"): 0.0, ("x", "-inf"): 0.0},
        kinks=("x+1", "x-1"),
        extremes=((-1.5,), (1.5,), (0.75,), (1000.0,), (-1000.0,)),
        properties=(even("the slope is the same at x and at -x"),),
        forward="hard_tanh",
        forward_truth="Min(Max(x, -1), 1)",
        at_kink="0 at both corners",
    ),
    title="The slope of hard tanh",
    points=1,
    claims=("S1-6.1.3k", "S4-A27"),
    hints=(
        "Which entries of x come out of `hard_tanh` as they went in, and which ones are stuck at an end?",
        "The slope is 1 inside of ±1 and 0 elsewhere, the corners included; and a nan stays a nan, although no "
        "comparison with it is True.",
        "`inside = np.abs(x) < 1`",
    ),
)
def hard_tanh_grad(x: np.ndarray) -> np.ndarray:
    r"""Return the derivative of hard tanh, $\min(\max(x, -1), 1)$, at every entry of `x`: 1 for $|x| < 1$ and 0 for
    $|x| > 1$.

    At the corners, x = -1 and x = 1, there is no derivative; by convention, return 0.

    `x` is a float16, float32 or float64 array of any shape; the result has its shape and dtype. Use NumPy only.

    Judged: the value everywhere, at both corners and right beside them; 0 at $\pm\infty$, nan stays nan; the dtype of
    `x`; no warning; `x` is left as it was; the slope is even; agreement with differences of your own `hard_tanh`.

    Example: `hard_tanh_grad(np.array([-2.0, -1.0, 0.5, 1.0]))` is `[0.0, 0.0, 1.0, 0.0]`.
    """
    x, dtype = widened(x)
    return np.heaviside(1 - np.abs(x), 0).astype(dtype)  # 0 or 1, 0 at the step, nan for nan


hard_tanh_grad.alternative(
    "a choice of two, and nan as it came",
    lambda x: np.where(np.isnan(x), x, (np.abs(x) < 1).astype(x.dtype)),
)
hard_tanh_grad.alternative(
    "where hard tanh changes nothing, the corners left out",
    lambda x: np.where(np.isnan(x), x, ((np.clip(x, -1, 1) == x) & (np.abs(x) != 1)).astype(x.dtype)),
)

hard_tanh_grad.misconception(
    "At the corners this exercise asks for 0. Is x = 1 inside of your interval?",
    lambda x: np.where(np.isnan(x), x, (np.abs(x) <= 1).astype(x.dtype)),
)
hard_tanh_grad.misconception(
    "1 - h² is the slope of the smooth tanh. A straight line has the same slope all along.",
    lambda x: 1 - np.clip(x, -1, 1) ** 2,
)
hard_tanh_grad.misconception(
    "Only the right end is flat in your slope. What does hard tanh do left of -1?",
    lambda x: np.heaviside(1 - x, x.dtype.type(0)),
)
hard_tanh_grad.misconception(
    "nan went in, and a 0 came out: nan < 1 is False. A slope that was never computed should not look like one.",
    lambda x: (np.abs(x) < 1).astype(x.dtype),
)
hard_tanh_grad.misconception(
    "Your slopes are whole numbers: `np.where(..., 1, 0)` makes integers, and a nan cannot be one. In which dtype did x "
    "come in?",
    lambda x: np.where(np.abs(x) < 1, 1, 0),
)
hard_tanh_grad.misconception(
    "That is the step of the ReLU. Hard tanh rises on both sides of 0 and is flat at both ends.",
    lambda x: np.heaviside(x, x.dtype.type(0)),
)
