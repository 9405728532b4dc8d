"""ReLU and its slope: two one-liners, and the many ways to get them wrong."""

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Numeric
from autograder.properties import monotone


@exercise(
    Numeric(
        truth="Max(x, 0)",
        arguments={"x": "real"},
        kinks=("x",),
        extremes=((1e300,), (-1e300,), (1e30,), (-1e30,), (4e4,), (-4e4,), (7.0,)),
        properties=(monotone(),),
    ),
    title="ReLU",
    points=1,
    claims=("S1-6.1.3j", "S2-N15", "S4-A03", "S4-X01", "S4-X14", "S2-D03"),
    hints=(
        "What should become of nan, and of -inf? Many short forms of ReLU answer one of the two wrongly.",
        "ReLU is the larger of two numbers, one of which is 0. NumPy can take the larger one entry by entry; Python's "
        "own `max` compares whole arrays, and a mask multiplied in meets $0 \\cdot \\infty$.",
        "`return np.maximum(...)`",
    ),
)
def relu(x: np.ndarray) -> np.ndarray:
    r"""Return the rectified linear unit of every entry of `x`:

    $$\mathrm{relu}(x) = \max(0, x)$$

    `x` is a float16, float32 or float64 array of any shape (a scalar and an empty array too); the result has its
    shape and its dtype.

    Judged: every value exactly, for the largest numbers too; $\infty$ at $\infty$ and 0 at $-\infty$; nan stays nan, for
    a network that is broken should look broken; no warning at finite x; `x` is left as it was; the curve never falls.

    Example: `relu(np.array([-2.0, -1.0, 0.0, 1.0, 2.0]))` is `[0, 0, 0, 1, 2]`.
    """
    return np.maximum(x, 0.0)


relu.alternative("a case for each side", lambda x: np.where(x < 0, 0, x))
relu.alternative("a clip that is open above", lambda x: np.clip(x, 0, None))


@relu.alternative("a copy with its negative entries wiped out")
def wiped(x):
    y = np.array(x, copy=True)
    y[y < 0] = 0
    return y


relu.misconception(
    "A mask is 0 or 1, and 0 times anything is 0, you would think. What is 0 times -inf?",
    lambda x: x * (x > 0),
)
relu.misconception(
    "`max` asks Python which of two things is larger, and for an array that is no yes-or-no question. NumPy has a "
    "function that asks it of every entry.",
    lambda x: max(0, x),
)
relu.misconception(
    "True on paper. But on its way to x it passes 2x, and the largest numbers have no double. In float16 that begins at "
    "32768: what does your function give for 40000?",
    lambda x: (x + np.abs(x)) / 2,
)
relu.misconception(
    "nan is not greater than 0, so your `where` turns it into 0: a network that has gone wrong will look healthy. "
    "Which comparison lets nan through?",
    lambda x: np.where(x > 0, x, np.zeros_like(x)),
)
relu.misconception(
    "The values are right, and the caller's array is ruined: you wrote the zeros into `x` itself. The backward pass "
    "still needs it.",
    lambda x: np.maximum(x, 0, out=x) if np.ndim(x) else np.maximum(x, 0),
)
relu.misconception(
    "This one is capped at 6, as on some phones. ReLU goes on forever: that it does not saturate is its whole point.",
    lambda x: np.clip(x, 0, 6),
)
relu.misconception(
    "The absolute value folds the left half up. ReLU lays it flat: what is relu(-2)?",
    lambda x: np.abs(x),
)


@exercise(
    Gradient(
        truth="where(x > 0, 1, 0)",
        arguments={"x": "real"},
        kinks=("x",),
        extremes=((1e-300,), (-1e-300,), (1e-30,), (-1e-30,), (1e300,), (-1e300,)),
        properties=(monotone("the slope never falls where x grows"),),
        forward="relu",
        forward_truth="Max(x, 0)",
        at_kink="0 at 0",
    ),
    title="The slope of ReLU",
    points=1,
    claims=("S1-6.1.3k", "S2-N16", "S4-A04", "S1-6.1.3l", "S2-N19"),
    hints=(
        "On the left ReLU is constant, on the right it is x. What are the two slopes, and which one is asked for at 0?",
        "A comparison gives the 0 and the 1. Two things remain: the result must have the dtype of x, and nan compares "
        "as False to everything, although its slope is not 0. NumPy has a step function that minds both; its second "
        "argument is the value at 0.",
        "`return np.heaviside(x, ...)`, or `np.where(np.isnan(x), ...)`",
    ),
)
def relu_grad(x: np.ndarray) -> np.ndarray:
    r"""Return the slope of ReLU at every entry of `x`: 1 where x > 0, 0 where x < 0.

    At 0 there is no slope: it is 0 seen from the left and 1 from the right. The convention here, as in most
    libraries, is 0 at 0.

    `x` is the pre-activation, a float16, float32 or float64 array of any shape; the result has its shape and its
    dtype (numbers, not truth values).

    Judged: every value, the 0 at 0 and the numbers next to it; 1 at $\infty$ and 0 at $-\infty$; nan stays nan; `x` is
    left as it was; agreement with differences of your own `relu` away from 0.

    Example: `relu_grad(np.array([-2.0, 0.0, 1e-300, 3.0]))` is `[0, 0, 1, 1]`.
    """
    return np.heaviside(x, 0.0)


relu_grad.alternative("the sign of what ReLU lets through", lambda x: np.sign(np.maximum(x, 0)))
relu_grad.alternative(
    "a case for each side, and one for nan", lambda x: np.where(np.isnan(x), x, (x > 0).astype(np.asarray(x).dtype))
)


@relu_grad.alternative("filled in by hand")
def filled_in(x):
    slope = np.array(x, copy=True)
    slope[x > 0] = 1
    slope[x <= 0] = 0
    return slope


relu_grad.misconception(
    "At 0 you give 1, the slope seen from the right. The convention asked for here is the other one.",
    lambda x: np.heaviside(x, np.asarray(1, np.asarray(x).dtype)),
)
relu_grad.misconception(
    "Halfway between the two slopes is a fair choice for 0, and some make it. The convention asked for here is 0.",
    lambda x: np.heaviside(x, np.asarray(0.5, np.asarray(x).dtype)),
)
relu_grad.misconception(
    "True and False are no slopes: multiplied with a float they behave, subtracted from each other they do not. "
    "Which dtype should the result have?",
    lambda x: x > 0,
)
relu_grad.misconception(
    "nan > 0 is False, so your slope at nan is 0, and the one sign that something broke upstream is gone.",
    lambda x: (x > 0).astype(np.asarray(x).dtype),
)
relu_grad.misconception(
    "relu(x)/x is 1 and 0 in the right places, except in the middle: what is 0/0? And inf/inf?",
    lambda x: np.maximum(x, 0) / x,
)
relu_grad.misconception(
    "-1 on the left: that is the slope of |x|. What does ReLU do as x goes from -3 to -2?",
    lambda x: np.sign(x),
)
relu_grad.misconception(
    "The values are right, and everything is float64 whatever came in. A float32 network would double in size.",
    lambda x: np.heaviside(np.asarray(x, np.float64), 0.0),
)
