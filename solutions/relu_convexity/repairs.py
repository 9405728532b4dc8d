"""Three arguments that are heard often, each with one wrong line."""

from __future__ import annotations

import math

from autograder import Repair
from autograder.exercise import exercise
from autograder.kinds import FindRepair


def _real(witness: dict, name: str = "x") -> float:
    if name not in witness:
        raise ValueError(f"the witness should hold a number {name!r}")
    value = float(witness[name])
    if not math.isfinite(value):
        raise ValueError(f"{name} should be finite")
    return value


def _second_derivative_is_negative(witness: dict) -> str | None:
    x = _real(witness)
    value = 12 * x**2 - 4
    return None if value < 0 else f"at x = {x:g} the second derivative is {value:g}, which is no objection"


@exercise(
    FindRepair(
        lines=(
            "g(x) = x^2 - 1 is convex: g'' = 2.",
            "h(u) = u^2 is convex: h'' = 2.",
            "The chain rule gives (h o g)'' = h''(g) (g')^2 + h'(g) g''.",
            "That is 8 x^2 + 4 (x^2 - 1).",
            "As h and g are convex, neither term is negative, so the smallest value of (h o g)'' is 0.",
        ),
        wrong=5,
        fix="-4",
        check_witness=_second_derivative_is_negative,
    ),
    title="Convex of convex is convex?",
    points=2,
    hints=(
        "Which of the two terms knows the sign of h'?",
        "h is convex but not nondecreasing: to the left of its vertex h' is negative. When is g(x) there?",
        "Write (h o g)'' as one polynomial in x; what is its smallest value, and where?",
    ),
    claims=("S3-C12",),
)
def repair_composition() -> Repair:
    r"""A source argues that compositions of convex functions can only be convex. Here is the argument for $(x^2-1)^2$.

    Return `Repair(line, fix, witness)`: the number of the wrong line; as `fix` the true smallest value of
    $(h\circ g)''$; as `witness` a dict with an `x` at which $(h\circ g)''(x) < 0$.

    Judged: the line, the fix, the witness, each for itself. Example of the form: `Repair(1, "7", {"x": 5})`.
    """
    return Repair(5, "-4", {"x": 0})


repair_composition.misconception(
    "Line 3 is the chain rule, used twice, and it is right. The trouble starts when signs are read off from it.",
    lambda: Repair(3, "-4", {"x": 0}),
)
repair_composition.misconception(
    "The line is the right one, but at your x the curve does bend upwards: look nearer to the hump at 0.",
    lambda: Repair(5, "-4", {"x": 1}),
)
repair_composition.misconception(
    "You gave the value of the function itself at its hump; asked for was the smallest value of its second derivative.",
    lambda: Repair(5, "1", {"x": 0}),
)
repair_composition.alternative("another point of the hump", lambda: Repair(line=5, fix="8*0 - 4", witness={"x": 0.5}))
repair_composition.alternative("a point left of the vertex", lambda: Repair(5, "-2**2", {"x": -0.25}))


def _curvature_is_positive(witness: dict) -> str | None:
    _real(witness)  # at every real x the printed line gives a negative number and the truth is positive
    return None


@exercise(
    FindRepair(
        lines=(
            "The sigmoid is not convex: its second derivative is negative for x > 0.",
            "For a sample with y = 1 the loss in the logit x is L(x) = -log(sigmoid(x)).",
            "L'(x) = -(1 - sigmoid(x)).",
            "L''(x) = -sigmoid(x) (1 - sigmoid(x)), because the sigmoid is not convex.",
        ),
        wrong=4,
        fix="sigmoid(x)*(1-sigmoid(x))",
        variables={"x": "real"},
        check_witness=_curvature_is_positive,
    ),
    title="A non-convex part, a convex loss",
    points=2,
    hints=(
        "Which lines can you check by differentiating, without believing any argument?",
        "Differentiate line 3 again. How many minus signs are there?",
        "The derivative of -(1 - s) is s', and s' = s (1 - s).",
    ),
    claims=("S3-C04a", "S3-C03"),
)
def repair_sigmoid_argument() -> Repair:
    r"""A source argues: the sigmoid is not convex, therefore losses with a sigmoid are not convex. Find the slip.

    Return `Repair(line, fix, witness)`: the number of the wrong line; as `fix` the true $L''(x)$ as text or as a SymPy
    expression in `x`; as `witness` a dict with any real `x`, at which printed and true value differ.

    Judged: the line, the fix for every real $x$, the witness. Example of the form:
    `Repair(1, "2*sigmoid(x)", {"x": 5})`.
    """
    return Repair(4, "sigmoid(x)*(1-sigmoid(x))", {"x": 0})


