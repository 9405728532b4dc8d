"""Sigmoid, its logarithm, softplus and tanh without a branch.

`np.where(x >= 0, 1, e)` decides entry by entry: it fills an array of answers, then reads both candidates and keeps
one. A processor is at its best when it does the same to eight numbers at once and asks nothing. So each formula here
is one that holds on the whole line; where only one side is dangerous, a clip takes the danger away without changing
the result.
"""

from __future__ import annotations

from math import inf

import numpy as np

from solutions.fast.blocks import LINE, elementwise, numbers

SIGMOID = numbers(-inf, 40, 1)


def sigmoid(x: np.ndarray) -> np.ndarray:
    r"""Return $\sigma(x) = e^x / (1 + e^x)$ for every entry of `x`: float16, float32 or float64, any shape.

    The danger of this form is `inf / inf` on the right. But from x = 37 on the sigmoid is 1 to the last digit of a
    float64: an exponential of 40 in place of every larger one gives the same quotient. Four operations, no branch, and
    on the left, where the sigmoid is $e^x$, nothing is lost down to the last subnormal number.
    """
    return elementwise(_sigmoid, x)


def _sigmoid(x, out, e):
    # np.minimum(x, 40) would do, at twice the price: NumPy takes eight numbers at once for clip, one for minimum
    lowest, highest, one = SIGMOID[x.dtype]
    x.clip(lowest, highest, out=e)
    np.exp(e, out=e)
    np.add(e, one, out=out)
    np.divide(e, out, out=out)


def log_sigmoid(x: np.ndarray) -> np.ndarray:
    r"""Return $\log\sigma(x) = \min(x, 0) - \log(1 + e^{-|x|})$ for every entry of `x`.

    Both terms are at most 0, so nothing cancels, and the exponential is at most 1. The formula is that of the
    reference; what is saved is memory.
    """
    return elementwise(_log_sigmoid, x)


def _log_sigmoid(x, out, small):
    _log1p_exp(x, small)
    lowest, zero, _ = LINE[x.dtype]
    x.clip(lowest, zero, out=out)
    np.subtract(out, small, out=out)


def softplus(x: np.ndarray) -> np.ndarray:
    r"""Return $\log(1 + e^x) = \max(x, 0) + \log(1 + e^{-|x|})$ for every entry of `x`.

    `np.logaddexp(x, 0)` is the same function and takes several times as long: it calls the mathematical library of C for
    one number after the other, while `np.exp` and `np.log1p` work on whole registers.
    """
    return elementwise(_softplus, x)


def _softplus(x, out, small):
    _log1p_exp(x, small)
    _, zero, highest = LINE[x.dtype]
    x.clip(zero, highest, out=out)
    np.add(out, small, out=out)


def _log1p_exp(x, out):
    """log(1 + e^-|x|): the only part of softplus that is not a straight line."""
    np.abs(x, out=out)
    np.negative(out, out=out)
    np.exp(out, out=out)
    np.log1p(out, out=out)


def tanh(x: np.ndarray) -> np.ndarray:
    r"""Return $\tanh x$ for every entry of `x`.

    NumPy's own, in blocks only for the sake of float16: one operation has no temporary to save. Knowing when there is
    nothing to gain is part of the craft.
    """
    return elementwise(_tanh, x, spare=False)


def _tanh(x, out):
    np.tanh(x, out=out)
