"""The points of an elementwise exercise at which a slope jumps, and their neighbours on both sides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from mpmath import mpf

from autograder.exercise import Exercise
from autograder.expressions import Tree, Undefined, evaluate, parse
from autograder.judges.layout import Layout

SEARCHED = np.unique(np.concatenate([np.arange(-40, 41) / 4, [-100.0, 100.0]]))
NEARBY = (0.0, 1e-2, 1e-4, 1e-8)


def kink_points(exercise: Exercise, layout: Layout, dtype: str) -> list[np.ndarray] | None:
    """Columns of arguments: each kink, the next numbers of the dtype beside it, and a few more; None without kinks.

    The last array argument is the one that is moved; the others keep a plain value or two.
    """
    if not exercise.spec.kinks:
        return None
    rows = []
    for fixed in _fixed_values(layout):
        for text in exercise.spec.kinks:
            for root in roots(_distance(text, layout, fixed)):
                rows += [(*fixed, x) for x in _neighbours(root, dtype)]
    if not rows:
        return None
    columns = [np.array(column, dtype) for column in zip(*rows, strict=True)]
    inside = np.logical_and.reduce([layout.lines[n].holds(c) for n, c in zip(layout.arrays, columns, strict=True)])
    return [column[inside] for column in columns] if inside.any() else None


def crossed(
    texts: Sequence[str], point: Mapping[str, np.ndarray], moved: Mapping[str, np.ndarray], reach: float
) -> np.ndarray:
    """Where a kink lies between point - reach * moved and point + reach * moved, or on one of them, entry by entry."""
    if not texts:
        return np.zeros((), bool)
    signs = [
        _signs(texts, {name: value + part * reach * moved.get(name, 0.0) for name, value in point.items()})
        for part in (-1.0, -0.5, 0.0, 0.5, 1.0)
    ]
    return np.any([(sign != signs[0]) | (sign == 0) for sign in signs], axis=(0, 1))


def on_kink(texts: Sequence[str], point: Mapping[str, np.ndarray]) -> np.ndarray:
    """Which entries lie exactly on a kink."""
    return np.any(_signs(texts, point) == 0, axis=0)


def _signs(texts: Sequence[str], point: Mapping[str, np.ndarray]) -> np.ndarray:
    """The side of each kink on which every entry lies, one row a kink; nan where that cannot be said."""
    arrays = np.broadcast_arrays(*(np.asarray(value, float) for value in point.values()))
    rows = zip(*(array.ravel().tolist() for array in arrays), strict=True)
    trees = [parse(text) for text in texts]
    values = [[_value(tree, dict(zip(point, row, strict=True))) for tree in trees] for row in rows]
    return np.sign(np.reshape(values, (arrays[0].size, len(texts))).T).reshape((len(texts), *arrays[0].shape))


def roots(distance: Callable[[float], float]) -> list[float]:
    """Where `distance` vanishes on the searched stretch: exact zeros, and changes of sign found by bisection."""
    values = [distance(float(x)) for x in SEARCHED]
    found = [float(x) for x, value in zip(SEARCHED, values, strict=True) if value == 0]
    for (a, b), (fa, fb) in zip(pairwise(SEARCHED), pairwise(values), strict=True):
        if fa * fb < 0:
            found.append(_bisected(distance, float(a), float(b), fa))
    return found


def _bisected(distance: Callable[[float], float], low: float, high: float, at_low: float) -> float:
    while low < (middle := low + (high - low) / 2) < high:
        here = distance(middle)
        if here == 0:
            return middle
        if here * at_low > 0:
            low = middle
        else:
            high = middle
    return low


def _fixed_values(layout: Layout) -> list[tuple[float, ...]]:
    """One or two plain values for every array argument but the last."""
    choices = []
    for start in (0, 1):
        row = []
        for name in layout.arrays[:-1]:
            line = layout.lines[name]
            plain = line.values or [v for v in (0.5, -1.25, 2.0) if line.holds(np.array(v))]
            row.append(float(plain[start % len(plain)]))
        choices.append(tuple(row))
    return list(dict.fromkeys(choices))


def _distance(text: str, layout: Layout, fixed: tuple[float, ...]) -> Callable[[float], float]:
    tree = parse(text)
    return lambda x: _value(tree, dict(zip(layout.arrays, (*fixed, x), strict=True)) | layout.options)


def _value(tree: Tree, values: Mapping[str, float]) -> float:
    try:
        return float(evaluate(tree, {name: mpf(value) for name, value in values.items()}, 30))
    except Undefined:
        return float("nan")


def _neighbours(root: float, dtype: str) -> list[float]:
    at = np.array(root, dtype)
    size = max(abs(root), 1.0)
    beside = [float(np.nextafter(at, at.dtype.type(side))) for side in (-np.inf, np.inf)]
    return [*beside, *(float(root + sign * size * gap) for gap in NEARBY for sign in (1, -1))]
