"""ELU: a bend that is rounded off, by an exponential that has to be asked for with care."""

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Numeric
from autograder.properties import monotone


@exercise(
    Numeric(
        truth="where(x > 0, x, alpha*(exp(x) - 1))",
        arguments={"x": "real", "alpha": "positive"},
        kinks=("x",),
        extremes=((710.0,), (1000.0,), (-40.0,), (-1e-10,), (-1e-20,), (1e-20,), (-1000.0,), (89.0,), (12.0,)),
        properties=(monotone(),),
    ),
    title="ELU, with an alpha that counts",
    points=2,
    claims=("S4-A38", "S4-X05", "S4-A37", "S4-A40"),
    hints=(
        "What is `np.exp(-1e-20) - 1`, and what should it be? And which branch of `np.where` is computed at x = 1000?",
        "NumPy has a function for $e^x - 1$ that does not cancel. `np.where` computes both of its branches for every "
        "entry, so see to it that the exponential never gets a large number to work on, even where nobody will look.",
        "`left = alpha * np.expm1(...)`, of something that is never above 0",
    ),
)
def elu(x: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    r"""Return the exponential linear unit of every entry of `x`:

    $$f(x) = x \text{ for } x > 0, \qquad f(x) = \alpha\,(e^x - 1) \text{ for } x \le 0$$

    `alpha` is any positive number. `x` is a float16, float32 or float64 array of any shape; the result has its shape and
    its dtype.

    Judged: the value to the last few digits everywhere, also just left of 0, where it is nearly $\alpha x$; several
    alpha; $-\alpha$ at $-\infty$ and $\infty$ at $\infty$; nan stays nan; no overflow warning at any finite x; `x` is left
    as it was.

    Example: `elu(np.array([2.0, -1.0]), alpha=2.0)` is about `[2, -1.26424112]`, and `elu(np.array([-1e-20]))` is
    `[-1e-20]`.
    """
    x = np.asarray(x)
    wide = x.astype(np.float64)  # a narrow input is rounded once, at the end
    left = alpha * np.expm1(np.minimum(wide, 0))
    return np.where(wide > 0, wide, left).astype(np.result_type(x, np.float16))


elu.alternative(
    "a right part plus a left part", lambda x, alpha=1.0: np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0))
)


@elu.alternative("the exponential only where it is needed")
def only_on_the_left(x, alpha=1.0):
    y = np.array(x, copy=True)
    off = y < 0
    y[off] = alpha * np.expm1(y[off])
    return y


@elu.alternative("both branches, the overflow silenced where nobody looks")
def silenced(x, alpha=1.0):
    with np.errstate(over="ignore"):
        return np.where(x > 0, x, alpha * np.expm1(x))


elu.misconception(
    "Your function takes an alpha and never looks at it. A library wrapper in wide use had just this bug: "
    "elu(-1, alpha=2) came back as -0.632.",
    lambda x, alpha=1.0: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
)
elu.misconception(
    "Just left of 0, `exp(x)` is a number next to 1, and the subtraction leaves what rounding made of it: at -1e-20 "
    "nothing at all. Which function gives $e^x - 1$ in one piece?",
    lambda x, alpha=1.0: np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1)),
)
elu.misconception(
    "`np.where` is no `if`: the branch you throw away at x = 1000 has already overflowed. In a framework with "
    "automatic gradients it then makes nan of the slope. Keep the exponent at or below 0.",
    lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.expm1(x)),
)
elu.misconception(
    "The formula as printed, and both of its traps: `exp(x) - 1` cancels just left of 0, and `exp(1000)` is computed "
    "for an entry that does not need it.",
    lambda x, alpha=1.0: np.where(x > 0, x, alpha * (np.exp(x) - 1)),
)
elu.misconception(
    "The larger of the two branches is the right one while alpha is at most 1. Draw them for alpha = 2, just left of 0: "
    "which one lies on top?",
    lambda x, alpha=1.0: np.maximum(x, alpha * np.expm1(np.minimum(x, 0))),
)
elu.misconception(
    "Your curve jumps at 0: from alpha on the left to 0 on the right. What has to be subtracted so that the two ends "
    "meet?",
    lambda x, alpha=1.0: np.where(x > 0, x, alpha * np.exp(np.minimum(x, 0))),
)
elu.misconception(
    "alpha sits in the exponent. There it changes how fast the curve levels off; asked for is how deep it goes.",
    lambda x, alpha=1.0: np.where(x > 0, x, np.expm1(alpha * np.minimum(x, 0))),
)
elu.misconception(
    "alpha scales the right half as well. For x > 0 ELU is x, whatever alpha is.",
    lambda x, alpha=1.0: alpha * np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
)


