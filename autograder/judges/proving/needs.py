"""What a proof may lack on its way: a sign, a finer root, a normal form."""

from __future__ import annotations

from typing import Any


class NeedsSign(Exception):
    """The proof branches here: on the sign of this irreducible polynomial."""

    def __init__(self, factor: Any) -> None:
        super().__init__(str(factor))
        self.factor = factor


class NeedsRoot(Exception):
    """An exponential is needed to a finer fraction of its exponent than was foreseen."""

    def __init__(self, exponent: Any, denominator: int) -> None:
        super().__init__(str(exponent))
        self.exponent, self.denominator = exponent, denominator


class Opaque(Exception):
    """There is no normal form for this."""
