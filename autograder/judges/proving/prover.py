"""Prove that two trees stand in a relation: bring the difference to normal form, case by case where it has kinks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import Any

import sympy as sp

from autograder.domains import Domain, Finite
from autograder.expressions.grid import Grid, ShapeError
from autograder.expressions.tree import Tree
from autograder.judges.proving.needs import NeedsRoot, NeedsSign, Opaque
from autograder.judges.proving.normal_form import NormalForms
from autograder.judges.proving.signs import sign_on

MOST_CASES = 80
_ALLOWED = {"<=": {0, 1}, "<": {1}, ">=": {0, -1}, ">": {-1}}  # signs of right minus left


class Unproved(Exception):
    """This method finds no proof; that says nothing about the truth."""


def prove(left: Tree, right: Tree, domains: Mapping[str, Domain], relation: str) -> str | None:
    """How it is proved, as the rest of a sentence that starts with "by"; None when it is not."""
    proof = _Proof(left, right, domains, relation)
    finite = {sp.Symbol(name): domain.members for name, domain in domains.items() if isinstance(domain, Finite)}
    try:
        for values in product(*finite.values()):
            proof.settle({}, dict(zip(finite, map(sp.Rational, values), strict=True)))
    except (Unproved, Opaque, ShapeError, ArithmeticError, sp.PolynomialError, NotImplementedError, TypeError):
        return None
    except (ValueError, AttributeError, RecursionError):
        return None
    return proof.told()


class _Proof:
    def __init__(self, left: Tree, right: Tree, domains: Mapping[str, Domain], relation: str) -> None:
        self.left, self.right, self.domains, self.relation = left, right, domains, relation
        self.finest: dict[Any, int] = {}
        self.cases = 0
        self.kinks: dict[str, None] = {}
        self.substitutions: dict[str, None] = {}

    def settle(self, assumed: dict[Any, int], solved: dict[Any, Any]) -> None:
        """Prove the claim under these assumptions, splitting further where a sign is needed."""
        self.cases += 1
        if self.cases > MOST_CASES:
            raise Unproved("too many cases")
        forms = NormalForms(self.domains, assumed, self.finest, solved)
        try:
            if not self._holds(forms) and not _impossible(forms, assumed):
                raise Unproved("the forms differ")
        except NeedsRoot as need:
            self.finest[need.exponent] = need.denominator
            self.settle(assumed, solved)
            return
        except NeedsSign as need:
            self._split(need.factor, forms, assumed, solved)
            return
        self.substitutions |= dict.fromkeys(f"e^({exponent})" for exponent in forms.exponents.values())

    def _split(self, factor: Any, forms: NormalForms, assumed: dict, solved: dict) -> None:
        self.kinks[_plain(factor)] = None
        possible = forms.signs_of(factor)
        for sign in (1, -1):
            if sign in possible and not _impossible(forms, {**assumed, factor: sign}):
                self.settle({**assumed, factor: sign}, solved)
        if 0 in possible:
            for name, value in _solutions(factor, forms):
                carried = {**_carried(assumed, name, value), **_inherited(forms.ranges[name].signs, value)}
                self.settle(carried, {**_carried_values(solved, name, value), name: value})
                return
            self.settle({**assumed, factor: 0}, solved)

    def _holds(self, forms: NormalForms) -> bool:
        left, right = forms.form(self.left), forms.form(self.right)
        grids = [side if isinstance(side, Grid) else Grid(((side,),)) for side in (left, right)]
        if grids[0].shape != grids[1].shape:
            return False
        gaps = [b - a for a, b in zip(grids[0].entries, grids[1].entries, strict=True)]
        return all(self._gap_allowed(forms, gap) for gap in gaps)

    def _gap_allowed(self, forms: NormalForms, gap: Any) -> bool:
        if self.relation == "=":
            return forms.vanishes(gap)
        allowed = _ALLOWED[self.relation]
        gap = forms.reduced(gap)
        if forms.signs(gap) <= allowed:
            return True
        if any(gap.has(generator) for generator in forms.logarithms):
            # log f >= -r exactly when f e^r >= 1
            return forms.signs(forms.exp(gap) - 1) <= allowed
        return False

    def told(self) -> str:
        ways = []
        if self.substitutions:
            shown = ["e" if name == "e^(1)" else name for name in list(self.substitutions)[:3]]
            more = " ..." if len(self.substitutions) > 3 else ""
            ways.append(f"writing everything in {', '.join(shown).replace('(', '').replace(')', '')}{more}")
        if self.kinks:
            ways.append(f"the cases of the sign of {', '.join(list(self.kinks)[:3])}")
        if not self.left.symbols | self.right.symbols:
            ways.append("exact arithmetic")
        else:
            ways.append("cancelling" if self.relation == "=" else "the signs of the factors")
        return ", ".join(ways[:-1]) + (" and " if ways[:-1] else "") + ways[-1]


def _plain(factor: Any) -> str:
    return str(factor).replace("**", "^").replace("*", " ")


def _solutions(factor: Any, forms: NormalForms) -> Iterator[tuple[Any, Any]]:
    """A variable for which the equation factor = 0 has the one solution given."""
    for symbol in sorted(factor.free_symbols, key=str):
        if symbol in forms.ranges and symbol not in forms.exponents:
            poly = sp.Poly(factor, symbol)
            if poly.degree() == 1 and poly.LC().is_number:
                yield symbol, sp.cancel(-poly.nth(0) / poly.LC())


def _carried(assumed: Mapping[Any, int], name: Any, value: Any) -> dict[Any, int]:
    """The assumptions after a variable is replaced; those that become trivial go."""
    carried = {}
    for factor, sign in assumed.items():
        replaced = sp.expand(factor.subs(name, value))
        if not replaced.is_number:
            carried[replaced] = sign
    return carried


def _inherited(signs: frozenset[int], value: Any) -> dict[Any, int]:
    """What replaces a positive variable is positive."""
    content, factors = sp.factor_list(value)
    if len(signs) > 1 or len(factors) != 1 or factors[0][1] != 1:
        return {}
    return {factors[0][0]: next(iter(signs)) * int(sp.sign(content))}


def _carried_values(solved: Mapping[Any, Any], name: Any, value: Any) -> dict[Any, Any]:
    return {known: other.subs(name, value) for known, other in solved.items()}


def _impossible(forms: NormalForms, assumed: Mapping[Any, int]) -> bool:
    """Do the assumed signs contradict one another, or the domain? A few of them added up may show it."""
    positive = [factor * sign for factor, sign in assumed.items() if sign]
    others = [
        forms.signs_of(factor) if factor not in forms.assumed else frozenset({sign}) for factor, sign in assumed.items()
    ]
    if any(sign not in signs for (_, sign), signs in zip(assumed.items(), others, strict=True)):
        return True
    for size in (1, 2, 3):
        for few in combinations(positive, size):
            total = sp.expand(sum(few))
            rest = {factor: sign for factor, sign in assumed.items() if factor * sign not in few}
            ranges = NormalForms(forms.domains, rest, {}, forms.solved)._current_ranges() if size == 1 else forms.ranges
            if 1 not in sign_on(total, ranges, 2):
                return True
    return False
