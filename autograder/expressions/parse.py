"""From text to tree, by walking Python's own syntax tree: nothing in the text is ever executed."""

from __future__ import annotations

import ast
import re
from fractions import Fraction

from autograder.expressions.grammar import CONSTANTS, HEADS
from autograder.expressions.tree import (
    ONE,
    ExpressionError,
    ExpressionTooLarge,
    Tree,
    add,
    call,
    check_size,
    constant,
    divide,
    mul,
    negative,
    number,
    power,
    subtract,
    symbol,
)

MAX_TEXT = 8_000
_DECIMAL = re.compile(r"[0-9_]*\.?[0-9_]*(?:[eE][+-]?[0-9]{1,3})?")
_SPELLINGS = {"ln": "log", "abs": "Abs", "max": "Max", "min": "Min", "conjugate": "conj", "arctan": "atan"}
_SPELLINGS |= {"arctanh": "atanh", "arcsinh": "asinh", "arccosh": "acosh", "Derivative": "D", "Integral": "Int"}
_SPELLINGS |= {"Eq": "eq", "Ne": "ne", "Lt": "lt", "Le": "le", "Gt": "gt", "Ge": "ge", "logsumexp": "lse"}
_COMPARE = {ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne"}
_ALSO_SYMBOLS = {"T", "D"}  # a temperature, a dimension: only a call makes them functions
_CALLABLE = frozenset(HEADS) - {"add", "mul", "matmul", "pow", "row", "adj"} | {"sqrt", "log1p", "expm1"}


def parse(text: str) -> Tree:
    """The tree of a text such as "D(sigmoid(x), x)" (see chapters/expressions.md). Nothing is simplified.

    Raises ExpressionError with a sentence for the student, ExpressionTooLarge beyond the size limit.
    """
    if not isinstance(text, str):
        raise ExpressionError(f"an expression is written as text, not as {type(text).__name__}")
    if len(text) > MAX_TEXT:
        raise ExpressionTooLarge(f"the text of {len(text)} characters is too long to judge")
    source = " ".join(text.split())
    if not source:
        raise ExpressionError("the text is empty")
    try:
        body = ast.parse(source, mode="eval").body
    except (MemoryError, RecursionError) as error:
        raise ExpressionTooLarge("the expression is nested too deeply, or too long, to judge") from error
    except (SyntaxError, ValueError) as error:
        raise ExpressionError(_why_unreadable(source)) from error
    try:
        return check_size(_Reader(source).read(body))
    except RecursionError as error:
        raise ExpressionTooLarge("the expression is nested too deeply to judge") from error


def _why_unreadable(source: str) -> str:
    shown = source if len(source) <= 60 else source[:57] + "..."
    if product := re.search(r"(?<![A-Za-z_0-9.])(\d+)\s*([A-Za-z_(])", source):
        return f"{shown!r} cannot be read: between {product[1]} and {product[2]} write the product as *"
    if source.count("(") != source.count(")"):
        return f"{shown!r} cannot be read: the brackets do not match"
    return f"{shown!r} cannot be read as an expression"


class _Reader:
    """Reads the nodes of one text; the text itself is needed for decimals, which Python would round."""

    def __init__(self, source: str) -> None:
        self.source = source.encode()

    def read(self, node: ast.AST) -> Tree:
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise ExpressionError(f"{self._shown(node)!r} has no meaning in an expression")
        return method(node)

    def _shown(self, node: ast.AST) -> str:
        shown = self.source[getattr(node, "col_offset", 0) : getattr(node, "end_col_offset", 60)]
        return shown.decode(errors="replace")[:60]

    def _constant(self, node: ast.Constant) -> Tree:
        if isinstance(node.value, bool):
            return constant(str(node.value).lower())
        if isinstance(node.value, int):
            return number(node.value)
        shown = self._shown(node)
        if isinstance(node.value, float) and _DECIMAL.fullmatch(shown):
            return number(Fraction(shown.replace("_", "")))
        raise ExpressionError(f"{shown!r} is not a number of the course")

    def _name(self, node: ast.Name) -> Tree:
        if (node.id in _CALLABLE or node.id in _SPELLINGS) and node.id not in _ALSO_SYMBOLS:
            raise ExpressionError(f"{node.id} is a function: write {node.id}(...)")
        return constant(node.id) if node.id in CONSTANTS else symbol(node.id)

    def _unaryop(self, node: ast.UnaryOp) -> Tree:
        operand = self.read(node.operand)
        match node.op:
            case ast.USub():
                return negative(operand)
            case ast.UAdd():
                return operand
            case ast.Not():
                return call("Not", operand)
        raise ExpressionError(f"{self._shown(node)!r} has no meaning in an expression")

    def _binop(self, node: ast.BinOp) -> Tree:
        if isinstance(node.op, ast.BitXor):
            raise ExpressionError(f"{self._shown(node)!r}: a power is written **, not ^")
        if isinstance(node.op, ast.BitAnd | ast.BitOr):
            head = "And" if isinstance(node.op, ast.BitAnd) else "Or"
            return call(head, self.read(node.left), self.read(node.right))
        left, right = self.read(node.left), self.read(node.right)
        match node.op:
            case ast.Add():
                return add(left, right)
            case ast.Sub():
                return subtract(left, right)
            case ast.Mult():
                return mul(left, right)
            case ast.Div():
                return divide(left, right)
            case ast.Pow():
                return power(left, right)
            case ast.MatMult():
                return call("matmul", left, right)
        raise ExpressionError(f"{self._shown(node)!r} uses an operation that the course does not know")

    def _compare(self, node: ast.Compare) -> Tree:
        sides = [self.read(side) for side in (node.left, *node.comparators)]
        if not all(type(op) in _COMPARE for op in node.ops):
            raise ExpressionError(f"{self._shown(node)!r} is no comparison of the course")
        links = [
            call(_COMPARE[type(op)], left, right) for op, left, right in zip(node.ops, sides, sides[1:], strict=False)
        ]
        return links[0] if len(links) == 1 else call("And", *links)

    def _boolop(self, node: ast.BoolOp) -> Tree:
        head = "And" if isinstance(node.op, ast.And) else "Or"
        return call(head, *(self.read(value) for value in node.values))

    def _ifexp(self, node: ast.IfExp) -> Tree:
        return call("where", self.read(node.test), self.read(node.body), self.read(node.orelse))

    def _call(self, node: ast.Call) -> Tree:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise ExpressionError(f"{self._shown(node)!r} is not a call that the course knows")
        name = _SPELLINGS.get(node.func.id, node.func.id)
        if name not in _CALLABLE:
            raise ExpressionError(f"there is no function {name[:40]!r} in the course's expressions")
        if name == "Matrix":
            return self._matrix(node)
        args = [self.read(arg) for arg in node.args]
        match name:
            case "sqrt" if len(args) == 1:
                return power(args[0], number(Fraction(1, 2)))
            case "log1p" if len(args) == 1:
                return call("log", add(ONE, args[0]))
            case "expm1" if len(args) == 1:
                return subtract(call("exp", args[0]), ONE)
            case "log" if len(args) == 2:
                return divide(call("log", args[0]), call("log", args[1]))
            case "D":
                return derivative_node(*args)
            case "Int" if len(args) == 4 and args[1].head != "symbol":
                raise ExpressionError("Int(f, z, low, high) integrates over a symbol z")
            case "sqrt" | "log1p" | "expm1":
                raise ExpressionError(f"{name} takes 1 argument")
        return call(name, *args)

    def _matrix(self, node: ast.Call) -> Tree:
        rows = node.args[0].elts if len(node.args) == 1 and isinstance(node.args[0], ast.List) else []
        lists = [row.elts if isinstance(row, ast.List) else [row] for row in rows]
        if not lists or len({len(row) for row in lists}) != 1 or not lists[0]:
            raise ExpressionError("Matrix takes a list of rows of equal length: Matrix([[a, b], [c, d]])")
        return call("Matrix", *(call("row", *(self.read(entry) for entry in row)) for row in lists))


def derivative_node(*args: Tree) -> Tree:
    """D(f, x), D(f, x, 2), D(f, x, x), D(f, x, y): one node for each stretch of the same symbol."""
    if len(args) < 2:
        raise ExpressionError("D(f, x) takes an expression and the symbol to differentiate by")
    body, *rest = args
    while rest:
        by = rest.pop(0)
        if by.head != "symbol":
            raise ExpressionError("D(f, x) differentiates by a symbol")
        times = ONE
        if rest and rest[0].head == "number":
            times = rest.pop(0)
        if times.args[1] != 1 or not 1 <= times.args[0] <= 6:
            raise ExpressionError("D(f, x, n) differentiates n times, for n from 1 to 6")
        if body.head == "D" and body.args[1] == by and body.args[2].args[0] + times.args[0] <= 6:
            times, body = number(body.args[2].args[0] + times.args[0]), body.args[0]
        body = call("D", body, by, times)
    return body
