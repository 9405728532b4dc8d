"""The calls of a numeric exercise, each with its truth, sorted into groups that are judged apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.calls import Call
from autograder.exercise import Exercise
from autograder.judges.kinks import kink_points
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
class Cases:
    """Builds the cases of one exercise; `all()` gives them in the order of the calls."""

    exercise: Exercise
    layout: Layout
    oracle: Oracle
    rng: np.random.Generator
    made: list[Case] = field(default_factory=list)

    def all(self) -> list[Case]:
        build = self._elementwise if self.layout.elementwise else self._cores
        for dtype in self.exercise.spec.dtypes:
            build(dtype)
        self._given()
        if "float64" in self.exercise.spec.dtypes:
            if self.layout.elementwise:
                self._shapes()
            self._empty()
        return self.made

    def add(
        self,
        group: str,
        args: Sequence[np.ndarray],
        dtype: str,
        *,
        options: Mapping[str, float] | None = None,
        axis: int | None = None,
        **more: Any,
    ) -> None:
        """One call; in a low precision everything but the far ends belongs to one group, named as the dtype."""
        kwargs = {**self.exercise.spec.fixed, **(options or {})}
        if axis is not None:
            kwargs["axis"] = axis
        expected = self.layout.expected(self.oracle, args, options, -1 if axis is None else axis)
        quiet = all(e.finite(more.get("owed") or dtype).all() for e in expected) and _tame(args, dtype)
        group = group if dtype == "float64" or more.get("owed") else dtype
        self.made.append(Case(group, Call(self.exercise.id, tuple(args), kwargs), expected, dtype, quiet=quiet, **more))

    # Elementwise functions: many points in one array.

    def _elementwise(self, dtype: str) -> None:
        lines = [self.layout.lines[name] for name in self.layout.arrays]
        full = dtype == "float64"
        columns = [line.plain(self.rng, dtype, 64 if full else 32) for line in lines]
        self.add("plain", self._columns(columns), dtype)
        self._options(dtype)
        kinks = kink_points(self.exercise, self.layout, dtype)
        if kinks is not None:
            self.add("kinks", kinks, dtype)
        for group, level in (("tails", "tails"), ("extremes", "extremes"), ("edges", "edges")):
            columns = self._varied(lines, dtype, level)
            if columns[0].size:
                self._split(group, columns, dtype)

    def _columns(self, columns: list[np.ndarray]) -> list[np.ndarray]:
        """Equally many points of each argument, the later ones shuffled, so that all kinds of pairs occur."""
        size = max(map(len, columns))
        return [np.resize(c if i == 0 else self.rng.permutation(c), size) for i, c in enumerate(columns)]

    def _varied(self, lines: Sequence[Line], dtype: str, level: str) -> list[np.ndarray]:
        """Each argument in turn takes its special values while the others stay plain."""
        blocks = []
        for turn, line in enumerate(lines):
            if line.values:
                continue
            points = {
                "tails": lambda line=line: line.tails(self.rng, dtype),
                "extremes": lambda line=line: np.concatenate([line.extremes(dtype), line.largest(dtype)]),
                "edges": lambda line=line: line.edges(dtype),
            }[level]()
            others = [np.resize(self.rng.permutation(o.plain(self.rng, dtype, 24)), points.size) for o in lines]
            blocks.append([points if i == turn else other for i, other in enumerate(others)])
        return [np.concatenate(column) for column in zip(*blocks, strict=True)] if blocks else [np.empty(0)]

    def _split(self, group: str, columns: list[np.ndarray], dtype: str) -> None:
        """Points at which a warning would be a fault apart from those at which it would not."""
        expected = self.layout.expected(self.oracle, columns)
        calm = np.logical_and.reduce(
            [np.abs(c) < float(np.finfo(dtype).max) / 4 for c in columns if c.dtype.kind == "f"]
        )
        for e in expected:
            calm = calm & e.finite(dtype)
        for chosen in (calm, ~calm):
            if chosen.any():
                self.add(group, [column[chosen] for column in columns], dtype)

    def _options(self, dtype: str) -> None:
        """Keyword arguments away from their defaults."""
        for name, default in self.layout.options.items():
            line = self.layout.lines[name]
            values = [v for v in (0.25, 2.0, 0.5, 1.0, 3.0) if line.holds(np.array(v)) and v != default]
            for value in values[: 2 if dtype == "float64" else 1]:
                columns = [self.layout.lines[a].plain(self.rng, dtype, 20) for a in self.layout.arrays]
                self.add("options", self._columns(columns), dtype, options={name: value})

    def _shapes(self) -> None:
        lines = [self.layout.lines[name] for name in self.layout.arrays]

        def arrays(*shapes: tuple[int, ...], dtypes: Sequence[str] = ("float64",)) -> list[np.ndarray]:
            shapes, dtypes = shapes * len(lines), tuple(dtypes) * len(lines)
            return [line.array(self.rng, d, s) for line, s, d in zip(lines, shapes, dtypes)]

        self.add("shapes", arrays(()), "float64")
        self.add("shapes", [array.T[::2] for array in arrays((3, 4))], "float64")
        if len(lines) > 1:
            self.add("shapes", arrays((3, 1), (4,)), "float64")
            floats = [d for d in self.exercise.spec.dtypes if d != "float64"][:1]
            if floats and not lines[1].whole and not lines[0].whole:
                self.add("shapes", arrays((5,), dtypes=("float64", *floats)), "float64", owed=floats[0])
        numbers = Call(self.exercise.id, tuple(float(array) for array in arrays(())), dict(self.exercise.spec.fixed))
        if _promised(self.exercise, numbers):
            expected = self.layout.expected(self.oracle, [np.asarray(value) for value in numbers.args])
            self.made.append(Case("shapes", numbers, expected, "float64"))

    # Functions of whole vectors and matrices: a few small arrays, one a call.

    def _cores(self, dtype: str) -> None:
        sizes = (3, 1, 5, 2) if dtype == "float64" else (3, 6)
        for n in sizes:
            self.add("plain", self._core(n, dtype), dtype)
        self._options_of_cores(dtype)
        for group, args in self._special_cores(dtype):
            self.add(group, args, dtype)
        if self.layout.axis and self.layout.rows:
            self._batches(dtype)

    def _core(self, n: int, dtype: str) -> list[np.ndarray]:
        """Every array argument once, at its core shape; the first dimension of the exercise has the size n."""
        names = list(dict.fromkeys(d for dims in self.layout.inputs for d in dims))
        sizes = {name: n + i if i else n for i, name in enumerate(names)}
        return [
            self.layout.lines[name].array(self.rng, dtype, tuple(int(d) if d.isdigit() else sizes[d] for d in dims))
            for name, dims in zip(self.layout.arrays, self.layout.inputs, strict=True)
        ]

    def _options_of_cores(self, dtype: str) -> None:
        for name, default in self.layout.options.items():
            line = self.layout.lines[name]
            value = next((v for v in (0.5, 2.0, 0.25, 3.0) if line.holds(np.array(v)) and v != default), None)
            if value is not None:
                self.add("options", self._core(4, dtype), dtype, options={name: value})

    def _special_cores(self, dtype: str) -> Iterator[tuple[str, list[np.ndarray]]]:
        """Plain arrays in which one entry, or all of them, moved to where it hurts."""
        for turn, name in enumerate(self.layout.arrays):
            line = self.layout.lines[name]
            if line.values:
                continue
            for group, change in _CHANGES:
                args = self._core(3, dtype)
                changed = _CHANGES[group, change](args[turn].copy(), dtype)
                if line.simplex and group != "edges":
                    continue
                if group == "edges" or line.holds(changed).all():
                    args[turn] = changed
                    yield group, args

    def _batches(self, dtype: str) -> None:
        """Several slices in one array, along the last axis and along others; and a curve for the figure."""
        shapes = [((4, 3), None), ((3, 4), 0), ((2, 3, 2), 1), ((2, 3, 2), -2)]
        for shape, axis in shapes if dtype == "float64" else shapes[:1]:
            arrays = [np.ascontiguousarray(a) for a in self._batch(shape, axis, dtype)]
            self.add("rows", arrays, dtype, axis=axis)
        if dtype == "float64":
            for group, t in (("rows", np.linspace(-24, 24, 33)), ("extremes", _OUTWARD)):
                args = self._batch((t.size, 3), None, dtype)
                if not self.layout.lines[self.layout.arrays[0]].holds(t).all():
                    continue
                args = [np.repeat(a[:1], t.size, axis=0) for a in args]
                args[0][:] = np.array([0.0, 0.0, -1.0])
                args[0][:, 0] = t
                self.add(group, args, dtype)

    def _batch(self, shape: tuple[int, ...], axis: int | None, dtype: str) -> list[np.ndarray]:
        last = -1 if axis is None else axis
        inside = np.moveaxis(np.empty(shape), last, -1).shape
        return [np.moveaxis(self.layout.lines[n].array(self.rng, dtype, inside), -1, last) for n in self.layout.arrays]

    # What the exercise asks to try, and arrays without an entry.

    def _given(self) -> None:
        """`extremes` of the spec: elementwise ones in one array, others one a call."""
        rows = [row for row in self.exercise.spec.extremes if len(row) >= len(self.layout.arrays)]
        for dtype in self.exercise.spec.dtypes:
            fitting = [args for row in rows if (args := self._cast(row, dtype)) is not None]
            if self.layout.elementwise and all(np.ndim(a) == 0 for args in fitting for a in args):
                fitting = [[np.array(column) for column in zip(*fitting, strict=True)]] if fitting else []
                for args in fitting:
                    self._split("extremes", args, dtype)
                continue
            for args in fitting:
                self.add("extremes", args, dtype)

    def _cast(self, row: tuple, dtype: str) -> list[np.ndarray] | None:
        with np.errstate(over="ignore"):
            args = [
                np.asarray(value, np.int64 if self.layout.lines[name].whole else dtype)
                for name, value in zip(self.layout.arrays, row, strict=False)
            ]
        whole = zip(args, row, strict=False)
        return args if all(np.array_equal(np.isinf(a), np.isinf(np.asarray(v, float))) for a, v in whole) else None

    def _empty(self) -> None:
        if self.layout.elementwise:
            self.add("shapes", [np.empty((0, 3)) for _ in self.layout.arrays], "float64")
        elif self.layout.axis and self.layout.rows:
            self.add("shapes", [np.empty((0, 3)) for _ in self.layout.arrays], "float64")
        elif all(len(dims) == 2 for dims in self.layout.inputs):
            nothing = Call(self.exercise.id, tuple(np.empty((0, 3)) for _ in self.layout.arrays), {})
            failure = observe(self.exercise.reference, nothing).failure
            if failure and failure.kind == "ValueError":
                self.made.append(Case("raises", nothing, (), "float64", raises="ValueError"))


_OUTWARD = np.array(
    [-1e300, -1e5, -5e3, -1e3, -800, -745, -700, -300, -100, -40, 40, 100, 300, 700, 710, 800, 1e3, 5e3, 1e5, 1e300]
)


def _moved(amount: dict[str, float]):
    return lambda array, dtype: array + np.asarray(amount[dtype], dtype)


def _entry(amount: dict[str, float] | float):
    def change(array: np.ndarray, dtype: str) -> np.ndarray:
        array.flat[0] = amount[dtype] if isinstance(amount, dict) else amount
        return array

    return change


_CHANGES = {
    ("tails", "one far up"): _entry({"float64": 37.0, "float32": 17.0, "float16": 8.0}),
    ("tails", "one far down"): _entry({"float64": -37.0, "float32": -17.0, "float16": -8.0}),
    ("extremes", "all up"): _moved({"float64": 1000.0, "float32": 1000.0, "float16": 1000.0}),
    ("extremes", "all down"): _moved({"float64": -1000.0, "float32": -1000.0, "float16": -1000.0}),
    ("extremes", "one down"): _entry({"float64": -800.0, "float32": -800.0, "float16": -800.0}),
    ("extremes", "one up"): _entry({"float64": 1e5, "float32": 1e5, "float16": 3e4}),
    ("extremes", "one very far"): _entry({"float64": 1e300, "float32": 1e37, "float16": 3e4}),
    ("extremes", "all equal"): lambda array, dtype: np.full_like(array, array.flat[0]),
    ("edges", "-inf"): _entry(-np.inf),
    ("edges", "inf"): _entry(np.inf),
    ("edges", "nothing but -inf"): lambda array, dtype: np.full_like(array, -np.inf),
    ("edges", "nan"): _entry(np.nan),
}


def _tame(args: Sequence[np.ndarray], dtype: str) -> bool:
    """Whether the inputs and their differences are finite in the dtype."""
    largest = float(np.finfo(dtype).max)
    floats = [np.asarray(a, float) for a in args if np.size(a)]
    if not all(np.isfinite(a).all() for a in floats):
        return False
    return all(a.max() / 2 - a.min() / 2 <= largest / 4 for a in floats)


def _promised(exercise: Exercise, call: Call) -> bool:
    """Whether the reference and every alternative take this call: what they do not all do, the exercise does not ask."""
    right = [exercise.reference, *(alternative.function for alternative in exercise.alternatives)]
    return all(observe(function, call).returned for function in right)
