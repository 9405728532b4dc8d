"""Kind S: an expression, or a tuple of them, compared with the target at every point of the domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Any

from autograder.calls import Call, Foreign, Observation
from autograder.domains import parse_domain
from autograder.exercise import Exercise
from autograder.expressions import ExpressionError, Tree, as_tree, has_float, parse, symbols, to_text
from autograder.expressions.tree import walk
from autograder.judges.checks import why_nothing_returned
from autograder.judges.equivalence import compare
from autograder.judges.holds_where import holds_where
from autograder.judges.judgement import FAILS, HOLDS, NOT_REACHED, UNDECIDED, Facts, Finding, Judgement, Plan
from autograder.judges.near_miss import near_miss
from autograder.judges.points import names_of
from autograder.judges.profile import profile
from autograder.judges.verdict import Proved, Refuted, Undecidable
from autograder.kinds import Symbolic

FORM = "gives what is asked for: {}"
EXACT = "is exact: no rounded numbers"
_UNDONE = {"D": "derivative", "grad": "gradient", "Int": "integral"}
_DIGITS = Context(prec=3_300, Emax=MAX_EMAX, Emin=MIN_EMIN)  # more than any verdict is shown with
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


@dataclass(frozen=True)
class Part:
    """One expression to be judged: which call, which entry of its tuple, the target, the claim."""

    call: int
    entry: int | None
    target: Tree
    claim: str


class _Malformed(Exception):
    """What came back is no expression; the message is for the student."""


def plan(exercise: Exercise, seed: int, student: str = "") -> Plan:
    """One call for each case; every expression is one claim."""
    spec: Symbolic = exercise.spec
    calls = tuple(Call(exercise.id, args=tuple(args)) for args in spec.cases)
    parts = _parts(spec)
    form = FORM.format(_wanted(spec))
    claims = (form, *((EXACT,) if spec.exact else ()), *(part.claim for part in parts))

    def judge(observations: Sequence[Observation]) -> Judgement:
        return _judge(exercise, spec, calls, parts, form, observations, seed)

    def likeness(mine: Sequence[Observation], theirs: Sequence[Observation]) -> float:
        return _likeness(spec, parts, mine, theirs)

    return Plan(calls, claims, judge, likeness)


def _parts(spec: Symbolic) -> list[Part]:
    parts = []
    for index, (args, targets) in enumerate(spec.cases.items()):
        given = f" for {', '.join(map(repr, args))}" if args else ""
        if isinstance(targets, str):
            parts.append(Part(index, None, parse(targets), f"the expression{given} is right"))
        else:
            for entry, target in enumerate(targets):
                place = _PLACES[entry] if entry < len(_PLACES) else f"{entry + 1}th"
                parts.append(Part(index, entry, parse(target), f"the {place} expression{given} is right"))
    return parts


def _wanted(spec: Symbolic) -> str:
    sizes = {1 if isinstance(targets, str) else len(targets) for targets in spec.cases.values()}
    several = any(not isinstance(targets, str) for targets in spec.cases.values())
    count = f"a tuple of {max(sizes)} expressions" if several else "an expression"
    allowed = _allowed(spec)
    return f"{count} in {', '.join(allowed)}" if allowed else f"{count} without symbols"


def _allowed(spec: Symbolic) -> list[str]:
    """The symbols an answer may hold: p1, p2, p3 for a declared p: simplex(3)."""
    return [symbol for name, text in spec.variables.items() for symbol in names_of(name, parse_domain(text))]


def _judge(exercise, spec, calls, parts, form, observations, seed) -> Judgement:
    findings, facts = [Finding(form, HOLDS, weight=0.0)], Facts(called=_called(calls[0]))
    if spec.exact:
        findings.append(Finding(EXACT, HOLDS, weight=0.0))
    for part in parts:
        seen = observations[part.call]
        try:
            tree = _expression(seen, part, spec, parts)
        except _Malformed as problem:
            findings[0] = _first(findings[0], str(problem))
            findings.append(Finding(part.claim, NOT_REACHED))
            continue
        if spec.exact and has_float(tree):
            findings[1] = _first(findings[1], _rounded(tree))
            findings.append(Finding(part.claim, NOT_REACHED))
            continue
        finding, seen_facts = _compare(tree, part, spec, calls[part.call], seed)
        facts = seen_facts if finding.verdict == FAILS and not facts.got else facts
        findings.append(finding)
    return Judgement(tuple(findings), facts)


def _first(finding: Finding, witness: str) -> Finding:
    """The finding as a failure; the first reason stays."""
    return finding if finding.verdict == FAILS else Finding(finding.claim, FAILS, witness, 0.0)


def _rounded(tree: Tree) -> str:
    shown = to_text(tree)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return (
        f"{shown} holds a rounded number: 0.1 is stored as a fraction near 1/10. Write Rational(1, 10), sqrt(3), log(2)"
    )


def _expression(seen: Observation, part: Part, spec: Symbolic, parts: list[Part]) -> Tree:
    """The student's expression for one part; _Malformed with a sentence when there is none."""
    if not seen.returned:
        raise _Malformed(why_nothing_returned(seen))
    value: Any = seen.value
    if part.entry is not None:
        entries = sum(other.call == part.call for other in parts)
        if not isinstance(value, list | tuple):
            raise _Malformed(f"a tuple of {entries} expressions was asked for, and one value came back")
        if len(value) != entries:
            raise _Malformed(f"{entries} expressions were asked for, and {len(value)} came back")
        value = value[part.entry]
    tree = _as_tree(value)
    strangers = sorted(symbols(tree) - set(_allowed(spec)))
    if strangers:
        names = ", ".join(strangers)
        allowed = ", ".join(_allowed(spec)) or "none"
        raise _Malformed(f"the symbol {names} does not belong to this exercise; its symbols: {allowed}")
    undone = {node.head for node in walk(tree)} & _UNDONE.keys() if spec.worked_out else ()
    if undone:
        what = _UNDONE[min(undone)]
        raise _Malformed(f"an unevaluated {what} restates the question: carry it out, and return what comes out")
    return tree


