"""log cosh: a parabola near the target, straight lines far out, and smooth in between."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Numeric
from solutions.regression_losses.inputs import EXTREMES, FLAT_WHEN_RIGHT
from solutions.regression_losses.pairs import paired
from solutions.regression_losses.truths import log_cosh_slopes, log_cosh_truth

FARTHER = (([[0.0]], [[1e-9]]), ([[1.0]], [[2.5]]), ([[0.0]], [[-1e300]]), ([[0.0, -np.inf]], [[0.0, 3.0]]))


@exercise(
    Numeric(
        log_cosh_truth,
        {"y": "real", "y_hat": "real"},
        core="(m,n),(m,n)->()",
        extremes=(*EXTREMES, *FARTHER),
    ),
    title="log cosh from end to end",
    points=3,
    hints=(
        "What is `np.cosh(1000.0)`, and what should the loss be there? And what is `np.cosh(1e-9)`, whose logarithm "
        "should be 5e-19?",
        "Two formulas. Far out, pull $e^{|r|}$ out of the cosh, so that only $e^{-2|r|}$ is left. Near 0, "
        "$\\cosh r = 1 + 2\\sinh^2(r/2)$, and `np.log1p` is made for logarithms of 1 + something small.",
        "`size = np.abs(y_hat - y)`",
    ),
)
def log_cosh(y: np.ndarray, y_hat: np.ndarray) -> np.floating:
    r"""Return the mean log-cosh loss of the predictions `y_hat` for the targets `y`:

    $$\frac{1}{n} \sum_{i=1}^{n} \log \cosh(\hat y_i - y_i)$$

    It is about $r^2/2$ for small residuals r and about $|r| - \log 2$ for large ones. The mean runs over all n entries.
    `y` and `y_hat` have the same shape (`y` may also be a single number) and are float16, float32 or float64; the
    result is a scalar of their common dtype. Other shapes and empty arrays raise ValueError.

    Judged: the value to the last digits, for residuals of 1e-9 (5e-19, and not 0) as for residuals of 1000 and 1e300,
    where no warning is due; infinite residuals give inf, nan gives nan; the dtype; the ValueError for a mean over
    nothing; the arguments left
    as they were.

    Example: `log_cosh(np.array([0.0]), np.array([1.0]))` is about 0.43378083, and a residual of 1000 costs about
    999.30685282.
    """
    y, y_hat, dtype = paired(y, y_hat)
    with np.errstate(over="ignore", invalid="ignore"):
        size = np.abs(y_hat - y)
        near = np.log1p(2 * np.sinh(np.minimum(size, 1) / 2) ** 2)
        far = size - np.log(2) + np.log1p(np.exp(-2 * size))
        return np.mean(np.where(size < 1, near, far)).astype(dtype)


log_cosh.misconception(
    "The formula as printed. What is `np.cosh(1000.0)`, and what is the logarithm of that? And at the other end: what is "
    "left of `np.cosh(1e-9)`?",
    lambda y, y_hat: np.mean(np.log(np.cosh(y_hat - y))),
)
log_cosh.misconception(
    "No overflow any more, well done; now the small end. For r = 1e-9 you subtract log 2 from a number just as large: "
    "how many digits of 5e-19 are left?",
    lambda y, y_hat: np.mean(
        np.abs(y_hat - y) - np.asarray(np.log(2), y_hat.dtype) + np.log1p(np.exp(-2 * np.abs(y_hat - y)))
    ),
)
log_cosh.misconception(
    "|r| - log 2 is the line that the loss approaches far out. What does it say about a prediction that is exactly right?",
    lambda y, y_hat: np.mean(np.abs(y_hat - y) - np.asarray(np.log(2), y_hat.dtype)),
)
log_cosh.misconception(
    "$r^2/2$ is how the loss begins. Compare with log cosh at r = 3: is it still a parabola there?",
    lambda y, y_hat: np.mean((y_hat - y) ** 2 / 2),
)
log_cosh.misconception(
    "A clip keeps cosh from overflowing and makes every residual beyond it cost the same. What is the loss at 1000?",
    lambda y, y_hat: np.mean(np.log(np.cosh(np.clip(y_hat - y, -10, 10)))),
)
log_cosh.misconception(
    "The losses are added up and never divided. Would the loss of a data set double if you read it twice?",
    lambda y, y_hat: np.sum(
        np.where(
            np.abs(y_hat - y) < 1,
            np.log1p(2 * np.sinh(np.minimum(np.abs(y_hat - y), 1) / 2) ** 2),
            np.abs(y_hat - y) - np.asarray(np.log(2), y_hat.dtype) + np.log1p(np.exp(-2 * np.abs(y_hat - y))),
        )
    ),
)


@log_cosh.alternative("near 0 through tanh, far out as a sum of exponentials")
def through_tanh(y, y_hat):
    a, b, dtype = paired(y, y_hat)
    size = np.abs(b - a)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        near = -np.log1p(-(np.tanh(size) ** 2)) / 2
        far = np.logaddexp(size, -size) - np.log(2)
    return np.mean(np.where(size < 1, near, far)).astype(dtype)


@log_cosh.alternative("each half with its own formula, through expm1")
def through_expm1(y, y_hat):
    a, b, dtype = paired(y, y_hat)
    size = np.abs(b - a)
    loss, near = np.empty_like(size), size < 1
    m = np.expm1(-size[near])
    loss[near] = np.log1p(m * m / (2 * (1 + m)))
    with np.errstate(over="ignore"):
        loss[~near] = size[~near] + np.log1p(np.exp(-2 * size[~near])) - np.log(2)
    return loss.mean().astype(dtype)


@exercise(
    Gradient(
        log_cosh_slopes,
        {"y": "real", "y_hat": "real"},
        core="(m,n),(m,n)->(m,n)",
        extremes=(*EXTREMES, *FARTHER),
        properties=(FLAT_WHEN_RIGHT,),
        forward="log_cosh",
        forward_truth=log_cosh_truth,
    ),
    title="The slope of log cosh",
    points=1,
    hints=(
        "Differentiate log cosh r with the chain rule. Which quotient of hyperbolic functions do you get?",
        "The quotient has a name, and NumPy computes it without overflow at either end.",
        "`r = y_hat - y`",
    ),
)
def log_cosh_grad(y: np.ndarray, y_hat: np.ndarray) -> np.ndarray:
    r"""Return the gradient of the mean log-cosh loss with respect to the predictions:

    $$\frac{\partial L}{\partial \hat y_i} = \frac1n \tanh(\hat y_i - y_i)$$

    n counts all entries. `y` and `y_hat` have the same shape (`y` may also be a single number) and are float16, float32
    or float64; the result has the shape of `y_hat` and their common dtype. Other shapes and empty arrays raise
    ValueError.

    Judged: sign and size of every entry to the last digits, for residuals of 1e-9 as for residuals of 1000, without a
    warning; shape and dtype; nan stays where it is; agreement with differences of your own `log_cosh`;
    the arguments left as they were.

    Example: `log_cosh_grad(np.array([0.0, 0.0]), np.array([1.0, -1000.0]))` is about `[0.38079708, -0.5]`.
    """
    y, y_hat, dtype = paired(y, y_hat)
    with np.errstate(over="ignore", invalid="ignore"):
        return (np.tanh(y_hat - y) / y_hat.size).astype(dtype)


log_cosh_grad.misconception(
    "sinh over cosh is right on paper. What are the two of them at r = 1000, and what is their quotient?",
    lambda y, y_hat: np.sinh(y_hat - y) / np.cosh(y_hat - y) / y_hat.size,
)
log_cosh_grad.misconception(
    "The signs are turned round: a prediction that is too high has a rising loss. Which residual did you put into tanh?",
    lambda y, y_hat: np.tanh(y - y_hat) / y_hat.size,
)
log_cosh_grad.misconception(
    "The slope of a single loss. The loss here is the mean of n of them; what is left of each?",
    lambda y, y_hat: np.tanh(y_hat - y),
)
log_cosh_grad.misconception(
    "One differentiation too many: $1 - \\tanh^2 r$ is the curvature of the loss. What is the slope at r = 0?",
    lambda y, y_hat: (1 - np.tanh(y_hat - y) ** 2) / y_hat.size,
)
log_cosh_grad.misconception(
    "Far out it is perfect. For r = 1e-9 two numbers next to 1 are subtracted: how many digits of tanh r are left?",
    lambda y, y_hat: (
        np.sign(y_hat - y) * (1 - np.exp(-2 * np.abs(y_hat - y))) / (1 + np.exp(-2 * np.abs(y_hat - y))) / y_hat.size
    ),
)


@log_cosh_grad.alternative("in the dtype that came in")
def tanh_over_count(y, y_hat):
    paired(y, y_hat)  # refuses shapes that do not fit
    return np.tanh(y_hat - y) / np.size(y_hat)


@log_cosh_grad.alternative("through expm1, with the sign put back")
def sign_and_expm1(y, y_hat):
    a, b, dtype = paired(y, y_hat)
    with np.errstate(over="ignore"):
        m = np.expm1(-2 * np.abs(b - a))
    return (np.sign(b - a) * -m / (2 + m) / b.size).astype(dtype)
