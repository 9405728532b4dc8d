"""Kind P: what was drawn on the Axes is judged by its data, scales and words, never by its pixels."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.calls import Call, Drawing, Observation
from autograder.exercise import Exercise
from autograder.judges.checks import run_checks, unanswered
from autograder.judges.judgement import FAILS, HOLDS, NOT_REACHED, Facts, Finding, Judgement, Plan
from autograder.judges.likeness import by_findings

FORM = "draws on the Axes it is given"


def plan(exercise: Exercise, seed: int, student: str = "") -> Plan:
    """One call with a fresh Axes; the checks look at the `Drawing`."""
    checks = exercise.spec.checks

    def judge(observations: Sequence[Observation]) -> Judgement:
        [seen] = observations
        if not seen.returned:
            return unanswered([(check.claim, check.weight) for check in checks], FORM, seen)
        drawing = seen.value
        if not isinstance(drawing, Drawing) or not (drawing.lines or drawing.points or drawing.meshes):
            rest = tuple(Finding(check.claim, NOT_REACHED, weight=check.weight) for check in checks)
            return Judgement((Finding(FORM, FAILS, "the Axes stayed empty", 0.0), *rest))
        findings = (Finding(FORM, HOLDS, weight=0.0), *run_checks(checks, drawing))
        return Judgement(findings, Facts(called=f"{exercise.id}(ax)"))

    return Plan(
        (Call(exercise.id, canvas=True),), (FORM, *(check.claim for check in checks)), judge, by_findings(judge)
    )
