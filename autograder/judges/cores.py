"""The cases of functions of whole vectors and matrices: a few small arrays, one a call."""

from __future__ import annotations

import numpy as np

from autograder.judges.cases import Builder

FAR = {"float64": 37.0, "float32": 17.0, "float16": 8.0}  # where 1 + exp(-x) becomes 1
DOWN = {"float64": -800.0, "float32": -200.0, "float16": -100.0}  # exp underflows, squares do not overflow
HUGE = {"float64": 1e300, "float32": 1e37, "float16": 3e4}
CURVE = np.linspace(-24, 24, 33)
OUTWARD = np.array([40, 100, 300, 700, 710, 745, 800, 1e3, 5e3, 1e5, 1e300])


def build(builder: Builder) -> None:
    for dtype in builder.dtypes:
        full = dtype == "float64"
        sizes = _sizes(builder)
        for n in sizes if full else sizes[:1]:
            builder.add("plain", core(builder, n, dtype, readable=n == sizes[0]), dtype)
        _options(builder, dtype)
        _special(builder, dtype, full)
        if builder.layout.axis and builder.layout.rows:
            _batches(builder, dtype, full)
    if "float64" not in builder.dtypes:
        return
    _given(builder)
    if builder.layout.axis and builder.layout.rows:
        builder.add("shapes", [np.empty((0, 3)) for _ in builder.lines], "float64")
    elif all(len(dims) == 2 for dims in builder.layout.inputs):
        builder.add_nothing()
        if not any(builder.layout.outputs):
            builder.add_promised([line.array(builder.rng, "float64", (4,)) for line in builder.lines])


def _sizes(builder: Builder) -> tuple[int, ...]:
    """Sizes of the first core dimension, the readable one first; smaller where the others multiply them."""
    return (2, 1, 3) if any(len(dims) > 1 for dims in builder.layout.inputs) else (3, 1, 5, 2)


def core(builder: Builder, n: int, dtype: str, readable: bool = False) -> list[np.ndarray]:
    """Every array argument once, at its core shape; the first dimension of the exercise has the size n."""
    names = dict.fromkeys(d for dims in builder.layout.inputs for d in dims)
    sizes = {name: int(name) if name.isdigit() else n + i for i, name in enumerate(names)}
    shapes = [tuple(sizes[d] for d in dims) for dims in builder.layout.inputs]
    classes = max((shape[-1] for shape in shapes if len(shape) > 1), default=n)  # labels are columns of a matrix
    arrays = [line.array(builder.rng, dtype, shape, classes) for line, shape in zip(builder.lines, shapes, strict=True)]
    if not readable:
        return arrays
    return [line.readable(a) for line, a in zip(builder.lines, arrays, strict=True)]


def _options(builder: Builder, dtype: str) -> None:
    for name, default in builder.layout.options.items():
        line = builder.layout.lines[name]
        values = [v for v in (0.5, 2.0, 0.25, 3.0) if line.holds(np.array(v)) and v != default]
        if values:
            builder.add("options", core(builder, 4, dtype), dtype, options={name: values[0]})


def _special(builder: Builder, dtype: str, full: bool) -> None:
    """Plain arrays in which one entry, or all of them, moved to where it hurts."""
    for turn, line in enumerate(builder.lines):
        if line.values:
            continue
        for group, change, everywhere in _CHANGES:
            if not full and not everywhere:
                continue
            args = core(builder, _sizes(builder)[0], dtype, readable=True)
            changed = change(args[turn].copy(), dtype)
            numbers = changed[~np.isnan(changed)]
            unclear = (
                np.isinf(changed).any() and len(args) > 1
            )  # several arguments, one infinite: nobody said what then
            if (
                line.holds_or_ends(numbers).all()
                and not unclear
                and not (line.simplex and numbers.size == changed.size)
            ):
                args[turn] = changed
                builder.add(group, args, dtype)


def _batches(builder: Builder, dtype: str, full: bool) -> None:
    """Several slices in one array, along the last axis and along others; and a curve for the figure."""
    shapes = [((4, 3), None), ((3, 4), 0), ((2, 3, 2), 1), ((2, 3, 2), -2)]
    for shape, axis in shapes if full else shapes[:1]:
        builder.add("rows", _batch(builder, shape, axis, dtype), dtype, axis=axis)
    if not full or not builder.lines[0].holds(OUTWARD).all():
        return
    for group, t in (("tails", CURVE), ("extremes", np.concatenate([-OUTWARD[::-1], OUTWARD]))):
        first, *others = (np.repeat(a[:1], t.size, axis=0) for a in _batch(builder, (t.size, 3), None, dtype))
        first[:] = (0.0, 0.0, -1.0)
        first[:, 0] = t
        builder.add(group, [first, *others], dtype)


def _batch(builder: Builder, shape: tuple[int, ...], axis: int | None, dtype: str) -> list[np.ndarray]:
    last = -1 if axis is None else axis
    inside = np.moveaxis(np.empty(shape), last, -1).shape
    arrays = [line.array(builder.rng, dtype, inside) for line in builder.lines]
    return [np.ascontiguousarray(np.moveaxis(array, -1, last)) for array in arrays]


def _given(builder: Builder) -> None:
    """The extremes that the exercise names, one a call; in low precision the first few of them."""
    for dtype in builder.dtypes:
        rows = [args for row in builder.exercise.spec.extremes if (args := builder.cast(row, dtype)) is not None]
        for args in rows if dtype == "float64" else rows[:3]:
            builder.add("extremes", args, dtype)


def _first_entry(value: float | dict[str, float]):
    def change(array: np.ndarray, dtype: str) -> np.ndarray:
        array.flat[0] = value[dtype] if isinstance(value, dict) else value
        return array

    return change


_CHANGES = (  # group, what happens to the array, whether low precisions see it too
    ("tails", _first_entry(FAR), True),
    ("tails", _first_entry({dtype: -far for dtype, far in FAR.items()}), False),
    ("extremes", lambda array, dtype: array + array.dtype.type(1000), True),
    ("extremes", lambda array, dtype: array - array.dtype.type(1000), False),
    ("extremes", _first_entry(DOWN), True),
    ("extremes", _first_entry(HUGE), False),
    ("edges", _first_entry(-np.inf), False),
    ("edges", _first_entry(np.inf), False),
    ("edges", lambda array, dtype: np.full_like(array, -np.inf), False),
    ("edges", _first_entry(np.nan), True),
)
