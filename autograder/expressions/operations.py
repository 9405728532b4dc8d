"""What each head of a tree computes, given the evaluator and the arguments still as trees."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from autograder.expressions.elementary import power
from autograder.expressions.grid import Grid
from autograder.expressions.integrate import integral
from autograder.expressions.matrices import MATRICES, matrix_power
from autograder.expressions.slopes import gradient, slope
from autograder.expressions.tree import Tree, subtract
from autograder.expressions.values import Undefined, infinite


def _symbol(evaluator: Any, name: str) -> Any:
    if name not in evaluator.env:
        raise Undefined(f"{name} has no value here")
    return evaluator.env[name]


def _constant(evaluator: Any, name: str) -> Any:
    match name:
        case "pi":
            return +evaluator.ctx.pi
        case "oo":
            return evaluator.ctx.inf
        case "I":
            return evaluator.ctx.mpc(0, 1)
        case "undefined":
            raise Undefined("no case covers this point")
    return name == "true"


def _add(evaluator: Any, *terms: Tree) -> Any:
    values = [evaluator.value(term) for term in terms]
    if any(isinstance(value, Grid) for value in values):
        total, *rest = [value if isinstance(value, Grid) else Grid(((value,),)) for value in values]
        for grid in rest:
            total = total + grid
        return total
    values = [evaluator.as_number(value) for value in values]
    total = sum(values[1:], values[0])
    if isinstance(total, Fraction) or infinite(total) or total != total:
        return total
    # a sum that cancels to the last digit is zero as far as these digits tell
    ctx = evaluator.ctx
    evaluator.note_absorbed(*values)
    scale = max(abs(ctx.convert(value)) for value in values)
    return ctx.mpf(0) if evaluator.below_precision(total, scale) else total


def _mul(evaluator: Any, *factors: Tree) -> Any:
    """Numbers times numbers, numbers times matrices, and matrices in their order."""
    values = [evaluator.value(factor) for factor in factors]
    grids = [value for value in values if isinstance(value, Grid)]
    numbers = [evaluator.as_number(value) for value in values if not isinstance(value, Grid)]
    product: Any = Fraction(1)
    for value in numbers:
        product = product * value
    if any(isinstance(value, Fraction) and not value for value in numbers) and not any(map(infinite, numbers)):
        product = Fraction(0)  # exactly, whatever the rounding of the others
    if not all(isinstance(value, Fraction) for value in numbers):
        evaluator.note_rounded(*numbers)
    if not grids:
        return product
    result, *rest = grids
    for grid in rest:
        result = result.map(lambda e, k=grid.rows[0][0]: e * k) if grid.shape == (1, 1) else result @ grid
    return result.map(lambda entry: entry * product)


def _pow(evaluator: Any, base: Tree, exponent: Tree) -> Any:
    value = evaluator.value(base)
    if isinstance(value, Grid) and value.shape != (1, 1):
        return matrix_power(evaluator, value, evaluator.number(exponent))
    return power(evaluator, evaluator.number(base), evaluator.number(exponent))


def _where(evaluator: Any, condition: Tree, one: Tree, other: Tree) -> Any:
    return evaluator.value(one if evaluator.holds(condition) else other)


def _extreme(direction: int) -> Callable:
    def compute(evaluator: Any, *args: Tree) -> Any:
        best = args[0]
        for other in args[1:]:
            if evaluator.sign(subtract(other, best)) * direction > 0:
                best = other
        # undefined anywhere is undefined
        return {arg: evaluator.number(arg) for arg in args}[best]

    return compute


def _relu(evaluator: Any, u: Tree) -> Any:
    return evaluator.number(u) if evaluator.sign(u) > 0 else Fraction(0)


def _abs(evaluator: Any, u: Tree) -> Any:
    value = evaluator.number(u)
    if hasattr(value, "_mpc_"):
        return abs(value)
    return -value if evaluator.sign(u) < 0 else value


def _delta(evaluator: Any, u: Tree) -> Any:
    if evaluator.sign(u):
        return Fraction(0)
    raise Undefined("the delta function has no value at 0")


OPERATIONS: dict[str, Callable] = {
    **MATRICES,
    "number": lambda evaluator, p, q: Fraction(p, q),
    "float": lambda evaluator, p, q: Fraction(p, q),
    "symbol": _symbol,
    "constant": _constant,
    "add": _add,
    "mul": _mul,
    "pow": _pow,
    "where": _where,
    "Max": _extreme(1),
    "Min": _extreme(-1),
    "relu": _relu,
    "Abs": _abs,
    "sign": lambda evaluator, u: Fraction(evaluator.sign(u)),
    "Heaviside": lambda evaluator, u: Fraction(evaluator.sign(u) + 1, 2),
    "DiracDelta": _delta,
    "D": lambda evaluator, body, by, times: slope(evaluator, body, by.args[0], times.args[0]),
    "grad": gradient,
    "Int": lambda evaluator, body, by, low, high: integral(
        evaluator, body, by.args[0], evaluator.number(low), evaluator.number(high)
    ),
}
