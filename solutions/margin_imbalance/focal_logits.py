"""The focal loss straight from logits, where the probability is already rounded to 0 or 1 and the loss is not."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Numeric
from solutions.margin_imbalance.labels import labelled
from solutions.margin_imbalance.truths import focal_logits_truth

ARGUMENTS = {"y": "{0,1}", "logits": "real", "gamma": "positive", "alpha": "open(0,1)"}
EXTREMES = (
    ([[1.0, 0.0]], [[10.0, -10.0]]),
    ([[1.0, 0.0]], [[-60.0, 40.0]]),
    ([[1.0, 0.0]], [[0.0, 2.0**-10]]),
    ([[0.0]], [[-37.0]]),
    ([[1.0]], [[240.0]]),
    ([[1.0, 0.0]], [[-1e4, 1e4]]),
    ([[1.0, 0.0]], [[1e4, -1e4]]),
    ([[1.0]], [[-1e308]]),
    ([[0.0, 1.0]], [[-np.inf, np.inf]]),
    ([[1.0, 1.0]], [[-np.inf, 1.0]]),
)


def power_of_sigmoid(s: np.ndarray, gamma: float) -> np.ndarray:
    r"""$\sigma(s)^\gamma = e^{\gamma \log \sigma(s)}$, the exponent in two parts: a whole number and a small rest.

    The exponential magnifies the rounding of its exponent; $\gamma$ times a whole number is exact, and the rest is
    small. Below -800 everything that this is multiplied by is 0.
    """
    left = np.clip(s, -800, 0)
    whole = np.rint(left)
    rest = left - whole - np.log1p(np.exp(-np.abs(s)))
    return np.exp(gamma * whole) * np.exp(gamma * rest)


@exercise(
    Numeric(
        focal_logits_truth,
        ARGUMENTS,
        core="(m,n),(m,n)->()",
        extremes=EXTREMES,
    ),
    title="The focal loss from logits",
    points=3,
    hints=(
        "For a negative with the logit 40, what is p in floating point, and what is log(1 - p)? What should it be?",
        "Let s be the logit in favour of the wrong class: z for a negative, -z for a positive. Then the probability of "
        "the wrong class is $\\sigma(s)$, and minus the logarithm of the right one is softplus(s); both have forms in "
        "which only $e^{-|s|}$ occurs.",
        "`s = np.where(y == 1, -logits, logits)`",
    ),
    claims=("S4-L13",),
)
def focal_with_logits(y: np.ndarray, logits: np.ndarray, gamma: float = 2.0, alpha: float = 0.25) -> np.floating:
    r"""Return the mean focal loss of the probabilities $p = \sigma(z)$, given their `logits` z:

    $$-\frac1n \sum_{i=1}^{n} \begin{cases} \alpha\,(1 - p_i)^\gamma \log p_i & y_i = 1 \\
      (1 - \alpha)\, p_i^\gamma \log(1 - p_i) & y_i = 0 \end{cases}, \qquad p_i = \frac{1}{1 + e^{-z_i}}$$

    Labels, `gamma`, `alpha` and the mean are those of `focal`. `y` and `logits` have the same shape; `logits` is
    float16, float32 or float64, and so is the result, a scalar. Labels other than 0 and 1, shapes that differ and empty
    arrays raise ValueError.

    Judged: the value to the last digits, for other `gamma` and `alpha` too, in both tails: a positive with the logit
    -60 costs 15, one with the logit 240 costs 5.1e-314; no warning for logits of any size; an infinite logit costs 0
    or inf, nan gives nan; the dtype; the ValueError for a mean over nothing; the arguments left as they were.

    Example: `focal_with_logits(np.array([1, 0]), np.array([-60.0, 0.0]))` is the mean of 15 and
    0.75 · 0.25 · log 2, about 7.56498.
    """
    y, logits, dtype = labelled(y, logits, (0, 1))
    s = np.where(y == 1, -logits, logits)  # in favour of the wrong class
    surprise = np.maximum(s, 0) + np.log1p(np.exp(-np.abs(s)))
    weight = np.where(y == 1, alpha, 1 - alpha)
    return np.mean(weight * power_of_sigmoid(s, gamma) * surprise).astype(dtype)


def _narrow(y, logits, alpha):
    """(s, weight) as a student might have them, in the dtype of the logits."""
    weight = np.where(y == 1, np.asarray(alpha, logits.dtype), np.asarray(1 - alpha, logits.dtype))
    return np.where(y == 1, -logits, logits), weight


def _sigmoid(s):
    e = np.exp(-np.abs(s))
    return np.where(s >= 0, np.asarray(1, s.dtype), e) / (1 + e)


def _softplus(s):
    return np.maximum(s, 0) + np.log1p(np.exp(-np.abs(s)))


@focal_with_logits.misconception(
    "First the sigmoid, then the logarithm: at the logit 40 the sigmoid has been rounded to 1, and no logarithm brings "
    "back what was lost. Can you have log(1 - p) without p?"
)
def through_the_probability(y, logits, gamma=2.0, alpha=0.25):
    s, weight = _narrow(y, logits, alpha)
    with np.errstate(all="ignore"):
        return np.mean(weight * _sigmoid(s) ** gamma * -np.log(1 - _sigmoid(s)))


@focal_with_logits.misconception(
    "A clip on the probability: every logit beyond 16 now costs the same. What does a positive with the logit -1000 "
    "cost?"
)
def clipped(y, logits, gamma=2.0, alpha=0.25):
    s, weight = _narrow(y, logits, alpha)
    wrong = np.clip(_sigmoid(s), np.asarray(1e-7, s.dtype), np.asarray(1 - 1e-7, s.dtype))
    return np.mean(weight * wrong**gamma * -np.log1p(-wrong))


@focal_with_logits.misconception(
    "Your negatives cost nothing at all. Does the sum in the formula end with the positives?"
)
def only_positives(y, logits, gamma=2.0, alpha=0.25):
    s, weight = _narrow(y, logits, alpha)
    return np.mean(np.where(y == 1, weight * _sigmoid(s) ** gamma * _softplus(s), np.asarray(0, s.dtype)))


@focal_with_logits.misconception(
    "Positives and negatives both get the weight alpha. With alpha = 0.25, how much should a negative count?"
)
def same_weight(y, logits, gamma=2.0, alpha=0.25):
    s, _ = _narrow(y, logits, alpha)
    return np.mean(np.asarray(alpha, s.dtype) * _sigmoid(s) ** gamma * _softplus(s))


@focal_with_logits.misconception(
    "You raise the probability of the right class to the power of gamma. Which samples are turned down by that, the easy "
    "ones or the hard ones?"
)
def power_of_the_right_class(y, logits, gamma=2.0, alpha=0.25):
    s, weight = _narrow(y, logits, alpha)
    return np.mean(weight * _sigmoid(-s) ** gamma * _softplus(s))


@focal_with_logits.misconception(
    "Softplus as printed: what is `np.exp(1000.0)`, and what is log(1 + e^1000)? And what is left of log(1 + e^-40)?"
)
def softplus_as_printed(y, logits, gamma=2.0, alpha=0.25):
    s, weight = _narrow(y, logits, alpha)
    return np.mean(weight * _sigmoid(s) ** gamma * np.log(1 + np.exp(s)))


@focal_with_logits.misconception(
    "The losses are added up and never divided. Would the loss of a data set double if you read it twice?"
)
def added_up(y, logits, gamma=2.0, alpha=0.25):
    s, weight = _narrow(y, logits, alpha)
    return np.sum(weight * _sigmoid(s) ** gamma * _softplus(s))


@focal_with_logits.alternative("sigmoid and softplus of the wrong side")
def sigmoid_and_softplus(y, logits, gamma=2.0, alpha=0.25):
    labels, z, dtype = labelled(y, logits, (0, 1))
    s = np.where(labels == 1, -z, z)
    return np.mean(np.where(labels == 1, alpha, 1 - alpha) * _sigmoid(s) ** gamma * np.logaddexp(0, s)).astype(dtype)


@focal_with_logits.alternative("everything through logarithms")
def through_logarithms(y, logits, gamma=2.0, alpha=0.25):
    labels, z, dtype = labelled(y, logits, (0, 1))
    sign = 1 - 2 * labels
    log_wrong, surprise = -np.logaddexp(0, -sign * z), np.logaddexp(0, sign * z)
    with np.errstate(over="ignore"):
        weight = np.where(labels == 1, alpha, 1 - alpha)
        return np.mean(weight * np.exp(gamma * log_wrong) * surprise).astype(dtype)
