"""Where on the line an answer is right, to how many digits, and the curve of it for a figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from autograder.judges.cases import Along
from autograder.judges.outcomes import Outcome
from autograder.judges.tolerance import DIGITS, FACTORS

GROUPS = ("plain", "tails", "kinks", "extremes", "rows")
COLUMNS = ("x", "got", "truth", "ulp", "digits", "wrong")
RIGHT = 3
NEAR = 50.0  # beyond, a figure would show the far end and nothing else
Run = tuple[int, int, int]  # start, stop, and quality: RIGHT, 2 some digits lost, 1 most of them, 0 all


@dataclass(frozen=True)
class Curve:
    """Float64 values along one argument, sorted by it: columns of equal length.

    name: what varies. beside: what the other arguments are meanwhile, in words.
    """

    name: str
    beside: str
    ylabel: str
    x: np.ndarray
    got: np.ndarray
    truth: np.ndarray
    ulp: np.ndarray
    digits: np.ndarray
    wrong: np.ndarray

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Curve | None:
        """The curve of a function of one array argument; otherwise of one entry, the others being what shows most."""
        usable = [o for o in outcomes if o.case.group in GROUPS and not o.trouble and o.case.dtype == "float64"]
        parts: dict[tuple[str, str], list[tuple[np.ndarray, ...]]] = {}
        for outcome in usable:
            along = _along(outcome)
            if along is not None:
                columns = _columns(along.x, outcome, along.pick)
                parts.setdefault((along.name, along.beside), []).append(columns)
        if not parts:
            return None
        (name, beside), found = max(parts.items(), key=lambda item: sum(int(part[-1].sum()) for part in item[1]))
        columns = [np.concatenate(column) for column in zip(*found, strict=True)]
        order = np.argsort(columns[0], kind="stable")
        order = order[np.isfinite(columns[0][order])]
        function = usable[0].case.call.function
        ylabel = f"{function}, {beside}" if beside else f"{function}({usable[0].layout.arrays[0]})"
        return cls(name, beside, ylabel, *(column[order] for column in columns))

    @property
    def first(self) -> int | None:
        """The index of the wrong point that one meets first on the way from where all is right.

        Outwards that is the one nearest to 0. Where all is wrong close to 0 and right farther out, it is the farthest
        of those without a right digit; where nothing is right, the plainest.
        """
        told = self.wrong | (np.abs(self.truth) > np.finfo(float).tiny)  # among subnormals much passes for right
        if not self.wrong.any():
            return None
        bad = np.flatnonzero(self.wrong)
        if bad.size == told.sum():
            return int(min(bad, key=lambda i: (len(f"{self.x[i]:.17g}"), abs(self.x[i]))))
        outward = np.argsort(np.abs(self.x), kind="stable")
        outward = outward[told[outward]]
        if not self.wrong[outward[0]]:
            return int(bad[np.argmin(np.abs(self.x[bad]))])
        right = int(np.argmin(self.wrong[outward]))
        gone = np.flatnonzero(self.digits[outward[:right]] < 1)
        return int(outward[gone[-1] if gone.size else right - 1])

    def data(self) -> dict:
        """For the figure: the stretch of x that shows the first bad point, as plain lists."""
        first = self.first
        keep = np.flatnonzero(np.abs(self.x) <= self._reach(first))
        columns = {name: getattr(self, name)[keep].tolist() for name in ("x", "got", "truth", "ulp")}
        position = None if first is None else int(np.flatnonzero(keep == first)[0])
        labels = {"xlabel": self.name, "ylabel": self.ylabel}
        return {**columns, **labels, "first": position, "allowed": float(FACTORS["float64"])}

    def _reach(self, first: int | None) -> float:
        """How far the figure goes: past the first bad point, and on to where all digits are gone if that is near."""
        if first is None:
            return 8.0
        gone = np.abs(self.x[self.wrong & (self.digits < 1)])
        near = gone[gone <= NEAR]
        return max(8.0, 1.5 * abs(float(self.x[first])), 1.2 * float(near.min()) if near.size else 0.0)

    def regions(self) -> tuple[tuple[str, float], ...]:
        """Right digits by stretch of the line: (("x < 36", 15.9), ("x > 37", 3.0)); empty when all is right."""
        if not self.wrong.any():
            return ()
        view = self._view
        found = []
        for start, stop, quality in view._runs:
            wrong = view.wrong[start:stop]
            digits = DIGITS["float64"] if quality == RIGHT else float(np.median(view.digits[start:stop][wrong]))
            found.append((view._stretch(start, stop), round(digits, 1) + 0.0))
        if self.beside:
            found[0] = (f"{found[0][0]} (with {self.beside})", found[0][1])
        return tuple(found)

    def where(self) -> str:
        """The wrong part of the line in words, "" when all is right."""
        view, bad = self._view, []
        for start, stop, quality in view._runs:
            if quality != RIGHT and bad and bad[-1][1] == start:
                bad[-1] = (bad[-1][0], stop)
            elif quality != RIGHT:
                bad.append((start, stop))
        if bad == [(0, view.x.size)]:
            return "wrong everywhere" if view.wrong.all() else "wrong nearly everywhere"
        beside = f", with {self.beside}" if self.beside else ""
        return f"wrong for {' and for '.join(view._stretch(*ends) for ends in bad)}{beside}" if bad else ""

    @cached_property
    def _view(self) -> Curve:
        """The points worth a sentence, over |x| where both sides go wrong in the same places."""
        tiny = float(np.finfo(float).tiny)
        told = self._chosen(np.flatnonzero(self.wrong | ~(np.abs(self.truth) < tiny)))  # a right 0 says little
        order = np.argsort(np.abs(told.x), kind="stable")
        folded = replace(told._chosen(order), name=_size_of(self.name), x=np.abs(told.x[order]))
        bad = [(start, stop) for start, stop, quality in folded._runs if quality != RIGHT]
        sides = [np.sign(told.x[order][start:stop][folded.wrong[start:stop]]) for start, stop in bad]
        mirrored = all({-1.0, 1.0} <= set(side.tolist()) and np.abs(side.mean()) < 0.4 for side in sides)
        return folded if bad and mirrored else told

    def _chosen(self, keep: np.ndarray) -> Curve:
        return replace(self, **{name: getattr(self, name)[keep] for name in COLUMNS})

    @cached_property
    def _runs(self) -> list[Run]:
        """Stretches of about the same quality, at most four, short interruptions smoothed away."""
        quality = np.where(~self.wrong, RIGHT, np.digitize(self.digits, (1.0, 6.0)))
        return _smoothed(_joined([(i, i + 1, int(q)) for i, q in enumerate(quality)]))

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


def _size_of(name: str) -> str:
    return f"|{name}|" if " " not in name else f"the size of {name}"


def tidy_between(a: float, b: float) -> float:
    """The number of fewest digits in [a, b], to mark where one stretch ends and the next begins."""
    if a <= 0 <= b:
        return 0.0
    middle = float(a / 2 + b / 2) or float(b)  # Python rounds subnormals too, NumPy divides by an infinite power of ten
    scale = math.floor(math.log10(abs(middle)))
    for digits in range(17):
        rounded = round(middle, digits - scale)
        if a <= rounded <= b:
            return rounded
    return middle


def _smoothed(runs: list[Run]) -> list[Run]:
    """Merge the shortest stretch into its longer neighbour until few enough are left; a wrong one into a wrong one.

    A lone wrong point between right ones is a kink or a special case, and stays.
    """
    runs = list(runs)

    def lone(i: int) -> bool:
        around = [runs[j] for j in (i - 1, i + 1) if 0 <= j < len(runs)]
        return runs[i][2] != RIGHT and all(q == RIGHT and stop - start >= 4 for start, stop, q in around)

    while len(runs) > 1:
        short = [(stop - start, i) for i, (start, stop, _) in enumerate(runs) if not lone(i)]
        if not short or (min(short)[0] >= 2 and len(runs) <= 4):
            break
        i = min(short)[1]
        around = [j for j in (i - 1, i + 1) if 0 <= j < len(runs)]
        j = max(around, key=lambda j: (runs[i][2] == RIGHT or runs[j][2] != RIGHT, runs[j][1] - runs[j][0]))
        first, last = min(i, j), max(i, j)
        runs[first : last + 1] = [(runs[first][0], runs[last][1], runs[j][2])]
        runs = _joined(runs)
    return runs


def _joined(runs: list[Run]) -> list[Run]:
    """Neighbours of equal quality made one."""
    joined: list[Run] = []
    for start, stop, quality in runs:
        if joined and joined[-1][2] == quality:
            joined[-1] = (joined[-1][0], stop, quality)
        else:
            joined.append((start, stop, quality))
    return joined


def _along(outcome: Outcome) -> Along | None:
    """What varies in a call; the one argument itself for a function of one array, at its default options."""
    case = outcome.case
    if case.along or not outcome.layout.elementwise:
        return case.along
    usual = not set(case.call.kwargs) & set(outcome.layout.options)
    if len(case.call.args) != 1 or len(case.expected) != 1 or case.expected[0].hi.ndim != 1 or not usual:
        return None
    return Along(outcome.layout.arrays[0], np.asarray(case.call.args[0]), (slice(None),))


def _columns(x: np.ndarray, outcome: Outcome, pick: tuple) -> tuple[np.ndarray, ...]:
    got, expected, dtype = outcome.arrays[0], outcome.case.expected[0], outcome.case.precision
    columns = (
        np.asarray(got, float),
        expected.hi,
        expected.ulp(got, dtype),
        expected.digits(got, dtype),
        outcome.masks[0],
    )
    return (np.asarray(x, float), *(np.atleast_1d(np.asarray(column)[pick]) for column in columns))
