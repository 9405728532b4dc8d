"""One entry swept along the line, for functions of whole arrays: a mean hides what goes wrong in one small term.

Where every entry stands for itself, as in a mean of squares, the array holds that entry alone; where rows matter, as
in a cross-entropy, it is one row whose first entry moves. The other arguments take two or three telling values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from autograder.judges.builder import Builder
from autograder.judges.cases import Along, Case
from autograder.judges.kinks import NEARBY, close_to_kink, kink_points, neighbours, on_kink, roots
from autograder.judges.sampling import Line

ROW = (0.0, 0.25, -1.375)  # beside the entry that moves: no two of them a round number apart
SHARES = (0.5, 0.25, 0.25)
TOGETHER = 4  # rows in one call: the truth of a matrix costs the square of its size
COUNTS = {"float64": (16, 40, 24), "float32": (4, 6, 6), "float16": (4, 6, 6)}  # plain, tails, extremes


def build(builder: Builder, dtype: str) -> None:
    """Sweeps of the argument that a gradient is taken of, and of distributions."""
    alone = entry_by_entry(builder)
    for turn in _turns(builder):
        line = builder.lines[turn]
        for number, beside in enumerate(_companions(builder, turn, alone, dtype)):
            for group, points in _levels(builder, line, dtype):
                few = points if number == 0 or group == "edges" else points[::2]
                for chunk in _chunks(few, dtype, _packs(builder, turn)):
                    _add(builder, group, turn, chunk, beside, alone, dtype)
            if not alone and number < 2:
                _bends(builder, turn, beside, dtype)
    if alone:
        _kinks(builder, dtype)


def entry_by_entry(builder: Builder) -> bool:
    """Whether what one entry contributes has nothing to do with the others beside it."""
    layout = builder.layout
    matrices = {dims for dims in layout.inputs if dims}
    if len(matrices) != 1 or any(line.simplex or line.whole for line in builder.lines):
        return False
    (dims,) = matrices
    shape = (1,) * (len(dims) - 1) + (2,)

    def first(a: int, b: int) -> list[np.ndarray]:
        """What becomes of two entries, the a-th and the b-th plain value: the first entry of each result."""
        args = []
        for line, own in zip(builder.lines, layout.inputs, strict=True):
            plain = np.resize(line.values or line.plain(np.random.default_rng(0), "float64", 4), 4)
            args.append(np.reshape(plain[[a, b]], shape) if own else plain[2])
        return [
            e.hi.flat[0] if d else e.hi
            for e, d in zip(layout.expected(builder.oracle, args), layout.outputs, strict=True)
        ]

    for number, dims in enumerate(layout.outputs):
        same, other, third, fourth = (first(a, b)[number] for a, b in ((0, 1), (0, 3), (3, 1), (3, 3)))
        fits = same == other if dims else np.isclose(same - other, third - fourth, rtol=1e-9, atol=1e-12)
        if not fits:
            return False
    return True


def _turns(builder: Builder) -> list[int]:
    names = builder.layout.arrays
    able = [i for i, line in enumerate(builder.lines) if builder.layout.inputs[i] and not line.values]
    moving = [i for i in able if names[i] != "upstream" and not builder.lines[i].simplex][-1:]
    return [i for i in able if builder.lines[i].simplex] + moving


def _companions(builder: Builder, turn: int, alone: bool, dtype: str) -> list[list[np.ndarray | None]]:
    """Values of the other arguments, each for one row or for one entry; None in the place of the one that moves."""
    found = []
    for start in range(3):
        args: list[np.ndarray | None] = []
        for i, (line, dims) in enumerate(zip(builder.lines, builder.layout.inputs, strict=True)):
            size = 1 if alone or len(dims) < len(builder.layout.inputs[turn]) else len(ROW)
            args.append(None if i == turn else _companion(line, size if dims else 0, start, dtype))
        if not any(_alike(args, other) for other in found):
            found.append(args)
    return found


def _companion(line: Line, size: int, start: int, dtype: str) -> np.ndarray:
    """The start-th telling value of an argument, as a vector of `size` entries, or 0-d."""
    if line.simplex:
        rows = [SHARES, np.eye(len(SHARES))[0], np.eye(len(SHARES))[1]] if size > 1 else [[1.0]]
        return np.array(rows[start % len(rows)], dtype)
    if line.whole:
        return np.array([start % 2] * size, np.int64)
    plain = line.values or [v for v in (0.0, 0.5, 0.25, 1.5) if line.holds(np.array(v))][:2]
    row = np.array([plain[(start + i) % len(plain)] for i in range(max(size, 1))], dtype)
    return row if size else row[0]


def _alike(args: list, other: list) -> bool:
    return all(a is b if a is None or b is None else np.array_equal(a, b) for a, b in zip(args, other, strict=True))


def _levels(builder: Builder, line: Line, dtype: str) -> Iterable[tuple[str, np.ndarray]]:
    """Points to sweep over, level by level, sorted; the ends of a distribution belong to its extremes."""
    plain, tails, extremes = COUNTS[dtype]
    interval = Line(0.0, 1.0, (True, True)) if line.simplex else line
    yield "plain", np.sort(interval.plain(builder.rng, dtype, plain))
    yield "tails", _thinned(np.sort(interval.tails(builder.rng, dtype)), tails)
    yield "extremes", _thinned(np.sort(np.append(interval.extremes(dtype), interval.largest(dtype))), extremes)
    yield "edges", interval.edges(dtype)


def _thinned(points: np.ndarray, count: int) -> np.ndarray:
    return points[np.unique(np.linspace(0, points.size - 1, count).astype(int))] if points.size else points


def _packs(builder: Builder, turn: int) -> bool:
    """Whether each row of a matrix has its own results, so that one call holds several points."""
    return all(len(dims) == 2 for dims in (builder.layout.inputs[turn], *builder.layout.outputs))


def _chunks(points: np.ndarray, dtype: str, packs: bool) -> Iterable[np.ndarray]:
    if not packs:
        yield from points[:, None]
        return
    calm = np.abs(points) < float(np.finfo(dtype).max) / 4
    for some in (points[calm], points[~calm]):
        for start in range(0, some.size, TOGETHER):
            yield some[start : start + TOGETHER]


def _add(builder: Builder, group: str, turn: int, points: np.ndarray, beside: list, alone: bool, dtype: str) -> None:
    layout = builder.layout
    args = _arguments(builder, turn, points, beside, alone, dtype)
    others = ", ".join(f"{layout.arrays[i]} = {_words(value)}" for i, value in enumerate(beside) if value is not None)
    name = layout.arrays[turn] if alone else f"the first entry of {layout.arrays[turn]}"
    pick = (slice(None), 0) if _packs(builder, turn) else (0,) * len(layout.outputs[0])
    along = Along(name, np.asarray(points, float), pick, others)
    if group == "edges":
        builder.add_promised(group, args, dtype, along=along)
        return
    case = builder.case(group, args, dtype, along=along)
    point = dict(zip(layout.arrays, args, strict=True)) | layout.options
    bent = close_to_kink(builder.exercise.spec.kinks, point, float(np.finfo(dtype).eps) / 2)
    if len(points) > 1 and (bent or _crowded(case, len(points))):
        for point in points:
            _add(builder, group, turn, np.array([point]), beside, alone, dtype)
        return
    if case.group in ("plain", "tails") and not all(np.isfinite(e.hi).all() for e in case.expected):
        case = replace(case, group="extremes")  # a weight on the logarithm of 0
    weightless = any(line.simplex and (a == 0).any() for line, a in zip(builder.lines, args, strict=True))
    if weightless and case.group in ("plain", "tails"):  # no ordinary point: many a formula says 0 log 0 there
        case = replace(case, group="extremes" if all(line.simplex for line in builder.lines) else "tails")
    if not bent:  # what holds at a kink is a claim of its own
        builder.cases.append(case)


def _crowded(case: Case, rows: int) -> bool:
    """Whether a row alone would overflow before it is divided by the number of rows."""
    largest = float(np.finfo(case.dtype).max) / rows
    return any((np.isfinite(e.hi) & (np.abs(e.hi) > largest)).any() for e in case.expected)


def _arguments(
    builder: Builder, turn: int, points: np.ndarray, beside: list, alone: bool, dtype: str
) -> list[np.ndarray]:
    rows = np.array([_row(builder.lines[turn], x, alone) for x in points], dtype)
    return [
        _stacked(rows if i == turn else np.broadcast_to(value, (len(points), *value.shape)), dims)
        for i, (value, dims) in enumerate(zip(beside, builder.layout.inputs, strict=True))
    ]


def _bends(builder: Builder, turn: int, beside: list, dtype: str) -> None:
    """Where a function of whole rows has its kinks as the first entry of the row moves: there, and beside it."""
    for kink in filter(callable, builder.exercise.spec.kinks):

        def distances(x: float, kink=kink) -> np.ndarray:
            args = _arguments(builder, turn, np.array([x]), beside, False, "float64")
            return np.ravel(kink(**dict(zip(builder.layout.arrays, args, strict=True)), **builder.layout.options))

        found = [root for i in range(distances(0.0).size) for root in roots(lambda x, i=i: float(distances(x)[i]))]
        for root in dict.fromkeys(found):
            for x in neighbours(root, dtype, NEARBY if dtype == "float64" else NEARBY[:2]):
                args = _arguments(builder, turn, np.array([x]), beside, False, dtype)
                point = dict(zip(builder.layout.arrays, args, strict=True)) | builder.layout.options
                unit = float(np.finfo(dtype).eps) / 2
                if on_kink([kink], point) or not close_to_kink([kink], point, unit):
                    builder.add("kinks", args, dtype)


def _row(line: Line, x: float, alone: bool) -> tuple:
    if line.simplex:
        return (x, (1 - x) / 2, (1 - x) / 2)
    return (x,) if alone else (x, *ROW[1:])


def _stacked(rows: np.ndarray, dims: tuple[str, ...]) -> np.ndarray:
    """One row a point, as the core has it: a matrix, a vector of labels, the one row there is, or a scalar."""
    if len(dims) == 2:
        return np.ascontiguousarray(rows)
    if len(dims) == 1:
        return np.ascontiguousarray(rows.reshape(-1) if rows.shape[-1] == 1 else rows[0])
    return np.array(rows[0])


def _words(value: np.ndarray) -> str:
    flat = np.ravel(value)
    return f"{flat[0]:g}" if flat.size == 1 else f"[{', '.join(f'{x:g}' for x in flat)}]"


def _kinks(builder: Builder, dtype: str) -> None:
    together = all(len(dims) == 2 for dims in (*builder.layout.inputs, *builder.layout.outputs))
    step = TOGETHER if together else 1
    for options in builder.manners(dtype):
        nearby = NEARBY if dtype == "float64" and not options else NEARBY[:2]
        columns = kink_points(builder.exercise, builder.layout, dtype, nearby, options)
        for start in range(0, columns[0].size if columns else 0, step):
            args = [
                column[start : start + step].reshape((-1, 1)[: len(dims)] if dims else ())
                for column, dims in zip(columns, builder.layout.inputs, strict=True)
            ]
            builder.add("kinks", args, dtype, options=options)
