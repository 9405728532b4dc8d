"""The focal loss of probabilities: cross-entropy in which an easy sample hardly counts."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Numeric, Property
from solutions.margin_imbalance.labels import labelled
from solutions.margin_imbalance.truths import focal_truth

ARGUMENTS = {"y": "{0,1}", "p": "open(0,1)", "gamma": "positive", "alpha": "open(0,1)"}
EXTREMES = (
    ([[1.0, 0.0]], [[1.0, 0.0]]),
    ([[1.0, 0.0]], [[2.0**-20, 1 - 2.0**-10]]),
    ([[0.0, 1.0]], [[2.0**-20, 1 - 2.0**-10]]),
    ([[1.0, 0.0]], [[1e-300, 1e-30]]),
    ([[1.0, 0.0]], [[1e-12, 1 - 2.0**-53]]),
    ([[0.0]], [[1e-60]]),
    ([[0.0]], [[1e-105]]),
    ([[1.0]], [[1 - 2.0**-53]]),
    ([[1.0, 1.0]], [[0.0, 0.5]]),
    ([[0.0, 1.0]], [[1.0, 0.5]]),
)


def chances(y: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.dtype]:
    """Which labels are 1; the probabilities of the right and of the wrong class; and the dtype of the result.

    Raises ValueError for labels that are not 0 or 1, for p outside [0, 1], for shapes that do not agree.
    """
    y, p, dtype = labelled(y, p, (0, 1))
    if np.any((p < 0) | (p > 1)):
        raise ValueError("a probability lies between 0 and 1: are these logits?")
    positive = y == 1
    return positive, np.where(positive, p, 1 - p), np.where(positive, 1 - p, p), dtype


def _mirrored(rng, dtype) -> list[tuple]:
    y, p = rng.integers(0, 2, (2, 5)).astype(dtype), (rng.integers(1, 16, (2, 5)) / 16).astype(dtype)
    return [(y, p, 2.0, 0.25), (1 - y, 1 - p, 2.0, 0.75), (y, p, 3.0, 0.5), (1 - y, 1 - p, 3.0, 0.5)]


def _same_loss(inputs, outputs) -> str | None:
    room = 32 * np.finfo(inputs[0][0].dtype).eps
    for one, other, (_, _, gamma, alpha) in zip(outputs[::2], outputs[1::2], inputs[::2], strict=True):
        if not np.allclose(one, other, rtol=room, atol=0):
            return f"gamma = {gamma:g}, alpha = {alpha:g}: {float(one):.6g} before and {float(other):.6g} after"
    return None


@exercise(
    Numeric(
        focal_truth,
        ARGUMENTS,
        core="(m,n),(m,n)->()",
        extremes=EXTREMES,
        properties=(
            Property(
                "the loss is the same with the classes exchanged, and alpha with 1 - alpha", _mirrored, _same_loss
            ),
        ),
    ),
    title="The focal loss",
    points=2,
    hints=(
        "A positive with p = 0.9 and a negative with p = 0.1 are equally easy. Do they cost the same in your function, "
        "apart from their weights?",
        "Three ingredients, each chosen by the label: the weight, the probability of the wrong class (to the power of "
        "gamma), and minus the logarithm of the probability of the right class.",
        "`positive = y == 1`",
    ),
    claims=("S4-L13", "S4-X09", "S4-A63"),
)
def focal(y: np.ndarray, p: np.ndarray, gamma: float = 2.0, alpha: float = 0.25) -> np.floating:
    r"""Return the mean focal loss of the probabilities `p` (of class 1) for the labels `y`, which are 0 and 1:

    $$-\frac1n \sum_{i=1}^{n} \begin{cases} \alpha\,(1 - p_i)^\gamma \log p_i & y_i = 1 \\
      (1 - \alpha)\, p_i^\gamma \log(1 - p_i) & y_i = 0 \end{cases}$$

    `alpha`, between 0 and 1, weighs the positives and 1 - alpha the negatives; `gamma` is at least 0. `y` and `p` have
    the same shape, and the mean runs over all n entries. `p` is float16, float32 or float64, and so is the result, a
    scalar; labels may be whole numbers. Labels other than 0 and 1, probabilities outside [0, 1], shapes that differ and
    empty arrays raise ValueError.

    Judged: the value to the last digits, for other `gamma` and `alpha` too, and for p as small as 1e-300: no clipping.
    p = 0 or 1 costs 0 where it is right and inf where it is wrong; nan gives nan; the classes exchanged, and alpha with
    1 - alpha, change nothing; the dtype; the ValueError for a mean over nothing; the arguments left as they were.

    Example: `focal(np.array([1, 0]), np.array([0.9, 0.9]))` is the mean of 0.25 · 0.01 · 0.10536 and
    0.75 · 0.81 · 2.30259, about 0.69954.
    """
    positive, right, wrong, dtype = chances(y, p)
    with np.errstate(divide="ignore"):  # log 0: a loss of inf is the truth
        surprise = -np.where(positive, np.log(right), np.log1p(-wrong))
    weight = np.where(positive, alpha, 1 - alpha)
    return np.mean(weight * wrong**gamma * surprise).astype(dtype)


def _told_apart(y, p, alpha):
    """(positive, wrong, weight, -log right) as a student might have them, in the dtype of p."""
    positive, one = y == 1, np.asarray(1, p.dtype)
    with np.errstate(divide="ignore"):
        surprise = -np.where(positive, np.log(p), np.log1p(-p))
    weight = np.where(positive, np.asarray(alpha, p.dtype), np.asarray(1 - alpha, p.dtype))
    return positive, np.where(positive, one - p, p), weight, surprise


@focal.misconception(
    "Your negatives cost nothing at all, as in a published version of this code, where the second line of the sum stands "
    "after the `return` and is never reached. What does a negative with p = 0.99 cost?"
)
def only_positives(y, p, gamma=2.0, alpha=0.25):
    positive, wrong, weight, surprise = _told_apart(y, p, alpha)
    return np.mean(np.where(positive, weight * wrong**gamma * surprise, np.asarray(0, p.dtype)))


@focal.misconception(
    "Positives and negatives both get the weight alpha. With alpha = 0.25, how much should a negative count?"
)
def same_weight(y, p, gamma=2.0, alpha=0.25):
    _, wrong, _, surprise = _told_apart(y, p, alpha)
    return np.mean(np.asarray(alpha, p.dtype) * wrong**gamma * surprise)


@focal.misconception(
    "The weights are exchanged: alpha went to the negatives. Which class does the formula multiply by alpha?"
)
def weights_exchanged(y, p, gamma=2.0, alpha=0.25):
    _, wrong, weight, surprise = _told_apart(y, p, alpha)
    return np.mean((1 - weight) * wrong**gamma * surprise)


@focal.misconception(
    "You raise the probability of the right class to the power of gamma. Which samples are turned down by that, the easy "
    "ones or the hard ones?"
)
def power_of_the_right_class(y, p, gamma=2.0, alpha=0.25):
    _, wrong, weight, surprise = _told_apart(y, p, alpha)
    return np.mean(weight * (1 - wrong) ** gamma * surprise)


@focal.misconception(
    "Clipping p keeps the logarithm finite and makes up the answer: every p below the clip costs the same. What is the "
    "loss of a positive with p = 1e-300, and of one with p = 0?"
)
def clipped(y, p, gamma=2.0, alpha=0.25):
    _, wrong, weight, surprise = _told_apart(
        y, np.clip(p, np.asarray(1e-7, p.dtype), np.asarray(1 - 1e-7, p.dtype)), alpha
    )
    return np.mean(weight * wrong**gamma * surprise)


@focal.misconception(
    "Right for ordinary probabilities. For a negative with p = 1e-30, what is `np.log(1 - p)`, and what should it be?"
)
def log_of_the_rounded_complement(y, p, gamma=2.0, alpha=0.25):
    _, wrong, weight, _ = _told_apart(y, p, alpha)
    with np.errstate(divide="ignore"):
        return np.mean(weight * wrong**gamma * -np.log(1 - wrong))


@focal.misconception(
    "The losses are added up and never divided, as in a published version of this code. Would the loss of a data set "
    "double if you read it twice?"
)
def added_up(y, p, gamma=2.0, alpha=0.25):
    _, wrong, weight, surprise = _told_apart(y, p, alpha)
    return np.sum(weight * wrong**gamma * surprise)


@focal.misconception(
    "The formula is right, and it believes every label. A data set with the labels -1 and 1 looks all the same to it: "
    "what should happen to a label that is neither 0 nor 1?"
)
def believing(y, p, gamma=2.0, alpha=0.25):
    _, wrong, weight, surprise = _told_apart(y, p, alpha)
    return np.mean(weight * wrong**gamma * surprise)


@focal.alternative("both terms of the sum, each multiplied by its label, the useless one silenced")
def both_terms(y, p, gamma=2.0, alpha=0.25):
    labels, wide, dtype = labelled(y, p, (0, 1))
    if not np.all((wide >= 0) & (wide <= 1) | np.isnan(wide)):
        raise ValueError("probabilities only")
    with np.errstate(divide="ignore", invalid="ignore"):
        ones = np.where(labels == 1, alpha * (1 - wide) ** gamma * np.log(wide), 0)
        zeros = np.where(labels == 0, (1 - alpha) * wide**gamma * np.log1p(-wide), 0)
    return -np.mean(ones + zeros).astype(dtype)


@focal.alternative("class by class, with a mask")
def class_by_class(y, p, gamma=2.0, alpha=0.25):
    positive, _, _, dtype = chances(y, p)
    ones, zeros = np.asarray(p, np.float64)[positive], np.asarray(p, np.float64)[~positive]
    with np.errstate(divide="ignore"):
        total = np.sum(alpha * (1 - ones) ** gamma * np.log(ones))
        total += np.sum((1 - alpha) * zeros**gamma * np.log1p(-zeros))
    return (-total / positive.size).astype(dtype)
