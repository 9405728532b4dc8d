"""Where a formula changes its branch or loses its value: the places at which look-alikes part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from autograder.domains import Interval
from autograder.expressions.evaluate import Evaluator
from autograder.expressions.tree import Tree, symbols, walk
from autograder.expressions.tree import subtract as minus
from autograder.expressions.values import Budget, Undefined, Unsettled

_GRID = "-1000 -100 -30 -10 -5 -3 -2 -1 -1/2 -1/10 -1/100 0 1/100 1/10 1/2 1 2 3 5 10 30 100 1000"
_TRIED = tuple(map(Fraction, _GRID.split()))
MOST_DIGITS = 400
_POSITIVE = {"exp", "cosh", "sigmoid", "softplus"}


def switches(*trees: Tree) -> list[Tree]:
    """Expressions whose sign decides a branch, or whose zero makes the formula undefined."""
    found: dict[Tree, None] = {}
    bound = {node.args[1].args[0] for tree in trees for node in walk(tree) if node.head == "Int"}
    for tree in trees:
        for node in walk(tree):
            for switch in _of(node):
                for factor in _factors(switch):
                    names = symbols(factor)
                    if names and not names & bound and not _surely_positive(factor):
                        found[factor] = None
    return list(found)


def _of(node: Tree) -> Iterator[Tree]:
    match node.head, node.args:
        case (("Abs" | "sign" | "Heaviside" | "DiracDelta" | "relu" | "log"), (u,)):
            yield u
        case (("lt" | "le" | "gt" | "ge" | "eq" | "ne"), (left, right)):
            yield minus(left, right)
        case (("Max" | "Min"), args):
            yield from (minus(a, b) for i, a in enumerate(args) for b in args[i + 1 :])
        case "pow", (base, exponent):
            if not (exponent.head == "number" and exponent.args[1] == 1 and exponent.args[0] >= 0):
                yield base
        case "atanh", (u,):
            yield from (minus(u, Tree("number", (sign, 1))) for sign in (1, -1))


def _factors(tree: Tree) -> Iterator[Tree]:
    if tree.head == "mul":
        for factor in tree.args:
            yield from _factors(factor)
    elif tree.head == "pow" and tree.args[1].head == "number":
        yield from _factors(tree.args[0])
    else:
        yield tree


def _surely_positive(tree: Tree) -> bool:
    match tree.head, tree.args:
        case "number", (p, _):
            return p > 0
        case "add", terms:
            return all(map(_surely_positive, terms))
        case "mul", factors:
            return all(map(_surely_positive, factors))
        case "pow", (base, _):
            return _surely_positive(base)
    return tree.head in _POSITIVE


def roots(switch: Tree, name: str, domain: Interval, point: dict[str, Any], budget: Budget) -> list[Any]:
    """Where the switch vanishes as `name` runs through its domain, everything else fixed.

    Exact fractions where possible; otherwise functions from digits to the root with so many digits.
    """

    def at(value: Any, dps: int = 30) -> Any:
        try:
            found = Evaluator({**point, name: value}, dps, budget).number(switch)
        except (Undefined, Unsettled):
            return None
        return None if hasattr(found, "_mpc_") else found

    straight = _straight_line(at)
    if straight is not None:
        return [straight] if domain.contains(straight) else []
    inside = [value for value in sorted({*_TRIED, *_vertex(at), *domain.readable}) if domain.contains(value)]
    values = [(place, at(place)) for place in inside]
    found: list[Any] = [place for place, value in values if _exactly_zero(value)]
    for (low, before), (high, after) in pairwise([pair for pair in values if pair[1]]):
        if (before > 0) != (after > 0):
            found.append(_between(at, low, high))
    return found


def _straight_line(at: Callable) -> Fraction | None:
    """The exact root of a function that is linear as far as three points and the root itself can tell."""
    values = [at(Fraction(place)) for place in (1, 2, 4)]
    if not all(isinstance(value, Fraction) for value in values):
        return None
    one, two, four = values
    if one == two or four - two != 2 * (two - one):
        return None
    root = 1 - one / (two - one)
    return root if _exactly_zero(at(root)) else None


def _vertex(at: Callable) -> list[Fraction]:
    """Where a parabola turns: between its roots, however close they are."""
    values = [at(Fraction(place)) for place in (1, 2, 3, 4)]
    if not all(isinstance(value, Fraction) for value in values):
        return []
    first, second = (values[i] - 2 * values[i + 1] + values[i + 2] for i in (0, 1))
    return [Fraction(3, 2) - (values[1] - values[0]) / first] if first == second != 0 else []


def _exactly_zero(value: Any) -> bool:
    """Not merely below the working precision, as 1 - sigmoid(1000) is."""
    return isinstance(value, Fraction) and value == 0


def _between(at: Callable, low: Fraction, high: Fraction) -> Any:
    """A root between two points of opposite sign: short and exact, or known to any precision."""
    bracket = [low, high]
    _bisect(at, bracket, 40)
    for size in (10, 1000):
        short = ((bracket[0] + bracket[1]) / 2).limit_denominator(size)
        if _exactly_zero(at(short)):
            return short

    def located(dps: int) -> Fraction:
        if dps > MOST_DIGITS:
            raise Unsettled("a breakpoint is known to a few hundred digits only", more_digits=False)
        _bisect(lambda value: at(value, dps + 20), bracket, int(3.4 * dps) + 10)
        return (bracket[0] + bracket[1]) / 2

    located.near = float(bracket[0])
    return located


def _bisect(at: Callable, bracket: list[Fraction], bits: int) -> None:
    rising = (at(bracket[1]) or 0) > 0
    while bracket[1] - bracket[0] > Fraction(1, 2**bits):
        middle = (bracket[0] + bracket[1]) / 2
        value = at(middle)
        if not value:
            bracket[:] = [middle, middle] if value == 0 else bracket
            return
        bracket[0 if (value > 0) != rising else 1] = middle


def around(found: list[Any], domain: Interval) -> Iterator[Any]:
    """Each root, both sides of it, a short number between neighbours, and one beyond either end."""
    ordered = sorted(found, key=lambda root: getattr(root, "near", root))
    places = [Fraction(root.near) if hasattr(root, "near") else root for root in ordered]
    yield from ordered
    ends = [places[0] - 2 if domain.low is None else domain.low] if places else []
    ends = [*ends, *places, *([places[-1] + 2 if domain.high is None else domain.high] if places else [])]
    for low, high in pairwise(ends):
        if low < high:
            yield shortest_between(low, high)
            gap = min(high - low, Fraction(1))
            for place in (shortest_between(low, low + gap / 500), shortest_between(high - gap / 500, high)):
                if domain.contains(place):
                    yield place


def shortest_between(low: Fraction, high: Fraction) -> Fraction:
    """The decimal with the fewest digits strictly between, near the middle."""
    size = 1
    while True:
        middle = Fraction(round((low + high) / 2 * size), size)
        if low < middle < high:
            return middle
        size *= 10
