"""Trees as JSON and back. What comes in is validated as if an adversary had written it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from autograder.expressions.grammar import ATOMS, CONSTANTS, HEADS
from autograder.expressions.tree import (
    ExpressionError,
    ExpressionTooLarge,
    Tree,
    call,
    check_size,
    constant,
    number,
    symbol,
)

_TOO_DEEP = 200


def encode(tree: Tree) -> list:
    """Nested lists of strings and integers, ready for JSON; numbers as text, for JSON readers may round them."""
    if tree.head in ("number", "float"):
        return [tree.head, *(hex(part) for part in tree.args)]
    if tree.head in ATOMS:
        return [tree.head, *tree.args]
    return [tree.head, *(encode(arg) for arg in tree.args)]


def decode(data: Any) -> Tree:
    """The tree of `encode`. Raises ExpressionError on anything else, ExpressionTooLarge on a monster."""
    return check_size(_decode(data, 0))


def _decode(data: Any, level: int) -> Tree:
    if level > _TOO_DEEP:
        raise ExpressionTooLarge("the expression is nested too deeply")
    if not isinstance(data, list | tuple) or not data or not isinstance(data[0], str):
        raise ExpressionError("this is no encoded expression")
    head, *args = data
    if head in ATOMS:
        return _atom(head, args)
    if head not in HEADS:
        raise ExpressionError("the encoded expression has an unknown head")
    children = [_decode(arg, level + 1) for arg in args]
    tree = call(head, *children)
    if head in ("D", "Int", "Matrix"):
        _check_shape(tree)
    return tree


def _atom(head: str, args: list) -> Tree:
    if head in ("number", "float"):
        if len(args) != 2 or not all(isinstance(part, str) and len(part) < 4100 for part in args):
            raise ExpressionError("the encoded expression has a malformed number")
        try:
            return number(Fraction(int(args[0], 16), int(args[1], 16)), exact=head == "number")
        except (ValueError, ZeroDivisionError) as error:
            raise ExpressionError("the encoded expression has a malformed number") from error
    if len(args) != 1 or not isinstance(args[0], str):
        raise ExpressionError(f"the encoded expression has a malformed {head}")
    if head == "constant" and args[0] not in CONSTANTS:
        raise ExpressionError("the encoded expression has an unknown constant")
    return symbol(args[0]) if head == "symbol" else constant(args[0])


def _check_shape(tree: Tree) -> None:
    """What parse() guarantees by itself: bound symbols are symbols, counts are counts, rows are rows."""
    match tree.head, tree.args:
        case "D", (_, by, times):
            good = by.head == "symbol" and times.head == "number" and times.args[1] == 1 and 1 <= times.args[0] <= 6
        case "Int", (_, by, _, _):
            good = by.head == "symbol"
        case _, rows:
            good = all(row.head == "row" for row in rows) and len({len(row.args) for row in rows}) == 1
    if not good:
        raise ExpressionError(f"the encoded expression has a malformed {tree.head}")
