"""What was seen before is judged as it was judged before: half a class makes the same mistake."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograder.calls import Observation
from autograder.judges.judgement import Judgement
from autograder.sandbox.seen import Seen

MOST = 1_024  # judgements kept by one judge; curves make some of them a few kilobytes


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
