"""Derivatives at a point. At a kink the slopes from both sides are compared: they agree, or there is none."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from autograder.expressions.differentiate import derivative, entry_derivative
from autograder.expressions.grid import Grid
from autograder.expressions.tree import ONE, ZERO, Tree
from autograder.expressions.values import Undefined


def slope(evaluator: Any, body: Tree, name: str, times: int) -> Any:
    """The derivative of order `times` by a number, at the evaluator's point.

    Raises Undefined where the body itself is undefined, and where the one-sided derivatives differ.
    """
    if name not in evaluator.env:
        raise Undefined(f"{name} has no value here")
    if isinstance(evaluator.env[name], Grid):
        raise Undefined("D differentiates by a number; for a matrix there is grad")
    orders = [body, *(derivative(body, name, n + 1) for n in range(times))]
    here = evaluator.at(evaluator.decider)
    values = [here.value(body)]
    if not here.tied:
        values.append(here.value(orders[-1]))
        if not here.tied:
            return values[-1]
    left, right = (_from_one_side(evaluator, orders, name, side) for side in (-1, 1))
    for a, b in ((left[0], values[0]), (right[0], values[0]), *zip(left, right, strict=True)):
        if not _same(evaluator, a, b):
            raise Undefined("a kink or a jump: there is no slope")
    return right[-1]


def _from_one_side(evaluator: Any, orders: list[Tree], name: str, side: int) -> list:
    """All orders at the point, every decision taken a hair to one side of it."""
    hair = Fraction(side, 10 ** (evaluator.dps // 4))
    beside = evaluator.at(None, **{name: evaluator.env[name] + hair})
    here = evaluator.at(beside)
    return [here.value(order) for order in orders]


def _same(evaluator: Any, a: Any, b: Any) -> bool:
    if isinstance(a, Grid):
        return all(_same(evaluator, x, y) for x, y in zip(a.entries, b.entries, strict=True))
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a == b
    tiny = evaluator.ctx.mpf(10) ** (-evaluator.dps // 2)
    return abs(evaluator.ctx.convert(a) - evaluator.ctx.convert(b)) <= tiny * (1 + abs(evaluator.ctx.convert(a)))


def gradient(evaluator: Any, body: Tree, by: Tree) -> Any:
    """The gradient of a number by a matrix, entry by entry, in the matrix's own shape."""
    if by.head == "Matrix":
        return Grid(tuple(tuple(evaluator.number(_by(body, entry)) for entry in row.args) for row in by.args))
    if by.head != "symbol":
        raise Undefined("grad differentiates by a symbol")
    point = evaluator.value(by)
    if not isinstance(point, Grid):
        return slope(evaluator, body, by.args[0], 1)
    evaluator.number(body)
    rows, columns = point.shape
    return Grid(
        tuple(
            tuple(
                evaluator.number(entry_derivative(body, by.args[0], _unit(rows, columns, i, j))) for j in range(columns)
            )
            for i in range(rows)
        )
    )


def _by(body: Tree, entry: Tree) -> Tree:
    return Tree("D", (body, entry, ONE))


def _unit(rows: int, columns: int, i: int, j: int) -> Tree:
    entries = (tuple(ONE if (a, b) == (i, j) else ZERO for b in range(columns)) for a in range(rows))
    return Tree("Matrix", tuple(Tree("row", row) for row in entries))
