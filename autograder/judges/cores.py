"""The cases of functions of whole vectors and matrices: a few small arrays, one a call."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autograder.calls import Call
from autograder.judges import sweeps
from autograder.judges.builder import Builder
from autograder.judges.cases import Along, Case
from autograder.judges.kinks import close_to_kink
from autograder.judges.promises import kept, taken
from autograder.sandbox.observe import observe

FAR = {"float64": 37.0, "float32": 17.0, "float16": 8.0}  # where 1 + exp(-x) becomes 1
DOWN = {"float64": -800.0, "float32": -200.0, "float16": -100.0}  # exp underflows, squares do not overflow
HUGE = {"float64": 1e300, "float32": 1e37, "float16": 3e4}
CURVE = np.linspace(-24, 24, 33)
OUTWARD = np.array([40, 100, 300, 700, 710, 745, 800, 1e3, 5e3, 1e5, 1e300])


def build(builder: Builder) -> None:
    layout = builder.layout
    slices = layout.axis and layout.rows
    for dtype in builder.dtypes:
        full = dtype == "float64"
        sizes = _sizes(builder)
        for n in sizes if full else sizes[:1]:
            builder.add("plain", core(builder, n, dtype, readable=n == sizes[0]), dtype)
        _options(builder, dtype)
        _special(builder, dtype, full)
        if slices:
            _batches(builder, dtype, full)
        else:
            sweeps.build(builder, dtype)
    if "float64" not in builder.dtypes:
        return
    _given(builder)
    if slices:
        builder.add("shapes", [np.empty((0, 3)) for _ in builder.lines], "float64")
    _mixed(builder)
    if layout.means:
        _rows(builder)
        _nothing(builder)


def _sizes(builder: Builder) -> tuple[int, ...]:
    """Sizes of the first core dimension, the readable one first; smaller where the others multiply them."""
    return (2, 1, 3) if any(len(dims) > 1 for dims in builder.layout.inputs) else (3, 1, 5, 2)


def core(builder: Builder, n: int, dtype: str, readable: bool = False) -> list[np.ndarray]:
    """Every array argument once, at its core shape; the first dimension of the exercise has the size n."""
    names = dict.fromkeys(d for dims in builder.layout.inputs for d in dims)
    sizes = {name: int(name) if name.isdigit() else n + i for i, name in enumerate(names)}
    shapes = [tuple(sizes[d] for d in dims) for dims in builder.layout.inputs]
    classes = max((shape[-1] for shape in shapes if len(shape) > 1), default=n)  # labels are columns of a matrix
    arrays = [
        np.asarray(line.array(builder.rng, dtype, shape, classes))
        for line, shape in zip(builder.lines, shapes, strict=True)
    ]
    tidy = [line.readable(a) for line, a in zip(builder.lines, arrays, strict=True)]
    point = dict(zip(builder.layout.arrays, tidy, strict=True)) | builder.layout.options
    return tidy if readable and not close_to_kink(builder.exercise.spec.kinks, point, 0.0) else arrays


def _options(builder: Builder, dtype: str) -> None:
    for options in builder.manners(dtype)[1:]:
        for n in (4, 1):  # many numbers to be right at, and few to look at
            builder.add("options", core(builder, n, dtype, readable=n == 1), dtype, options=options)


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
            if not line.holds_or_ends(numbers).all() or (line.simplex and numbers.size == changed.size):
                continue
            args[turn] = changed
            if len(args) > 1 and np.isinf(changed).any():
                builder.add_promised(group, args, dtype)
            else:
                builder.add(group, args, dtype)


def _batches(builder: Builder, dtype: str, full: bool) -> None:
    """Several slices in one array, along the last axis and along others; and a curve for the figure."""
    shapes = [((4, 3), None), ((3, 4), 0), ((2, 3, 2), 1), ((2, 3, 2), -2)]
    for shape, axis in shapes if full else shapes[:1]:
        builder.add("rows", _batch(builder, shape, axis, dtype), dtype, axis=axis)
    if not full or not builder.lines[0].holds(OUTWARD).all():
        return
    name = f"the first entry of {builder.layout.arrays[0]}"
    for group, t in (("tails", CURVE), ("extremes", np.concatenate([-OUTWARD[::-1], OUTWARD]))):
        first, *others = (np.repeat(a[:1], t.size, axis=0) for a in _batch(builder, (t.size, 3), None, dtype))
        first[:] = (0.0, 0.0, -1.0)
        first[:, 0] = t
        along = Along(name, t, (slice(None), 0) if builder.layout.outputs[0] else (slice(None),))
        builder.cases.append(builder.case(group, [first, *others], dtype, along=along))


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


def _mixed(builder: Builder) -> None:
    """Arrays of two dtypes in one call, and 0 and 1 as the whole numbers that they are."""
    lower = [dtype for dtype in builder.dtypes if dtype != "float64"][:1]
    floats = [i for i, dims in enumerate(builder.layout.inputs) if dims and not builder.lines[i].whole]
    labelled = [i for i in floats if builder.lines[i].values]  # their dtype, if it is one of floats, means little
    mixable = [i for i in floats if i not in labelled]
    for dtype in lower if len(mixable) > 1 else ():
        args = core(builder, 3, "float64")
        for i in mixable[1::2]:
            args[i] = args[i].astype(dtype)
        builder.add_promised("shapes", args, "float64", owed=dtype)
    if labelled and len(labelled) < len(floats):  # in float64 only: 1 * float32 is float64 for NumPy, and for students
        args = core(builder, 3, "float64")
        for i in labelled:
            args[i] = args[i].astype(np.int64)
        builder.add_promised("shapes", args, "float64")


def _rows(builder: Builder) -> None:
    """A vector counts as the only row of a matrix, and the last axis of a deeper array holds the rows."""
    layout = builder.layout
    if len(set(layout.inputs)) > 1:
        return
    row = builder.case("shapes", [line.array(builder.rng, "float64", (4,)) for line in builder.lines], "float64")
    if taken(builder.exercise, row.call):
        builder.cases.append(row)
    flat = builder.case("shapes", [line.array(builder.rng, "float64", (6, 2)) for line in builder.lines], "float64")
    call = replace(flat.call, args=tuple(array.reshape(2, 3, 2) for array in flat.call.args))
    deep = replace(flat, call=call, expected=tuple(e.reshaped((2, 3, 2)) if e.shape else e for e in flat.expected))
    if kept(builder.exercise, layout, deep):
        builder.cases.append(deep)


def _nothing(builder: Builder) -> None:
    """An average over nothing, where the reference refuses it."""
    sizes = {dims[0]: 0 for dims in builder.layout.inputs if dims}
    args = [
        np.empty([sizes.get(d, 3) for d in dims], np.int64 if line.whole else float)
        for dims, line in zip(builder.layout.inputs, builder.lines, strict=True)
    ]
    call = Call(builder.exercise.id, tuple(args), dict(builder.exercise.spec.fixed))
    failure = observe(builder.exercise.reference, call).failure
    averages = not any(builder.layout.outputs)
    if averages and failure and failure.kind == "ValueError":
        builder.cases.append(Case("raises", call, (), "float64", raises="ValueError"))


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
    ("extremes", _first_entry({dtype: -huge for dtype, huge in HUGE.items()}), False),
    ("edges", _first_entry(-np.inf), False),
    ("edges", _first_entry(np.inf), False),
    ("edges", lambda array, dtype: np.full_like(array, -np.inf), False),
    ("edges", _first_entry(np.nan), True),
)
