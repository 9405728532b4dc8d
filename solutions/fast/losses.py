"""Means over millions of entries without an array of losses.

A mean needs one number from each block: its sum. Nothing of full size is written at all, so that the whole loss costs
one reading of its inputs. Within a block NumPy adds pairwise; what the blocks contribute is added by `math.fsum`, which
rounds once, at the end.

The rare case is asked for once a block as well. 0 · inf, a class that cannot happen and did not, should count 0 and is
nan; and the sum of numbers near 1e308 is inf where their mean is not. Both show in the sum, and only then is that
block computed once more, with the questions asked entry by entry. So does float32 meeting rows that are right and sure,
whose losses are small sums of e^-d, d the distance to the largest logit: the rounding of d counts d times there. Such
blocks are computed once more in float64.
"""

from __future__ import annotations

import math
from math import inf

import numpy as np

from solutions.fast.blocks import BLOCK, buffers, dtypes
from solutions.fast.distributions import shift
from solutions.fast.rows import batches

SURE = 0.01  # a mean loss: above it float32 misses by six units at most


def bce_with_logits(y: np.ndarray, logits: np.ndarray) -> np.floating:
    r"""Return the mean of $\log(1 + e^{-|x|}) + (1 - y)\max(x, 0) - y\min(x, 0)$ over all entries.

    `y` in [0, 1] and `logits` x are float16, float32 or float64 of one shape, any shape; the result is a scalar of
    their common dtype, in which integer labels have no say. No term is negative, so nothing cancels, for soft labels
    neither. Raises ValueError for different shapes and for the mean over nothing.
    """
    y, logits, dtype, work = _paired(y, logits)
    size, width = logits.size, min(BLOCK, logits.size)
    spare = buffers(3, width, work)
    shares = []
    pieces = np.nditer(
        [y, logits],
        flags=["external_loop", "buffered"],
        op_dtypes=[work, work],
        casting="same_kind" if y.dtype.kind == "f" else "unsafe",
        buffersize=width,
    )
    with pieces, np.errstate(over="ignore", invalid="ignore"):
        for labels, x in pieces:
            share = _bce(labels, x, *(buffer[: x.size] for buffer in spare)) / size
            shares.append(share if math.isfinite(share) else _bce_with_care(labels, x, size))
    return dtype.type(_sum(shares))


def _bce(y, x, loss, line, share):
    np.abs(x, out=loss)
    np.negative(loss, out=loss)
    np.exp(loss, out=loss)
    np.log1p(loss, out=loss)
    x.clip(0, inf, out=line)
    np.subtract(1, y, out=share)
    np.multiply(line, share, out=line)
    np.add(loss, line, out=loss)
    x.clip(-inf, 0, out=line)
    np.multiply(line, y, out=line)
    np.subtract(loss, line, out=loss)
    return float(np.add.reduce(loss))


def _bce_with_care(y, x, size):
    y, x = y.astype(np.float64), x.astype(np.float64)
    right = np.where(y == 1, 0, (1 - y) * np.maximum(x, 0))
    left = np.where(y == 0, 0, y * np.minimum(x, 0))
    return float(np.sum((np.log1p(np.exp(-np.abs(x))) + right - left) / size))


def cce_with_logits(y: np.ndarray, logits: np.ndarray) -> np.floating:
    r"""Return the mean over rows of $-\sum_k y_k \log p_k$, p the softmax of `logits` along the last axis.

    `y`, one-hot or soft rows, and `logits` have one shape (..., classes); the result is a scalar of their common dtype.
    A class with y = 0 contributes 0 even at logit -inf. Raises ValueError when the shapes differ and for no rows.
    """
    y, logits, dtype, work = _paired(y, logits)
    if not logits.ndim:
        raise ValueError("a single number is no row of classes")
    y, logits = (array.reshape(-1, array.shape[-1]) for array in (y, logits))
    rows = len(logits)
    shares = []
    with np.errstate(over="ignore", invalid="ignore"):
        for here, (labels, z, w) in batches(y, logits, work=work):
            loss = _cce(labels, z, w)
            if loss < SURE * (here.stop - here.start) and work == np.float32:
                loss = sum(_cce(*wide) for _, wide in batches(y[here], logits[here], work=np.dtype(np.float64)))
            share = loss / rows
            shares.append(share if math.isfinite(share) else _cce_with_care(y[here], logits[here], rows))
    return dtype.type(_sum(shares))


def _cce(y, z, w):
    top, others = shift(z, z, w)
    np.subtract(np.log1p(others + (top - top)), z, out=w)  # -log p, at least 0; top - top is nan where top is infinite
    np.multiply(w, y, out=w)
    return float(np.add.reduce(w, axis=None))


def _cce_with_care(y, z, rows):
    """In halves, for 1e308 - (-1e308) is no float64."""
    z = z[..., None].astype(np.float64)
    half = z / 2
    top, others = shift(z, z, np.empty_like(z))
    loss = half.max(axis=1, keepdims=True) - half + np.log1p(others + (top - top)) / 2
    return 2 * float(np.sum(np.where(y == 0, 0, y * loss[..., 0]) / rows))


def _paired(y, logits):
    y, logits = np.asarray(y), np.asarray(logits)
    if y.shape != logits.shape:
        raise ValueError(f"labels of shape {y.shape} do not fit logits of shape {logits.shape}")
    if not logits.size:
        raise ValueError("there is no mean over nothing")
    return (y, logits, *dtypes(logits, *([y] if y.dtype.kind == "f" else [])))


def _sum(shares: list[float]) -> float:
    return math.fsum(shares) if all(map(math.isfinite, shares)) else float(np.sum(shares))
