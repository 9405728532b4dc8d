"""Kind E: the figures are recomputed from what the experiment returns, for seeds that the grader chose."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import numpy as np

from autograder.calls import Call, Observation
from autograder.exercise import Exercise
from autograder.judges.checks import why_nothing_returned
from autograder.judges.judgement import FAILS, HOLDS, NOT_REACHED, Facts, Finding, Judgement, Plan
from autograder.judges.likeness import by_findings
from autograder.judges.values import plain, shown

FORM = "returns what was asked for, for every seed"


def plan(exercise: Exercise, seed: int, student: str = "") -> Plan:
    """One call for each of the grader's seeds; every band must hold for all of them."""
    spec = exercise.spec
    draw = random.Random(f"{seed}:{exercise.id}")
    seeds = tuple(draw.randrange(2**31) for _ in range(spec.seeds))
    claims = tuple(claim for _, _, claim in spec.bands.values())

    def judge(observations: Sequence[Observation]) -> Judgement:
        measured, complaint = [], ""
        for used, seen in zip(seeds, observations, strict=True):
            if not seen.returned:
                complaint = complaint or f"seed {used}: {why_nothing_returned(seen)}"
                continue
            try:
                with np.errstate(all="ignore"):  # a run that diverged is judged by its figures, not by warnings
                    measured.append((used, spec.measure(plain(seen.value), used)))
            except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as problem:
                complaint = complaint or f"seed {used}: {problem}"
        if not complaint and len(seeds) > 1 and _all_alike(observations):
            complaint = "the same result for every seed: the seed is not used"
        if complaint:
            rest = tuple(Finding(claim, NOT_REACHED) for claim in claims)
            return Judgement((Finding(FORM, FAILS, complaint, 0.0), *rest))
        findings = [Finding(FORM, HOLDS, weight=0.0)]
        findings += [_in_band(name, band, measured) for name, band in spec.bands.items()]
        return Judgement(tuple(findings), Facts(called=f"{exercise.id}(seed={seeds[0]})"))

    return Plan(tuple(Call(exercise.id, (used,)) for used in seeds), (FORM, *claims), judge, by_findings(judge))


def _all_alike(observations: Sequence[Observation]) -> bool:
    first, *others = (plain(seen.value) for seen in observations)
    return all(other == first for other in others)


def _in_band(name: str, band: tuple[float, float, str], measured: list) -> Finding:
    low, high, claim = band
    for used, figures in measured:
        figure = figures[name]
        if math.isnan(figure) or not low <= figure <= high:
            return Finding(claim, FAILS, f"seed {used}: {name} = {shown(figure)}, outside [{low:g}, {high:g}]")
    return Finding(claim, HOLDS, evidence=", ".join(shown(figures[name]) for _, figures in measured))
