"""Logarithms of probabilities that are too small to write down."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Numeric, Property
from solutions.softmax.inputs import EXTREMES
from solutions.softmax.truths import log_softmax_truth


def _differences(rng, dtype) -> list[tuple]:
    return [((rng.integers(-64, 65, size=(3, 5)) / 8).astype(dtype),) for _ in range(3)]


def _kept(inputs, outputs) -> str | None:
    for (z,), log_p in zip(inputs, outputs, strict=True):
        gap, wanted = log_p[:, 1:] - log_p[:, :-1], z[:, 1:] - z[:, :-1]
        if not np.allclose(gap, wanted, rtol=0, atol=100 * np.finfo(z.dtype).eps):
            return f"z = {z[0].tolist()}: two log-probabilities differ by something else than their logits do"
    return None


@exercise(
    Numeric(
        log_softmax_truth,
        {"z": "real"},
        core="(n)->(n)",
        extremes=EXTREMES,
        properties=(Property("log-probabilities differ exactly as the logits do", _differences, _kept),),
    ),
    title="Log-probabilities without probabilities",
    points=3,
    hints=(
        "The probability of the second class of `[0, -800]` is $e^{-800}$. What is left of it before the "
        "logarithm is taken?",
        "$\\log p_i = z_i - \\log\\sum_k e^{z_k}$: the exponential never needs to be undone. With the largest "
        "logit taken out, $\\log p_i = (z_i - m) - \\log(1 + \\text{the other weights})$, and `np.log1p` is made "
        "for the last part.",
        "`shifted = z - z.max(axis=axis, keepdims=True)`",
    ),
    claims=("S1-6.1.4d", "S1-6.1.4g", "S1-6.3a3", "S1-6.3a4"),
)
def log_softmax(z: np.ndarray, axis: int = -1) -> np.ndarray:
    r"""$\log p_i = z_i - \log\sum_k e^{z_k}$ along `axis`, without ever forming $p_i$.

    `z` is an array of float16, float32 or float64, of any shape with at least one entry along `axis`; the other axes
    may be empty. The result has its shape and dtype. `z` itself stays as it was.

    Logits up to $\pm 10^5$ give finite results without a warning: `log_softmax([0, -800])` is `[0, -800]`. A logit of
    $-\infty$ gives $-\infty$; a slice that holds $+\infty$ or nan, or nothing but $-\infty$, is nan throughout.

    Judged: shape, dtype and the limits; the digits of every entry, also of a class that is nearly certain:
    the first entry of `log_softmax([37, 0])` is -8.53e-17, and 0 has not one of its digits.

    Example: `log_softmax(np.array([0.0, 0.0]))` is about `[-0.6931, -0.6931]`, and
    `log_softmax(np.array([37.0, 0.0]))` is about `[-8.533e-17, -37]`.
    """
    z = np.asarray(z)
    wide = z.astype(np.float64)
    top = wide.max(axis=axis, keepdims=True)
    with np.errstate(over="ignore", invalid="ignore"):
        shifted = wide - top
        rest = np.exp(shifted)
        # The largest weight is 1 and log1p brings it: here it counts 0, or nan where the largest is infinite.
        np.put_along_axis(rest, wide.argmax(axis=axis, keepdims=True), top - top, axis=axis)
        log_p = shifted - np.log1p(rest.sum(axis=axis, keepdims=True))
        return log_p.astype(np.result_type(z, np.float16))


def _weights(z, axis):
    with np.errstate(over="ignore", invalid="ignore"):
        return np.exp(z - np.max(z, axis=axis, keepdims=True))


@log_softmax.misconception(
    "A probability of e^-800 is 0 to a float64, and the logarithm arrives too late. Can the logarithm go first?"
)
def logarithm_of_softmax(z, axis=-1):
    weights = _weights(z, axis)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(weights / weights.sum(axis=axis, keepdims=True))


@log_softmax.misconception(
    "The 1e-12 silences the infinity and puts -27.6 in its place. The truth at [0, -800] is -800: who told the loss?"
)
def patched_with_epsilon(z, axis=-1):
    weights = _weights(z, axis)
    return np.log(weights / weights.sum(axis=axis, keepdims=True) + np.asarray(1e-12, weights.dtype)).astype(
        weights.dtype
    )


@log_softmax.misconception(
    "Right, until one class is nearly certain: 1 + 8.5e-17 is 1 in float64, and its logarithm 0. Which function "
    "takes the small part alone?"
)
def one_rounded_into_the_sum_of_weights(z, axis=-1):
    with np.errstate(over="ignore", invalid="ignore"):
        shifted = z - np.max(z, axis=axis, keepdims=True)
        return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


@log_softmax.misconception(
    "The formula is sound and its sum overflows: what is exp(1000), and what is 1000 minus the log of that?"
)
def unshifted_sum(z, axis=-1):
    return z - np.log(np.sum(np.exp(z), axis=axis, keepdims=True))


@log_softmax.misconception(
    "Exponentiate your result and add up: is the sum 1? Subtracting the maximum is only half of the normalisation."
)
def only_shifted(z, axis=-1):
    with np.errstate(over="ignore", invalid="ignore"):
        return z - np.max(z, axis=axis, keepdims=True)


@log_softmax.alternative(
    "one distribution at a time: $-\\log(1 + \\sum_{j \\ne i} e^{z_j - z_i})$ for the largest, a difference for "
    "the rest"
)
def through_a_mask(z, axis=-1):
    wide = np.asarray(z).astype(np.float64)
    place = np.expand_dims(wide.argmax(axis=axis), axis)
    top = np.take_along_axis(wide, place, axis=axis)
    with np.errstate(over="ignore", invalid="ignore"):
        shifted = wide - top
        index = np.arange(wide.shape[axis]).reshape([-1 if k == axis % wide.ndim else 1 for k in range(wide.ndim)])
        rest = np.where(index == place, top - top, np.exp(shifted)).sum(axis=axis, keepdims=True)
        return (shifted - np.log1p(rest)).astype(z.dtype)


@log_softmax.alternative("sorted, so that the largest weight comes last and is left out")
def with_the_largest_left_out(z, axis=-1):
    rows = np.moveaxis(np.asarray(z).astype(np.float64), axis, -1)
    top = rows.max(axis=-1, keepdims=True)
    with np.errstate(over="ignore", invalid="ignore"):
        shifted = rows - top
        rest = np.exp(np.sort(shifted, axis=-1)[..., :-1]).sum(axis=-1, keepdims=True)
        log_p = np.where(np.isfinite(top), shifted - np.log1p(rest), np.nan)
        return np.moveaxis(log_p, -1, axis).astype(z.dtype)
