"""How the arguments of a numeric exercise are laid out in arrays, and the truth for whole arrays of them."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from mpmath import mp, mpf

from autograder.exercise import Exercise
from autograder.judges.formula import formula
from autograder.judges.sampling import Line
from autograder.judges.tolerance import Expected
from autograder.judges.truth import Oracle

Dims = tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """The shapes that an exercise speaks of.

    arrays: the arguments given as arrays. options: numeric keyword arguments (alpha, beta) and their defaults.
    lines: the domain of each argument. inputs, outputs: the core dimensions of each array argument and each result.
    axis: whether there is a parameter `axis`, so that a batch of slices may be given along any axis.
    measured, grain: as in the exercise.
    """

    arrays: tuple[str, ...]
    options: Mapping[str, float]
    lines: Mapping[str, Line]
    inputs: tuple[Dims, ...]
    outputs: tuple[Dims, ...]
    axis: bool
    measured: tuple[str, ...] = ()
    grain: str = "1"

    @classmethod
    def of(cls, exercise: Exercise) -> Layout:
        spec, parameters = exercise.spec, exercise.signature.parameters
        options = {
            name: float(parameters[name].default)
            for name in spec.arguments
            if name in parameters and parameters[name].default is not inspect.Parameter.empty
        }
        arrays = tuple(name for name in spec.arguments if name not in options)
        sides = [re.findall(r"\(([^()]*)\)", side) for side in spec.core.split("->")]
        inputs, outputs = (tuple(tuple(filter(None, d.replace(" ", "").split(","))) for d in side) for side in sides)
        inputs += inputs[-1:] * (len(arrays) - len(inputs))
        lines = {name: Line.of(domain) for name, domain in spec.arguments.items()}
        axis = "axis" in parameters and "axis" not in spec.fixed
        return cls(arrays, options, lines, inputs[: len(arrays)], outputs, axis, spec.measured, spec.grain)

    @property
    def elementwise(self) -> bool:
        return not any(self.inputs) and not any(self.outputs)

    @property
    def rows(self) -> bool:
        """Whether every core is a vector, so that a batch of slices has a meaning."""
        return all(len(dims) == 1 for dims in self.inputs) and all(len(dims) <= 1 for dims in self.outputs)

    @property
    def means(self) -> bool:
        """Whether a matrix goes in: losses over entries or rows, and their gradients."""
        return any(len(dims) == 2 for dims in self.inputs)

    @property
    def discrete(self) -> frozenset[int]:
        """The positions, in the order of a point, of arguments whose values are exact."""
        names = enumerate((*self.arrays, *self.options))
        return frozenset(i for i, name in names if self.lines[name].values and name not in self.measured)

    def oracle(self, exercise: Exercise) -> Oracle:
        spec = exercise.spec
        return Oracle(spec.truth, (*self.arrays, *self.options), self.discrete, spec.limits, bool(spec.kinks))

    def expected(
        self, oracle: Oracle, args: Sequence[np.ndarray], options: Mapping[str, float] | None = None, axis: int = -1
    ) -> tuple[Expected, ...]:
        """The truth for one call: one `Expected` for each output, of the shape it must have.

        Arrays with more dimensions than their core are batches of slices along `axis`; a vector where the core is a
        matrix is its only row, and so is what comes back.
        """
        given = tuple(float((options or {}).get(name, default)) for name, default in self.options.items())
        moved = [self._core_last(array, dims, axis) for array, dims in zip(args, self.inputs, strict=True)]
        alone = any(len(dims) == 2 and np.ndim(array) == 1 for array, dims in zip(args, self.inputs, strict=True))
        loops = [array.shape[: array.ndim - len(dims)] for array, dims in zip(moved, self.inputs, strict=True)]
        loop = np.broadcast_shapes(*loops)
        spread = [
            np.broadcast_to(array, loop + array.shape[array.ndim - len(dims) :])
            for array, dims in zip(moved, self.inputs, strict=True)
        ]
        exact = [oracle((*(_frozen(a[index]) for a in spread), *given)) for index in np.ndindex(*loop)]
        cores = self._core_shapes(spread)
        count = max(
            (math.prod(a.shape[a.ndim - len(d) :]) for a, d in zip(spread, self.inputs, strict=True) if d), default=0
        )
        found, start = [], 0
        for core, dims in zip(cores, self.outputs, strict=True):
            size = math.prod(core)
            fields = [
                self._gathered([getattr(e, name)[start : start + size] for e in exact], loop, core, kind)
                for name, kind in (("hi", float), ("lo", float), ("scale", float), ("known", bool))
            ]
            if alone and len(dims) == 2:
                fields = [field.reshape(loop + core[1:]) for field in fields]
            if self.axis and len(dims) == 1:
                fields = [np.moveaxis(field, -1, axis) for field in fields]
            grain = self._grains(spread, given, loop) if self.grain != "1" else 1.0
            found.append(Expected(*fields, count=count, grain=grain))
            start += size
        return tuple(found)

    def _grains(self, spread: Sequence[np.ndarray], given: tuple[float, ...], loop: tuple[int, ...]) -> np.ndarray:
        """The grain at every entry of an elementwise function; 1 where it would be less or is no number."""
        compiled, names = formula(self.grain), (*self.arrays, *self.options)
        grains = np.ones(loop)
        for index in np.ndindex(*loop):
            values = (*(mpf(float(a[index])) for a in spread), *map(mpf, given))
            if all(map(mp.isfinite, values)):
                grains[index] = max(1.0, float(compiled(dict(zip(names, values, strict=True)), mp.dps)))
        return grains

    def _core_last(self, array: np.ndarray, dims: Dims, axis: int) -> np.ndarray:
        array = np.asarray(array)
        if array.ndim < len(dims):
            return array[None]
        return np.moveaxis(array, axis, -1) if self.axis and len(dims) == 1 else array

    def _core_shapes(self, arrays: Sequence[np.ndarray]) -> list[tuple[int, ...]]:
        sizes = {}
        for array, dims in zip(arrays, self.inputs, strict=True):
            sizes.update(zip(dims, array.shape[array.ndim - len(dims) :], strict=True))
        return [tuple(int(d) if d.isdigit() else sizes[d] for d in dims) for dims in self.outputs]

    @staticmethod
    def _gathered(parts: list[np.ndarray], loop: tuple[int, ...], core: tuple[int, ...], kind: type) -> np.ndarray:
        size = math.prod(core)
        stacked = np.empty((len(parts), size), kind)
        for row, part in zip(stacked, parts, strict=True):
            row[:] = part if part.size == size else (False if kind is bool else math.nan)
        return stacked.reshape(loop + core)


def _frozen(value: np.ndarray) -> float | int | tuple:
    """An array as nested tuples of Python numbers: a key for the oracle's memory."""
    if np.ndim(value):
        return tuple(_frozen(item) for item in value)
    return int(value) if np.issubdtype(np.asarray(value).dtype, np.integer) else float(value)
