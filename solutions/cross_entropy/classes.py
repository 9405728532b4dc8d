"""The cross-entropy of one class among many, from logits: the softmax is never formed, so no class vanishes."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Numeric
from solutions.cross_entropy.laws import rows_and_logits, twice_the_data
from solutions.cross_entropy.pairs import mean, paired
from solutions.cross_entropy.truths import cce_truth
from solutions.cross_entropy.weights import weights


@exercise(
    Numeric(
        cce_truth,
        {"y": "simplex(3)", "logits": "real"},
        core="(m,n),(m,n)->()",
        extremes=(
            ([[1.0, 0.0]], [[9.0, 0.0]]),
            ([[0.0, 0.0, 1.0]], [[1000.0, 1001.0, 1002.0]]),
            ([[0.0, 1.0]], [[-np.inf, 0.0]]),
            ([[1.0, 0.0]], [[70.0, 0.0]]),
            ([[0.0, 1.0, 0.0]], [[0.0, -800.0, -900.0]]),
            ([[1.0, 0.0], [0.0, 1.0]], [[1000.0, 1001.0], [-1000.0, -999.0]]),
            ([[0.5, 0.5, 0.0]], [[3.0, -1.0, -np.inf]]),
            ([[1.0, 0.0]], [[-np.inf, 0.0]]),
            ([[1.0, 0.0]], [[1e308, -1e308]]),
            ([[0.0, 1.0]], [[1e308, 0.0]]),
        ),
        properties=(twice_the_data(rows_and_logits),),
    ),
    title="Cross-entropy straight from the logits",
    points=3,
    claims=("S4-P1", "S1-6.2b", "S1-6.2e", "S2-D13"),
    hints=(
        "What is the softmax of the second class of [0, -800] in floating point, and the logarithm of that?",
        "$-\\log p_k = (m - z_k) + \\log(1 + \\text{the other weights})$, with m the largest logit of the row and "
        "$e^{z_j - m}$ the weight of a class. Neither part is negative, `np.log1p` keeps the second one when it is tiny, "
        "and a class with y = 0 pays nothing, not even at $-\\infty$.",
        "`top = logits.max(axis=-1, keepdims=True)`",
    ),
)
def cce_with_logits(y: np.ndarray, logits: np.ndarray) -> np.ndarray:
    r"""Return the cross-entropy of softmax(logits) under the labels `y`, the mean over the rows:

    $$-\frac1m \sum_{i=1}^{m} \sum_k y_{ik} \log \frac{e^{z_{ik}}}{\sum_j e^{z_{ij}}}$$

    Rows lie along the last axis, a 1-D array is one row, an array of more dimensions holds as many rows as it has
    slices. Every row of `y` is one-hot or soft and sums to 1; `logits` holds any real numbers and has the same shape.
    The result is one number in their common float dtype (an integer `y` has no say in it).

    A class with y = 0 contributes 0, also at a logit of $-\infty$ (a masked class); one with y > 0 there makes the
    loss inf. A row whose logits hold $+\infty$ or nan, or nothing but $-\infty$, makes it nan. Different shapes and empty
    arrays raise ValueError.

    Judged: the value to the last few digits, those of a confident right answer too: for logits [70, 0] and the first
    class it is $4 \cdot 10^{-31}$ and not 0; no overflow at any finite logit; masked classes; the mean over rows, not
    over entries; dtype; ValueError for a mean over nothing.

    Example: `cce_with_logits(np.array([[0, 0, 1], [1, 0, 0]]), np.array([[1.0, 2.0, 3.0], [0.0, -800.0, -900.0]]))`
    is about 0.20380298, half of 0.40760596 and of 0.
    """
    y, z, dtype = paired(y, logits, dims=1)
    with np.errstate(over="ignore", invalid="ignore"):
        half_gap, _, _, rest = weights(z)
        half_loss = y * (half_gap + np.log1p(rest) / 2)  # halves, for 1e308 - (-1e308) is no float64
        half_loss = np.where((y == 0) & (z == -np.inf), 0, half_loss)
        return (2 * mean(half_loss.sum(axis=-1))).astype(dtype)


def _shifted(z):
    with np.errstate(over="ignore", invalid="ignore"):
        return z - z.max(axis=-1, keepdims=True)


def _refuse(y, logits):
    if np.shape(y) != np.shape(logits) or not np.size(y):
        raise ValueError("y and logits should have the same shape, with something in it")


@cce_with_logits.alternative("the log-softmax, with log1p over all classes but the largest")
def through_log_softmax(y, logits):
    _refuse(y, logits)
    shifted = _shifted(logits)
    rest = np.exp(shifted)
    with np.errstate(invalid="ignore"):
        top = np.max(logits, axis=-1, keepdims=True) * 0
        np.put_along_axis(rest, np.argmax(logits, axis=-1, keepdims=True), top, axis=-1)
        log_p = shifted - np.log1p(rest.sum(axis=-1, keepdims=True))
        return -np.mean(np.sum(np.where((y == 0) & (log_p == -np.inf), 0, y * log_p), axis=-1))


@cce_with_logits.alternative("each class against the log-sum-exp of all the others: a softplus")
def class_against_the_others(y, logits):
    y, z, dtype = paired(y, logits, dims=1)
    loss = np.zeros(z.shape[:-1])
    with np.errstate(over="ignore", invalid="ignore"):
        for k in range(z.shape[-1]):
            others = np.logaddexp.reduce(np.delete(z, k, axis=-1), axis=-1, initial=-np.inf)
            pays = y[..., k] * np.logaddexp(0, others - z[..., k])
            loss = loss + np.where(y[..., k] == 0, 0, pays)
        hopeless = (z == np.inf).any(axis=-1) | (z == -np.inf).all(axis=-1)
        return np.mean(np.where(hopeless, np.nan, loss)).astype(dtype)


def _softmax(z):
    weight = np.exp(_shifted(z))
    return weight / weight.sum(axis=-1, keepdims=True)


def _log_softmax(z):
    shifted = _shifted(z)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


cce_with_logits.misconception(
    "A probability of $e^{-800}$ is 0 to a float64, and the logarithm arrives too late: can it go first?",
    lambda y, logits: -np.mean(np.sum(y * np.log(_softmax(logits)), axis=-1)),
)
cce_with_logits.misconception(
    "With 1e-12 inside the logarithm no loss exceeds 27.6, however wrong the model is. What should [0, -800] pay for "
    "its second class?",
    lambda y, logits: -np.mean(np.sum(y * np.log(_softmax(logits) + logits.dtype.type(1e-12)), axis=-1)),
)
cce_with_logits.misconception(
    "Two softmaxes, one after the other: the second sees numbers from 0 to 1 and makes all classes nearly equal. "
    "Which one was yours to apply?",
    lambda y, logits: -np.mean(np.sum(y * _log_softmax(_softmax(logits)), axis=-1)),
)
cce_with_logits.misconception(
    "Right until a row is confident: 1 + 4e-31 is 1, and its logarithm 0. Which function takes the small part alone?",
    lambda y, logits: -np.mean(np.sum(np.where((y == 0) & np.isinf(logits), 0, y * _log_softmax(logits)), axis=-1)),
)
cce_with_logits.misconception(
    "The formula is sound and its sum overflows: what is exp(1000), and what is 1000 minus the logarithm of that?",
    lambda y, logits: np.mean(np.log(np.sum(np.exp(logits), axis=-1)) - np.sum(y * logits, axis=-1)),
)
cce_with_logits.misconception(
    "The mean runs over all entries here, so three classes make the loss three times smaller. How many rows are there?",
    lambda y, logits: -np.mean(y * _log_softmax(logits)),
)
cce_with_logits.misconception(
    "Twice the rows, twice the loss: the sum has not been divided by the number of rows.",
    lambda y, logits: -np.sum(y * _log_softmax(logits)),
)
cce_with_logits.misconception(
    "A sigmoid for each class: that is one question of yes or no per class. Here exactly one class happens, and the "
    "probabilities of a row have to share 1.",
    lambda y, logits: np.mean(np.sum(y * np.logaddexp(0, -logits) + (1 - y) * np.logaddexp(0, logits), axis=-1)),
)
cce_with_logits.misconception(
    "The softmax runs down the columns: the rows of the batch compete with each other. Along which axis lie the "
    "classes?",
    lambda y, logits: -np.mean(np.sum(y * _log_softmax(logits.T).T, axis=-1)),
)
cce_with_logits.misconception(
    "The sign is missing: logarithms of probabilities are negative, and a loss should fall as the model improves.",
    lambda y, logits: np.mean(np.sum(y * _log_softmax(logits), axis=-1)),
)
cce_with_logits.misconception(
    "The logits went into the logarithm as if they were probabilities. Which function makes a distribution of them?",
    lambda y, logits: -np.mean(np.sum(y * np.log(np.clip(logits, logits.dtype.type(1e-7), 1)), axis=-1)),
)
