"""Kind N: functions on arrays, held against fifty digits.

The order of the claims is the order in which a tutor would look. Whoever is wrong at ordinary points, or overwrites
what was handed over, has another function than the one asked for, and nothing else counts; whoever is right there
keeps what was earned, and loses what the ends of the floating-point line, infinities, warnings or other dtypes take
away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from autograder.calls import Call, Observation
from autograder.exercise import Exercise
from autograder.judges import cores, elementwise
from autograder.judges.builder import Builder
from autograder.judges.cases import Case
from autograder.judges.causes import cause, why_it_stopped
from autograder.judges.failures import failure
from autograder.judges.joining import joined
from autograder.judges.judgement import FAILS, HOLDS, NOT_REACHED, Facts, Finding, Judgement, Plan
from autograder.judges.layout import Layout
from autograder.judges.outcomes import Outcome
from autograder.judges.properties import Asked, ask
from autograder.judges.regions import Curve
from autograder.judges.remembered import remembered
from autograder.judges.shelf import kept
from autograder.kinds import Property
from autograder.sandbox.seen import Seen

MANNERS = (
    "dtype",
    "quiet",
    "shapes",
    "raises",
    "float32",
    "float16",
)  # how an answer comes, not what it says
WEIGHTS = {
    "called": 0.0,
    "shape": 0.0,
    "unchanged": 0.0,
    "plain": 3.0,
    "digits": 1.0,
    "dtype": 0.5,
    "options": 1.0,
    "kinks": 1.0,
    "rows": 1.5,
    "tails": 1.0,
    "extremes": 2.0,
    "edges": 1.0,
    "quiet": 1.0,
    "shapes": 0.5,
    "raises": 0.5,
    "float32": 0.75,
    "float16": 0.75,
}
GATES = ("called", "shape", "unchanged", "plain")
NEARER = 1e-3  # decides between mistakes that are alike otherwise, and nothing else


def plan(exercise: Exercise, seed: int, student: str = "") -> Plan:
    """The calls that settle the claims of a numeric exercise; every student gets the same ones."""
    study = Study.of(exercise, seed)
    return Plan(study.calls, study.claims, study.judge, study.likeness)


@dataclass(frozen=True)
class Study:
    """The cases of one exercise with their truths, and the claims they settle."""

    exercise: Exercise
    layout: Layout
    cases: tuple[Case, ...]
    asked: tuple[Asked, ...]

    @classmethod
    def of(cls, exercise: Exercise, seed: int) -> Study:
        layout = Layout.of(exercise)
        rng = np.random.default_rng([seed, *exercise.id.encode()])
        builder = Builder(exercise, layout, layout.oracle(exercise), rng)
        with kept(builder.oracle, exercise):
            (elementwise if layout.elementwise else cores).build(builder)
            builder.cases = joined(builder.cases, layout)
            builder.ask_again()
        return cls(exercise, layout, tuple(builder.cases), ask(exercise, rng))

    @property
    def calls(self) -> tuple[Call, ...]:
        return (*(case.call for case in self.cases), *(call for asked in self.asked for call in asked.calls))

    @cached_property
    def sentences(self) -> dict[str, str]:
        """What is claimed, by group, for the groups that this exercise has."""
        arguments = ", ".join(self.layout.arrays)
        one = len(self.layout.outputs) == 1
        shape = f"of the shape of {arguments}" if self.layout.elementwise else "of the right shape"
        others = "scalars, empty and oddly laid out arrays" if self.layout.elementwise else "empty arrays"
        others = "a single row, other shapes and mixed dtypes" if self.layout.means else others
        every = {
            "called": f"can be called as {self.exercise.id}({arguments})",
            "shape": f"returns an array {shape}"
            if one
            else f"returns {len(self.layout.outputs)} arrays of the right shapes",
            "unchanged": "leaves its arguments as they were",
            "plain": "gives the right values at ordinary points",
            "digits": "is right to the last digits there",
            "dtype": "float64 in, float64 out",
            "options": f"is right for other values of {' and '.join(self.layout.options)} too",
            "kinks": "is right at the kinks and right beside them",
            "rows": "treats every slice along the axis on its own",
            "tails": "keeps its digits farther out and close to 0",
            "extremes": "stays right at extreme arguments",
            "edges": "has the right limits at infinity, and nan stays nan",
            "quiet": "raises no warning where inputs and result are finite",
            "shapes": f"takes {others}",
            "raises": "raises ValueError when there is nothing to average",
            "float32": "float32 in, float32 out, and as exact as that allows",
            "float16": "float16 in, float16 out, and as exact as that allows",
        }
        present = {case.group for case in self.cases} | {"called", "shape", "digits", "dtype", "quiet", "unchanged"}
        return {group: every[group] for group in WEIGHTS if group in present}

    @property
    def claims(self) -> tuple[str, ...]:
        return (*self.sentences.values(), *(item.claim for item in self.properties))

    @property
    def properties(self) -> tuple[Property, ...]:
        return self.exercise.spec.properties

    def outcomes(self, observations: Sequence[Observation]) -> list[Outcome]:
        return self._latest(Seen.of(observations))

    @cached_property
    def _latest(self) -> Callable[[Seen], list[Outcome]]:
        """An answer is looked at once, however many misconceptions it is compared with; and these once for all."""
        return lru_cache(maxsize=len(self.exercise.misconceptions) + 2)(
            lambda seen: [Outcome(self.layout, case, did) for case, did in zip(self.cases, seen, strict=False)]
        )

    def judge(self, observations: Sequence[Observation]) -> Judgement:
        return self._remembered(observations)

    @cached_property
    def _remembered(self) -> Callable[[Sequence[Observation]], Judgement]:
        return remembered(self._judge)

    def _judge(self, observations: Seen) -> Judgement:
        findings = self._settled(observations)
        return Judgement(findings, self._facts(self.outcomes(observations), findings))

    @cached_property
    def _settled(self) -> Callable[[Seen], tuple[Finding, ...]]:
        """The findings alone, which is all that a comparison of two answers asks for; kept as the outcomes are."""
        return lru_cache(maxsize=len(self.exercise.misconceptions) + 2)(self._settle)

    def _settle(self, observations: Seen) -> tuple[Finding, ...]:
        findings = self._findings(self.outcomes(observations))
        return (*findings, *self._properties(observations, findings))

    def _findings(self, outcomes: list[Outcome]) -> list[Finding]:
        findings, closed = [], False
        for group, sentence in self.sentences.items():
            failed = None if closed else failure(group, outcomes)
            verdict = NOT_REACHED if closed else FAILS if failed else HOLDS
            findings.append(Finding(sentence, verdict, failed or "", WEIGHTS[group]))
            closed = closed or (group in GATES and verdict == FAILS)
        return findings

    def _properties(self, observations: Sequence[Observation], findings: Sequence[Finding]) -> list[Finding]:
        """One finding a property, in whatever dtypes it was asked; what a low precision lacks is charged once."""
        closed, lacking = _closed(findings), {finding.claim for finding in findings if finding.verdict == FAILS}
        failed: dict[str, str] = {}
        start = len(self.cases)
        for asked in self.asked:
            seen = observations[start : start + len(asked.calls)]
            start += len(asked.calls)
            if closed or asked.property.claim in failed or self.sentences.get(asked.dtype) in lacking:
                continue
            why = asked.failure(seen)
            if why:
                failed[asked.property.claim] = why
        found = []
        for item in self.properties:
            verdict = NOT_REACHED if closed else FAILS if item.claim in failed else HOLDS
            found.append(Finding(item.claim, verdict, failed.get(item.claim, ""), item.weight))
        return found

    def _facts(self, outcomes: list[Outcome], findings: Sequence[Finding]) -> Facts:
        if all(finding.verdict == HOLDS for finding in findings):
            return Facts()
        curve = Curve.of(outcomes)
        order = [*self.sentences, "again"]
        bad = [o for o in outcomes if not o.trouble and not o.values_hold]
        failing = {finding.claim for finding in findings if finding.verdict == FAILS}

        def rank(outcome: Outcome) -> tuple:  # the point to try is one of a claim that fails, and easy to type
            groups = ("plain", "digits") if outcome.case.group == "plain" else (outcome.case.group,)
            quiet = not any(self.sentences.get(group) in failing for group in groups)
            return quiet, order.index(outcome.case.group), outcome.simplicity

        wrong = min(bad, key=rank, default=None)
        shown = {}
        if wrong:
            number, index = wrong.worst()
            got, expected = wrong.shown(number, index)
            called, got = _single_call(wrong, number, index), got + wrong.which(number)
            shown = {"called": called, "got": got, "expected": expected}
        return Facts(
            where=curve.where() if curve else "",
            digits=curve.regions() if curve and not _closed(findings) else (),
            cause=why_it_stopped(outcomes) if self._stumbled(outcomes, findings) else cause(outcomes, curve),
            curve=curve.data() if curve and curve.wrong.any() else {},
            **shown,
        )

    def _stumbled(self, outcomes: list[Outcome], findings: Sequence[Finding]) -> bool:
        """Whether the first failure is no matter of values: an exception, a wrong shape, a time limit."""
        first = next((finding.claim for finding in findings if finding.verdict == FAILS), None)
        group = next((group for group, sentence in self.sentences.items() if sentence == first), None)
        return any(o.trouble for o in outcomes if o.case.group == group)

    def likeness(self, mine: Sequence[Observation], theirs: Sequence[Observation]) -> float:
        """The share of my wrong entries at which they are wrong in the same way; halved when other claims fail.

        The same mistake with better or worse manners (a warning, a dtype) is still the same mistake. Of two mistakes
        that explain mine alike, the one that goes wrong nowhere else is a little more like it.
        """
        my_outcomes, their_outcomes = self.outcomes(mine), self.outcomes(theirs)
        wrong = same = beyond = 0
        ours: list[np.ndarray] = []
        others: list[np.ndarray] = []
        for me, them in zip(my_outcomes, their_outcomes, strict=True):
            if me.case.raises:
                continue
            if me.trouble or them.trouble:
                size = (
                    max(1, sum(mask.size for mask in me.masks)) if me.trouble else sum(int(m.sum()) for m in me.masks)
                )
                wrong += size
                same += size * (_manner(me) == _manner(them))
                continue
            for mine_bad, their_bad, mine_got, their_got in zip(
                me.masks, them.masks, me.arrays, them.arrays, strict=True
            ):
                beyond += int((their_bad & ~mine_bad).sum())
                if mine_bad.any():
                    ours.append(mine_got[mine_bad])
                    others.append(their_got[mine_bad])
        if ours:
            entries = np.concatenate(ours), np.concatenate(others)
            wrong += entries[0].size
            with np.errstate(all="ignore"):
                same += int(np.isclose(*entries, rtol=1e-6, atol=0, equal_nan=True).sum())
        failing = [{f.claim for f in self._settled(Seen.of(o)) if f.verdict == FAILS} for o in (mine, theirs)]
        if not wrong:
            return float(failing[0] == failing[1])
        manners = {self.sentences.get(group) for group in MANNERS}
        apart = failing[0] ^ failing[1]
        share = same / wrong * (1 if not apart else 0.95 if apart <= manners else 0.5)
        return share - NEARER * beyond / (wrong + beyond)


def _closed(findings: Sequence[Finding]) -> bool:
    return findings[-1].verdict == NOT_REACHED


def _manner(outcome: Outcome) -> tuple:
    """In which way a call went wrong as a whole."""
    seen = outcome.seen
    if not outcome.trouble:
        return ("values",)
    if seen.failure:
        return ("raised", seen.failure.kind)
    if seen.fate:
        return ("fate", seen.fate)
    return (
        ("shape", tuple(np.shape(a) for a in outcome.arrays)) if outcome.arrays else ("type", type(seen.value).__name__)
    )


def _single_call(outcome: Outcome, number: int, index: tuple[int, ...]) -> str:
    """The call of one point, such as a student would type it: sigmoid(-1000.0)."""
    parts = []
    for name, value in outcome.point(number, index).items():
        text = f"np.array({np.asarray(value).tolist()})" if np.ndim(value) else repr(float(value))
        parts.append(f"{name}={text}" if name in outcome.layout.options else text)
    return f"{outcome.case.call.function}({', '.join(parts)})"