repair_sigmoid_argument.misconception(
    "Line 1 is true. A part may bend the wrong way without the whole doing so: that is the point of this exercise.",
    lambda: Repair(1, "sigmoid(x)*(1-sigmoid(x))", {"x": 1}),
)
repair_sigmoid_argument.misconception(
    "Line 3 holds: the derivative of -log(s) is -s'/s, and s' = s (1 - s) cancels the s below.",
    lambda: Repair(3, "-sigmoid(x)", {"x": 1}),
)
repair_sigmoid_argument.misconception(
    "This is the second derivative of the sigmoid, not that of the loss: the logarithm changes it.",
    lambda: Repair(4, "sigmoid(x)*(1-sigmoid(x))*(1-2*sigmoid(x))", {"x": 0}),
)
repair_sigmoid_argument.alternative("with exponentials", lambda: Repair(4, "exp(-x)/(1+exp(-x))**2", {"x": 3}))
repair_sigmoid_argument.alternative("with the hyperbolic cosine", lambda: Repair(4, "1/(4*cosh(x/2)**2)", {"x": -1.5}))


def _slope_jumps(witness: dict) -> str | None:
    x = _real(witness)
    return None if x == 0 else f"at x = {x:g} both relu and its slope are continuous; look where the pieces meet"


@exercise(
    FindRepair(
        lines=(
            "relu(x) = 0 for x <= 0, and relu(x) = x for x > 0.",
            "Coming from the left, relu tends to 0 at x = 0; coming from the right as well.",
            "The slope of relu is 0 on the left of 0 and 1 on the right.",
            "So relu jumps by 1 at 0, and its slope by 0: it is discontinuous.",
        ),
        wrong=4,
        fix=("0", "1"),
        check_witness=_slope_jumps,
    ),
    title="Where exactly does ReLU jump?",
    hints=(
        "Can you draw relu without lifting the pen? Can you draw its slope?",
        "One jump compares two values of relu, the other two slopes. Which limits does each of them need?",
        "Lines 2 and 3 hold all four limits.",
    ),
    claims=("S3-C13",),
)
def repair_discontinuity() -> Repair:
    r"""A source worries about the "discontinuities" of ReLU. Find the wrong line.

    Return `Repair(line, fix, witness)`: the number of the wrong line; as `fix` the pair (jump of relu at 0, jump of its
    slope at 0); as `witness` a dict with the `x` at which something does jump.

    A jump is the limit from the right minus the limit from the left. Judged: the line, the fix, the witness. Example of
    the form: `Repair(1, (7, 8), {"x": 5})`.
    """
    return Repair(4, (0, 1), {"x": 0})


repair_discontinuity.misconception(
    "Line 2 gives two limits, and both are right: x shrinks to 0 from the right, and 0 stays 0 on the left.",
    lambda: Repair(2, (0, 1), {"x": 0}),
)
repair_discontinuity.misconception(
    "You left the two jumps as they were printed. Is it the value or the slope that changes suddenly?",
    lambda: Repair(4, (1, 0), {"x": 0}),
)
repair_discontinuity.misconception(
    "Nothing jumps there: the two pieces of relu meet at another point.",
    lambda: Repair(4, (0, 1), {"x": 1}),
)
repair_discontinuity.alternative("as text", lambda: Repair(line=4, fix=("0", "1"), witness={"x": 0.0}))
repair_discontinuity.alternative("as a list", lambda: Repair(4, [0, 1], {"x": -0.0}))
