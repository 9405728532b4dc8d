"""A slope for the hinge loss of many classes: what the rivals pull, the right class is pushed."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Property
from solutions.margin_imbalance.labels import classified
from solutions.margin_imbalance.many_classes import ARGUMENTS, EXTREMES, lead_left_to_gain, left_to_gain
from solutions.margin_imbalance.truths import multiclass_slopes, multiclass_truth


def _samples(rng, dtype) -> list[tuple]:
    return [(rng.integers(0, k, n), rng.uniform(-2, 2, (n, k)).astype(dtype)) for n, k in ((4, 3), (3, 5))]


def _nothing_is_gained(inputs, outputs) -> str | None:
    for (_, scores), slopes in zip(inputs, outputs, strict=True):
        sums = slopes.astype(float).sum(axis=-1)
        worst = int(np.argmax(np.abs(sums)))
        if not abs(sums[worst]) <= 8 * scores.shape[-1] * np.finfo(scores.dtype).eps:
            return f"the slopes of sample {worst} add up to {sums[worst]:.6g}, and raising all its scores does nothing"
    return None


def _tied(rng, dtype) -> list[tuple]:
    return [(np.array([0, 1]), np.array([[2.0, 1.0, 1.5], [-1.0, 0.0, -3.0]], dtype))]


def _flat_there(inputs, outputs) -> str | None:
    slope = float(outputs[0][0, 1]) or float(outputs[0][1, 0])
    return f"a wrong class that is behind by exactly the margin has the slope {slope:.6g}" if slope else None


@exercise(
    Gradient(
        multiclass_slopes,
        ARGUMENTS,
        core="(m),(m,n)->(m,n)",
        kinks=(lead_left_to_gain,),
        extremes=EXTREMES,
        properties=(
            Property("the slopes of every sample add up to 0", _samples, _nothing_is_gained),
            Property("the slope at a kink is 0", _tied, _flat_there),
        ),
        forward="multiclass_hinge",
        forward_truth=multiclass_truth,
        at_kink="0 where a wrong class is behind by exactly the margin",
    ),
    title="A slope for the hinge of many classes",
    points=2,
    hints=(
        "Three wrong classes violate the margin. How often does the score of the right class occur in the loss of this "
        "sample?",
        "Each violating class pulls with 1; the right class is pushed up by as many as there are.",
        "`own = np.take_along_axis(scores, labels[..., None], axis=-1)`",
    ),
    claims=("S4-L28", "S4-L29"),
)
def multiclass_hinge_grad(labels: np.ndarray, scores: np.ndarray, margin: float = 1.0) -> np.ndarray:
    r"""Return the gradient of the mean multiclass hinge loss with respect to the scores S:

    $$\frac{\partial L}{\partial S_{ik}} = \frac1n \begin{cases} [\,m + S_{ik} - S_{i y_i} > 0\,] & k \ne y_i \\
      -\sum_{j \ne y_i} [\,m + S_{ij} - S_{i y_i} > 0\,] & k = y_i \end{cases}$$

    The bracket is 1 when what it holds is true and 0 otherwise, so the slope is 0 at the kinks. `labels`, `scores` and
    `margin` are those of `multiclass_hinge`, n counts the samples. `scores` is float16, float32 or float64; the result
    has its shape and its dtype. Labels outside 0 to K - 1, shapes that do not fit and no sample at all raise
    ValueError.

    Judged: every entry, for `margin` = 1 and for others; 0 at the kinks; a wrong class with the score nan has the slope
    nan, and then the right one has it too, while the others keep theirs; that the slopes of a sample add up to 0; shape
    and dtype; agreement with differences of your own `multiclass_hinge` away from the kinks; the
    arguments left as they were.

    Example: `multiclass_hinge_grad(np.array([0, 2]), np.array([[3.0, 1.0, 2.5], [0.0, 0.0, 0.0]]))` is
    `[[-0.5, 0, 0.5], [0.5, 0.5, -1]]`.
    """
    labels, scores, dtype = classified(labels, scores)
    with np.errstate(over="ignore", invalid="ignore"):
        lacking = left_to_gain(labels, scores, margin)
    wrong = np.arange(scores.shape[-1]) != labels
    active = np.where(wrong, np.heaviside(lacking, 0), 0)  # 1 for a violated margin, nan for nan
    return (np.where(wrong, active, -active.sum(axis=-1, keepdims=True)) / labels.size).astype(dtype)


def _violations(labels, scores, margin, at_kink=0.0):
    """1 for each wrong class that is not far enough behind, in the dtype of the scores."""
    rows = np.arange(len(labels))
    with np.errstate(over="ignore", invalid="ignore"):
        gaps = scores - scores[rows, labels][:, None] + np.asarray(margin, scores.dtype)
    active = np.heaviside(gaps, np.asarray(at_kink, scores.dtype))
    active[rows, labels] = 0
    return active


@multiclass_hinge_grad.misconception(
    "The wrong classes are right; the right class has no slope at all. In how many terms of the sum does its score occur?"
)
def right_class_forgotten(labels, scores, margin=1.0):
    return _violations(labels, scores, margin) / len(labels)


@multiclass_hinge_grad.misconception(
    "The right class is pushed up once, however many classes violate its margin. Do the slopes of a sample add up to 0?"
)
def pushed_once(labels, scores, margin=1.0):
    active = _violations(labels, scores, margin)
    active[np.arange(len(labels)), labels] = -np.max(active, axis=1)
    return active / len(labels)


@multiclass_hinge_grad.misconception("The slopes of a sum over samples. The loss is a mean; where did its 1/n go?")
def not_divided(labels, scores, margin=1.0):
    active = _violations(labels, scores, margin)
    active[np.arange(len(labels)), labels] = -active.sum(axis=1)
    return active


@multiclass_hinge_grad.misconception(
    "You divide by the number of all entries. `multiclass_hinge` averages over samples; what does it do with classes?"
)
def divided_by_all(labels, scores, margin=1.0):
    active = _violations(labels, scores, margin)
    active[np.arange(len(labels)), labels] = -active.sum(axis=1)
    return active / np.asarray(scores.size, scores.dtype)


@multiclass_hinge_grad.misconception(
    "Every sign is turned round: descent along your slopes lifts the rivals and lowers the right class."
)
def turned_round(labels, scores, margin=1.0):
    active = _violations(labels, scores, margin)
    active[np.arange(len(labels)), labels] = -active.sum(axis=1)
    return -active / len(labels)


@multiclass_hinge_grad.alternative("count the violations, then subtract them from the right class")
def counted(labels, scores, margin=1.0):
    classified(labels, scores)  # refuses labels outside
    flat, rows = np.ravel(labels), np.reshape(scores, (-1, np.shape(scores)[-1]))
    active = _violations(flat, rows, margin)
    active[np.arange(len(flat)), flat] = -active.sum(axis=1)
    return (active / np.asarray(len(flat), scores.dtype)).reshape(np.shape(scores))


@multiclass_hinge_grad.alternative("with a one-hot matrix and no indexing")
def with_one_hot(labels, scores, margin=1.0):
    classified(labels, scores)
    one_hot = np.eye(np.shape(scores)[-1])[labels]
    wide = np.asarray(scores, np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        own = np.where(one_hot == 1, wide, 0).sum(axis=-1, keepdims=True)
        lacking = margin + (wide - own)
    active = np.where(one_hot == 1, 0, np.where(np.isnan(lacking), np.nan, lacking > 0))
    slopes = np.where(one_hot == 1, -active.sum(axis=-1, keepdims=True), active)
    return (slopes / np.size(labels)).astype(scores.dtype)
