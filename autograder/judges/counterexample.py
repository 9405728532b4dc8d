"""Kind C: a witness is verified, never compared, so any valid one passes."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.calls import Call, Observation
from autograder.exercise import Exercise
from autograder.judges.checks import run_checks, too_large, unanswered
from autograder.judges.judgement import FAILS, HOLDS, NOT_REACHED, Facts, Finding, Judgement, Plan
from autograder.judges.likeness import by_findings
from autograder.judges.values import plain, shown


def plan(exercise: Exercise, seed: int, student: str = "") -> Plan:
    """One call without arguments; the checks look at the dict that comes back."""
    spec = exercise.spec
    form = "returns a dict with " + ", ".join(repr(name) for name in spec.fields)
    claims = tuple(check.claim for check in spec.checks)

    def judge(observations: Sequence[Observation]) -> Judgement:
        [seen] = observations
        if not seen.returned:
            return unanswered([(check.claim, check.weight) for check in spec.checks], form, seen)
        complaint = too_large(seen.value) or _malformed(seen.value, spec.fields)
        if complaint:
            rest = tuple(Finding(check.claim, NOT_REACHED, weight=check.weight) for check in spec.checks)
            return Judgement((Finding(form, FAILS, complaint, 0.0), *rest))
        witness = plain(seen.value)
        findings = (Finding(form, HOLDS, weight=0.0), *run_checks(spec.checks, witness))
        return Judgement(findings, Facts(called=f"{exercise.id}()", got=shown(witness)))

    return Plan((Call(exercise.id),), (form, *claims), judge, by_findings(judge))


def _malformed(witness: object, fields: dict[str, str]) -> str | None:
    if not isinstance(witness, dict):
        return "a dict was asked for"
    for name, description in fields.items():
        if name not in witness:
            return f"the entry {name!r} is missing: it should be {description}"
    return None
