"""Ready-made properties: what ties several outputs of one function together, as `Property` records.

`inputs(rng, dtype)` gives argument tuples of arrays, `holds(inputs, outputs)` None or the sentence a student reads.
Every tolerance is a few units of rounding of the numbers that take part; there is no other.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.kinds import Property

Inputs = list[tuple]
Outputs = list[np.ndarray]


def odd(claim: str = "f(-x) = -f(x)", spread: float = 8.0) -> Property:
    """A function of one array, applied entry by entry, that is symmetric about the origin."""
    return _mirror(claim, spread, lambda x, here, there: (here, -there))


def even(claim: str = "f(-x) = f(x)", spread: float = 8.0) -> Property:
    """A function of one array, applied entry by entry, that is symmetric about the vertical axis."""
    return _mirror(claim, spread, lambda x, here, there: (here, there))


def reflection(total: float = 1.0, claim: str = "", spread: float = 8.0) -> Property:
    """f(x) + f(-x) = total, such as 1 for the sigmoid."""
    return _mirror(claim or f"f(x) + f(-x) = {total:g}", spread, lambda x, here, there: (here + there, total))


def monotone(claim: str = "never falls where x grows", rising: bool = True, spread: float = 8.0) -> Property:
    """A function of one array, applied entry by entry, that never falls (or never rises)."""

    def inputs(rng: np.random.Generator, dtype: str) -> Inputs:
        return [(np.sort(rng.uniform(-spread, spread, 40)).astype(dtype),)]

    def holds(inputs: Inputs, outputs: Outputs) -> str | None:
        x, y = inputs[0][0], outputs[0].astype(float)
        step = np.diff(y) if rising else -np.diff(y)
        noise = 8 * _unit(x) * (np.abs(y[1:]) + np.abs(y[:-1]))
        bad = np.flatnonzero(~(step >= -noise))
        if not bad.size:
            return None
        i = bad[0]
        return f"from x = {x[i]:g} to {x[i + 1]:g} your values go from {y[i]:.6g} to {y[i + 1]:.6g}"

    return Property(claim, inputs, holds)


def sums_to(total: float = 1.0, claim: str = "", axis: int = -1) -> Property:
    """The entries along `axis` add up to `total`: 1 for probabilities, 0 for a gradient that a shift cannot change."""

    def holds(inputs: Inputs, outputs: Outputs) -> str | None:
        for (z,), p in zip(inputs, outputs, strict=True):
            allowed = 4 * z.shape[axis] * _unit(z) * np.sum(np.abs(p.astype(float)), axis=axis)
            gap = np.abs(np.sum(p.astype(float), axis=axis) - total)
            if not np.all(gap <= allowed):
                return f"a slice of {z.shape[axis]} entries adds up to {np.sum(p.astype(float), axis=axis).flat[0]:.6g}"
        return None

    return Property(claim or f"every slice adds up to {total:g}", _slices, holds)


def sums_to_one(claim: str = "every slice sums to one") -> Property:
    """Probabilities along the last axis."""
    return sums_to(1.0, claim)


def shift_invariant(
    claim: str = "the same constant added to every entry changes nothing", shift: float = 64
) -> Property:
    """f(z + c) = f(z) along the last axis."""
    return _shifted(claim, shift, 0.0)


def shift_equivariant(
    claim: str = "a constant added to every entry is added to the result", shift: float = 64
) -> Property:
    """f(z + c) = f(z) + c along the last axis."""
    return _shifted(claim, shift, 1.0)


def permutation_equivariant(claim: str = "entries in another order give the results in that order") -> Property:
    """f(z[order]) = f(z)[order] along the last axis."""

    def inputs(rng: np.random.Generator, dtype: str) -> Inputs:
        z = rng.uniform(-6, 6, (4, 5)).astype(dtype)
        return [(z,), (np.ascontiguousarray(z[..., ::-1]),)]

    def holds(inputs: Inputs, outputs: Outputs) -> str | None:
        unit = 32 * _unit(inputs[0][0])
        return _unequal(outputs[1][..., ::-1], outputs[0], unit, "with the entries reversed")

    return Property(claim, inputs, holds)


def _mirror(claim: str, spread: float, sides: Callable) -> Property:
    """A relation between f(x) and f(-x): `sides` gives what must be equal, from x, f(x) and f(-x)."""

    def inputs(rng: np.random.Generator, dtype: str) -> Inputs:
        x = np.concatenate([rng.uniform(-spread, spread, 24), [0.0, 0.5, 1.0]]).astype(dtype)
        return [(x,), (-x,)]

    def holds(inputs: Inputs, outputs: Outputs) -> str | None:
        x = inputs[0][0]
        here, there = (output.astype(float) for output in outputs)
        left, right = sides(x, here, there)
        room = 16 * _unit(x) * (1 + np.abs(x.astype(float))) * np.maximum(np.abs(here), np.abs(there))
        room += 8 * float(np.finfo(x.dtype).smallest_subnormal)
        bad = np.flatnonzero(~(np.abs(left - right) <= room))
        if not bad.size:
            return None
        i = bad[0]
        return f"at x = {x[i]:g} your value is {here[i]:.6g}, at -x it is {there[i]:.6g}"

    return Property(claim, inputs, holds)


def _shifted(claim: str, shift: float, gained: float) -> Property:
    """f(z + shift) = f(z) + gained * shift; the inputs are such that z + shift is exact in every dtype."""

    def inputs(rng: np.random.Generator, dtype: str) -> Inputs:
        z = (rng.integers(-48, 49, (4, 5)) / 8).astype(dtype)
        return [(z,), (z + z.dtype.type(shift),)]

    def holds(inputs: Inputs, outputs: Outputs) -> str | None:
        unit = (8 if gained else 32) * _unit(inputs[0][0])
        return _unequal(outputs[1], outputs[0].astype(float) + gained * shift, unit, f"after adding {shift:g}")

    return Property(claim, inputs, holds)


def _slices(rng: np.random.Generator, dtype: str) -> Inputs:
    return [(rng.uniform(-8, 8, shape).astype(dtype),) for shape in ((4, 3), (3, 17))]


def _unequal(got: np.ndarray, wanted: np.ndarray, relative: float, when: str) -> str | None:
    got, wanted = got.astype(float), np.asarray(wanted, float)
    if got.shape != wanted.shape:
        return f"{when} the result has another shape"
    bad = ~(np.abs(got - wanted) <= relative * np.abs(wanted))
    if not bad.any():
        return None
    index = tuple(np.argwhere(bad)[0])
    return f"{when} an entry is {got[index]:.6g}, and should be {wanted[index]:.6g}"


def _unit(x: np.ndarray) -> float:
    """The unit roundoff of the dtype."""
    return float(np.finfo(x.dtype).eps) / 2
