"""The weights of a softmax, so that neither overflow nor a lost digit is left in them."""

from __future__ import annotations

import numpy as np


def weights(z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """For every row of logits, with m its largest: (m - z)/2, the weights e^(z - m) as pairs of floats, front and rest,
    and the sum of all weights but the largest.

    Halves never overflow. What the subtraction rounds away is small beside z and not beside 1: as an exponent of its
    own it is the rest of the weight, and without it a weight of e^-700 would be off by hundreds of units.
    """
    half = z / 2
    top = half.max(axis=-1, keepdims=True)
    half_gap = top - half
    seen = top - half_gap  # what was subtracted, after rounding
    lost = (top - (half_gap + seen)) + (seen - half)
    lost = np.where(half_gap < 400, lost, 0)  # beyond, the weight is 0
    front = np.exp(-2 * half_gap)
    rest = -2 * lost * front
    largest = np.arange(z.shape[-1]) == np.expand_dims(z.argmax(axis=-1), -1)
    others = np.where(largest, top - top, front + rest)  # top - top: 0, or nan where it is infinite
    return half_gap, front, rest, others.sum(axis=-1, keepdims=True)
