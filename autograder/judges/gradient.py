"""Kind G: derivatives and vector-Jacobian products: all of kind N, and agreement with the student's own forward.

Agreement is judged along directions. The forward function is called at x + h d and x - h d for three steps h, whose
central differences give one slope by Richardson's extrapolation; the gradient, applied to d, must give the same.
Functions that do not act entry by entry are weighed with an uneven upstream gradient, since an even one hides mistakes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from autograder.calls import Call, Observation
from autograder.exercise import Exercise
from autograder.judges.arrays import as_array
from autograder.judges.judgement import FAILS, HOLDS, NOT_REACHED, Finding, Judgement, Plan
from autograder.judges.kinks import crossed
from autograder.judges.numeric import Study
from autograder.judges.truth import Oracle

STEPS = (2.0**-5, 2.0**-6, 2.0**-7)
WEIGHT = 0.25
CLOSE = 1e-6  # relative; truncation and rounding of the differences stay below 1e-9 of the values
TRIES = 20  # draws of a point whose neighbourhood is free of kinks


def plan(exercise: Exercise, seed: int, student: str = "") -> Plan:
    """The calls of kind N, then those that compare the gradient with the student's forward function."""
    study = Study.of(exercise, seed)
    if not exercise.spec.forward:
        return Plan(study.calls, study.claims, study.judge, study.likeness)
    slopes = Slopes(study, tuple(_probes(study, np.random.default_rng([seed, 71]))))
    calls = (*study.calls, *(call for probe in slopes.probes for call in probe.calls))
    return Plan(calls, (*study.claims, slopes.claim), slopes.judge, study.likeness)


