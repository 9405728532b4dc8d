"""Kind X: find the wrong line, repair it, and show a point where the difference can be seen."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from autograder.calls import Call, Observation, Repair
from autograder.exercise import Exercise
from autograder.expressions import ExpressionError, Tree, parse
from autograder.judges.checks import complaint_of, too_large, unanswered
from autograder.judges.equivalence import compare
from autograder.judges.judgement import FAILS, HOLDS, NOT_REACHED, UNDECIDED, Facts, Finding, Judgement, Plan
from autograder.judges.likeness import by_findings
from autograder.judges.values import plain
from autograder.judges.verdict import Refuted, Undecidable
from autograder.kinds import FindRepair

FORM = "returns Repair(line, fix, witness)"
LINE = "names the line that is wrong"
WITNESS = "the witness shows that the line as printed fails"
FIX = "the repaired line is right"
WEIGHTS = {LINE: 1.0, WITNESS: 1.0, FIX: 1.0}


def plan(exercise: Exercise, seed: int, student: str = "") -> Plan:
    """One call; line, witness and fix are judged one by one, and a wrong line ends it."""
    spec = exercise.spec

    def judge(observations: Sequence[Observation]) -> Judgement:
        [seen] = observations
        if not seen.returned:
            return unanswered(list(WEIGHTS.items()), FORM, seen)
        repair = seen.value
        if not isinstance(repair, Repair) or not isinstance(repair.witness, dict):
            rest = tuple(Finding(claim, NOT_REACHED, weight=weight) for claim, weight in WEIGHTS.items())
            return Judgement((Finding(FORM, FAILS, f"a {FORM[8:]} was asked for", 0.0), *rest))
        findings = [Finding(FORM, HOLDS, weight=0.0), _judge_line(repair, spec)]
        if findings[-1].verdict == FAILS:
            findings += [Finding(WITNESS, NOT_REACHED), Finding(FIX, NOT_REACHED)]
        else:
            complaint = too_large(repair.witness) or complaint_of(spec.check_witness, plain(repair.witness))
            findings.append(Finding(WITNESS, FAILS if complaint else HOLDS, complaint or ""))
            findings.append(_judge_fix(repair.fix, spec, seed))
        return Judgement(tuple(findings), Facts(called=f"{exercise.id}()"))

    return Plan((Call(exercise.id, probes=spec.probes),), (FORM, *WEIGHTS), judge, by_findings(judge))


def _judge_line(repair: Repair, spec: FindRepair) -> Finding:
    line = plain(repair.line)
    line = int(line) if isinstance(line, (float, Fraction)) and line == line // 1 else line  # 4.0, SymPy's 4
    if isinstance(line, bool) or not isinstance(line, int) or not 1 <= line <= len(spec.lines):
        return Finding(LINE, FAILS, f"line should be a number from 1 to {len(spec.lines)}")
    if line == spec.wrong:
        return Finding(LINE, HOLDS)
    return Finding(LINE, FAILS, f"line {line} ({spec.lines[line - 1]}) holds as it stands")


def _judge_fix(fix: Any, spec: FindRepair, seed: int) -> Finding:
    if spec.check_fix is not None:
        complaint = complaint_of(spec.check_fix, plain(fix))
        return Finding(FIX, FAILS if complaint else HOLDS, complaint or "")
    wanted = spec.fix if isinstance(spec.fix, tuple) else (spec.fix,)
    offered = tuple(fix) if isinstance(fix, (list, tuple)) else (fix,)
    if len(offered) != len(wanted):
        return Finding(FIX, FAILS, f"{len(wanted)} expressions were asked for, {len(offered)} came")
    undecided = ""
    for got, target in zip(offered, wanted, strict=True):
        try:
            tree = got if isinstance(got, Tree) else parse(str(got))
        except ExpressionError as problem:
            return Finding(FIX, FAILS, str(problem))
        verdict = compare(tree, parse(target), spec.variables, seed=seed, prove=False)
        if isinstance(verdict, Refuted):
            at = ", ".join(f"{name} = {value}" for name, value in verdict.witness.items()) or "as it stands"
            return Finding(FIX, FAILS, f"{at}: your line gives {verdict.got}, the truth is {verdict.expected}")
        if isinstance(verdict, Undecidable):
            undecided = verdict.reason
    return Finding(FIX, UNDECIDED if undecided else HOLDS, undecided)
