"""Likely reasons for wrong values, read off the data: what a tutor recognises at a glance."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from autograder.judges.outcomes import Outcome
from autograder.judges.regions import Curve

ENOUGH = 4  # so many entries must agree before a pattern is one
FACTORS = {
    -1.0: "every value has the wrong sign",
    2.0: "every value is twice the right one",
    0.5: "every value is half the right one",
    -0.5: "every value is half the right one, with the other sign",
    -2.0: "every value is twice the right one, with the other sign",
}


def cause(outcomes: Sequence[Outcome], curve: Curve | None) -> str:
    """The first reason that fits, as one sentence without its full stop; "" when none does."""
    readable = [o for o in outcomes if not o.trouble and not o.case.raises]
    plain = [o for o in readable if o.case.group == "plain"]
    with np.errstate(all="ignore"):  # a wrong answer may be any number
        found = _factor(plain) or _missing_count(plain) or _transposed(readable) or _constant(plain)
        if found or not all(o.roughly_right for o in plain):
            return found or _not_a_number(plain)
        return _digits_lost(curve) or _overflow(readable) or _not_a_number(readable)


def why_it_stopped(outcomes: Sequence[Outcome]) -> str:
    """The reason behind an exception, where one is plain to see."""
    raised = [o.seen.failure for o in outcomes if o.seen.failure]
    if any(failure.kind == "OverflowError" for failure in raised):
        return (
            "functions of the module `math` raise OverflowError where their result is beyond the largest float; here "
            "that is a number on the way, and the result itself is an ordinary one"
        )
    return ""


def _pairs(outcomes: Sequence[Outcome]) -> tuple[np.ndarray, np.ndarray]:
    """Got and expected of every finite entry."""
    got, truth = [np.empty(0)], [np.empty(0)]
    for outcome in outcomes:
        for array, expected in zip(outcome.arrays, outcome.case.expected, strict=True):
            got.append(np.ravel(array).astype(float))
            truth.append(np.ravel(expected.hi))
    got, truth = np.concatenate(got), np.concatenate(truth)
    keep = np.isfinite(got) & np.isfinite(truth)
    return got[keep], truth[keep]


def _factor(outcomes: Sequence[Outcome]) -> str:
    got, truth = _pairs(outcomes)
    got, truth = got[truth != 0], truth[truth != 0]
    if got.size < ENOUGH or np.allclose(got, truth, rtol=1e-9, atol=0):
        return ""
    for factor, sentence in FACTORS.items():
        if np.allclose(got, factor * truth, rtol=1e-9, atol=0):
            return sentence
    if np.allclose(np.abs(got), np.abs(truth), rtol=1e-9, atol=0):
        return "the size is right everywhere, the sign is not: a minus got lost on one part"
    return ""


def _missing_count(outcomes: Sequence[Outcome]) -> str:
    """n times too large in every call, for an n that changes from call to call."""
    counts = set()
    for outcome in outcomes:
        expected = outcome.case.expected
        if not expected or not expected[0].count:
            return ""
        sizes = {expected[0].count, *np.shape(outcome.case.call.args[0])}
        got, truth = np.ravel(outcome.arrays[0]).astype(float), np.ravel(expected[0].hi)
        if not truth.any():
            continue
        fits = [n for n in sizes if np.allclose(got, n * truth, rtol=1e-9, atol=0)]
        if not fits:
            return ""
        counts.add(fits[0])
    return "every sum is right and not yet divided by the number of its terms" if len(counts) > 1 else ""


def _transposed(outcomes: Sequence[Outcome]) -> str:
    seen = 0
    for outcome in outcomes:
        if outcome.values_hold or outcome.case.group not in ("plain", "rows"):
            continue
        got, truth = outcome.arrays[0], outcome.case.expected[0].hi
        if got.ndim != 2 or got.shape[0] != got.shape[1] or not np.allclose(got.T, truth, rtol=1e-9, atol=0):
            return ""
        seen += 1
    return "the values are right and transposed: rows and columns are exchanged" if seen else ""


def _constant(outcomes: Sequence[Outcome]) -> str:
    got, truth = _pairs(outcomes)
    if got.size >= ENOUGH and np.ptp(got) == 0 and np.ptp(truth) > 0:
        return f"the result is {got[0]:g} whatever the input"
    gap = got - truth
    if got.size >= ENOUGH and abs(gap[0]) > 1e-6 and np.allclose(gap, gap[0], rtol=1e-9, atol=0):
        return f"every value is off by the same amount, {gap[0]:g}"
    return ""


def _digits_lost(curve: Curve | None) -> str:
    """A result far smaller than the numbers it was made of: its error is that of numbers near 1."""
    if curve is None or not curve.wrong.any():
        return ""
    bad = curve.wrong & np.isfinite(curve.got) & np.isfinite(curve.truth)
    if bad.sum() < ENOUGH:
        return ""
    got, error = curve.got[bad], np.abs(curve.got[bad] - curve.truth[bad])
    if 2.0**-56 < error.max() < 2.0**-49 and np.abs(curve.truth[bad]).max() < 0.25:
        return (
            "your error is about 1e-16 at every point: nothing beside 1, and everything beside a result as small as "
            "this; two numbers near 1 were subtracted, and their common digits cancelled"
        )
    if got[0] != 0 and np.ptp(got) == 0:
        return f"the result stops at {got[0]:g}: a clip or an added constant hides the truth"
    return ""


def _warned(outcomes: Sequence[Outcome], word: str) -> str:
    for outcome in outcomes:
        for warning in outcome.alarms:
            if word in warning:
                return warning.rsplit(" in ", 1)[-1][:40]
    return ""


def _overflow(outcomes: Sequence[Outcome]) -> str:
    where = _warned(outcomes, "overflow")
    if not where:
        return ""
    nan = any(np.isnan(a[m]).any() for o in outcomes if o.case.quiet for a, m in zip(o.arrays, o.masks, strict=True))
    after = ", and what follows becomes inf / inf or inf - inf, which is nan" if nan else ""
    return f"`{where}` overflows although the result is an ordinary number{after}"


def _not_a_number(outcomes: Sequence[Outcome]) -> str:
    patterns: list[tuple[Callable[[np.ndarray], np.ndarray], str]] = [
        (np.isnan, "the result is nan where it should be a number: look for 0 / 0, 0 * inf or inf - inf on the way"),
        (
            np.isinf,
            "the result is infinite where it should be a number: look for a division by 0 or the logarithm of 0",
        ),
    ]
    for test, sentence in patterns:
        for o in outcomes:
            for array, expected, mask in zip(o.arrays, o.case.expected, o.masks, strict=True):
                if (test(array.astype(float)) & np.isfinite(expected.hi) & mask).any():
                    return sentence
    return ""
