"""Generators: E = e^u, L = log(f), roots and opaque atoms, with their ranges, relations and signs."""

from __future__ import annotations

from collections.abc import Mapping
from math import lcm
from typing import Any

import sympy as sp

from autograder.judges.proving.needs import NeedsRoot, NeedsSign, Opaque
from autograder.judges.proving.signs import NEGATIVE, POSITIVE, Range, of_number, raised, sign_on, times

PI = sp.Symbol("pi_")
_LARGE = 500


class Generators:
    """Rational functions of generators, under assumptions on signs.

    assumed: irreducible polynomial to sign. finest: exponent to the denominator its exponential is needed with.
    """

    def __init__(self, assumed: Mapping[Any, int], finest: Mapping[Any, int]) -> None:
        self.assumed, self.finest = dict(assumed), finest
        self.complex = False
        self.ranges: dict[Any, Range] = {PI: Range(sp.Integer(3), sp.Integer(4))}
        self.integers: set[Any] = set()
        self.nonzero: set[Any] = set()
        self.exponents: dict[Any, Any] = {}  # generator to the exponent it stands for
        self.logarithms: dict[Any, Any] = {}  # generator to the polynomial it is the logarithm of
        self.roots: dict[Any, tuple[Any, int]] = {}  # generator to the polynomial and the degree of its root
        self.lambert: dict[Any, Any] = {}  # W to the u of W e^W = u
        self.opaque: dict[tuple, Any] = {}
        self.unreal: set[Any] = set()  # generators that may stand for a complex number
        self.relations: list[tuple[Any, Any]] = []  # generator and the expression that vanishes

    @property
    def imaginary(self) -> Any:
        unit = sp.Symbol("i")
        if (unit, unit**2 + 1) not in self.relations:
            self.relations.insert(0, (unit, unit**2 + 1))
        return unit

    def sign(self, value: Any) -> int:
        """The sign of a normal form; NeedsSign for the first factor that could have either."""
        self._need_real(sp.sympify(value))
        total = 1
        numerator, denominator = sp.fraction(sp.cancel(value))
        for part in (numerator, denominator):
            content, factors = sp.factor_list(part)
            total *= int(sp.sign(content))
            for factor, power in factors:
                total *= self._sign_of_factor(factor) ** power
        return total

    def _sign_of_factor(self, factor: Any) -> int:
        signs = self.signs_of(factor)
        if len(signs) == 1:
            return next(iter(signs))
        for generator, exponent in self.exponents.items():
            for turned in (1, -1):
                if factor - turned * (generator - 1) == 0:
                    return turned * self.sign(exponent)  # e^u - 1 has the sign of u
        raise NeedsSign(factor)

    def signs_of(self, factor: Any) -> frozenset[int]:
        """The signs an irreducible polynomial may have."""
        for known, sign in self.assumed.items():
            if factor == known:
                return frozenset({sign})
            if sp.expand(factor + known) == 0:
                return frozenset({-sign})
        signs = sign_on(factor, self._current_ranges())
        return signs - {0} if factor in self.nonzero else signs

    def signs(self, value: Any) -> frozenset[int]:
        """The signs a normal form may have, without branching."""
        total = POSITIVE
        for part in sp.fraction(sp.cancel(value)):
            content, factors = sp.factor_list(part)
            total = times(total, of_number(content))
            for factor, power in factors:
                total = times(total, raised(self.signs_of(factor), power))
        return total

    def _current_ranges(self) -> dict[Any, Range]:
        """What is assumed of the variables, and of their exponentials with them: e^x > 1 where x > 0."""
        ranges = dict(self.ranges)
        for factor, sign in self.assumed.items():
            if factor in ranges and sign:
                old = ranges[factor]
                ranges[factor] = (
                    Range(max(sp.S.Zero, old.low or sp.S.Zero), old.high, False, old.has_high)
                    if sign > 0
                    else Range(old.low, min(sp.S.Zero, old.high or sp.S.Zero), old.has_low, False)
                )
        for generator, exponent in self.exponents.items():
            top, bottom = sp.fraction(sp.together(exponent))
            signs = times(*(self._plain_signs(part, ranges) for part in (top, bottom)))
            if signs == POSITIVE:
                ranges[generator] = Range(sp.S.One)
            elif signs == NEGATIVE:
                ranges[generator] = Range(sp.S.Zero, sp.S.One)
        return ranges

    def _plain_signs(self, polynomial: Any, ranges: dict[Any, Range]) -> frozenset[int]:
        for known, sign in self.assumed.items():
            if polynomial == known:
                return frozenset({sign})
        return sign_on(polynomial, ranges, 1)

    def exp(self, exponent: Any) -> Any:
        """e to a normal form: a product of powers of generators."""
        unit = sp.Symbol("i")
        if self.complex and exponent.has(unit):
            real, angle = self.parts(exponent)
            return self.exp(real) * (self.cosine(angle) + unit * self.odd("sin", angle))
        product = sp.S.One
        for term in sp.Add.make_args(sp.expand(sp.cancel(self.reduced(exponent)))):
            coefficient, rest = term.as_coeff_Mul()
            if rest in self.logarithms and coefficient.is_Integer:
                product *= self.logarithms[rest] ** coefficient
            elif rest in self.logarithms and coefficient.is_Rational and rest not in self.unreal:
                product *= self.root(self.logarithms[rest], coefficient)
            elif rest in self.lambert and coefficient.is_Integer:
                product *= (self.lambert[rest] / rest) ** coefficient
            elif term != 0:
                product *= self._power_of_e(coefficient, rest)
        return product

    def _power_of_e(self, coefficient: Any, rest: Any) -> Any:
        if rest == 1 and abs(coefficient) > _LARGE:  # a polynomial in e of this degree would never be multiplied out
            coefficient, rest = sp.sign(coefficient), abs(coefficient)
        finest = self.finest.get(rest, 1)
        if finest % coefficient.q:
            raise NeedsRoot(rest, lcm(finest, coefficient.q))
        generator = sp.Symbol(f"e^({rest}/{finest})" if finest > 1 else f"e^({rest})")
        self.exponents[generator] = rest / finest
        if rest.free_symbols & self.unreal:
            self.unreal.add(generator)
        self.ranges[generator] = Range() if generator in self.unreal else Range(sp.S.Zero)
        return generator ** int(coefficient * finest)

    def log(self, value: Any) -> Any:
        """The logarithm of a normal form: of its positive factors one by one, of the rest as one."""
        self._need_real(value)
        total, rest = sp.S.Zero, sp.S.One
        for part, sign in zip(sp.fraction(sp.cancel(self.reduced(value))), (1, -1), strict=True):
            content, factors = sp.factor_list(part)
            rest *= sp.sign(content)
            total += sign * self._log_of_number(abs(content))
            for factor, power in factors:
                signs = self.signs_of(factor)
                if signs == POSITIVE:
                    total += sign * power * self._log_of(factor)
                elif signs == NEGATIVE:
                    rest *= (-1) ** power
                    total += sign * power * self._log_of(-factor)
                elif power % 2 == 0 and 0 not in signs:
                    total += sign * power * self._log_of(factor * self.sign(factor))
                else:
                    rest *= factor ** (sign * power)
        return total if rest == 1 else total + self._log_of(rest)

    def _log_of(self, factor: Any) -> Any:
        if factor in self.exponents:
            return self.exponents[factor]
        if factor in self.roots:
            radicand, degree = self.roots[factor]
            return self.log(radicand) / degree
        generator = sp.Symbol(f"log({sp.expand(factor) if factor.is_polynomial() else factor})")
        self.logarithms[generator] = factor
        if -1 in self.signs(factor):
            self.unreal.add(generator)
        return generator

    def _need_real(self, value: Any) -> None:
        """log e^u is u, and the sign of u is a sign, for real u only."""
        if value.free_symbols & (self.unreal | ({sp.Symbol("i")} if self.complex else set())):
            raise Opaque("a function of what may be complex")

    def _log_of_number(self, value: Any) -> Any:
        if not value:
            raise Opaque("log(0)")
        return sum((power * self._log_of(prime) for prime, power in _prime_powers(value)), sp.S.Zero)

    def root(self, value: Any, power: Any) -> Any:
        """A rational power: whole powers of positive factors come out, squares as absolute values."""
        self._need_real(value)
        product, rest = sp.S.One, sp.S.One
        for part, direction in zip(sp.fraction(sp.cancel(self.reduced(value))), (1, -1), strict=True):
            content, factors = sp.factor_list(part)
            rest *= sp.sign(content)
            factors = [*factors, *_prime_powers(abs(content))]
            for factor, times_over in factors:
                exponent = direction * times_over * power
                sign = 1 if factor.is_number else None
                if sign is None and (self.signs_of(factor) in (POSITIVE, NEGATIVE) or times_over % 2 == 0):
                    sign = self.sign(factor)
                if sign is None:
                    rest *= factor ** (direction * times_over)
                    continue
                if sign < 0:
                    rest *= (-1) ** times_over
                if sign == 0:
                    return sp.S.Zero if exponent > 0 else sp.zoo
                product *= self._rational_power(factor * sign, exponent)
        return product if rest == 1 else product * self._rational_power(rest, power)

    def _rational_power(self, factor: Any, exponent: Any) -> Any:
        if factor in self.exponents:
            return self.exp(self.exponents[factor] * exponent)
        whole = sp.floor(exponent)
        over = exponent - whole
        if not over:
            return factor**whole
        generator = sp.Symbol(f"({factor})^(1/{over.q})")
        if all(generator != known for known, _ in self.relations):
            top, bottom = sp.fraction(factor)
            self.relations.append((generator, sp.expand(bottom * generator**over.q - top)))
            self.roots[generator] = (factor, int(over.q))
            self.ranges[generator] = Range(sp.S.Zero) if self.signs(factor) == POSITIVE else Range()
            if -1 in self.signs(factor):
                self.unreal.add(generator)
        return factor**whole * generator**over.p

    def atom(self, head: str, *arguments: Any) -> Any:
        """An opaque function of normal forms: equal arguments, equal atoms."""
        key = (head, *(sp.cancel(argument) for argument in arguments))
        if key not in self.opaque:
            self.opaque[key] = sp.Symbol(f"{head}({', '.join(map(str, key[1:]))})")
        return self.opaque[key]

    def odd(self, head: str, argument: Any) -> Any:
        """An odd function: f(-u) is -f(u)."""
        argument = sp.cancel(argument)
        if argument == 0:
            return sp.S.Zero
        if argument.could_extract_minus_sign():
            return -self.atom(head, -argument)
        return self.atom(head, argument)

    def cosine(self, argument: Any) -> Any:
        """An even function, tied to the sine by their squares."""
        value = sp.cancel(argument)
        if value == 0:
            return sp.S.One
        value = -value if value.could_extract_minus_sign() else value
        sine, cosine = self.atom("sin", value), self.atom("cos", value)
        if all(known != cosine for known, _ in self.relations):
            self.relations.append((cosine, cosine**2 + sine**2 - 1))
        return cosine

    def parts(self, value: Any) -> tuple[Any, Any]:
        """The real and the imaginary part of a polynomial in i."""
        unit = self.imaginary
        poly = sp.Poly(sp.rem(sp.expand(value), unit**2 + 1, unit), unit)
        return poly.coeff_monomial(1), poly.coeff_monomial(unit)

    def reduced(self, value: Any) -> Any:
        """The form with high powers of root generators replaced."""
        parts = []
        for part in sp.fraction(sp.together(value)):
            for generator, relation in reversed(self.relations):
                if part.has(generator) and sp.Poly(relation, generator).LC().is_number:
                    part = sp.rem(sp.expand(part), relation, generator)
            parts.append(part)
        return parts[0] / parts[1] if parts[1] != 0 else value

    def vanishes(self, value: Any) -> bool:
        """Is the form zero, modulo what the generators satisfy?"""
        numerator = sp.expand(sp.fraction(sp.together(value))[0])
        for generator, relation in reversed(self.relations):
            if numerator == 0:
                return True
            if numerator.has(generator):
                numerator = sp.expand(sp.prem(numerator, relation, generator))
        zeros = [factor for factor, sign in self.assumed.items() if not sign]
        return numerator == 0 or bool(zeros and sp.reduced(numerator, zeros)[1] == 0)


def _prime_powers(value: Any) -> list[tuple[Any, int]]:
    powers = sp.factorint(sp.Rational(value).p)
    for prime, power in sp.factorint(sp.Rational(value).q).items():
        powers[prime] = powers.get(prime, 0) - power
    return [(sp.Integer(prime), power) for prime, power in powers.items() if prime != 1]
