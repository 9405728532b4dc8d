"""What two unequal expressions have in common, read off their values: a sign, a factor, a lost sample count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import islice
from random import Random
from typing import Any

from autograder.expressions.evaluate import Evaluator, context
from autograder.expressions.grid import Grid
from autograder.expressions.tree import Tree, symbols
from autograder.expressions.values import Budget, Undefined, Unsettled
from autograder.judges.points import Point, Space

FACTORS = {
    Fraction(-1): "only the sign is wrong",
    Fraction(2): "it is exactly twice too large",
    Fraction(1, 2): "it is exactly half of what it should be",
    Fraction(-2): "it is twice too large, and the sign is wrong",
    Fraction(-1, 2): "it is half of what it should be, and the sign is wrong",
    Fraction(4): "it is exactly four times too large",
    Fraction(1, 4): "it is exactly a quarter of what it should be",
}
_ENOUGH = 5


def near_miss(got: Tree, expected: Tree, variables: Mapping[str, str]) -> str:
    """The simplest relation between the two that holds at every point tried, as a sentence; "" when there is none."""
    space = Space(variables, symbols(got) | symbols(expected))
    points = _points(space)
    table = [(point, a, b) for point in points if (a := _at(got, point)) is not None and (b := _at(expected, point))]
    if len(table) < (_ENOUGH if space.domains else 1):
        return ""
    ratios = [(point, a / b) for point, a, b in table]
    return _constant_factor(ratios) or _variable_factor(ratios, space) or _others(got, table) or ""


def _points(space: Space) -> list[Point]:
    random = Random("near miss")
    return [*islice(space.readable(), 10), *(space.sample(random) for _ in range(8))] if space.domains else [{}]


def _at(tree: Tree, point: Mapping[str, Any]) -> Any:
    """A finite real value, or None."""
    try:
        value = Evaluator(point, 50, Budget(20_000)).value(tree)
    except (Undefined, Unsettled):
        return None
    if isinstance(value, Grid | bool) or hasattr(value, "_mpc_"):
        return None
    return context(50).convert(value)


def _close(a: Any, b: Any) -> bool:
    a, b = (context(50).convert(value) for value in (a, b))
    return abs(a - b) <= abs(b) * 1e-30


def _constant_factor(ratios: list[tuple[Point, Any]]) -> str:
    for factor, sentence in FACTORS.items():
        if all(_close(ratio, factor) for _, ratio in ratios):
            return sentence
    if len(ratios) > 1 and all(_close(ratio, ratios[0][1]) for _, ratio in ratios[1:]) and ratios[0][1]:
        return f"it is right up to a constant factor, {_short(ratios[0][1])}"
    return ""


def _short(value: Any) -> str:
    """A small fraction where the value is one."""
    if abs(value) > 1e15:
        return context(50).nstr(value, 6)
    simple = Fraction(float(value)).limit_denominator(100)
    return str(simple) if _close(value, simple) else f"{float(value):.6g}"


def _variable_factor(ratios: list[tuple[Point, Any]], space: Space) -> str:
    """A factor that is one of the variables: the inner derivative of a chain rule, or the n of a mean."""
    powers: dict[str, Callable] = {"{}": lambda v: v, "1/{}": lambda v: 1 / v, "{}**2": lambda v: v * v}
    powers |= {"-{}": lambda v: -v, "1 - {}": lambda v: 1 - v}
    names = [name for point, _ in ratios[:1] for name, value in point.items() if not isinstance(value, Grid)]
    for name in names:
        if any(not point[name] for point, _ in ratios):
            continue
        for text, power in powers.items():
            factor = text.format(name)
            if all(power(point[name]) and _close(ratio, power(point[name])) for point, ratio in ratios):
                return f"there is a factor {factor} too much"
            if all(power(point[name]) and _close(1 / ratio, power(point[name])) for point, ratio in ratios if ratio):
                return f"a factor {factor} is missing, as when an inner derivative or a mean is forgotten"
    return ""


def _others(got: Tree, table: list[tuple[Point, Any, Any]]) -> str:
    if all(a and _close(a * b, 1) for _, a, b in table):
        return "it is upside down: your expression is one over the right one"
    gap = table[0][1] - table[0][2]
    if len(table) > 1 and gap and all(_close(a - b, gap) for _, a, b in table):
        return f"it is right up to a constant that is added, {_short(gap)}"
    mirrored = [(_at(got, {name: -value for name, value in point.items()}), b) for point, _, b in _mirrors(table)]
    if len(mirrored) >= _ENOUGH and all(a is not None and _close(a, b) for a, b in mirrored):
        return "it is the mirror image: right if every variable changes its sign"
    return ""


def _mirrors(table: list[tuple[Point, Any, Any]]) -> list[tuple[Point, Any, Any]]:
    return [row for row in table if row[0] and not any(isinstance(value, Grid) for value in row[0].values())]
