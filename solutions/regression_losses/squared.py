"""Mean squared error and its slope."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Numeric
from solutions.regression_losses.inputs import EXTREMES, FLAT_WHEN_RIGHT
from solutions.regression_losses.pairs import paired
from solutions.regression_losses.truths import mse_slopes, mse_truth


@exercise(
    Numeric(
        mse_truth,
        {"y": "real", "y_hat": "real"},
        core="(m,n),(m,n)->()",
        extremes=EXTREMES,
    ),
    title="Mean squared error",
    points=1,
    hints=(
        "Two targets, two predictions, both off by 3. Which one number should come out?",
        "Square each residual, then take one mean over everything there is, whatever the shape.",
        "`r = y_hat - y`",
    ),
    claims=("S4-L01", "S4-X16"),
)
def mse(y: np.ndarray, y_hat: np.ndarray) -> np.floating:
    r"""Return the mean squared error of the predictions `y_hat` for the targets `y`:

    $$\mathrm{MSE} = \frac{1}{n} \sum_{i=1}^{n} (\hat y_i - y_i)^2$$

    The mean runs over all n entries, in however many rows and columns they come. `y` and `y_hat` have the same shape
    (`y` may also be a single number) and are float16, float32 or float64; the result is a scalar of their common
    dtype. Other shapes, and arrays without an entry, raise ValueError: NumPy would quietly broadcast a column against a
    row to all pairs. There is no factor 1/2 and no square root.

    Judged: the value to the last digits, for one-dimensional and larger arrays; the dtype; inf where the mean is beyond
    the largest float; nan in, nan out; the ValueError for a mean over nothing; `y` and `y_hat` left as they were.

    Example: `mse(np.array([1.0, 0.0, 1.0, 1.0, 0.0]), np.array([0.9, 0.1, 0.8, 0.7, 0.2]))` is 0.038.
    """
    y, y_hat, dtype = paired(y, y_hat)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.mean((y_hat - y) ** 2).astype(dtype)


mse.misconception(
    "You took the square root at the end. In which units is the target, and in which is a mean of squares?",
    lambda y, y_hat: np.sqrt(np.mean((y_hat - y) ** 2)),
)
mse.misconception(
    "The squares are added and never divided. Would the loss of a data set double if you read it twice?",
    lambda y, y_hat: np.sum((y_hat - y) ** 2),
)
mse.misconception(
    "Half of the mean squared error is a fine loss too, and it makes a tidy slope. Which of the two did the formula ask "
    "for?",
    lambda y, y_hat: np.mean((y_hat - y) ** 2) / 2,
)
mse.misconception(
    "One mean for each column came back. Over which entries does the sum in the formula run?",
    lambda y, y_hat: np.mean((y_hat - y) ** 2, axis=0),
)
mse.misconception(
    "`len` counts the rows. How many residuals does an array of three rows and four columns hold?",
    lambda y, y_hat: np.sum((y_hat - y) ** 2) / len(y),
)
mse.misconception(
    "The mean comes first here, and residuals of +3 and -3 cancel before anything is squared. What is the error of such "
    "a pair?",
    lambda y, y_hat: np.mean(y_hat - y) ** 2,
)


mse.misconception(
    "Every value is right where the shapes agree. Hand it three targets in a row and three predictions in a column: how "
    "many residuals does NumPy make of them, and what is their mean worth?",
    lambda y, y_hat: np.mean((y_hat - y) ** 2),
)


@mse.alternative("in the dtype that came in")
def in_the_same_dtype(y, y_hat):
    paired(y, y_hat)  # refuses shapes that do not fit
    with np.errstate(over="ignore"):
        return np.mean(np.square(y - y_hat))


@mse.alternative("an inner product of the residuals with themselves")
def as_an_inner_product(y, y_hat):
    paired(y, y_hat)  # refuses shapes that do not fit
    r = (y_hat.astype(np.float64) - y).ravel()
    with np.errstate(over="ignore"):
        return (r @ r / r.size).astype(np.result_type(y, y_hat))


@exercise(
    Gradient(
        mse_slopes,
        {"y": "real", "y_hat": "real"},
        core="(m,n),(m,n)->(m,n)",
        extremes=EXTREMES,
        properties=(FLAT_WHEN_RIGHT,),
        forward="mse",
        forward_truth=mse_truth,
    ),
    title="The slope of the mean squared error",
    points=1,
    hints=(
        "The prediction is above the target. Does the loss rise or fall when the prediction rises?",
        "Only one term of the sum knows $\\hat y_i$; the factor 1/n in front of the sum stays.",
        "`r = y_hat - y`",
    ),
    claims=("S4-L02", "S4-L01"),
)
def mse_grad(y: np.ndarray, y_hat: np.ndarray) -> np.ndarray:
    r"""Return the gradient of the mean squared error with respect to the predictions:

    $$\frac{\partial\, \mathrm{MSE}}{\partial \hat y_i} = \frac{2}{n} (\hat y_i - y_i)$$

    n counts all entries. `y` and `y_hat` have the same shape (`y` may also be a single number) and are float16, float32
    or float64; the result has the shape of `y_hat` and their common dtype. Other shapes and empty arrays raise
    ValueError.

    Judged: sign, factor and every entry to the last digits; shape and dtype; nan stays where it is;
    agreement with differences of your own `mse`; the arguments left as they were.

    Example: `mse_grad(np.array([1.0, 4.0]), np.array([3.0, 4.0]))` is `[2.0, 0.0]`.
    """
    y, y_hat, dtype = paired(y, y_hat)
    with np.errstate(over="ignore", invalid="ignore"):
        return ((y_hat - y) / (y_hat.size / 2)).astype(dtype)


mse_grad.misconception(
    "Right in size, turned round in sign: this is the slope in the target. One step of descent along it, and is the "
    "prediction nearer?",
    lambda y, y_hat: 2 * (y - y_hat) / y_hat.size,
)
mse_grad.misconception(
    "The slope of the sum of squares. The loss is a mean; where did its 1/n go?",
    lambda y, y_hat: 2 * (y_hat - y),
)
mse_grad.misconception(
    "The exponent came down nowhere: what is the derivative of $r^2$ at r = 1?",
    lambda y, y_hat: (y_hat - y) / y_hat.size,
)
mse_grad.misconception(
    "You divide by the number of rows. `mse` divides by the number of all entries; how many are there?",
    lambda y, y_hat: 2 * (y_hat - y) / len(y_hat),
)
mse_grad.misconception(
    "One slope came back, the mean of all. If you move only the first prediction, does the loss change by that much?",
    lambda y, y_hat: np.mean(2 * (y_hat - y)),
)


@mse_grad.alternative("as printed, in the dtype that came in")
def as_printed(y, y_hat):
    paired(y, y_hat)  # refuses shapes that do not fit
    with np.errstate(over="ignore"):
        return 2 * (y_hat - y) / y_hat.size


@mse_grad.alternative("minus twice the residual in the target's favour")
def with_the_minus_outside(y, y_hat):
    paired(y, y_hat)  # refuses shapes that do not fit
    return -(y - y_hat) / (0.5 * np.size(y_hat))
