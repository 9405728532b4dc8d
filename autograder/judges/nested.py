"""Points as nested tuples: one entry an argument, each a float, an exact integer, or tuples of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from mpmath import mp, mpf

Point = tuple  # hashable, so that the truth at a point can be remembered


def leaves(value: Any) -> Iterable[Any]:
    """Every number in nested lists, tuples or a matrix, in order."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, mp.matrix):
        yield from value
    else:
        yield value


def floats(point: Point) -> list[float]:
    """The floats of a point; exact integers are not among them."""
    return [value for value in leaves(point) if isinstance(value, float)]


def mapped(change: Callable, value: Any) -> Any:
    """The same nesting with every number changed, floats as mpmath numbers."""
    if isinstance(value, tuple):
        return tuple(mapped(change, item) for item in value)
    return change(mpf(value) if isinstance(value, float) else value)


def as_lists(value: Any) -> Any:
    """Nested tuples as nested lists, floats as mpmath numbers."""
    if isinstance(value, tuple):
        return [as_lists(item) for item in value]
    return mpf(value) if isinstance(value, float) else value


def moves(point: Point, discrete: frozenset[int]) -> Iterable[Callable]:
    """For every finite number in `point` that is not 0, a function that multiplies it by a factor."""
    for position, value in enumerate(point):
        if position in discrete:
            continue
        for path in _paths(value):
            yield lambda factor, position=position, path=path: (
                *point[:position],
                _scaled(point[position], path, factor),
                *point[position + 1 :],
            )


def _paths(value: Any, path: tuple[int, ...] = ()) -> Iterable[tuple[int, ...]]:
    if isinstance(value, tuple):
        for i, item in enumerate(value):
            yield from _paths(item, (*path, i))
    elif isinstance(value, float) and math.isfinite(value) and value != 0:
        yield path


def _scaled(value: Any, path: tuple[int, ...], factor: mpf) -> Any:
    if not path:
        return mpf(value) * factor
    return tuple(_scaled(item, path[1:], factor) if i == path[0] else item for i, item in enumerate(value))
