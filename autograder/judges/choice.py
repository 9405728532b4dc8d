"""Kind M: a choice and the reason for it; a right answer for a wrong reason is half an answer."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.calls import Call, Observation
from autograder.exercise import Exercise
from autograder.judges.checks import unanswered
from autograder.judges.judgement import FAILS, HOLDS, NOT_REACHED, Facts, Finding, Judgement, Plan
from autograder.judges.values import plain, shown
from autograder.judges.variants import variant_of

FORM = "returns a dict with the keys that were asked for"


def plan(exercise: Exercise, seed: int, student: str = "") -> Plan:
    """One call with the student's variant; each key of the reference's dict is one claim."""
    variant = variant_of(exercise, student)
    expected = plain(exercise.reference(variant))
    claims = tuple(f"the {key} is right" for key in expected)

    def judge(observations: Sequence[Observation]) -> Judgement:
        [seen] = observations
        if not seen.returned:
            return unanswered([(claim, 1.0) for claim in claims], FORM, seen)
        got = plain(seen.value)
        complaint = _malformed(exercise, got, expected)
        if complaint:
            rest = tuple(Finding(claim, NOT_REACHED) for claim in claims)
            return Judgement((Finding(FORM, FAILS, complaint, 0.0), *rest))
        findings, reached = [Finding(FORM, HOLDS, weight=0.0)], True
        for claim, key in zip(claims, expected, strict=True):
            right = got[key] == expected[key]
            verdict = (HOLDS if right else FAILS) if reached else NOT_REACHED
            findings.append(Finding(claim, verdict, "" if right else f"{key} = {shown(got[key])}"))
            reached = reached and right
        return Judgement(tuple(findings), Facts(called=f"{exercise.id}(variant)", got=shown(got)))

    return Plan((Call(exercise.id, (variant,)),), (FORM, *claims), judge)


def _malformed(exercise: Exercise, got: object, expected: dict) -> str | None:
    """Why this is no answer to a choice at all."""
    if not isinstance(got, dict):
        return f"a dict such as dict({', '.join(f'{key}=...' for key in expected)}) was asked for"
    missing = [key for key in expected if key not in got]
    if missing:
        return f"the key {missing[0]!r} is missing"
    for key, keys in (("answer", exercise.spec.options), ("reason", exercise.spec.reasons)):
        chosen = got.get(key)
        named = chosen if isinstance(chosen, list) else [chosen]
        if key in expected and not all(isinstance(one, str) and one in keys for one in named):
            return f"{key} = {shown(chosen)}, but the choices are {', '.join(map(repr, keys))}"
    return None
