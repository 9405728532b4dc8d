"""Which points a comparison visits: readable ones, random ones, then wherever a formula changes its branch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import islice, pairwise
from random import Random

from autograder.expressions.tree import Tree, symbols, walk
from autograder.expressions.values import Budget, Undefined, Unsettled
from autograder.judges.breakpoints import around, shortest_between, soft_switches, switches, where
from autograder.judges.lines import Line, lines_through
from autograder.judges.points import Point, Space, shown_exact
from autograder.judges.roots import roots, vertex
from autograder.judges.trial import modest

RANDOM_POINTS = 32
MOST_BREAKPOINTS = 100
MOST_ROOTS = 12  # of one variable
MOST_CELLS = 48


@dataclass
class Places:
    """The points for one comparison of two trees."""

    left: Tree
    right: Tree
    space: Space
    seed: int
    budget: Budget = field(default_factory=lambda: Budget(60_000))

    @cached_property
    def heavy(self) -> bool:
        """Is there an integral? Quadrature is slow, and far out it may overlook a narrow peak."""
        return any(node.head == "Int" for tree in (self.left, self.right) for node in walk(tree))

    @cached_property
    def readable(self) -> list[Point]:
        return list(islice(self.space.readable(), 6 if self.heavy else 40))

    @cached_property
    def random(self) -> list[Point]:
        random = Random(f"equivalence {self.seed}")
        points = [self.space.sample(random) for _ in range(RANDOM_POINTS)]
        return [point for point in points if _near(point)][:3] if self.heavy else points

    @cached_property
    def near_breakpoints(self) -> list[Point]:
        return self._near(switches(self.left, self.right), 8 if self.heavy else MOST_BREAKPOINTS)

    @cached_property
    def near_steep_places(self) -> list[Point]:
        """Where a smooth function does within a hair's breadth all that it does."""
        return self._near(soft_switches(self.left, self.right), MOST_BREAKPOINTS // 2)

    def _near(self, turning: list[Tree], most: int) -> list[Point]:
        """Points around the roots of the switches, along lines through a few points."""
        if not turning:
            return []
        return list(islice(self._along_lines(turning), most))

    def _along_lines(self, turning: list[Tree]) -> Iterator[Point]:
        bases = self._bases()
        if len(self.space.lines) > 1:
            bases.insert(1, self._inside_window(bases[0], turning))
            yield from islice(self._cells(bases[0], list(self.space.lines), turning), MOST_CELLS)
        for base in bases:
            for line in lines_through(base, self.space):
                yield from map(line.at, around(self._roots(turning, line)[:MOST_ROOTS], line))

    def _bases(self) -> list[Point]:
        if len(self.space.domains) == 1:
            return [self.readable[0]]
        moderate = [point for point in self.random if _near(point)]
        some = [self.readable[-1], *moderate[:1], self.readable[len(self.readable) // 2], *moderate[1:2]]
        return some if len(self.space.domains) == 2 else some[:2]

    def _inside_window(self, base: Point, turning: list[Tree]) -> Point:
        """From the base, each variable in turn moved to where branches lie closest together."""
        for name, domain in self.space.lines.items():
            line = Line(frozenset({name}), domain, _changing(base, name))
            ends = sorted({where(root) for root in self._roots(turning, line)})
            gaps = sorted((high - low, shortest_between(low, high)) for low, high in pairwise(ends))
            if inside := [place for _, place in gaps if domain.contains(place)]:
                base = line.at(inside[0])
            elif turns := [place for switch in turning for place in self._vertex(switch, line)]:
                base = line.at(turns[0])
        return base

    def _cells(self, base: Point, names: list[str], turning: list[Tree]) -> Iterator[Point]:
        """Combinations of a place between, at and beyond the roots of one variable with those of the next."""
        if not names:
            yield base
            return
        name, *rest = names
        line = Line(frozenset({name}), self.space.lines[name], _changing(base, name))
        exact = sorted({root for root in self._roots(turning, line) if isinstance(root, Fraction)}, key=abs)[:3]
        ends = sorted(exact)
        inner = sorted(((high - low, shortest_between(low, high)) for low, high in pairwise(ends)))
        outer = [ends[0] - 1, ends[-1] + 1] if ends else []
        for place in dict.fromkeys([*(place for _, place in inner), *outer, *exact]):
            if line.domain.contains(place):
                yield from self._cells(line.at(place), rest, turning)
        if not exact:
            yield from self._cells(base, rest, turning)

    def _roots(self, turning: list[Tree], line: Line) -> list:
        found: dict[str, object] = {}
        for switch in turning:
            if line.names & symbols(switch):
                try:
                    for root in roots(switch, line, self.budget):
                        found.setdefault(shown_exact(root), root)
                except (Undefined, Unsettled):
                    continue
        return list(found.values())

    def _vertex(self, switch: Tree, line: Line) -> list:
        try:
            return vertex(switch, line, self.budget) if line.names & symbols(switch) else []
        except (Undefined, Unsettled):
            return []


def _changing(base: Point, name: str) -> Callable:
    return lambda value: {**base, name: value}


def _near(point: Point) -> bool:
    return all(map(modest, point.values()))