def _as_tree(value: Any) -> Tree:
    if value is None:
        raise _Malformed("nothing came back: is there a return?")
    if isinstance(value, Foreign):
        raise _Malformed(value.reason or f"a {value.type_name} came back where an expression was asked for")
    try:
        return as_tree(value)
    except ExpressionError as problem:
        raise _Malformed(str(problem)) from problem


def _compare(tree: Tree, part: Part, spec: Symbolic, call: Call, seed: int) -> tuple[Finding, Facts]:
    verdict = compare(tree, part.target, spec.variables, seed=seed)
    if isinstance(verdict, Undecidable):
        return Finding(part.claim, UNDECIDED, verdict.reason), Facts()
    if not isinstance(verdict, Refuted):
        how = f"proved by {verdict.by}" if isinstance(verdict, Proved) else f"agrees at {verdict.points} points"
        return Finding(part.claim, HOLDS, evidence=how), Facts()
    where = holds_where(tree, part.target, spec.variables)
    witness = verdict.sentence if symbols(part.target) else _too(verdict)
    facts = Facts(
        where=f"it is right for {where} only" if where else "",
        cause=near_miss(tree, part.target, spec.variables),
        called=_called(call),
        got=verdict.got,
        expected=verdict.expected if symbols(part.target) else "",
        curve=profile(tree, part.target, spec.variables, verdict.witness),
    )
    return Finding(part.claim, FAILS, witness), facts


def _too(verdict: Refuted) -> str:
    """For a number, which side it errs on: to name the right one would give the answer away."""
    where = f"{verdict.at}: " if verdict.at else ""
    try:
        side = "large" if _number(verdict.got) > _number(verdict.expected) else "small"
    except ArithmeticError:
        return f"{where}got {verdict.got}, which is not the number asked for"
    return f"{where}got {verdict.got}, which is too {side}"


def _number(text: str) -> Decimal:
    """A number or fraction as it is shown; as a Fraction 1e+10000000000 would fill the memory."""
    numerator, _, denominator = text.partition("/")
    return _DIGITS.divide(Decimal(numerator), Decimal(denominator or 1))


def _called(call: Call) -> str:
    return f"{call.function}({', '.join(map(repr, call.args))})"


def _likeness(spec: Symbolic, parts: list[Part], mine: Sequence[Observation], theirs: Sequence[Observation]) -> float:
    """The share of the parts in which `theirs` errs that `mine` gets wrong in the same way."""
    telling = alike = 0
    for part in parts:
        their = _answer(theirs[part.call], part, spec, parts)
        if isinstance(their, Tree) and not (spec.exact and has_float(their)) and _same(their, part.target, spec):
            continue
        telling += 1
        my = _answer(mine[part.call], part, spec, parts)
        if isinstance(my, Tree) and isinstance(their, Tree):
            alike += has_float(my) == has_float(their) and _same(my, their, spec)
        else:
            alike += my == their
    return alike / telling if telling else 0.0


def _answer(seen: Observation, part: Part, spec: Symbolic, parts: list[Part]) -> Tree | str:
    try:
        return _expression(seen, part, spec, parts)
    except _Malformed as problem:
        return str(problem)


def _same(a: Tree, b: Tree, spec: Symbolic) -> bool:
    return not isinstance(compare(a, b, spec.variables, prove=False), Refuted | Undecidable)
