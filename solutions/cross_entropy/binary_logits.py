"""The cross-entropy of yes and no, from logits: no probability is formed, so none can be rounded to 0 or 1."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Numeric
from solutions.cross_entropy.binary import LABELS
from solutions.cross_entropy.laws import half_the_slope, labels_and_logits, twice_the_data
from solutions.cross_entropy.pairs import mean, paired
from solutions.cross_entropy.truths import bce_of_logits_slopes, bce_of_logits_truth
from solutions.enough_digits import settled


@exercise(
    Numeric(
        bce_of_logits_truth,
        {"y": LABELS, "logits": "real"},
        core="(m,n),(m,n)->()",
        measured=("y",),
        extremes=(
            ([[1.0, 0.0]], [[11.0, -11.0]]),
            ([[1.0, 0.0]], [[-1000.0, 1000.0]]),
            ([[1.0]], [[40.0]]),
            ([[0.0]], [[-40.0]]),
            ([[1.0]], [[37.0]]),
            ([[0.0]], [[-700.0]]),
            ([[0.5, 0.25]], [[1e4, -1e4]]),
            ([[1.0]], [[1e308]]),
            ([[0.0]], [[1e308]]),
        ),
        properties=(twice_the_data(labels_and_logits),),
    ),
    title="Binary cross-entropy that never meets a sigmoid",
    points=3,
    claims=("S2-N48", "S4-P2", "S1-6.2a"),
    hints=(
        "What is `1 - sigmoid(40.0)` in your notebook? And what does a label of 0 have to pay there?",
        "$-\\log \\sigma(x) = \\log(1 + e^{-x})$ is softplus at $-x$, and $-\\log(1 - \\sigma(x))$ is softplus at $x$. "
        "Both are positive, so the sum loses nothing; `np.logaddexp(0, x)` is a softplus that never overflows.",
        "`yes = y * np.logaddexp(0, -logits)`",
    ),
)
def bce_with_logits(y: np.ndarray, logits: np.ndarray) -> np.ndarray:
    r"""Return the binary cross-entropy of the probabilities $\sigma(x_i)$, given the logits $x_i$:

    $$-\frac1N \sum_i \left[ y_i \log \sigma(x_i) + (1 - y_i) \log(1 - \sigma(x_i)) \right]$$

    `y` holds labels from 0 to 1, soft ones too, `logits` any real numbers. They are arrays of one shape, any shape;
    the result is one number in their common float dtype (integer labels have no say in it). A term with weight 0
    is 0, also at an infinite logit: $x = \infty$ costs nothing when y = 1, and $x = -\infty$ nothing when y = 0; for
    any other label the loss is inf. A logit of nan makes it nan. Different shapes and empty arrays raise ValueError.

    Judged: the value to the last few digits, as far as the rounding of `y` lets them be known; no overflow at any finite
    logit; the infinite logits above; dtype; ValueError for a mean over nothing. At x = 40 and y = 1 the loss is
    $4.2 \cdot 10^{-18}$: can you get it without a subtraction?

    Example: `bce_with_logits(np.array([1, 0]), np.array([0.0, -40.0]))` is about 0.34657359, and
    `bce_with_logits(np.array([0.0]), np.array([1000.0]))` is 1000.
    """
    y, x, dtype = paired(y, logits)
    with np.errstate(over="ignore", invalid="ignore"):
        yes = np.where((y == 0) & (x == -np.inf), 0, y * np.logaddexp(0, -x))  # -log sigmoid(x), weighed
        no = np.where((y == 1) & (x == np.inf), 0, (1 - y) * np.logaddexp(0, x))
        return mean(yes + no).astype(dtype)


@bce_with_logits.alternative("softplus written out, one exponential for both terms")
def written_out(y, logits):
    y, x, dtype = paired(y, logits)
    small = np.log1p(np.exp(-np.abs(x)))
    far = np.where(y == 0, 0, y * np.where(y == 0, 0, np.maximum(-x, 0)))
    far = far + np.where(y == 1, 0, (1 - y) * np.where(y == 1, 0, np.maximum(x, 0)))
    return np.mean(far + small).astype(dtype)


@bce_with_logits.alternative("as the libraries write it, with the infinite logits seen to")
def as_the_libraries(y, logits):
    if np.shape(y) != np.shape(logits) or not np.size(y):
        raise ValueError("y and logits should have the same shape, with something in it")
    with np.errstate(invalid="ignore"):
        loss = np.maximum(logits, 0) - logits * y + np.log1p(np.exp(-np.abs(logits)))
    certain = np.where(logits == np.where(y == 1, np.inf, np.where(y == 0, -np.inf, np.nan)), 0, np.inf)
    return np.mean(np.where(np.isinf(logits), certain, loss)).astype(logits.dtype)


@bce_with_logits.alternative("entry by entry, only the terms that count")
def only_the_terms_that_count(y, logits):
    y, x, dtype = paired(y, logits)
    loss = np.zeros_like(x)
    yes, no = y > 0, y < 1
    loss[yes] += y[yes] * np.logaddexp(0, -x[yes])
    loss[no] += (1 - y[no]) * np.logaddexp(0, x[no])
    return loss.mean().astype(dtype)


def _sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def _bce(y, p):
    return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))


bce_with_logits.misconception(
    "First a sigmoid, then a logarithm: at x = 40 the probability has been rounded to 1, and the logarithm of "
    "1 - p is minus infinity. Can the two functions be joined on paper before anything is rounded?",
    lambda y, logits: _bce(y, _sigmoid(logits)),
)
bce_with_logits.misconception(
    "Clipping the probability keeps the loss finite and forgets the logit: x = 20 and x = 1000 cost the same. "
    "What should a label of 0 pay at x = 1000?",
    lambda y, logits: _bce(y, np.clip(_sigmoid(logits), logits.dtype.type(1e-3), logits.dtype.type(1 - 1e-3))),
)
bce_with_logits.misconception(
    "This is the formula of the libraries, right for every finite logit. At an infinite one that is right, it "
    "takes infinity from infinity: what does a certain right answer cost?",
    lambda y, logits: np.mean(np.maximum(logits, 0) - logits * y + np.log1p(np.exp(-np.abs(logits)))),
)
bce_with_logits.misconception(
    "$e^{1000}$ is more than a float can hold, though the softplus of 1000 is just 1000. Which form takes the "
    "exponential of negative numbers only?",
    lambda y, logits: np.mean(y * np.log(1 + np.exp(-logits)) + (1 - y) * np.log(1 + np.exp(logits))),
)
bce_with_logits.misconception(
    "The labels have changed places: a large logit means yes. Which of the two softplus is small there?",
    lambda y, logits: np.mean(y * np.logaddexp(0, logits) + (1 - y) * np.logaddexp(0, -logits)),
)
bce_with_logits.misconception(
    "Twice the data, twice the loss: the sum has not been divided by the number of its terms.",
    lambda y, logits: np.sum(y * np.logaddexp(0, -logits) + (1 - y) * np.logaddexp(0, logits)),
)
bce_with_logits.misconception(
    "Two sigmoids, one after the other: the second sees numbers from 0 to 1 and answers from 0.5 to 0.73. "
    "Which of the two was yours to apply?",
    lambda y, logits: _bce(y, _sigmoid(_sigmoid(logits))),
)
bce_with_logits.misconception(
    "Right for labels of 0 and 1. A soft label of 1/4 is neither: what does the turned sign $2y - 1$ make of it?",
    lambda y, logits: np.mean(np.logaddexp(0, (1 - 2 * y) * logits)),
)


@exercise(
    Gradient(
        bce_of_logits_slopes,
        {"y": "{0,1,1/4}", "logits": "real"},  # without 1/2, where sigmoid(x) - y loses its digits to an x near 0
        core="(m,n),(m,n)->(m,n)",
        measured=("y",),
        extremes=(
            ([[1.0, 0.0]], [[8.5, -8.5]]),
            ([[1.0, 0.0]], [[-1000.0, 1000.0]]),
            ([[1.0, 0.0]], [[40.0, -40.0]]),
            ([[1.0, 0.0]], [[700.0, -700.0]]),
            ([[1.0, 0.0]], [[1000.0, -1000.0]]),
            ([[1.0, 0.0]], [[-1e308, 1e308]]),
        ),
        properties=(half_the_slope(labels_and_logits),),
        forward="bce_with_logits",
    ),
    title="What a logit is told",
    points=2,
    claims=("S4-L08", "S4-L10", "S4-L11", "S4-P2", "S1-6.2a"),
    hints=(
        "What is the derivative of softplus? And how often does one logit occur in a mean over N of them?",
        "The slope is $(\\sigma(x) - y)/N$. For y = 1 and a large x that subtracts 1 from nearly 1; with "
        "$1 - \\sigma(x) = \\sigma(-x)$ it can be written without: $(1 - y)\\,\\sigma(x) - y\\,\\sigma(-x)$.",
        "`e = np.exp(-np.abs(logits))`",
    ),
)
def bce_with_logits_grad(y: np.ndarray, logits: np.ndarray) -> np.ndarray:
    r"""Return the gradient of the mean `bce_with_logits(y, logits)` with respect to every logit:

    $$\frac{\partial\,\mathrm{BCE}}{\partial x_i} = \frac{\sigma(x_i) - y_i}{N}$$

    `y` holds labels from 0 to 1, soft ones too, `logits` real or infinite numbers, both of one shape, any shape with
    N > 0 entries; the result has this shape and their common float dtype (integer labels have no say in it); a logit
    of nan has the slope nan. Different shapes and empty arrays raise ValueError.

    Judged: the values, divided by the number of all entries, as far as the rounding of `y` lets them be known; no
    overflow at any finite logit; infinite logits; agreement with differences of your own `bce_with_logits`. At x = 40,
    y = 1 and N = 1 the slope is $-4.2 \cdot 10^{-18}$, and $\sigma(x) - y$ gives 0: that passes, and can be bettered.

    Example: `bce_with_logits_grad(np.array([1.0, 0.0]), np.array([0.0, 0.0]))` is `[-0.25, 0.25]`.
    """
    y, x, dtype = paired(y, logits)
    slopes = settled(_by_both_sigmoids, _sigmoid_minus_label, y[..., None], x[..., None])  # each entry a row
    return (slopes[..., 0] / x.size).astype(dtype)


def _by_both_sigmoids(y, x):
    """(1 - y) sigmoid(x) - y sigmoid(-x), and the sum of the two."""
    e = np.exp(-np.abs(x))
    up, down = (1 - y) * np.where(x >= 0, 1, e), y * np.where(x >= 0, e, 1)
    return (up - down) / (1 + e), (up + down) / (1 + e)


def _sigmoid_minus_label(y, x):
    return 1 / (1 + np.exp(-x)) - y


@bce_with_logits_grad.alternative("two sigmoids, mirror images of each other")
def mirror_images(y, logits):
    if np.shape(y) != np.shape(logits) or not np.size(y):
        raise ValueError("y and logits should have the same shape, with something in it")
    return ((1 - y) * _sigmoid(logits) - y * _sigmoid(-logits)) / logits.dtype.type(logits.size)


@bce_with_logits_grad.alternative("each half of the line with the complement that is small there")
def small_complement(y, logits):
    y, x, dtype = paired(y, logits)
    small = np.exp(-np.logaddexp(0, np.abs(x)))
    return (np.where(x >= 0, (1 - y) - small, small - y) / x.size).astype(dtype)


bce_with_logits_grad.alternative("prediction minus label, as printed")(
    lambda y, logits: (_sigmoid(logits) - y) / logits.dtype.type(logits.size)
)

bce_with_logits_grad.misconception(
    "The famous $\\sigma(x) - y$ is the slope of one term. Your loss is the mean of N of them: who pays the 1/N?",
    lambda y, logits: _sigmoid(logits) - y,
)
bce_with_logits_grad.misconception(
    "Every sign is turned round. With a label of 1, does the loss grow when the logit grows?",
    lambda y, logits: (y - _sigmoid(logits)) / logits.dtype.type(logits.size),
)
bce_with_logits_grad.misconception(
    "The extra factor $\\sigma(1 - \\sigma)$ belongs to the squared error. Here the slope of the logarithm has cancelled "
    "it, and a confident mistake is told so with full force.",
    lambda y, logits: (_sigmoid(logits) - y) * _sigmoid(logits) * _sigmoid(-logits) / logits.dtype.type(logits.size),
)
bce_with_logits_grad.misconception(
    "That is the slope with respect to the probability. One more link of the chain rule leads to the logit.",
    lambda y, logits: (_sigmoid(logits) - y) / (_sigmoid(logits) * _sigmoid(-logits)) / logits.dtype.type(logits.size),
)
bce_with_logits_grad.misconception(
    "The logit itself was compared with the label. Which number between 0 and 1 does it stand for?",
    lambda y, logits: (logits - y) / logits.dtype.type(logits.size),
)
bce_with_logits_grad.misconception(
    "You divided by the number of rows. The mean runs over all entries: how many are there in a 2 by 3 array?",
    lambda y, logits: (_sigmoid(logits) - y) / logits.dtype.type(len(logits)),
)
bce_with_logits_grad.misconception(
    "On paper right; `np.exp(-x)` overflows at x = -1000, though the sigmoid there is just 0.",
    lambda y, logits: (1 / (1 + np.exp(-logits)) - y) / logits.dtype.type(logits.size),
)