@exercise(
    Gradient(
        truth="where(x > 0, 1, alpha*exp(x))",
        arguments={"x": "real", "alpha": "positive"},
        kinks=("x",),
        extremes=((710.0,), (1000.0,), (-40.0,), (-700.0,), (-740.0,), (-1000.0,), (89.0,), (-17.0,), (12.0,)),
        forward="elu",
        forward_truth="where(x > 0, x, alpha*(exp(x) - 1))",
        at_kink="alpha at 0",
    ),
    title="The slope of ELU",
    points=2,
    claims=("S4-A39", "S4-A37", "S4-A40"),
    hints=(
        "What is the slope of $\\alpha(e^x - 1)$, and what is left of it at x = -40 when you get it as elu(x) + alpha?",
        "The slope on the left is $\\alpha e^x$: no subtraction in it, and it stays a positive number down to x = -745. "
        "As before, the exponential must not see a large number, even where the other branch is taken.",
        "`left = alpha * np.exp(np.minimum(x, 0))`",
    ),
)
def elu_grad(x: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    r"""Return the slope of ELU at every entry of `x`: 1 for x > 0, $\alpha e^x$ for x < 0.

    With $\alpha = 1$ the two meet at 0. With any other alpha there is a bend, and the convention is the slope seen from
    the left: $\alpha$ at 0.

    `alpha` is any positive number. `x` is the pre-activation, a float16, float32 or float64 array of any shape; the
    result has its shape and its dtype.

    Judged: the value to the last few digits everywhere, also far on the left, where it is tiny and not yet 0; several
    alpha, and the convention at 0; 1 at $\infty$ and 0 at $-\infty$; nan stays nan; no overflow warning at any finite x;
    `x` is left as it was; agreement with differences of your own `elu` away from 0.

    Example: `elu_grad(np.array([3.0, 0.0, -1.0, -40.0]), alpha=2.0)` is about `[1, 2, 0.735758882, 8.49670851e-18]`.
    """
    x = np.asarray(x)
    wide = x.astype(np.float64)
    left = alpha * np.exp(np.minimum(wide, 0))
    return np.where(wide > 0, 1, left).astype(np.result_type(x, np.float16))


elu_grad.alternative(
    "in the dtype that came in",
    lambda x, alpha=1.0: np.where(x > 0, np.ones_like(x), alpha * np.exp(np.minimum(x, 0))),
)


@elu_grad.alternative("the exponential only where it is needed")
def only_on_the_left_too(x, alpha=1.0):
    slope = np.array(x, copy=True)
    right, off = slope > 0, slope <= 0
    slope[right] = 1
    slope[off] = alpha * np.exp(slope[off])
    return slope


def _sided(x, left):
    return np.where(x > 0, np.ones_like(x), left)


elu_grad.misconception(
    "True on paper: the slope is elu(x) + alpha. But far on the left elu is nearly -alpha, and the sum is what rounding "
    "left of it: at x = -40 you get 0, and the truth is 4.2e-18.",
    lambda x, alpha=1.0: _sided(x, alpha * np.expm1(np.minimum(x, 0)) + alpha),
)
elu_grad.misconception(
    "`np.where` computes both of its branches for every entry, and at x = 1000 the one you do not want overflows.",
    lambda x, alpha=1.0: _sided(x, alpha * np.exp(x)),
)
elu_grad.misconception(
    "Right for alpha = 1. For another alpha, what becomes of a constant factor under the derivative?",
    lambda x, alpha=1.0: _sided(x, np.exp(np.minimum(x, 0))),
)
elu_grad.misconception(
    "At 0 you give 1, the slope seen from the right. The convention asked for here is alpha, and for alpha = 2 it shows.",
    lambda x, alpha=1.0: np.where(x >= 0, np.ones_like(x), alpha * np.exp(np.minimum(x, 0))),
)
elu_grad.misconception(
    "A constant vanishes when you differentiate: what becomes of the -1?",
    lambda x, alpha=1.0: _sided(x, alpha * np.expm1(np.minimum(x, 0))),
)
elu_grad.misconception(
    "On the left stands alpha alone, as for a leaky ReLU. ELU levels off there: its slope falls to 0.",
    lambda x, alpha=1.0: _sided(x, alpha + 0 * np.maximum(x, -1)),
)
