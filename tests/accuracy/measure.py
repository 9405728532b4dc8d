"""How far a function is from the truth, and the truth itself, computed once and kept in a folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from mpmath import mp, mpf

from tests.accuracy.owed import OWED, PRELU, SINGLE, VECTOR, WHOLE, Owed
from tests.accuracy.sets import Block

DTYPES = ("float64", "float32", "float16")
DIGITS = {"float64": 60, "float32": 45, "float16": 45}
AGREED = mpf(10) ** -24  # the error of a truth, as seen by twice as many digits
CHECKED = {"float64": 4, "float32": 40, "float16": 40}  # every so many points
NOTHING = mpf(10) ** -400
SHARE = {"float64": 0.0, "float32": 0.51, "float16": 1.0}  # units in the last place, on top of the float64 allowance


@dataclass(frozen=True)
class Truth:
    """hi + lo, both of shape (points, outputs), hi being the nearest float64."""

    hi: np.ndarray
    lo: np.ndarray


@dataclass(frozen=True)
class Trial:
    """One block of points, one choice of keyword arguments: the truth, and what is allowed there."""

    block: Block
    options: Mapping[str, float]
    truth: Truth
    dtype: str
    owed: Owed

    def thinned(self, each: int) -> Trial:
        """The same at every so many points."""
        truth = Truth(self.truth.hi[::each], self.truth.lo[::each])
        return replace(self, block=tuple(array[::each] for array in self.block), truth=truth)


def settled(
    function: Callable, rows: list[tuple], options: Mapping[str, float], dtype: str = "float64", checked: int = 1
) -> Truth:
    """The truth at each row; every `checked`-th is computed with twice as many digits too, and has to agree.

    Beside a unit of a narrower dtype, what float64 cannot hold of the truth is nothing: lo is left 0 there.
    """
    given = {name: mpf(value) for name, value in options.items()}
    with mp.workdps(2 * DIGITS[dtype]):
        finer = [_listed(function(*row, **given)) for row in rows[::checked]]
    with mp.workdps(DIGITS[dtype]):
        values = [_listed(function(*row, **given)) for row in rows]
        for row, found, wanted in zip(rows[::checked], values[::checked], finer, strict=True):
            if not all(map(_agree, found, wanted)):
                raise ArithmeticError(f"{DIGITS[dtype]} digits are too few at {row}: the formula needs another form")
        hi = [[float(value) for value in row] for row in values]
        if dtype != "float64":
            return Truth(np.array(hi), np.zeros(np.shape(hi)))
        lo = [
            [float(v - mpf(h)) if np.isfinite(h) else 0.0 for v, h in zip(row, near, strict=True)]
            for row, near in zip(values, hi, strict=True)
        ]
    return Truth(np.array(hi), np.array(lo))


def _listed(value) -> list[mpf]:
    return value if isinstance(value, list) else [mpf(value)]


def _agree(a: mpf, b: mpf) -> bool:
    return a == b or abs(a - b) <= AGREED * abs(b) or abs(a - b) < NOTHING


def exactly(value):
    """An entry or a row of an array, as exact numbers for mpmath."""
    if isinstance(value, np.ndarray):
        return [mpf(float(entry)) for entry in value]
    return int(value) if np.issubdtype(type(value), np.integer) else mpf(float(value))


def trials(name: str, dtype: str, folder: Path) -> Iterator[Trial]:
    """Every block and every choice of options, with the truth from `folder`, or computed and put there."""
    owed = OWED[name]
    for number, options in enumerate(owed.variants):
        for index, block in enumerate(owed.points(dtype)):
            block = tuple(array[:: 8 if number else 1] for array in block)
            kept = folder / f"{name}-{dtype}-{number}-{index}.npz"
            if not kept.exists():
                rows = [tuple(map(exactly, row)) for row in zip(*block, strict=True)]
                truth = settled(owed.truth, rows, options, dtype, CHECKED[dtype])
                begun = kept.with_name(f"{kept.stem}-{os.getpid()}.tmp.npz")
                np.savez(begun, hi=truth.hi, lo=truth.lo)
                begun.replace(kept)
            with np.load(kept, allow_pickle=False) as saved:
                yield Trial(block, options, Truth(saved["hi"], saved["lo"]), dtype, owed)


def called(function: Callable, trial: Trial) -> np.ndarray:
    """What the function gives on a block: one row a point, one column an output, in the dtype it came in."""
    with np.errstate(all="ignore"):
        results = list(_calls(function, trial))
    got = np.stack([np.concatenate([np.ravel(part) for part in row]) for row in results])
    return got.reshape(trial.truth.hi.shape)


def _calls(function: Callable, trial: Trial) -> Iterator[tuple]:
    block, options, how = trial.block, trial.options, trial.owed.called
    if how == WHOLE:
        yield (function(*block, **options),)
        return
    for i in range(len(block[0])):
        if how == SINGLE:
            yield (function(*(array[i : i + 1] for array in block), **options),)
        elif how == VECTOR:
            yield (function(*(array[i] for array in block), **options),)
        elif how == PRELU:
            x, upstream = (array[i : i + 1] for array in block)
            yield function(x, options["alpha"], upstream)


def unit(trial: Trial) -> np.ndarray:
    """One unit in the last place of the truth, in the dtype."""
    with np.errstate(over="ignore"):
        nearest = np.abs(trial.truth.hi).astype(trial.dtype)
    return _spacing(nearest).astype(np.float64)


def _spacing(sizes: np.ndarray) -> np.ndarray:
    """np.spacing, which at the largest number would look beyond it."""
    return np.spacing(np.minimum(sizes, np.nextafter(np.finfo(sizes.dtype).max, sizes.dtype.type(0))))


def conditioned(trial: Trial) -> np.ndarray:
    """(1 + kappa) float64 units in the last place of the truth: what rounding the arguments alone may cost."""
    hi, spread = np.abs(trial.truth.hi), trial.owed.spread
    fine = _spacing(hi)
    if not spread:
        return fine
    with np.errstate(all="ignore"):
        wide = (array.astype(np.float64) if array.dtype.kind == "f" else array for array in trial.block)
        found = np.nan_to_num(spread(trial.truth.hi, *wide, **trial.options), nan=0.0)
        # nan comes of infinite arguments, whose truth is not finite either
        return fine + found.reshape(hi.shape) * np.where(hi > 0, fine / hi, 2.0**-53)


def allowed(trial: Trial) -> np.ndarray:
    """The largest |error| that passes."""
    ulps = trial.owed.ulps(trial.options) if callable(trial.owed.ulps) else trial.owed.ulps
    with np.errstate(over="ignore"):
        room = SHARE[trial.dtype] * unit(trial) + ulps * conditioned(trial)
    limits = np.finfo(trial.dtype)
    subnormal = np.abs(trial.truth.hi) < float(limits.smallest_normal)
    return np.where(subnormal, np.maximum(room, 2 * float(limits.smallest_subnormal)), room)


def error(got: np.ndarray, truth: Truth) -> np.ndarray:
    """|got - truth|: 0 where both are the same infinity or nan, infinite where only one of them is finite."""
    got = got.astype(np.float64)
    with np.errstate(all="ignore"):
        gap = np.abs((got - truth.hi) - truth.lo)
    same = (got == truth.hi) & ~np.isfinite(got) | (np.isnan(got) & np.isnan(truth.hi))
    return np.where(same, 0.0, np.where(np.isfinite(gap), gap, np.inf))


def beyond(got: np.ndarray, trial: Trial, room: np.ndarray) -> np.ndarray:
    """Where infinity is right because the truth is more than the dtype holds."""
    largest = float(np.finfo(trial.dtype).max)
    return np.isinf(got) & (np.sign(got) == np.sign(trial.truth.hi)) & (np.abs(trial.truth.hi) >= largest - room)


@dataclass(frozen=True)
class Miss:
    """The worst point of a function in a dtype. share: the error over what is allowed; over 1 is too much."""

    name: str
    dtype: str
    share: float
    ulps: float
    where: str
    points: int

    def __str__(self) -> str:
        return f"{self.name} in {self.dtype}: {self.ulps:.3g} ULP, {self.share:.3g} of what is allowed, {self.where}"


def worst(name: str, function: Callable, dtype: str, folder: Path, each: int = 1) -> Miss:
    """The point, of every `each`-th, at which the error is the largest share of what is allowed."""
    found, points = None, 0
    for trial in trials(name, dtype, folder):
        trial = trial.thinned(each)
        got = called(function, trial)
        if got.dtype != np.dtype(dtype):
            return Miss(name, dtype, np.inf, np.inf, f"came back as {got.dtype}", 0)
        room = allowed(trial)
        miss = np.where(beyond(got, trial, room), 0.0, error(got, trial.truth))
        with np.errstate(all="ignore"):
            share = np.nan_to_num(np.where(miss == 0, 0.0, miss / room), nan=np.inf, posinf=np.inf)
        i, j = np.unravel_index(np.argmax(share), share.shape)
        points += got.size if trial.options is trial.owed.variants[0] else 0
        if found is None or share[i, j] > found.share:
            place = ", ".join(repr(array[i].tolist()) for array in trial.block)
            options = "".join(f", {key}={value}" for key, value in trial.options.items())
            where = f"{name}({place[:300]}{options})[{j}] = {got[i, j]!r}, truth {trial.truth.hi[i, j]!r}"
            with np.errstate(over="ignore"):
                ulps = float(miss[i, j] / unit(trial)[i, j])
            found = Miss(name, dtype, float(share[i, j]), ulps, where, 0)
    return Miss(found.name, found.dtype, found.share, found.ulps, found.where, points)
