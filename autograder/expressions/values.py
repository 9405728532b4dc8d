"""What an evaluation may meet: values and their absence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from autograder.expressions.grid import Grid


class Undefined(ValueError):
    """The expression has no value at this point; the message says why, in a few words."""


class Unsettled(ValueError):
    """The working precision cannot tell; more_digits says whether a higher one might."""

    def __init__(self, message: str, more_digits: bool = True) -> None:
        super().__init__(message)
        self.more_digits = more_digits


class Budget:
    """A count of elementary operations: a limit that is the same on every machine, unlike seconds."""

    def __init__(self, steps: float = 300_000) -> None:
        self.left = steps

    def spend(self, dps: int, steps: int = 1) -> None:
        self.left -= steps if dps <= 100 else steps * (dps / 100) ** 1.5
        if self.left < 0:
            raise Unsettled("the expression is too laborious to evaluate", more_digits=False)


@dataclass
class Losses:
    """What one evaluation lost below its working precision.

    cancelled: sizes of what may be left where everything cancelled. While there are any, a difference seen may be an
    artefact: `1 + tanh(-800)` is 0 at 50 digits and at 100, and is not 0.
    absorbed: did something vanish beside something larger? Then an agreement seen may be an artefact: so many digits
    cannot tell `1 + exp(-800)` from 1.
    """

    cancelled: list[Any] = field(default_factory=list)
    absorbed: bool = False

    def add(self, other: Losses) -> None:
        self.cancelled.extend(other.cancelled)
        self.absorbed = self.absorbed or other.absorbed


Located = Callable[[int], Any]  # a point known to any precision: digits to value


def to_value(value: Any, ctx: Any, dps: int) -> Any:
    """A number or matrix as the evaluator wants it: Fraction where exact, else the context's own type."""
    if isinstance(value, Fraction | Grid):
        return value
    if isinstance(value, int | float) and value == value and abs(value) != float("inf"):
        return Fraction(value)
    if isinstance(value, list | tuple):
        rows = [row if isinstance(row, list | tuple) else [row] for row in value]
        return Grid(tuple(tuple(to_value(entry, ctx, dps) for entry in row) for row in rows))
    if hasattr(value, "tolist"):
        return to_value(value.tolist(), ctx, dps)
    if callable(value):  # not exact, and not to be taken for it: what vanishes at the place itself is rounding here
        return ctx.convert(value(dps))
    if hasattr(value, "_mpc_"):
        return as_real(ctx.make_mpc(value._mpc_), ctx)
    if hasattr(value, "_mpf_"):
        return ctx.make_mpf(value._mpf_)
    return ctx.convert(value)


def as_real(value: Any, ctx: Any) -> Any:
    """Plain numbers as Fractions, complex ones without an imaginary part as real; nan is no value."""
    if isinstance(value, int):
        return Fraction(value)
    if hasattr(value, "_mpc_") and value.imag == 0:
        value = value.real
    if not isinstance(value, Fraction) and value != value:
        raise Undefined("infinities cancel")
    return value


def infinite(value: Any) -> bool:
    return not isinstance(value, Fraction) and abs(value) == float("inf")
