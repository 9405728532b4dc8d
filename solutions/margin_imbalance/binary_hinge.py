"""The hinge loss of two classes, and a slope for it."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Numeric, Property
from solutions.margin_imbalance.labels import labelled
from solutions.margin_imbalance.truths import hinge_slopes, hinge_truth

ARGUMENTS = {"y": "{-1,1}", "scores": "real"}
KINKS = ("1 - y*scores",)
EXTREMES = (
    ([[1.0, -1.0]], [[1.0, -1.0]]),
    ([[1.0, -1.0, 1.0]], [[0.5, 0.5, -36.0]]),
    ([[1.0, -1.0]], [[-1e3, 1e3]]),
    ([[1.0]], [[1.0 - 2.0**-53]]),
    ([[1.0, -1.0]], [[-np.inf, -np.inf]]),
    ([[1.0, -1.0]], [[np.inf, 0.0]]),
)


@exercise(
    Numeric(
        hinge_truth,
        ARGUMENTS,
        core="(m,n),(m,n)->()",
        kinks=KINKS,
        extremes=EXTREMES,
    ),
    title="The hinge loss",
    points=1,
    hints=(
        "A sample with y = -1 and the score -0.2 is on the right side of 0. Is it far enough on that side?",
        "$y s$ is positive when the sign is right, and it says by how much. Only what it lacks to 1 is charged.",
        "`lacking = 1 - y * scores`",
    ),
    claims=("S4-L26", "S4-X13"),
)
def hinge(y: np.ndarray, scores: np.ndarray) -> np.floating:
    r"""Return the mean hinge loss of the `scores` s for the labels `y`, which are -1 and 1:

    $$\frac{1}{n} \sum_{i=1}^{n} \max(0,\; 1 - y_i s_i)$$

    A score is any real number, no probability and no class. `y` and `scores` have the same shape, and the mean runs
    over all n entries. `scores` is float16, float32 or float64, and so is the result, a scalar; labels may be whole
    numbers. Any other label raises ValueError: with labels 0 and 1, every sample of class 0 would cost 1, whatever its
    score, and nothing would look wrong. Shapes that differ and empty arrays raise ValueError too.

    Judged: the value to the last digits, for scores of any size and next to the kink; infinite scores cost 0 or inf,
    nan gives nan; the dtype; the ValueError for a mean over nothing; the arguments left as they were.

    Example: `hinge(np.array([1, 1, -1]), np.array([2.0, 0.5, 1.0]))` is (0 + 0.5 + 2)/3 = 0.8333...
    """
    y, scores, dtype = labelled(y, scores, (-1, 1))
    return np.mean(np.maximum(0, 1 - y * scores)).astype(dtype)


hinge.misconception(
    "You take the labels for 0 and 1 and map them to -1 and 1. They already are -1 and 1: what becomes of -1?",
    lambda y, scores: np.mean(np.maximum(0, 1 - (2 * y - 1) * scores)),
)
hinge.misconception(
    "This charges only samples on the wrong side of 0. What does the 1 in the formula ask of a sample that is just "
    "barely right?",
    lambda y, scores: np.mean(np.maximum(0, -y * scores)),
)
hinge.misconception(
    "Without the maximum, one sample that is far on the right side pays for ten wrong ones. Can a loss be negative?",
    lambda y, scores: np.mean(1 - y * scores),
)
hinge.misconception(
    "The squared hinge is a loss too, a smooth one. Is there a square in the formula?",
    lambda y, scores: np.mean(np.maximum(0, 1 - y * scores) ** 2),
)
hinge.misconception(
    "The score has lost its size: `np.sign` turns it into a class. What does a loss of predicted classes say about how "
    "far a sample is from the boundary?",
    lambda y, scores: np.mean(np.maximum(0, 1 - y * np.sign(scores))),
)
hinge.misconception(
    "The losses are added up and never divided. Would the loss of a data set double if you read it twice?",
    lambda y, scores: np.sum(np.maximum(0, 1 - y * scores)),
)


hinge.misconception(
    "The formula is right, and it believes every label. Half of all data sets call their classes 0 and 1: what does your "
    "function charge a sample with y = 0, whatever its score? Who would notice?",
    lambda y, scores: np.mean(np.maximum(0, 1 - y * scores)),
)


@hinge.alternative("clipped from below, in the dtype that came in")
def clipped_from_below(y, scores):
    labelled(y, scores, (-1, 1))  # refuses other labels
    return np.clip(1 - np.asarray(y, scores.dtype) * scores, 0, None).mean()


@hinge.alternative("the two classes one after the other")
def class_by_class(y, scores):
    labels, wide, dtype = labelled(y, scores, (-1, 1))
    total = np.maximum(0, 1 - wide[labels == 1]).sum() + np.maximum(0, 1 + wide[labels == -1]).sum()
    return (total / wide.size).astype(dtype)


def _on_the_kink(rng, dtype) -> list[tuple]:
    y = np.resize([1.0, -1.0, 1.0], (2, 6)).astype(dtype)
    return [(y, y * np.resize(np.asarray([1.0, 1.0, 0.5, 1.5], dtype), (2, 6)))]


def _flat_there(inputs, outputs) -> str | None:
    ((y, scores),), (slopes,) = inputs, outputs
    stray = slopes[(y * scores == 1) & (slopes != 0)]
    return f"at y s = 1 the slope is {stray[0]:.6g}, and 0 was agreed" if stray.size else None


@exercise(
    Gradient(
        hinge_slopes,
        ARGUMENTS,
        core="(m,n),(m,n)->(m,n)",
        kinks=KINKS,
        extremes=EXTREMES,
        properties=(Property("the slope at the kink is 0", _on_the_kink, _flat_there),),
        forward="hinge",
        forward_truth=hinge_truth,
        at_kink="0 where y s = 1",
    ),
    title="A slope for the hinge",
    points=1,
    hints=(
        "A sample has y = 1 and the score 5. How does its loss change when the score moves a little?",
        "Every sample either pulls with the full force $-y$ or not at all, according to one comparison.",
        "`lacking = 1 - y * scores`",
    ),
    claims=("S4-L28", "S4-L29"),
)
def hinge_grad(y: np.ndarray, scores: np.ndarray) -> np.ndarray:
    r"""Return the gradient of the mean hinge loss with respect to the scores:

    $$\frac{\partial L}{\partial s_i} = \frac1n \begin{cases} -y_i & y_i s_i < 1 \\ 0 & y_i s_i \ge 1 \end{cases}$$

    At the kink $y_i s_i = 1$ every number between 0 and $-y_i/n$ is a subgradient; take 0. `y` holds -1 and 1 and has
    the shape of `scores`, n counts all entries. `scores` is float16, float32 or float64; the result has its shape and
    its dtype. Other labels, shapes that differ and empty arrays raise ValueError.

    Judged: every entry, for scores of any size; 0 at the kink and the right slope next to it; a score of nan has the
    slope nan; shape and dtype; agreement with differences of your own `hinge` away from the kink; the
    arguments left as they were.

    Example: `hinge_grad(np.array([1, 1, -1, -1]), np.array([2.0, 0.5, 1.0, -1.0]))` is `[0.0, -0.25, 0.25, 0.0]`.
    """
    y, scores, dtype = labelled(y, scores, (-1, 1))
    active = np.heaviside(1 - y * scores, 0)  # 1 left of the kink, 0 from the kink on, nan for nan
    return (-y * active / scores.size).astype(dtype)


hinge_grad.misconception(
    "Descent along your slope moves a sample that is wrong still further away. What happens to $1 - y s$ when s grows "
    "and y is 1?",
    lambda y, scores: y * np.heaviside(1 - y * scores, np.asarray(0, scores.dtype)) / scores.size,
)
hinge_grad.misconception(
    "The slope of a single loss. The loss here is the mean of n of them; what is left of each?",
    lambda y, scores: -y * np.heaviside(1 - y * scores, np.asarray(0, scores.dtype)),
)
hinge_grad.misconception(
    "Samples that are right, but by less than 1, get no slope from you. Where does the hinge bend: at $y s = 0$, or "
    "later?",
    lambda y, scores: -y * np.heaviside(-y * scores, np.asarray(0, scores.dtype)) / scores.size,
)
hinge_grad.misconception(
    "All is well but for the kink itself: at $y s = 1$ you return $-y/n$. What does the statement ask for there?",
    lambda y, scores: -y * np.heaviside(1 - y * scores, np.asarray(1, scores.dtype)) / scores.size,
)
hinge_grad.misconception(
    "The inner derivative is missing: every sample pulls its score up, whatever its class. What is the derivative of "
    "$1 - y s$ in s?",
    lambda y, scores: -np.heaviside(1 - y * scores, np.asarray(0, scores.dtype)) / scores.size,
)
hinge_grad.misconception(
    "This is the slope of the squared hinge: it grows with what is lacking. How steep is $\\max(0, 1 - y s)$?",
    lambda y, scores: -2 * y * np.maximum(0, 1 - y * scores) / scores.size,
)


@hinge_grad.alternative("by comparison, with nan put back")
def by_comparison(y, scores):
    labels, wide, dtype = labelled(y, scores, (-1, 1))
    slopes = np.where(labels * wide < 1, -labels, 0) / labels.size
    return np.where(np.isnan(wide), np.nan, slopes).astype(dtype)


@hinge_grad.alternative("half of a sign and one, in the dtype that came in")
def half_of_a_sign(y, scores):
    labelled(y, scores, (-1, 1))
    labels = np.asarray(y, scores.dtype)
    return -labels * np.maximum(np.sign(1 - labels * scores), 0) / scores.size
