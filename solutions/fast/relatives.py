"""The functions with a gate: SiLU and Mish multiply x by something between 0 and 1. And the units with a kink.

A gate that is subnormal has few digits left, and x multiplies what it has lost: at x = -720 SiLU is -720 e^-720, and
e^-720 has three digits in float64. That is so rare that no entry should pay for it. Hence one question a block, the
smallest entry of all (the cheapest operation there is: it reads and writes nothing), and only a block that has such
entries computes them once more, from e^(x/2), which is still a normal number.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from solutions.fast.blocks import LINE, elementwise

SCALE, ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717
# where e^x is about to become subnormal, and (for both) where it is 0 however large the factor before it
FAR_LEFT = {np.dtype(np.float64): -700.0, np.dtype(np.float32): -85.0}
NOTHING_LEFT = -1500.0
# what keeps the front half of a number's digits
FRONT = {np.dtype(np.float64): (np.int64, -(1 << 27)), np.dtype(np.float32): (np.int32, -(1 << 12))}


def silu(x: np.ndarray, beta: float = 1.0) -> np.ndarray:
    r"""Return $x\,\sigma(\beta x)$ for every entry of `x`: float16, float32 or float64, any shape; beta is positive."""
    return elementwise(partial(_silu, beta=beta), x)


def _silu(x, out, e, beta):
    x.clip(FAR_LEFT[x.dtype] / beta, 40 / beta, out=e)
    if beta == 1:
        np.exp(e, out=e)
    else:
        rest = np.empty_like(out)
        _exp_of_multiple(e, beta, out, rest)
        np.multiply(out, rest, out=rest)
        np.add(out, rest, out=e)
    np.add(e, 1, out=out)
    np.divide(e, out, out=out)
    np.multiply(out, x, out=out)
    _mend_far_left(x, out, beta)


def _exp_of_multiple(x, beta, front, rest):
    """e^(beta x) as front (1 + rest), with a small rest; x is overwritten.

    beta x has to be rounded, and in the exponential of -700 that would cost 350 units. But the front halves of beta and
    of x have an exact product. Its exponential is the front; the rest is that of what is left of beta x.
    """
    integer, mask = FRONT[x.dtype]
    half = (x.dtype.type(beta).view(integer) & mask).view(x.dtype)
    np.bitwise_and(x.view(integer), mask, out=front.view(integer))
    np.subtract(x, front, out=rest)
    np.multiply(rest, half, out=rest)
    np.multiply(x, x.dtype.type(beta - float(half)), out=x)
    np.add(rest, x, out=rest)
    np.expm1(rest, out=rest)
    np.multiply(front, half, out=front)
    np.exp(front, out=front)


def mish(x: np.ndarray) -> np.ndarray:
    r"""Return $x \tanh(\mathrm{softplus}(x)) = x\, n / (n + 2)$ with $n = e^x (e^x + 2)$ for every entry of `x`.

    Three transcendental functions become one: tanh(log(1 + e)) is a quotient of polynomials in e.
    """
    return elementwise(_mish, x)


def _mish(x, out, e):
    x.clip(FAR_LEFT[x.dtype], 40, out=e)
    np.exp(e, out=e)
    np.add(e, 2, out=out)
    np.multiply(e, out, out=e)
    np.add(e, 2, out=out)
    np.divide(e, out, out=out)
    np.multiply(out, x, out=out)
    _mend_far_left(x, out)


def _mend_far_left(x, out, beta=1.0):
    """Where e^(beta x) is no normal number, both functions are x e^(beta x) to the last digit.

    The exponential of a half is squared, which doubles the error: in float64, for float32 has little to spare.
    """
    edge = FAR_LEFT[x.dtype] / beta
    if not x.min() >= edge:  # nan takes the long way
        left = x < edge
        v = x[left].astype(np.float64).clip(NOTHING_LEFT / beta, 0)
        h, rest = np.empty((2, v.size))
        _exp_of_multiple(v.copy(), beta / 2, h, rest)
        e = v * h * h
        out[left] = e + e * (rest * (2 + rest))


def elu(x: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    r"""Return $x$ where $x > 0$ and $\alpha (e^x - 1)$ elsewhere, for every entry of `x`.

    One of the two terms is always 0, so that adding them is choosing between them.
    """
    return elementwise(partial(_scaled_elu, right=1.0, left=alpha), x)


def selu(x: np.ndarray) -> np.ndarray:
    r"""Return $\lambda x$ where $x > 0$ and $\lambda \alpha (e^x - 1)$ elsewhere, for every entry of `x`."""
    return elementwise(partial(_scaled_elu, right=SCALE, left=SCALE * ALPHA), x)


def _scaled_elu(x, out, e, right, left):
    lowest, zero, highest = LINE[x.dtype]
    x.clip(lowest, zero, out=e)
    np.expm1(e, out=e)
    if left != 1:
        np.multiply(e, left, out=e)
    x.clip(zero, highest, out=out)
    if right != 1:
        np.multiply(out, right, out=out)
    np.add(out, e, out=out)


def relu(x: np.ndarray) -> np.ndarray:
    """Return max(x, 0) for every entry of `x`."""
    return elementwise(_relu, x, spare=False)


def _relu(x, out):
    _, zero, highest = LINE[x.dtype]
    x.clip(zero, highest, out=out)


def leaky_relu(x: np.ndarray, alpha: float = 0.01) -> np.ndarray:
    """Return x where x > 0 and alpha x elsewhere, for every entry of `x`."""
    return elementwise(partial(_leaky_relu, alpha=alpha), x)


def _leaky_relu(x, out, below, alpha):
    lowest, zero, highest = LINE[x.dtype]
    x.clip(lowest, zero, out=below)
    np.multiply(below, alpha, out=below)
    x.clip(zero, highest, out=out)
    np.add(out, below, out=out)
