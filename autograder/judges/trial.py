"""One comparison at one point. A difference counts only if it persists as the precision doubles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from autograder.expressions.evaluate import PRECISIONS, context
from autograder.expressions.grid import Grid
from autograder.expressions.tree import Tree
from autograder.expressions.values import Budget, Losses, Undefined, Unsettled
from autograder.judges.known_values import value_at
from autograder.judges.roots import MOST_DIGITS

BEYOND = (6_400, 12_800, 25_600)  # digits for a number, of which there is only one to compare
RELATIONS = {"=": 0, "<=": 1, "<": 1, ">=": -1, ">": -1}  # the sign that right minus left may have


class Outcome(Enum):
    SAME = "same"  # the relation holds here
    DIFFERENT = "different"
    NOWHERE = "nowhere"  # neither side has a value: the point says nothing
    TOO_FAR = "too far"  # values beyond all bounds: the point is left out
    UNSETTLED = "unsettled"  # the digits do not settle


@dataclass(frozen=True)
class Trial:
    """What happened at a point, and the two sides there: values, or the reason for having none as text.

    blurred: they are the same as far as so many digits tell, and something lies below those digits.
    """

    outcome: Outcome
    left: Any = None
    right: Any = None
    digits: int = PRECISIONS[0]
    blurred: bool = False


class _MoreDigits(Exception):
    pass


def attempt(
    left: Tree,
    right: Tree,
    point: Mapping[str, Any],
    relation: str,
    budget: Budget,
    digits: tuple[int, int] = (PRECISIONS[0], PRECISIONS[-1]),
) -> Trial:
    """Compare at a point, with digits from the first number on and up to the second."""
    before: list | None = None
    steps = [step for step in (*PRECISIONS, *BEYOND) if digits[0] <= step <= digits[1]]
    rounded = any(callable(value) for value in point.values())
    if rounded:
        steps = [step for step in steps if step <= MOST_DIGITS] or [MOST_DIGITS]
    for step in steps:
        lost, last = Losses(), step == steps[-1]
        try:
            sides = [_side(tree, point, step, budget, lost, last) for tree in (left, right)]
        except _MoreDigits:
            before = None
            continue
        except Unsettled as problem:
            return Trial(Outcome.TOO_FAR if problem.more_digits is False else Outcome.UNSETTLED, digits=step)
        early = _without_values(*sides)
        if early and lost.cancelled and early.outcome is Outcome.DIFFERENT and not last:
            before = None
            continue
        if early:
            return early
        gaps = _gaps(*sides, context(step), rounded)
        if gaps is None:
            return Trial(Outcome.DIFFERENT, *sides)
        outcome = _judge(gaps, before, relation, step, step / 2)
        if outcome is Outcome.DIFFERENT and lost.cancelled:
            outcome = None
            if last:
                outcome = Outcome.DIFFERENT if _beyond(gaps, lost.cancelled, step) else Outcome.TOO_FAR
        if outcome:
            return Trial(outcome, *sides, digits=step, blurred=lost.absorbed and outcome is Outcome.SAME)
        before = gaps
    strict_tie = relation in ("<", ">")
    return Trial(Outcome.TOO_FAR if strict_tie else Outcome.UNSETTLED, digits=steps[-1])


@dataclass(frozen=True)
class _NoValue:
    reason: str

    def __str__(self) -> str:
        return f"undefined ({self.reason})" if self.reason else "undefined"


def _side(tree: Tree, point: Mapping[str, Any], dps: int, budget: Budget, lost: Losses, last: bool) -> Any:
    try:
        return value_at(tree, point, dps, budget, lost)
    except Undefined as problem:
        return _NoValue(str(problem))
    except Unsettled as problem:
        if not problem.more_digits:
            raise
        if last:
            at_a_root = any(map(callable, point.values()))  # where it is 0, for that is what a root is
            if not at_a_root and (dps < PRECISIONS[-1] or not all(map(modest, point.values()))):
                raise Unsettled(str(problem), more_digits=False) from problem
            return _NoValue(str(problem))  # it is 0 to 3200 digits
        raise _MoreDigits from problem


def modest(value: Any) -> bool:
    """Near enough to the origin that nothing is astronomically small or large there."""
    return not isinstance(value, Fraction) or abs(value) <= 10


def _without_values(left: Any, right: Any) -> Trial | None:
    missing = [isinstance(side, _NoValue) for side in (left, right)]
    if all(missing):
        return Trial(Outcome.NOWHERE, left, right)
    if any(missing) or isinstance(left, bool) != isinstance(right, bool):
        return Trial(Outcome.DIFFERENT, left, right)
    if isinstance(left, bool):
        return Trial(Outcome.SAME if left == right else Outcome.DIFFERENT, left, right)
    return None


def _beyond(gaps: list[_Gap], lost: list, dps: int) -> bool:
    """Is some difference far larger than all that the working precision has swallowed?"""
    ctx = context(dps)
    return max(abs(ctx.convert(gap.value)) for gap in gaps) > max(lost) * ctx.mpf(10) ** (dps // 2)


@dataclass(frozen=True)
class _Gap:
    """right - left for one entry; exact when both are fractions, otherwise with the noise to expect of it."""

    value: Any
    scale: Any
    exact: bool

    def noise(self, dps: int, ctx: Any) -> Any:
        return 0 if self.exact else self.scale * ctx.mpf(10) ** (3 - dps)


def _gaps(left: Any, right: Any, ctx: Any, rounded: bool) -> list[_Gap] | None:
    """The differences entry by entry; None when the shapes differ.

    rounded: the point itself is, so that what should vanish there is a few units of the last digit of 1.
    """
    grids = [side if isinstance(side, Grid) else Grid(((side,),)) for side in (left, right)]
    if grids[0].shape != grids[1].shape:
        return None
    entries = zip(grids[0].entries, grids[1].entries, strict=True)
    return [_gap(a, b, ctx, Fraction(int(rounded))) for a, b in entries]


def _gap(a: Any, b: Any, ctx: Any, least: Fraction) -> _Gap:
    if isinstance(a, Fraction | int) and isinstance(b, Fraction | int):
        return _Gap(Fraction(b) - Fraction(a), None, exact=True)
    a, b = ctx.convert(a), ctx.convert(b)
    if a == b:
        return _Gap(Fraction(0), None, exact=ctx.isinf(a))
    return _Gap(b - a, max(abs(a), abs(b), ctx.convert(least)), exact=False)


def _judge(gaps: list[_Gap], before: list[_Gap] | None, relation: str, dps: int, gained: float) -> Outcome | None:
    """SAME, DIFFERENT, or None when more digits are needed."""
    outcomes = [_one(gap, before[place] if before else None, relation, dps, gained) for place, gap in enumerate(gaps)]
    for outcome in (Outcome.DIFFERENT, None):
        if outcome in outcomes:
            return outcome
    return Outcome.SAME


def _one(gap: _Gap, before: _Gap | None, relation: str, dps: int, gained: float) -> Outcome | None:
    allowed = RELATIONS[relation]
    if allowed and hasattr(gap.value, "_mpc_"):
        return Outcome.DIFFERENT  # no order among complex numbers
    ctx = context(dps)
    if gap.exact or ctx.isinf(gap.value):
        sign = (gap.value > 0) - (gap.value < 0)
        holds = sign == allowed or (sign == 0 and relation in ("=", "<=", ">="))
        return Outcome.SAME if holds else Outcome.DIFFERENT
    if not gap.value or abs(gap.value) <= gap.noise(dps, ctx):
        return None if relation in ("<", ">") else Outcome.SAME
    if allowed and (gap.value > 0) == (allowed > 0) and before is None and abs(gap.value) > gap.scale / 10**20:
        return Outcome.SAME  # on the right side by far more than rounding
    if before is None or before.exact:
        return None
    if abs(gap.value - ctx.convert(before.value)) <= abs(gap.value) / 10**6:
        right_side = allowed and (gap.value > 0) == (allowed > 0)
        return Outcome.SAME if right_side else Outcome.DIFFERENT
    if abs(gap.value) <= abs(ctx.convert(before.value)) * ctx.mpf(10) ** (-gained / 2):
        return None if relation in ("<", ">") else Outcome.SAME  # it shrinks with the rounding: it is rounding
    return None
