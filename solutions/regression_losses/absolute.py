"""Mean absolute error and a slope for it."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Numeric
from solutions.regression_losses.inputs import EXTREMES, FLAT_WHEN_RIGHT
from solutions.regression_losses.pairs import paired
from solutions.regression_losses.truths import mae_slopes, mae_truth


@exercise(
    Numeric(
        mae_truth,
        {"y": "real", "y_hat": "real"},
        core="(m,n),(m,n)->()",
        kinks=("y_hat - y",),
        extremes=(*EXTREMES, ([[0.0]], [[1e300]]), ([[-np.inf, 0.0]], [[1.0, 0.0]])),
    ),
    title="Mean absolute error",
    points=1,
    hints=(
        "One prediction is 10 too high, one 10 too low. Is the error 0 on average?",
        "The size of each residual first, the mean afterwards.",
        "`r = y_hat - y`",
    ),
)
def mae(y: np.ndarray, y_hat: np.ndarray) -> np.floating:
    r"""Return the mean absolute error of the predictions `y_hat` for the targets `y`:

    $$\mathrm{MAE} = \frac{1}{n} \sum_{i=1}^{n} |\hat y_i - y_i|$$

    The mean runs over all n entries. `y` and `y_hat` have the same shape (`y` may also be a single number) and are
    float16, float32 or float64; the result is a scalar of their common dtype. Other shapes and empty arrays raise
    ValueError.

    Judged: the value to the last digits, also for residuals of 1e-170 and of 1e300, which no square survives; the
    dtype; infinite residuals give inf, nan gives nan; the ValueError for a mean over nothing; the arguments left as they were.

    Example: `mae(np.array([1.0, 2.0, 6.0]), np.array([2.0, 2.0, 4.0]))` is 1.0.
    """
    y, y_hat, dtype = paired(y, y_hat)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.mean(np.abs(y_hat - y)).astype(dtype)


mae.misconception(
    "Errors of +10 and -10 cancel in your mean. When does the size have to be taken, before or after it?",
    lambda y, y_hat: np.abs(np.mean(y_hat - y)),
)
mae.misconception(
    "The root of the mean square is another kind of average: it listens to the largest residual most. Compare both for "
    "residuals 1 and 7.",
    lambda y, y_hat: np.sqrt(np.mean((y_hat - y) ** 2)),
)
mae.misconception(
    "A root of a square is the absolute value on paper only: what is `1e-170 ** 2` in your notebook, and `1e300 ** 2`?",
    lambda y, y_hat: np.mean(np.sqrt((y_hat - y) ** 2)),
)
mae.misconception(
    "The residuals are added and never divided. What does the M of MAE stand for?",
    lambda y, y_hat: np.sum(np.abs(y_hat - y)),
)
mae.misconception(
    "This is the median of the sizes. The median is the constant that makes the loss smallest, but it is not the loss.",
    lambda y, y_hat: np.median(np.abs(y_hat - y)),
)
mae.misconception(
    "One mean for each column came back. Over which entries does the sum in the formula run?",
    lambda y, y_hat: np.mean(np.abs(y_hat - y), axis=0),
)


@mae.alternative("in the dtype that came in")
def mean_of_sizes(y, y_hat):
    paired(y, y_hat)  # refuses shapes that do not fit
    with np.errstate(over="ignore"):
        return np.abs(y - y_hat).mean()


@mae.alternative("the larger minus the smaller, the sum divided by the count")
def larger_minus_smaller(y, y_hat):
    paired(y, y_hat)  # refuses shapes that do not fit
    with np.errstate(over="ignore"):
        total = np.sum((np.maximum(y, y_hat) - np.minimum(y, y_hat)), dtype=np.float64)
        return (total / np.size(y_hat)).astype(np.result_type(y, y_hat))


@exercise(
    Gradient(
        mae_slopes,
        {"y": "real", "y_hat": "real"},
        core="(m,n),(m,n)->(m,n)",
        kinks=("y_hat - y",),
        extremes=(*EXTREMES, ([[0.0, 0.0]], [[1e300, -1e-320]])),
        properties=(FLAT_WHEN_RIGHT,),
        forward="mae",
        forward_truth=mae_truth,
        at_kink="0 where the prediction is exactly right",
    ),
    title="A slope for the mean absolute error",
    points=1,
    hints=(
        "How much does the loss fall when a prediction that is 100 too high falls by 1? And one that is 2 too high?",
        "Every residual pulls with the same force, whatever its size; only its direction counts.",
        "`r = y_hat - y`",
    ),
)
def mae_grad(y: np.ndarray, y_hat: np.ndarray) -> np.ndarray:
    r"""Return the gradient of the mean absolute error with respect to the predictions:

    $$\frac{\partial\, \mathrm{MAE}}{\partial \hat y_i} = \frac{1}{n}\, \mathrm{sign}(\hat y_i - y_i)$$

    At $\hat y_i = y_i$ there is a kink, and every number from -1/n to 1/n is a subgradient; take 0. n counts all
    entries. `y` and `y_hat` have the same shape (`y` may also be a single number) and are float16, float32 or float64;
    the result has the shape of `y_hat` and their common dtype. Other shapes and empty arrays raise ValueError.

    Judged: sign and size of every entry, also for residuals as small as 1e-320; 0 at the kink; shape and dtype; nan
    stays where it is; agreement with differences of your own `mae` away from the kink; the arguments
    left as they were.

    Example: `mae_grad(np.array([1.0, 2.0, 6.0, 0.0]), np.array([2.0, 2.0, 4.0, 9.0]))` is `[0.25, 0.0, -0.25, 0.25]`.
    """
    y, y_hat, dtype = paired(y, y_hat)
    with np.errstate(over="ignore", invalid="ignore"):
        return (np.sign(y_hat - y) / y_hat.size).astype(dtype)


mae_grad.misconception(
    "The signs are turned round. A prediction that is too high gets a negative slope; which way will descent push it?",
    lambda y, y_hat: np.sign(y - y_hat) / y_hat.size,
)
mae_grad.misconception(
    "Each slope is that of a single absolute value. The loss is the mean of n of them; what is left of each?",
    lambda y, y_hat: np.sign(y_hat - y),
)
mae_grad.misconception(
    "r / |r| is the sign of r until r is 0. What do you get for a prediction that is exactly right, and what should it "
    "be?",
    lambda y, y_hat: (y_hat - y) / np.abs(y_hat - y) / y_hat.size,
)
mae_grad.misconception(
    "`np.where` has two answers and a sign has three. What does yours say about a prediction that is exactly right?",
    lambda y, y_hat: (np.where(y_hat >= y, 1, -1) / y_hat.size).astype(np.result_type(y, y_hat)),
)
mae_grad.misconception(
    "This slope grows with the residual: it belongs to the squared error. How does |r| look for large r?",
    lambda y, y_hat: 2 * (y_hat - y) / y_hat.size,
)


@mae_grad.alternative("in the dtype that came in")
def sign_over_count(y, y_hat):
    paired(y, y_hat)  # refuses shapes that do not fit
    with np.errstate(over="ignore"):
        return np.sign(y_hat - y) / y_hat.size


@mae_grad.alternative("the three cases one by one")
def three_cases(y, y_hat):
    paired(y, y_hat)  # refuses shapes that do not fit
    slopes = np.full(y_hat.shape, np.nan)
    slopes[y_hat > y], slopes[y_hat == y], slopes[y_hat < y] = 1, 0, -1
    return (slopes / slopes.size).astype(np.result_type(y, y_hat))
