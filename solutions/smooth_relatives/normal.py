"""The normal distribution in its left tail, where every number worth having is small."""

from __future__ import annotations

import math

import numpy as np

from solutions.smooth_relatives.two_floats import descent, product

# NumPy has no erfc; the standard library has one for a single number.
erfc = np.vectorize(math.erfc, otypes=[np.float64])


def mills(t: np.ndarray) -> np.ndarray:
    """The tail of the normal distribution over its density, Φ(-t)/φ(t), for t >= 1.5.

    Laplace's continued fraction 1/(t + 1/(t + 2/(t + 3/(t + ...)))), from the inside out. At t = 1.5 it takes 200
    levels for the last digit, farther out ever fewer.
    """
    fraction = t
    for k in range(200, 0, -1):
        fraction = t + k / fraction
    return 1 / fraction


def bell(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """e^{-t²/2} as two factors; t² is needed to more than sixteen digits."""
    square, rest = product(t, t)
    return descent(-square / 2, -rest / 2)
