"""GELU without an error function: a quotient of polynomials, in factors, and BLAS to evaluate all of them at once.

NumPy has no erf, and calling one for each number is slow. But the tail of the normal distribution is its bell curve
times a tame function, Φ(-a) = e^(-a²/2) R(a), and R falls from 1/2 to 0 so smoothly that P(a) / Q(a), of degrees 9 and
10, meets it to the last digit of a float64 from 0 to 39, where the tail ends; degrees 5 and 6 do for a float32.

What takes time is to walk over the block, and Horner's scheme takes forty walks. But P and Q - 1 are products of two
polynomials of half the degree, and all coefficients are positive, so that nothing cancels. They need no power above a⁵:
four walks. The sums of coefficients times powers, those of all four factors, are one product of matrices, and BLAS does
that with several multiplications and additions in one instruction. `python -m solutions.fast.gelu_fit` finds them.

What takes digits is a²: it has twice as many as a number holds, and the exponential magnifies what is rounded away. So
all this is done at f, the front half of the digits of a, whose square is exact. The tail beyond f differs from that
beyond a by the strip under the bell curve between the two, which is so narrow that two or three terms of a series are
its area.
"""

from __future__ import annotations

from math import inf, pi, sqrt

import numpy as np

from solutions.fast.blocks import buffers, elementwise, numbers

FLOAT64, FLOAT32 = np.dtype(np.float64), np.dtype(np.float32)
# R = P1 P2 / (2 + Q1 Q2). A row holds the coefficients of f, f², ...: of Q1, and of P1, Q2 and P2, which begin with 1
FITS = {
    FLOAT64: (
        [4.695253110696607, 2.657499416322506, 0.6904924816695888, 0.09207244818912032, 0.005590038598329067],
        [0.7659525556263952, 0.25518026786844084, 0.042422145111588816, 0.0030610619836295584, 0.0],
        [0.5249853666855379, 0.2860526337445718, 0.07439538789461586, 0.012941354105955732, 0.001242686304978678],
        [0.783789438919053, 0.33255852143647324, 0.08150578350911847, 0.011793196567288819, 0.0009053453199900462],
    ),
    FLOAT32: (
        [3.721028460844918, 1.3297839419717772, 0.2214898869796892],
        [0.4608134684616473, 0.08608692431515558, 0.0],
        [0.4644555273675675, 0.15990785104708313, 0.025439004518042648],
        [0.6018162361596171, 0.1811300648537755, 0.02611120073481653],
    ),
}
# Pushes the last digits out when it is added: subtracted again, it leaves a multiple of 2^-21, or of 2^-8.
GRID = {FLOAT64: 3 * 2.0**30, FLOAT32: 3 * 2.0**14}
# The mean height of the strip is e^(-f²/2) / √(2π) times 1 - w/2 + w²/6 - ..., where w = f (a - f).
STRIP = {FLOAT64: (-1 / 2, 1), FLOAT32: (1 / 6, -1 / 2, 1)}
FAR = 1000  # where the tail is 0, and no power overflows
APART = 16  # numbers between rows: were it a power of two from one to the next, all would share one corner of the cache


def gelu(x: np.ndarray) -> np.ndarray:
    r"""Return $x\,\Phi(x) = \max(x, 0) - |x|\,\Phi(-|x|)$ for every entry of `x`: float16, float32 or float64.

    On the right that is x less at most a half of it, on the left the second term alone: nothing cancels.
    """
    return elementwise(_gelu, x, spare=False)


def _gelu(x, out):
    x, out = x.reshape(-1), out.reshape(-1)
    zero, one, two, minus_half, far, infinite = CONSTANTS[x.dtype]
    grid, strip, order, fit = PLANS[x.dtype]
    count = 1 + len(order) + 4
    rows = buffers(1, count * (x.size + APART), x.dtype)[0].reshape(count, -1)[:, : x.size]
    a, *ordered, denominator, tail, width, area = rows
    powers = dict(zip(order, ordered, strict=True))
    f, square = powers[1], powers[2]

    np.abs(x, out=a)
    if not a.max() < FAR:  # nan takes the long way
        a.clip(zero, far, out=a)
    np.add(a, grid, out=f)
    np.subtract(f, grid, out=f)
    for k in range(2, len(order) + 1):
        np.multiply(powers[k // 2], powers[k - k // 2], out=powers[k])
    np.matmul(fit, rows[1:-4], out=rows[-4:])
    np.add(rows[-3:], one, out=rows[-3:])
    np.multiply(rows[-4:-2], rows[-2:], out=rows[-4:-2])
    np.add(denominator, two, out=denominator)
    np.divide(tail, denominator, out=tail)
    np.subtract(a, f, out=width)
    _strip(f, width, strip, area)
    np.subtract(tail, area, out=tail)
    np.multiply(tail, a, out=tail)
    np.multiply(square, minus_half, out=square)
    np.exp(square, out=square)
    np.multiply(tail, square, out=tail)
    x.clip(zero, infinite, out=out)
    np.subtract(out, tail, out=out)


def _strip(f, width, series, area):
    """Put into `area` that of the strip from f to f + width, over e^(-f²/2); f is overwritten."""
    w = np.multiply(f, width, out=f)
    np.multiply(w, series[0], out=area)
    for term in series[1:-1]:
        np.add(area, term, out=area)
        np.multiply(area, w, out=area)
    np.add(area, series[-1], out=area)
    np.multiply(area, width, out=area)


def _plan(dtype):
    """What is made once: arrays, and the order in which BLAS shall add the powers.

    Each addition rounds the sum so far. The first power has the largest term near 0, the last one far from it: so they
    come last.
    """
    degree = len(FITS[dtype][0])
    order = [*range(2, degree), 1, degree]
    fit = np.array([[row[k - 1] for k in order] for row in FITS[dtype]], dtype)
    strip = numbers(*(term / sqrt(2 * pi) for term in STRIP[dtype]))[dtype]
    return *numbers(GRID[dtype])[dtype], strip, order, fit


CONSTANTS = numbers(0, 1, 2, -1 / 2, FAR, inf)
PLANS = {dtype: _plan(dtype) for dtype in FITS}
