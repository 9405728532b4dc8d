"""GELU without an error function: a quotient of two polynomials, and BLAS to evaluate both at once.

NumPy has no erf, and calling one for each number is slow. But the tail of the normal distribution is its bell curve
times a tame function, Φ(-a) = e^(-a²/2) R(a), and R falls from 1/2 to 0 so smoothly that P(a) / Q(a), of degrees 9 and
10, meets it to the last digit of a float64 from 0 to 39, where the tail ends; degrees 5 and 6 do for a float32. The
coefficients are all positive, so that no order of addition cancels. `python -m solutions.fast.gelu_fit` finds them.

The order matters for speed. Horner's scheme takes twenty multiplications and twenty additions for P and Q, each a walk
over the block. The powers a², a³, ... serve both: nine multiplications; what is left, sums of coefficients times
powers, is a product of matrices, and BLAS does that with several multiplications and additions in one instruction.
"""

from __future__ import annotations

from math import inf

import numpy as np

from solutions.fast.blocks import buffers, elementwise

END = 39  # e^(-39²/2) is less than the smallest subnormal
FITS = {
    np.dtype(np.float64): (
        [0.5, 0.774870997272724, 0.5940421565589705, 0.2893297884930641, 0.09769811181245303, 0.02362205797375614,
         0.00408923752169776, 0.00049040660636061, 3.725319810915698e-5, 1.385659070539234e-6],
        [1.0, 2.347626555348303, 2.561219296161488, 1.71436515281321, 0.7820303902597136, 0.254956276282292,
         0.0604340392486675, 0.01034357830208074, 0.001232740397973886, 9.337991969870779e-5, 3.473332205222868e-6],
    ),
    np.dtype(np.float32): (
        [0.4999999997977658, 0.5313148520957321, 0.272271008054964, 0.08069344143569839, 0.01381266157470087,
         0.001123916480263404],
        [1.0, 1.86051422966994, 1.529018088433176, 0.7170685266558984, 0.2050871772213285, 0.03462317576770803,
         0.002817241116649049],
    ),
}  # fmt: skip
# what keeps the front half of a number's digits
FRONT = {np.dtype(np.float64): (np.int64, -(1 << 27)), np.dtype(np.float32): (np.int32, -(1 << 12))}


def gelu(x: np.ndarray) -> np.ndarray:
    r"""Return $x\,\Phi(x) = \max(x, 0) - |x|\,\Phi(-|x|)$ for every entry of `x`: float16, float32 or float64.

    On the right that is x less at most a half of it, on the left the second term alone: nothing cancels.
    """
    return elementwise(_gelu, x, spare=3)


def _gelu(x, out, square, rest, tail):
    a, numerator, denominator = _polynomials(x)
    # a² has twice as many digits as a number holds; the square of the front half is exact, and what is left is small
    integer, front = FRONT[a.dtype]
    np.bitwise_and(a.view(integer), front, out=square.view(integer))
    np.subtract(square, a, out=rest)
    np.add(square, a, out=tail)
    np.multiply(rest, tail, out=rest)
    np.multiply(rest, 0.5, out=rest)
    np.multiply(square, square, out=square)
    np.multiply(square, -0.5, out=square)
    np.divide(numerator, denominator, out=tail)
    np.exp(rest, out=rest)
    np.multiply(tail, rest, out=tail)
    np.exp(square, out=square)
    np.multiply(tail, square, out=tail)
    x.clip(0, inf, out=out)
    np.subtract(out, tail, out=out)


def _polynomials(x):
    """a = |x| where the tail has not ended, a P(a), and Q(a)."""
    order, coefficients = ORDERED[x.dtype]
    degree = len(order)
    table = buffers(4, (degree + 2) * x.size, x.dtype)[3].reshape(degree + 2, x.size)
    *rows, numerator, denominator = (row.reshape(x.shape) for row in table)
    powers = dict(zip(order, rows, strict=True))
    a = np.abs(x, out=powers[1])
    a.clip(0, END, out=a)
    for k in range(2, degree + 1):
        np.multiply(powers[k // 2], powers[k - k // 2], out=powers[k])
    np.matmul(coefficients, table[:degree], out=table[degree:])
    return a, numerator, np.add(denominator, 1, out=denominator)


def _ordered(p, q, dtype):
    """The powers in the order in which BLAS shall add them, and the coefficients of a P(a) and Q(a) - 1.

    Neither has a constant term, which saves a row of ones. Every addition rounds the sum so far: so the small terms come
    first, which for a < 1 are those of the high powers. For a > 1 it is the other way round: they grow among themselves.
    """
    low = len(p) // 2
    order = [*range(low + 1, len(q)), *range(low, 0, -1)]
    return order, np.array([[p[k - 1] for k in order], [q[k] for k in order]], dtype)


ORDERED = {dtype: _ordered(p, q, dtype) for dtype, (p, q) in FITS.items()}
