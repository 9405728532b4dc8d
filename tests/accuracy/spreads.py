"""What cancels: S, in units of which kappa = S / |f| is counted; 0 where nothing does.

It excuses log_softmax, and two fast forms (tests/test_fast.py). Each takes the truth and the arguments of a block, in
float64, and gives an array like the truth. Digits do not matter here, for S is a tolerance.
"""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def logsumexp(truth: Array, z: Array) -> Array:
    """max z, and a logarithm that is never negative: their sizes, beyond that of the sum."""
    top = z.max(axis=-1, keepdims=True)
    return np.abs(top) + (truth - top) - np.abs(truth)


def log_softmax(truth: Array, z: Array) -> Array:
    """sum over j of |d_j d log p_i / d z_j|, with d_j = z_j - max z: |d_i| (1 - p_i) and p_j |d_j| for the others."""
    d, p, others = differences(z)
    weighed = p * d
    return d * others + weighed.sum(axis=-1, keepdims=True) - weighed


def cce_with_logits(truth: Array, y: Array, z: Array) -> Array:
    return np.sum(y * np.where(y > 0, log_softmax(truth, z), 0), axis=-1, keepdims=True)


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
