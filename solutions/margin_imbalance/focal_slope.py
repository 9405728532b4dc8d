"""The slope of the focal loss in the probability."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient
from solutions.margin_imbalance.focal_probabilities import ARGUMENTS, EXTREMES, chances
from solutions.margin_imbalance.truths import focal_slopes, focal_truth


@exercise(
    Gradient(
        focal_slopes,
        ARGUMENTS,
        core="(m,n),(m,n)->(m,n)",
        extremes=EXTREMES,
        forward="focal",
        forward_truth=focal_truth,
    ),
    title="The slope of the focal loss",
    points=3,
    hints=(
        "For a positive, both $(1 - p)^\\gamma$ and $\\log p$ depend on p. How many terms does the product rule give?",
        "Write w for the probability of the wrong class. The loss is $-w^\\gamma \\log(1 - w)$ for both labels, its "
        "slope in w is a sum of two positive terms, and only the sign of dw/dp knows the label.",
        "`wrong = np.where(y == 1, 1 - p, p)`",
    ),
    claims=("S4-L13",),
)
def focal_grad(y: np.ndarray, p: np.ndarray, gamma: float = 2.0, alpha: float = 0.25) -> np.ndarray:
    r"""Return the gradient of the mean focal loss with respect to the probabilities `p`:

    $$\frac{\partial L}{\partial p_i} = \frac1n \begin{cases}
      \alpha\,(1 - p_i)^{\gamma - 1} \left(\gamma \log p_i - \frac{1 - p_i}{p_i}\right) & y_i = 1 \\
      (1 - \alpha)\, p_i^{\gamma - 1} \left(\frac{p_i}{1 - p_i} - \gamma \log(1 - p_i)\right) & y_i = 0
      \end{cases}$$

    The arguments are those of `focal`, n counts all entries. `p` is float16, float32 or float64; the result has its
    shape and its dtype. Labels other than 0 and 1, probabilities outside [0, 1], shapes that differ and empty arrays
    raise ValueError.

    Judged: sign and size of every entry to the last digits, for other `gamma` and `alpha` too, and for p as small as
    1e-300: no clipping. p = 0 or 1 has the slope 0 where it is right (for gamma > 0, as the limit) and an infinite one
    where it is wrong; nan stays where it is; shape and dtype; agreement with differences of your own
    `focal`; the arguments left as they were.

    Example: `focal_grad(np.array([1, 0]), np.array([0.5, 0.5]))` is about `[-0.14914340, 0.44743019]`.
    """
    positive, right, wrong, dtype = chances(y, p)
    weight = np.where(positive, -alpha, 1 - alpha) / right.size
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        surprise = np.minimum(-np.where(positive, np.log(right), np.log1p(-wrong)), 800)  # 800 stands for infinity
        eased = np.where(wrong < 1e-20, wrong**gamma, wrong ** (gamma - 1) * surprise)  # -log(1 - w) is w for tiny w
        return (weight * wrong**gamma / right + weight * gamma * eased).astype(dtype)


def _parts(y, p, alpha):
    """(weight with its sign, right, wrong, -log right) as a student might have them, in the dtype of p."""
    positive, one = y == 1, np.asarray(1, p.dtype)
    with np.errstate(divide="ignore"):
        surprise = -np.where(positive, np.log(p), np.log1p(-p))
    weight = np.where(positive, np.asarray(-alpha, p.dtype), np.asarray(1 - alpha, p.dtype))
    return (
        weight / np.asarray(p.size, p.dtype),
        np.where(positive, p, one - p),
        np.where(positive, one - p, p),
        surprise,
    )


@focal_grad.misconception(
    "Only the logarithm was differentiated. The factor in front of it depends on p as well: which rule applies to a "
    "product?"
)
def logarithm_only(y, p, gamma=2.0, alpha=0.25):
    weight, right, wrong, _ = _parts(y, p, alpha)
    with np.errstate(divide="ignore", invalid="ignore"):
        return weight * wrong**gamma / right


@focal_grad.misconception("Only the factor in front was differentiated. What became of the slope of the logarithm?")
def factor_only(y, p, gamma=2.0, alpha=0.25):
    weight, _, wrong, surprise = _parts(y, p, alpha)
    with np.errstate(divide="ignore", invalid="ignore"):
        return weight * np.asarray(gamma, p.dtype) * wrong ** (gamma - 1) * surprise


@focal_grad.misconception(
    "The two terms are subtracted. More probability for the wrong class makes a sample costlier and count for more: do "
    "these two effects pull in opposite directions?"
)
def inner_sign_lost(y, p, gamma=2.0, alpha=0.25):
    weight, right, wrong, surprise = _parts(y, p, alpha)
    with np.errstate(divide="ignore", invalid="ignore"):
        return weight * (wrong**gamma / right - np.asarray(gamma, p.dtype) * wrong ** (gamma - 1) * surprise)


@focal_grad.misconception(
    "All slopes are turned round: descent would lower the p of a positive. Which sign does the slope of $-\\log p$ have?"
)
def turned_round(y, p, gamma=2.0, alpha=0.25):
    weight, right, wrong, surprise = _parts(y, p, alpha)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -weight * (wrong**gamma / right + np.asarray(gamma, p.dtype) * wrong ** (gamma - 1) * surprise)


@focal_grad.misconception("The slope of a single loss. The loss here is the mean of n of them; what is left of each?")
def not_divided(y, p, gamma=2.0, alpha=0.25):
    weight, right, wrong, surprise = _parts(y, p, alpha)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = weight * (wrong**gamma / right + np.asarray(gamma, p.dtype) * wrong ** (gamma - 1) * surprise)
        return each * np.asarray(p.size, p.dtype)


@focal_grad.misconception(
    "Your negatives have no slope: descent will never lower the p of a negative. Does the sum in the loss end with the "
    "positives?"
)
def only_positives(y, p, gamma=2.0, alpha=0.25):
    weight, right, wrong, surprise = _parts(y, p, alpha)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = weight * (wrong**gamma / right + np.asarray(gamma, p.dtype) * wrong ** (gamma - 1) * surprise)
    return np.where(y == 1, each, np.asarray(0, p.dtype))


@focal_grad.alternative("the two cases as printed")
def as_printed(y, p, gamma=2.0, alpha=0.25):
    positive, _, _, dtype = chances(y, p)
    q = np.asarray(p, np.float64)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        ones = alpha * (1 - q) ** (gamma - 1) * (gamma * np.log(q) - (1 - q) / q)
        zeros = (1 - alpha) * q ** (gamma - 1) * (q / (1 - q) - gamma * np.log1p(-q))
    slopes = np.where(positive, ones, zeros)
    return (np.where(positive == (q == 1), np.where((q == 0) | (q == 1), 0, slopes), slopes) / q.size).astype(dtype)


@focal_grad.alternative("class by class, with a mask")
def class_by_class(y, p, gamma=2.0, alpha=0.25):
    positive, right, wrong, dtype = chances(y, p)
    slopes = np.zeros_like(right)
    hard = wrong != 0
    r, w = right[hard], wrong[hard]
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        surprise = -np.where(positive[hard], np.log(r), np.log1p(-w))
        slopes[hard] = w ** (gamma - 1) * (w / r + gamma * surprise)
    return (np.where(positive, -alpha, 1 - alpha) * slopes / right.size).astype(dtype)
