"""Two expressions of one variable over its domain, as the data of a figure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from autograder.domains import Interval, parse_domain
from autograder.expressions.evaluate import Evaluator
from autograder.expressions.grid import Grid
from autograder.expressions.tree import Tree, symbols
from autograder.expressions.values import Budget, Undefined, Unsettled

POINTS = 161
_REACH = 6


def profile(got: Tree, expected: Tree, variables: Mapping[str, str], witness: Mapping[str, str]) -> dict[str, Any]:
    """x, got, truth as lists of floats (nan where there is no real value), the witness and the axis's name.

    Empty unless the two depend on exactly one real variable.
    """
    names = symbols(got) | symbols(expected)
    if len(names) != 1:
        return {}
    [name] = names
    domain = parse_domain(variables.get(name, "real"))
    if not isinstance(domain, Interval):
        return {}
    at = _number(witness.get(name, ""))
    low, high = _window(domain, at)
    xs = [low + (high - low) * i / (POINTS - 1) for i in range(POINTS)]
    xs = sorted({*(x for x in xs if domain.contains(x)), *([at] if at is not None else [])})
    budget = Budget(200_000)
    columns = [[_value(tree, name, x, budget) for x in xs] for tree in (got, expected)]
    return {"x": xs, "got": columns[0], "truth": columns[1], "witness": at, "xlabel": name}


def _number(text: str) -> float | None:
    try:
        top, _, bottom = text.partition("/")
        return float(top) / float(bottom or 1)
    except (ValueError, ZeroDivisionError):
        return None


def _window(domain: Interval, at: float | None) -> tuple[float, float]:
    reach = max(_REACH, 1.5 * abs(at or 0))
    low = -reach if domain.low is None else float(domain.low)
    high = reach if domain.high is None else float(domain.high)
    return (low, high) if low < high else (min(low, high) - 1, max(low, high) + 1)


def _value(tree: Tree, name: str, x: float, budget: Budget) -> float:
    try:
        value = Evaluator({name: x}, 20, budget).value(tree)
    except (Undefined, Unsettled):
        return float("nan")
    if isinstance(value, Grid | bool) or hasattr(value, "_mpc_"):
        return float("nan")
    try:
        return float(value)
    except OverflowError:  # of an exact number; others become infinite by themselves
        return math.inf if value > 0 else -math.inf
