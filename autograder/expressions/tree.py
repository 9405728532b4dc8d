"""An expression as plain data: a head and its arguments, never evaluated.

`x/x` stays `x/x`, `1 + 0` stays `1 + 0`: what a student wrote is what gets judged. Division and subtraction are
told as SymPy tells them (`a/b` is `a * b**-1`, `a - b` is `a + (-1)*b`), so both ways in lead to the same tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from autograder.expressions.grammar import ATOMS, COMPARISONS, CONSTANTS, HEADS, SYMMETRIC

MAX_SIZE, MAX_DEPTH = 2_000, 80  # of what a person hands in
ROOM_SIZE, ROOM_DEPTH = 60_000, 240  # of what grows from it, such as a second derivative
MAX_BITS = 12_000  # of an exact number
FLOAT_RANGE = 2**1024 - 2**970  # what rounds to a finite float64 lies below; SymPy's Floats go on for ever
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")


class ExpressionError(ValueError):
    """A text or an object that is no expression of the course; the message is a sentence for the student."""


class ExpressionTooLarge(ExpressionError):
    """More nodes, levels or digits than an honest answer needs."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Tree:
    """One node: `Tree("add", (a, b))`. Atoms hold plain data: `Tree("number", (1, 2))`, `Tree("symbol", ("x",))`.

    Raises ExpressionTooLarge when it would outgrow the room given to derived expressions.
    """

    head: str
    args: tuple
    size: int = field(init=False)
    depth: int = field(init=False)
    _hash: int = field(init=False)

    def __post_init__(self) -> None:
        children = () if self.head in ATOMS else self.args
        size = 1 + sum(child.size for child in children)
        depth = 1 + max((child.depth for child in children), default=0)
        if size > ROOM_SIZE or depth > ROOM_DEPTH:
            raise ExpressionTooLarge(f"the expression is too large: {size} parts, {depth} levels deep")
        object.__setattr__(self, "size", size)
        object.__setattr__(self, "depth", depth)
        object.__setattr__(self, "_hash", hash((self.head, self.args)))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: Any) -> bool:
        if self is other:
            return True
        if not isinstance(other, Tree):
            return NotImplemented
        return self._hash == other._hash and self.head == other.head and self.args == other.args

    def __reduce__(self) -> tuple:
        return Tree, (self.head, self.args)

    def __repr__(self) -> str:
        from autograder.expressions.text import to_text

        return f"<Tree {to_text(self)}>"

    @property
    def children(self) -> tuple[Tree, ...]:
        return () if self.head in ATOMS else self.args

    @property
    def symbols(self) -> frozenset[str]:
        """The names of the free symbols."""
        return symbols(self)

    @property
    def value(self) -> Fraction:
        """The exact value of a number or float."""
        return Fraction(*self.args)


def check_size(tree: Tree) -> Tree:
    """The tree itself; ExpressionTooLarge when it is larger than an answer may be."""
    if tree.size > MAX_SIZE or tree.depth > MAX_DEPTH:
        raise ExpressionTooLarge(
            f"the expression is too large to judge: {tree.size} parts, {tree.depth} levels deep "
            f"(the limits are {MAX_SIZE} and {MAX_DEPTH})"
        )
    return tree


def number(value: int | Fraction, *, exact: bool = True) -> Tree:
    """An exact rational; exact=False marks the value of a floating-point number."""
    value = Fraction(value)
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
        raise ExpressionTooLarge("the expression holds a number of thousands of digits")
    if not exact and not -FLOAT_RANGE < value < FLOAT_RANGE:
        raise ExpressionTooLarge("the expression holds a floating-point number beyond 1e308")
    return Tree("number" if exact else "float", (value.numerator, value.denominator))


def symbol(name: str) -> Tree:
    if not NAME.fullmatch(name):
        raise ExpressionError(f"{name[:40]!r} is no name for a symbol")
    return Tree("symbol", (name,))


def constant(name: str) -> Tree:
    if name not in CONSTANTS:
        raise ExpressionError(f"{name[:40]!r} is no constant of the course")
    return Tree("constant", (name,))


def call(head: str, *args: Tree) -> Tree:
    """A node with its number of arguments checked."""
    low, high = HEADS[head]
    if not low <= len(args) <= (high or len(args)):
        wanted = str(low) if low == high else f"{low} to {high}" if high else f"at least {low}"
        raise ExpressionError(f"{head} takes {wanted} argument{'' if wanted == '1' else 's'}, not {len(args)}")
    return Tree(head, args)


