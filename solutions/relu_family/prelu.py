"""Backward through a leaky ReLU whose slope is learned: one gradient an input, and one for the slope itself."""

import numpy as np
from mpmath import mp

from autograder.exercise import exercise
from autograder.kinds import Gradient


def prelu_truth(x, alpha, upstream):
    """The two gradients on nested lists of mpmath numbers; ValueError where a nan other than in x leaves it open."""
    if mp.isnan(alpha) or any(mp.isnan(g) for row in upstream for g in row):
        raise ValueError("whether nan times 0 counts in dalpha is not said")
    slopes = [[mp.nan if mp.isnan(xi) else 1 if xi > 0 else alpha for xi in row] for row in x]
    dx = [[gi * si for gi, si in zip(pushes, row, strict=True)] for pushes, row in zip(upstream, slopes, strict=True)]
    leaks = [
        [0 if xi > 0 else xi * gi for xi, gi in zip(row, pushes, strict=True)]
        for row, pushes in zip(x, upstream, strict=True)
    ]
    return dx, mp.fsum(leak for row in leaks for leak in row)


@exercise(
    Gradient(
        prelu_truth,
        {"x": "real", "alpha": "real", "upstream": "real"},
        core="(m,n),(),(m,n)->(m,n),()",
        kinks=("x",),
        extremes=(
            ([[0.0, -1.0, 2.0], [3.0, 0.0, -2.0]], 0.25, [[1.0, 2.0, 4.0], [-3.0, 5.0, 0.5]]),
            ([[-1.0, -2.0], [-3.0, -4.0]], 3.0, [[1.0, -2.0], [0.25, 8.0]]),
            ([[1.0, 2.0], [3.0, 4.0]], -0.5, [[1.0, -2.0], [0.25, 8.0]]),
            ([[-0.0, 0.0]], 0.5, [[7.0, -3.0]]),
        ),
        forward="leaky_relu",
        at_kink="dx takes the slope alpha at x = 0, where dalpha gains nothing",
    ),
    title="Backward through PReLU",
    points=3,
    claims=("S4-A14", "S4-A11"),
    hints=(
        "The same alpha is used by every entry of x. When it grows a little, which entries of the output change?",
        "The output at $x_i$ is $\\alpha x_i$ on the left and $x_i$ on the right, so its derivative by alpha is $x_i$ or 0. "
        "One parameter, many outputs: each sends its part back, weighted with its upstream, and the parts add up.",
        "`dx = upstream * np.where(x > 0, ..., ...)`",
    ),
)
def prelu_backward(x: np.ndarray, alpha: float, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    r"""Return the pair `(dx, dalpha)`: what reaches the input and the slope of $f(x) = \max(x, 0) + \alpha \min(x, 0)$.

    PReLU is leaky ReLU with one alpha for all entries, and alpha is learned. `upstream` is the gradient $g$ of the
    loss with respect to the output, entry by entry:

    $$dx_i = g_i \, \frac{\partial f(x_i)}{\partial x_i}, \qquad d\alpha = \sum_i g_i \, \frac{\partial f(x_i)}{\partial \alpha}$$

    `x` and `upstream` have the same shape, any shape, and are float16, float32 or float64. `alpha` is one real number,
    a 0-d array perhaps. The result is the tuple `(dx, dalpha)`: `dx` with the shape of `x`, `dalpha` a scalar, summed over
    all entries; both in the common dtype of `x` and `upstream`.
    Different shapes of `x` and `upstream` are refused, with a ValueError.

    At x = 0 there is no slope unless alpha is 1. The convention is the one of `leaky_relu_grad`: alpha at 0. Where x is
    nan, so is dx, and dalpha with it.

    Judged: both parts, for upstream gradients that differ from entry to entry, for alpha above 1 and below 0; the
    convention at 0; the arguments are left as they were; agreement with differences of your own `leaky_relu`.

    Example: `prelu_backward(np.array([[2.0, -3.0]]), 0.5, np.array([[1.0, 10.0]]))` is `([[1, 5]], -30)`.
    """
    x, upstream = np.asarray(x), np.asarray(upstream)
    if x.shape != upstream.shape:
        raise ValueError(f"x has the shape {x.shape} and upstream {upstream.shape}: they belong together")
    slope = np.where(np.isnan(x), np.nan, np.where(x > 0, 1.0, alpha))
    dx = upstream * slope
    dalpha = np.sum(upstream * np.minimum(x.astype(np.float64), 0))
    dtype = np.result_type(x, upstream, np.float16)
    return dx.astype(dtype), dalpha.astype(dtype)


@prelu_backward.alternative("a case for each side")
def case_by_case(x, alpha, upstream):
    dx = np.where(x > 0, upstream, np.where(x <= 0, alpha * upstream, x))
    dalpha = np.where(x > 0, 0, upstream * x).sum()
    return dx.astype(x.dtype), dalpha.astype(x.dtype)


@prelu_backward.alternative("only the entries that leak")
def by_mask(x, alpha, upstream):
    off = ~(x > 0)
    dx = np.array(upstream)
    dx[off] *= alpha
    dx[np.isnan(x)] = np.nan
    return dx, np.dot(upstream[off].astype(float), x[off].astype(float)).astype(x.dtype)


def _dx(x, alpha, upstream):
    return np.where(x > 0, upstream, np.where(x <= 0, alpha * upstream, x)).astype(x.dtype)


def _dalpha(x, upstream):
    return np.sum(upstream * np.minimum(x, 0), dtype=float).astype(x.dtype)


prelu_backward.misconception(
    "alpha is one number, and so is its gradient. Yours has one for every entry of x: what does the chain rule do with "
    "a parameter that is used many times?",
    lambda x, alpha, upstream: (_dx(x, alpha, upstream), upstream * np.minimum(x, 0)),
)
prelu_backward.misconception(
    "Your dalpha is a mean over the entries. Whether the loss is a mean is already in `upstream`: here the parts are "
    "added.",
    lambda x, alpha, upstream: (_dx(x, alpha, upstream), np.mean(upstream * np.minimum(x, 0))),
)
prelu_backward.misconception(
    "Your dalpha does not look at `upstream`: it is the slope of the sum of all outputs, not of the loss.",
    lambda x, alpha, upstream: (_dx(x, alpha, upstream), np.sum(np.minimum(x, 0))),
)
prelu_backward.misconception(
    "The entries with x > 0 go through untouched by alpha. Should they have a say in its gradient?",
    lambda x, alpha, upstream: (_dx(x, alpha, upstream), np.sum(upstream * x)),
)
prelu_backward.misconception(
    "dx is 0 on the left: that is backward through ReLU. What leaks forward leaks backward too.",
    lambda x, alpha, upstream: (_dx(x, 0, upstream), _dalpha(x, upstream)),
)
prelu_backward.misconception(
    "dx is the slope alone; each entry of it is still to be weighted with its upstream gradient.",
    lambda x, alpha, upstream: (_dx(x, alpha, np.ones_like(x)), _dalpha(x, upstream)),
)
prelu_backward.misconception(
    "At x = 0 you use the slope from the right. The convention asked for here is alpha.",
    lambda x, alpha, upstream: (np.where(x == 0, upstream, _dx(x, alpha, upstream)), _dalpha(x, upstream)),
)
prelu_backward.misconception(
    "Both parts are there, in the other order: dx first, then dalpha.",
    lambda x, alpha, upstream: (_dalpha(x, upstream), _dx(x, alpha, upstream)),
)
