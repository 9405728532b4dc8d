"""Rulers: where a value stands in a figure, and which values are written beside it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
STRIDES = (1, 2, 3, 4, 5, 6, 8, 10, 20, 50, 100, 150, 200)  # decades from one tick to the next
CHARACTER = 7.0  # units of width of one digit in the widest of the usual fonts, in letters of 11
TINY = 1e-280  # the inverse of a length above it is still a number
WORLD = 1e6  # units; far enough that a line on its way there leaves the figure as steeply as it should
BESIDE, ABOVE = 16, 16  # room between words side by side, and from one line to the next


@dataclass(frozen=True)
class Tick:
    """A place and the words for the value there."""

    at: float
    words: str


@dataclass(frozen=True)
class Ruler:
    """Values from `low` to `high` on the way from `start` to `stop`, rightwards or upwards, both ends kept free by `inset`.

    decade: the power of ten from which on equal steps are powers of ten, on both sides of zero; between it and its
    negative the ruler is straight. 0 for a ruler that is straight all along.
    """

    low: float
    high: float
    start: float
    stop: float
    decade: float = 0.0
    inset: float = 8.0

    @classmethod
    def over(cls, low: float, high: float, start: float, stop: float, decade: float = 0.0) -> Ruler:
        """A ruler that has a length even where all values are about the same."""
        largest = max(abs(low), abs(high))
        if high - low <= 1e-9 * max(largest, TINY):
            half = largest / 2 if largest > TINY else 0.5
            low, high = low - half, high + half
        return cls(low, high, start, stop, decade)

    def place(self, values: np.ndarray | float) -> np.ndarray:
        """Where values stand, those beyond all measure at the end of the world; nan stays nan."""
        first, unit = self._scale
        with np.errstate(over="ignore"):
            places = self.start + math.copysign(self.inset, unit) + (self._bent(values) - first) * unit
        return np.clip(places, -WORLD, WORLD)

    @cached_property
    def _scale(self) -> tuple[float, float]:
        """The lower end as a length, and the units of the figure to a unit of length."""
        first, last = float(self._bent(self.low)), float(self._bent(self.high))
        way = self.stop - self.start
        return first, (way - math.copysign(2 * self.inset, way)) / (last - first)

    @cached_property
    def ticks(self) -> list[Tick]:
        """As many ticks as there are without their words coming too close to each other."""
        candidates = self._powers() if self.decade else self._round_numbers()
        return next((ticks for ticks in candidates if len(ticks) < 2 or self._apart(ticks)), [])

    def _bent(self, values: np.ndarray | float) -> np.ndarray:
        """The values as lengths: themselves, or about their logarithms with their signs."""
        values = np.asarray(values, float)
        if not self.decade:
            return values
        sizes = np.abs(values)
        decades = np.log10(np.maximum(sizes, self.decade)) - math.log10(self.decade)
        return np.sign(values) * (np.minimum(sizes, self.decade) / self.decade + decades)

    def _round_numbers(self) -> Iterator[list[Tick]]:
        """Multiples of 1, 2 and 5 times a power of ten, closer ones first."""
        reach = 0.2 * (self.high - self.low)
        exponent = math.floor(math.log10(self.high - self.low)) - 1
        while True:
            for factor in (1, 2, 5):
                step = factor * 10.0**exponent
                if step * abs(self._scale[1]) >= ABOVE:
                    count = range(math.ceil((self.low - reach) / step), math.floor((self.high + reach) / step) + 1)
                    yield self._inside([(i * step, _decimal(i * step, exponent)) for i in count])
            exponent += 1

    def _powers(self) -> Iterator[list[Tick]]:
        """Zero and powers of ten, closer ones first; those that would stand on the zero are left out."""
        lowest = round(math.log10(self.decade))
        highest = math.floor(math.log10(max(abs(self.low), abs(self.high)))) + 1
        zero = self._inside([(0.0, "0")])
        for stride in STRIDES:
            if stride * abs(self._scale[1]) >= ABOVE:
                exponents = range(-(-lowest // stride) * stride, highest + 1, stride)
                powers = self._inside([(sign * 10.0**k, _power(sign, k)) for k in exponents for sign in (-1, 1)])
                crowded = {tick.words.lstrip("−") for tick in powers for o in zero if not self._apart([tick, o])}
                clear = [tick for tick in powers if tick.words.lstrip("−") not in crowded]
                yield sorted(clear + zero, key=lambda tick: tick.at)

    def _apart(self, ticks: list[Tick]) -> bool:
        """Whether the words of neighbours keep away from each other."""
        for one, other in pairwise(ticks):
            words = (width_of(one.words) + width_of(other.words)) / 2 + BESIDE
            if abs(other.at - one.at) < (words if self.stop > self.start else ABOVE):
                return False
        return True

    def _inside(self, values: list[tuple[float, str]]) -> list[Tick]:
        """The ticks at these values as far as they lie on the ruler."""
        near, far = sorted((self.start, self.stop))
        places = self.place(np.array([value for value, _ in values])).tolist()
        return [Tick(at, words) for at, (_, words) in zip(places, values, strict=True) if near <= at <= far]


def width_of(words: str) -> float:
    """The room that words of a tick take, rather too much than too little."""
    return CHARACTER * len(words)


def number(value: float) -> str:
    """Six digits at most, with a power of ten where the number is long: −1.5·10⁻⁷."""
    mantissa, _, exponent = f"{value:.6g}".partition("e")
    return (mantissa + (f"·{_power(1, int(exponent))}" if exponent else "")).replace("-", "−")


def _decimal(value: float, exponent: int) -> str:
    if value == 0:
        return "0"
    if exponent < -4 or abs(value) >= 1e6:
        return number(value)
    return f"{value:.{max(0, -exponent)}f}".replace("-", "−")


def _power(sign: int, exponent: int) -> str:
    """1000 as 10³, in characters: text stays text."""
    size = "1" if exponent == 0 else "10" if exponent == 1 else "10" + str(exponent).translate(SUPERSCRIPTS)
    return ("−" if sign < 0 else "") + size
