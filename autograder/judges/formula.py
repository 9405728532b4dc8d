"""A formula as a function on the extended reals, for the truth at any floating-point number.

`expressions.evaluate` decides what an expression means and refuses what has no meaning or grows beyond bounds. Truths
need the opposite: exp(1e308), the logarithm of 0 and arithmetic with infinities go on as IEEE 754 has it, because a
student's function will be asked for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

from mpmath import mp, mpf

from autograder.expressions import Tree, evaluate, parse

LARGEST_BITS = 1100  # exp of anything a float64 can hold; beyond, the result is infinite or 0 for every purpose
FARTHEST_ERF = mpf(10) ** 10


Compiled = Callable[[Mapping[str | int, mpf], int], Any]


@dataclass(frozen=True)
class Formula:
    """A function of (values by name, digits), to be called within `mp.workdps(digits)`.

    constants: how many constants it holds that no float is equal to, such as pi or 1/3. Among the values may be a
    factor for each, by number: what a rounding of the constant would do.
    """

    compute: Compiled
    constants: int

    def __call__(self, values: Mapping[str | int, mpf], dps: int) -> Any:
        return self.compute(values, dps)


def formula(text: str) -> Formula:
    numbers = count()
    return Formula(_compiled(parse(text), numbers), next(numbers))


def _compiled(tree: Tree, numbers: Iterator[int]) -> Compiled:
    if tree.symbols or _exact(tree):
        return _by_parts(tree, numbers)
    unseen = count()  # constants within a constant do not count
    known = lru_cache(maxsize=64)(lambda precision: _by_parts(tree, unseen)({}, mp.dps))
    number = next(numbers)
    return lambda env, dps: known(mp.prec) * env[number] if number in env else known(mp.prec)


def _exact(tree: Tree) -> bool:
    """Whether it is a number that a float may be equal to, or no number at all."""
    if tree.head in ("number", "float"):
        return tree.args[1] & (tree.args[1] - 1) == 0
    return (
        tree.head in COMPARED
        or (tree.head == "constant" and tree.args[0] == "oo")
        or bool(tree.head in ("add", "mul") and all(map(_exact, tree.args)))
    )


def _by_parts(tree: Tree, numbers: Iterator[int]) -> Compiled:
    if tree.head == "log" and tree.args[0].head == "sigmoid":  # here a cancellation would cost hundreds of digits
        inner = _compiled(tree.args[0].args[0], numbers)
        return lambda env, dps: -_softplus(-inner(env, dps))
    if tree.head in ("number", "float"):
        p, q = tree.args
        return lambda env, dps: mpf(p) / q
    if tree.head == "symbol":
        (name,) = tree.args
        return lambda env, dps: env[name]
    if tree.head == "constant" and tree.args[0] in CONSTANTS:
        constant = CONSTANTS[tree.args[0]]
        return lambda env, dps: +constant
    if tree.head == "where":
        condition, yes, no = (_compiled(part, numbers) for part in tree.args)
        return lambda env, dps: yes(env, dps) if condition(env, dps) else no(env, dps)
    if tree.head == "pow" and tree.args[1].head == "number" and tree.args[1].args[1] == 1:
        base, exponent = _compiled(tree.args[0], numbers), tree.args[1].args[0]
        return lambda env, dps: base(env, dps) ** exponent
    if tree.head in FUNCTIONS:
        function, parts = FUNCTIONS[tree.head], [_compiled(part, numbers) for part in tree.args]
        return lambda env, dps: function(*(part(env, dps) for part in parts))
    return lambda env, dps: evaluate(tree, env, dps)


def _exp(x: mpf) -> mpf:
    if mp.isfinite(x) and mp.mag(x) > LARGEST_BITS:
        return mp.inf if x > 0 else mpf(0)
    return mp.exp(x)


def _cosh(x: mpf) -> mpf:
    return (_exp(x) + _exp(-x)) / 2


def _sinh(x: mpf) -> mpf:
    return mp.sinh(x) if abs(x) < 1 else (_exp(x) - _exp(-x)) / 2


def _erfc(x: mpf) -> mpf:
    return mpf(0) if x > FARTHEST_ERF else mp.erfc(x)


def _softplus(x: mpf) -> mpf:
    return mp.log1p(_exp(-abs(x))) + max(x, mpf(0)) if not mp.isnan(x) else x


def _lse(*values: mpf) -> mpf:
    top = max(values)
    return top if mp.isinf(top) else top + mp.log(mp.fsum(_exp(value - top) for value in values))


def _product(*factors: mpf) -> mpf:
    return mp.fprod(factors) if all(map(mp.isfinite, factors)) else _folded(factors)


def _folded(factors: tuple[mpf, ...]) -> mpf:
    product = mpf(1)
    for factor in factors:
        product *= factor
    return product


COMPARED = {"lt", "le", "gt", "ge", "eq", "ne", "And", "Or", "Not"}
CONSTANTS = {"pi": mp.pi, "oo": mp.inf}
FUNCTIONS: dict[str, Callable] = {
    "add": lambda *terms: sum(terms[1:], terms[0]),
    "mul": _product,
    "pow": mp.power,
    "exp": _exp,
    "log": mp.log,
    "sin": mp.sin,
    "cos": mp.cos,
    "atan": mp.atan,
    "asinh": mp.asinh,
    "tanh": mp.tanh,
    "sinh": _sinh,
    "cosh": _cosh,
    "erf": mp.erf,
    "erfc": _erfc,
    "sigmoid": lambda x: 1 / (1 + _exp(-x)),
    "softplus": _softplus,
    "relu": lambda x: x if not x <= 0 else mpf(0),
    "Abs": abs,
    "sign": mp.sign,
    "Max": max,
    "Min": min,
    "lse": _lse,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "And": lambda *parts: all(parts),
    "Or": lambda *parts: any(parts),
    "Not": lambda part: not part,
}
