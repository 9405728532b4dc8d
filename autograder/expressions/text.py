"""From tree to text that reads like the page and parses back to the same tree."""

from __future__ import annotations

from autograder.expressions.grammar import SIGNS
from autograder.expressions.tree import MINUS_ONE, ONE, Tree

SUM, PRODUCT, SIGN, POWER, ATOM = 1, 2, 3, 4, 5
_WORDS = {"And": "and", "Or": "or"}


def to_text(tree: Tree) -> str:
    """The expression in the course's syntax."""
    return _write(tree)[0]


def _inside(tree: Tree, binding: int) -> str:
    text, level = _write(tree)
    return text if level >= binding else f"({text})"


def _write(tree: Tree) -> tuple[str, int]:
    """The text, and how tightly its outermost operation binds."""
    match tree.head:
        case "number":
            p, q = tree.args
            return (str(p) if q == 1 else f"{p}/{q}"), (PRODUCT if q != 1 else SIGN if p < 0 else ATOM)
        case "float":
            value = float(tree.value)
            return repr(value), ATOM if value >= 0 else SIGN
        case "symbol" | "constant":
            return str(tree.args[0]), ATOM
        case "add":
            return _sum(tree), SUM
        case "mul":
            return _product(tree), PRODUCT
        case "matmul":
            return "@".join(_inside(arg, SIGN) for arg in tree.args), PRODUCT
        case "pow":
            return _power(tree)
        case "D" if tree.args[2] == ONE:
            return f"D({to_text(tree.args[0])}, {to_text(tree.args[1])})", ATOM
        case "row":
            return "[" + ", ".join(map(to_text, tree.args)) + "]", ATOM
        case "Matrix":
            return "Matrix([" + ", ".join(map(to_text, tree.args)) + "])", ATOM
        case head if head in SIGNS:
            return f"{_inside(tree.args[0], SUM)} {SIGNS[head]} {_inside(tree.args[1], SUM)}", 0
    return f"{tree.head}({', '.join(map(to_text, tree.args))})", ATOM


def _sum(tree: Tree) -> str:
    out = ""
    for place, term in enumerate(tree.args):
        text = _inside(term, PRODUCT)
        if place and text.startswith("-"):
            out += f" - {text[1:]}"
        else:
            out += f" + {text}" if place else text
    return out


def _product(tree: Tree) -> str:
    out = ""
    factors = list(tree.args)
    if factors[0] == MINUS_ONE and not _write(factors[1])[0].startswith("-"):
        out = "-"
        factors.pop(0)
    for place, factor in enumerate(factors):
        after_number = place == 0 or factors[place - 1].head == "number"
        if factor.head == "number" and factor.args[0] == 1 and factor.args[1] != 1 and not after_number:
            out += f"/{factor.args[1]}"
        elif factor.head == "pow" and factor.args[1] == MINUS_ONE and place and factor.args[0].head != "number":
            out += f"/{_inside(factor.args[0], POWER)}"
        else:
            # a fraction may open a product bare; later on 2*1/3 would read as (2*1)/3
            text = _inside(factor, PRODUCT if place == 0 else SIGN)
            out += f"*({text})" if place and text.startswith("-") else f"*{text}" if place else text
    return out


def _power(tree: Tree) -> tuple[str, int]:
    base, exponent = tree.args
    if exponent.head == "number" and exponent.args == (1, 2):
        return f"sqrt({to_text(base)})", ATOM
    if exponent == MINUS_ONE and base.head != "number":
        return f"1/{_inside(base, POWER)}", PRODUCT
    below = _inside(base, ATOM)
    return f"{below}**{_inside(exponent, ATOM)}", POWER
