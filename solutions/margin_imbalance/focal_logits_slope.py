"""The slope of the focal loss in the logit."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient
from solutions.margin_imbalance.focal_logits import ARGUMENTS, EXTREMES, power_of_sigmoid
from solutions.margin_imbalance.labels import labelled
from solutions.margin_imbalance.truths import focal_logits_slopes, focal_logits_truth


@exercise(
    Gradient(
        focal_logits_slopes,
        ARGUMENTS,
        core="(m,n),(m,n)->(m,n)",
        extremes=EXTREMES,
        forward="focal_with_logits",
        forward_truth=focal_logits_truth,
    ),
    title="The slope of the focal loss in the logit",
    points=3,
    hints=(
        "With gamma = 0 this is weighted cross-entropy. What is its slope in the logit, and what does yours give?",
        "With s the logit in favour of the wrong class, the loss is $\\sigma(s)^\\gamma\\,\\mathrm{softplus}(s)$. The "
        "slope of softplus is $\\sigma$, and $\\sigma' = \\sigma\\,(1 - \\sigma)$ leaves the power as it is.",
        "`s = np.where(y == 1, -logits, logits)`",
    ),
    claims=("S4-L13",),
)
def focal_with_logits_grad(y: np.ndarray, logits: np.ndarray, gamma: float = 2.0, alpha: float = 0.25) -> np.ndarray:
    r"""Return the gradient of the mean focal loss with respect to the `logits` z:

    $$\frac{\partial L}{\partial z_i} = \frac1n \begin{cases}
      \alpha\,(1 - p_i)^\gamma \left(\gamma\, p_i \log p_i - (1 - p_i)\right) & y_i = 1 \\
      (1 - \alpha)\, p_i^\gamma \left(p_i - \gamma\,(1 - p_i) \log(1 - p_i)\right) & y_i = 0
      \end{cases}, \qquad p_i = \frac{1}{1 + e^{-z_i}}$$

    The arguments are those of `focal_with_logits`, n counts all entries. `logits` is float16, float32 or float64; the
    result has its shape and its dtype. Labels other than 0 and 1, shapes that differ and empty arrays raise ValueError.

    Judged: sign and size of every entry to the last digits, for other `gamma` and `alpha` too, in both tails; no
    warning for logits of any size; at infinite logits the limits, 0 and the weight; nan stays where it is; shape and
    dtype; agreement with differences of your own `focal_with_logits`; the arguments left as they were.

    Example: `focal_with_logits_grad(np.array([1, 0]), np.array([0.0, 0.0]))` is about `[-0.03728585, 0.11185755]`.
    """
    y, logits, dtype = labelled(y, logits, (0, 1))
    s = np.where(y == 1, -logits, logits)  # in favour of the wrong class
    e = np.exp(-np.abs(s))
    wrong, right = np.where(s >= 0, 1, e) / (1 + e), np.where(s >= 0, e, 1) / (1 + e)
    surprise = np.minimum(np.maximum(s, 0) + np.log1p(e), 800)  # beyond, right is 0, and 0 times inf would be nan
    weight = np.where(y == 1, -alpha, 1 - alpha) / s.size
    return (weight * power_of_sigmoid(s, gamma) * (gamma * right * surprise + wrong)).astype(dtype)


def _parts(y, logits, alpha):
    """(weight with its sign, right, wrong, softplus) as a student might have them, in the dtype of the logits."""
    kind = logits.dtype.type
    s, e = np.where(y == 1, -logits, logits), np.exp(-np.abs(logits))
    weight = np.where(y == 1, kind(-alpha), kind(1 - alpha)) / kind(logits.size)
    right, wrong = np.where(s >= 0, e, kind(1)) / (1 + e), np.where(s >= 0, kind(1), e) / (1 + e)
    return weight, right, wrong, np.minimum(np.maximum(s, 0) + np.log1p(e), kind(800))


@focal_with_logits_grad.misconception(
    "This is the slope of weighted cross-entropy with a factor in front. The factor depends on the logit as well: which "
    "rule applies to a product?"
)
def factor_held_fixed(y, logits, gamma=2.0, alpha=0.25):
    weight, _, wrong, _ = _parts(y, logits, alpha)
    return weight * wrong ** (gamma + 1)


@focal_with_logits_grad.misconception(
    "This is the slope in the probability. The chain has one more link: how fast does p change with the logit?"
)
def slope_in_the_probability(y, logits, gamma=2.0, alpha=0.25):
    weight, right, wrong, surprise = _parts(y, logits, alpha)
    with np.errstate(all="ignore"):
        return weight * (wrong**gamma / right + logits.dtype.type(gamma) * wrong ** (gamma - 1) * surprise)


@focal_with_logits_grad.misconception(
    "All slopes are turned round: descent would lower the logit of a positive. With gamma = 0 the slope should be "
    "alpha (p - 1) for a positive; what is yours?"
)
def turned_round(y, logits, gamma=2.0, alpha=0.25):
    weight, right, wrong, surprise = _parts(y, logits, alpha)
    return -weight * wrong**gamma * (logits.dtype.type(gamma) * right * surprise + wrong)


@focal_with_logits_grad.misconception(
    "The slope of a single loss. The loss here is the mean of n of them; what is left of each?"
)
def not_divided(y, logits, gamma=2.0, alpha=0.25):
    weight, right, wrong, surprise = _parts(y, logits, alpha)
    kind = logits.dtype.type
    return weight * wrong**gamma * (kind(gamma) * right * surprise + wrong) * kind(logits.size)


@focal_with_logits_grad.misconception(
    "Positives and negatives both get the weight alpha. With alpha = 0.25, how hard should a negative pull?"
)
def same_weight(y, logits, gamma=2.0, alpha=0.25):
    _, right, wrong, surprise = _parts(y, logits, alpha)
    kind = logits.dtype.type
    weight = np.where(y == 1, kind(-alpha), kind(alpha)) / kind(logits.size)
    return weight * wrong**gamma * (kind(gamma) * right * surprise + wrong)


@focal_with_logits_grad.misconception(
    "First the sigmoid, then its logarithm: at the logit 40 the sigmoid has been rounded to 1, and 1 - p and log(1 - p) "
    "have no digits left. Which functions of the logit give both directly?"
)
def through_the_probability(y, logits, gamma=2.0, alpha=0.25):
    weight, _, wrong, _ = _parts(y, logits, alpha)
    with np.errstate(all="ignore"):
        right = 1 - wrong
        return weight * wrong**gamma * (wrong - logits.dtype.type(gamma) * right * np.log(right))


@focal_with_logits_grad.alternative("the slope in the probability times p (1 - p), multiplied out")
def multiplied_out(y, logits, gamma=2.0, alpha=0.25):
    labels, z, dtype = labelled(y, logits, (0, 1))
    weight, right, wrong, surprise = _parts(labels, z, alpha)
    return (weight * (gamma * wrong**gamma * right * surprise + wrong ** (gamma + 1))).astype(dtype)


@focal_with_logits_grad.alternative("both classes at once, with a sign")
def with_a_sign(y, logits, gamma=2.0, alpha=0.25):
    labels, z, dtype = labelled(y, logits, (0, 1))
    sign = 1 - 2 * labels
    log_wrong, log_right = -np.logaddexp(0, -sign * z), -np.logaddexp(0, sign * z)
    weight = sign * np.where(labels == 1, alpha, 1 - alpha) / labels.size
    with np.errstate(over="ignore", invalid="ignore"):
        lever = np.where(np.isinf(log_right), 0, np.exp(log_right) * -log_right)
        return (weight * np.exp(gamma * log_wrong) * (gamma * lever + np.exp(log_wrong))).astype(dtype)
