"""Whatever comes back from a child, no judge raises or takes long over it: the points would be held for nothing."""

import warnings
from functools import cache

import numpy as np
import pytest

from autograder import registry
from autograder.calls import Observation
from autograder.grading.patience import within
from autograder.judges.prove import without_proofs
from autograder.judging import JUDGES, describe, judge, plan_for
from autograder.sandbox.observe import observe
from tests.attacks.answers import DRAWN, VALUES


@cache
def of_kind(kind):
    """The first exercise of its kind, and what is asked of it."""
    exercise = next(e for e in registry.exercises().values() if e.kind == kind)
    return exercise, plan_for(exercise, 0, "Ana")


def judged(kind, seen):
    """In two seconds of processor time at most, or OutOfPatience fails the test."""
    exercise, plan = of_kind(kind)
    judge(exercise, plan, [Observation(fate="missing")] * len(plan.calls))  # what is made once is not charged
    with np.errstate(all="ignore"), warnings.catch_warnings(), without_proofs():
        warnings.simplefilter("ignore")
        judgement = within(2.0, judge, exercise, plan, [seen(call) for call in plan.calls])
    return describe(exercise, judgement)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("kind", JUDGES)
def test_no_value_is_too_much(kind, value):
    told = judged(kind, lambda call: observe(lambda *a, **k: VALUES[value], call))
    assert (told["score"], told["held"]) == (0, 0), told["message"]
    assert told["message"]
    assert len(told["message"]) < 5_000


@pytest.mark.parametrize("picture", DRAWN)
def test_no_drawing_is_too_much(picture):
    told = judged("P", lambda call: observe(lambda ax, *a, **k: DRAWN[picture](ax), call))
    assert told["held"] == 0
    assert len(told["message"]) < 5_000
