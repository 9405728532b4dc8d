"""Expressions as data: read from text or SymPy, never executed, evaluated to as many digits as a verdict needs."""

from autograder.expressions.evaluate import evaluate
from autograder.expressions.latex import symbol_latex, to_latex
from autograder.expressions.parse import parse
from autograder.expressions.sympy_bridge import as_tree, from_sympy
from autograder.expressions.sympy_export import to_sympy
from autograder.expressions.text import to_text
from autograder.expressions.tree import ExpressionError, ExpressionTooLarge, Tree, has_float, reordered, symbols
from autograder.expressions.values import Undefined, Unsettled
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
