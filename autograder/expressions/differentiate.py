"""Derivatives of trees by the rules of the textbook. Right between kinks; the evaluator watches the kinks."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from autograder.expressions.tree import (
    HALF,
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    Tree,
    add,
    constant,
    divide,
    is_number,
    mul,
    negative,
    number,
    power,
    subtract,
    symbols,
)


def derivative(tree: Tree, name: str, times: int = 1) -> Tree:
    """The derivative by the symbol `name`, `times` over."""
    for _ in range(times):
        tree = _derive(tree, name, None)
    return tree


def entry_derivative(tree: Tree, name: str, unit: Tree) -> Tree:
    """The derivative by one entry of the matrix `name`; unit is the matrix with a 1 at that entry."""
    return _derive(tree, name, unit)


@lru_cache(maxsize=20_000)
def _derive(tree: Tree, name: str, unit: Tree | None) -> Tree:
    if tree.head == "symbol":
        return (unit or ONE) if tree.args[0] == name else ZERO
    if name not in symbols(tree):
        return ZERO
    return _RULES[tree.head](tree, lambda part: _derive(part, name, unit))


Rule = Callable[[Tree, Callable[[Tree], Tree]], Tree]


def _plus(*terms: Tree) -> Tree:
    kept = [term for term in terms if not is_number(term, 0)]
    return add(*kept) if kept else ZERO


def _times(*factors: Tree) -> Tree:
    if any(is_number(factor, 0) for factor in factors):
        return ZERO
    return mul(*(factor for factor in factors if factor != ONE))


def _matmul(left: Tree, right: Tree) -> Tree:
    return ZERO if ZERO in (left, right) else Tree("matmul", (left, right))


def _linear(tree: Tree, d: Callable) -> Tree:
    inner = d(tree.args[0])
    return ZERO if inner == ZERO else Tree(tree.head, (inner,))


def _product(tree: Tree, d: Callable) -> Tree:
    factors = tree.args
    return _plus(*(_times(*factors[:i], d(factor), *factors[i + 1 :]) for i, factor in enumerate(factors)))


def _matrix_product(tree: Tree, d: Callable) -> Tree:
    left, *rest = tree.args
    right = rest[0] if len(rest) == 1 else Tree("matmul", tuple(rest))
    return _plus(_matmul(d(left), right), _matmul(left, d(right)))


def _power(tree: Tree, d: Callable) -> Tree:
    base, exponent = tree.args
    slope_base, slope_exponent = d(base), d(exponent)
    log = Tree("log", (base,))
    if slope_exponent == ZERO:
        if is_number(exponent):
            return _times(exponent, _lowered(base, exponent), slope_base)
        return _times(exponent, power(base, subtract(exponent, ONE)), slope_base)
    if slope_base == ZERO:
        return _times(tree, log, slope_exponent)
    return _times(tree, _plus(_times(slope_exponent, log), _times(exponent, slope_base, power(base, MINUS_ONE))))


def _lowered(base: Tree, exponent: Tree) -> Tree:
    left = exponent.value - 1
    return base if left == 1 else power(base, number(left)) if left else ONE


def _extreme(tree: Tree, d: Callable) -> Tree:
    """Max and Min: the slope of the argument that wins."""
    above = "ge" if tree.head == "Max" else "le"
    first, *rest = tree.args
    if not rest:
        return d(first)
    wins = [Tree(above, (first, other)) for other in rest]
    condition = wins[0] if len(wins) == 1 else Tree("And", tuple(wins))
    return Tree("where", (condition, d(first), _extreme(Tree(tree.head, tuple(rest)), d)))


def _where(tree: Tree, d: Callable) -> Tree:
    condition, one, other = tree.args
    return Tree("where", (condition, d(one), d(other)))


def _logsumexp(tree: Tree, d: Callable) -> Tree:
    return _plus(*(_times(Tree("exp", (subtract(part, tree),)), d(part)) for part in tree.args))


def _nested(tree: Tree, d: Callable) -> Tree:
    """D(f, y) by x is D(df/dx, y); by y itself it is one order more."""
    body, by, times = tree.args
    slope = d(body)
    return ZERO if slope == ZERO else Tree("D", (slope, by, times))


def _integral(tree: Tree, d: Callable) -> Tree:
    from autograder.expressions.tree import substitute

    body, by, low, high = tree.args
    bound = by.args[0]
    inside = d(body) if d(by) == ZERO else ZERO
    ends = [
        _times(sign, substitute(body, {bound: end}), d(end))
        for sign, end in ((ONE, high), (MINUS_ONE, low))
        if d(end) != ZERO
    ]
    return _plus(ZERO if inside == ZERO else Tree("Int", (inside, by, low, high)), *ends)


def _matrix(tree: Tree, d: Callable) -> Tree:
    return Tree("Matrix", tuple(Tree("row", tuple(d(entry) for entry in row.args)) for row in tree.args))


def _inverse(tree: Tree, d: Callable) -> Tree:
    inner = d(tree.args[0])
    return ZERO if inner == ZERO else negative(_matmul(tree, _matmul(inner, tree)))


def _determinant(tree: Tree, d: Callable) -> Tree:
    """Through the adjugate, which exists where the inverse does not."""
    inner = d(tree.args[0])
    return ZERO if inner == ZERO else Tree("trace", (_matmul(Tree("adj", tree.args), inner),))


def _adjugate(tree: Tree, d: Callable) -> Tree:
    """The derivative of det(A) inv(A)."""
    return d(mul(Tree("det", tree.args), Tree("inv", tree.args)))


def _gradient(tree: Tree, d: Callable) -> Tree:
    inner = d(tree.args[0])
    return ZERO if inner == ZERO else Tree("grad", (inner, tree.args[1]))


def _square(u: Tree) -> Tree:
    return power(u, TWO)


def _f(head: str, *args: Tree) -> Tree:
    return Tree(head, args)


_GAUSS = divide(TWO, power(constant("pi"), HALF))


def _bell(u: Tree) -> Tree:
    return mul(_GAUSS, _f("exp", negative(_square(u))))


_SLOPES: dict[str, Callable[[Tree], Tree]] = {
    "exp": lambda u: _f("exp", u),
    "log": lambda u: power(u, MINUS_ONE),
    "sin": lambda u: _f("cos", u),
    "cos": lambda u: negative(_f("sin", u)),
    "tan": lambda u: add(ONE, _square(_f("tan", u))),
    "asin": lambda u: power(subtract(ONE, _square(u)), negative(HALF)),
    "acos": lambda u: negative(power(subtract(ONE, _square(u)), negative(HALF))),
    "atan": lambda u: power(add(ONE, _square(u)), MINUS_ONE),
    "sinh": lambda u: _f("cosh", u),
    "cosh": lambda u: _f("sinh", u),
    "tanh": lambda u: subtract(ONE, _square(_f("tanh", u))),
    "asinh": lambda u: power(add(_square(u), ONE), negative(HALF)),
    "acosh": lambda u: mul(power(subtract(u, ONE), negative(HALF)), power(add(u, ONE), negative(HALF))),
    "atanh": lambda u: power(subtract(ONE, _square(u)), MINUS_ONE),
    "erf": _bell,
    "erfc": lambda u: negative(_bell(u)),
    "sigmoid": lambda u: mul(_f("sigmoid", u), subtract(ONE, _f("sigmoid", u))),
    "softplus": lambda u: _f("sigmoid", u),
    "relu": lambda u: _f("where", _f("gt", u, ZERO), ONE, ZERO),
    "Abs": lambda u: _f("sign", u),
    "sign": lambda u: ZERO,
    "Heaviside": lambda u: ZERO,
    "DiracDelta": lambda u: ZERO,
    "LambertW": lambda u: divide(_f("exp", negative(_f("LambertW", u))), add(ONE, _f("LambertW", u))),
}


def _chain(tree: Tree, d: Callable) -> Tree:
    if len(tree.args) == 2:  # another branch of LambertW
        u, branch = tree.args
        w = Tree("LambertW", (u, branch))
        return _times(divide(_f("exp", negative(w)), add(ONE, w)), d(u))
    (u,) = tree.args
    return _times(_SLOPES[tree.head](u), d(u))


_RULES: dict[str, Rule] = {
    **dict.fromkeys(_SLOPES, _chain),
    **dict.fromkeys(("T", "trace", "diag", "scalar", "conj", "re", "im"), _linear),
    "add": lambda tree, d: _plus(*(d(term) for term in tree.args)),
    "mul": _product,
    "matmul": _matrix_product,
    "pow": _power,
    "Max": _extreme,
    "Min": _extreme,
    "where": _where,
    "lse": _logsumexp,
    "D": _nested,
    "Int": _integral,
    "Matrix": _matrix,
    "inv": _inverse,
    "det": _determinant,
    "adj": _adjugate,
    "grad": _gradient,
}
