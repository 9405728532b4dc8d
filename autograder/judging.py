"""From a kind to its judge, and from what was observed to the result a student, a teacher and a file can read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from autograder import registry
from autograder.calls import Observation
from autograder.exercise import Exercise, Misconception
from autograder.feedback.message import message
from autograder.judges import (
    answer,
    choice,
    counterexample,
    derivation,
    experiment,
    gradient,
    numeric,
    plot,
    repair,
    symbolic,
)
from autograder.judges.judgement import FAILS, Judgement, Plan
from autograder.judges.likeness import alike
from autograder.judges.prove import proofs_wanted
from autograder.judges.remembered import remembered
from autograder.judges.variants import variant_of
from autograder.sandbox.observe import observe
from autograder.sandbox.seen import Seen

JUDGES = {
    "N": numeric.plan,
    "G": gradient.plan,
    "S": symbolic.plan,
    "D": derivation.plan,
    "A": answer.plan,
    "M": choice.plan,
    "P": plot.plan,
    "E": experiment.plan,
    "X": repair.plan,
    "C": counterexample.plan,
}
FATES = ("memory", "timeout", "killed", "invalid_output")
SURE = 0.9  # likeness from which on a misconception is named: below it, a wrong name would confuse


def plan_for(exercise: Exercise, seed: int = 0, student: str = "") -> Plan:
    """The calls for one student and the judge of their outcome; made once where no variant makes a difference."""
    return _planned(exercise, seed, student if variant_of(exercise, student) else "")


def foresee(exercise: Exercise, seed: int = 0) -> None:
    """Make the plan ahead, and see what reference and misconceptions do: where every student is asked the same."""
    if not variant_of(exercise, "somebody"):
        plan = plan_for(exercise, seed)
        for function in (exercise.reference, *(mistake.function for mistake in exercise.misconceptions)):
            _performed(exercise, plan, function)


@lru_cache(maxsize=4096)
def _planned(exercise: Exercise, seed: int, student: str) -> Plan:
    return JUDGES[exercise.kind](exercise, seed, student)


def judge(exercise: Exercise, plan: Plan, observations: Sequence[Observation]) -> Judgement:
    """Judge what the calls of `plan` did, name the misconception, and say what became of the attempt."""
    return _judge_of(exercise, plan, proofs_wanted())(observations)


@lru_cache(maxsize=4096)
def _judge_of(exercise: Exercise, plan: Plan, _proofs: bool) -> Callable[[Sequence[Observation]], Judgement]:
    """Judgements that show proofs are kept apart from those that do without."""
    return remembered(partial(_judged, exercise, plan))


def _judged(exercise: Exercise, plan: Plan, observations: Seen) -> Judgement:
    own = [o for o, call in zip(observations, plan.calls, strict=True) if call.function == exercise.id]
    if all(o.fate == "missing" or _unwritten(o) for o in own):
        return replace(plan.judge(observations), status_override="not_attempted")
    judgement = plan.judge(observations)
    fate = next((o.fate for o in own if o.fate in FATES), None)
    if fate:
        return replace(judgement, status_override=fate)
    if judgement.status in ("passed", "undecided"):
        return judgement
    if all(o.failure for o in own) and judgement.earned == 0:
        judgement = replace(judgement, status_override="error")
    mistake = _named(exercise, plan, observations)
    return replace(judgement, misconception=mistake, explained=_failed_by(exercise, plan, mistake))


def _failed_by(exercise: Exercise, plan: Plan, mistake: Misconception | None) -> frozenset[str]:
    """The claims that the misconception fails."""
    if mistake is None:
        return frozenset()
    judgement = plan.judge(_performed(exercise, plan, mistake.function))
    return frozenset(finding.claim for finding in judgement.findings if finding.verdict == FAILS)


def _unwritten(observation: Observation) -> bool:
    return observation.failure is not None and observation.failure.kind == "NotImplementedError"


def _named(exercise: Exercise, plan: Plan, observations: Sequence[Observation]) -> Misconception | None:
    """The declared misconception that goes wrong in the same way, if there is one."""
    right = _performed(exercise, plan, exercise.reference)
    scored = []
    for mistake in exercise.misconceptions:
        theirs = _performed(exercise, plan, mistake.function)
        likeness = plan.likeness(observations, theirs) if plan.likeness else alike(observations, theirs, right)
        scored.append((likeness, mistake))
    best = max((likeness for likeness, _ in scored), default=0.0)
    nearest = [mistake for likeness, mistake in scored if likeness == best]
    return nearest[0] if best >= SURE and len(nearest) == 1 else None


@lru_cache(maxsize=4096)
def _performed(exercise: Exercise, plan: Plan, function) -> Seen:
    """What one of our own variants does on the plan's calls; other functions it is called beside are references."""
    others = registry.exercises()
    return Seen(
        observe(function if call.function == exercise.id else others[call.function].reference, call)
        if call.function == exercise.id or call.function in others
        else Observation(fate="missing")
        for call in plan.calls
    )


@lru_cache(maxsize=4096)
def blank(exercise: Exercise) -> dict:
    """The result of an exercise without a line of code for it: the same for everybody, so do not change it."""
    return describe(exercise, Judgement((), status_override="not_attempted"))


def describe(exercise: Exercise, judgement: Judgement, seconds: float = 0.0) -> dict:
    """The result as every file of a run holds it (design: results/<student>.json)."""
    attempted = judgement.status != "not_attempted"
    return {
        "id": exercise.id,
        "status": judgement.status,
        "score": round(judgement.earned * exercise.points, 2) if attempted else 0.0,
        "held": round(judgement.held * exercise.points, 2) if attempted else 0.0,
        "max": exercise.points,
        "seconds": round(seconds, 3),
        "claims": [
            {"claim": finding.claim, "verdict": finding.verdict, "witness": finding.witness}
            for finding in judgement.findings
        ],
        "misconception": judgement.misconception.sentence if judgement.misconception else None,
        "message": message(exercise, judgement).text,
    }