def _flat(head: str, terms: tuple[Tree, ...]) -> Tree:
    flat = tuple(part for term in terms for part in (term.args if term.head == head else (term,)))
    return flat[0] if len(flat) == 1 else Tree(head, flat)


def add(*terms: Tree) -> Tree:
    return _flat("add", terms) if terms else ZERO


def mul(*factors: Tree) -> Tree:
    return _flat("mul", factors) if factors else ONE


def power(base: Tree, exponent: Tree) -> Tree:
    return Tree("pow", (base, exponent))


def negative(tree: Tree) -> Tree:
    if tree.head in ("number", "float"):
        return Tree(tree.head, (-tree.args[0], tree.args[1]))
    return mul(MINUS_ONE, tree)


def subtract(a: Tree, b: Tree) -> Tree:
    return add(a, negative(b))


def divide(a: Tree, b: Tree) -> Tree:
    """a/b; a ratio of two exact numbers is a number."""
    if b.head == "number" and b.args[0] and a.head in ("number", "float"):
        return number(a.value / b.value, exact=a.head == "number")
    inverse = number(1 / b.value) if b.head == "number" and b.args[0] else power(b, MINUS_ONE)
    return inverse if a == ONE else mul(a, inverse)


ZERO, ONE, TWO, MINUS_ONE, HALF = (Tree("number", pair) for pair in ((0, 1), (1, 1), (2, 1), (-1, 1), (1, 2)))


def is_number(tree: Tree, value: int | Fraction | None = None) -> bool:
    return tree.head in ("number", "float") and (value is None or tree.value == value)


def walk(tree: Tree) -> Iterator[Tree]:
    """Every node, the root first."""
    stack = [tree]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.children))


def symbols(tree: Tree) -> frozenset[str]:
    """The free symbols: the z of Int(f, z, lo, hi) is not among them."""
    if tree.head == "symbol":
        return frozenset(tree.args)
    if tree.head == "Int":
        body, bound, low, high = tree.args
        return (symbols(body) - symbols(bound)) | symbols(low) | symbols(high)
    return frozenset().union(*(symbols(child) for child in tree.children))


def has_float(tree: Tree) -> bool:
    """Does a floating-point number occur, whose value is its 53 bits and not the decimal on the page?"""
    return any(node.head == "float" for node in walk(tree))


def substitute(tree: Tree, values: Mapping[str, Tree]) -> Tree:
    """The tree with symbols replaced; bound symbols stay."""
    if tree.head == "symbol":
        return values.get(tree.args[0], tree)
    if tree.head == "Int":
        values = {name: value for name, value in values.items() if name != tree.args[1].args[0]}
    if not tree.children:
        return tree
    children = tuple(substitute(child, values) for child in tree.children)
    if tree.head in ("add", "mul"):
        return _flat(tree.head, children)
    return tree if children == tree.args else Tree(tree.head, children)


def reordered(tree: Tree) -> Tree:
    """The same tree with sums, products and other symmetric heads in one fixed order.

    Nothing is computed except the sign of a product: `-(x/2)` and `(-1/2)*x` become one, `1 + 0` stays.
    """
    if not tree.children:
        return tree
    children = [reordered(child) for child in tree.args]
    if tree.head in COMPARISONS:
        mirrored, flip = COMPARISONS[tree.head]
        return Tree(mirrored, tuple(children[::-1] if flip else children))
    if tree.head in ("add", "mul"):
        children = list(_flat(tree.head, tuple(children)).children)
    if tree.head == "mul":
        children = _one_sign(children)
    if tree.head in SYMMETRIC:
        children.sort(key=_order)
    return children[0] if tree.head == "mul" and len(children) == 1 else Tree(tree.head, tuple(children))


def _one_sign(factors: list[Tree]) -> list[Tree]:
    rest = [factor for factor in factors if factor != MINUS_ONE]
    if (len(factors) - len(rest)) % 2 == 0:
        return rest or [ONE]
    for place, factor in enumerate(rest):
        if factor.head in ("number", "float"):
            return [*rest[:place], negative(factor), *rest[place + 1 :]]
    return [MINUS_ONE, *rest]


def _order(tree: Tree) -> tuple:
    return tree.head, tree.size, repr(tree)
