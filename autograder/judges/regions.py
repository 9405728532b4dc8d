"""Where on the line an answer is right, to how many digits, and the curve of it for a figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.judges.outcomes import Outcome
from autograder.judges.tolerance import FACTORS

GROUPS = ("plain", "tails", "kinks", "extremes", "rows")


@dataclass(frozen=True)
class Curve:
    """Float64 values along one argument, sorted by it: columns of equal length."""

    name: str
    ylabel: str
    x: np.ndarray
    got: np.ndarray
    truth: np.ndarray
    ulp: np.ndarray
    digits: np.ndarray
    wrong: np.ndarray

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Curve | None:
        """The curve of a function of one array argument; for functions of vectors, of one logit in its slice."""
        usable = [o for o in outcomes if o.case.group in GROUPS and not o.trouble and o.case.dtype == "float64"]
        pick = _elementwise_part if usable and usable[0].layout.elementwise else _slice_part
        parts = [part for outcome in usable if (part := pick(outcome)) is not None]
        if not parts:
            return None
        columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
        order = np.argsort(columns[0], kind="stable")
        order = order[np.isfinite(columns[0][order])]
        layout, function = usable[0].layout, usable[0].case.call.function
        name = layout.arrays[0] if layout.elementwise else f"the first entry of {layout.arrays[0]}"
        return cls(name, f"{function}({layout.arrays[0]})", *(column[order] for column in columns))

    @property
    def first(self) -> int | None:
        """The index of the wrong point nearest to 0, the wrong ones where digits are gone altogether first."""
        bad = np.flatnonzero(self.wrong)
        return int(bad[np.argmin(np.abs(self.x[bad]))]) if bad.size else None

    def data(self) -> dict:
        """For the figure: the stretch of x that shows the first bad point, as plain lists."""
        first = self.first
        reach = 8.0 if first is None else max(8.0, 1.5 * abs(float(self.x[first])))
        keep = np.flatnonzero(np.abs(self.x) <= reach)
        columns = {name: getattr(self, name)[keep].tolist() for name in ("x", "got", "truth", "ulp")}
        position = None if first is None else int(np.flatnonzero(keep == first)[0])
        return {
            **columns,
            "first": position,
            "allowed": float(FACTORS["float64"]),
            "xlabel": self.name,
            "ylabel": self.ylabel,
        }

    def regions(self) -> tuple[tuple[str, float], ...]:
        """Right digits by stretch of the line, at most four: (("x < 36", 15.9), ("x > 37", 3.0))."""
        runs = _runs(self.wrong)
        if not self.wrong.any() or len(runs) > 4:
            return ()
        found = []
        for start, stop, _ in runs:
            digits = float(np.min(self.digits[start:stop])) if self.wrong[start] else float(np.max(self.digits))
            found.append((self._stretch(start, stop), round(digits, 1)))
        return tuple(found)

    def where(self) -> str:
        """The wrong part of the line in words, "" when all is right."""
        bad = [self._stretch(start, stop) for start, stop, wrong in _runs(self.wrong) if wrong]
        if not bad:
            return ""
        if self.wrong.all():
            return "wrong everywhere"
        if len(bad) > 3:
            return (
                f"wrong at {int(self.wrong.sum())} of {self.wrong.size} points between {self.x[0]:g} and {self.x[-1]:g}"
            )
        return f"wrong for {' and for '.join(bad)}"

    def _stretch(self, start: int, stop: int) -> str:
        name = self.name
        if start == 0 and stop == self.x.size:
            return f"all {name}"
        low = None if start == 0 else tidy_between(self.x[start - 1], self.x[start])
        high = None if stop == self.x.size else tidy_between(self.x[stop - 1], self.x[stop])
        if low is None:
            return f"{name} < {high:g}"
        if high is None:
            return f"{name} > {low:g}"
        if np.unique(self.x[start:stop]).size == 1:
            return f"{name} = {self.x[start]:g}"
        return f"{low:g} < {name} < {high:g}"


def tidy_between(a: float, b: float) -> float:
    """The number of fewest digits in [a, b], to mark where one stretch ends and the next begins."""
    if a <= 0 <= b:
        return 0.0
    middle = a / 2 + b / 2
    scale = math.floor(math.log10(abs(middle)))
    for digits in range(17):
        rounded = round(middle, digits - scale)
        if a <= rounded <= b:
            return rounded
    return middle


def _runs(mask: np.ndarray) -> list[tuple[int, int, bool]]:
    """Stretches of equal entries: (start, stop, entry)."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8))) + 1
    bounds = [0, *edges.tolist(), mask.size]
    return [(a, b, bool(mask[a])) for a, b in zip(bounds, bounds[1:], strict=False) if b > a]


def _elementwise_part(outcome: Outcome) -> tuple[np.ndarray, ...] | None:
    case = outcome.case
    if len(case.call.args) != 1 or len(case.expected) != 1 or case.expected[0].hi.ndim != 1:
        return None
    return _columns(np.asarray(case.call.args[0]), outcome, slice(None))


def _slice_part(outcome: Outcome) -> tuple[np.ndarray, ...] | None:
    """Rows that differ in their first entry only."""
    args, case = outcome.case.call.args, outcome.case
    first = np.asarray(args[0])
    if first.ndim != 2 or len(first) < 8 or (first[:, 1:] != first[0, 1:]).any():
        return None
    return _columns(first[:, 0], outcome, (slice(None), 0) if case.expected[0].hi.ndim == 2 else slice(None))


def _columns(x: np.ndarray, outcome: Outcome, pick: slice | tuple) -> tuple[np.ndarray, ...]:
    got, expected, dtype = outcome.arrays[0], outcome.case.expected[0], outcome.case.precision
    columns = (
        np.asarray(got, float),
        expected.hi,
        expected.ulp(got, dtype),
        expected.digits(got, dtype),
        outcome.masks[0],
    )
    return (np.asarray(x, float), *(column[pick] for column in columns))
