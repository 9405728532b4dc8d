"""A tree as a rational function of generators: variables, E = e^x, L = log(f), roots, and what stays opaque."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from autograder.domains import Complex, Domain, Integers, Interval, Matrices, Simplex
from autograder.expressions.differentiate import derivative
from autograder.expressions.grid import Grid
from autograder.expressions.tree import Tree, subtract
from autograder.judges.proving.generators import Generators
from autograder.judges.proving.heads import FORMS
from autograder.judges.proving.needs import Opaque
from autograder.judges.proving.signs import Range


class NormalForms(Generators):
    """The normal forms of one attempt.

    solved: variables replaced, for the case that a polynomial is zero. The rest as for `Generators`.
    """

    def __init__(
        self,
        domains: Mapping[str, Domain],
        assumed: Mapping[Any, int],
        finest: Mapping[Any, int],
        solved: Mapping[Any, Any],
    ) -> None:
        super().__init__(assumed, finest)
        self.domains, self.solved = domains, solved
        self.complex = any(isinstance(domain, Complex) for domain in domains.values())
        self.variables: dict[str, Any] = {}
        for name, domain in domains.items():
            self._declare(name, domain)

    def _declare(self, name: str, domain: Domain) -> None:
        if isinstance(domain, Simplex):
            parts = [self._real(f"{name}{i + 1}", Range(sp.S.Zero, sp.S.One)) for i in range(domain.n)]
            self.variables |= dict(zip((f"{name}{i + 1}" for i in range(domain.n)), parts, strict=True))
            last = f"{name}{domain.n}"
            self.relations.append((parts[-1], sum(parts) - 1))
            if domain.n > 1:
                self.assumed.setdefault(sum(parts[:-1]) - 1, -1)  # the last part is positive
            self.variables[last] = parts[-1]
        elif isinstance(domain, Matrices):
            rows = [[self._real(f"{name}_{i}_{j}") for j in range(domain.columns)] for i in range(domain.rows)]
            if domain.symmetric:
                rows = [[rows[min(i, j)][max(i, j)] for j in range(domain.columns)] for i in range(domain.rows)]
            self.variables[name] = Grid(tuple(map(tuple, rows)))
        elif isinstance(domain, Complex):
            self.variables[name] = self._real(f"{name}_re") + self.imaginary * self._real(f"{name}_im")
        elif isinstance(domain, Interval):
            low, high = (None if end is None else sp.Rational(end) for end in (domain.low, domain.high))
            self.variables[name] = self._real(name, Range(low, high, domain.closed_low, domain.closed_high))
            if domain.without_zero:
                self.nonzero.add(self.variables[name])
        else:
            self.variables[name] = self._real(name)
            if isinstance(domain, Integers):
                self.integers.add(self.variables[name])

    def _real(self, name: str, where: Range | None = None) -> Any:
        symbol = sp.Symbol(name)
        self.ranges[symbol] = where or Range()
        return self.solved.get(symbol, symbol)

    def form(self, tree: Tree) -> Any:
        """The normal form; NeedsSign where it depends on a sign, Opaque where there is none."""
        if tree.head == "symbol":
            if tree.args[0] not in self.variables:
                self.variables[tree.args[0]] = self._real(tree.args[0])
            return self.variables[tree.args[0]]
        if tree.head in ("number", "float"):
            return sp.Rational(*tree.args)
        if tree.head not in FORMS:
            raise Opaque(tree.head)
        return FORMS[tree.head](self, *tree.args)

    def scalar(self, tree: Tree) -> Any:
        value = self.form(tree)
        if isinstance(value, Grid):
            if value.shape != (1, 1):
                raise Opaque("a matrix where a number is needed")
            return value.rows[0][0]
        return value

    def holds(self, condition: Tree) -> bool:
        match condition.head, condition.args:
            case "And", parts:
                return all(map(self.holds, parts))
            case "Or", parts:
                return any(map(self.holds, parts))
            case "Not", (part,):
                return not self.holds(part)
            case "constant", (("true" | "false") as word,):
                return word == "true"
        sign = self.sign(self.scalar(subtract(*condition.args)))
        tests = {"lt": sign < 0, "le": sign <= 0, "gt": sign > 0, "ge": sign >= 0, "eq": sign == 0, "ne": sign != 0}
        return tests[condition.head]

    def derivative(self, body: Tree, by: Tree, times_over: Tree) -> Any:
        return self.form(derivative(body, by.args[0], times_over.args[0]))