@dataclass(frozen=True)
class Probe:
    """One comparison: the gradient at a point, and the forward function at x +- h d for each step h.

    directions: d for each output of the gradient, scaled. upstream: weights of the forward's entries; None when the
    forward acts entry by entry: then every entry is a comparison of its own, and all steps share one call.
    """

    gradient: Call
    forward: tuple[Call, ...]
    directions: tuple[np.ndarray, ...]
    upstream: np.ndarray | None

    @property
    def calls(self) -> tuple[Call, ...]:
        return (self.gradient, *self.forward)

    def slopes(self, values: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Central differences for each step, the widest first. Raises ValueError for values of other shapes."""
        if self.upstream is None:
            values = values[0].reshape(2 * len(STEPS), -1)
        pairs = zip(values[::2], values[1::2], STEPS, strict=True)
        found = [(above - below) / (2 * step) for above, below, step in pairs]
        return found if self.upstream is None else [np.sum(self.upstream * slope) for slope in found]

    def applied(self, gradient: Sequence[np.ndarray]) -> np.ndarray:
        """The gradient along the direction."""
        if self.upstream is None:
            return gradient[0] * self.directions[0]
        return np.asarray(sum(np.sum(g * d) for g, d in zip(gradient, self.directions, strict=True)))


@dataclass(frozen=True)
class Slopes:
    """The judge of a gradient: the numeric study, and the probes whose calls follow those of the study."""

    study: Study
    probes: tuple[Probe, ...]

    @property
    def claim(self) -> str:
        return f"agrees with differences of your own {self.study.exercise.spec.forward}"

    def judge(self, observations: Sequence[Observation]) -> Judgement:
        judgement = self.study.judge(observations)
        witness, compared = self._compare(observations[len(self.study.calls) :])
        if any(finding.verdict == NOT_REACHED for finding in judgement.findings):
            finding = Finding(self.claim, NOT_REACHED, weight=WEIGHT)
            if compared and witness is None and judgement.facts.called:
                forward = self.study.exercise.spec.forward
                cause = f"it does agree with your own `{forward}`: is the mistake there, or in the formula behind both?"
                judgement = replace(judgement, facts=replace(judgement.facts, cause=cause))
        elif witness is None:
            evidence = "compared with your forward" if compared else "there was no forward function to compare with"
            finding = Finding(self.claim, HOLDS, weight=WEIGHT, evidence=evidence)
        elif all(finding.verdict == HOLDS for finding in judgement.findings):
            # A wrong forward costs its points where it is asked for, and not here a second time.
            evidence = f"your gradient is right, your {self.study.exercise.spec.forward} disagrees; {witness}"
            finding = Finding(self.claim, HOLDS, weight=WEIGHT, evidence=evidence)
        else:
            finding = Finding(self.claim, FAILS, witness, WEIGHT)
        return replace(judgement, findings=(*judgement.findings, finding))

    def _compare(self, observations: Sequence[Observation]) -> tuple[str | None, bool]:
        """The first disagreement, and whether anything could be compared at all."""
        compared, start = False, 0
        for probe in self.probes:
            seen = observations[start : start + len(probe.calls)]
            start += len(probe.calls)
            values = [_array(observation) for observation in seen[1:]]
            outputs = seen[0].value if isinstance(seen[0].value, tuple) else (seen[0].value,)
            gradient = [_array(replace(seen[0], value=output)) for output in outputs]
            if any(value is None for value in (*values, *gradient)) or len(gradient) != len(probe.directions):
                continue
            try:
                with np.errstate(all="ignore"):
                    witness = self._disagreement(probe, values, gradient)
            except ValueError:  # shapes that do not fit: a fault of the forward, and judged there
                continue
            compared = True
            if witness:
                return witness, True
        return None, compared

    def _disagreement(self, probe: Probe, values: list[np.ndarray], gradient: list[np.ndarray]) -> str | None:
        wide, middle, narrow = probe.slopes(values)
        slope = (64 * narrow - 20 * middle + wide) / 45
        mine = np.broadcast_to(probe.applied(gradient), np.shape(slope))
        size = np.maximum(np.abs(slope), np.abs(mine))
        noise = 1e-9 * max(float(np.max(np.abs(value), initial=0.0)) for value in values)
        off = ~(np.abs(slope - mine) <= CLOSE * size + noise)
        if not off.any():
            return None
        index = np.unravel_index(int(np.argmax(off)), off.shape)
        name = self.study.exercise.id
        if probe.upstream is not None:
            return f"along a random direction {name} gives {mine[index]:.6g}, differences give {slope[index]:.6g}"
        x, scale = probe.gradient.args[0][index], probe.directions[0][index]
        got, difference = mine[index] / scale, slope[index] / scale
        return f"at {self.study.layout.arrays[0]} = {x:.6g}: {name} gives {got:.6g}, differences give {difference:.6g}"


def _probes(study: Study, rng: np.random.Generator) -> list[Probe]:
    layout, spec = study.layout, study.exercise.spec
    names = [name for name in layout.arrays if name != "upstream"]
    moved = names[: len(layout.outputs)] if len(layout.outputs) > 1 else names[-1:]
    if layout.elementwise:
        points = [np.resize(layout.lines[name].plain(rng, "float64", 20), 20) for name in layout.arrays]
        point = dict(zip(layout.arrays, points, strict=True))
        scale = np.minimum(np.maximum(np.abs(point[moved[0]]), 1.0), layout.lines[moved[0]].room(point[moved[0]]))
        smooth = ~crossed(spec.kinks, {**point, **layout.options}, {moved[0]: scale}, STEPS[0])
        smooth = np.broadcast_to(smooth, scale.shape)
        point = {name: values[smooth] for name, values in point.items()}
        return [_probe(study, point, point, {moved[0]: scale[smooth]}, None)] if smooth.any() else []
    probes = []
    for n in (3, 4):
        for _ in range(TRIES):
            point, before = _drawn(study, moved[0], n, rng)
            directions = {name: rng.uniform(0.5, 1.5, np.shape(point[name])) for name in moved}
            if not spec.of_output:
                directions = {n: np.minimum(d, d / 1.5 * layout.lines[n].room(point[n])) for n, d in directions.items()}
            inputs = {name: value for name, value in before.items() if name != "upstream"}
            if not crossed(spec.kinks, {**inputs, **layout.options}, directions, STEPS[0]).any():
                probes.append(_probe(study, point, before, directions, point.get("upstream", np.ones(()))))
                break
    return probes


def _drawn(study: Study, moved: str, n: int, rng: np.random.Generator) -> tuple[dict, dict]:
    """Random arguments of the gradient, and those of the forward function that belong to them."""
    layout, spec = study.layout, study.exercise.spec
    sizes: dict[str, int] = {}
    shapes = [tuple(sizes.setdefault(d, n + len(sizes)) for d in dims) for dims in layout.inputs]
    point = {a: layout.lines[a].array(rng, "float64", s) for a, s in zip(layout.arrays, shapes, strict=True)}
    before = dict(point)
    if spec.of_output:
        before[moved] = rng.uniform(-2, 2, point[moved].shape)
        image = Oracle(spec.forward_truth, (moved,))((tuple(before[moved].tolist()),))
        point[moved] = image.hi.reshape(point[moved].shape)
    return point, before


def _probe(
    study: Study,
    point: dict[str, np.ndarray],
    before: dict[str, np.ndarray],
    directions: dict[str, np.ndarray],
    upstream: np.ndarray | None,
) -> Probe:
    """point: the arguments of the gradient; before: those of the forward, some of them moved along the directions."""
    fixed = dict(study.exercise.spec.fixed)
    forward = []
    for step in STEPS:
        for side in (1, -1):
            args = [
                value + side * step * directions[name] if name in directions else value
                for name, value in before.items()
                if name != "upstream"
            ]
            forward.append(tuple(args))
    if upstream is None:
        forward = [tuple(map(np.concatenate, zip(*forward, strict=True)))]
    calls = tuple(Call(study.exercise.spec.forward, args, fixed) for args in forward)
    gradient = Call(study.exercise.id, tuple(point.values()), fixed)
    return Probe(gradient, calls, tuple(directions.values()), upstream)


def _array(observation: Observation) -> np.ndarray | None:
    """The value as a float64 array; None when there is none, when it is no numbers, or several results."""
    single = observation.returned and not isinstance(observation.value, tuple)
    array = as_array(observation.value) if single else None
    return None if array is None else array.astype(float)
