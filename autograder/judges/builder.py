"""Collects the cases of one exercise, in the order of the calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.calls import Call
from autograder.exercise import Exercise
from autograder.judges.cases import Along, Case
from autograder.judges.layout import Layout
from autograder.judges.promises import kept
from autograder.judges.sampling import Line
from autograder.judges.truth import Oracle


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

    def manners(self, dtype: str) -> list[dict[str, float]]:
        """The keyword arguments to call with: none of them, then each with one or two values besides its default."""
        found: list[dict[str, float]] = [{}]
        for name, default in self.layout.options.items():
            line = self.layout.lines[name]
            values = line.values or [v for v in (0.25, 2.0, 0.5, 1.0, 3.0) if line.holds(np.array(v))]
            others = [value for value in values if value != default]
            found += [{name: value} for value in others[: 2 if dtype == "float64" else 1]]
        return found

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
        """One call that is asked of everyone."""
        self.cases.append(self.case(group, args, dtype, options=options, axis=axis, owed=owed))

    def case(
        self,
        group: str,
        args: Sequence[np.ndarray],
        dtype: str,
        *,
        options: Mapping[str, float] | None = None,
        axis: int | None = None,
        owed: str = "",
        along: Along | None = None,
    ) -> Case:
        """One call with its truth; in a low precision it belongs to the one group that is named as the dtype."""
        kwargs: dict[str, Any] = {**self.exercise.spec.fixed, **(options or {})}
        if axis is not None:
            kwargs["axis"] = axis
        expected = self.layout.expected(self.oracle, args, options, -1 if axis is None else axis)
        quiet = all(e.finite(owed or dtype).all() for e in expected) and self._tame(args, dtype)
        group = group if dtype == "float64" else dtype
        call = Call(self.exercise.id, tuple(args), kwargs)
        return Case(group, call, expected, dtype, owed, quiet, along=along)

    def add_promised(self, group: str, args: Sequence[np.ndarray], dtype: str, **manner: Any) -> None:
        """One call that counts only where its truth is a number and every right answer finds it."""
        case = self.case(group, args, dtype, **manner)
        clear = all(e.known.all() and not np.isnan(e.hi).any() for e in case.expected)
        if clear and kept(self.exercise, self.layout, case):
            self.cases.append(case)

    def ask_again(self) -> None:
        """The first call once more, its entries in the opposite order, after all the others: what works only the
        first time, or hands out what it gave before, is no function.
        """
        first = self.cases[0]
        self.add("again", [a[::-1].copy() if a.ndim else a for a in first.call.args], first.dtype)

    def _call(self, args: Sequence[np.ndarray]) -> Call:
        return Call(self.exercise.id, tuple(args), dict(self.exercise.spec.fixed))

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
        """Whether the inputs are finite, and for functions of vectors their differences too, also from one argument to
        the other.
        """
        largest = float(np.finfo(dtype).max)
        floats = [np.asarray(a, float) for a in args if np.size(a)]
        if not all(np.isfinite(a).all() for a in floats):
            return False
        if self.layout.means:
            floats = [np.concatenate([a.ravel() for a in floats])] if floats else []
        return self.layout.elementwise or all(a.max() / 4 - a.min() / 4 <= largest / 8 for a in floats)
