"""Values that came from a student, as plain Python numbers and lists, and as readable text."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.expressions import ExpressionError, Tree, to_text
from autograder.expressions import evaluate as evaluate_tree


def count_of(value: Any) -> int:
    """How many single values there are in nested lists, dicts and arrays."""
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, (list, tuple)):
        return sum(map(count_of, value))
    if isinstance(value, dict):
        return sum(map(count_of, value.values()))
    return 1


def plain(value: Any) -> Any:
    """Arrays as nested lists, NumPy scalars as Python's, constant expressions as numbers; the rest as it is."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Tree):
        return _constant(value)
    return value


def _constant(tree: Tree) -> Any:
    """An exact Fraction for a rational number, a float for another constant, the tree itself with symbols in it."""
    try:
        text = to_text(tree)
        return Fraction(text.replace(" ", ""))
    except (ValueError, ZeroDivisionError):
        pass
    try:
        return float(evaluate_tree(tree, {}))
    except (ExpressionError, ArithmeticError, LookupError, TypeError, ValueError):
        return tree


def shape_of(value: Any) -> tuple[int, ...] | None:
    """() for a number, (n,) for n numbers, (m, n) for a matrix; None for anything else."""
    if isinstance(value, (bool, str)) or value is None or isinstance(value, (dict, Tree)):
        return None
    if isinstance(value, (int, float, Fraction)):
        return ()
    if isinstance(value, list):
        shapes = {shape_of(item) for item in value}
        if len(shapes) == 1 and None not in shapes:
            return (len(value), *shapes.pop())
        return (0,) if not value else None
    return None


def shown(value: Any, digits: int = 6) -> str:
    """A value as a student would write it, long arrays cut."""
    value = plain(value)
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, float):
        return str(value) if not math.isfinite(value) or value == int(value) < 1e6 else f"{value:.{digits}g}"
    if isinstance(value, list):
        items = [shown(item, digits) for item in value[:6]]
        return "[" + ", ".join(items + (["..."] if len(value) > 6 else [])) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {shown(item, digits)}" for key, item in list(value.items())[:6]) + "}"
    text = to_text(value) if isinstance(value, Tree) else str(value)
    return text if len(text) <= 120 else text[:117] + "..."
