"""What two unequal expressions have in common, read off their values: a sign, a factor, a lost sample count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice
from random import Random
from typing import Any

from autograder.domains import Integers, Matrices
from autograder.expressions.evaluate import Evaluator, context
from autograder.expressions.grid import Grid
from autograder.expressions.tree import Tree, substitute, symbol, symbols, walk
from autograder.expressions.values import Budget, Undefined, Unsettled
from autograder.judges.inner_slopes import lost_factor
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


@dataclass(frozen=True)
class Row:
    """Both sides at one point, entry by entry."""

    point: Point
    got: tuple
    expected: tuple


def near_miss(got: Tree, expected: Tree, variables: Mapping[str, str]) -> str:
    """The simplest relation between the two that holds at every point tried, as a sentence; "" when there is none."""
    space = Space(variables, symbols(got) | symbols(expected))
    points = _points(space)
    table = _table(got, expected, points)
    if len(table) < (_ENOUGH if space.domains else 1):
        return _transposed(got, expected, points)
    ratios = _ratios(table)
    return (
        _constant_factor(ratios, got, expected)
        or _variable_factor(ratios, space)
        or _transposed(got, expected, points)
        or _exchanged(got, expected, space, points)
        or _others(got, table)
        or lost_factor(got, expected, ratios)
        or _on_one_side(table)
    )


def _points(space: Space) -> list[Point]:
    random = Random("near miss")
    return [*islice(space.readable(), 10), *(space.sample(random) for _ in range(8))] if space.domains else [{}]


def _table(got: Tree, expected: Tree, points: list[Point]) -> list[Row]:
    """The points at which both sides have finite real entries of one shape, not all of them 0."""
    rows = []
    for point in points:
        (shape, a), (other, b) = _at(got, point), _at(expected, point)
        if shape and shape == other and any((*a, *b)):
            rows.append(Row(point, a, b))
    return rows


def _at(tree: Tree, point: Mapping[str, Any]) -> tuple[tuple | None, tuple]:
    """The shape and the finite real entries, or no shape."""
    try:
        value = Evaluator(point, 50, Budget(20_000)).value(tree)
    except (Undefined, Unsettled):
        return None, ()
    grid = value if isinstance(value, Grid) else Grid(((value,),))
    if any(isinstance(entry, bool) or hasattr(entry, "_mpc_") for entry in grid.entries):
        return None, ()
    return grid.shape, tuple(map(context(50).convert, grid.entries))


def _ratios(table: list[Row]) -> list[tuple[Point, Any]]:
    """got over expected at each point, None for something over 0; empty when entries of a matrix disagree about it."""
    found = []
    for row in table:
        pairs = list(zip(row.got, row.expected, strict=True))
        ratio = next((a / b for a, b in pairs if b), None)
        if ratio is not None and not all(_close(a, b * ratio) if b * ratio else not a for a, b in pairs):
            return []
        found.append((row.point, ratio))
    return found


def _close(a: Any, b: Any) -> bool:
    a, b = (context(50).convert(value) for value in (a, b))
    return abs(a - b) <= abs(b) * 1e-30


def _alike(one: tuple[tuple | None, tuple], other: tuple[tuple | None, tuple]) -> bool:
    return one[0] == other[0] and all(_close(a, b) for a, b in zip(one[1], other[1], strict=True))


def _constant_factor(ratios: list[tuple[Point, Any]], got: Tree, expected: Tree) -> str:
    if not ratios or any(ratio is None for _, ratio in ratios):
        return ""
    for factor, sentence in FACTORS.items():
        if all(_close(ratio, factor) for _, ratio in ratios):
            inner = lost_factor(got, expected, ratios) if abs(factor) < 1 else ""
            return f"{sentence}: {inner}" if inner else sentence
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
        for text, power in powers.items():
            factor = text.format(name)
            values = [power(point[name]) if point[name] or "/" not in text else None for point, _ in ratios]
            pairs = [(value, ratio) for value, (_, ratio) in zip(values, ratios, strict=True)]
            if all(value and ratio is not None and _close(ratio, value) for value, ratio in pairs):
                if text == "{}" and isinstance(space.domains.get(name), Integers):
                    return f"there is a factor {factor} too much: the sum is right, and 1/{name} would make it a mean"
                return f"there is a factor {factor} too much"
            if all(
                value == 0 if ratio is None else value and ratio and _close(1 / ratio, value) for value, ratio in pairs
            ):
                return f"a factor {factor} is missing, as when an inner derivative or a mean is forgotten"
    return ""


def _transposed(got: Tree, expected: Tree, points: list[Point]) -> str:
    turned = [(_at(Tree("T", (got,)), point), _at(expected, point)) for point in points]
    turned = [(a, b) for a, b in turned if a[0] and b[0]]
    if turned and max(turned[0][1][0]) > 1 and all(_alike(a, b) for a, b in turned):
        return "it is the transpose of what it should be: row and column index have changed places"
    return ""


def _exchanged(got: Tree, expected: Tree, space: Space, points: list[Point]) -> str:
    """Right after two variables, or the two branches of a case distinction, change places."""
    for words, changed in _exchanges(got, space):
        sides = [(_at(changed, point), _at(expected, point)) for point in points]
        sides = [(a, b) for a, b in sides if a[0] and b[0]]
        if len(sides) >= _ENOUGH and all(_alike(a, b) for a, b in sides):
            return words
    return ""


def _exchanges(got: Tree, space: Space) -> Iterator[tuple[str, Tree]]:
    for one, other in combinations(sorted(symbols(got) & set(space.point_names)), 2):
        changed = substitute(got, {one: symbol(other), other: symbol(one)})
        yield f"it is right once {one} and {other} change places: is an index in the wrong place?", changed
    for name in sorted(symbols(got)):
        if isinstance(space.domains.get(name), Matrices):
            yield f"it is right once {name} is transposed", substitute(got, {name: Tree("T", (symbol(name),))})
    cases = [node for node in walk(got) if node.head == "where"]
    if cases:
        yield "it is right once the two branches change places: which of them holds where?", _turned(got, cases[0])


def _turned(tree: Tree, case: Tree) -> Tree:
    """The tree with the two branches of one case distinction exchanged."""
    if tree == case:
        condition, one, other = case.args
        return Tree("where", (condition, other, one))
    parts = tuple(_turned(part, case) for part in tree.children)
    return Tree(tree.head, parts) if parts else tree


def _others(got: Tree, table: list[Row]) -> str:
    scalars = [row for row in table if len(row.got) == 1]
    if len(scalars) < len(table):
        return ""
    pairs = [(row.got[0], row.expected[0]) for row in scalars]
    if all(a and b and _close(a * b, 1) for a, b in pairs):
        return "it is upside down: your expression is one over the right one"
    gap = pairs[0][0] - pairs[0][1]
    if len(pairs) > 1 and gap and all(_close(a - b, gap) for a, b in pairs):
        return f"it is right up to a constant that is added, {_short(gap)}"
    plain = [row for row in scalars if row.point and not any(isinstance(v, Grid) for v in row.point.values())]
    mirrored = [(_at(got, {name: -value for name, value in row.point.items()}), row) for row in plain]
    if len(mirrored) >= _ENOUGH and all(a[0] and _close(a[1][0], row.expected[0]) for a, row in mirrored):
        return "it is the mirror image: right if every variable changes its sign"
    return ""


def _on_one_side(table: list[Row]) -> str:
    """The size is right, and the sign on one part only: the wrong branch of an absolute value or a root."""
    pairs = [(a, b) for row in table for a, b in zip(row.got, row.expected, strict=True)]
    if len(pairs) >= _ENOUGH and all(_close(abs(a), abs(b)) if b else not a for a, b in pairs):
        return "the size is right everywhere, and the sign is not: one branch has lost its minus"
    return ""
