"""What a lesson says to settle a claim: prove it, refute it with a witness, or show it by measuring."""

from __future__ import annotations

from collections import Counter
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
PATIENCE = 60.0  # seconds for a proof: a lesson can wait, and its verdict must not depend on how busy a machine is
_CARDS: Counter[str] = Counter()
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
    _known(claim)
    left, right = _tree(lhs), _tree(rhs)
    settled, how = _established(claim, left, right, domain, relation)
    return _card(claim, settled, _latex(left, right, relation), _text(left, right, relation), how, when)


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
        true_left, true_right = map(_tree, instead[:2])
        sign = instead[2] if len(instead) > 2 else "="
        _established(claim, true_left, true_right, domain, sign)
        correction = _latex(true_left, true_right, sign)
    formula = _latex(left, right, relation), _text(left, right, relation)
    return _card(claim, "refuted", *formula, how, instead=correction)


def show(
    claim: str, sentence: str, holds: Any, *, refutes: bool = False, when: str = "", latex: str = "", **measured: Any
) -> Evidence:
    """Settle a claim by computing: `holds` is the outcome of the check, `measured` the figures behind it.

    refutes: the outcome speaks against the claim; `sentence` then says what is the case instead.

    Raises ClaimError when the check came out false.
    """
    _known(claim)
    if not bool(holds):
        raise ClaimError(f"{claim}: the check of {sentence!r} came out false")
    how = ", ".join(f"{name.replace('_', ' ')} = {shown(value)}" for name, value in measured.items())
    return _card(claim, "refuted" if refutes else "shown", latex, sentence, how, when)


def _card(claim: str, *fields: str, **more: str) -> Evidence:
    """The card of a claim; a claim may need several, and then they are told apart by their number."""
    _CARDS[claim] += 1
    return Evidence(claim, *fields, **more, part=_CARDS[claim])


def _established(claim: str, left: Tree, right: Tree, domain: Mapping[str, str] | str, relation: str) -> tuple[str, str]:
    """The verdict on `left relation right` and how it was reached. Raises ClaimError when it does not hold."""
    verdict = compare(left, right, _domains(domain, left, right), relation=relation, prove=PATIENCE)
    if isinstance(verdict, Refuted):
        at = ", ".join(f"{name} = {value}" for name, value in verdict.witness.items())
        raise ClaimError(f"{claim} does not hold at {at}: {verdict.got} on the left, {verdict.expected} on the right")
    if isinstance(verdict, Proved):
        return "proved", f"by {verdict.by}"
    if isinstance(verdict, Agrees):
        return "agrees", f"at {verdict.points} points, to 50 digits"
    raise ClaimError(f"{claim} could not be decided: {verdict.reason}")


def _known(claim: str) -> None:
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
