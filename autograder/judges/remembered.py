"""What was seen before is judged as it was judged before: half a class makes the same mistake."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

from autograder.calls import Observation
from autograder.judges.judgement import Judgement
from autograder.sandbox import wire

MOST = 1_024  # judgements kept by one judge; curves make some of them a few kilobytes


class Seen(tuple[Observation, ...]):
    """Observations, told apart by identity, with a fingerprint that two share only if no judge can tell them apart."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__
    __ne__ = object.__ne__

    @classmethod
    def of(cls, observations: Sequence[Observation]) -> Seen:
        return observations if isinstance(observations, cls) else cls(observations)

    @cached_property
    def fingerprint(self) -> bytes | None:
        """A digest of everything but the time it took; None for what has no form on the wire."""
        digest = hashlib.sha256()
        try:
            for observation in self:
                digest.update(wire.pack(replace(observation, seconds=0.0)))  # each says its own length
        except wire.WireError:
            return None
        return digest.digest()


def remembered(judge: Callable[[Sequence[Observation]], Judgement]) -> Callable[[Sequence[Observation]], Judgement]:
    """`judge`, which must go by the observations alone, asked once about what looks the same."""
    known: dict[bytes, Judgement] = {}

    def ask(observations: Sequence[Observation]) -> Judgement:
        seen = Seen.of(observations)
        if seen.fingerprint is None:
            return judge(seen)
        if seen.fingerprint not in known:
            if len(known) >= MOST:
                known.pop(next(iter(known)))
            known[seen.fingerprint] = judge(seen)
        return known[seen.fingerprint]

    return ask
