"""From tree to LaTeX, as one would write it on a board: fractions, roots, cases, sigma for the sigmoid."""

from __future__ import annotations

import re

from autograder.expressions.tree import HALF, MINUS_ONE, ONE, Tree, number

SUM, PRODUCT, SIGN, POWER, ATOM = 1, 2, 3, 4, 5

_LOWER = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau phi chi psi omega"
_UPPER = "Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
_GREEK = frozenset(f"{_LOWER} {_UPPER}".split())
_NAMES = {name: f"\\{name}" for name in ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "det")}
_NAMES |= {"asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan", "sigmoid": r"\sigma"}
_NAMES |= {"DiracDelta": r"\delta", "Heaviside": r"\theta", "LambertW": "W", "Max": r"\max", "Min": r"\min"}
_NAMES |= {"grad": r"\nabla", "sign": r"\operatorname{sign}", "trace": r"\operatorname{tr}"}
_CONSTANTS = {"pi": r"\pi", "oo": r"\infty", "I": r"\mathrm{i}", "undefined": r"\text{undefined}"}
_CONSTANTS |= {"true": r"\text{true}", "false": r"\text{false}"}
_SIGNS = {"lt": "<", "le": r"\le", "gt": ">", "ge": r"\ge", "eq": "=", "ne": r"\ne"}


def to_latex(tree: Tree) -> str:
    """LaTeX for the inside of a formula."""
    return _write(tree)[0]


def symbol_latex(name: str) -> str:
    """x, w_{11}, \\alpha, \\hat{y}: a name as mathematics."""
    stem, tail = re.fullmatch(r"(.*?)_?(\d*)", name).groups()
    if not stem:
        return name.replace("_", r"\_")
    if "_" in stem:
        stem, _, word = stem.partition("_")
        if word == "hat":
            return rf"\hat{{{symbol_latex(stem)}}}" + (f"_{{{tail}}}" if tail else "")
        tail = f"{word}{tail}".replace("_", r"\,")
        tail = tail if len(tail) == 1 or tail.isdigit() else rf"\mathrm{{{tail}}}"
    if stem == "lam":
        stem = "lambda"
    shown = f"\\{stem}" if stem in _GREEK else stem if len(stem) < 2 else rf"\mathrm{{{stem}}}"
    return f"{shown}_{{{tail}}}" if tail else shown


def _inside(tree: Tree, binding: int) -> str:
    text, level = _write(tree)
    return text if level >= binding else _brackets(text)


def _brackets(text: str) -> str:
    tall = re.search(r"\\(frac|begin|int|left|sqrt)|\^", text)
    return rf"\left({text}\right)" if tall else f"({text})"


def _write(tree: Tree) -> tuple[str, int]:
    args = tree.args
    match tree.head:
        case "number" | "float":
            return _number(tree)
        case "symbol":
            return symbol_latex(args[0]), ATOM
        case "constant":
            return _CONSTANTS[args[0]], ATOM
        case "add":
            return _sum(tree), SUM
        case "mul":
            return _product(tree)
        case "matmul":
            return r"\,".join(_inside(arg, SIGN) for arg in args), PRODUCT
        case "pow":
            return _power(*args)
        case "exp":
            return f"e^{{{to_latex(args[0])}}}", POWER
        case "Abs":
            return rf"\left|{to_latex(args[0])}\right|", ATOM
        case "T":
            return rf"{_inside(args[0], ATOM)}^{{\top}}", POWER
        case "inv":
            return f"{_inside(args[0], ATOM)}^{{-1}}", POWER
        case "conj":
            return rf"\overline{{{to_latex(args[0])}}}", ATOM
        case "scalar":
            return _write(args[0])
        case "where":
            return _cases(tree), ATOM
        case "D":
            return _derivative(*args)
        case "Int":
            body, by, low, high = args
            limits = rf"\int_{{{to_latex(low)}}}^{{{to_latex(high)}}}"
            return rf"{limits} {_inside(body, PRODUCT)} \, d{to_latex(by)}", PRODUCT
        case "grad":
            return rf"\nabla_{{{to_latex(args[1])}}} {_inside(args[0], PRODUCT)}", PRODUCT
        case "row":
            return " & ".join(map(to_latex, args)), ATOM
        case "Matrix":
            return r"\begin{pmatrix} " + r" \\ ".join(map(to_latex, args)) + r" \end{pmatrix}", ATOM
        case "And":
            return r" \text{ and } ".join(map(to_latex, args)), 0
        case "Or":
            return r" \text{ or } ".join(map(to_latex, args)), 0
        case "Not":
            return rf"\text{{not }} {_inside(args[0], ATOM)}", 0
        case head if head in _SIGNS:
            return f"{to_latex(args[0])} {_SIGNS[head]} {to_latex(args[1])}", 0
    name = _NAMES.get(tree.head, rf"\operatorname{{{tree.head}}}")
    return name + _brackets(", ".join(map(to_latex, args))), ATOM


