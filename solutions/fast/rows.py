"""Blocks of whole distributions, and why short rows are turned on their side.

To find the largest of ten logits, NumPy sets up a loop over ten numbers; then again for the next row. The setting up
takes longer than the loop. Laid on their side, ten rows of thousands of numbers each, the same maximum is nine
comparisons of long rows, and the processor takes eight rows of the batch at once. Copying there and back costs less
than a quarter of what it saves, as long as the block fits the cache.

The sideways buffer has an odd number of columns. With a power of two all entries of a column would lie exactly some
kilobytes apart, a cache keeps only few places for such addresses, and each entry would push out the one before it.

Every array becomes three-dimensional here: (what comes before the axis, the axis, what comes after it). A kernel sees
blocks of that form and works along axis 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from solutions.fast.blocks import BLOCK, buffers, dtypes

NARROW = 64  # from about here on a row is long enough for itself


def along_axis(kernel: Callable, z: np.ndarray, axis: int, *, keep: bool) -> np.ndarray:
    """Return `kernel` applied to every slice of `z` along `axis`; without `keep` the axis is reduced away.

    `kernel(z, out, spare)` may find that `out` is `z` itself. Raises ValueError when the axis has no entries.
    """
    z = np.asarray(z)
    dtype, work = dtypes(z)
    axis = normalize_axis_index(axis, z.ndim)
    before, n, after = math.prod(z.shape[:axis]), z.shape[axis], math.prod(z.shape[axis + 1 :])
    if n == 0:
        raise ValueError("a distribution over no classes: the axis has no entries")
    source = np.ascontiguousarray(z).reshape(before, n, after)
    out = np.empty((before, n if keep else 1, after), dtype)
    with np.errstate(over="ignore", invalid="ignore"):  # -inf - -inf is nan, and so is the softmax of nothing but -inf
        if after == 1 and n <= NARROW:
            _sideways(kernel, source[..., 0], out[..., 0], work)
        else:
            _in_place(kernel, source, out, work)
    return out.reshape(z.shape if keep else z.shape[:axis] + z.shape[axis + 1 :])[()]


def _sideways(kernel, rows, out, work):
    reduced = None if out.shape == rows.shape else np.empty((1, 1, BLOCK), work)
    for here, (z, w) in batches(rows, work=work):
        target = z if reduced is None else reduced[..., : z.shape[2]]
        kernel(z, target, w)
        np.copyto(out[here], target[0].T, casting="same_kind")


def batches(*tables: np.ndarray, work: np.dtype) -> Iterator[tuple[slice, list[np.ndarray]]]:
    """Some rows of each of the tables at a time, in buffers with the classes along axis 1, and one buffer to spare.

    Tables are of shape (rows, n). With each batch comes the slice of rows that it holds.
    """
    rows, n = tables[0].shape
    narrow = n <= NARROW
    step = (min(BLOCK // n, rows + 1) - 1) | 1 if narrow else max(1, BLOCK // n)
    store = buffers(len(tables) + 1, n * min(step, rows + 1), work)
    for start in range(0, rows, step):
        here = slice(start, min(start + step, rows))
        size = here.stop - start
        if narrow:
            batch = [buffer[: n * step].reshape(1, n, step)[..., :size] for buffer in store]
        else:
            batch = [buffer[: n * size].reshape(size, n, 1) for buffer in store]
        for buffer, table in zip(batch, tables, strict=False):
            np.copyto(buffer[0] if narrow else buffer[..., 0], table[here].T if narrow else table[here])
        yield here, batch


def _in_place(kernel, source, out, work):
    [spare] = buffers(1, min(source.size, max(BLOCK, source.shape[1])), work)
    for here in _blocks(*source.shape):
        z, target = source[here], out[here]
        w = spare[: z.size].reshape(z.shape)
        if z.dtype == out.dtype == work:
            kernel(z, target, w)
        else:
            wide = np.empty(target.shape, work)
            kernel(z.astype(work), wide, w)
            np.copyto(target, wide, casting="same_kind")


def _blocks(before: int, n: int, after: int) -> Iterator[tuple[slice, ...]]:
    """Pieces of about BLOCK entries that cut no slice along the axis."""
    if n * after <= BLOCK:
        step = BLOCK // (n * after)
        yield from ((slice(k, k + step),) for k in range(0, before, step))
    else:
        step = max(1, BLOCK // n)
        yield from (
            (slice(i, i + 1), slice(None), slice(k, k + step)) for i in range(before) for k in range(0, after, step)
        )


def total(w: np.ndarray) -> np.ndarray:
    """The sum along axis 1, kept as an axis of length 1.

    Down the columns NumPy adds one entry after the other, and every addition rounds the whole sum so far. Half of the
    entries added to the other half, and so on, takes as many additions, of which only log2 n touch any one entry. Along
    a row that is contiguous NumPy sees to that by itself.
    """
    n = w.shape[1]
    if n == 1 or w.shape[2] == 1:
        return np.add.reduce(w, axis=1, keepdims=True)
    half = n // 2
    sums = total(w[:, :half] + w[:, half : 2 * half])
    return sums + w[:, -1:] if n % 2 else sums
