"""The roots of one expression along a line: exact where they are short, else to as many digits as are asked for."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from operator import itemgetter
from typing import Any

from autograder.expressions.evaluate import Evaluator, context
from autograder.expressions.tree import Tree
from autograder.expressions.values import Budget, Undefined, Unsettled
from autograder.judges.lines import Line

_GRID = "-1000 -100 -30 -10 -5 -3 -2 -1 -1/2 -1/10 -1/100 0 1/100 1/10 1/2 1 2 3 5 10 30 100 1000"
_TRIED = tuple(map(Fraction, _GRID.split()))
MOST_DIGITS = 400


def roots(switch: Tree, line: Line, budget: Budget) -> list[Any]:
    """Where the switch vanishes along the line.

    Exact fractions where possible; otherwise functions from digits to the root with so many digits.
    """
    at, domain = _along(switch, line, budget), line.domain
    straight = _straight_line(at)
    if straight is not None:
        return [straight] if domain.contains(straight) else []
    inside = [value for value in sorted({*_TRIED, *_vertex(at), *domain.readable}) if domain.contains(value)]
    values = [(place, at(place)) for place in inside]
    found: list[Any] = [place for place, value in values if _exactly_zero(value)]
    values = _with_hidden_crossings(at, [pair for pair in values if pair[1]])
    for (low, before), (high, after) in pairwise(values):
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


def _with_hidden_crossings(at: Callable, values: list[tuple]) -> list[tuple]:
    """The values, and one beyond zero wherever a function turns so close to zero that it may cross twice."""
    beyond = []
    sizes = [context(30).convert(value) for _, value in values]
    for place in range(1, len(values) - 1):
        side = 1 if sizes[place] > 0 else -1
        before, here, after = (size * side for size in sizes[place - 1 : place + 2])
        if before > here < after:
            low, middle, high = (where for where, _ in values[place - 1 : place + 2])
            beyond += _turning_point(at, low, middle, high, side)
    return sorted([*values, *beyond], key=itemgetter(0))


def _turning_point(at: Callable, low: Fraction, middle: Fraction, high: Fraction, side: int) -> list[tuple]:
    """Halve around the smallest value until it lies beyond zero, or is plainly not going to."""
    best = at(middle)
    if best is None:  # the budget is spent
        return []
    best = context(30).convert(best) * side
    for _ in range(16):
        left, right = (low + middle) / 2, (middle + high) / 2
        one, other = (value and context(30).convert(value) * side for value in (at(left), at(right)))
        if not one or not other:
            return []
        if min(one, other) < 0:
            return [(left, one * side) if one < other else (right, other * side)]
        if one < best:
            middle, high, best = left, middle, one
        elif other < best:
            low, middle, best = middle, right, other
        else:
            low, high = left, right
    return []


def vertex(switch: Tree, line: Line, budget: Budget) -> list[Fraction]:
    """Where a switch that is a parabola along the line turns."""
    return [place for place in _vertex(_along(switch, line, budget)) if line.domain.contains(place)]


def _along(switch: Tree, line: Line, budget: Budget) -> Callable:
    """The switch as a function of the number that moves along the line; None where it has no real value."""

    def at(value: Any, dps: int = 30) -> Any:
        try:
            found = Evaluator(line.at(value), dps, budget).number(switch)
        except (Undefined, Unsettled):
            return None
        return None if hasattr(found, "_mpc_") else found

    return at


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
        bits = int(3.33 * dps) + 70
        if not _by_secants(lambda value: at(value, dps + 30), bracket, bits):
            _bisect(lambda value: at(value, dps + 30), bracket, bits)
        return (bracket[0] + bracket[1]) / 2

    located.near = float(bracket[0])
    return located


def _by_secants(at: Callable, bracket: list[Fraction], bits: int) -> bool:
    """Narrow the bracket to 2^-bits in a few steps; False, and nothing changed, when secants lead astray."""
    unit = 2**bits
    (one, other), rising = bracket, (at(bracket[1]) or 0) > 0
    values = [at(one), at(other)]
    for _ in range(20):
        if not all(values) or values[0] == values[1]:
            break
        share = values[1] / (values[1] - values[0])
        share = Fraction(int(share * unit), unit)  # of the step from one to the other
        one, other = other, Fraction(round((other - share * (other - one)) * unit), unit)
        values = [values[1], at(other)]
        if abs(other - one) * unit < 2**8:
            break
    ends = [other - Fraction(2**9, unit), other + Fraction(2**9, unit)]
    signs = [at(end) for end in ends]
    if not all(signs) or (signs[0] > 0) == rising or (signs[1] > 0) != rising:
        return False
    if bracket[0] < ends[0] and ends[1] < bracket[1]:
        bracket[:] = ends
    return bracket[1] - bracket[0] < Fraction(2**11, unit)


def _bisect(at: Callable, bracket: list[Fraction], bits: int) -> None:
    rising = (at(bracket[1]) or 0) > 0
    while bracket[1] - bracket[0] > Fraction(1, 2**bits):
        middle = (bracket[0] + bracket[1]) / 2
        value = at(middle)
        if not value:
            bracket[:] = [middle, middle] if value == 0 else bracket
            return
        bracket[0 if (value > 0) != rising else 1] = middle
