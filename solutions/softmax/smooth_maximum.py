"""The logarithm of the denominator: a maximum with its corners rounded off."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Numeric, Property
from solutions.enough_digits import ln, settled
from solutions.smooth_relatives.two_floats import plus
from solutions.softmax.inputs import EXTREMES, exact_shifts, same_when_reduced, two_axes
from solutions.softmax.truths import logsumexp_truth


def _risen(inputs, outputs) -> str | None:
    for (z,), before, after in zip(inputs[::2], outputs[::2], outputs[1::2], strict=True):
        if not np.allclose(after - before, 64, rtol=0, atol=300 * np.finfo(z.dtype).eps):
            return f"z = {z[0].tolist()}: 64 more in every logit should make the result 64 larger"
    return None


@exercise(
    Numeric(
        logsumexp_truth,
        {"z": "real"},
        core="(n)->()",
        extremes=EXTREMES,
        properties=(
            Property("c more in every logit is c more in the result", exact_shifts, _risen),
            Property("works along any axis", two_axes, same_when_reduced),
        ),
    ),
    title="The logarithm of a sum of exponentials",
    points=3,
    hints=(
        "The result for `[1000, 1000]` is 1000.69. Which step of `log(sum(exp(z)))` never gets to see a number "
        "that small?",
        "Take the largest term out of the sum: $\\log\\sum_k e^{z_k} = m + \\log\\sum_k e^{z_k - m}$. In the sum "
        "that is left one term is exactly 1; `np.log1p` adds that 1 without rounding the others away.",
        "`m = z.max(axis=axis, keepdims=True)`",
    ),
    claims=("S1-6.1.4c", "S1-6.1.4d", "S1-6.1.4e"),
)
def logsumexp(z: np.ndarray, axis: int = -1) -> np.ndarray:
    r"""$\log \sum_k e^{z_k}$ along `axis`, which disappears from the shape.

    `z` is an array of float16, float32 or float64, of any shape with at least one entry along `axis`; the other axes
    may be empty. The result keeps the dtype. `z` itself stays as it was.

    Finite logits of any size raise no warning and give a finite result. A slice with $+\infty$ gives $+\infty$, a
    slice of $-\infty$ alone gives $-\infty$, nan gives nan.

    Judged: shape, dtype and the limits; no overflow, no logarithm of 0; the digits, also where the result is tiny:
    `logsumexp([0, -37])` is 8.53e-17, not 0; and the rule $\mathrm{lse}(z + c) = \mathrm{lse}(z) + c$.

    Example: `logsumexp(np.array([1000.0, 1000.0]))` is about 1000.6931, and
    `logsumexp(np.array([[0.0, -37.0], [1.0, 1.0]]))` is about `[8.533e-17, 1.6931]`.
    """
    z = np.asarray(z)
    rows = np.moveaxis(z, axis, -1).astype(np.float64, order="C")  # NumPy adds up best what lies side by side
    return settled(_largest_first, _log_of_the_sum, rows)[..., 0].astype(np.result_type(z, np.float16))[()]


def _largest_first(z):
    """The largest logit plus a logarithm, and the size of the two: below 0, they cancel."""
    top = z.max(axis=-1, keepdims=True)
    shifted, lost = plus((z, 0.0), (-top, 0.0))  # lost: what rounding takes away from z - top
    weights = np.exp(shifted) * (1 + np.where(np.isfinite(lost), lost, 0.0))
    rest = np.where(z == top, 1.0, weights)  # e^0 for the largest, even at inf - inf
    np.put_along_axis(rest, z.argmax(axis=-1, keepdims=True), 0.0, axis=-1)  # and its 1 is left to log1p
    added = np.log1p(rest.sum(axis=-1, keepdims=True))
    return top + added, np.abs(top) + added


def _log_of_the_sum(z):
    return ln(np.exp(z).sum(axis=-1, keepdims=True))


@logsumexp.misconception(
    "The logarithm would bring the sum back to a modest size, if there still were a sum. At which logit does exp "
    "give up?"
)
def log_of_the_plain_sum(z, axis=-1):
    return np.log(np.sum(np.exp(z), axis=axis))


@logsumexp.misconception(
    "Softmax forgets a shift; does this sum? Try one logit: the log of e^7 should be 7. Where did the 7 go?"
)
def shift_not_given_back(z, axis=-1):
    with np.errstate(over="ignore"):
        return np.log(np.sum(np.exp(z - np.max(z, axis=axis, keepdims=True)), axis=axis))


@logsumexp.misconception(
    "For logits far apart the maximum is nearly all of it. What do two equal logits add to the maximum?"
)
def only_the_maximum(z, axis=-1):
    return np.max(z, axis=axis)


@logsumexp.misconception(
    "Fine at [1000, 1000]. At [0, -37] the sum is 1 + 8.5e-17: is that number a float64? The digits die before the log."
)
def one_rounded_into_the_sum(z, axis=-1):
    m = np.max(z, axis=axis, keepdims=True)
    m = np.where(np.isfinite(m), m, 0).astype(m.dtype)
    with np.errstate(over="ignore", divide="ignore"):
        total = np.sum(np.exp(z - m), axis=axis)
        return np.log(total) + np.squeeze(m, axis)


@logsumexp.misconception(
    "The numbers are right and sit in one bracket too many: the axis that was summed over should be gone from the"
    " shape."
)
def axis_left_in_place(z, axis=-1):
    return np.expand_dims(logsumexp(z, axis), axis)


@logsumexp.alternative("pair by pair with `np.logaddexp`")
def pair_by_pair(z, axis=-1):
    return np.logaddexp.reduce(np.asarray(z).astype(np.float64), axis=axis).astype(z.dtype)


@logsumexp.alternative("sorted, so that the largest comes last")
def sorted_first(z, axis=-1):
    rows = np.sort(np.moveaxis(np.asarray(z).astype(np.float64), axis, -1), axis=-1)
    top = rows[..., -1]
    safe = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(over="ignore"):
        rest = np.exp(rows[..., :-1] - safe[..., None]).sum(axis=-1)
    return (top + np.log1p(rest)).astype(z.dtype)
