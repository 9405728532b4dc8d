"""GELU without an error function: the tail of the normal distribution from a table, and the strip that is missing.

gelu(x) = max(x, 0) - a Φ(-a) with a = |x|. NumPy has no erf, and calling one for each number is slow. But Φ(-a) is the
area under the bell curve beyond a, and the area beyond the nearest of many places c is looked up faster than a
polynomial is evaluated. Between c and a lies a strip, so narrow that its area is the height in its middle, m, times its
width, w = a - c, but for a few parts in a million: expanding the bell curve at m and integrating term by term gives

    area = w φ(m) (1 + (m² - 1) w² / 24 + (m⁴ - 6 m² + 3) w⁴ / 1920 + ...),

where odd powers are missing, for what the middle overrates on one side it underrates on the other. What is rounded
away in m² spoils φ(m), and hardly matters: the strip is less than a hundredth of the whole. And the last term hardly
matters but for large m, at the end of the grid, where its bracket is 0.99 (m² - 1)².

The table is made of the same strips. Between two of its places the middle has so few digits that its square is exact;
from the far end inwards they are added up, with what the additions round away.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from math import inf, pi, sqrt

import numpy as np

from solutions.fast.blocks import elementwise, numbers

END = 39  # a Φ(-a) is less than half of the smallest subnormal from here on


@dataclass(frozen=True)
class Grid:
    """Places c, `per_unit` of them to a unit, for a up to `end`; `scale` is what the table and strips are multiplied by."""

    per_unit: int
    end: int
    scale: float = 1.0


FLOAT64, FLOAT32 = np.dtype(np.float64), np.dtype(np.float32)
# In m² three roundings go wrong at most, so φ(m) is off by 3 m² / 2 of them, and w m of that is seen in the result. Far
# out this wants a finer grid, whose table no longer fits the second cache, and a scale, or Φ(-c) would be subnormal and
# short of digits when a multiplies it. Hardly any number lies there, and a block without one takes the first grid.
GRIDS = {FLOAT64: (Grid(1024, 20), Grid(8192, END, 2.0**64)), FLOAT32: (Grid(512, 12), Grid(512, 15, 2.0**64))}
INTEGER = {FLOAT64: np.dtype(np.int64), FLOAT32: np.dtype(np.int32)}

_kept = threading.local()


def gelu(x: np.ndarray) -> np.ndarray:
    r"""Return $x\,\Phi(x) = \max(x, 0) - |x|\,\Phi(-|x|)$ for every entry of `x`: float16, float32 or float64.

    On the right that is x less at most a half of it, on the left the second term alone: nothing cancels.
    """
    return elementwise(_gelu, x, spare=False)


def _gelu(x, out):
    x, a = x.reshape(-1), out.reshape(-1)  # where the result will be, |x| stays until it is no longer needed
    zero, infinite, four, minus_eighth = CONSTANTS[x.dtype]
    c, w, y, area, strip, bits, at = _rows(x.dtype, x.size)

    np.abs(x, out=a)
    near, far = GRIDS[x.dtype]
    grid = near if a.max() < near.end else far  # nan is far, too
    shift, mask, table, (first, second, third), end, unscaled = _plan(x.dtype, grid)
    if grid is far:
        a.clip(zero, end, out=a)
    np.add(a, shift, out=c)  # pushes all digits out that no place has: the last ones left count the places
    np.bitwise_and(bits, mask, out=at)
    np.subtract(c, shift, out=c)
    table.take(at, out=area, mode="clip")
    np.subtract(a, c, out=w)
    np.add(a, c, out=c)
    np.multiply(c, c, out=c)  # (2 m)²
    np.multiply(w, w, out=y)
    np.subtract(c, four, out=strip)
    np.multiply(y, strip, out=y)  # 4 (m² - 1) w²
    np.multiply(c, minus_eighth, out=c)
    np.exp(c, out=c)
    np.multiply(y, third, out=strip)
    np.add(strip, second, out=strip)
    np.multiply(strip, y, out=strip)
    np.add(strip, first, out=strip)
    np.multiply(strip, w, out=strip)
    np.multiply(strip, c, out=strip)
    np.subtract(area, strip, out=area)
    np.multiply(area, a, out=area)
    if grid is far:
        np.multiply(area, unscaled, out=area)
    x.clip(zero, infinite, out=a)
    np.subtract(a, area, out=a)


def _rows(dtype, size):
    """Where all this is computed: made once for the blocks of a size, for each thread its own."""
    kept = _kept.__dict__.setdefault(dtype, {})
    if size not in kept:
        if len(kept) > 1:  # the size of a full block, and that of the last one
            kept.clear()
        c, w, y, area, strip = (np.empty(size, kind) for kind in (dtype, dtype, dtype, dtype, np.float64))
        bits, at = c.view(INTEGER[dtype]), strip.view(np.int64)  # the places are read before the strip is written
        kept[size] = c, w, y, area, strip.view(dtype)[:size], bits, at
    return kept[size]


@cache
def _plan(dtype, grid):
    """What to add to find a place, the digits that then count it, the area beyond each place, and numbers as arrays."""
    digits = np.finfo(dtype).nmant
    shift = np.array(1.5 * 2.0**digits / grid.per_unit, dtype)
    mask = np.array(2 ** (digits - 2) - 1, INTEGER[dtype])
    series = (grid.scale / sqrt(2 * pi) / term for term in (1, 4 * 24, 16 * 1920 / 0.99))
    return shift, mask, areas(grid).astype(dtype), numbers(*series)[dtype], *numbers(grid.end, 1 / grid.scale)[dtype]


def areas(grid: Grid) -> np.ndarray:
    """scale Φ(-c) for c = 0, 1 / per_unit, ... end, in float64: the sum of all strips beyond c."""
    width = 1 / grid.per_unit
    m = width * (np.arange((END + 1) * grid.per_unit)[::-1] + 0.5)
    root = np.exp(-m * m / 4)  # of e^(-m²/2), which may be too small
    u, v = width**2, (m * width) ** 2
    series = 1 + (v - u) / 24 + (v * v - 6 * u * v + 3 * u * u) / 1920 + v**3 / 322560
    strips = grid.scale * width / sqrt(2 * pi) * root * series * root
    sums = np.cumsum(strips)
    sums[1:] += np.cumsum(strips[1:] - np.diff(sums))  # what the additions rounded away
    return sums[: -grid.end * grid.per_unit - 2 : -1]


CONSTANTS = numbers(0, inf, 4, -1 / 8)
