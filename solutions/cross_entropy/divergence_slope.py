"""The slope of the divergence, which is an old acquaintance."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient
from solutions.cross_entropy.distributions import cross_entropy_grad
from solutions.cross_entropy.laws import half_the_slope, two_distributions
from solutions.cross_entropy.pairs import paired
from solutions.cross_entropy.truths import surprise_slopes


@exercise(
    Gradient(
        surprise_slopes,
        {"p": "simplex(3)", "q": "simplex(3)"},
        core="(m,n),(m,n)->(m,n)",
        extremes=(
            ([[0.0, 1.0, 0.0]], [[0.25, 0.5, 0.25]]),
            ([[0.5, 0.5, 0.0]], [[0.25, 0.75, 0.0]]),
            ([[0.5, 0.5], [1.0, 0.0]], [[1.0, 0.0], [0.5, 0.5]]),
            ([[0.25, 0.75]], [[1e-20, 1.0]]),
        ),
        properties=(half_the_slope(two_distributions),),
        forward="kl",
        dtypes=("float64", "float32"),  # as for cross_entropy_grad
    ),
    title="Why nobody minimises KL by name",
    points=1,
    claims=("S2-N47",),
    hints=(
        "$\\log(p/q) = \\log p - \\log q$. Which of the two parts of the sum moves when q does?",
        "What does not depend on q, the entropy of p, drops out. You have written what is left once before.",
        "`return ...`, one line, with a function that you have written before",
    ),
)
def kl_grad(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    r"""Return the gradient of the mean `kl(p, q)` with respect to every entry of `q`, each moved alone, p held fixed.

    Rows along the last axis are distributions, a 1-D array is one row, m is the number of rows; the loss is
    $\frac1m \sum_{i,k} p_{ik} \log (p_{ik} / q_{ik})$. `p` and `q` have one shape; the result has it too, in their
    common float dtype (an integer `p` has no say in it). Where p = 0 the slope is 0, also at q = 0; where q = 0 and p
    is not, it is $-\infty$. Different shapes and empty arrays raise ValueError.

    Judged: the values, divided by the number of rows, not of entries; p = 0 and q = 0 without nan and without a
    warning; agreement with differences of your own `kl`. Compare it with `cross_entropy_grad` when it is done.

    Example: `kl_grad(np.array([0.5, 0.5]), np.array([0.5, 0.5]))` is `[-1, -1]`: the divergence is 0 there, and the
    slope along any change that keeps the sum of q is 0 too.
    """
    return cross_entropy_grad(p, q)  # they differ by the entropy of p, which no q can move


@kl_grad.alternative("divided only where p is not 0")
def divided_where_p_is_not_0(p, q):
    p, q, dtype = paired(p, q, dims=1)
    with np.errstate(divide="ignore", over="ignore"):
        slope = np.divide(-p, q, out=0 * q, where=p != 0)
    return (slope / (q.size // q.shape[-1])).astype(dtype)


@kl_grad.alternative("a harmless q where p and q are both 0")
def a_harmless_q(p, q):
    p, q, dtype = paired(p, q, dims=1)
    harmless = np.where((p == 0) & (q == 0), 1, q)
    with np.errstate(divide="ignore", over="ignore"):
        return (-(p / harmless) * (q.shape[-1] / q.size)).astype(dtype)


kl_grad.misconception(
    "The slope of one row is right. The divergence is the mean over m rows: how much does one of them move it?",
    lambda p, q: -p / q,
)
kl_grad.misconception(
    "You divided by the number of entries, and the divergence is a mean over rows: how many distributions are there?",
    lambda p, q: -p / q / q.dtype.type(q.size),
)
kl_grad.misconception(
    "$\\log(p/q) + 1$ is the slope when p is moved. The prediction is q.",
    lambda p, q: (np.log(p / q) + 1) / q.dtype.type(len(q)),
)
kl_grad.misconception(
    "1 - p/q is the slope of $\\sum (p \\log(p/q) - p + q)$. On distributions both have the same value; moved alone, an "
    "entry of q takes the sum with it.",
    lambda p, q: (1 - p / q) / q.dtype.type(len(q)),
)
kl_grad.misconception(
    "A minus got lost: does the divergence grow when q gives more to what happens?",
    lambda p, q: p / q / q.dtype.type(len(q)),
)
kl_grad.misconception(
    "q - p is what reaches the logits after softmax. Here q itself is moved.",
    lambda p, q: (q - p) / q.dtype.type(len(q)),
)
kl_grad.misconception(
    "Right where q is positive. At p = q = 0 your quotient is 0 / 0, and a class without weight has no say at all.",
    lambda p, q: -p / q / q.dtype.type(len(q)),
)
