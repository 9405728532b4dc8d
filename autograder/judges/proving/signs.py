"""The sign of a polynomial on a box: which of -1, 0 and 1 it may take, decided by simple and sound rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp

ANY = frozenset({-1, 0, 1})
POSITIVE, NEGATIVE, ZERO = frozenset({1}), frozenset({-1}), frozenset({0})


@dataclass(frozen=True)
class Range:
    """Where a generator lies: ends (None is infinite), and whether they belong to it."""

    low: Any = None
    high: Any = None
    has_low: bool = False
    has_high: bool = False

    @property
    def signs(self) -> frozenset[int]:
        found = set()
        if self.low is None or self.low < 0:
            found.add(-1)
        if self.high is None or self.high > 0:
            found.add(1)
        above = self.low is None or self.low < 0 or (self.low == 0 and self.has_low)
        below = self.high is None or self.high > 0 or (self.high == 0 and self.has_high)
        if above and below:
            found.add(0)
        return frozenset(found)


def times(one: frozenset[int], other: frozenset[int]) -> frozenset[int]:
    return frozenset(a * b for a in one for b in other)


def plus(one: frozenset[int], other: frozenset[int]) -> frozenset[int]:
    """The sign of a sum of two numbers of known signs."""
    found = set()
    for a in one:
        for b in other:
            found |= {a or b} if a * b >= 0 else ANY
    return frozenset(found)


def raised(signs: frozenset[int], exponent: int) -> frozenset[int]:
    return frozenset(sign**exponent if exponent >= 0 else sign for sign in signs) if exponent else POSITIVE


def opposite(signs: frozenset[int]) -> frozenset[int]:
    return frozenset(-sign for sign in signs)


def of_number(value: Any) -> frozenset[int]:
    return frozenset({int(sp.sign(value))})


def sign_on(polynomial: Any, ranges: Mapping[Any, Range], depth: int = 3) -> frozenset[int]:
    """The signs that a polynomial expression may take where its symbols lie in their ranges (default: anywhere)."""
    polynomial = sp.expand(polynomial)
    symbols = sorted(polynomial.free_symbols, key=str)
    if not symbols:
        return of_number(polynomial)
    by_terms = _by_terms(polynomial, ranges)
    if by_terms != ANY or depth == 0:
        return by_terms
    found = by_terms
    for symbol in symbols:
        where = ranges.get(symbol, Range())
        poly = sp.Poly(polynomial, symbol)
        if poly.degree() == 1 and where.low is not None and where.high is not None:
            found &= _between_ends(poly, symbol, where, ranges, depth)
        if poly.degree() == 2:
            found &= _by_discriminant(poly, ranges, depth)
        if len(symbols) == 1:
            found &= _by_roots(poly, where)
        if found != ANY:
            return found
    return found


def _by_terms(polynomial: Any, ranges: Mapping[Any, Range]) -> frozenset[int]:
    total = ZERO
    for term in sp.Add.make_args(polynomial):
        signs = POSITIVE
        for base, exponent in term.as_powers_dict().items():
            if base.is_number:
                signs = times(signs, raised(of_number(base), int(exponent)))
            else:
                signs = times(signs, raised(ranges.get(base, Range()).signs, int(exponent)))
        total = plus(total, signs)
    return total


def _between_ends(poly: Any, symbol: Any, where: Range, ranges: Mapping, depth: int) -> frozenset[int]:
    """A function that is linear in one variable lies between its values at the two ends."""
    low, high = (sign_on(poly.as_expr().subs(symbol, end), ranges, depth - 1) for end in (where.low, where.high))
    found = low | high
    if {-1, 1} <= found:
        return ANY
    strictly_inside = not where.has_low and not where.has_high
    if strictly_inside and any(0 not in side for side in (low, high)):
        return found - ZERO  # one end of a definite sign is enough
    return found


def _by_discriminant(poly: Any, ranges: Mapping, depth: int) -> frozenset[int]:
    a, b, c = poly.all_coeffs()
    lead = sign_on(a, ranges, depth - 1)
    if lead not in (POSITIVE, NEGATIVE):
        return ANY
    discriminant = sign_on(b * b - 4 * a * c, ranges, depth - 1)
    if discriminant == NEGATIVE:
        return lead
    return lead | ZERO if 1 not in discriminant else ANY


def _by_roots(poly: Any, where: Range) -> frozenset[int]:
    """One variable, rational coefficients: count the roots inside, as Sturm taught."""
    try:
        roots = poly.count_roots(where.low, where.high)
        at_ends = sum(poly.eval(end) == 0 for end in (where.low, where.high) if end is not None)
    except (sp.PolynomialError, NotImplementedError, ValueError):
        return ANY
    if roots > at_ends:
        return ANY
    inside = _inside(where)
    signs = of_number(poly.eval(inside))
    closed = [end for end, has in ((where.low, where.has_low), (where.high, where.has_high)) if has]
    return signs | (ZERO if any(poly.eval(end) == 0 for end in closed) else frozenset())


def _inside(where: Range) -> Any:
    if where.low is None and where.high is None:
        return sp.Integer(0)
    if where.low is None:
        return where.high - 1
    return where.low + 1 if where.high is None else (where.low + where.high) / 2
