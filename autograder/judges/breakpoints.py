"""Where a formula changes its branch or loses its value: the places at which look-alikes part."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any

from autograder.expressions.tree import MINUS_ONE, ONE, Tree, negative, substitute, symbols, walk
from autograder.expressions.tree import subtract as minus
from autograder.judges.lines import Line

_SOFT = {"exp", "tanh", "sigmoid", "softplus", "erf", "erfc", "sinh", "cosh", "atan", "asinh"}
_POSITIVE = {"exp", "cosh", "sigmoid", "softplus"}


def switches(*trees: Tree) -> list[Tree]:
    """Expressions whose sign decides a branch, or whose zero makes the formula undefined."""
    found: dict[Tree, None] = {}
    integrals = [node for tree in trees for node in walk(tree) if node.head == "Int"]
    bound = {integral.args[1].args[0] for integral in integrals}
    for tree in trees:
        for node in walk(tree):
            for switch in (*_of(node), *_at_limits(node)):
                for factor in _factors(switch):
                    names = symbols(factor)
                    if names and not names & bound and not _surely_positive(factor):
                        found[factor] = None
    return list(found)


def soft_switches(*trees: Tree) -> list[Tree]:
    """Expressions near whose zeros a steep but smooth function does all that it does: u, u - 1 and u + 1 for exp(u)."""
    found: dict[Tree, None] = {}
    for tree in trees:
        for node in walk(tree):
            if node.head in _SOFT and symbols(node.args[0]):
                u = node.args[0]
                found |= dict.fromkeys((u, minus(u, ONE), minus(u, MINUS_ONE)))
    return list(found)


def _at_limits(node: Tree) -> Iterator[Tree]:
    """Where a limit of integration meets a kink of the integrand."""
    if node.head == "Int":
        body, by, *limits = node.args
        for inner in walk(body):
            for switch in _of(inner):
                yield from (substitute(switch, {by.args[0]: limit}) for limit in limits if symbols(limit))


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
        case (("atanh" | "asin" | "acos"), (u,)):
            yield from (minus(u, ONE), minus(u, MINUS_ONE))
        case "acosh", (u,):
            yield minus(u, ONE)
        case "LambertW", (u, *_):
            yield minus(u, negative(Tree("exp", (MINUS_ONE,))))


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


def around(found: list[Any], line: Line) -> Iterator[Any]:
    """Each root, both sides of it, a short number between neighbours, and one beyond either end."""
    domain, ordered = line.domain, sorted(found, key=where)
    places = [where(root) for root in ordered]
    if line.whole:
        whole = {floor(place) + step for place in places for step in (-1, 0, 1, 2)}
        yield from (Fraction(place) for place in sorted(whole) if domain.contains(place))
        return
    yield from ordered
    ends = [places[0] - 2 if domain.low is None else domain.low] if places else []
    ends = [*ends, *places, *([places[-1] + 2 if domain.high is None else domain.high] if places else [])]
    for low, high in pairwise(ends):
        if low < high:
            gap = min(high - low, Fraction(1))
            sides = shortest_between(low, low + gap / 500), shortest_between(high - gap / 500, high)
            for place in (shortest_between(low, high), *sides):
                if domain.contains(place):
                    yield place


def where(root: Any) -> Fraction:
    """About where a root lies."""
    return Fraction(root.near) if hasattr(root, "near") else root


def shortest_between(low: Fraction, high: Fraction) -> Fraction:
    """The decimal with the fewest digits strictly between, near the middle."""
    size = 1
    while True:
        middle = Fraction(round((low + high) / 2 * size), size)
        if low < middle < high:
            return middle
        size *= 10
