"""What comparing two expressions can end in."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refuted:
    """They differ at the witness: name to value in words, and what the two sides are there."""

    witness: dict[str, str]
    got: str
    expected: str

    @property
    def at(self) -> str:
        """The witness as one would say it: "x = 1, y = 0"; empty when there are no variables."""
        return ", ".join(f"{name} = {value}" for name, value in self.witness.items())

    @property
    def sentence(self) -> str:
        where = f"{self.at}: " if self.at else ""
        return f"{where}got {self.got}, expected {self.expected}"


@dataclass(frozen=True)
class Proved:
    """They are equal, by the named argument, wherever both are defined; and they agree at every point tried."""

    by: str
    points: int = 0


@dataclass(frozen=True)
class Agrees:
    """They agree at so many points, to fifty digits and more."""

    points: int


@dataclass(frozen=True)
class Undecidable:
    """Neither refuted nor credible."""

    reason: str = field(default="the two could not be told apart, nor shown to be the same")


Verdict = Refuted | Proved | Agrees | Undecidable
