"""Code that runs, returns a number, and forgets one of the two classes."""

from __future__ import annotations

import math

from autograder.calls import Repair
from autograder.exercise import exercise
from autograder.kinds import FindRepair


def _the_code_forgets(witness: dict) -> str | None:
    if not {"y", "p"} <= witness.keys():
        raise ValueError("a label y and a probability p are needed")
    y, p = float(witness["y"]), float(witness["p"])
    if y not in (0, 1) or not 0 < p < 1 or not math.isfinite(p):
        raise ValueError("y is 0 or 1, and p lies between 0 and 1")
    return "for a positive b is 0, and the code returns all there is" if y == 1 else None


@exercise(
    FindRepair(
        lines=(
            "def focal_sum(y, p, gamma, alpha):",
            "    a = np.sum(alpha * y * (1 - p) ** gamma * np.log(p))",
            "    b = np.sum((1 - alpha) * (1 - y) * p**gamma * np.log(1 - p))",
            "    return -a",
            "    - b",
        ),
        wrong=4,
        fix="-a - b",
        check_witness=_the_code_forgets,
        variables={"a": "real", "b": "real"},
    ),
    title="The line that is never reached",
    points=1,
    hints=(
        "Call the function in your head for one negative sample with p = 0.9. Which number comes back?",
        "A line that starts with a minus sign continues nothing in Python, unless a bracket is still open.",
        '`return Repair(line=..., fix="...", witness={"y": ..., "p": ...})`',
    ),
    claims=("S4-X09", "S4-L13"),
)
def repair_focal_code() -> Repair:
    r"""This code for the focal loss (summed, not averaged) was published, and it runs. Find the line to repair.

    1. `def focal_sum(y, p, gamma, alpha):`
    2. `    a = np.sum(alpha * y * (1 - p) ** gamma * np.log(p))`
    3. `    b = np.sum((1 - alpha) * (1 - y) * p**gamma * np.log(1 - p))`
    4. `    return -a`
    5. `    - b`

    Return `Repair(line, fix, witness)`: the number of the line that has to be changed; what the function must return,
    as an expression in `a` and `b`; and one sample as a dict with a label `y`, 0 or 1, and a probability `p` strictly
    between 0 and 1, for which the code as printed returns something else than the focal loss (take gamma = 2 and
    alpha = 0.25).

    Judged: the line; that the fix is the focal loss whatever a and b are; that the witness tells the two apart. (The
    form of an answer: `Repair(line=1, fix="a*b", witness={"y": 1, "p": 0.5})`.)
    """
    return Repair(4, "-a - b", {"y": 0, "p": 0.9})


repair_focal_code.misconception(
    "Line 5 is a complete statement of its own: it computes -b and drops it, if it is ever reached. Which line sends the "
    "function home before that?",
    lambda: Repair(5, "-a - b", {"y": 0, "p": 0.9}),
)
repair_focal_code.misconception(
    "Line 3 is the second case of the formula, word for word. What happens to its b afterwards?",
    lambda: Repair(3, "-a - b", {"y": 0, "p": 0.9}),
)
repair_focal_code.misconception(
    "Both sums carry a logarithm of a number below 1, so both are negative. With your signs the positives and the "
    "negatives pay for each other.",
    lambda: Repair(4, "-a + b", {"y": 0, "p": 0.9}),
)
repair_focal_code.misconception(
    "Both terms are there, and the minus in front of them is not: is your loss positive for a badly wrong sample?",
    lambda: Repair(4, "a + b", {"y": 0, "p": 0.9}),
)
repair_focal_code.misconception(
    "The repair is right. At your witness, a positive, b is 0: does the printed code go wrong there?",
    lambda: Repair(4, "-a - b", {"y": 1, "p": 0.1}),
)
repair_focal_code.alternative("one minus for the whole sum", lambda: Repair(4, "-(a + b)", {"y": 0, "p": 0.5}))
repair_focal_code.alternative("the terms the other way round", lambda: Repair(4, "-b - a", {"y": 0.0, "p": 0.25}))
