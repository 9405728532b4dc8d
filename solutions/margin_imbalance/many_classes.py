"""The hinge loss of many classes: the right one must lead every other by a margin."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Numeric, Property
from solutions.exact_sums import rounded
from solutions.margin_imbalance.labels import classified
from solutions.margin_imbalance.truths import multiclass_truth
from solutions.smooth_relatives.two_floats import plus

ARGUMENTS = {"labels": "integer", "scores": "real", "margin": "positive"}
EXTREMES = (
    ([0, 2], [[3.0, 1.0, 2.5], [0.0, 0.0, 0.0]]),
    ([1], [[100.0, 99.0, 98.5]]),
    ([0, 1], [[-30.0, 30.0], [1000.0, -1000.0]]),
    ([0, 1], [[1e16, 1e16], [0.25, 1e16]]),
    ([0, 1, 0], [[1e300, -1e300], [0.0, 1e300], [1e300, 1e300]]),
    ([0, 0], [[np.inf, 1.0], [0.0, -np.inf]]),
    ([1], [[np.inf, 1.0]]),
)


def lead_left_to_gain(labels: np.ndarray, scores: np.ndarray, margin: float = 1.0) -> np.ndarray:
    """Vanishes where a wrong class is behind by exactly the margin; 1 for the right class, which has no kink."""
    rows = np.asarray(labels).astype(int)[..., None]
    lacking = margin + scores - np.take_along_axis(scores, rows, axis=-1)
    return np.where(np.arange(scores.shape[-1]) == rows, 1.0, lacking)


def _shifted(rng, dtype) -> list[tuple]:
    labels, scores = rng.integers(0, 4, 5), (rng.integers(-40, 41, (5, 4)) / 8).astype(dtype)
    shift = np.asarray([[1.0], [-8.0], [16.0], [0.5], [64.0]], dtype)
    return [(labels, scores), (labels, scores + shift)]


def _only_gaps_count(inputs, outputs) -> str | None:
    before, after = map(float, outputs)
    if abs(before - after) <= 16 * np.finfo(inputs[0][1].dtype).eps * abs(before):
        return None
    return f"with the same constant added to all scores of a sample the loss goes from {before:.6g} to {after:.6g}"


@exercise(
    Numeric(
        multiclass_truth,
        ARGUMENTS,
        core="(m),(m,n)->()",
        kinks=(lead_left_to_gain,),
        extremes=EXTREMES,
        properties=(Property("only the gaps between the scores of a sample count", _shifted, _only_gaps_count),),
    ),
    title="The hinge loss of many classes",
    points=2,
    hints=(
        "A sample of class 2 has the scores 3, 1 and 3.5. Its class is in front; by how much does it lead class 0, and "
        "is that enough?",
        "Take each sample's own score out with fancy indexing, subtract it from its row, add the margin, cut at 0. One "
        "entry of each row must not count: which?",
        "`own = np.take_along_axis(scores, labels[..., None], axis=-1)`",
    ),
    claims=("S4-L26", "S4-X13"),
)
def multiclass_hinge(labels: np.ndarray, scores: np.ndarray, margin: float = 1.0) -> np.floating:
    r"""Return the mean multiclass hinge loss of the `scores` S, whose rows are samples and whose columns are classes:

    $$\frac{1}{n} \sum_{i=1}^{n} \sum_{k \ne y_i} \max(0,\; m + S_{ik} - S_{i y_i})$$

    The label $y_i$ of each row is a whole number from 0 to K - 1, m is the `margin`, a positive number. The inner sum
    runs over the K - 1 wrong classes; the mean runs over the n samples, not over classes. `labels` has the shape of
    `scores` without its last axis. `scores` is float16, float32 or float64, and so is the result, a scalar. Labels
    outside the range (negative ones too, which NumPy would count from the end), shapes that do not fit and no sample at
    all raise ValueError.

    Judged: the value to the last digits, for `margin` = 1 and for others, for scores of any size; nan gives nan; that a
    constant added to a row changes nothing; the dtype; the ValueError for a mean over nothing; the arguments left as they were.

    Example: `multiclass_hinge(np.array([0, 2]), np.array([[3.0, 1.0, 2.5], [0.0, 0.0, 0.0]]))` is
    (0.5 + 1 + 1)/2 = 1.25.
    """
    labels, scores, dtype = classified(labels, scores)
    with np.errstate(over="ignore", invalid="ignore"):
        lacking = np.maximum(0, left_to_gain(labels, scores, margin))
        wrong = np.arange(scores.shape[-1]) != labels
        return np.mean(np.sum(lacking, axis=-1, where=wrong)).astype(dtype)


def left_to_gain(labels, scores, margin):
    """margin + scores - own, rounded once: two roundings could decide on which side of its kink a class lies."""
    own = np.take_along_axis(scores, labels, axis=-1)
    return rounded(plus((margin, 0.0), plus((scores, 0.0), (-own, 0.0))))


def _lacking(labels, scores, margin):
    """What each class lacks to the margin; the own class lacks nothing."""
    own = scores[np.arange(len(labels)), labels][:, None]
    lacking = np.maximum(0, scores - own + np.asarray(margin, scores.dtype))
    lacking[np.arange(len(labels)), labels] = 0
    return lacking


multiclass_hinge.misconception(
    "Every sample costs at least the margin, even one that leads by a thousand. Which class is compared with itself?",
    lambda labels, scores, margin=1.0: np.mean(
        np.sum(
            np.maximum(0, scores - scores[np.arange(len(labels)), labels][:, None] + np.asarray(margin, scores.dtype)),
            axis=1,
        )
    ),
)
multiclass_hinge.misconception(
    "You average over classes as well as over samples. With ten times as many classes, should the same violation cost a "
    "tenth?",
    lambda labels, scores, margin=1.0: np.mean(_lacking(labels, scores, margin)),
)
multiclass_hinge.misconception(
    "Only the strongest rival counts here: that is another well-known loss. Does the formula have a maximum over the "
    "classes, or a sum?",
    lambda labels, scores, margin=1.0: np.mean(np.max(_lacking(labels, scores, margin), axis=1)),
)
multiclass_hinge.misconception(
    "The losses of the samples are added up and never divided. Would the loss of a data set double if you read it twice?",
    lambda labels, scores, margin=1.0: np.sum(_lacking(labels, scores, margin)),
)
multiclass_hinge.misconception(
    "Who must lead whom? A sample whose own class is far in front pays most in your function: look at the sign inside.",
    lambda labels, scores, margin=1.0: np.mean(np.sum(_lacking(labels, -scores, margin), axis=1)),
)
multiclass_hinge.misconception(
    "With margin = 1 all is well. Where does your function use another margin?",
    lambda labels, scores, margin=1.0: np.mean(np.sum(_lacking(labels, scores, 1.0), axis=1)),
)


@multiclass_hinge.misconception(
    "You add the own class as well and take its margin off again. On paper that is 0; in floating point, a sample that "
    "satisfies every margin is left with some 1e-16, and one with an infinite score with nan. Can the own class be left "
    "out from the start?"
)
def margin_taken_off_again(labels, scores, margin=1.0):
    own, margin = scores[np.arange(len(labels)), labels][:, None], np.asarray(margin, scores.dtype)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.mean(np.sum(np.maximum(0, margin + scores - own), axis=1) - margin)


multiclass_hinge.misconception(
    "The formula is right, and it believes every label. Which class does NumPy take for the label -1, and does anyone "
    "hear of it?",
    lambda labels, scores, margin=1.0: np.mean(np.sum(_lacking(labels, scores, margin), axis=1)),
)


@multiclass_hinge.alternative("the own class set to 0 afterwards, in the dtype that came in")
def own_class_erased(labels, scores, margin=1.0):
    classified(labels, scores)  # refuses labels outside
    rows = np.reshape(scores, (-1, np.shape(scores)[-1]))
    with np.errstate(over="ignore", invalid="ignore"):
        return np.mean(_lacking(np.ravel(labels), rows, margin).sum(axis=1))


@multiclass_hinge.alternative("a one-hot mask, and everything as a matrix")
def with_a_mask(labels, scores, margin=1.0):
    classified(labels, scores)
    rows = np.reshape(scores, (-1, np.shape(scores)[-1])).astype(np.float64)
    own = np.eye(rows.shape[1], dtype=bool)[np.ravel(labels)]
    with np.errstate(over="ignore", invalid="ignore"):
        lacking = margin + (rows - rows[own][:, None])
        total = np.where(own | (lacking <= 0), 0, lacking).sum()
        return (total / len(rows)).astype(scores.dtype)
