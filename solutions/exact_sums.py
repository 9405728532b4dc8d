"""Sums, differences and quotients of pairs of floats: where numbers cancel, what was rounded away before is all there is.

g - 0.3 is exact when g is nearly 0.3; but if the 0.3 is a sum that was rounded, that error is now the first digit of
the result. A sum of two floats (see `two_floats`) carries it along: the pair (front, rest) means front + rest.
"""

from __future__ import annotations

import numpy as np

from solutions.smooth_relatives.two_floats import plus, product


def total(front: np.ndarray, rest: np.ndarray | float = 0.0, axis: int = -1) -> tuple[np.ndarray, np.ndarray]:
    """The sum of all pairs along `axis`, which stays; what its additions lose is added up with as much care."""
    terms, more = (np.moveaxis(part, axis, -1) for part in (front, rest + 0 * front))
    large, lost = _running_sum(terms)
    small, tiny = _running_sum(np.concatenate([lost, more], axis=-1))
    pair = plus((large, 0.0), (_finite(small), tiny.sum(axis=-1)))
    return tuple(np.expand_dims(part, axis) for part in pair)


def _running_sum(terms):
    """The sum along the last axis, and what each addition lost: every step is undone to see it."""
    running = np.cumsum(terms, axis=-1)
    _, lost = plus((running[..., :-1], 0.0), (terms[..., 1:], 0.0))
    return running[..., -1:].sum(axis=-1), lost  # the last one, or 0 where there is none


def quotient(a: tuple, b: tuple) -> tuple[np.ndarray, np.ndarray]:
    """a / b: what is left of a after taking away (a / b, rounded) b is divided once more."""
    q = a[0] / b[0]
    taken, r = product(q, b[0])
    return q, ((a[0] - taken) - r + (a[1] - q * b[1])) / b[0]


def rounded(pair: tuple) -> np.ndarray:
    """The pair as one float."""
    return pair[0] + _finite(pair[1])


def _finite(rest):
    """Beside an infinite front, or one too large for `product`, the rest says nothing."""
    return np.where(np.isfinite(rest), rest, 0.0)
