"""What a variable may be: readable points, a stratified sampler and membership, from a text such as "open(0,1)".

Points are exact: Fractions, tuples of them on a simplex, `Grid`s of them; complex points have short binary parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from random import Random
from typing import Any

from autograder.expressions.grid import Grid

_READABLE = "1 -1 0 1/2 2 -3 3 -1/2 1/3 1/4 3/4 -2 1/10 9/10 5 10 -10"
_TIDY = tuple(map(Fraction, _READABLE.split()))
# from the very small to where tails have all but vanished; the middle counts twice
_SIZES = "1/100000000 1/1000 1/10 1 1 10 10 100"
_SCALES = tuple(map(Fraction, _SIZES.split()))


class DomainError(ValueError):
    """A text that names no domain."""


@dataclass(frozen=True)
class Interval:
    """An interval of the real line, perhaps without 0; an end of None is infinite."""

    text: str
    low: Fraction | None = None
    high: Fraction | None = None
    closed_low: bool = False
    closed_high: bool = False
    without_zero: bool = False
    rounded: bool = False  # an end is irrational, and given to sixty digits

    def contains(self, value: Any) -> bool:
        if self.without_zero and value == 0:
            return False
        above = self.low is None or value > self.low or (self.closed_low and value == self.low)
        below = self.high is None or value < self.high or (self.closed_high and value == self.high)
        return bool(above and below)

    @property
    def readable(self) -> tuple[Fraction, ...]:
        """A few short numbers, the ends among them where they belong to the interval."""
        ends = [end for end in (self.low, self.high) if end is not None]
        inner = [self.between(Fraction(n, 4)) for n in (2, 1, 3)] if len(ends) == 2 else []
        beyond = [self._short(ends[0] + step) for step in (1, -1, 2, -2, Fraction(1, 2))] if len(ends) == 1 else []
        tidy = [point for point in (*_TIDY, *ends, *inner, *beyond) if self.contains(point)]
        return tuple(dict.fromkeys(tidy))

    def between(self, share: Fraction) -> Fraction:
        """The point that divides a bounded interval in this share."""
        return self._short(self.low + (self.high - self.low) * share)

    def _short(self, point: Fraction) -> Fraction:
        """A short number near the point where the ends are none."""
        return point.limit_denominator(1000) if self.rounded else point

    def sample(self, random: Random) -> Fraction:
        """An exact decimal or fraction from a random stratum: near an end, in the middle, far out."""
        while True:
            point = self._draw(random)
            if self.contains(point):
                return point

    def _draw(self, random: Random) -> Fraction:
        # decimals are easy to read; a prime denominator is one that no period of a formula foresees
        parts = random.choice((1000, 1000, 1000, 997, 1009))
        digits = Fraction(random.randrange(1, parts), parts)
        if self.low is not None and self.high is not None:
            share = random.choice((digits, digits, digits / 1000, 1 - digits / 1000))
            return self.between(share)
        size = random.choice(_SCALES) * (1 + 9 * digits) / 10
        if self.low is not None:
            return self._short(self.low + size)
        if self.high is not None:
            return self._short(self.high - size)
        return random.choice((size, -size))


@dataclass(frozen=True)
class Integers:
    """Whole numbers from `low` on, or all of them."""

    text: str
    low: int | None = None

    def contains(self, value: Any) -> bool:
        return value == int(value) and (self.low is None or value >= self.low)

    @property
    def readable(self) -> tuple[Fraction, ...]:
        return tuple(p for p in map(Fraction, (1, 2, 0, 3, -1, -2, 5, 4, -3, 10)) if self.contains(p))

    def sample(self, random: Random) -> Fraction:
        size = random.choice((3, 10, 30, 100))
        return Fraction(random.randint(-size if self.low is None else self.low, size))


@dataclass(frozen=True)
class Finite:
    """A few numbers, all of them worth trying."""

    text: str
    members: tuple[Fraction, ...]

    def contains(self, value: Any) -> bool:
        return value in self.members

    @property
    def readable(self) -> tuple[Fraction, ...]:
        return self.members

    def sample(self, random: Random) -> Fraction:
        return random.choice(self.members)


@dataclass(frozen=True)
class Complex:
    """The complex plane."""

    text: str = "complex"

    def contains(self, value: Any) -> bool:
        return True

    @property
    def readable(self) -> tuple[Any, ...]:
        return tuple(map(complex, (1 + 1j, 1, -1, 1j, 0, 2 - 3j, -1 - 1j, -2 + 0.5j, 4j, 1 - 7j)))

    def sample(self, random: Random) -> Any:
        size = random.choice((0.125, 1, 1, 10, 1000))
        return complex(*(random.randrange(-1024, 1025) / 1024 * size for _ in range(2)))


@dataclass(frozen=True)
class Simplex:
    """n positive numbers with sum 1: for p the symbols p1, p2, ..., pn. A point is a tuple."""

    text: str
    n: int

    def contains(self, value: Any) -> bool:
        return len(value) == self.n and all(part > 0 for part in value) and sum(value) == 1

    @property
    def readable(self) -> tuple[tuple[Fraction, ...], ...]:
        weights = ([1] * self.n, range(1, self.n + 1), range(self.n, 0, -1), [8] + [1] * (self.n - 1))
        return tuple(dict.fromkeys(self._from(list(parts)) for parts in weights))

    def sample(self, random: Random) -> tuple[Fraction, ...]:
        largest = random.choice((4, 10, 1000))
        return self._from([random.randint(1, largest) for _ in range(self.n)])

    def _from(self, weights: list[int]) -> tuple[Fraction, ...]:
        return tuple(Fraction(weight, sum(weights)) for weight in weights)


@dataclass(frozen=True)
class Matrices:
    """Real matrices of one shape, perhaps symmetric."""

    text: str
    rows: int
    columns: int
    symmetric: bool = False
    entry: Interval = field(default=Interval("real"))

    def contains(self, value: Any) -> bool:
        grid = value if isinstance(value, Grid) else Grid(tuple(map(tuple, value)))
        return grid.shape == (self.rows, self.columns) and (not self.symmetric or grid.transposed == grid)

    @property
    def readable(self) -> tuple[Grid, ...]:
        counting = self._from(lambda i, j: Fraction(i * self.columns + j + 1))
        mixed = self._from(lambda i, j: Fraction((3 * i + 5 * j + i * j) % 7 - 3))
        unit = self._from(lambda i, j: Fraction(int(i == j)))
        ones = self._from(lambda i, j: Fraction(1))
        first = self._from(lambda i, j: Fraction(int(i == 0 and j == self.columns - 1)))
        return tuple(dict.fromkeys((counting, mixed, unit, ones, first)))

    def sample(self, random: Random) -> Grid:
        size = random.choice((2, 5, 20))
        return self._from(lambda i, j: Fraction(random.randint(-4 * size, 4 * size), random.choice((1, 2, 4))))

    def _from(self, entry: Any) -> Grid:
        rows = [[entry(i, j) for j in range(self.columns)] for i in range(self.rows)]
        if self.symmetric:
            rows = [[rows[min(i, j)][max(i, j)] for j in range(self.columns)] for i in range(self.rows)]
        return Grid(tuple(map(tuple, rows)))


Domain = Interval | Integers | Finite | Complex | Simplex | Matrices

_ZERO = Fraction(0)
_ROUNDED = Fraction(1, 10**60)  # an irrational end is moved so far into its interval
_NAMED: dict[str, Domain] = {
    "real": Interval("real"),
    "positive": Interval("positive", low=_ZERO),
    "negative": Interval("negative", high=_ZERO),
    "nonnegative": Interval("nonnegative", low=_ZERO, closed_low=True),
    "nonpositive": Interval("nonpositive", high=_ZERO, closed_high=True),
    "nonzero": Interval("nonzero", without_zero=True),
    "natural": Integers("natural", low=1),
    "integer": Integers("integer"),
    "complex": Complex(),
}
_BRACKETS = re.compile(r"([(\[])([^,]+),([^,]+)([)\]])")
_CALL = re.compile(r"(open|closed|simplex|vector|matrix|symmatrix)\((.*)\)")


@lru_cache(maxsize=256)
def parse_domain(text: str) -> Domain:
    """The domain of a text: real, positive, negative, nonnegative, nonpositive, nonzero, natural (from 1), integer,
    complex, open(a,b), closed(a,b), (a,b), [a,b), {a,b,...}, simplex(n), vector(n), matrix(m,n), symmatrix(m,n).

    Ends are numbers as the course writes them ("1/3", "0.1", "-pi/2"); oo and -oo are infinite. Raises DomainError.
    """
    plain = re.sub(r"\s+", "", text)
    if plain in _NAMED:
        return _NAMED[plain]
    try:
        if plain.startswith("{") and plain.endswith("}"):
            return Finite(text, tuple(map(Fraction, plain[1:-1].split(","))))
        if match := _BRACKETS.fullmatch(plain):
            opening, low, high, closing = match.groups()
            return _interval(text, low, high, opening == "[", closing == "]")
        if match := _CALL.fullmatch(plain):
            return _called(text, match[1], match[2].split(","))
    except (ValueError, ZeroDivisionError, TypeError) as error:
        raise DomainError(f"{text!r} is no domain: {error}") from error
    raise DomainError(f"{text!r} is no domain that the course knows")


def _called(text: str, name: str, parts: list[str]) -> Domain:
    if name in ("open", "closed"):
        low, high = parts
        return _interval(text, low, high, name == "closed", name == "closed")
    sizes = [int(part) for part in parts]
    if not all(1 <= size <= 20 for size in sizes):
        raise ValueError("sizes go from 1 to 20")
    match name, sizes:
        case "simplex", [n]:
            return Simplex(text, n)
        case "vector", [n]:
            return Matrices(text, n, 1)
        case (("matrix" | "symmatrix"), [m, n]):
            return Matrices(text, m, n, symmetric=name == "symmatrix")
        case "symmatrix", [n]:
            return Matrices(text, n, n, symmetric=True)
    raise ValueError(f"{name} takes other arguments")


def _interval(text: str, low: str, high: str, closed_low: bool, closed_high: bool) -> Interval:
    ends = [None if end in ("oo", "-oo", "+oo", "inf", "-inf") else _end(end) for end in (low, high)]
    values = [None if end is None else end[0] for end in ends]
    if None not in values and values[0] >= values[1]:
        raise ValueError("the interval is empty")
    closed_low, closed_high = (
        closed and end is not None and end[1] for closed, end in ((closed_low, ends[0]), (closed_high, ends[1]))
    )
    for place, (end, inward) in enumerate(zip(ends, (1, -1), strict=True)):
        if end is not None and not end[1]:
            values[place] += inward * _ROUNDED
    rounded = any(end is not None and not end[1] for end in ends)
    return Interval(text, *values, closed_low, closed_high, rounded=rounded)


def _end(text: str) -> tuple[Fraction, bool]:
    """The value of a constant expression, and whether it is exact; otherwise it is right to sixty digits."""
    try:
        return Fraction(text), True
    except ValueError:
        from autograder.expressions.evaluate import settle
        from autograder.expressions.parse import parse

        value = settle(parse(text), {}, 70)
        if isinstance(value, Fraction):
            return value, True
        if not hasattr(value, "_mpf_"):
            raise ValueError(f"{text} is no real number") from None
        return Fraction(int(value / Fraction(_ROUNDED)) * _ROUNDED), False
