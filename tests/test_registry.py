"""Every exercise grades itself: the stub, the reference, each misconception and each alternative, judged as a student's."""

from __future__ import annotations

import pytest

from autograder import judging, registry
from autograder.calls import Observation
from autograder.judges.judgement import FAILS
from autograder.sandbox.observe import observe

EXERCISES = list(registry.exercises().values())
STUDENT = "Ada Lovelace"


def judged(exercise, function):
    """Judge `function` as if a student had handed it in under the exercise's name, with nothing else beside it."""
    plan = judging.plan_for(exercise, 0, STUDENT)
    seen = [
        observe(function, call) if call.function == exercise.id else Observation(fate="missing") for call in plan.calls
    ]
    return judging.judge(exercise, plan, seen)


def stub(*args, **kwargs):
    raise NotImplementedError("yours to write")


def named(pairs):
    return [pytest.param(*pair, id=f"{pair[0].id}-{index}") for index, pair in enumerate(pairs)]


def failures(judgement):
    return [f"{finding.claim}: {finding.witness}" for finding in judgement.findings if finding.verdict == FAILS]


def test_nothing_is_missing_from_any_exercise():
    assert registry.gaps() == []


def test_every_kind_has_an_exercise():
    assert {exercise.kind for exercise in EXERCISES} == set("NGSDAMXCPE")


def test_ids_of_claims_exist_in_the_ledger():
    from autograder.ledger import claims

    unknown = {claim for exercise in EXERCISES for claim in exercise.claims} - claims().keys()
    assert unknown == set()


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda item: item.id)
def test_the_reference_earns_full_marks(exercise):
    judgement = judged(exercise, exercise.reference)
    assert (judgement.status, judgement.earned) == ("passed", 1.0), failures(judgement)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda item: item.id)
def test_the_untouched_stub_earns_nothing(exercise):
    judgement = judged(exercise, stub)
    assert judgement.status == "not_attempted"
    assert judging.describe(exercise, judgement)["score"] == 0


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda item: item.id)
@pytest.mark.parametrize("junk", [None, 0, "1", [], {}, float("nan")], ids=repr)
def test_a_constant_earns_nothing(exercise, junk):
    judgement = judged(exercise, lambda *args, **kwargs: junk)
    assert judgement.earned == 0, list(judgement.findings)


@pytest.mark.parametrize(
    ("exercise", "mistake"), named((item, mistake) for item in EXERCISES for mistake in item.misconceptions)
)
def test_a_misconception_is_rejected_and_named(exercise, mistake):
    judgement = judged(exercise, mistake.function)
    assert judgement.status not in ("passed", "undecided"), "it was accepted"
    assert judgement.earned < 1
    found = judgement.misconception.sentence if judgement.misconception else None
    assert found == mistake.sentence, failures(judgement)


@pytest.mark.parametrize(
    ("exercise", "variant"), named((item, variant) for item in EXERCISES for variant in item.alternatives)
)
def test_an_alternative_is_accepted(exercise, variant):
    judgement = judged(exercise, variant.function)
    assert (judgement.status, judgement.earned) == ("passed", 1.0), (variant.note, failures(judgement))
