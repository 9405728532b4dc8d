"""Claims checked one after another: a later one is not reached while an earlier one fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.calls import Observation
from autograder.judges.judgement import FAILS, HOLDS, NOT_REACHED, Finding, Judgement
from autograder.judges.values import count_of
from autograder.kinds import Check

MOST_NUMBERS = 1_000  # in a witness: predicates may look at every pair
LONGEST = 400  # characters of a complaint


def run_checks(checks: Sequence[Check], *args: Any) -> list[Finding]:
    """Ask each check's predicate about the arguments, until one fails."""
    findings: list[Finding] = []
    reached = True
    for check in checks:
        if not reached:
            findings.append(Finding(check.claim, NOT_REACHED, weight=check.weight))
            continue
        complaint = complaint_of(check.predicate, *args)
        reached = complaint is None
        findings.append(Finding(check.claim, HOLDS if reached else FAILS, complaint or "", check.weight))
    return findings


def too_large(witness: Any) -> str | None:
    """A complaint about a witness that nobody would check by hand, made before anything is computed with it."""
    count = count_of(witness)
    return f"a witness holds a few numbers; this one holds {count}" if count > MOST_NUMBERS else None


def complaint_of(predicate, *args: Any) -> str | None:
    """What the predicate says against its arguments; None when it has nothing to say.

    The arguments come from a student: a predicate that stumbles over them has met something malformed, and the
    student is told so in words.
    """
    try:
        with np.errstate(all="ignore"):  # a student's inf or nan is for the predicate to judge, not to warn about
            complaint = predicate(*args)
            return complaint if complaint is None else _clipped(complaint)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as stumble:
        why = f"{type(stumble).__name__}: {stumble}"
        return f"this could not be evaluated with what was returned ({_clipped(why)})"


def _clipped(text: str) -> str:
    """A predicate may quote a number of two thousand digits."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def why_nothing_returned(observation: Observation) -> str:
    """One sentence on a call that gave no value."""
    if observation.failure is not None:
        where = f" on line {observation.failure.line}" if observation.failure.line else ""
        return f"it raised {observation.failure.kind}{where}: {observation.failure.message}"
    reasons = {
        "timeout": "it did not come back in time",
        "memory": "it asked for more memory than is allowed",
        "killed": "the process it ran in died",
        "invalid_output": "it returned something that no exercise asks for",
        "missing": "no function of this name was handed in",
        "unreached": "an earlier call used up the time",
    }
    return observation.detail or reasons.get(observation.fate or "", "it returned nothing")


def unanswered(claims: Sequence[tuple[str, float]], first: str, observation: Observation) -> Judgement:
    """The judgement when the one call that matters gave no value: `first` fails, the rest is not reached."""
    findings = [Finding(first, FAILS, why_nothing_returned(observation), 0.0)]
    findings += [Finding(claim, NOT_REACHED, weight=weight) for claim, weight in claims]
    return Judgement(tuple(findings))
