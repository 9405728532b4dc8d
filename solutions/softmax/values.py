"""The probabilities themselves."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Numeric, Property
from solutions.exact_sums import rounded, total
from solutions.softmax.inputs import EXTREMES, exact_shifts, same_along_axes, two_axes
from solutions.softmax.truths import softmax_truth


def _unmoved(inputs, outputs) -> str | None:
    for (z,), before, after in zip(inputs[::2], outputs[::2], outputs[1::2], strict=True):
        if not np.allclose(after, before, rtol=16 * np.finfo(z.dtype).eps, atol=0):
            return f"z = {z[0].tolist()}: the probabilities move when 64 is added to every logit"
    return None


def _batches(rng, dtype) -> list[tuple]:
    return [(rng.uniform(-9, 9, size=(5, n)).astype(dtype),) for n in (2, 3, 17)]


def _ones(inputs, outputs) -> str | None:
    for (z,), p in zip(inputs, outputs, strict=True):
        worst = np.abs(p.astype(np.float64).sum(axis=-1) - 1).max()
        if not worst <= 4 * z.shape[-1] * np.finfo(z.dtype).eps:
            return f"a row of {z.shape[-1]} probabilities misses 1 by {worst:.2g}"
    return None


@exercise(
    Numeric(
        softmax_truth,
        {"z": "real"},
        core="(n)->(n)",
        extremes=EXTREMES,
        properties=(
            Property("every slice sums to one", _batches, _ones),
            Property("the same constant added to every logit changes nothing", exact_shifts, _unmoved),
            Property("works along any axis", two_axes, same_along_axes),
        ),
    ),
    title="Softmax that survives large logits",
    points=3,
    hints=(
        "What does `np.exp(1000.0)` give, and which two infinities does the fraction then divide?",
        "Subtracting the same number from every logit of a slice leaves softmax as it was. Choose the number such"
        " that no exponential can overflow and the denominator cannot vanish.",
        "`shifted = z - z.max(axis=axis, keepdims=True)`",
    ),
    claims=("S1-6.1.4a", "S1-6.1.4c", "S1-6.1.4e", "S1-6.1.4f", "S2-N42", "S2-N44", "S2-D11", "S4-A30", "S4-A32"),
)
def softmax(z: np.ndarray, axis: int = -1) -> np.ndarray:
    r"""The probabilities $p_k = e^{z_k} / \sum_j e^{z_j}$ of the logits `z` along `axis`.

    `z` is an array of float16, float32 or float64, of any shape with at least one entry along `axis`; the other axes
    may be empty. The result has its shape and its dtype. Every slice along `axis` is a distribution of its own, and
    `z` itself stays as it was.

    Finite logits of any size raise no warning. A logit of $-\infty$ gets probability 0; a slice that holds $+\infty$
    or nan, or nothing but $-\infty$, is nan throughout.

    Judged: shape, dtype and the limits; no overflow at $\pm 1000$ and beyond; the digits of every entry, tiny ones
    too; slices that sum to one; the same answer after a shift of all logits, and along any axis.

    Example: `softmax(np.array([1.0, 2.0, 3.0]))` is about `[0.0900, 0.2447, 0.6652]`, and
    `softmax(np.array([[1000.0, 0.0], [-1000.0, -1000.0]]))` is `[[1, 0], [0.5, 0.5]]`.
    """
    z = np.asarray(z)
    wide = z.astype(np.result_type(z, np.float64))  # a narrow input is rounded once, at the end
    top = wide.max(axis=axis, keepdims=True)
    with np.errstate(over="ignore", invalid="ignore"):  # 1e308 - (-1e308) is inf, and e^-inf is the 0 we want
        shifted = wide - top
        back = wide - shifted  # top, but for what rounding took away
        lost = (wide - (shifted + back)) + (back - top)  # wide - top is shifted + lost, exactly
        weights = np.exp(shifted) * (1 + np.where(np.isfinite(shifted), lost, 0))
        everyone = rounded(total(weights, axis=axis))  # rounded once, however many there are
    return (weights / everyone).astype(np.result_type(z, np.float16))  # floats keep their dtype, integers get float64


@softmax.misconception(
    "Right on paper. Now look at the largest logit the judge tried, and ask what its exponential is in floating point."
)
def unshifted(z, axis=-1):
    weights = np.exp(z)
    return weights / weights.sum(axis=axis, keepdims=True)


@softmax.misconception(
    "One maximum for the whole array: put a row near -1000 next to a row near +1000. What is left of the first one?"
)
def shifted_by_the_maximum_of_everything(z, axis=-1):
    weights = np.exp(z - np.max(z))
    return weights / weights.sum(axis=axis, keepdims=True)


@softmax.misconception(
    "A single vector comes out right. With two rows, which one distribution do all the entries together form?"
)
def summed_over_everything(z, axis=-1):
    weights = np.exp(z - z.max(axis=axis, keepdims=True))
    return weights / weights.sum()


@softmax.misconception(
    "A maximum of shape (3,) and an array of shape (3, 3) fit together, but not row by row. Which argument keeps "
    "the axis?"
)
def without_keepdims(z, axis=-1):
    weights = np.exp(z - z.max(axis=axis))
    return weights / weights.sum(axis=axis)


@softmax.misconception(
    "The mean is a shift too, and shifts are free. But does it keep the largest exponent at or below 0?"
)
def shifted_by_the_mean(z, axis=-1):
    weights = np.exp(z - z.mean(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


@softmax.misconception(
    "Whatever the caller asks for, this works down the first axis. Who decides which axis holds the classes?"
)
def always_down_the_columns(z, axis=-1):
    weights = np.exp(z - z.max(axis=0, keepdims=True))
    return weights / weights.sum(axis=0, keepdims=True)


@softmax.alternative("the plain shift, in the dtype that came in")
def in_the_same_dtype(z, axis=-1):
    with np.errstate(over="ignore", invalid="ignore"):
        weights = np.exp(z - np.max(z, axis=axis, keepdims=True))
        return weights / np.sum(weights, axis=axis, keepdims=True)


@softmax.alternative("the classes moved to the last axis and back")
def through_the_last_axis(z, axis=-1):
    rows = np.moveaxis(np.asarray(z), axis, -1).astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        weights = np.exp(rows - np.amax(rows, axis=-1)[..., None])
    p = weights / weights.sum(axis=-1)[..., None]
    return np.moveaxis(p, -1, axis).astype(z.dtype)


@softmax.alternative("the exponential of the log-probabilities")
def through_the_logarithm(z, axis=-1):
    with np.errstate(over="ignore", invalid="ignore"):
        shifted = z - np.max(z, axis=axis, keepdims=True)
        return np.exp(shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True)))
