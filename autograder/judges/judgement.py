"""A plan of calls, and the judgement that follows from what they did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.calls import Call, Observation
from autograder.exercise import Misconception

HOLDS, FAILS, UNDECIDED, NOT_REACHED = "holds", "fails", "undecided", "not reached"


@dataclass(frozen=True)
class Finding:
    """One claim about a student's answer, judged.

    claim: a sentence a student understands. verdict: holds, fails, undecided or not reached.
    witness: the input and the two values that show the failure, readable ("x = -1000: got nan, expected 0").
    weight: the share of the points that hangs on it. evidence: how it was established ("proved by cancel").
    """

    claim: str
    verdict: str
    witness: str = ""
    weight: float = 1.0
    evidence: str = ""


@dataclass(frozen=True)
class Facts:
    """What feedback may use besides the findings; every field is optional.

    where: the part of the domain that is wrong, in words; digits: right digits by region, [(region, digits)];
    cause: a likely reason found from the data ("1 - s cancels"); got, expected: of the first bad point;
    called: the call as the student would write it. curve: data of the figure, by judge.
    """

    where: str = ""
    digits: tuple[tuple[str, float], ...] = ()
    cause: str = ""
    called: str = ""
    got: str = ""
    expected: str = ""
    curve: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Judgement:
    """All findings on one exercise. Score and status follow from them; nobody sets those by hand.

    Told apart by identity: what is remembered is one and the same, and so is what is said about it.

    explained: the claims that the misconception fails as well, so that it is told beside one of them.
    """

    findings: tuple[Finding, ...]
    facts: Facts = Facts()
    misconception: Misconception | None = None
    explained: frozenset[str] = frozenset()
    status_override: str | None = None

    def _share(self, verdict: str) -> float:
        total = sum(finding.weight for finding in self.findings)
        return sum(f.weight for f in self.findings if f.verdict == verdict) / total if total else 0.0

    @property
    def earned(self) -> float:
        """The share of the points earned, from 0 to 1."""
        return self._share(HOLDS)

    @property
    def held(self) -> float:
        """The share of the points that wait for a person to decide."""
        return self._share(UNDECIDED)

    @property
    def first_failure(self) -> Finding | None:
        return next((f for f in self.findings if f.verdict == FAILS), None)

    @property
    def told_failure(self) -> Finding | None:
        """The failure to speak of: the first one that the misconception explains, if there is one."""
        told = (f for f in self.findings if f.verdict == FAILS and f.claim in self.explained)
        return next(told, self.first_failure)

    @property
    def status(self) -> str:
        if self.status_override:
            return self.status_override
        if any(f.verdict == FAILS for f in self.findings):
            return "partial" if self.earned > 0 else "failed"
        return "undecided" if any(f.verdict == UNDECIDED for f in self.findings) else "passed"


@dataclass(frozen=True, eq=False)
class Plan:
    """The calls to make, the claims they will settle, and the judge of what came back.

    likeness(mine, theirs): how far two answers make the same mistake, from 0 to 1; None for the default, which
        compares the observations themselves.
    """

    calls: tuple[Call, ...]
    claims: tuple[str, ...]
    judge: Callable[[Sequence[Observation]], Judgement]
    likeness: Callable[[Sequence[Observation], Sequence[Observation]], float] | None = None
