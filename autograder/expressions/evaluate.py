"""The value of a tree at a point: exact fractions as long as possible, mpmath from there on.

An exact zero is a Fraction; a zero that is only zero to the working precision is an mpf. The first makes a division
undefined, the second only asks for more digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import mpmath
from mpmath.ctx_mp import MPContext

from autograder.expressions.elementary import ELEMENTARY
from autograder.expressions.grammar import CONDITIONS
from autograder.expressions.grid import Grid, ShapeError
from autograder.expressions.operations import OPERATIONS
from autograder.expressions.tree import Tree, subtract
from autograder.expressions.values import Budget, Losses, Undefined, Unsettled, as_real, to_value

PRECISIONS = (50, 100, 200, 400, 800, 1600, 3200)


def evaluate(tree: Tree, env: Mapping[str, Any] | None = None, dps: int = 50) -> Any:
    """The value at a point to `dps` digits: an mpf, an mpc, a matrix of them, or a bool for a condition.

    env: name to number (int, Fraction, float, mpf) or matrix (nested lists, mpmath matrix).
    Raises Undefined where there is no value: division by zero, log(0), a derivative at a kink, an order of complex
    numbers, shapes that do not fit, a symbol without a value. Raises Unsettled where 3200 digits did not settle it.
    """
    value = settle(tree, env or {}, dps)
    if isinstance(value, Grid):
        return mpmath.matrix([[_public(entry, dps) for entry in row] for row in value.rows])
    return value if isinstance(value, bool) else _public(value, dps)


def settle(tree: Tree, env: Mapping[str, Any], dps: int = 50, budget: Budget | None = None) -> Any:
    """The value at the first precision, from `dps` on, which decides what the tree means there."""
    budget = budget or Budget()
    for digits in (dps, *(step for step in PRECISIONS if step > dps)):
        try:
            return Evaluator(env, digits, budget).value(tree)
        except Unsettled as error:
            if not error.more_digits:
                raise
            reason = error
    raise Undefined(str(reason))


def _public(value: Any, dps: int) -> Any:
    if isinstance(value, Fraction | int):
        with mpmath.workdps(dps + 5):
            return mpmath.mpf(value.numerator) / value.denominator
    if hasattr(value, "_mpc_"):
        return mpmath.mp.make_mpc(value._mpc_)
    return mpmath.mp.make_mpf(value._mpf_)


@lru_cache(maxsize=16)
def context(dps: int) -> MPContext:
    ctx = MPContext()
    ctx.dps = dps + 10
    return ctx


def _bits(dps: int) -> int:
    return int(dps * 3.3219)


@lru_cache(maxsize=16)
def _rounding(dps: int) -> Any:
    """What may be left of 1 where everything cancels."""
    ctx = context(dps)
    return ctx.mpf(10) ** (6 - ctx.dps)


class Evaluator:
    """Values of trees at one point and one precision.

    decider: where decisions (comparisons, the sign inside an absolute value) are taken, when that is not here: a
    hair to the left or right, for one-sided derivatives. tied: has any decision been a tie?
    lost: what the working precision has swallowed so far.
    """

    def __init__(self, env: Mapping[str, Any], dps: int, budget: Budget, decider: Evaluator | None = None) -> None:
        self.ctx = context(dps)
        self.dps, self.budget = dps, budget
        self.env = {name: to_value(value, self.ctx, dps) for name, value in env.items()}
        self.decider = decider
        self.tied = False
        self.lost = Losses()
        self._known: dict[Tree, Any] = {}

    def at(self, decider: Evaluator | None = None, **changed: Any) -> Evaluator:
        """Another evaluator, with some symbols elsewhere."""
        other = Evaluator({**self.env, **changed}, self.dps, self.budget, decider)
        other.lost = self.lost
        return other

    def below_precision(self, value: Any, scale: Any) -> bool:
        """Is the value nothing but rounding, next to what it was made of? Then this is remembered as lost."""
        noise = scale * _rounding(self.dps)
        if abs(value) > noise:
            return False
        self.lost.cancelled.append(noise)
        return True

    def note_absorbed(self, *values: Any) -> None:
        """Remember it when terms of one sum differ by more digits than are carried, or an exact one is rounded."""
        if self.lost.absorbed or all(isinstance(value, Fraction) for value in values):
            return
        sizes = [self.ctx.mag(self.ctx.convert(value)) for value in values if value]
        if sizes and max(sizes) - min(sizes) > _bits(self.dps):
            self.lost.absorbed = True
        self.note_rounded(*values)

    def note_rounded(self, *values: Any) -> None:
        """Remember it when an exact number has more digits than are carried."""
        most = self.ctx.prec
        if any(isinstance(value, Fraction) and value.denominator.bit_length() > most for value in values):
            self.lost.absorbed = True

    def value(self, tree: Tree) -> Any:
        known = self._known.get(tree)
        if known is None:
            self.budget.spend(self.dps)
            known = self._known[tree] = self._checked(tree)
        return known

    def _checked(self, tree: Tree) -> Any:
        try:
            if tree.head in CONDITIONS:
                return self.holds(tree)
            if function := ELEMENTARY.get(tree.head):
                values = [self.number(arg) for arg in tree.args]
                self.note_rounded(*values)
                value = function(self, *values)
            else:
                value = OPERATIONS[tree.head](self, *tree.args)
        except (ZeroDivisionError, OverflowError, ValueError, ShapeError) as error:
            if isinstance(error, Undefined | Unsettled):
                raise
            raise Undefined(str(error) if isinstance(error, ShapeError) else f"{tree.head} has no value") from error
        return value if isinstance(value, Grid | bool) else as_real(value, self.ctx)

    def number(self, tree: Tree) -> Any:
        return self.as_number(self.value(tree))

    @staticmethod
    def as_number(value: Any) -> Any:
        if isinstance(value, Grid):
            if value.shape == (1, 1):
                return value.rows[0][0]
            raise Undefined("a matrix stands where a number is needed")
        if isinstance(value, bool):
            raise Undefined("a condition stands where a number is needed")
        return value

    def grid(self, tree: Tree) -> Grid:
        value = self.value(tree)
        return value if isinstance(value, Grid) else Grid(((value,),))

    # decisions

    def sign(self, tree: Tree) -> int:
        """-1, 0 or 1, decided by the decider; remembers a tie."""
        if self.decider is not None:
            return self.decider.sign(tree)
        value = self.number(tree)
        if hasattr(value, "_mpc_"):
            raise Undefined("complex numbers have no order")
        sign = (value > 0) - (value < 0)
        self.tied = self.tied or sign == 0
        return sign

    def holds(self, tree: Tree) -> bool:
        match tree.head, tree.args:
            case "And", parts:
                return False not in [self.holds(part) for part in parts]  # no shortcut: every tie counts
            case "Or", parts:
                return True in [self.holds(part) for part in parts]
            case "Not", (part,):
                return not self.holds(part)
            case "constant", (("true" | "false") as word,):
                return word == "true"
        if tree.head not in CONDITIONS:
            raise Undefined("a number stands where a condition is needed")
        sign = self.sign(subtract(*tree.args))
        tests = {"lt": sign < 0, "le": sign <= 0, "gt": sign > 0, "ge": sign >= 0, "eq": sign == 0, "ne": sign != 0}
        return tests[tree.head]
