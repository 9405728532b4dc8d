"""What a logit is told when one class among many was right: prediction minus truth, and its digits."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Property
from solutions.cross_entropy.laws import half_the_slope, rows_and_logits
from solutions.cross_entropy.pairs import paired
from solutions.cross_entropy.truths import cce_slopes
from solutions.cross_entropy.weights import weights
from solutions.enough_digits import settled
from solutions.exact_sums import quotient, rounded, total
from solutions.smooth_relatives.two_floats import plus, times


def _one_batch(rng: np.random.Generator, dtype: str) -> list[tuple]:
    return [rows_and_logits(rng, dtype)]


def _nothing_is_gained(inputs: list, outputs: list) -> str | None:
    sums, sizes = (np.abs(f(outputs[0]).sum(axis=-1)) for f in (np.asarray, np.abs))
    if np.all(sums <= 16 * np.finfo(inputs[0][0].dtype).eps * sizes):
        return None
    return f"a row of slopes adds up to {sums.max():.3g}, and raising all logits of a row together changes nothing"


@exercise(
    Gradient(
        cce_slopes,
        {"y": "simplex(3)", "logits": "real"},
        core="(m,n),(m,n)->(m,n)",
        extremes=(
            ([[1.0, 0.0]], [[8.0, 0.0]]),
            ([[0.0, 0.0, 1.0]], [[1000.0, 1001.0, 1002.0]]),
            ([[0.0, 1.0]], [[-np.inf, 0.0]]),
            ([[1.0, 0.0]], [[70.0, 0.0]]),
            ([[0.0, 1.0, 0.0]], [[0.0, -800.0, -900.0]]),
            ([[1.0, 0.0], [0.0, 1.0]], [[1000.0, 1001.0], [-1000.0, -999.0]]),
            ([[0.0, 1.0]], [[1e308, -1e308]]),
        ),
        properties=(
            half_the_slope(rows_and_logits),
            Property("the slopes of every row add up to zero", _one_batch, _nothing_is_gained),
        ),
        forward="cce_with_logits",
    ),
    title="Prediction minus truth",
    points=3,
    claims=("S4-P1", "S1-6.2b"),
    hints=(
        "One row, one-hot: what happens to the loss when the logit of a wrong class rises a little? And of the right one?",
        "The slope is $(p_k - y_k)/m$. Where the model is sure and right, $p_k - 1$ has no digits left; but $1 - p_k$ is "
        "the sum of the other probabilities. So add up the other weights, without the class itself.",
        "`top = logits.max(axis=-1, keepdims=True)`",
    ),
)
def cce_with_logits_grad(y: np.ndarray, logits: np.ndarray) -> np.ndarray:
    r"""Return the gradient of the mean `cce_with_logits(y, logits)` with respect to every logit:

    $$\frac{\partial L}{\partial z_{ik}} = \frac{p_{ik} - y_{ik}}{m}, \qquad
      p_{ik} = \frac{e^{z_{ik}}}{\sum_j e^{z_{ij}}}$$

    Rows lie along the last axis, a 1-D array is one row, m is the number of rows. Every row of `y` is one-hot or
    soft and sums to 1; `logits` has the same shape, and so has the result, in their common float dtype (an integer `y`
    has no say in it). A logit of $-\infty$ has p = 0; a row whose logits hold $+\infty$ or nan, or nothing but $-\infty$,
    is nan throughout. Different shapes and empty arrays raise ValueError.

    Judged: the values, divided by the number of rows, not of entries, as far as the rounding of `y` lets them be known;
    no overflow at any finite logit; every row adds up to zero; agreement with differences of your own
    `cce_with_logits`. For logits [70, 0] and the first class the slopes are $\mp 4 \cdot 10^{-31}$, and $p - y$ gives 0
    for one of them: that passes, and can be bettered.

    Example: `cce_with_logits_grad(np.array([[1, 0], [0, 1]]), np.array([[0.0, 0.0], [70.0, 0.0]]))` is
    `[[-0.25, 0.25], [0.5, -0.5]]`.
    """
    y, z, dtype = paired(y, logits, dims=1)
    slopes = settled(_against_the_others, _softmax_minus_label, y, z)
    return (slopes / (z.size // z.shape[-1])).astype(dtype)


def _against_the_others(y, z):
    """p_k - y_k, in which only exp and the last step round, and the sum of the two that cancel in it:

    (1 - y_k) p_k, and y_k times the sum of all other p.
    """
    _, front, rest, _ = weights(z)
    everyone = total(front, rest)
    others = plus(everyone, (-front, -rest))
    slope = plus((front, rest), times((-y, 0.0), everyone))
    size = (1 - y) * front + y * rounded(others)
    return rounded(quotient(slope, everyone)), size / rounded(everyone)


def _softmax_minus_label(y, z):
    weight = np.exp(z - z.max(axis=-1, keepdims=True))
    return weight / weight.sum(axis=-1, keepdims=True) - y


def _refuse(y, logits):
    if np.shape(y) != np.shape(logits) or not np.size(y):
        raise ValueError("y and logits should have the same shape, with something in it")


def _weight(z):
    with np.errstate(over="ignore", invalid="ignore"):
        return np.exp(z - z.max(axis=-1, keepdims=True))


@cce_with_logits_grad.alternative("the other probabilities of each class added up, class by class")
def other_probabilities(y, logits):
    y, z, dtype = paired(y, logits, dims=1)
    weight = _weight(z)
    p = weight / weight.sum(axis=-1, keepdims=True)
    others = np.stack([np.delete(p, k, axis=-1).sum(axis=-1) for k in range(z.shape[-1])], axis=-1)
    return (((1 - y) * p - y * others) / (p.size // p.shape[-1])).astype(dtype)


@cce_with_logits_grad.alternative("by a matrix with a zero diagonal: every class sees only the others")
def a_matrix_without_a_diagonal(y, logits):
    _refuse(y, logits)
    wide = logits.astype(np.float64)
    weight = _weight(wide)
    others = weight @ (1 - np.eye(wide.shape[-1]))
    slope = (weight * (1 - y) - others * y) / weight.sum(axis=-1, keepdims=True)
    return (slope / (wide.size // wide.shape[-1])).astype(logits.dtype)


def _softmax(z):
    weight = _weight(z)
    return weight / weight.sum(axis=-1, keepdims=True)


cce_with_logits_grad.alternative("prediction minus truth, as printed")(
    lambda y, logits: (_softmax(logits) - y) / logits.dtype.type(max(1, logits.size // logits.shape[-1]))
)

cce_with_logits_grad.misconception(
    "p - y is the slope of one row. Your loss is the mean over m rows: who pays the 1/m?",
    lambda y, logits: _softmax(logits) - y,
)
cce_with_logits_grad.misconception(
    "You divided by the number of entries, and the loss is a mean over rows: how many are there?",
    lambda y, logits: (_softmax(logits) - y) / logits.dtype.type(logits.size),
)
cce_with_logits_grad.misconception(
    "Every sign is turned round. When the logit of the right class grows, does the loss?",
    lambda y, logits: (y - _softmax(logits)) / logits.dtype.type(len(logits)),
)
cce_with_logits_grad.misconception(
    "That is the slope with respect to the probabilities. The Jacobian of the softmax still lies between them and the "
    "logits.",
    lambda y, logits: -y / _softmax(logits) / logits.dtype.type(len(logits)),
)
cce_with_logits_grad.misconception(
    "Only the right class is told anything here. When a wrong logit rises, whose probability falls?",
    lambda y, logits: y * (_softmax(logits) - 1) / logits.dtype.type(len(logits)),
)
cce_with_logits_grad.misconception(
    "A sigmoid for each class treats them as questions of their own. Here they share one probability: does a row of "
    "your slopes add up to zero?",
    lambda y, logits: (1 / (1 + np.exp(-logits)) - y) / logits.dtype.type(len(logits)),
)
cce_with_logits_grad.misconception(
    "On paper right; `np.exp(1000)` overflows, and infinity over infinity is nan. What may be subtracted from all logits "
    "of a row?",
    lambda y, logits: (
        (np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True) - y) / logits.dtype.type(len(logits))
    ),
)
cce_with_logits_grad.misconception(
    "The softmax runs down the columns: rows compete with each other. Along which axis lie the classes?",
    lambda y, logits: (_softmax(logits.T).T - y) / logits.dtype.type(len(logits)),
)
