"""The points of an elementwise exercise at which a slope jumps, and their neighbours on both sides."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from mpmath import mpf

from autograder.exercise import Exercise
from autograder.expressions import Undefined, evaluate, parse
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

    def distance(x: float) -> float:
        values = dict(zip(layout.arrays, map(mpf, (*fixed, x)), strict=True))
        values.update({name: mpf(value) for name, value in layout.options.items()})
        try:
            return float(evaluate(tree, values, 30))
        except Undefined:
            return float("nan")

    return distance


def _neighbours(root: float, dtype: str) -> list[float]:
    at = np.array(root, dtype)
    size = max(abs(root), 1.0)
    beside = [float(np.nextafter(at, at.dtype.type(side))) for side in (-np.inf, np.inf)]
    return [*beside, *(float(root + sign * size * gap) for gap in NEARBY for sign in (1, -1))]
