"""What the heads that make or take matrices compute."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from autograder.expressions.elementary import power
from autograder.expressions.grid import Grid
from autograder.expressions.tree import Tree
from autograder.expressions.values import Undefined


def _matrix(evaluator: Any, *rows: Tree) -> Grid:
    return Grid(tuple(tuple(evaluator.number(entry) for entry in row.args) for row in rows))


def _matmul(evaluator: Any, *parts: Tree) -> Any:
    result, *rest = [evaluator.grid(part) for part in parts]
    for part in rest:
        result = result @ part
    return result


def _inverse(evaluator: Any, grid: Grid) -> Grid:
    whole = power(evaluator, grid.determinant, Fraction(-1))
    return grid.adjugate.map(lambda entry: entry * whole)


def matrix_power(evaluator: Any, grid: Grid, exponent: Any) -> Grid:
    """A**n for n = -1, 1, 2, 3, 4."""
    if exponent == -1:
        return _inverse(evaluator, grid)
    if exponent not in (1, 2, 3, 4):
        raise Undefined("a matrix takes the powers -1, 1, 2, 3 and 4 only")
    result = grid
    for _ in range(int(exponent) - 1):
        result = result @ grid
    return result


MATRICES: dict[str, Callable] = {
    "Matrix": _matrix,
    "matmul": _matmul,
    "T": lambda evaluator, a: evaluator.grid(a).transposed,
    "trace": lambda evaluator, a: evaluator.grid(a).trace,
    "det": lambda evaluator, a: evaluator.grid(a).determinant,
    "diag": lambda evaluator, a: evaluator.grid(a).diagonal.map(lambda entry: entry or Fraction(0)),
    "scalar": lambda evaluator, a: evaluator.number(a),
    "adj": lambda evaluator, a: evaluator.grid(a).adjugate.map(lambda entry: Fraction(entry) if entry == 1 else entry),
    "inv": lambda evaluator, a: _inverse(evaluator, evaluator.grid(a)),
}
