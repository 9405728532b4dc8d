"""Expressions as data: read from text or SymPy, never executed, evaluated to as many digits as a verdict needs."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from autograder.expressions.latex import symbol_latex, to_latex
from autograder.expressions.parse import parse
from autograder.expressions.sympy_bridge import as_tree, from_sympy
from autograder.expressions.sympy_export import to_sympy
from autograder.expressions.text import to_text
from autograder.expressions.tree import ExpressionError, ExpressionTooLarge, Tree, has_float, reordered, symbols
from autograder.expressions.wire import decode, encode

__all__ = [
    "ExpressionError",
    "ExpressionTooLarge",
    "Tree",
    "Undefined",
    "Unsettled",
    "as_tree",
    "decode",
    "encode",
    "evaluate",
    "from_sympy",
    "has_float",
    "parse",
    "reordered",
    "symbol_latex",
    "symbols",
    "to_latex",
    "to_sympy",
    "to_text",
]

# Imported when they are first asked for: who only passes expressions on, as every student's process does, needs no mpmath.
_LATER = {"evaluate": "evaluate", "Undefined": "values", "Unsettled": "values"}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    return value
