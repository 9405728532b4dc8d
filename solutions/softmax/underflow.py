"""An erroneous example on floating point: what the shift by the maximum is for, and what it is not for."""

from __future__ import annotations

import math

from autograder.calls import Repair
from autograder.exercise import exercise
from autograder.kinds import FindRepair


def _lost_by_the_shift(witness: dict) -> str | None:
    logits = [float(x) for x in witness["z"]]
    if len(logits) < 2 or not all(map(math.isfinite, logits)):
        return "z should be a list of at least two finite logits"
    top, low = max(logits), min(logits)
    if top > 709.0:
        return f"the exponential of {top:g} overflows without the shift: these logits do need it"
    if low < -745.0:
        return f"the exponential of {low:g} is 0 before the shift already"
    if math.exp(low - top) > 0.0:
        return f"z = {logits}: every exponential is still positive after the shift"
    return None


@exercise(
    FindRepair(
        lines=(
            "softmax(z) = softmax(z - m) for every number m; take m = max(z).",
            "Every exponent z_k - m is now at most 0, so no exponential can overflow.",
            "One exponent is exactly 0, so the denominator is at least 1 and no division by zero can happen.",
            "The small logits have come nearer to 0 as well, so fewer of their exponentials underflow than before.",
        ),
        wrong=4,
        fix="z2 - Max(z1, z2)",
        check_witness=_lost_by_the_shift,
        variables={"z1": "real", "z2": "real"},
    ),
    title="What the shift does not do",
    points=3,
    hints=(
        "Where does the logit -10 of `[20, -10]` end up after the shift: nearer to 0 or further away?",
        "A positive maximum pushes every other logit down, towards the exponents at which float64 gives up (about"
        " -745). The shift buys a safe largest term, and pays with the small ones.",
        '`return Repair(line=..., fix="z2 - ...", witness={"z": [..., ...]})`',
    ),
    claims=("S1-6.1.4f", "S1-6.1.4g", "S1-6.1.4d"),
)
def repair_underflow_claim() -> Repair:
    r"""Find the wrong line in this praise of the shift by the maximum, repair it, and show logits at which it fails.

    1. $\mathrm{softmax}(z) = \mathrm{softmax}(z - m)$ for every number $m$; take $m = \max z$.
    2. Every exponent $z_k - m$ is now at most 0, so no exponential can overflow.
    3. One exponent is exactly 0, so the denominator is at least 1 and no division by zero can happen.
    4. The small logits have come nearer to 0 as well, so fewer of their exponentials underflow than before.

    All logits are finite float64. Return `Repair(line, fix, witness)`: the number of the wrong line; the exponent
    that the second class of $(z_1, z_2)$ really has after the shift, as an expression in `z1`, `z2` (with `Max`, if
    you like); and a dict with one entry `"z"`, a list of logits that needed no shift at all: every $e^{z_k}$ is
    finite and positive in float64, and after the shift one of them is exactly 0.

    Judged: the line; that the fix holds for all real logits; that the witness does what it says. (The form of an
    answer: `Repair(line=1, fix="z1 + z2", witness={"z": [1.0, 2.0, 3.0]})`.)
    """
    return Repair(4, "z2 - Max(z1, z2)", {"z": [400.0, -400.0]})


repair_underflow_claim.misconception(
    "No overflow is just what the shift is for, and line 2 keeps its promise. Which other promise is made?",
    lambda: Repair(2, "z2 - Max(z1, z2)", {"z": [400.0, -400.0]}),
)
repair_underflow_claim.misconception(
    "The shift does drown the 0 here. But exp(1000) overflows without it: find logits that were fine, all of "
    "them, before.",
    lambda: Repair(4, "z2 - Max(z1, z2)", {"z": [1000.0, 0.0]}),
)
repair_underflow_claim.misconception(
    "With all logits near -746 the shift does help, which is the one case the line has in mind. Try a positive "
    "maximum.",
    lambda: Repair(4, "z2 - Max(z1, z2)", {"z": [-746.0, -747.0]}),
)
repair_underflow_claim.misconception(
    "Your exponent moves up by the maximum. Which sign does the shift have?",
    lambda: Repair(4, "z2 + Max(z1, z2)", {"z": [400.0, -400.0]}),
)
repair_underflow_claim.misconception(
    "z2 - z1 supposes that the first logit is the largest. And if it is not?",
    lambda: Repair(4, "z2 - z1", {"z": [400.0, -400.0]}),
)
repair_underflow_claim.misconception(
    "The denominator holds the term e^0 = 1, so line 3 is safe. Look at the terms that are not the largest.",
    lambda: Repair(3, "z2 - Max(z1, z2)", {"z": [400.0, -400.0]}),
)
repair_underflow_claim.alternative(
    "the exponent as a minimum", lambda: Repair(4, "Min(0, z2 - z1)", {"z": [700.0, 10.0, -100.0]})
)
repair_underflow_claim.alternative(
    "case by case", lambda: Repair(4, "where(z1 >= z2, z2 - z1, 0)", {"z": [50.0, -700.0]})
)
