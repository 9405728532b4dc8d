"""Where more than a few units are owed nothing: S = sum |x_i df/dx_i|, the change that rounding the inputs makes.

Each takes the truth and the arguments of a block, in float64, and gives an array like the truth. Digits do not matter
here, for S is a tolerance. Differences of logits are inputs in this sense: d_j = z_j - max z has to be rounded.
"""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def _sigmoid(x: Array) -> Array:
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def differences(z: Array) -> tuple[Array, Array, Array]:
    """|z - max z|, the probabilities, and 1 - p of each; that of the largest is a sum, for 1 - p would have no digits."""
    top = z.argmax(axis=-1, keepdims=True)
    d = z - np.take_along_axis(z, top, axis=-1)
    weights = np.exp(d)
    rest = weights.copy()
    np.put_along_axis(rest, top, 0.0, axis=-1)
    total = weights.sum(axis=-1, keepdims=True)
    others = total - weights
    np.put_along_axis(others, top, rest.sum(axis=-1, keepdims=True), axis=-1)
    return np.minimum(np.abs(d), 1e300), weights / total, others / total


def _logarithmic(z: Array) -> Array:
    """sum over j of |d_j d log p_i / d z_j|: |d_i| (1 - p_i) and p_j |d_j| for the others."""
    d, p, others = differences(z)
    return d * others + _sum_of_others(p * d)


def _sum_of_others(terms: Array) -> Array:
    return terms.sum(axis=-1, keepdims=True) - terms  # a tolerance: what cancels here is not missed


def log_softmax(truth: Array, z: Array) -> Array:
    return _logarithmic(z)


def logsumexp(truth: Array, z: Array) -> Array:
    _, p, _ = differences(z)
    return np.sum(p * np.abs(z), axis=-1, keepdims=True)


def softmax_jacobian(truth: Array, z: Array) -> Array:
    """Products of two factors: what moves either moves the entry. On the diagonal they are p_i and 1 - p_i."""
    kappa = _logarithmic(z)
    d, p, others = differences(z)
    both = kappa[:, :, None] + kappa[:, None, :]
    weighed = np.where(np.eye(z.shape[-1], dtype=bool), 0.0, (p * d)[:, None, :]).sum(axis=-1)
    i = np.arange(z.shape[-1])
    both[:, i, i] = d + np.where(others > 0, weighed / np.where(others > 0, others, 1), 0.0)
    return np.abs(truth) * both.reshape(truth.shape)


def softmax_vjp(truth: Array, p: Array, upstream: Array) -> Array:
    return np.abs(p) * (np.abs(upstream) + np.sum(np.abs(p * upstream), axis=-1, keepdims=True))


def log_softmax_vjp(truth: Array, log_p: Array, upstream: Array) -> Array:
    """The sum of all other g may be taken as sum(g) - g; where they are all 0 nothing is lost by it."""
    p, sizes = np.exp(log_p), np.abs(upstream)
    total, others = upstream.sum(axis=-1, keepdims=True), _sum_of_others(sizes)
    return np.abs(log_p * p * total) - np.expm1(log_p) * sizes + p * (others + np.where(others > 0, sizes, 0))


def bce_grad(truth: Array, y: Array, p: Array) -> Array:
    soft = (y != 0) & (y != 1) & (p > 0) & (p < 1)
    p = np.where(soft, p, 0.5)
    return np.where(soft, (np.abs(y) + p) / (p * (1 - p)), 0.0)


def bce_with_logits_grad(truth: Array, y: Array, x: Array) -> Array:
    s = _sigmoid(x)
    soft = (y != 0) & (y != 1)
    return np.where(soft, np.abs(x) * s * _sigmoid(-x) + np.abs(y), 0.0)


def kl(truth: Array, p: Array, q: Array) -> Array:
    logs = np.where(p > 0, np.log(np.where(p > 0, p, 1)) - np.log(np.where(p > 0, q, 1)), 0.0)
    return np.sum(p * (np.abs(logs + 1) + 1), axis=-1, keepdims=True)


def cce_with_logits(truth: Array, y: Array, z: Array) -> Array:
    return np.sum(y * np.where(y > 0, _logarithmic(z), 0), axis=-1, keepdims=True)


def cce_with_logits_grad(truth: Array, y: Array, z: Array) -> Array:
    _, p, _ = differences(z)
    slope = p * _logarithmic(z)
    soft = (y != 0) & (y != 1)
    return slope + np.where(soft, np.abs(y), 0.0)


def multiclass_hinge(truth: Array, label: Array, scores: Array, margin: float) -> Array:
    """Terms count that are positive, or would be if rounding went their way."""
    own = np.take_along_axis(scores, label[:, None], axis=-1)
    sizes = margin + np.abs(scores) + np.abs(own)
    counted = (margin + scores - own > -1e-15 * sizes) & (np.arange(scores.shape[-1]) != label[:, None])
    return np.sum(np.where(counted, sizes, 0), axis=-1, keepdims=True)


def multiclass_hinge_grad(truth: Array, label: Array, scores: Array, margin: float) -> Array:
    """Where rounding decides on which side of its kink a term lies, nothing is owed."""
    own = np.take_along_axis(scores, label[:, None], axis=-1)
    gap = margin + scores - own
    open_to_rounding = (np.abs(gap) < 1e-15 * (margin + np.abs(scores) + np.abs(own))) & (gap != 0)
    return np.where(open_to_rounding.any(axis=-1, keepdims=True), 2.0**60, np.zeros_like(scores))
