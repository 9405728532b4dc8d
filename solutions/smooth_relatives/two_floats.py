"""Numbers as unevaluated sums of two floats, for the few places where sixteen digits are not enough.

The exponential turns an absolute error of its argument into a relative error of its result: to know e^{-700} to
sixteen digits, the 700 must be known to nineteen.
"""

from __future__ import annotations

import numpy as np


def widened(x: np.ndarray) -> tuple[np.ndarray, np.dtype]:
    """`x` in float64, and the dtype in which the result is handed back: its own, float64 for integers."""
    x = np.asarray(x)
    return x.astype(np.float64), np.result_type(x, np.float16)


def product(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """a b as the pair (p, r): the rounded product, and exactly what rounding took away. |a|, |b| and |a b| < 1e300.

    Each factor is cut into two halves of 26 bits: the four products of halves fit into the 53 bits of a float. (A
    longdouble is cut in its own middle.)
    """
    (a1, a2), (b1, b2) = _halves(a), _halves(b)
    p = a * b
    return p, (a1 * b1 - p) + a1 * b2 + a2 * b1 + a2 * b2


def _halves(v):
    v = np.asarray(v, np.result_type(v, np.float64))
    middle = np.finfo(v.dtype).nmant // 2 + 1
    shifted = v * (2.0**middle + 1)  # beside this, v itself loses its last 27 bits
    front = shifted - (shifted - v)
    return front, v - front


def scaled(beta: float, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """beta x as such a pair, for positive beta and x of any size; what is larger than 2000 may stay as small as that."""
    share, exponent = np.frexp(beta)
    with np.errstate(over="ignore"):
        doubled = np.ldexp(x, exponent)  # exact, and at most twice beta x
    return product(share, np.minimum(doubled, 4000.0))


def times(a: tuple, b: tuple) -> tuple[np.ndarray, np.ndarray]:
    """The product of two such pairs, again a pair."""
    p, r = product(a[0], b[0])
    return p, r + (a[0] * b[1] + a[1] * b[0])


def plus(a: tuple, b: tuple) -> tuple[np.ndarray, np.ndarray]:
    """The sum of two such pairs, again a pair; what rounding takes away is found by undoing the sum."""
    s = a[0] + b[0]
    taken = s - a[0]
    return s, (a[0] - (s - taken)) + (b[0] - taken) + (a[1] + b[1])


def descent(z: np.ndarray, rest: np.ndarray | float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """e^{z + rest} for z <= 0, as two factors that have all their digits.

    e^{-740} alone is subnormal and has two digits left, and a factor of 740 makes its error 740 times as large. The
    second factor is 1 down to z = -700, and comes last: then only the result itself is rounded to what is left.
    """
    front = np.exp(np.maximum(z, -700.0))
    return front + front * rest, np.exp(np.minimum(z + 700.0, 0.0))
