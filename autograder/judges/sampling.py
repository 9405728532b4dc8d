"""Where to look: points of a domain, from readable ones to the ends of the floating-point line.

Four levels, judged apart: `plain` (any right formula is right there), `tails` (digits are lost there), `extremes`
(naive exponentials overflow there), `edges` (infinities and nan).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from autograder.domains import Finite, Integers, Interval, Simplex, parse_domain

READABLE = (0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -3.0, 0.25, -2.0, 3.0, 1.5, -1.5)
REACH = {"float64": 700.0, "float32": 85.0, "float16": 10.0}  # up to where exp neither overflows nor underflows
FAR = {
    "float64": (36.5, 37.0, 100.0, 345.0, 350.0, 500.0),
    "float32": (15.0, 17.0, 20.0, 43.0, 45.0, 60.0),
    "float16": (7.0, 8.5, 9.0),
}
BEYOND = {
    "float64": (709.0, 710.0, 720.0, 740.0, 744.0, 746.0, 800.0, 1e3, 1e4, 1e6, 1e10, 1e16, 1e100, 1e154, 1e300),
    "float32": (87.0, 88.0, 89.0, 95.0, 102.0, 104.0, 150.0, 1e3, 1e6, 1e10, 1e19, 1e30, 1e37),
    "float16": (10.5, 11.0, 11.5, 12.0, 14.0, 17.0, 18.0, 25.0, 100.0, 200.0, 1e3, 1e4, 3e4),
}
TINY = (1e-3, 1e-5, 1e-8, 1e-12, 1e-16, 1e-30)
SPREAD = 6.0  # the half width of the plain stretch of the real line


@dataclass(frozen=True)
class Line:
    """A stretch of the real line, or finitely many values.

    values: the members of a finite set, empty for an interval. whole: integers, handed over as integers.
    simplex: a vector of this domain has entries above 0 that add up to 1.
    """

    low: float = -math.inf
    high: float = math.inf
    closed: tuple[bool, bool] = (False, False)
    values: tuple[float, ...] = ()
    whole: bool = False
    simplex: bool = False
    without_zero: bool = False

    @classmethod
    def of(cls, text: str) -> Line:
        """Raises ValueError for a domain of which no array of floats could be made."""
        match parse_domain(text):
            case Interval() as domain:
                low = -math.inf if domain.low is None else float(domain.low)
                high = math.inf if domain.high is None else float(domain.high)
                closed = (domain.closed_low, domain.closed_high)
                return cls(low, high, closed, without_zero=domain.without_zero)
            case Integers():
                return cls(values=(0.0, 1.0, 2.0), whole=True)
            case Finite() as domain:
                return cls(values=tuple(map(float, domain.members)))
            case Simplex():
                return cls(0.0, 1.0, (True, True), simplex=True)
        raise ValueError(f"a numeric argument cannot be drawn from the domain {text!r}")

    def holds(self, x: np.ndarray) -> np.ndarray:
        """Which entries of `x` lie in the domain; infinities never do."""
        if self.values:
            return np.isin(x, self.values)
        inside = (x > self.low) & (x < self.high)
        for end, closed in zip((self.low, self.high), self.closed, strict=True):
            inside |= closed & (x == end)
        return inside & ~(self.without_zero & (x == 0))

    def holds_or_ends(self, x: np.ndarray) -> np.ndarray:
        """The same, with the infinite ends of an unbounded domain."""
        return self.holds(x) | (np.isinf(x) & ((x == self.low) | (x == self.high)) & (not self.values))

    def plain(self, rng: np.random.Generator, dtype: str, count: int = 48) -> np.ndarray:
        """`count` points: readable ones first, then random ones, at every one of which rounding is harmless."""
        if self.values:
            return np.resize(np.asarray(self.values), count).astype(np.int64 if self.whole else dtype)
        low, high = self._stretch()
        readable = np.array(READABLE)
        if math.isfinite(self.low) and math.isfinite(self.high):
            readable = self.low + (self.high - self.low) * np.array([0.5, 0.25, 0.75, 0.125, 0.875, 0.0625])
        readable = readable[self.holds(readable) & (readable >= low) & (readable <= high)]
        spread = np.linspace(low, high, count) + rng.uniform(-0.5, 0.5, count) * (high - low) / count
        coarse = spread.copy()
        coarse[::2] = spread[::2].astype(np.float16)  # exact in every dtype; the others use every bit
        rng.shuffle(coarse)
        return self._kept(np.concatenate([readable, coarse])[:count], dtype)

    def array(self, rng: np.random.Generator, dtype: str, shape: tuple[int, ...], classes: int = 2) -> np.ndarray:
        """A random array of plain values: distributions along the last axis for a simplex, labels for integers."""
        if self.simplex:
            weights = rng.uniform(0.2, 1.0, shape)
            return (weights / weights.sum(axis=-1, keepdims=True)).astype(dtype)
        if self.whole:
            return rng.integers(0, classes, shape)
        if self.values:
            return rng.choice(self.values, shape).astype(dtype)
        return rng.uniform(*self._stretch(), shape).astype(dtype)

    def readable(self, array: np.ndarray) -> np.ndarray:
        """The array with its entries on a coarse grid, easy to read and exact in every dtype."""
        if self.values:
            return array
        if self.simplex:
            sixteenths = np.maximum(np.floor(array.astype(float) * 16), 1)
            sixteenths[..., 0] += 16 - sixteenths.sum(axis=-1)
            return (sixteenths / 16).astype(array.dtype)
        coarse = np.round(array.astype(float) * 4) / 4
        return np.where(self.holds(coarse), coarse, array).astype(array.dtype)

    def tails(self, rng: np.random.Generator, dtype: str) -> np.ndarray:
        """Near 0, near the ends, and as far out as exp reaches."""
        far = rng.uniform(SPREAD, REACH[dtype], 3)
        between = np.exp(np.linspace(math.log(SPREAD), math.log(REACH[dtype]), 10))
        return self._both([*TINY, *between, *FAR[dtype], *far], dtype)

    def extremes(self, dtype: str) -> np.ndarray:
        """Both zeros, subnormals, and numbers whose exponential overflows, up to a hundredth of the largest."""
        limits = np.finfo(dtype)
        small, normal = float(limits.smallest_subnormal), float(limits.smallest_normal)
        return self._both([0.0, small, 3 * small, normal, normal * 8, *BEYOND[dtype]], dtype)

    def largest(self, dtype: str) -> np.ndarray:
        """The last numbers before infinity."""
        most = float(np.finfo(dtype).max)
        return self._kept(np.array([most, -most, most / 2, -most / 2]), dtype)

    def edges(self, dtype: str) -> np.ndarray:
        """nan, and the infinities where the domain goes that far."""
        ends = [end for end in (self.high, self.low) if math.isinf(end)] if not self.values else []
        return np.array([*ends, math.nan], dtype)

    def room(self, x: np.ndarray) -> np.ndarray:
        """How far the entries of `x` lie from the nearer end of the domain; on a simplex, from 0."""
        return np.asarray(x) if self.simplex else np.minimum(x - self.low, self.high - x)

    def _stretch(self) -> tuple[float, float]:
        """Where the plain points lie: away from the ends, at which anything may happen."""
        if math.isfinite(self.low) and math.isfinite(self.high):
            margin = (self.high - self.low) / 50
            return self.low + margin, self.high - margin
        if math.isfinite(self.low):
            return self.low + 0.1, self.low + SPREAD
        if math.isfinite(self.high):
            return self.high - SPREAD, self.high - 0.1
        return -SPREAD, SPREAD

    def _both(self, sizes: list[float], dtype: str) -> np.ndarray:
        """These distances on both sides of 0, and of each finite end inside the domain."""
        sizes = np.asarray(sizes)
        points = [sizes, -sizes]
        for end, sign in ((self.low, 1), (self.high, -1)):
            if math.isfinite(end) and end != 0:
                points.append(end + sign * sizes[sizes < 1])
        return self._kept(np.concatenate(points), dtype)

    def _kept(self, points: np.ndarray, dtype: str) -> np.ndarray:
        """The points in the dtype, those that fell out of the domain or met another left out; -0 is not 0."""
        with np.errstate(over="ignore"):
            points = np.asarray(points, float).astype(dtype)
        points = points[self.holds(points) & np.isfinite(points)]
        points = points[~np.signbit(points) | (points != 0) | (self.low < 0)]  # nobody computes a probability of -0
        _, first = np.unique(points.view(f"u{points.itemsize}"), return_index=True)
        return points[np.sort(first)]
