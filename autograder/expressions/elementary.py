"""Elementary functions of one number, exact where they are exact."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt, log
from typing import Any

from autograder.expressions.values import Undefined, Unsettled, infinite

_LARGEST_EXPONENT = 64  # bits of an argument of exp: beyond, the result itself would fill the memory
_LARGEST_ANGLE = 4_096
_EXACT_BITS = 20_000
_SLOW = {"erf", "erfc"}
_SLOWNESS = ((3_200, 400), (400, 40), (0, 2))  # from so many digits on they cost so many times what log costs


def _size(evaluator: Any, u: Any) -> float:
    """The number of bits before the point."""
    return evaluator.ctx.mag(evaluator.ctx.convert(u)) if u else 0


def _guard(evaluator: Any, u: Any, bits: int = _LARGEST_EXPONENT) -> None:
    if not infinite(u) and _size(evaluator, u) > bits:
        raise Unsettled("the values grow beyond all bounds", more_digits=False)


# so many nats below the leading term of the function lies its next one
_TAILS: dict[str, Callable] = {
    "tanh": lambda u: 2 * abs(u),
    "sinh": lambda u: 2 * abs(u),
    "cosh": lambda u: 2 * abs(u),
    "sigmoid": abs,
    "softplus": abs,
    "erf": lambda u: u * u,
    "erfc": lambda u: u * u if u < 0 else 0,
}


def _exactly(name: str, at: dict[int, int | Fraction], function: Callable | None = None) -> Callable:
    """The function with exact values at some exact points, guarded against monstrous arguments."""
    function, tail = function or _named(name), _TAILS.get(name)

    def compute(evaluator: Any, u: Any) -> Any:
        if isinstance(u, Fraction) and u in at:
            return Fraction(at[u])
        _guard(evaluator, u)
        if name in _SLOW:
            evaluator.budget.spend(evaluator.dps, next(cost for digits, cost in _SLOWNESS if evaluator.dps >= digits))
        if tail and not hasattr(u, "_mpc_") and tail(u) > evaluator.dps * log(10):
            evaluator.lost.absorbed = True
        value = function(evaluator.ctx, u)
        if not infinite(u) and infinite(value):
            if isinstance(u, Fraction):
                raise Undefined("the value is infinite")
            raise Unsettled("the value may be infinite")
        return value

    return compute


def _exp(evaluator: Any, u: Any) -> Any:
    ctx = evaluator.ctx
    if isinstance(u, Fraction) and not u:
        return Fraction(1)
    if not hasattr(u, "_mpc_") and u < 0 and not infinite(u) and _size(evaluator, u) > _LARGEST_EXPONENT:
        evaluator.lost.absorbed = True
        return ctx.mpf(0)
    _guard(evaluator, u)
    return ctx.exp(u)


def _log(evaluator: Any, u: Any) -> Any:
    if not u:
        if isinstance(u, Fraction):
            raise Undefined("the logarithm of 0")
        raise Unsettled("the logarithm of a number that may be 0")
    if isinstance(u, Fraction) and u == 1:
        return Fraction(0)
    value = evaluator.ctx.log(u)
    near_one = not isinstance(u, Fraction) and evaluator.below_precision(value, evaluator.ctx.mpf(1))
    return evaluator.ctx.mpf(0) if near_one else value


def _angle(name: str, at_zero: int) -> Callable:
    def compute(evaluator: Any, u: Any) -> Any:
        if isinstance(u, Fraction) and not u:
            return Fraction(at_zero)
        if infinite(u):
            raise Undefined(f"{name} has no limit at infinity")
        _guard(evaluator, u, _LARGEST_ANGLE)
        value = getattr(evaluator.ctx, name)(u)
        # cos(pi/2) is 0 as far as these digits tell, for pi/2 is rounded
        return evaluator.ctx.mpf(0) if evaluator.below_precision(value, abs(evaluator.ctx.convert(u))) else value

    return compute


def _near_one(name: str) -> Callable:
    plain = _exactly(name, {1: 0})

    def compute(evaluator: Any, u: Any) -> Any:
        if not isinstance(u, Fraction):
            evaluator.below_precision(u - 1, evaluator.ctx.mpf(1))
        return plain(evaluator, u)

    return compute


def _erf(ctx: Any, u: Any) -> Any:
    """Far out through erfc, whose asymptotic series is short where that of erf is long."""
    u = ctx.convert(u)
    if hasattr(u, "_mpc_") or abs(u) < 4:
        return ctx.erf(u)
    return 1 - ctx.erfc(u) if u > 0 else ctx.erfc(-u) - 1


def _sigmoid(ctx: Any, u: Any) -> Any:
    return 1 / (1 + ctx.exp(-ctx.convert(u)))


def _softplus(ctx: Any, u: Any) -> Any:
    u = ctx.convert(u)
    if hasattr(u, "_mpc_"):
        return ctx.log(1 + ctx.exp(u))
    return ctx.log1p(ctx.exp(u)) if u < 0 else u + ctx.log1p(ctx.exp(-u))


def _logsumexp(evaluator: Any, *args: Any) -> Any:
    for u in args:
        _guard(evaluator, u)
    ctx = evaluator.ctx
    values = [ctx.convert(u) for u in args]
    if len(values) == 1:
        return args[0]
    top = max(values, key=lambda value: value.real)
    parts = [ctx.exp(value - top) for value in values]
    evaluator.note_absorbed(*parts)
    return top + ctx.log(sum(parts))


def _lambert(evaluator: Any, u: Any, branch: Any = Fraction(0)) -> Any:
    if isinstance(u, Fraction) and not u:
        if branch:
            raise Undefined("this branch of LambertW has no value at 0")
        return Fraction(0)
    _guard(evaluator, u)
    if branch not in (0, -1):
        raise Undefined("LambertW has the branches 0 and -1 here")
    return evaluator.ctx.lambertw(u, int(branch))


def power(evaluator: Any, base: Any, exponent: Any) -> Any:
    """Principal powers, 0**0 = 1. Exact for integer exponents and perfect squares."""
    ctx = evaluator.ctx
    exact_base, exact_exponent = isinstance(base, Fraction), isinstance(exponent, Fraction)
    if (exact_exponent and exponent == 0) or (exact_base and base == 1):
        return Fraction(1)
    if not base:
        if not (exponent.real if hasattr(exponent, "_mpc_") else exponent) > 0:
            if exact_base:
                raise Undefined("division by zero")
            raise Unsettled("division by a number that may be 0")
        return base
    if exact_base and exact_exponent:
        exact = _exact_power(base, exponent)
        if exact is not None:
            return exact
    evaluator.note_rounded(base, exponent)
    if not infinite(base) and not infinite(exponent):
        _guard(evaluator, exponent)
        _guard(evaluator, ctx.convert(exponent) * _size(evaluator, base))
    if not exact_base and abs(exponent) > 1_000_000:
        evaluator.below_precision(base - 1, ctx.mpf(1))  # (1 + 1/n)**n with the 1/n absorbed
    if exact_exponent and exponent.denominator == 1:
        return ctx.convert(base) ** int(exponent)
    if exact_exponent and exponent.denominator == 2 and abs(exponent.numerator) < 100:
        return ctx.sqrt(base) ** exponent.numerator
    return ctx.power(ctx.convert(base), ctx.convert(exponent))


def _exact_power(base: Fraction, exponent: Fraction) -> Fraction | None:
    if exponent.denominator == 2 and base > 0:
        roots = isqrt(base.numerator), isqrt(base.denominator)
        if roots[0] ** 2 != base.numerator or roots[1] ** 2 != base.denominator:
            return None
        base, exponent = Fraction(*roots), exponent * 2
    if exponent.denominator != 1:
        return None
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    return base**exponent.numerator if abs(exponent) * bits <= _EXACT_BITS else None


def _named(name: str) -> Callable:
    return lambda ctx, u: getattr(ctx, name)(u)


ELEMENTARY: dict[str, Callable] = {
    "exp": _exp,
    "log": _log,
    "sin": _angle("sin", 0),
    "cos": _angle("cos", 1),
    "tan": _angle("tan", 0),
    "sigmoid": _exactly("sigmoid", {0: Fraction(1, 2)}, _sigmoid),
    "softplus": _exactly("softplus", {}, _softplus),
    "cosh": _exactly("cosh", {0: 1}),
    "acosh": _near_one("acosh"),
    "acos": _near_one("acos"),
    "erfc": _exactly("erfc", {0: 1}),
    **{name: _exactly(name, {0: 0}) for name in ("sinh", "tanh", "asin", "atan", "asinh", "atanh")},
    "erf": _exactly("erf", {0: 0}, _erf),
    "lse": _logsumexp,
    "LambertW": _lambert,
    "conj": lambda evaluator, u: evaluator.ctx.conj(u) if hasattr(u, "_mpc_") else u,
    "re": lambda evaluator, u: u.real if hasattr(u, "_mpc_") else u,
    "im": lambda evaluator, u: u.imag if hasattr(u, "_mpc_") else Fraction(0),
}
