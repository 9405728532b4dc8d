"""The Huber loss: a parabola near the target, straight lines beyond delta, joined without a corner."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Numeric
from solutions.regression_losses.inputs import EXTREMES, FLAT_WHEN_RIGHT
from solutions.regression_losses.pairs import paired
from solutions.regression_losses.truths import huber_slopes, huber_truth

ARGUMENTS = {"y": "real", "y_hat": "real", "delta": "positive"}
KINKS = ("Abs(y_hat - y) - delta",)
FARTHER = (([[0.0]], [[1e300]]), ([[1e308]], [[-1e308]]), ([[0.0, -np.inf]], [[0.0, 3.0]]))


@exercise(
    Numeric(
        huber_truth,
        ARGUMENTS,
        core="(m,n),(m,n)->()",
        kinks=KINKS,
        extremes=(*EXTREMES, *FARTHER[:1], *FARTHER[2:]),
    ),
    title="The Huber loss",
    points=2,
    hints=(
        "At $|r| = \\delta$ the parabola has the height $\\delta^2/2$ and the slope $\\delta$. Which straight line "
        "continues it?",
        "With $m = \\min(|r|, \\delta)$ one formula covers both cases, and nothing is squared that could overflow: what "
        "is $m\\,(|r| - m/2)$ for small and for large residuals?",
        "`m = np.minimum(np.abs(y_hat - y), delta)`",
    ),
    claims=("S4-L19", "S4-L21", "S4-X12"),
)
def huber(y: np.ndarray, y_hat: np.ndarray, delta: float = 1.0) -> np.floating:
    r"""Return the mean Huber loss of the predictions `y_hat` for the targets `y`, with $r_i = \hat y_i - y_i$:

    $$\frac{1}{n} \sum_{i=1}^{n} \begin{cases} \tfrac12 r_i^2 & |r_i| \le \delta \\
      \delta\,|r_i| - \tfrac12 \delta^2 & |r_i| > \delta \end{cases}$$

    `delta` is a positive number. The mean runs over all n entries. `y` and `y_hat` have the same shape (`y` may also be
    a single number) and are float16, float32 or float64; the result is a scalar of their common dtype. Other shapes and
    empty arrays raise ValueError.

    Judged: the value to the last digits, for `delta` = 1 and for others; no overflow warning for residuals like 1e300,
    whose loss is an ordinary number; infinite residuals give inf, nan gives nan; the dtype; the ValueError for a mean
    over nothing; the
    arguments left as they were.

    Example: `huber(np.array([0.0, 0.0]), np.array([1.0, -3.0]))` is (0.5 + 2.5)/2 = 1.5, and with `delta=2.0` it is
    (0.5 + 4)/2 = 2.25.
    """
    y, y_hat, dtype = paired(y, y_hat)
    with np.errstate(over="ignore", invalid="ignore"):
        half = np.abs(y_hat / 2 - y / 2)  # of the size of the residual, which itself may overflow
        m = np.minimum(2 * half, delta)
        return np.mean(2 * m * (half - m / 4)).astype(dtype)


huber.misconception(
    "Put r = 1000 into your function and watch for the warning: `np.where` is no `if`, and the square that you throw "
    "away has been computed all the same. What does 1e300 give?",
    lambda y, y_hat, delta=1.0: np.mean(
        np.where(
            np.abs(y_hat - y) <= delta,
            (y_hat - y) ** 2 / 2,
            delta * (np.abs(y_hat - y) - np.asarray(delta / 2, y_hat.dtype)),
        )
    ),
)
huber.misconception(
    "With delta = 1 all is well, because 1 times anything is that. How steep are the lines when delta is 2?",
    lambda y, y_hat, delta=1.0: np.mean(
        np.minimum(np.abs(y_hat - y), delta) ** 2 / 2 + np.maximum(np.abs(y_hat - y) - delta, 0)
    ),
)
huber.misconception(
    "Your straight lines start at height $\\delta^2$, the parabola ends at $\\delta^2/2$: draw the loss around "
    "$|r| = \\delta$. What is missing from the lines?",
    lambda y, y_hat, delta=1.0: np.mean(
        np.where(
            np.abs(y_hat - y) <= delta,
            np.minimum(np.abs(y_hat - y), delta) ** 2 / 2,
            delta * np.abs(y_hat - y),
        )
    ),
)
huber.misconception(
    "The parabola lost its 1/2: it arrives at $|r| = \\delta$ with the height $\\delta^2$ and the slope $2\\delta$. Does "
    "your straight line start there?",
    lambda y, y_hat, delta=1.0: np.mean(
        np.where(
            np.abs(y_hat - y) <= delta,
            np.minimum(np.abs(y_hat - y), delta) ** 2,
            delta * (np.abs(y_hat - y) - delta / 2),
        )
    ),
)
huber.misconception(
    "The case is chosen by r and not by |r|: a prediction that is far too low is treated as a small error. What does "
    "your function make of r = -3?",
    lambda y, y_hat, delta=1.0: np.mean(
        np.where(y_hat - y <= delta, (y_hat - y) ** 2 / 2, delta * (y_hat - y - delta / 2))
    ),
)
huber.misconception(
    "The losses are added up and never divided. Would the loss of a data set double if you read it twice?",
    lambda y, y_hat, delta=1.0: np.sum(
        np.minimum(np.abs(y_hat - y), delta) * (np.abs(y_hat - y) - np.minimum(np.abs(y_hat - y), delta) / 2)
    ),
)


@huber.alternative("the formula for both cases at once, in the dtype that came in")
def one_formula(y, y_hat, delta=1.0):
    paired(y, y_hat)  # refuses shapes that do not fit
    with np.errstate(over="ignore"):
        size = np.abs(y_hat - y)
        m = np.minimum(size, delta)
        return np.mean(m * (size - m / 2))


@huber.alternative("a parabola plus what sticks out beyond delta")
def parabola_and_rest(y, y_hat, delta=1.0):
    a, b, dtype = paired(y, y_hat)
    size = np.abs(b - a)
    inner = np.minimum(size, delta)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.mean(inner**2 / 2 + delta * (size - inner)).astype(dtype)


@huber.alternative("each case where it belongs, with a mask")
def by_mask(y, y_hat, delta=1.0):
    paired(y, y_hat)
    size = np.abs(y_hat.astype(np.float64) - y)
    near = size <= delta
    loss = np.empty_like(size)
    loss[near] = size[near] ** 2 / 2
    loss[~near] = delta * (size[~near] - delta / 2)
    with np.errstate(over="ignore"):
        return loss.mean().astype(np.result_type(y, y_hat))


@exercise(
    Gradient(
        huber_slopes,
        ARGUMENTS,
        core="(m,n),(m,n)->(m,n)",
        kinks=KINKS,
        extremes=(*EXTREMES, *FARTHER, ([[0.0, 0.0]], [[1.0, -1.0]])),
        properties=(FLAT_WHEN_RIGHT,),
        forward="huber",
        forward_truth=huber_truth,
        at_kink="the slope at |r| = delta is +-delta from both sides: no kink, only a jump of the second derivative",
    ),
    title="The slope of the Huber loss, with the right sign",
    points=2,
    hints=(
        "A prediction is far above its target. Should descent push it up or down, and what sign must the slope have?",
        "The slope is the residual, held between $-\\delta$ and $\\delta$. NumPy has a word for that.",
        "`r = y_hat - y`",
    ),
    claims=("S4-L20", "S4-L19"),
)
def huber_grad(y: np.ndarray, y_hat: np.ndarray, delta: float = 1.0) -> np.ndarray:
    r"""Return the gradient of the mean Huber loss with respect to the predictions, with $r_i = \hat y_i - y_i$:

    $$\frac{\partial L}{\partial \hat y_i} = \frac1n \begin{cases} r_i & |r_i| \le \delta \\
      \delta\,\mathrm{sign}(r_i) & |r_i| > \delta \end{cases}$$

    Beware of lecture notes that print $y - \hat y$ here: that is the slope in the target. Both cases agree at
    $|r| = \delta$. n counts all entries; `delta` is a positive number. `y` and `y_hat` have the same shape (`y` may
    also be a single number) and are float16, float32 or float64; the result has the shape of `y_hat` and their common
    dtype. Other shapes and empty arrays raise ValueError.

    Judged: sign and size of every entry to the last digits, for `delta` = 1 and for others, for residuals of any size;
    shape and dtype; nan stays where it is; agreement with differences of your own `huber`; the
    arguments left as they were.

    Example: `huber_grad(np.array([0.0, 0.0]), np.array([0.5, -3.0]))` is `[0.25, -0.5]`.
    """
    y, y_hat, dtype = paired(y, y_hat)
    with np.errstate(over="ignore", invalid="ignore"):
        return (np.clip(y_hat - y, -delta, delta) / y_hat.size).astype(dtype)


huber_grad.misconception(
    "Turned round in sign, as it is printed in more than one place: this is the slope in the target y. If the prediction "
    "is too high, which way does a step of descent along your slope push it?",
    lambda y, y_hat, delta=1.0: np.clip(y - y_hat, -delta, delta) / y_hat.size,
)
huber_grad.misconception(
    "The slope of a single loss. The loss here is the mean of n of them; what is left of each?",
    lambda y, y_hat, delta=1.0: np.clip(y_hat - y, -delta, delta),
)
huber_grad.misconception(
    "Outside, your slope is +-1 whatever delta is. How steep is the line $\\delta\\,|r| - \\delta^2/2$?",
    lambda y, y_hat, delta=1.0: np.where(np.abs(y_hat - y) <= delta, y_hat - y, np.sign(y_hat - y)) / y_hat.size,
)
huber_grad.misconception(
    "Far below the target your slope is $+\\delta$ as well: descent would push such a prediction away. What became of "
    "the sign?",
    lambda y, y_hat, delta=1.0: (
        np.where(np.abs(y_hat - y) <= delta, y_hat - y, np.asarray(delta, y_hat.dtype)) / y_hat.size
    ),
)
huber_grad.misconception(
    "Twice too steep inside: the parabola is $r^2/2$, and its slope at r = 1 is not 2. Nor do your two cases meet at "
    "$|r| = \\delta$.",
    lambda y, y_hat, delta=1.0: (
        np.where(np.abs(y_hat - y) <= delta, 2 * (y_hat - y), np.asarray(delta, y_hat.dtype) * np.sign(y_hat - y))
        / y_hat.size
    ),
)
huber_grad.misconception(
    "Beyond delta your slope is 0, so an outlier is not pulled back at all. The Huber loss limits the pull of an outlier; "
    "does it give it up?",
    lambda y, y_hat, delta=1.0: np.where(np.abs(y_hat - y) <= delta, y_hat - y, 0 * (y_hat - y)) / y_hat.size,
)


@huber_grad.alternative("the two cases as printed")
def two_cases(y, y_hat, delta=1.0):
    a, b, dtype = paired(y, y_hat)
    with np.errstate(over="ignore"):
        r = b - a
    return (np.where(np.abs(r) <= delta, r, delta * np.sign(r)) / r.size).astype(dtype)


@huber_grad.alternative("the sign times the smaller of |r| and delta")
def sign_times_size(y, y_hat, delta=1.0):
    paired(y, y_hat)
    with np.errstate(over="ignore"):
        r = y_hat - y
    return np.sign(r) * np.minimum(np.abs(r), delta) / r.size
