"""The truth about a function at a point: its value to thirty digits, and how much rounding there is to forgive.

The value comes from mpmath, its precision raised until two levels agree. The scale S = |f| + sum |x_i df/dx_i| says
what an error of one unit in the last place of every input does to the result: an answer within a few units of S is
as good as floating point gets, and f = 0 needs no special case.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from mpmath import mp, mpf

from autograder.expressions import Undefined
from autograder.judges.formula import formula
from autograder.judges.nested import Point, as_lists, floats, leaves, mapped, moves

LEVELS = (35, 55, 110, 420, 900, 1800, 3200)
AGREED = mpf(10) ** -30
NOTHING = mpf(10) ** -400  # far below the smallest subnormal: not worth another level
STEP = mpf(10) ** -22  # relative step of the one-sided slopes; their jumps are told from kinks by a smaller one
FAR = (30, 45, 60)  # powers of ten at which a function of one variable has settled down, if it ever does


class Unsettled(ArithmeticError):
    """The truth did not settle at any precision: the formula in the exercise needs another form."""


@dataclass(frozen=True)
class Exact:
    """The truth at one point, flat: one entry for each number in the result.

    hi, lo: the value is hi + lo, hi being the nearest float64. scale: S.
    Where `known` is false the formula says nothing, and nothing is demanded.
    sizes: how many of the entries belong to each output.
    """

    hi: np.ndarray
    lo: np.ndarray
    scale: np.ndarray
    known: np.ndarray
    sizes: tuple[int, ...]


@dataclass
class Oracle:
    """The truth of one function, remembered point by point.

    target: text in the course's syntax, a tuple of such texts, or a function of nested lists of mpmath numbers.
    names: the arguments, in the order of a point. discrete: the positions whose values are exact, such as labels.
    limits, kinked: as in the exercise. known: what it was asked, by the point as text, for nan equals nothing; kept:
    what somebody has found before.
    """

    target: str | tuple[str, ...] | Callable
    names: tuple[str, ...]
    discrete: frozenset[int] = frozenset()
    limits: Mapping[tuple[str, str], float] = field(default_factory=dict)
    kinked: bool = False
    known: dict[str, Exact] = field(default_factory=dict, repr=False)
    kept: Mapping[str, Exact] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._function, self._constants = _as_function(self.target, self.names)

    def __call__(self, point: Point) -> Exact:
        """The truth at `point`; raises Unsettled."""
        text = repr(point)
        if text not in self.known:
            self.known[text] = self.kept.get(text) or self._find(point)
        return self.known[text]

    def _find(self, point: Point) -> Exact:
        special = self._special(point)
        if special is not None:
            return special
        values, sizes, dps = self._settle(point)
        with mp.workdps(dps):
            scale = self._scale(point, values, dps)
        return _exact(values, scale, sizes)

    def _special(self, point: Point) -> Exact | None:
        """nan in, nan out; the limits the exercise states; and those a function of one variable reaches by itself."""
        if any(isinstance(value, tuple) for value in point):
            return None
        if any(isinstance(value, float) and math.isnan(value) for value in point):
            outputs = len(self.target) if isinstance(self.target, tuple) else 1
            return _exact([mpf("nan")] * outputs, [mpf(0)] * outputs, (1,) * outputs)
        for name, value in zip(self.names, point, strict=True):
            for (limited, at), limit in self.limits.items():
                if limited == name and float(at) == value:
                    return _exact([mpf(limit)], [abs(mpf(limit))], (1,))
        if sum(isinstance(value, float) and math.isinf(value) for value in point) != 1:
            return None
        return self._at_infinity(point)

    def _at_infinity(self, point: Point) -> Exact | None:
        direct = self._at(self._function, point, LEVELS[1])
        if direct and not any(map(mp.isnan, direct[0])):
            return None
        far = []
        for power in FAR:
            moved = tuple(math.copysign(10.0**power, v) if v in (math.inf, -math.inf) else v for v in point)
            values = self._at(self._function, moved, 4 * power)
            if values is None or len(values[0]) != 1:
                return None
            far.append(values[0][0])
        if abs(far[2] - far[1]) <= mpf(10) ** -25 * abs(far[2]) + NOTHING:
            limit = far[2] if abs(far[2]) > NOTHING else mpf(0)
        elif abs(far[0]) < abs(far[1]) < abs(far[2]):
            limit = mp.sign(far[2]) * mp.inf
        elif abs(far[0]) > abs(far[1]) > abs(far[2]) and abs(far[2]) < mpf(10) ** -15:
            limit = mpf(0)
        else:
            return None
        return _exact([limit], [abs(limit)], (1,))

    def _settle(self, point: Point) -> tuple[list[mpf], tuple[int, ...], int]:
        """The values at the first level that confirms the one before it."""
        if not all(map(math.isfinite, floats(point))):
            found = self._at(self._function, point, LEVELS[1])
            return (*(found or self._unknown(point)), LEVELS[1])
        before = None
        for dps in LEVELS:
            found = self._at(self._function, point, dps)
            if found is None:
                return (*self._unknown(point), dps)
            if before and all(_agree(a, b, dps) for a, b in zip(before, found[0], strict=True)):
                return (*found, dps)
            before = found[0]
        raise Unsettled(f"no two precisions agree at {dict(zip(self.names, point, strict=True))}")

    def _unknown(self, point: Point) -> tuple[list[mpf | None], tuple[int, ...]]:
        """As many unknowns as the function has values nearby; one where even that cannot be told."""
        tame = self._at(
            self._function, mapped(lambda value: mpf("0.3") if isinstance(value, mpf) else value, point), 15
        )
        values, sizes = tame or ([None], (1,))
        return [None] * len(values), sizes

    def _at(self, function: Callable, point: Point, dps: int) -> tuple[list[mpf], tuple[int, ...]] | None:
        """The values, flat, and how many belong to each output; None where the function is undefined."""
        with mp.workdps(dps):
            try:
                result = function(dps, *(as_lists(value) for value in point))
            except (Undefined, ZeroDivisionError, ValueError, OverflowError):
                return None
            outputs = result if isinstance(result, tuple) else (result,)
            flat = [list(leaves(output)) for output in outputs]
            values = [mp.mpmathify(value) for output in flat for value in output]
        if any(isinstance(value, mp.mpc) for value in values):
            return None
        return values, tuple(map(len, flat))

    def _scale(self, point: Point, values: Sequence[mpf | None], dps: int) -> list[mpf]:
        """S, entry by entry; at a kink the larger of the two slopes, at a jump the one that exists."""
        scale = [mpf(0) if value is None or not mp.isfinite(value) else abs(value) for value in values]
        for varied in self._varied(point, dps):
            slopes = [self._slope(varied, side, values) for side in (1, -1)[: 2 if self.kinked else 1]]
            if all(slope is None for slope in slopes):
                slopes.append(self._slope(varied, -1, values))
            for i in range(len(values)):
                scale[i] += max((slope[i] for slope in slopes if slope is not None), default=mpf(0))
        return scale

    def _varied(self, point: Point, dps: int) -> Iterator[Callable[[mpf], list[mpf] | None]]:
        """The values with one number multiplied by a factor: each argument in turn, and each constant of the formula."""

        def found(function: Callable, moved: Point) -> list[mpf] | None:
            at = self._at(function, moved, dps)
            return at and at[0]

        for move in moves(point, self.discrete):
            yield lambda factor, move=move: found(self._function, move(factor))
        for i in range(self._constants):
            yield lambda factor, i=i: found(partial(self._function, nudged={i: factor}), point)

    def _slope(self, varied: Callable, side: int, values: Sequence[mpf | None]) -> list[mpf] | None:
        """|x df/dx| on one side, entry by entry; None where the function stops at this point."""

        def differences(step: mpf) -> list[mpf] | None:
            moved = varied(1 + side * step)
            return None if moved is None else [_gap(a, b) for a, b in zip(moved, values, strict=True)]

        gaps = differences(STEP)
        if gaps is None:
            return None
        suspects = [i for i, v in enumerate(values) if v is not None and gaps[i] and gaps[i] > abs(v) / 1000]
        if suspects:
            nearer = differences(STEP / 1024)
            for i in suspects:
                if nearer is None or nearer[i] > gaps[i] / 32:
                    gaps[i] = mpf(0)
        return [gap / STEP for gap in gaps]


def _as_function(target: str | tuple[str, ...] | Callable, names: tuple[str, ...]) -> tuple[Callable, int]:
    """target as a function of the digits and of the arguments' values, and how many constants it can be nudged in."""
    if callable(target):
        return (lambda dps, *values: target(*values)), 0
    texts = target if isinstance(target, tuple) else (target,)
    formulas = [formula(text) for text in texts]

    def compute(dps: int, *values: mpf, nudged: Mapping[int, mpf] | None = None) -> tuple:
        env = {**dict(zip(names, values, strict=True)), **(nudged or {})}
        return tuple(each(env, dps) for each in formulas)

    return compute, max(each.constants for each in formulas)


def _exact(values: Iterable[mpf | None], scale: Iterable[mpf], sizes: tuple[int, ...]) -> Exact:
    values = list(values)
    known = np.array([value is not None for value in values], bool)
    hi = np.array([math.nan if value is None else float(value) for value in values])
    lo = np.array([0.0 if not math.isfinite(h) else float(v - mpf(h)) for v, h in zip(values, hi, strict=True)])
    largest = np.finfo(float).max
    bounded = np.array([min(float(entry), largest) for entry in scale])
    return Exact(hi, lo, bounded, known, sizes)


def _agree(a: mpf, b: mpf, dps: int) -> bool:
    if not (mp.isfinite(a) and mp.isfinite(b)):
        return (mp.isnan(a) and mp.isnan(b)) or a == b
    if b == 0:  # a cancellation deeper than the precision also looks like 0
        return a == 0 and dps >= 420
    return abs(a - b) <= AGREED * abs(b) or abs(a - b) < NOTHING


def _gap(a: mpf, b: mpf | None) -> mpf:
    if b is None or not (mp.isfinite(a) and mp.isfinite(b)):
        return mpf(0)
    return abs(a - b)
