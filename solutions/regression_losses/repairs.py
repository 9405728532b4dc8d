"""A slope with the wrong sign, as it is printed in more than one place."""

from __future__ import annotations

import math

from autograder.calls import Repair
from autograder.exercise import exercise
from autograder.kinds import FindRepair


def _slopes_differ(witness: dict) -> str | None:
    if not {"y", "yhat"} <= witness.keys():
        raise ValueError("a finite number is needed for each of y and yhat")
    y, y_hat = float(witness["y"]), float(witness["yhat"])
    if not (math.isfinite(y) and math.isfinite(y_hat)):
        raise ValueError("a finite number is needed for each of y and yhat")
    if y == y_hat:
        return "the prediction is exactly right here: y - yhat and its opposite are both 0"
    if abs(y_hat - y) > 1:
        return f"the residual is {y_hat - y:g}, and the argument speaks of |r| <= 1 only"
    return None


@exercise(
    FindRepair(
        lines=(
            "Let delta = 1 and r = yhat - y. For |r| <= 1 the Huber loss is L = r^2/2.",
            "The outer derivative is dL/dr = r.",
            "The inner derivative is dr/dyhat = 1.",
            "The chain rule multiplies the two: dL/dyhat = y - yhat.",
            "A step of descent with the rate 1/2 leads from yhat to yhat - (y - yhat)/2.",
            "From y = 0, yhat = 1 that is 3/2: descent on the Huber loss moves away from the target.",
        ),
        wrong=4,
        fix="yhat - y",
        check_witness=_slopes_differ,
        variables={"y": "real", "yhat": "real"},
    ),
    title="Descent that climbs",
    points=1,
    hints=(
        "The conclusion is absurd, and every line from some point on follows from the one before. From which line on "
        "does something not?",
        "Do the multiplication of lines 2 and 3 with your own hands, and put in what r is.",
        '`return Repair(line=..., fix="...", witness={"y": ..., "yhat": ...})`',
    ),
    claims=("S4-L20",),
)
def repair_huber_slope() -> Repair:
    r"""A well-known loss, differentiated, drives predictions away from their targets: find the first wrong line.

    1. Let $\delta = 1$ and $r = \hat y - y$. For $|r| \le 1$ the Huber loss is $L = r^2/2$.
    2. The outer derivative is $dL/dr = r$.
    3. The inner derivative is $dr/d\hat y = 1$.
    4. The chain rule multiplies the two: $dL/d\hat y = y - \hat y$.
    5. A step of descent with the rate 1/2 leads from $\hat y$ to $\hat y - (y - \hat y)/2$.
    6. From $y = 0$, $\hat y = 1$ that is 3/2: descent on the Huber loss moves away from the target.

    Return `Repair(line, fix, witness)`: the number of the first line that is wrong; the slope that this line should
    give, as an expression in `y` and `yhat`; and a dict with numbers for these two at which the printed slope is wrong
    (with $|\hat y - y| \le 1$, since the argument speaks of nothing else).

    Judged: the line; that the fix is the slope for all real y and yhat; that the witness tells the two apart. (The form
    of an answer: `Repair(line=1, fix="y + 2*yhat", witness={"y": 0, "yhat": 0})`.)
    """
    return Repair(4, "yhat - y", {"y": 0, "yhat": 1})


repair_huber_slope.misconception(
    "Line 5 is a correct step of descent along the slope of line 4. If a correct step goes the wrong way, what is wrong?",
    lambda: Repair(5, "yhat - y", {"y": 0, "yhat": 1}),
)
repair_huber_slope.misconception(
    "Line 6 puts numbers into line 5, and 1 - (0 - 1)/2 is 3/2 indeed. Look further up for the cause.",
    lambda: Repair(6, "yhat - y", {"y": 0, "yhat": 1}),
)
repair_huber_slope.misconception(
    "Line 3 holds: when the prediction rises by 1, so does r, for r was defined as the prediction minus the target.",
    lambda: Repair(3, "yhat - y", {"y": 0, "yhat": 1}),
)
repair_huber_slope.misconception(
    "Your slope is never negative, so descent could only lower predictions. What should happen to one that is too low?",
    lambda: Repair(4, "Abs(yhat - y)", {"y": 0, "yhat": 1}),
)
repair_huber_slope.misconception(
    "The right line, and a factor too much: the parabola has a 1/2 in front, and line 2 has used it up.",
    lambda: Repair(4, "2*(yhat - y)", {"y": 0, "yhat": 1}),
)
repair_huber_slope.misconception(
    "The right line and the right slope. At your witness the prediction is exactly right: what do both slopes say there?",
    lambda: Repair(4, "yhat - y", {"y": 1, "yhat": 1}),
)
repair_huber_slope.alternative(
    "the minus sign in front of the printed slope", lambda: Repair(4, "-(y - yhat)", {"y": 2, "yhat": 1.5})
)
repair_huber_slope.alternative(
    "the product of lines 2 and 3, with r put in", lambda: Repair(4, "(yhat - y)*1", {"y": -0.25, "yhat": 0.5})
)
