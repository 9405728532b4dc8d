"""Which committed points a function is given: a list of blocks, each a tuple of arrays of one length, in a dtype.

float64 takes the points as they are; float32 has a line of its own and the others rounded; float16 has every seventh
of its 65536 numbers, and the others rounded. Rows that rounding makes infinite are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from tests.accuracy.points import CROSSED, MIXED, ROWS, THRESHOLDS, blocks, points

Block = tuple[np.ndarray, ...]


@cache
def line(dtype: str) -> np.ndarray:
    if dtype != "float16":
        return points(f"line_{dtype}")
    numbers = np.arange(0, 2**16, 7, dtype=np.uint16).view(np.float16)
    special = np.array([t for t in THRESHOLDS if t < 65504], np.float16)
    return np.concatenate([numbers[np.isfinite(numbers)], special, -special, np.array([0.0, -0.0, 65504, -65504], "e")])


def cast(block: tuple[np.ndarray, ...], dtype: str) -> Block:
    """Floats in the dtype, integers as they are; only rows that stay finite."""
    with np.errstate(over="ignore"):
        arrays = [array.astype(dtype) if array.dtype.kind == "f" else array for array in block]
    kept = np.logical_and.reduce([np.isfinite(a).reshape(len(a), -1).all(axis=1) for a in arrays])
    return tuple(array[kept] for array in arrays)


def one_line(dtype: str) -> list[Block]:
    return [(line(dtype),)]


def hard(y: np.ndarray) -> np.ndarray:
    return (y >= 0.5).astype(y.dtype)


def labelled_line(dtype: str) -> list[Block]:
    x = line(dtype)
    return [cast((points("labels")[: x.size], x), dtype)]


def hard_line(dtype: str) -> list[Block]:
    return [(hard(y), x) for y, x in labelled_line(dtype)]


def signed_line(dtype: str) -> list[Block]:
    return [(2 * hard(y) - 1, x) for y, x in labelled_line(dtype)]


def labelled_probabilities(dtype: str) -> list[Block]:
    p = points("probabilities")
    return [cast((points("labels")[-p.size :], p), dtype)]


def hard_probabilities(dtype: str) -> list[Block]:
    return [(hard(y), p) for y, p in labelled_probabilities(dtype)]


def measured(dtype: str) -> list[Block]:
    return [cast(tuple(points("measured").T), dtype)]


def pushed_line(dtype: str) -> list[Block]:
    """x and an upstream gradient of another size."""
    x = line(dtype)
    upstream = (4 * points("labels")[: x.size] - 2) * np.resize([1.0, 1e-3, 50.0], x.size)
    return [cast((x, upstream), dtype)]


def logits(dtype: str) -> list[Block]:
    return [cast((z,), dtype) for z in blocks(points("logits"), ROWS)]


def some_logits(dtype: str) -> list[Block]:
    """Every third row, for functions that give as many numbers as there are logits."""
    return [(z[::3],) for (z,) in logits(dtype)]


def few_logits(dtype: str) -> list[Block]:
    """Every eighth row of at most 17 logits, for functions that make a matrix of a row."""
    return [(z[::8],) for (z,) in logits(dtype) if z.shape[1] <= 17]


def targets_and_logits(dtype: str) -> list[Block]:
    pairs = zip(blocks(points("targets"), ROWS), blocks(points("logits"), ROWS), strict=True)
    return [cast(pair, dtype) for pair in pairs]


def classes_and_logits(dtype: str) -> list[Block]:
    return [(y.argmax(axis=1), z) for y, z in targets_and_logits(dtype)]


def some_targets_and_logits(dtype: str) -> list[Block]:
    return [(y[::3], z[::3]) for y, z in targets_and_logits(dtype)]


def some_classes_and_logits(dtype: str) -> list[Block]:
    return [(k[::3], z[::3]) for k, z in classes_and_logits(dtype)]


def distributions(dtype: str) -> list[Block]:
    p, q = points("distributions")
    return [cast(pair, dtype) for pair in zip(blocks(p, MIXED), blocks(q, MIXED), strict=True)]


def some_distributions(dtype: str) -> list[Block]:
    return [(p[::2], q[::2]) for p, q in distributions(dtype)]


def pushed_distributions(dtype: str) -> list[Block]:
    """Probabilities and an upstream gradient of both signs."""
    return [cast((p, 8 * q - 1), dtype) for p, q in some_distributions("float64")]


def pushed_logarithms(dtype: str) -> list[Block]:
    """Logarithms from -64 to 0, many tiny, which need not be normalised; the upstream gradient of every other row has
    a single entry, as that of a loss of one class."""
    found = []
    for p, push in pushed_distributions("float64"):
        single = np.where(np.arange(push.shape[1]) == push.argmin(axis=1)[:, None], push, 0)
        found.append(cast((-64 * p, np.where(np.arange(len(p))[:, None] % 2, push, single)), dtype))
    return found


def crossed(name: str) -> Callable[[str], list[Block]]:
    """Rows of one array, or of several that belong together, in which everything cancels."""

    def rows(dtype: str) -> list[Block]:
        arrays = (blocks(flat, CROSSED) for flat in np.atleast_2d(points(name)))
        return [cast(block, dtype) for block in zip(*arrays, strict=True)]

    return rows


def crossed_line(dtype: str) -> list[Block]:
    return [cast(tuple(points("crossings_bce")), dtype)]


Points = Callable[[str], list[Block]]


def both(*sets: Points) -> Points:
    return lambda dtype: [block for points in sets for block in points(dtype)]
