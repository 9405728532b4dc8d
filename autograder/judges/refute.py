"""Look for a point at which two expressions differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import Any

from autograder.expressions.evaluate import context
from autograder.expressions.grid import Grid
from autograder.expressions.tree import Tree, symbols, walk
from autograder.expressions.values import Budget, Undefined, Unsettled
from autograder.judges.breakpoints import around, roots, switches
from autograder.judges.points import Point, Space, shown_exact, shown_point
from autograder.judges.trial import Outcome, Trial, attempt, modest
from autograder.judges.verdict import Refuted, Undecidable

RANDOM_POINTS = 32
MOST_BREAKPOINTS = 100
DEEP_DIGITS, DEEP_POINTS = 800, 6
FAR_DIGITS = 400  # far out, where a tail may need thousands of digits, look no closer than this
_BRANCHING = {"where", "Max", "Min", "Abs", "sign", "Heaviside", "relu"}
STEPS = 600_000


@dataclass
class Search:
    """What the search for a difference has seen."""

    agreed: int = 0
    silent: int = 0  # points at which neither side has a value
    unsettled: int = 0
    refuted: Refuted | None = None
    trials: list[tuple[Point, Trial]] = field(default_factory=list)

    @property
    def doubt(self) -> Undecidable | None:
        if self.unsettled:
            return Undecidable("at some points the difference neither persists nor vanishes as digits are added")
        if not self.agreed:
            why = "neither side has a value at any point tried" if self.silent else "the values are out of reach"
            return Undecidable(why)
        return None


def search(left: Tree, right: Tree, variables: Mapping[str, str], relation: str = "=", seed: int = 0) -> Search:
    """Compare at readable points, random ones, and around every breakpoint, until a difference is found."""
    space = Space(variables, symbols(left) | symbols(right))
    budget, found = Budget(STEPS), Search()
    heavy = any(node.head == "Int" for tree in (left, right) for node in walk(tree))
    for point, digits in _schedule(left, right, space, seed, heavy):
        most = 3_200 if all(map(modest, point.values())) else max(2 * digits, FAR_DIGITS)
        trial = attempt(left, right, point, relation, budget, (digits, most))
        match trial.outcome:
            case Outcome.DIFFERENT:
                found.refuted = Refuted(shown_point(point), *_told_apart(trial.left, trial.right))
                return found
            case Outcome.SAME:
                found.agreed += 1
            case Outcome.NOWHERE:
                found.silent += 1
            case Outcome.UNSETTLED:
                found.unsettled += 1
        if budget.left < 0:
            break
    return found


def _schedule(left: Tree, right: Tree, space: Space, seed: int, heavy: bool) -> Iterator[tuple[Point, int]]:
    """The points with the number of digits to start from, the most readable first."""
    if not space.domains:
        yield from (({}, digits) for digits in ((50,) if heavy else (50, 400)))
        return
    if heavy:  # quadrature is slow, and far out it may overlook a narrow peak
        yield from ((point, 50) for point in islice(space.readable(), 4))
        return
    readable = list(islice(space.readable(), 40))
    yield from ((point, 50) for point in readable)
    random = Random(f"equivalence {seed}")
    samples = [space.sample(random) for _ in range(RANDOM_POINTS)]
    yield from ((point, 50) for point in samples)
    near = list(islice(_near_breakpoints(left, right, space, readable, samples), MOST_BREAKPOINTS))
    yield from ((point, 50) for point in near)
    yield from ((point, 400) for point in readable[:2])
    if any(node.head in _BRANCHING for tree in (left, right) for node in walk(tree)):
        # beyond a far threshold a tail has all but vanished: a difference far below fifty digits
        yield from ((point, DEEP_DIGITS) for point in near[:: max(1, len(near) // DEEP_POINTS)])


def _near_breakpoints(left: Tree, right: Tree, space: Space, *points: list[Point]) -> Iterator[Point]:
    budget = Budget(60_000)
    turning = switches(left, right)
    readable, samples = points
    moderate = [point for point in samples if all(modest(value) for value in point.values())]
    bases = [readable[0]]
    if len(space.domains) > 1:
        bases = [readable[-1], *moderate[:1], readable[len(readable) // 2], *moderate[1:2]]
    if len(space.domains) > 2:
        bases = bases[:2]
    for base in bases:
        for name, domain in space.lines.items():
            found: dict[str, Any] = {}
            for switch in turning:
                if name in symbols(switch):
                    try:
                        for root in roots(switch, name, domain, base, budget):
                            found.setdefault(shown_exact(root), root)
                    except (Undefined, Unsettled):
                        continue
            for place in around(list(found.values())[:12], domain):
                yield {**base, name: place}


def _told_apart(left: Any, right: Any) -> tuple[str, str]:
    """Both values in words, with as many digits as it takes to see that they differ."""
    for digits in (6, 12, 20, 40, 60, 100, 400, 1000, 3200):
        texts = shown_value(left, digits), shown_value(right, digits)
        if texts[0] != texts[1]:
            break
    return texts


def shown_value(value: Any, digits: int = 6) -> str:
    """A value in words: 3/4, 0.268941, undefined (division by zero), [[1, 2]]."""
    if isinstance(value, Grid):
        rows = ("[" + ", ".join(shown_value(entry, digits) for entry in row) + "]" for row in value.rows)
        return "[" + ", ".join(rows) + "]"
    if isinstance(value, bool) or not hasattr(value, "real"):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if hasattr(value, "_mpc_"):
        imaginary = shown_value(abs(value.imag), digits)
        return f"{shown_value(value.real, digits)} {'-' if value.imag < 0 else '+'} {imaginary}i"
    if hasattr(value, "_mpf_"):
        text = context(3_200).nstr(value, digits, min_fixed=-5, max_fixed=16)
        return text.removesuffix(".0")
    exact = shown_exact(value)
    return exact if len(exact) <= digits + 6 else shown_value(context(max(50, digits)).convert(value), digits)
