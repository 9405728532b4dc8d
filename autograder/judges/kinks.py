"""The points of an elementwise exercise at which a slope jumps, and their neighbours on both sides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from mpmath import mpf

from autograder.exercise import Exercise
from autograder.expressions import Tree, Undefined, evaluate, parse
from autograder.judges.layout import Layout

SEARCHED = np.unique(np.concatenate([np.arange(-40, 41) / 4, [-100.0, 100.0]]))
NEARBY = (0.0, 1e-2, 1e-4, 1e-8)
Kink = str | Callable[..., np.ndarray]  # as in `Numeric.kinks`


def kink_points(
    exercise: Exercise,
    layout: Layout,
    dtype: str,
    nearby: Sequence[float] = NEARBY,
    options: Mapping[str, float] | None = None,
) -> list[np.ndarray] | None:
    """Columns of arguments: each kink, the next numbers of the dtype beside it, and a few more; None without kinks.

    The last array argument that a kink speaks of is the one that is moved; the others keep a plain value or two.
    options: other values than the defaults.
    """
    options = {**layout.options, **(options or {})}
    rows = []
    for text in filter(_is_text, exercise.spec.kinks):
        spoken_of = [name for name in layout.arrays if name in parse(text).symbols]
        for moved in spoken_of[-1:]:
            for fixed in _fixed_values(layout, moved):
                for root in _roots_of(text, tuple({**fixed, **options}.items()), moved):
                    beside = neighbours(root, dtype, nearby)
                    rows += [tuple({**fixed, moved: x}[name] for name in layout.arrays) for x in beside]
    if not rows:
        return None
    columns = [np.array(column, dtype) for column in zip(*dict.fromkeys(rows), strict=True)]
    inside = np.logical_and.reduce([layout.lines[n].holds(c) for n, c in zip(layout.arrays, columns, strict=True)])
    return [column[inside] for column in columns] if inside.any() else None


def crossed(
    kinks: Sequence[Kink], point: Mapping[str, np.ndarray], moved: Mapping[str, np.ndarray], reach: float
) -> np.ndarray:
    """Where a kink lies between point - reach * moved and point + reach * moved, or on one of them, entry by entry.

    One answer for all entries where a kink belongs to no single entry.
    """
    found = np.zeros((), bool)
    parts = [
        {name: value + part * reach * moved[name] if name in moved else value for name, value in point.items()}
        for part in (-1.0, -0.5, 0.0, 0.5, 1.0)
    ]
    for kink in kinks:
        sides = [_side(kink, part) for part in parts]
        here = np.any([(side != sides[0]) | (side == 0) for side in sides], axis=0)
        found = found | (here if _is_text(kink) else here.any())
    return found


def on_kink(kinks: Sequence[Kink], point: Mapping[str, np.ndarray]) -> np.ndarray:
    """Which entries lie exactly on a kink; one answer for all where a kink belongs to no single entry."""
    found = np.zeros((), bool)
    for kink in kinks:
        here = _side(kink, point) == 0
        found = found | (here if _is_text(kink) else here.any())
    return found


def close_to_kink(kinks: Sequence[Kink], point: Mapping[str, np.ndarray], unit: float) -> bool:
    """Whether any entry lies on a kink, or so close beside it that rounding decides on which side."""
    sizes = {name: np.abs(np.asarray(value, float)) for name, value in point.items()}
    with np.errstate(all="ignore"):
        for kink in kinks:
            spoken_of = [size for name, size in sizes.items() if _is_text(kink) and name in parse(kink).symbols]
            size = sum(spoken_of) if spoken_of else sum(np.sum(size) for size in sizes.values())
            if (np.abs(_distances(kink, point)) <= 8 * unit * size).any():
                return True
    return False


def _is_text(kink: Kink) -> bool:
    return isinstance(kink, str)


def _side(kink: Kink, point: Mapping[str, np.ndarray]) -> np.ndarray:
    """On which side of the kink every entry lies; nan where that cannot be said."""
    return np.sign(_distances(kink, point))


def _distances(kink: Kink, point: Mapping[str, np.ndarray]) -> np.ndarray:
    if not _is_text(kink):
        with np.errstate(all="ignore"):
            return np.asarray(kink(**point), float)
    tree = parse(kink)
    names = [name for name in point if name in tree.symbols]
    arrays = np.broadcast_arrays(*(np.asarray(point[name], float) for name in names))
    rows = zip(*(array.ravel().tolist() for array in arrays), strict=True)
    values = [_value(tree, dict(zip(names, row, strict=True))) for row in rows]
    return np.reshape(values, arrays[0].shape)


@lru_cache(maxsize=256)
def _roots_of(text: str, others: tuple[tuple[str, float], ...], moved: str) -> tuple[float, ...]:
    """Where the text vanishes as one argument moves; the same in every dtype."""
    return tuple(roots(_distance(text, dict(others), moved)))


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


def _fixed_values(layout: Layout, moved: str) -> list[dict[str, float]]:
    """One or two plain values for every array argument but the one that is moved."""
    choices: list[dict[str, float]] = []
    for start in (0, 1):
        chosen = {}
        for name in layout.arrays:
            line = layout.lines[name]
            plain = line.values or [v for v in (0.5, -1.25, 2.0) if line.holds(np.array(v))]
            chosen[name] = float(plain[start % len(plain)])
        del chosen[moved]
        if chosen not in choices:
            choices.append(chosen)
    return choices


def _distance(text: str, others: Mapping[str, float], moved: str) -> Callable[[float], float]:
    tree = parse(text)
    return lambda x: _value(tree, {**others, moved: x})


def _value(tree: Tree, values: Mapping[str, float]) -> float:
    try:
        return float(evaluate(tree, {name: mpf(value) for name, value in values.items()}, 30))
    except Undefined:
        return float("nan")


def neighbours(root: float, dtype: str, nearby: Sequence[float]) -> list[float]:
    at = np.array(root, dtype)
    size = max(abs(root), 1.0)
    beside = [float(np.nextafter(at, at.dtype.type(side))) for side in (-np.inf, np.inf)]
    return [*beside, *(float(root + sign * size * gap) for gap in nearby for sign in (1, -1))]
