"""Definite integrals to the working precision, split where the integrand has a kink."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from autograder.expressions.tree import Tree, subtract, symbols, walk
from autograder.expressions.values import Losses, Undefined, Unsettled, infinite

_DECIDING = {"Abs": 1, "sign": 1, "Heaviside": 1, "relu": 1}


_known: dict[tuple, Any] = {}  # integrals without parameters, which every point of a comparison needs anew


def integral(evaluator: Any, body: Tree, name: str, low: Any, high: Any) -> Any:
    """The integral over `name` from low to high; Unsettled when the quadrature does not reach the precision."""
    if symbols(body) - {name}:
        return _quadrature(evaluator, body, name, low, high)
    key = (body, name, low, high, evaluator.dps)
    if key not in _known:
        if len(_known) > 1_000:
            _known.clear()
        _known[key] = _quadrature(evaluator, body, name, low, high)
    return _known[key]


def _quadrature(evaluator: Any, body: Tree, name: str, low: Any, high: Any) -> Any:
    ctx = evaluator.ctx
    low, high = ctx.convert(low), ctx.convert(high)
    if any(hasattr(end, "_mpc_") for end in (low, high)):
        raise Undefined("an integral between complex numbers")
    if low == high:
        return Fraction(0)
    sign = 1
    if low > high:
        low, high, sign = high, low, -1
    cuts = sorted(kink for kink in _kinks(evaluator, body, name) if low < kink < high)
    if infinite(low) and infinite(high) and not cuts:
        cuts = [ctx.mpf(0)]

    def integrand(z: Any) -> Any:
        evaluator.budget.spend(evaluator.dps, 10)
        inside = evaluator.at(**{name: z})
        inside.lost = Losses()  # what the tails of an integrand lose is nothing beside the integral
        return ctx.convert(inside.number(body))

    value, error = ctx.quad(integrand, [low, *cuts, high], error=True)
    if not error <= abs(value) * ctx.mpf(10) ** (-evaluator.dps // 2) + ctx.mpf(10) ** (-evaluator.dps):
        raise Unsettled("the integral does not settle", more_digits=False)
    return sign * value


def _kinks(evaluator: Any, body: Tree, name: str) -> set:
    """Where a decision changes, as far as its argument is linear in the variable."""
    found = set()
    for node in walk(body):
        for switch in _switches(node):
            if name not in symbols(switch):
                continue
            at = [evaluator.at(**{name: Fraction(z)}).number(switch) for z in (0, 1, 2)]
            if at[0] + at[2] == 2 * at[1] and at[1] != at[0]:
                found.add(evaluator.ctx.convert(at[0]) / evaluator.ctx.convert(at[0] - at[1]))
    return found


def _switches(node: Tree) -> list[Tree]:
    if node.head in _DECIDING:
        return [node.args[0]]
    if node.head in ("lt", "le", "gt", "ge"):
        return [subtract(*node.args)]
    if node.head in ("Max", "Min"):
        return [subtract(a, b) for i, a in enumerate(node.args) for b in node.args[i + 1 :]]
    return []
