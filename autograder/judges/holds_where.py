"""On which part of the domain does an equation hold after all? In words, for the step that is half right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations, islice
from random import Random

from autograder.expressions.tree import Tree, symbols
from autograder.expressions.values import Budget
from autograder.judges.breakpoints import switches
from autograder.judges.lines import Line
from autograder.judges.points import Point, Space, shown_exact
from autograder.judges.roots import roots
from autograder.judges.trial import Outcome, attempt

Test = Callable[[Point], bool]
_ENOUGH = 2


def holds_where(left: Tree, right: Tree, variables: Mapping[str, str], relation: str = "=") -> str:
    """ "x >= 0", "a = b", "y = 1": the simplest condition that separates where it holds from where it fails; or ""."""
    space = Space(variables, symbols(left) | symbols(right))
    names = list(space.lines)
    if not names:
        return ""
    budget = Budget(150_000)
    labelled = []
    for point in _points(space, left, right):
        outcome = attempt(left, right, point, relation, budget, (50, 200)).outcome
        if outcome in (Outcome.SAME, Outcome.DIFFERENT):
            labelled.append((point, outcome is Outcome.SAME))
    good = [point for point, same in labelled if same]
    bad = [point for point, same in labelled if not same]
    if len(good) < _ENOUGH or not bad:
        return ""
    for words, test in _conditions(space, left, right):
        if all(map(test, good)) and not any(map(test, bad)):
            return words
    return ""


def _points(space: Space, left: Tree, right: Tree) -> Iterator[Point]:
    random = Random("where")
    points = [*islice(space.readable(), 36), *(space.sample(random) for _ in range(16))]
    yield from points
    for name in space.lines:
        for place in _places(space, left, right, name):
            for point in points[:3]:
                for step in (Fraction(0), Fraction(1, 100), Fraction(-1, 100)):
                    if space.lines[name].contains(place + step):
                        yield {**point, name: place + step}


def _places(space: Space, left: Tree, right: Tree, name: str) -> list[Fraction]:
    """0, 1, and every exact breakpoint of a formula in this variable alone."""
    found = {Fraction(0), Fraction(1)}
    for switch in switches(left, right):
        if symbols(switch) == {name}:
            exact = roots(
                switch, Line(frozenset({name}), space.lines[name], lambda value: {name: value}), Budget(5_000)
            )
            found |= {root for root in exact if isinstance(root, Fraction)}
    return sorted(found, key=lambda place: (abs(place), place))[:6]


def _conditions(space: Space, left: Tree, right: Tree) -> Iterator[tuple[str, Test]]:
    names = list(space.lines)
    for name in names:
        for place in _places(space, left, right, name):
            for sign, test in _SIDES.items():
                if sign != "=" or len(space.domains) > 1:  # a crossing at one point is no part of a line
                    yield f"{name} {sign} {shown_exact(place)}", _against(test, name, place)
    for one, other in combinations(names, 2):
        for sign, test in _SIDES.items():
            yield f"{one} {sign} {other}", _between(test, one, other)


_SIDES: dict[str, Callable] = {
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def _against(test: Callable, name: str, place: Fraction) -> Test:
    return lambda point: test(point[name], place)


def _between(test: Callable, one: str, other: str) -> Test:
    return lambda point: test(point[one], point[other])
