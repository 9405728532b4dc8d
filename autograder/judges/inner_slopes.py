"""The factor that a chain rule lost: the slope of something that stands inside a function."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice
from typing import Any

from autograder.expressions.differentiate import derivative
from autograder.expressions.evaluate import Evaluator, context
from autograder.expressions.text import to_text
from autograder.expressions.tree import Tree, is_number, mul, symbols, walk
from autograder.expressions.values import Budget, Undefined, Unsettled
from autograder.judges.points import Point

_MOST = 40
_LONG = 40  # characters of an inner expression that are still quoted


def lost_factor(got: Tree, expected: Tree, ratios: list[tuple[Point, Any]]) -> str:
    """A sentence when `expected / got` is the slope of an inner expression of one of them; "" otherwise.

    ratios: got over expected, at points; None for something over 0.
    """
    if not ratios or any(ratio == 0 for _, ratio in ratios):
        return ""
    ratios = [(point, 0 if ratio is None else 1 / ratio) for point, ratio in ratios]
    for place, (inner, slope) in enumerate(_slopes(got, expected)):
        if place >= _MOST:
            break
        if all(_is(slope, point, ratio) for point, ratio in ratios):
            return f"the chain rule has one factor more, the slope of the inner {_quoted(inner)}"
    for part in _parts(expected):
        if all(_is(part, point, ratio) for point, ratio in ratios):
            return "some factors of a product are there and some are missing: follow the chain rule to its end"
    return ""


def _slopes(got: Tree, expected: Tree) -> Iterator[tuple[Tree, Tree]]:
    """What stands inside a function or under a power, with its slopes."""
    seen = set()
    for tree in (got, expected):
        for node in walk(tree):
            for inner in node.args[:1] if node.head == "pow" else node.children:
                if node.head in ("add", "mul", "D", "Int", "row", "number") or inner in seen or not inner.children:
                    continue
                seen.add(inner)
                for name in sorted(symbols(inner)):
                    try:
                        yield inner, derivative(inner, name)
                    except KeyError:  # a head that has no rule, such as a comparison
                        break


def _parts(expected: Tree) -> Iterator[Tree]:
    """Products of some of the factors of a product."""
    factors = [factor for factor in expected.args if not is_number(factor)] if expected.head == "mul" else []
    for size in range(1, len(factors)):
        for few in islice(combinations(factors, size), _MOST):
            yield mul(*few)


def _is(tree: Tree, point: Point, value: Any) -> bool:
    try:
        found = context(50).convert(Evaluator(point, 50, Budget(5_000)).number(tree))
    except (Undefined, Unsettled):
        return False
    return bool(abs(found - value) <= abs(value) * 1e-30)


def _quoted(inner: Tree) -> str:
    text = to_text(inner)
    return text if len(text) <= _LONG else "expression"
