"""Values of trees at points, remembered: a target meets every answer, and a line of a chain both of its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from autograder.expressions.evaluate import Evaluator
from autograder.expressions.tree import Tree
from autograder.expressions.values import Budget, Losses, Undefined, Unsettled

MOST = 20_000  # values, of a kilobyte or less


@dataclass(frozen=True, slots=True)
class _Known:
    """What an evaluation ended in, what was lost below its precision, and what it took from the budget."""

    value: Any
    problem: Callable[[], Exception] | None  # made anew each time: one that was raised holds on to its frames
    lost: Losses
    spent: float


_KNOWN: dict[tuple, _Known] = {}


def value_at(tree: Tree, point: Mapping[str, Any], dps: int, budget: Budget, lost: Losses) -> Any:
    """As `Evaluator.value`; what was lost below the precision is added to `lost`.

    A value that is remembered costs the budget what it cost at first: verdicts do not depend on what was judged before.
    """
    if any(callable(value) for value in point.values()):  # a root, known to any precision, is a function of its own
        return _found(tree, point, dps, budget, lost)
    # with the types, because 1 and 1 + 0i are equal and are not evaluated alike
    key = (tree, dps, *((name, type(value), value) for name, value in point.items()))
    known = _KNOWN.get(key)
    if known is None or budget.left < known.spent:
        return _found(tree, point, dps, budget, lost, key)
    budget.left -= known.spent
    lost.add(known.lost)
    if known.problem:
        raise known.problem()
    return known.value


def _found(
    tree: Tree, point: Mapping[str, Any], dps: int, budget: Budget, lost: Losses, key: tuple | None = None
) -> Any:
    evaluator, before = Evaluator(point, dps, budget), budget.left
    value = problem = None
    try:
        value = evaluator.value(tree)
    except Undefined as found:
        problem = partial(Undefined, str(found))
    except Unsettled as found:
        problem = partial(Unsettled, str(found), found.more_digits)
    lost.add(evaluator.lost)
    if key and budget.left >= 0:  # running out of budget says nothing about the value
        if len(_KNOWN) >= MOST:
            _KNOWN.pop(next(iter(_KNOWN)))
        _KNOWN[key] = _Known(value, problem, evaluator.lost, before - budget.left)
    if problem:
        raise problem()
    return value
