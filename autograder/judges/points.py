"""Where two expressions are compared: readable points first, ties between variables, then stratified random ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from autograder.domains import Domain, Finite, Interval, Simplex, parse_domain
from autograder.expressions.grid import Grid

Point = dict[str, Any]


class Space:
    """The variables that occur, with their domains; p: simplex(3) stands for p1, p2, p3.

    A symbol without a declared domain is taken to be real.
    """

    def __init__(self, variables: Mapping[str, str], occurring: Iterable[str]) -> None:
        occurring = set(occurring)
        self.domains: dict[str, Domain] = {}
        declared = set()
        for name, text in variables.items():
            domain = parse_domain(text)
            names = set(names_of(name, domain))
            declared |= names
            if names & occurring:
                self.domains[name] = domain
        for name in sorted(occurring - declared):
            self.domains[name] = parse_domain("real")

    @property
    def point_names(self) -> list[str]:
        """The symbols that have a value at a point."""
        return [symbol for name, domain in self.domains.items() for symbol in names_of(name, domain)]

    @property
    def lines(self) -> dict[str, Interval]:
        """The variables that move along a line, where kinks can be looked for."""
        return {name: domain for name, domain in self.domains.items() if isinstance(domain, Interval)}

    def point(self, values: Mapping[str, Any]) -> Point:
        """One value for each declared variable, as values of symbols."""
        point: Point = {}
        for name, value in values.items():
            domain = self.domains[name]
            point |= dict(zip(names_of(name, domain), value if isinstance(domain, Simplex) else (value,), strict=True))
        return point

    def readable(self) -> Iterator[Point]:
        """Short numbers: all of them for one variable, all pairs for two, ties and shifted patterns for more."""
        names, lists = list(self.domains), [domain.readable for domain in self.domains.values()]
        if len(names) <= 1:
            combinations: Iterable[tuple] = product(*lists)
        elif all(isinstance(domain, Finite) for domain in self.domains.values()):
            combinations = list(product(*lists))[:256]
        elif len(names) == 2:
            combinations = _nearest_first(product(*(enumerate(values[:6]) for values in lists)))
        else:
            combinations = _patterns(lists)
        seen = set()
        for combination in combinations:
            if combination not in seen:
                seen.add(combination)
                yield self.point(dict(zip(names, combination, strict=True)))

    def sample(self, random: Random) -> Point:
        """A random point; one in four has a tie between two variables of one domain."""
        values = {name: domain.sample(random) for name, domain in self.domains.items()}
        if len(values) > 1 and random.random() < 0.25:
            one, other = random.sample(list(values), 2)
            if self.domains[one] == self.domains[other]:
                values[one] = values[other]
        return self.point(values)


def names_of(name: str, domain: Domain) -> tuple[str, ...]:
    """The symbols that a declared variable stands for."""
    return tuple(f"{name}{i + 1}" for i in range(domain.n)) if isinstance(domain, Simplex) else (name,)


def _nearest_first(pairs: Iterable[tuple]) -> Iterator[tuple]:
    for pair in sorted(pairs, key=lambda pair: sum(place for place, _ in pair)):
        yield tuple(value for _, value in pair)


def _patterns(lists: list[tuple]) -> Iterator[tuple]:
    """Ties (all first, all second, ...), then each variable a step further along its list than the one before."""
    for step in (0, 1, 2, 3, 5):
        for start in range(8 if step else 6):
            yield tuple(values[(start + step * i) % len(values)] for i, values in enumerate(lists))


def shown_point(point: Point) -> dict[str, str]:
    """The point in words."""
    return {name: shown_exact(value) for name, value in point.items()}


def shown_exact(value: Any) -> str:
    """1/2, 0.334, [[1, 2], [3, 4]], 1 - 2i: as short as the value allows."""
    if isinstance(value, Grid):
        return "[" + ", ".join("[" + ", ".join(map(shown_exact, row)) + "]" for row in value.rows) + "]"
    if isinstance(value, complex):
        return f"{value.real:g} {'-' if value.imag < 0 else '+'} {abs(value.imag):g}i"
    if isinstance(value, Fraction):
        if value.denominator == 1 or (value.denominator < 10 and abs(value) < 20):
            return str(value)
        size = value.denominator
        while size % 10 == 0:
            size //= 10
        places = next((k for k in range(13) if (value * 10**k).denominator == 1), None)
        return f"{float(value):.12g}" if places is not None else str(value)
    if callable(value):
        return f"{float(value(20)):.6g}"
    return str(value)
