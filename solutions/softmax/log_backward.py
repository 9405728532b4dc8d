"""Backward through log-softmax: one sum, two products, and the most used gradient of all, with all of its digits."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Property
from solutions.enough_digits import settled
from solutions.exact_sums import rounded, total
from solutions.smooth_relatives.two_floats import plus
from solutions.softmax.inputs import same_along_axes
from solutions.softmax.truths import log_softmax_truth, log_vjp_truth


def _pairs(rng, dtype) -> list[tuple]:
    return [
        (np.log(rng.dirichlet(np.ones(n), size=4)).astype(dtype), rng.normal(size=(4, n)).astype(dtype))
        for n in (2, 3, 17)
    ]


def _nothing_is_gained(inputs, outputs) -> str | None:
    for (log_p, upstream), dz in zip(inputs, outputs, strict=True):
        terms = np.abs(upstream).sum(axis=-1) * (1 + np.abs(log_p * np.exp(log_p)).sum(axis=-1))
        if not (np.abs(dz.astype(float).sum(axis=-1)) <= 8 * log_p.shape[-1] * np.finfo(log_p.dtype).eps * terms).all():
            return f"a slice of {log_p.shape[-1]} entries does not sum to zero, and raising all logits does nothing"
    return None


def _moved(rng, dtype) -> list[tuple]:
    log_p = np.log(rng.dirichlet(np.ones(4), size=(2, 3))).astype(dtype)
    g = rng.normal(size=(2, 3, 4)).astype(dtype)
    return [
        (log_p, g, -1),
        (np.moveaxis(log_p, -1, 0).copy(), np.moveaxis(g, -1, 0).copy(), 0),
        (np.moveaxis(log_p, -1, 1).copy(), np.moveaxis(g, -1, 1).copy(), -2),
    ]


@exercise(
    Gradient(
        log_vjp_truth,
        {"log_p": "negative", "upstream": "real"},
        core="(n),(n)->(n)",
        extremes=(
            ([-1e-10, -23.0, -46.0], [-1.0, 0.0, 0.0]),
            ([-1e-4, -9.5, -12.0], [0.0, -1.0, 0.0]),
            ([-8.5e-17, -37.0, -60.0], [-2.0, 0.0, 0.0]),
            ([-800.0, -1e-300, -900.0], [3.0, 1.0, 2.0]),
            ([-1.0, -1.5, -0.875], [0.0, -1.0, 0.0]),
            ([-2.0, -2.0, -0.25], [5.0, 5.0, 5.0]),
            (
                [[-0.5, -1.0, -4.0], [-3.0, -0.25, -2.0], [-1.0, -1.0, -1.0]],
                [[1.0, 2.0, 3.0], [-1.0, 0.0, 5.0], [2.0, 2.0, -2.0]],
            ),
        ),
        properties=(
            Property("the result sums to zero in every slice", _pairs, _nothing_is_gained),
            Property("works along any axis", _moved, same_along_axes),
        ),
        forward="log_softmax",
        forward_truth=log_softmax_truth,
        of_output=True,
    ),
    title="Backward through log-softmax",
    points=3,
    hints=(
        "$\\log p_j = z_j - \\mathrm{lse}(z)$. In which of the log-probabilities does $z_i$ occur, and how?",
        "$z_i$ occurs once on its own, and once inside lse in every one of them; the slope of lse by $z_i$ is $p_i$. That "
        "makes $g_i - p_i \\sum_j g_j$. Where $p_i$ is nearly 1, take $g_i$ out of the sum: its factor $1 - p_i$ is "
        "$1 - e^{\\log p_i}$, and NumPy has a function for exactly that.",
        "`others = upstream.sum(axis=axis, keepdims=True) - upstream`",
    ),
    claims=("S4-P1", "S1-6.2b", "S4-A31"),
)
def log_softmax_vjp(log_p: np.ndarray, upstream: np.ndarray, axis: int = -1) -> np.ndarray:
    r"""The gradient that reaches the logits through log-softmax, $dz_i = \sum_j g_j\, \partial \log p_j/\partial z_i$.

    `log_p` is what `log_softmax` returned along `axis`: the forward pass has it at hand, nobody has to keep the logits,
    and it knows how far a class is from certain long after $p$ has been rounded to 1. It is taken as it stands: $p$ is
    $e^{\log p}$, and is not normalised a second time. `upstream` is the gradient $g$ with respect to the
    log-probabilities. Both have the same shape, any shape, and are float16, float32 or float64; the result has that
    shape and the common dtype; the inputs stay as they were. Different shapes are refused, with a ValueError.

    The work grows like the number of entries: no (n, n) array, no loop over classes.

    Judged: shape, dtype, the values for upstream gradients that differ from entry to entry, batches and any axis; the
    digits of a class that is nearly certain: for `log_p = [-1e-10, -23]` and `upstream = [-1, 0]` the first entry is
    -9.9999999995e-11; that every slice of the result sums to zero; agreement with differences of your own `log_softmax`.

    Example: the loss $-\log p_1$ sends back `upstream = [-1, 0, 0]`, and for $p = (1/2, 1/4, 1/4)$ that makes
    `log_softmax_vjp(np.log([0.5, 0.25, 0.25]), np.array([-1.0, 0.0, 0.0]))` equal to `[-0.5, 0.25, 0.25]`.
    """
    log_p, upstream = np.asarray(log_p), np.asarray(upstream)
    if log_p.shape != upstream.shape:
        raise ValueError(f"log_p has the shape {log_p.shape} and upstream {upstream.shape}: they belong together")
    rows = (np.moveaxis(array, axis, -1).astype(np.float64) for array in (log_p, upstream))
    dz = np.moveaxis(settled(_against_the_others, _without_its_share, *rows), -1, axis)
    return dz.astype(np.result_type(log_p, upstream, np.float16))


def _against_the_others(log_p, g):
    """g_i (1 - p_i) - p_i times the sum of all other g, and the size of the two."""
    others = rounded(plus(total(g), (-g, 0.0)))  # without a digit lost to g itself
    own, paid = -np.expm1(log_p) * g, np.exp(log_p) * others
    return own - paid, np.abs(own) + np.abs(paid)


def _without_its_share(log_p, g):
    return g - np.exp(log_p) * g.sum(axis=-1, keepdims=True)


def _p(log_p):
    """The probabilities, in the dtype of their logarithms."""
    return np.exp(log_p)


log_softmax_vjp.misconception(
    "This is backward through softmax: it wants the gradient with respect to the probabilities, and `upstream` here is "
    "the one with respect to their logarithms.",
    lambda log_p, upstream, axis=-1: _p(log_p) * (upstream - (_p(log_p) * upstream).sum(axis=axis, keepdims=True)),
)
log_softmax_vjp.misconception(
    "Each class hears its own upstream gradient alone. When $z_1$ rises, which of the log-probabilities stay as they "
    "are?",
    lambda log_p, upstream, axis=-1: upstream - _p(log_p) * upstream,
)
log_softmax_vjp.misconception(
    "The sum is multiplied by log p. The slope of lse is a probability: which function leads back to it?",
    lambda log_p, upstream, axis=-1: upstream - log_p * upstream.sum(axis=axis, keepdims=True),
)
log_softmax_vjp.misconception(
    "Right as long as the upstream gradient of every slice adds up to 1. A loss that is averaged over a batch sends back "
    "less: what stands before p?",
    lambda log_p, upstream, axis=-1: upstream - _p(log_p),
)
log_softmax_vjp.misconception(
    "Every sign is turned round. For the loss -log p₁ that would push the right class down.",
    lambda log_p, upstream, axis=-1: _p(log_p) * upstream.sum(axis=axis, keepdims=True) - upstream,
)
log_softmax_vjp.misconception(
    "The sum runs over the whole array: one slice pays for another. Which argument keeps slices apart?",
    lambda log_p, upstream, axis=-1: upstream - _p(log_p) * upstream.sum(),
)
log_softmax_vjp.misconception(
    "The plain mean is subtracted, as if all classes were equally likely.",
    lambda log_p, upstream, axis=-1: upstream - upstream.mean(axis=axis, keepdims=True),
)


log_softmax_vjp.misconception(
    "Right, until a class is nearly certain and all of upstream is on it: then g - p g is what rounding has left of two "
    "equal numbers. That is the gradient of a network that has almost learnt its lesson. What is 1 - p, in terms of log p?",
    lambda log_p, upstream, axis=-1: upstream - np.exp(log_p) * upstream.sum(axis=axis, keepdims=True),
)


@log_softmax_vjp.alternative("the sum by einsum, with the axis moved to the end")
def by_einsum(log_p, upstream, axis=-1):
    rows, g = np.moveaxis(log_p, axis, -1).astype(np.float64), np.moveaxis(upstream, axis, -1).astype(np.float64)
    others = np.einsum("...i->...", g)[..., None] - g
    dz = -(g * np.expm1(rows) + np.exp(rows) * others)
    return np.moveaxis(dz.astype(np.result_type(log_p, upstream)), -1, axis)


log_softmax_vjp.alternative(
    "in the dtype that came in",
    lambda log_p, upstream, axis=-1: (
        -np.expm1(log_p) * upstream - np.exp(log_p) * (upstream.sum(axis=axis, keepdims=True) - upstream)
    ),
)
