"""The weights of a softmax, so that neither overflow nor a lost digit is left in them."""

from __future__ import annotations

import numpy as np


def weights(z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """For every row of logits, with m its largest: (m - z)/2, the weights e^(z - m), where the largest is, and the sum
    of the other weights.

    Halves never overflow. What the subtraction rounds away is small beside z and not beside 1: it is put back into the
    exponential as a factor, or a weight of e^-700 would be off by hundreds of units.
    """
    half = z / 2
    top = half.max(axis=-1, keepdims=True)
    half_gap = top - half
    seen = top - half_gap  # what was subtracted, after rounding
    lost = (top - (half_gap + seen)) + (seen - half)
    lost = np.where(half_gap < 400, lost, 0)  # beyond, the weight is 0
    weight = np.exp(-2 * half_gap) * (1 - 2 * lost)
    largest = np.arange(z.shape[-1]) == np.expand_dims(z.argmax(axis=-1), -1)
    rest = np.where(largest, top - top, weight).sum(axis=-1, keepdims=True)  # top - top: 0, or nan where it is infinite
    return half_gap, weight, largest, rest
