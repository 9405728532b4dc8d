"""Logits worth trying, and the same logits laid out in more than one way."""

from __future__ import annotations

import numpy as np

# Rows that lie far apart, rows near both ends of exp, a row whose differences overflow, single and many classes.
EXTREMES = (
    ([1000.0, 1001.0, 1002.0],),
    ([-1000.0, -1001.0, -1002.0],),
    ([54.0, 18.0],),
    ([37.0, 0.0],),
    ([0.0, -37.0],),
    ([0.0, -800.0],),
    ([5000.0, 0.0, -5000.0],),
    ([7.0],),
    ([0.0] * 10,),
    ([[1000.0, 1001.0], [-1000.0, -999.0], [0.0, 3.0]],),
    ([[1.0, 2.0, 4.0], [-3.0, 0.5, 0.0], [6.0, 6.0, -9.0]],),
)


def exact_shifts(rng, dtype) -> list[tuple]:
    """z and z + c, for which the addition is exact in every float: multiples of 1/8, and c = 64."""
    z = (rng.integers(-64, 65, size=(12, 4)) / 8).astype(dtype)
    return [(z,), (z + np.asarray(64, dtype),)]


def two_axes(rng, dtype) -> list[tuple]:
    """The same numbers, once along the last axis, once along the first and once along a middle one."""
    z = rng.uniform(-9, 9, size=(2, 3, 4)).astype(dtype)
    return [(z, -1), (np.moveaxis(z, -1, 0).copy(), 0), (np.moveaxis(z, -1, 1).copy(), -2)]


def same_along_axes(inputs, outputs) -> str | None:
    """For functions that keep the axis: the three outputs hold the same numbers."""
    last, first, middle = outputs
    return same_when_reduced(inputs, (last, *(_to_the_end(p, a) for p, a in ((first, 0), (middle, -2)))))


def same_when_reduced(inputs, outputs) -> str | None:
    """For functions that remove the axis: the three outputs are equal as they are."""
    last, first, middle = outputs
    tolerance = 16 * np.finfo(inputs[0][0].dtype).eps
    for axis, other in ((0, first), (-2, middle)):
        if np.shape(other) != np.shape(last) or not np.allclose(other, last, rtol=tolerance, atol=tolerance):
            return f"axis={axis} on the moved array gives other numbers than axis=-1 on the original"
    return None


def _to_the_end(array, axis: int):
    return np.moveaxis(array, axis, -1) if np.ndim(array) == 3 else array
