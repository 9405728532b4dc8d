"""Block by block: why the same operations are faster on 32768 numbers at a time than on ten million.

`np.log1p(np.exp(-np.abs(x)))` reads like one walk over `x`. It is four. Each operation makes an array of its own, and
with ten million entries each array is 80 MB: far too large for the processor's caches, so every operation fetches its
input from main memory and sends its output back there. On top of that a fresh array consists of promises: the first
touch of each of its pages interrupts the program until the operating system has found and cleared real memory for it
(a page fault), and that takes longer than computing an exponential for every number on the page.

Here all operations are done on one block before the next block is begun. A block and its spare buffers stay in the
cache; the buffers are made once and kept, so nothing is faulted in but the result itself; and `out=` tells each
operation to write where there is already something to overwrite.

NumPy has such a machine inside, `np.nditer`: it hands out an array of any layout in contiguous pieces, converts a
piece to another dtype on the way in and out if it has to, and copies nothing when the array is contiguous already.

A kernel is a function `kernel(x, out, spare)`, or `kernel(x, out)` if it needs no buffer, that fills `out` from `x`. It
must not write to `x`, which may be the caller's own memory. float16 is computed in float32, because processors count in
nothing shorter. float32 is computed in float32, unlike in the references: twice as many numbers to a register and to a
cache. What it costs is a few units in the last place, eight at most. Where terms cancel, or a rounded difference
becomes an exponent, it would cost more: logsumexp and the cross-entropy see that and take float64 for those rows,
log_softmax does not (1 + kappa times as many units, as tests/accuracy/owed.py counts them).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from math import inf

import numpy as np

BLOCK = 32768  # numbers: 256 KB of float64. Two or three such blocks fit the second cache of a processor of today.
KEPT = 16 * BLOCK  # what is larger belongs to one call
NATIVE = frozenset((np.dtype(np.float64), np.dtype(np.float32)))


_kept = threading.local()


def buffers(count: int, size: int, dtype: np.dtype) -> list[np.ndarray]:
    """Arrays of `size` numbers with anything in them: kept from call to call, for each thread its own."""
    kept = _kept.__dict__.setdefault(dtype, [])
    kept += [np.empty(BLOCK, dtype) for _ in range(count - len(kept))]
    for k in range(count):
        if kept[k].size < size:
            if size > KEPT:
                return [np.empty(size, dtype) for _ in range(count)]
            kept[k] = np.empty(size, dtype)
    return [buffer[:size] for buffer in kept[:count]]


def dtypes(*arrays: np.ndarray) -> tuple[np.dtype, np.dtype]:
    """The dtype that the result has, the common one with integers as float64, and the one to compute in."""
    if len(arrays) == 1 and arrays[0].dtype in NATIVE:
        return arrays[0].dtype, arrays[0].dtype
    result = np.result_type(*arrays, np.float16)
    return result, np.result_type(result, np.float32)


def numbers(*values: float) -> dict[np.dtype, tuple[np.ndarray, ...]]:
    """The values as arrays without axes, for each dtype that kernels compute in.

    Of a number NumPy makes such an array at every call, and looks for the dtype that it has in common with the others:
    that takes as long as adding it to a thousand entries.
    """
    return {dtype: tuple(np.array(value, dtype) for value in values) for dtype in NATIVE}


LINE = numbers(-inf, 0, inf)


def elementwise(kernel: Callable, x: np.ndarray, *, spare: bool = True) -> np.ndarray:
    """Return `kernel` applied to every entry of `x`: any shape and layout, a scalar and an empty array too."""
    x = np.asarray(x)
    if x.size > BLOCK:
        return _in_blocks(kernel, x, spare)
    # One block: setting up the machine would cost more than it saves. So does each line here, for a thousand entries.
    shape, dtype = x.shape, x.dtype
    if dtype not in NATIVE:
        dtype, work = dtypes(x)
        return elementwise(kernel, x.astype(work), spare=spare).astype(dtype)
    out = np.empty(shape, dtype)
    if not x.size:
        return out
    if spare:
        kernel(x, out, np.empty(shape, dtype))
    else:
        kernel(x, out)
    return out if shape else out[()]


def _in_blocks(kernel, x, spare):
    dtype, work = dtypes(x)
    spares = buffers(int(spare), BLOCK, work)
    result = np.empty_like(x, dtype, subok=False)
    with np.nditer(
        [x, result],
        flags=["external_loop", "buffered"],
        op_flags=[["readonly"], ["writeonly"]],
        op_dtypes=[work, work],
        casting="same_kind",
        buffersize=BLOCK,
    ) as pieces:
        for block, out in pieces:
            kernel(block, out, *(buffer[: block.size] for buffer in spares))
    return result
