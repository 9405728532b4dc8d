"""What the reference and every alternative do alike, and an exercise may therefore ask of everyone.

A statement cannot spell out every shape, dtype and infinity. Where all right answers agree, a student is held to
it as well; where they differ, nobody promised anything.
"""

from __future__ import annotations

from collections.abc import Callable

from autograder.calls import Call
from autograder.exercise import Exercise
from autograder.judges.cases import Case
from autograder.judges.layout import Layout
from autograder.judges.outcomes import Outcome
from autograder.sandbox.observe import observe


def right_answers(exercise: Exercise) -> list[Callable]:
    return [exercise.reference, *(alternative.function for alternative in exercise.alternatives)]


def kept(exercise: Exercise, layout: Layout, case: Case) -> bool:
    """Whether every right answer gives what the case asks for."""
    outcomes = (Outcome(layout, case, observe(function, case.call)) for function in right_answers(exercise))
    return all(outcome.values_hold and not outcome.wrong_dtype for outcome in outcomes)


def taken(exercise: Exercise, call: Call) -> bool:
    """Whether every right answer gives something at all; what it must be, the truth says."""
    return all(observe(function, call).returned for function in right_answers(exercise))
