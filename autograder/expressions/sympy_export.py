"""From tree to SymPy, for trees we trust to be small."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.expressions.grammar import SAME_NAME
from autograder.expressions.tree import Tree

_OTHER_NAME = {"conj": "conjugate", "lt": "Lt", "le": "Le", "gt": "Gt", "ge": "Ge", "eq": "Eq", "ne": "Ne"}
_OTHER_NAME |= {"add": "Add", "mul": "Mul", "pow": "Pow"}
_CONSTANTS = {"pi": "pi", "oo": "oo", "I": "I", "true": "true", "false": "false", "undefined": "nan"}


def to_sympy(tree: Tree, *, evaluate: bool = False, symbols: Mapping[str, Any] | None = None) -> Any:
    """The SymPy expression of a tree; with evaluate=True SymPy applies its automatic rules.

    symbols: name to SymPy object, for symbols with assumptions and for matrices; real symbols otherwise. sigmoid,
    softplus, relu and lse become undefined functions of that name.
    """
    import sympy as sp

    def convert(node: Tree) -> Any:
        args = node.args
        match node.head:
            case "number":
                return sp.Rational(*args)
            case "float":
                return sp.Float(float(node.value))
            case "symbol":
                return (symbols or {}).get(args[0]) or sp.Symbol(args[0], real=True)
            case "constant":
                return getattr(sp, _CONSTANTS[args[0]])
            case "where":
                condition, one, other = map(convert, args)
                return sp.Piecewise((one, condition), (other, True), evaluate=evaluate)
            case "D":
                return sp.Derivative(convert(args[0]), (convert(args[1]), args[2].args[0]))
            case "Int":
                return sp.Integral(convert(args[0]), tuple(map(convert, args[1:])))
            case "Matrix":
                return sp.Matrix([[convert(entry) for entry in row.args] for row in args])
        parts = list(map(convert, args))
        if any(isinstance(part, sp.MatrixBase | sp.MatrixExpr) for part in parts):
            return _of_matrices(node.head, parts)
        name = node.head if node.head in SAME_NAME else _OTHER_NAME.get(node.head)
        if name is None:
            return sp.Function(node.head)(*parts)
        return getattr(sp, name)(*parts, evaluate=evaluate)

    return convert(tree)


def _of_matrices(head: str, parts: list) -> Any:
    import sympy as sp

    match head:
        case "add":
            return sum(parts[1:], parts[0])
        case "mul" | "matmul":
            product = parts[0]
            for part in parts[1:]:
                product = product * part
            return product
        case "T":
            return parts[0].T
        case "inv":
            return parts[0].inv() if isinstance(parts[0], sp.MatrixBase) else parts[0].inverse()
        case "det":
            return sp.det(parts[0])
        case "trace":
            return sp.trace(parts[0])
        case "diag":
            return sp.diag(*parts[0])
        case "pow":
            return parts[0] ** parts[1]
        case "scalar":
            return parts[0][0, 0]
    raise ValueError(f"{head} of a matrix has no counterpart in SymPy")
