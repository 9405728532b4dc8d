"""The cases of functions that act entry by entry: many points in one array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from autograder.judges.builder import Builder
from autograder.judges.kinks import kink_points, on_kink
from autograder.judges.promises import taken

OVER = 800.0  # its exponential is beyond float64


def build(builder: Builder) -> None:
    for dtype in builder.dtypes:
        _values(builder, dtype)
    _given(builder)
    if "float64" in builder.dtypes:
        _shapes(builder)


def _values(builder: Builder, dtype: str) -> None:
    count = 64 if dtype == "float64" else 32
    columns = _columns(builder, [line.plain(builder.rng, dtype, count) for line in builder.lines])
    builder.add("plain", _off_kinks(builder, columns), dtype)
    _options(builder, dtype)
    for options in builder.manners(dtype):
        kinks = kink_points(builder.exercise, builder.layout, dtype, options=options)
        if kinks is not None:
            builder.add("kinks", kinks, dtype, options=options)
    if dtype == "float64" and len(builder.lines) == 1:
        for alone in (-OVER, OVER):  # where an exception would say less in the company of many
            if builder.lines[0].holds(np.array(alone)):
                builder.add("extremes", [np.array([alone])], dtype)
    for level in ("tails", "extremes", "edges"):
        columns = _varied(builder, dtype, level)
        if columns:
            _split(builder, level, _off_kinks(builder, columns), dtype)


def _off_kinks(builder: Builder, columns: list[np.ndarray], options: dict | None = None) -> list[np.ndarray]:
    """The points that lie on no kink: those are a claim of their own, and a convention is no formula."""
    if not builder.exercise.spec.kinks:
        return columns
    point = dict(zip(builder.layout.arrays, columns, strict=True)) | builder.layout.options | (options or {})
    off = ~np.broadcast_to(on_kink(builder.exercise.spec.kinks, point), columns[0].shape)
    return [column[off] for column in columns]


def _columns(builder: Builder, columns: list[np.ndarray]) -> list[np.ndarray]:
    """Equally many points of each argument, the later ones shuffled, so that all kinds of pairs occur."""
    size = max(map(len, columns))
    return [np.resize(c if i == 0 else builder.rng.permutation(c), size) for i, c in enumerate(columns)]


def _varied(builder: Builder, dtype: str, level: str) -> list[np.ndarray]:
    """Each argument in turn takes its special values while the others stay plain."""
    blocks = []
    for turn, line in enumerate(builder.lines):
        if line.values:
            continue
        points = {
            "tails": lambda line=line: line.tails(builder.rng, dtype),
            "extremes": lambda line=line: np.concatenate([line.extremes(dtype), line.largest(dtype)]),
            "edges": lambda line=line: line.edges(dtype),
        }[level]()
        plain = [builder.rng.permutation(other.plain(builder.rng, dtype, 24)) for other in builder.lines]
        blocks.append([points if i == turn else np.resize(p, points.size) for i, p in enumerate(plain)])
    return [np.concatenate(column) for column in zip(*blocks, strict=True)]


def _split(builder: Builder, group: str, columns: Sequence[np.ndarray], dtype: str) -> None:
    """Points at which a warning would be a fault apart from those at which it would not."""
    floats = [column for column in columns if column.dtype.kind == "f"]
    calm = np.logical_and.reduce([np.abs(column) < float(np.finfo(dtype).max) / 4 for column in floats])
    for expected in builder.layout.expected(builder.oracle, columns):
        calm = calm & expected.finite(dtype)
    for chosen in (calm, ~calm):
        if chosen.any():
            builder.add(group, [column[chosen] for column in columns], dtype)


def _options(builder: Builder, dtype: str) -> None:
    """Keyword arguments away from their defaults."""
    for options in builder.manners(dtype)[1:]:
        columns = _columns(builder, [other.plain(builder.rng, dtype, 20) for other in builder.lines])
        builder.add("options", _off_kinks(builder, columns, options), dtype, options=options)


def _given(builder: Builder) -> None:
    """The extremes that the exercise names, in one array for each dtype."""
    for dtype in builder.dtypes:
        rows = [args for row in builder.exercise.spec.extremes if (args := builder.cast(row, dtype)) is not None]
        flat = [args for args in rows if all(a.ndim == 0 for a in args)]
        if flat:
            _split(builder, "extremes", [np.array(column) for column in zip(*flat, strict=True)], dtype)
        for args in rows:
            if any(a.ndim for a in args):
                builder.add("extremes", args, dtype)


def _shapes(builder: Builder) -> None:
    """0-d, empty, transposed, broadcast, and of two dtypes at once."""

    def arrays(shapes: Sequence[tuple[int, ...]], dtypes: Sequence[str] = ("float64",)) -> list[np.ndarray]:
        return [
            line.array(builder.rng, dtypes[i % len(dtypes)], shapes[i % len(shapes)])
            for i, line in enumerate(builder.lines)
        ]

    builder.add("shapes", arrays([()]), "float64")
    builder.add("shapes", [array.T[::2] for array in arrays([(3, 4)])], "float64")
    builder.add("shapes", [np.empty((0, 3)) for _ in builder.lines], "float64")
    number = builder.case("shapes", [np.asarray(float(array)) for array in arrays([()])], "float64")
    number = replace(number, call=replace(number.call, args=tuple(map(float, number.call.args))))
    if taken(builder.exercise, number.call):
        builder.cases.append(number)
    if len(builder.lines) > 1:
        builder.add("shapes", arrays([(3, 1), (4,)]), "float64")
        lower = [dtype for dtype in builder.dtypes if dtype != "float64"]
        if lower and not any(line.whole for line in builder.lines):
            builder.add("shapes", arrays([(5,)], ["float64", lower[0]]), "float64", owed=lower[0])
