"""Look for a point at which two expressions differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from autograder.expressions.evaluate import Evaluator, context
from autograder.expressions.grid import Grid
from autograder.expressions.tree import Tree, symbols, walk
from autograder.expressions.values import Budget, Undefined, Unsettled
from autograder.judges.breakpoints import switches
from autograder.judges.places import Places
from autograder.judges.points import Point, Space, shown_exact, shown_point
from autograder.judges.trial import BEYOND, Outcome, attempt, modest
from autograder.judges.verdict import Refuted, Undecidable

DEEP_DIGITS, DEEP_POINTS = 800, 6
FAR_DIGITS = 400  # far out, where a tail may need thousands of digits, look no closer than this
ENOUGH_CLEAR = 8
SHARP_DIGITS, SHARP_POINTS = (200, 400, 800, 1600, 3200), 6
_BRANCHING = {"where", "Max", "Min", "Abs", "sign", "Heaviside", "relu"}
STEPS, HEAVY_STEPS, SHARP_STEPS = 300_000, 120_000, 60_000


@dataclass
class Search:
    """Compares two trees at one point after the other, and keeps what it has seen."""

    left: Tree
    right: Tree
    relation: str
    budget: Budget = field(default_factory=lambda: Budget(STEPS))
    clear: list[Point] = field(default_factory=list)  # where they are the same to the last digit carried
    silent: int = 0  # points at which neither side has a value
    unsettled: int = 0
    blurred: list[Point] = field(default_factory=list)  # the same, with something below the digits carried
    dim: bool = False  # some branch was seen blurred only
    refuted: Refuted | None = None

    @property
    def doubt(self) -> Undecidable | None:
        if self.unsettled:
            return Undecidable("at some points the difference neither persists nor vanishes as digits are added")
        if self.dim or (self.blurred and not self.clear):
            return Undecidable("they agree to thousands of digits, and something too small to see may part them")
        if not self.clear:
            why = "neither side has a value at any point tried" if self.silent else "the values are out of reach"
            return Undecidable(why)
        return None

    @property
    def points(self) -> int:
        return len(self.clear) + len(self.blurred)

    def visit(self, points: list[Point], digits: int, most: int | None = None) -> bool:
        """Compare at each of the points, from so many digits on; True when they differ at one."""
        for point in points:
            far = 3_200 if all(map(modest, point.values())) else max(2 * digits, FAR_DIGITS)
            trial = attempt(self.left, self.right, point, self.relation, self.budget, (digits, most or far))
            match trial.outcome:
                case Outcome.DIFFERENT:
                    self.refuted = Refuted(shown_point(point), *_told_apart(trial.left, trial.right))
                    return True
                case Outcome.SAME if trial.blurred and self.relation == "=":
                    self.blurred.append(point)
                case Outcome.SAME:
                    self.clear.append(point)
                case Outcome.NOWHERE:
                    self.silent += 1
                case Outcome.UNSETTLED:
                    self.unsettled += 1
            if self.budget.left < 0:
                break
        return False

    def sharpen(self, points: list[Point], steps: tuple[int, ...] = SHARP_DIGITS) -> bool:
        """Look at blurred points again, with as many digits as it takes; True when they differ at one."""
        enough = self.budget.left - SHARP_STEPS
        for point in points:
            for digits in steps:
                if self.budget.left < enough:
                    self.dim = self.dim or not self.seen_clearly(point)
                    break
                seen = len(self.blurred)
                if self.visit([point], digits, steps[-1]):
                    return True
                if len(self.blurred) == seen:
                    break
                self.blurred.pop()
            else:
                self.dim = self.dim or not self.seen_clearly(point)
        return False

    def seen_clearly(self, point: Point) -> bool:
        """Did they agree to the last digit at another point of the same branches?"""
        turning = switches(self.left, self.right)
        branches = _branches(turning, point)
        return any(_branches(turning, other) == branches for other in self.clear)


def search(left: Tree, right: Tree, variables: Mapping[str, str], relation: str = "=", seed: int = 0) -> Search:
    """Compare at readable points, random ones, and around every breakpoint, until a difference is found."""
    space, found = Space(variables, symbols(left) | symbols(right)), Search(left, right, relation)
    places = Places(left, right, space, seed)
    if places.heavy:
        found.budget = Budget(HEAVY_STEPS)
    _look(found, places) if space.domains else _look_at_numbers(found, places)
    return found


def _look(found: Search, places: Places) -> bool:
    if found.visit(places.readable, 50):
        return True
    exact = len(found.clear)
    if found.visit(places.random, 50):
        return True
    # at a clear point every term was seen, but at a readable one some may be exactly 0
    steep = len(found.clear) - exact < ENOUGH_CLEAR
    hidden = [point for point in found.blurred if steep and all(map(modest, point.values()))]
    before = len(found.blurred)
    if found.visit(places.near_breakpoints, 50):
        return True
    behind = found.blurred[before:]
    if places.heavy:
        return False
    if found.visit(places.readable[:2], 400):
        return True
    if _branching(found):
        # beyond a far threshold a tail has all but vanished: a difference far below fifty digits
        near = places.near_breakpoints
        unseen = [point for point in behind if not found.seen_clearly(point)]
        if found.sharpen(unseen[:: max(1, len(unseen) // SHARP_POINTS)]):
            return True
        if found.visit(near[:: max(1, len(near) // DEEP_POINTS)], DEEP_DIGITS):
            return True
    if hidden:
        return found.visit(places.near_steep_places, 50) or found.sharpen(hidden[:SHARP_POINTS])
    return False


def _look_at_numbers(found: Search, places: Places) -> bool:
    if found.visit([{}], 50) or places.heavy:
        return found.refuted is not None
    if found.blurred:
        found.blurred.clear()
        return found.sharpen([{}], (*SHARP_DIGITS, *BEYOND))
    return found.visit([{}], 400)


def _branches(turning: list[Tree], point: Point) -> list[int | None]:
    """The sign of every switch."""
    signs: list[int | None] = []
    for switch in turning:
        try:
            value = Evaluator(point, 50, Budget()).number(switch)
            signs.append(None if hasattr(value, "_mpc_") else (value > 0) - (value < 0))
        except (Undefined, Unsettled):
            signs.append(None)
    return signs


def _branching(found: Search) -> bool:
    return any(node.head in _BRANCHING for tree in (found.left, found.right) for node in walk(tree))


def _told_apart(left: Any, right: Any) -> tuple[str, str]:
    """Both values in words, with as many digits as it takes to see that they differ."""
    for digits in (6, 12, 20, 40, 60, 100, 400, 1000, 3200):
        texts = shown_value(left, digits), shown_value(right, digits)
        if texts[0] != texts[1]:
            break
    return texts


def shown_value(value: Any, digits: int = 6) -> str:
    """A value in words: 3/4, 0.268941, undefined (division by zero), [[1, 2]]."""
    if isinstance(value, Grid):
        rows = ("[" + ", ".join(shown_value(entry, digits) for entry in row) + "]" for row in value.rows)
        return "[" + ", ".join(rows) + "]"
    if isinstance(value, bool) or not hasattr(value, "real"):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if hasattr(value, "_mpc_"):
        imaginary = shown_value(abs(value.imag), digits)
        return f"{shown_value(value.real, digits)} {'-' if value.imag < 0 else '+'} {imaginary}i"
    if hasattr(value, "_mpf_"):
        text = context(3_200).nstr(value, digits, min_fixed=-5, max_fixed=16)
        return text.removesuffix(".0")
    exact = shown_exact(value)
    return exact if len(exact) <= digits + 6 else shown_value(context(max(50, digits)).convert(value), digits)
