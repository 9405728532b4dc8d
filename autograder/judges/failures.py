"""Whether a claim about a numeric function fails, and the one witness against it that is easiest to read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.judges.outcomes import Outcome


def failure(group: str, outcomes: Sequence[Outcome]) -> str | None:
    """The witness against the claim of `group`, or None when it holds."""
    plain = [o for o in outcomes if o.case.group == "plain"]
    if group == "called":
        return next((o.trouble for o in plain if not o.seen.returned), None)
    if group == "shape":
        return next((o.trouble for o in plain if o.trouble), None)
    if group == "plain":
        return _simplest([o for o in plain if not o.roughly_right]) or _forgotten(outcomes)
    if group == "digits":
        return _simplest([o for o in plain if not o.values_hold])
    if group == "dtype":
        return next((o.wrong_dtype for o in plain if o.wrong_dtype), None)
    if group == "quiet":
        return next((_warning(o) for o in outcomes if o.alarms), None)
    if group == "unchanged":
        return next((f"after {o.called} the argument was another" for o in outcomes if o.seen.changed), None)
    own = [o for o in outcomes if o.case.group == group]
    if group in ("rows", "shapes", "edges"):  # about what is computed; how exactly, the other claims say
        return _simplest([o for o in own if o.wrong_dtype or not o.roughly_right])
    return _simplest([o for o in own if o.wrong_dtype or not o.values_hold])


def _simplest(failing: Sequence[Outcome]) -> str | None:
    """The witness that is easiest to read; a call that gave no values, or a wrong dtype, comes before all others."""
    if not failing:
        return None
    for outcome in failing:
        if outcome.wrong_dtype:
            return outcome.wrong_dtype
        if outcome.trouble:
            return outcome.trouble
    return min(failing, key=lambda outcome: outcome.simplicity).witness()


def _forgotten(outcomes: Sequence[Outcome]) -> str | None:
    """What the call that is asked again gives, if it gives anything wrong; whether it comes back, other claims say."""
    wrong = [o for o in outcomes if o.case.group == "again" and not o.seen.fate and not o.roughly_right]
    return f"when it is called again, {_simplest(wrong)}" if wrong else None


def _warning(outcome: Outcome) -> str:
    sizes = [np.abs(np.asarray(a, float)).max() for a in outcome.case.call.args if np.size(a)]
    return f"{outcome.alarms[0][:160]}, for inputs up to {max(sizes, default=0):.6g} in size"
