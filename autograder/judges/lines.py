"""Lines through a point along which one variable moves, so that kinks can be looked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from autograder.domains import Integers, Interval, Matrices, Simplex
from autograder.expressions.grid import Grid
from autograder.judges.points import Point, Space, names_of


@dataclass(frozen=True)
class Line:
    """names: the symbols that change along it. at: the point for a number of the domain, or for a located root.

    whole: only whole numbers belong to it, though roots may be looked for between them.
    """

    names: frozenset[str]
    domain: Interval
    at: Callable[[Any], Point]
    whole: bool = False


def lines_through(base: Point, space: Space) -> Iterator[Line]:
    """A line for every real or whole variable, every part of a point on a simplex, and two entries of a matrix."""
    for name, domain in space.domains.items():
        names = names_of(name, domain)
        if isinstance(domain, Interval):
            yield Line(frozenset(names), domain, _moving(base, name))
        elif isinstance(domain, Integers):
            low = None if domain.low is None else Fraction(domain.low)
            yield Line(frozenset(names), Interval(domain.text, low, closed_low=True), _moving(base, name), whole=True)
        elif isinstance(domain, Simplex) and domain.n > 1:
            for part in names:
                yield Line(frozenset(names), _SHARE, _sharing(base, part, [name for name in names if name != part]))
        elif isinstance(domain, Matrices):
            for place in dict.fromkeys(((0, 0), (domain.rows - 1, 0))):
                yield Line(frozenset(names), _REAL, _with_entry(base, name, place, domain.symmetric))


_REAL = Interval("real")
_SHARE = Interval("open(0,1)", Fraction(0), Fraction(1))


def _moving(base: Point, name: str) -> Callable[[Any], Point]:
    return lambda value: {**base, name: value}


def _sharing(base: Point, part: str, others: list[str]) -> Callable[[Any], Point]:
    """One part takes what it is told, the others share the rest in the proportions they have."""
    rest = sum(base[name] for name in others)

    def at(value: Any) -> Point:
        moved = {name: _times(value, base[name] / rest) for name in others}
        return {**base, part: value, **moved}

    return at


def _with_entry(base: Point, name: str, place: tuple[int, int], symmetric: bool) -> Callable[[Any], Point]:
    changed = {place, place[::-1]} if symmetric else {place}

    def at(value: Any) -> Point:
        entry = value(30) if callable(value) else value  # a root that is no fraction is met nearly
        rows = base[name].rows
        rows = tuple(
            tuple(entry if (i, j) in changed else old for j, old in enumerate(row)) for i, row in enumerate(rows)
        )
        return {**base, name: Grid(rows)}

    return at


def _times(value: Any, share: Fraction) -> Any:
    if callable(value):
        return lambda dps: (1 - value(dps)) * share
    return (1 - value) * share