def _number(tree: Tree) -> tuple[str, int]:
    if tree.head == "float":
        text = repr(float(tree.value))
        if "e" in text:
            digits, exponent = text.split("e")
            return rf"{digits} \cdot 10^{{{int(exponent)}}}", SIGN
        return text, SIGN if text.startswith("-") else ATOM
    p, q = tree.args
    text = str(abs(p)) if q == 1 else rf"\frac{{{abs(p)}}}{{{q}}}"
    return (f"-{text}", SIGN) if p < 0 else (text, ATOM if q == 1 else PRODUCT)


def _sum(tree: Tree) -> str:
    out = ""
    for place, term in enumerate(tree.args):
        text = _inside(term, PRODUCT)
        out += text if not place else f" - {text[1:].lstrip()}" if text.startswith("-") else f" + {text}"
    return out


def _product(tree: Tree) -> tuple[str, int]:
    """Factors with a negative exponent go below the line; one common line for all of them."""
    sign, above, below = 1, [], []
    for factor in tree.args:
        if factor.head == "number":
            p, q = factor.args
            sign = -sign if p < 0 else sign
            above += [number(abs(p))] if abs(p) != 1 else []
            below += [number(q)] if q != 1 else []
        elif factor.head == "pow" and factor.args[1].head == "number" and factor.args[1].args[0] < 0:
            flipped = number(-factor.args[1].value)
            below.append(factor.args[0] if flipped == ONE else Tree("pow", (factor.args[0], flipped)))
        else:
            above.append(factor)
    minus = "-" if sign < 0 else ""
    if below:
        return rf"{minus}\frac{{{_side(above)}}}{{{_side(below)}}}", PRODUCT
    lone_sum = minus and len(above) == 1 and above[0].head == "add"
    return minus + (_inside(above[0], SIGN) if lone_sum else _side(above)), PRODUCT


def _side(factors: list[Tree]) -> str:
    if not factors:
        return "1"
    if len(factors) == 1:
        return to_latex(factors[0])
    out = ""
    for place, factor in enumerate(factors):
        last = place == len(factors) - 1
        # an integral, a derivative or a fraction in the middle would swallow what follows
        text = _inside(factor, SIGN if factor.head in ("add", "Int", "D", "grad", "number") or not last else PRODUCT)
        text = _brackets(text) if place and text.startswith("-") else text
        out += rf" \cdot {text}" if place and text[0].isdigit() else f" {text}" if place else text
    return out


def _power(base: Tree, exponent: Tree) -> tuple[str, int]:
    if exponent == HALF:
        return rf"\sqrt{{{to_latex(base)}}}", ATOM
    if exponent == MINUS_ONE:
        return rf"\frac{{1}}{{{to_latex(base)}}}", PRODUCT
    if exponent.head == "number" and exponent.args[0] < 0:
        return rf"\frac{{1}}{{{_power(base, number(-exponent.value))[0]}}}", PRODUCT
    if base.head in ("tanh", "sinh", "cosh", "sin", "cos", "tan", "log", "sigmoid") and exponent.head == "number":
        return f"{_NAMES[base.head]}^{{{to_latex(exponent)}}}{_brackets(to_latex(base.args[0]))}", POWER
    return f"{_inside(base, ATOM)}^{{{to_latex(exponent)}}}", POWER


def _cases(tree: Tree) -> str:
    lines = []
    while tree.head == "where":
        condition, value, tree = tree.args
        lines.append(rf"{to_latex(value)} & \text{{if }} {to_latex(condition)}")
    if tree != Tree("constant", ("undefined",)):
        lines.append(rf"{to_latex(tree)} & \text{{otherwise}}")
    return r"\begin{cases} " + r" \\ ".join(lines) + r" \end{cases}"


def _derivative(body: Tree, by: Tree, times: Tree) -> tuple[str, int]:
    x, n = to_latex(by), times.args[0]
    above, below = ("d", f"d{x}") if n == 1 else (f"d^{{{n}}}", f"d{x}^{{{n}}}")
    return rf"\frac{{{above}}}{{{below}}} {_inside(body, SIGN)}", PRODUCT
