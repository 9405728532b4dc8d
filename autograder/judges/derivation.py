"""Kind D: a chain of lines. It starts and ends as asked, and every line follows from the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.calls import Call, Observation
from autograder.exercise import Exercise
from autograder.expressions import Tree, parse, reordered, to_latex
from autograder.judges import chain
from autograder.judges.chain import Link, Malformed, examine, read_chain, read_lines, shown
from autograder.judges.ends import matches
from autograder.judges.holds_where import holds_where
from autograder.judges.judgement import FAILS, HOLDS, NOT_REACHED, UNDECIDED, Facts, Finding, Judgement, Plan
from autograder.judges.near_miss import near_miss
from autograder.judges.verdict import Proved, Refuted, Undecidable
from autograder.kinds import Derivation

WEIGHTS = (0.0, 0.5, 3.0, 0.5)  # form, start, steps, end: the steps are the derivation


@dataclass(frozen=True)
class Task:
    """What is asked, read once."""

    spec: Derivation
    start: Tree
    end: Tree
    claims: tuple[str, str, str, str]
    called: str

    @classmethod
    def of(cls, exercise: Exercise) -> Task:
        spec: Derivation = exercise.spec
        follows = {"=": "equals", "<=": "is at least", ">=": "is at most", "<": "exceeds", ">": "is below"}
        claims = (
            f"is a chain of at least {spec.min_steps} different lines",
            f"starts from {spec.start}",
            f"every line {follows[chain.weakest(spec.relations)]} the line before it",
            f"arrives at {spec.end}",
        )
        return cls(spec, parse(spec.start), parse(spec.end), claims, f"{exercise.id}()")

    def finding(self, place: int, verdict: str, witness: str = "", evidence: str = "") -> Finding:
        return Finding(self.claims[place], verdict, witness, WEIGHTS[place], evidence)


def plan(exercise: Exercise, seed: int, student: str = "") -> Plan:
    """One call; four claims, of which the steps count most."""
    task = Task.of(exercise)

    def judge(observations: Sequence[Observation]) -> Judgement:
        return _judge(task, observations[0], seed)

    def likeness(mine: Sequence[Observation], theirs: Sequence[Observation]) -> float:
        return _likeness(task, mine[0], theirs[0], seed)

    return Plan((Call(exercise.id),), task.claims, judge, likeness)


def _judge(task: Task, seen: Observation, seed: int) -> Judgement:
    try:
        lines = read_chain(seen, task.spec)
    except Malformed as problem:
        rest = tuple(task.finding(place, NOT_REACHED) for place in (1, 2, 3))
        return Judgement((task.finding(0, FAILS, str(problem)), *rest), Facts(called=task.called))
    broken, sound = examine(task.start, lines, task.spec, seed)
    findings = [task.finding(0, HOLDS), _begins(task, lines[0], broken), _follows(task, broken, sound)]
    if broken is not None:
        # to agree with the right side later does not mend the chain
        findings.append(task.finding(3, NOT_REACHED))
        return Judgement(tuple(findings), _facts(task, lines, broken))
    findings.append(_arrives(task, lines[-1]))
    return Judgement(tuple(findings), Facts(called=task.called))


def _begins(task: Task, line: Tree, broken: Link | None) -> Finding:
    if matches(line, task.start, task.end):
        return task.finding(1, HOLDS)
    if broken is not None and broken.index == 0:
        return task.finding(1, FAILS, f"line 1 is {shown(line)}; the left side as asked is {task.spec.start}")
    why = "has the same value, but the derivation is to start where the statement starts"
    return task.finding(1, FAILS, f"line 1, {shown(line)}, {why}: {task.spec.start}")


def _arrives(task: Task, line: Tree) -> Finding:
    if matches(line, task.end, task.start):
        return task.finding(3, HOLDS)
    if chain.same(line, task.end, task.spec.variables):
        why = "has the right value, and is not yet what was asked; one more line leads to"
        return task.finding(3, FAILS, f"the last line, {shown(line)}, {why} {task.spec.end}")
    return task.finding(3, FAILS, f"the last line is {shown(line)}, and the goal is {task.spec.end}")


def _follows(task: Task, broken: Link | None, sound: list[Link]) -> Finding:
    if broken is not None:
        return task.finding(2, FAILS, _witness(broken))
    doubt = next((link for link in sound if isinstance(link.verdict, Undecidable)), None)
    if doubt is not None:
        return task.finding(2, UNDECIDED, f"from {doubt.step}: {doubt.verdict.reason}")
    proofs = [link.verdict.by for link in sound if isinstance(link.verdict, Proved)]
    how = f"proved by {proofs[0]}" if len(proofs) == len(sound) > 0 else "agrees at every point tried"
    return task.finding(2, HOLDS, evidence=how)


def _witness(broken: Link) -> str:
    """Which step, where it fails, and both values there."""
    refuted: Refuted = broken.verdict
    where = f"at {refuted.at}" if refuted.at else "as numbers"
    former = "the left side" if broken.index == 0 else f"line {broken.index}"
    return f"from {broken.step}: {where} {former} is {refuted.got}, and line {broken.index + 1} is {refuted.expected}"


def _facts(task: Task, lines: list[Tree], broken: Link) -> Facts:
    refuted: Refuted = broken.verdict
    variables, relation = task.spec.variables, chain.weakest(task.spec.relations)
    where = holds_where(broken.before, broken.after, variables, relation)
    again = chain.rejoins(task.start, lines, broken.index, variables) if relation == "=" else None
    parts = [f"the step holds for {where} only"] if where else []
    if again is not None:
        parts.append(f"line {again + 1} is right again, but a chain is as strong as its weakest link")
    return Facts(
        where="; ".join(parts),
        cause=_cause(near_miss(broken.after, broken.before, variables) if relation == "=" else "", broken),
        called=task.called,
        got=refuted.expected,
        expected=refuted.got,
        curve={
            "steps": [shown(line, 300) for line in lines],
            "wrong": broken.index,
            "rejoins": again,
            "before": to_latex(broken.before),
            "after": to_latex(broken.after),
            "witness": dict(refuted.witness),
        },
    )


def _cause(found: str, broken: Link) -> str:
    return f"in line {broken.index + 1}, {found}" if found else ""


def _likeness(task: Task, mine: Observation, theirs: Observation, seed: int) -> float:
    """1 for the same wrong step, a little less where only the values are the same, 0.9 for the same complaint."""
    my, their = (_anatomy(task, seen, seed) for seen in (mine, theirs))
    if my[0] != their[0] or not their[0]:
        return 0.0
    if my[1] is None or their[1] is None:
        return 0.9
    (my_before, my_after), (their_before, their_after) = my[1], their[1]
    variables = task.spec.variables
    if not chain.same(my_after, their_after, variables):
        return 0.0
    # several mistakes may lead to one value: what is written decides between them
    told = chain.same(my_before, their_before, variables)
    return 0.94 + 0.02 * told + 0.02 * _reads(my_before, their_before) + 0.02 * _reads(my_after, their_after)


def _reads(one: Tree, other: Tree) -> bool:
    return reordered(one) == reordered(other)


def _anatomy(task: Task, seen: Observation, seed: int) -> tuple[str, tuple[Tree, Tree] | None]:
    """What is wrong, in a word, and the pair of lines between which it goes wrong."""
    try:
        lines = read_lines(seen, task.spec)
    except Malformed as problem:
        return str(problem), None
    broken, _ = examine(task.start, lines, task.spec, seed)
    if broken is not None:
        return ("step" if broken.index else "first line"), (broken.before, broken.after)
    try:
        read_chain(seen, task.spec)
    except Malformed as problem:
        return (
            "few" if len(lines) < task.spec.min_steps else "malformed" if "speaks" in str(problem) else "same"
        ), None
    if not matches(lines[0], task.start, task.end):
        return "start", None
    return ("" if matches(lines[-1], task.end, task.start) else "end"), None
