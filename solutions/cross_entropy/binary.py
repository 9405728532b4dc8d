"""The cross-entropy of yes and no, from probabilities: infinite where it should be, and never nan."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Numeric
from solutions.cross_entropy.laws import half_the_slope, labels_and_probabilities, twice_the_data
from solutions.cross_entropy.pairs import mean, paired
from solutions.cross_entropy.truths import bce_slopes, bce_truth

LABELS = "{0,1,1/4,1/2}"  # a finite set, for labels are exact: no rounding of theirs excuses a lost digit


@exercise(
    Numeric(
        bce_truth,
        {"y": LABELS, "p": "open(0,1)"},
        core="(m,n),(m,n)->()",
        extremes=(
            ([[1.0, 0.0]], [[1.0, 0.0]]),
            ([[1.0, 1.0]], [[0.0, 0.5]]),
            ([[0.0]], [[2.0**-12]]),
            ([[0.0]], [[1.0]]),
            ([[0.0]], [[1e-20]]),
            ([[0.0]], [[1e-300]]),
            ([[1.0]], [[1e-20]]),
            ([[1.0]], [[1e-300]]),
            ([[0.0]], [[1 - 2.0**-53]]),
            ([[0.25]], [[0.0]]),
            ([[0.25, 0.5], [0.75, 1.0]], [[1e-9, 0.999999], [1e-15, 0.25]]),
        ),
        properties=(twice_the_data(labels_and_probabilities),),
    ),
    title="Binary cross-entropy without a fudge factor",
    points=2,
    claims=("S4-L07", "S4-L09", "S2-N48", "S4-X08", "S4-X15", "S4-A61"),
    hints=(
        "What is `0 * np.log(0.0)`, and what should a label that is 0 have to say about $\\log p$?",
        "Write each of the two terms so that a weight of 0 wins over a logarithm of minus infinity, and use "
        "`np.log1p(-p)` for $\\log(1 - p)$. The other infinities are the truth: leave them in.",
        "`yes = np.where((y == 0) & (p == 0), 0, -y * np.log(p))`, inside `with np.errstate(...)`",
    ),
)
def bce(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    r"""Return the binary cross-entropy, the mean over all N entries:

    $$\mathrm{BCE} = -\frac1N \sum_i \left[ y_i \log p_i + (1 - y_i) \log(1 - p_i) \right]$$

    `y` holds labels from 0 to 1, mostly 0 and 1 themselves, soft ones too; `p` holds probabilities in $[0, 1]$, both
    ends included. They are arrays of one shape, any shape; the result is one number in their common float dtype
    (integer labels have no say in it). The logarithm is the natural one, and $0 \log 0 = 0$.

    A model that calls something impossible which then happens has earned an infinite loss: `bce([1.0], [0.0])` is
    inf. Nothing is clipped, and no small number is added. Different shapes and empty arrays raise ValueError.

    Judged: the value to the last few digits, for p near 0 and near 1 too; 0 for a right answer that was certain,
    without nan and without a warning; inf where the truth is inf; dtype; ValueError for a mean over nothing.

    Example: `bce(np.array([1, 0, 1, 0, 1]), np.array([0.9, 0.1, 0.8, 0.2, 0.7]))` is about 0.20273662.
    """
    y, p, dtype = paired(y, p)
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = np.where((y == 0) & (p == 0), 0, -y * np.log(p))  # 0 log 0 = 0
        no = np.where((y == 1) & (p == 1), 0, (y - 1) * np.log1p(-p))
    return mean(yes + no).astype(dtype)


@bce.alternative("only the entries whose weight is not 0")
def only_where_it_counts(y, p):
    if np.shape(y) != np.shape(p) or not np.size(p):
        raise ValueError("y and p should have the same shape, with something in it")
    loss = np.zeros_like(p)
    yes, no = y != 0, y != 1
    with np.errstate(divide="ignore"):
        loss[yes] -= y[yes] * np.log(p[yes])
        loss[no] -= (1 - y[no]) * np.log1p(-p[no])
    return loss.mean()


def _times_log(weight, log, x):
    """weight * log(x), and 0 where the weight is 0; a number nobody asks for is replaced before its logarithm."""
    harmless = np.where((weight == 0) & ~np.isnan(x), 0.5, x)
    with np.errstate(divide="ignore"):
        return weight * log(harmless)


@bce.alternative("with a helper for `weight * log`, as SciPy's xlogy and xlog1py")
def with_a_helper(y, p):
    y, p, dtype = paired(y, p)
    return -np.mean(_times_log(y, np.log, p) + _times_log(1 - y, np.log1p, -p)).astype(dtype)


def _literal(y, p):
    return -y * np.log(p) - (1 - y) * np.log(1 - p)


bce.misconception(
    "The formula as printed, and right between the ends. Now a model is certain and right: y = 1, p = 1. What does "
    "NumPy make of 0 times minus infinity?",
    lambda y, p: np.mean(_literal(y, p)),
)
bce.misconception(
    "`nan_to_num` makes 0 of nan, as you hoped, and $1.8 \\cdot 10^{308}$ of infinity, as you may not have hoped: which "
    "number did you want to report for y = 1, p = 0?",
    lambda y, p: np.mean(np.nan_to_num(_literal(y, p))),
)
bce.misconception(
    "Clipping p to [1e-7, 1 - 1e-7] caps the loss at 16.118, so the worst mistakes all cost the same. What should "
    "p = 1e-20 cost when y is 1?",
    lambda y, p: np.mean(_literal(y, np.clip(p, np.asarray(1e-7, p.dtype), np.asarray(1 - 1e-7, p.dtype)))),
)
bce.misconception(
    "A small number inside the logarithm keeps it finite, and makes the loss of a certain right answer negative. "
    "How can a surprise be smaller than none?",
    lambda y, p: -np.mean(y * np.log(p + p.dtype.type(1e-7)) + (1 - y) * np.log(1 - p + p.dtype.type(1e-7))),
)
bce.misconception(
    "Only the ones are counted. What does a model pay that says 0.99 where the label is 0?",
    lambda y, p: -np.mean(y * np.log(p)),
)
bce.misconception(
    "Twice the data, twice the loss: the sum has not been divided by the number of its terms.",
    lambda y, p: np.sum(_literal(y, p)),
)
bce.misconception(
    "You measure in bits. The logarithm here is the natural one: at p = 1/2 the loss is 0.693, not 1.",
    lambda y, p: np.mean(-y * np.log2(p) - (1 - y) * np.log2(1 - p)),
)
bce.misconception(
    "A widespread text says that this loss lies between 0 and 1, and yours does. What is $-\\log 0.1$?",
    lambda y, p: np.mean(np.clip(_literal(y, p), 0, 1)),
)
bce.misconception(
    "Truth and prediction have changed places: the logarithm belongs to what the model said, the weight to what "
    "happened. With labels of 0 and 1, what would the logarithm of a label be?",
    lambda y, p: np.mean(_literal(p, y)),
)
bce.misconception(
    "A loss below 0 for every p: logarithms of probabilities are negative. Which sign makes a cost of them?",
    lambda y, p: -np.mean(_literal(y, p)),
)
bce.misconception(
    "Here p already is a probability. Another sigmoid squeezes it into [0.5, 0.73], and no answer can be certain.",
    lambda y, p: np.mean(_literal(y, 1 / (1 + np.exp(-p)))),
)


@exercise(
    Gradient(
        bce_slopes,
        {"y": LABELS, "p": "open(0,1)"},
        core="(m,n),(m,n)->(m,n)",
        extremes=(
            ([[1.0, 0.0]], [[1.0, 0.0]]),
            ([[1.0, 0.0]], [[0.0, 1.0]]),
            ([[0.0, 1.0]], [[2.0**-12, 2.0**-12]]),
            ([[0.0, 1.0]], [[1e-20, 1e-20]]),
            ([[0.25, 0.25]], [[0.0, 1.0]]),
            ([[0.0, 1.0], [0.0, 1.0]], [[1 - 2.0**-53, 1 - 2.0**-53], [1e-300, 1e-300]]),
            ([[0.25, 0.5]], [[0.25, 0.5 + 2.0**-40]]),
        ),
        properties=(half_the_slope(labels_and_probabilities),),
        forward="bce",
        dtypes=("float64", "float32"),  # in float16 -1 / p overflows before it is divided by N, and that is no mistake
    ),
    title="The slope of binary cross-entropy",
    points=2,
    claims=("S4-L07",),
    hints=(
        "Differentiate $-\\log p$ for a label 1 and $-\\log(1 - p)$ for a label 0. Is either of them 0 / 0 anywhere?",
        "Put together, the slope is $(p - y) / (p (1 - p))$, and that is 0 / 0 for a certain right answer, though "
        "neither of the two slopes was. So treat the labels 0 and 1 apart. And the loss is a mean over N entries.",
        "`slope = np.where(y == 0, 1 / (1 - p), np.where(y == 1, -1 / p, ...))`",
    ),
)
def bce_grad(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    r"""Return the gradient of the mean `bce(y, p)` with respect to every probability in `p`:

    $$\frac{\partial\,\mathrm{BCE}}{\partial p_i}
      = \frac1N \left( \frac{1 - y_i}{1 - p_i} - \frac{y_i}{p_i} \right)$$

    `y` holds labels from 0 to 1, `p` probabilities in $[0, 1]$, both of one shape, any shape with N > 0 entries; the
    result has this shape and their common float dtype (integer labels have no say in it). A term whose numerator is
    0 is 0: a certain right answer has the slope $1/N$ at y = p = 0 and $-1/N$ at y = p = 1. Where the truth is
    infinite, so is the slope: nothing is clipped. Different shapes and empty arrays raise ValueError.

    Judged: the values, near and at both ends of $[0, 1]$ too, and the digits where p is nearly y; the mean over all
    entries; no nan and no warning; agreement with differences of your own `bce`.

    Example: `bce_grad(np.array([1.0, 0.0]), np.array([0.5, 0.0]))` is `[-1, 0.5]`.
    """
    y, p, dtype = paired(y, p)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        soft = (p - y) / (p.size * p * (1 - p))
        slope = np.where(y == 0, 1 / (p.size * (1 - p)), np.where(y == 1, -1 / (p.size * p), soft))
        return slope.astype(dtype)


@bce_grad.alternative("the two terms, each only where its numerator is not 0")
def two_terms(y, p):
    y, p, dtype = paired(y, p)
    with np.errstate(divide="ignore", over="ignore"):
        no = np.divide(1 - y, 1 - p, out=0 * p, where=y != 1)
        yes = np.divide(y, p, out=0 * p, where=y != 0)
        return ((no - yes) / p.size).astype(dtype)


@bce_grad.alternative("the quotient, mended where it is 0 / 0")
def mended_quotient(y, p):
    if np.shape(y) != np.shape(p) or not np.size(p):
        raise ValueError("y and p should have the same shape, with something in it")
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        slope = (p - y) / (p * (1 - p))
    slope = np.where((y == 0) & (p == 0), 1, np.where((y == 1) & (p == 1), -1, slope))
    return (slope / p.size).astype(p.dtype)


def _quotient(y, p):
    return (p - y) / (p * (1 - p))


bce_grad.misconception(
    "The slope of one term is right, and the loss is a mean: when there are N of them, how much does one p move it?",
    lambda y, p: _quotient(y, p),
)
bce_grad.misconception(
    "p - y is the slope with respect to the logit, where the sigmoid's own slope has cancelled the denominator. Here "
    "p itself is moved.",
    lambda y, p: (p - y) / p.size,
)
bce_grad.misconception(
    "Every sign is turned round. With a label of 1, does the loss grow when p grows?",
    lambda y, p: -_quotient(y, p) / p.size,
)
bce_grad.misconception(
    "Right between the ends. At y = p = 0 your quotient is 0 / 0, though $-\\log(1 - p)$ has the slope 1 there.",
    lambda y, p: _quotient(y, p) / p.size,
)
bce_grad.misconception(
    "The small number in the denominator hides the ends of the interval, and changes the slope near them: "
    "what should it be for y = 1 and p = 1e-20?",
    lambda y, p: (p - y) / (p * (1 - p) + p.dtype.type(1e-7)) / p.size,
)
bce_grad.misconception(
    "The inner derivative of $1 - p$ is -1. With a label of 0, does the loss fall when p grows?",
    lambda y, p: (-y / p - (1 - y) / (1 - p)) / p.size,
)
bce_grad.misconception(
    "You divided by the number of rows. The mean runs over all entries: how many are there in a 2 by 3 array?",
    lambda y, p: _quotient(y, p) / len(p),
)
