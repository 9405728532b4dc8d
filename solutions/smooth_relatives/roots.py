"""Where four slopes vanish, and how they keep their digits there.

Left of 0 each of these slopes crosses zero: large terms cancel, and what is left of them is mostly rounding. But the
subtraction can be done on paper. At the root r the terms add up to 0; so at x they add up to what they have changed
since r. If every term rises with x, all these changes have the sign of t = x - r, and nothing cancels, anywhere. A term
x has changed by t, a term e^x by e^r expm1(t).

That leaves t itself, which needs more digits of r than a float has, the more the closer x is. So each root is a sum of
three floats: the nearest one, the nearest to what that misses, and so on (mpmath.findroot with 80 digits).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solutions.smooth_relatives.two_floats import plus

SILU = (-1.2784645427610737, -1.0946994183093437e-16, -3.907766676128665e-33)
GELU = (-0.7517915246935645, 1.4956759177009883e-17, 5.384040947833005e-34)
GELU_TANH = (-0.7524614220710163, 3.635560509207687e-17, -2.5415595389660457e-33)
MISH = (-1.1924312145154952, -4.8484829848031044e-17, -1.898915114090381e-33)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(10)


def since(root: tuple, x: np.ndarray, rounding: np.ndarray | float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """t = x - root as a pair, for x or the pair (x, rounding). Close to the root every step up to the last is exact."""
    return plus(plus((x - root[0], 0.0), (-root[1], 0.0)), (rounding, -root[2]))


def climbed(slope: Callable, root: tuple, t: np.ndarray) -> np.ndarray:
    """What a function that is 0 at the root is at root + t: t times the mean of its slope on the way.

    For terms without a formula for their change. The mean is taken by Gauss and Legendre, at ten points; if the slope
    has one sign there, nothing cancels.
    """
    return t / 2 * sum(w * slope(root[0] + t * (1 + node) / 2) for node, w in zip(NODES, WEIGHTS, strict=True))
