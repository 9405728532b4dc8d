"""Kind A: a short answer to the student's own variant of the question."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from autograder.calls import Call, Observation
from autograder.exercise import Exercise
from autograder.judges.checks import unanswered
from autograder.judges.judgement import FAILS, HOLDS, NOT_REACHED, Facts, Finding, Judgement, Plan
from autograder.judges.values import plain, shape_of, shown
from autograder.judges.variants import variant_of

ROUNDING = 1e-9  # relative: an answer is exact up to the rounding of floating point
FORM, VALUE = "returns a value of the right form", "the value is right for your numbers"


def plan(exercise: Exercise, seed: int, student: str = "") -> Plan:
    """One call with the student's variant; the expected value is the reference's."""
    variant = variant_of(exercise, student)
    expected = plain(exercise.reference(variant))
    call = Call(exercise.id, (variant,))

    def judge(observations: Sequence[Observation]) -> Judgement:
        [seen] = observations
        if not seen.returned:
            return unanswered([(VALUE, 1.0)], FORM, seen)
        got = plain(seen.value)
        facts = Facts(called=f"{exercise.id}({variant})", got=shown(got), expected="")
        if shape_of(got) != shape_of(expected):
            wanted, came = _form(expected), _form(got)
            complaint = f"got {came}, where {wanted} was asked for"
            return Judgement((Finding(FORM, FAILS, complaint, 0.0), Finding(VALUE, NOT_REACHED)), facts)
        right = agree(got, expected, exercise.spec.tolerance)
        verdict = Finding(VALUE, HOLDS if right else FAILS, "" if right else f"got {shown(got)} for {variant}")
        return Judgement((Finding(FORM, HOLDS, weight=0.0), verdict), facts)

    return Plan((call,), (FORM, VALUE), judge)


def agree(got: Any, expected: Any, tolerance: float = 0.0) -> bool:
    """Equal as exact numbers, or within max(tolerance, 1e-9) relative where a float is involved."""
    if isinstance(expected, (list, tuple)):
        return len(got) == len(expected) and all(agree(g, e, tolerance) for g, e in zip(got, expected, strict=True))
    if isinstance(expected, (bool, str)) or expected is None:
        return type(got) is type(expected) and got == expected
    if isinstance(got, (int, Fraction)) and isinstance(expected, (int, Fraction)):
        return got == expected
    try:
        got, expected = float(got), float(expected)
    except OverflowError:
        return False  # an integer beyond all floats, where a float was expected
    return got == expected or abs(got - expected) <= max(tolerance, ROUNDING) * abs(expected)


def _form(value: Any) -> str:
    shape = shape_of(value)
    if shape is None:
        return f"a {type(value).__name__}"
    if shape == ():
        return "one number"
    return f"{shape[0]} numbers" if len(shape) == 1 else "an array of shape " + "x".join(map(str, shape))
