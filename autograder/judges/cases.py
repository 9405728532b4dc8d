"""The calls of a numeric exercise, each with its truth, sorted into groups that are judged apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.calls import Call
from autograder.exercise import Exercise
from autograder.judges.layout import Layout
from autograder.judges.sampling import Line
from autograder.judges.tolerance import Expected
from autograder.judges.truth import Oracle
from autograder.sandbox.observe import observe


@dataclass(frozen=True)
class Case:
    """One call and what it must give.

    group: the claim it belongs to. dtype: of the result. owed: the dtype whose accuracy is owed, "" for dtype.
    quiet: whether a warning would be a fault. raises: the exception that is asked for instead of a value.
    """

    group: str
    call: Call
    expected: tuple[Expected, ...]
    dtype: str
    owed: str = ""
    quiet: bool = True
    raises: str = ""

    @property
    def precision(self) -> str:
        return self.owed or self.dtype


@dataclass
class Builder:
    """Collects the cases of one exercise in the order of the calls."""

    exercise: Exercise
    layout: Layout
    oracle: Oracle
    rng: np.random.Generator
    cases: list[Case] = field(default_factory=list)

    @property
    def dtypes(self) -> tuple[str, ...]:
        return self.exercise.spec.dtypes

    @property
    def lines(self) -> list[Line]:
        """The domain of each array argument."""
        return [self.layout.lines[name] for name in self.layout.arrays]

    def add(
        self,
        group: str,
        args: Sequence[np.ndarray],
        dtype: str,
        *,
        options: Mapping[str, float] | None = None,
        axis: int | None = None,
        owed: str = "",
    ) -> None:
        """One call; in a low precision it belongs to the one group that is named as the dtype."""
        kwargs: dict[str, Any] = {**self.exercise.spec.fixed, **(options or {})}
        if axis is not None:
            kwargs["axis"] = axis
        expected = self.layout.expected(self.oracle, args, options, -1 if axis is None else axis)
        quiet = all(e.finite(owed or dtype).all() for e in expected) and self._tame(args, dtype)
        group = group if dtype == "float64" else dtype
        call = Call(self.exercise.id, tuple(args), kwargs)
        self.cases.append(Case(group, call, expected, dtype, owed, quiet))

    def add_promised(self, args: Sequence[np.ndarray | float]) -> None:
        """A call that counts only where the reference and every alternative take it: otherwise nobody promised it."""
        call = Call(self.exercise.id, tuple(args), dict(self.exercise.spec.fixed))
        right = [self.exercise.reference, *(alternative.function for alternative in self.exercise.alternatives)]
        if all(observe(function, call).returned for function in right):
            expected = self.layout.expected(self.oracle, [np.asarray(value) for value in args])
            self.cases.append(Case("shapes", call, expected, "float64"))

    def add_nothing(self) -> None:
        """An average over nothing, where the reference refuses it."""
        call = Call(self.exercise.id, tuple(np.empty((0, 3)) for _ in self.layout.arrays), {})
        failure = observe(self.exercise.reference, call).failure
        if failure and failure.kind == "ValueError":
            self.cases.append(Case("raises", call, (), "float64", raises="ValueError"))

    def cast(self, row: tuple, dtype: str) -> list[np.ndarray] | None:
        """One of the exercise's extremes as arrays; None when the dtype cannot hold it."""
        with np.errstate(over="ignore"):
            args = [
                np.asarray(value, np.int64 if self.layout.lines[name].whole else dtype)
                for name, value in zip(self.layout.arrays, row, strict=False)
            ]
        infinite = [(np.isinf(a), np.isinf(np.asarray(v, float))) for a, v in zip(args, row, strict=False)]
        return args if all(np.array_equal(a, b) for a, b in infinite) else None

    def _tame(self, args: Sequence[np.ndarray], dtype: str) -> bool:
        """Whether the inputs are finite, and for functions of vectors their differences too."""
        largest = float(np.finfo(dtype).max)
        floats = [np.asarray(a, float) for a in args if np.size(a)]
        if not all(np.isfinite(a).all() for a in floats):
            return False
        return self.layout.elementwise or all(a.max() / 4 - a.min() / 4 <= largest / 8 for a in floats)
