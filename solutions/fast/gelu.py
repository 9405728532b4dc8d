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
         0.00408923752169776, 0.00049040660636061, 3.725319810915698e-5, 1.385659070539234e-6, 0.0],
        [1.0, 2.347626555348303, 2.561219296161488, 1.71436515281321, 0.7820303902597136, 0.254956276282292,
         0.0604340392486675, 0.01034357830208074, 0.001232740397973886, 9.337991969870779e-5, 3.473332205222868e-6],
    ),
    np.dtype(np.float32): (
        [0.4999999997977658, 0.5313148520957321, 0.272271008054964, 0.08069344143569839, 0.01381266157470087,
         0.001123916480263404, 0.0],
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
    return elementwise(_gelu, x, spare=4)


def _gelu(x, out, a, square, rest, tail):
    np.abs(x, out=a)
    a.clip(0, END, out=a)
    # a² has twice as many digits as a number holds; the square of the front half is exact, and what is left is small
    integer, front = FRONT[a.dtype]
    np.bitwise_and(a.view(integer), front, out=square.view(integer))
    np.subtract(a, square, out=rest)
    np.add(a, square, out=tail)
    np.multiply(rest, tail, out=rest)
    np.multiply(rest, -0.5, out=rest)
    np.multiply(square, square, out=square)
    np.multiply(square, -0.5, out=square)
    numerator, denominator = _polynomials(a)
    np.divide(numerator, denominator, out=tail)
    np.multiply(tail, a, out=tail)
    np.exp(rest, out=rest)
    np.multiply(tail, rest, out=tail)
    np.exp(square, out=square)
    np.multiply(tail, square, out=tail)
    x.clip(0, inf, out=out)
    np.subtract(out, tail, out=out)


def _polynomials(a):
    """P(a) and Q(a)."""
    coefficients = COEFFICIENTS[a.dtype]
    terms = coefficients.shape[1]
    shape = (terms + 2, a.size)
    powers = buffers(5, shape[0] * shape[1], a.dtype)[4].reshape(shape)
    rows = list(powers)
    rows[0].fill(1)
    rows[1][...] = a.ravel()
    for k in range(2, terms):
        np.multiply(rows[k // 2], rows[k - k // 2], out=rows[k])
    np.matmul(coefficients, powers[:terms], out=powers[terms:])
    return powers[terms].reshape(a.shape), powers[terms + 1].reshape(a.shape)


COEFFICIENTS = {dtype: np.array(fit, dtype) for dtype, fit in FITS.items()}
