"""How alike two sets of observations are, where it matters: at the calls in which a mistake shows."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.calls import Applied, Drawing, Observation, Repair, Step
from autograder.judges.judgement import FAILS, Judgement
from autograder.judges.remembered import remembered
from autograder.judges.values import plain


def alike(mine: Sequence[Observation], theirs: Sequence[Observation], right: Sequence[Observation]) -> float:
    """The share of the calls that betray the mistake `theirs` in which `mine` went the same way."""
    telling = [i for i, (t, r) in enumerate(zip(theirs, right, strict=True)) if not _same(t, r)]
    return sum(_same(mine[i], theirs[i]) for i in telling) / len(telling) if telling else 0.0


def by_findings(judge: Callable[[Sequence[Observation]], Judgement]) -> Callable[..., float]:
    """A likeness for answers of which many are wrong in one way: 1 for the same answer, 0.9 for the same failure."""
    judge = remembered(judge)

    def likeness(mine: Sequence[Observation], theirs: Sequence[Observation]) -> float:
        if all(map(_same, mine, theirs)):
            return 1.0
        failed = [
            [finding.claim for finding in judge(seen).findings if finding.verdict == FAILS] for seen in (mine, theirs)
        ]
        return 0.9 if failed[0] and failed[0] == failed[1] else 0.0

    return likeness


def _same(a: Observation, b: Observation) -> bool:
    if a.fate or b.fate:
        return False
    if a.failure or b.failure:
        return bool(a.failure and b.failure) and a.failure.kind == b.failure.kind
    return same_value(a.value, b.value)


def same_value(a: Any, b: Any) -> bool:
    """Equal up to the last digits; nan equals nan, a tuple equals a list."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        try:
            with np.errstate(all="ignore"):
                return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-9, atol=0, equal_nan=True)
        except (TypeError, ValueError):
            return False
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(same_value, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same_value(a[key], b[key]) for key in a)
    if isinstance(a, Repair) and isinstance(b, Repair):
        return same_value([a.line, a.fix, a.witness], [b.line, b.fix, b.witness])
    if isinstance(a, Step) and isinstance(b, Step):
        return same_value(a.expr, b.expr)
    if isinstance(a, Drawing) and isinstance(b, Drawing):
        return same_value(vars(a), vars(b))
    if isinstance(a, Applied) and isinstance(b, Applied):
        return len(a.outputs) == len(b.outputs) and all(map(_same, a.outputs, b.outputs))
    a, b = plain(a), plain(b)
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (a != a and b != b) or (math.isfinite(b) and abs(a - b) <= 1e-9 * abs(b))
    return bool(a == b)
