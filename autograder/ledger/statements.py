"""What a lesson says to settle a claim: prove it, refute it with a witness, or show it by measuring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy

from autograder.expressions import Tree, evaluate, from_sympy, parse, to_latex, to_text
from autograder.expressions.evaluate import settle
from autograder.judges.equivalence import compare
from autograder.judges.values import shown
from autograder.judges.verdict import Agrees, Proved, Refuted
from autograder.ledger.card import Evidence
from autograder.ledger.claims import claims

Formula = str | sympy.Basic | Tree
SIGNS = {"=": "=", "<=": r"\le", "<": "<", ">=": r"\ge", ">": ">"}


class ClaimError(AssertionError):
    """A lesson states what its own evidence does not support; the message says where they part."""


def prove(
    claim: str,
    lhs: Formula,
    rhs: Formula,
    domain: Mapping[str, str] | str = "real",
    relation: str = "=",
    when: str = "",
) -> Evidence:
    """Establish `lhs relation rhs` on the whole domain, and show it as an equation with its verdict.

    claim: an id of the ledger. lhs, rhs: SymPy expressions, or text in the course's syntax.
    domain: a domain for each variable, or one for all of them. when: the condition, for a claim that needs one.

    Raises ClaimError with a witness when it does not hold, and when it could be neither proved nor tried.
    """
    _known(claim, when)
    left, right = _tree(lhs), _tree(rhs)
    verdict = compare(left, right, _domains(domain, left, right), relation=relation)
    if isinstance(verdict, Refuted):
        at = ", ".join(f"{name} = {value}" for name, value in verdict.witness.items())
        raise ClaimError(f"{claim} does not hold at {at}: {verdict.got} on the left, {verdict.expected} on the right")
    if isinstance(verdict, Proved):
        how, settled = f"by {verdict.by}", "proved"
    elif isinstance(verdict, Agrees):
        how, settled = f"at {verdict.points} points, to 50 digits", "agrees"
    else:
        raise ClaimError(f"{claim} could not be decided: {verdict.reason}")
    return Evidence(claim, settled, _latex(left, right, relation), _text(left, right, relation), how, when)


def refute(
    claim: str,
    lhs: Formula,
    rhs: Formula,
    at: Mapping[str, Any] | None = None,
    relation: str = "=",
    instead: tuple | None = None,
    domain: Mapping[str, str] | str = "real",
) -> Evidence:
    """Show that `lhs relation rhs` fails at the witness `at`.

    instead: what holds in its place, (lhs, rhs) or (lhs, rhs, relation), proved here as well.

    Raises ClaimError when the witness does not refute, or when the correction does not hold.
    """
    _known(claim)
    left, right = _tree(lhs), _tree(rhs)
    point = {name: parse(str(value)) for name, value in (at or {}).items()}
    numbers = {name: settle(value, {}) for name, value in point.items()}
    got, expected = settle(left, numbers), settle(right, numbers)
    if _holds(evaluate(left, numbers), evaluate(right, numbers), relation):
        raise ClaimError(f"the witness does not refute {claim}: {shown(got)} {relation} {shown(expected)} holds")
    where = ", ".join(f"{name} = {to_text(value)}" for name, value in point.items())
    how = f"{'at ' + where + ': ' if where else ''}{_number(got)} on the left, {_number(expected)} on the right"
    correction = ""
    if instead:
        true_left, true_right, *sign = instead
        prove(claim, true_left, true_right, domain, *sign, when="corrected")
        correction = _latex(_tree(true_left), _tree(true_right), *sign)
    return Evidence(
        claim, "refuted", _latex(left, right, relation), _text(left, right, relation), how, instead=correction
    )


def show(
    claim: str, sentence: str, holds: Any, *, refutes: bool = False, when: str = "", latex: str = "", **measured: Any
) -> Evidence:
    """Settle a claim by computing: `holds` is the outcome of the check, `measured` the figures behind it.

    refutes: the outcome speaks against the claim; `sentence` then says what is the case instead.

    Raises ClaimError when the check came out false.
    """
    _known(claim, when)
    if not bool(holds):
        raise ClaimError(f"{claim}: the check of {sentence!r} came out false")
    how = ", ".join(f"{name.replace('_', ' ')} = {shown(value)}" for name, value in measured.items())
    return Evidence(claim, "refuted" if refutes else "shown", latex, sentence, how, when)


def _known(claim: str, when: str = "") -> None:
    record = claims().get(claim)
    if record is None:
        raise ClaimError(f"the ledger has no claim {claim!r}; chapters/ledger.json lists them")


def _tree(formula: Formula) -> Tree:
    if isinstance(formula, Tree):
        return formula
    return parse(formula) if isinstance(formula, str) else from_sympy(sympy.sympify(formula))


def _domains(domain: Mapping[str, str] | str, *trees: Tree) -> dict[str, str]:
    if not isinstance(domain, str):
        return dict(domain)
    return {name: domain for tree in trees for name in sorted(tree.symbols)}


def _holds(left: Any, right: Any, relation: str) -> bool:
    if relation == "=":
        return bool(abs(left - right) <= abs(right) * 1e-40)
    return bool({"<=": left <= right, "<": left < right, ">=": left >= right, ">": left > right}[relation])


def _number(value: Any) -> str:
    return shown(float(value)) if hasattr(value, "_mpf_") else str(value)


def _latex(left: Tree, right: Tree, relation: str = "=") -> str:
    return f"{to_latex(left)} {SIGNS[relation]} {to_latex(right)}"


def _text(left: Tree, right: Tree, relation: str = "=") -> str:
    return f"{to_text(left)} {relation} {to_text(right)}"
