"""What becomes of an attempt that did not simply come back with a value."""

from __future__ import annotations

import pytest

from autograder import judging, registry
from autograder.calls import Failure, Observation

EXERCISE = next(item for item in registry.exercises().values() if item.kind == "C")
PLAN = judging.plan_for(EXERCISE, 0, "a student")


def outcome(**observation):
    judgement = judging.judge(EXERCISE, PLAN, [Observation(**observation) for _ in PLAN.calls])
    return judging.describe(EXERCISE, judgement)


@pytest.mark.parametrize("fate", ["timeout", "memory", "killed", "invalid_output"])
def test_a_fate_becomes_the_status_and_earns_nothing(fate):
    result = outcome(fate=fate)
    assert (result["status"], result["score"]) == (fate, 0)


def test_a_missing_function_was_not_attempted():
    assert outcome(fate="missing")["status"] == "not_attempted"


def test_a_stub_was_not_attempted():
    assert outcome(failure=Failure("NotImplementedError", "yours"))["status"] == "not_attempted"


def test_an_exception_is_an_error_with_its_message():
    result = outcome(failure=Failure("ZeroDivisionError", "division by zero", 3))
    assert (result["status"], result["score"]) == ("error", 0)
    assert "ZeroDivisionError" in result["message"] + result["claims"][0]["witness"]


def test_the_result_has_the_fields_of_the_contract():
    result = outcome(value=EXERCISE.reference())
    assert result["status"] == "passed"
    assert result["score"] == result["max"] == EXERCISE.points
    contract = {"id", "status", "score", "max", "seconds", "claims", "misconception", "message"}
    assert contract <= result.keys()
    assert all(set(claim) == {"claim", "verdict", "witness"} for claim in result["claims"])


def test_an_unknown_exercise_is_answered_with_the_nearest_names():
    with pytest.raises(registry.UnknownExercise, match=EXERCISE.id):
        registry.find(EXERCISE.id[:-1])
