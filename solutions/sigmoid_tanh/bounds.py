"""How steep sigmoid and tanh can be: the exact bounds, a range argument with a hole, a boast with a limit."""

from __future__ import annotations

import mpmath

from autograder.calls import Repair
from autograder.exercise import exercise
from autograder.kinds import Check, Counterexample, FindRepair, Symbolic
from solutions.later import sp


@exercise(
    Symbolic(cases={("sigmoid",): ("1/4", "0"), ("tanh",): ("1", "0")}),
    title="The steepest slope, exactly",
    points=2,
    claims=("S1-6.1.3b", "S1-6.1.3c", "S1-6.1.3g", "S2-N08"),
    hints=(
        "The slope of the sigmoid is t(1 - t) with t = σ(x). For which t is that largest, and which x gives this t?",
        "t(1 - t) is a parabola with its top at t = 1/2, and σ(x) = 1/2 only at one x. For tanh the slope is 1 - t²: "
        "which t is best there?",
        "`t = sp.Symbol('t', real=True)`, then solve where `sp.diff(t * (1 - t), t)` is 0, and ask which x has this t",
    ),
)
def expr_sup_of_derivative(name: str) -> tuple[sp.Expr, sp.Expr]:
    r"""Return the largest value of the slope of an activation, and the place where it is attained.

    `name` is `"sigmoid"` or `"tanh"`. Return the tuple (largest slope, the x at which it occurs), in this order, as
    exact SymPy numbers: `sp.Rational(1, 3)`, `sp.log(2)`, `sp.sqrt(3)` and the like. A float such as 0.333 is a rounded
    number, and is refused.

    Judged: both entries, for both names, exactly. The x is the input of the activation, not its output.

    Example of the form, for the slope of $f(x) = \sin(x)/3$ between -2 and 2: `(sp.Rational(1, 3), sp.Integer(0))`.
    """
    t = sp.Symbol("t", real=True)
    slope, inverse = {"sigmoid": (t * (1 - t), sp.log(t / (1 - t))), "tanh": (1 - t**2, sp.atanh(t))}[name]
    [top] = sp.solve(sp.diff(slope, t), t)
    return slope.subs(t, top), inverse.subs(t, top)


@expr_sup_of_derivative.alternative("by hand")
def by_hand(name):
    return (sp.Rational(1, 4), sp.Integer(0)) if name == "sigmoid" else (sp.Integer(1), sp.Integer(0))


@expr_sup_of_derivative.alternative("the slope at 0, the only point where an even slope with one hump can peak")
def slope_at_zero(name):
    x = sp.Symbol("x", real=True)
    f = 1 / (1 + sp.exp(-x)) if name == "sigmoid" else sp.tanh(x)
    return sp.diff(f, x).subs(x, 0), sp.S.Zero


def table(sigmoid, tanh):
    """The same numbers as a reference would give, from their text."""
    return lambda name: tuple(map(sp.sympify, {"sigmoid": sigmoid, "tanh": tanh}[name]))


expr_sup_of_derivative.misconception(
    "1/2 is the output σ at the steepest point. The question is about the input: which x has σ(x) = 1/2?",
    table(("1/4", "1/2"), ("1", "0")),
)
expr_sup_of_derivative.misconception(
    "Both numbers are there, in the other order: first the largest slope, then the place.",
    table(("0", "1/4"), ("0", "1")),
)
expr_sup_of_derivative.misconception(
    "1/2 is the value of σ at 0, not its slope there. The slope is σ(1 - σ).",
    table(("1/2", "0"), ("1", "0")),
)
expr_sup_of_derivative.misconception(
    "tanh x = 2σ(2x) - 1 is stretched twice, once outside and once inside: the slope grows by 2 times 2.",
    table(("1/4", "0"), ("1/2", "0")),
)
expr_sup_of_derivative.misconception(
    "The numbers are right and they are floats; exact was asked for, such as sp.Rational(1, 4).",
    table(("0.25", "0.0"), ("1.0", "0.0")),
)


RANGE_OF_TANH_SQUARED = {"[0,1)", "[0,1["}


def is_half_open(fix):
    """The range of tanh², in one of the ways people write it."""
    said = str(fix).replace(" ", "")
    if said in RANGE_OF_TANH_SQUARED:
        return None
    if said in {"[0,1]"}:
        return "that would say tanh² x = 1 for some real x; which one?"
    if said in {"(0,1)", "]0,1[", "(0,1]", "]0,1]"}:
        return "0 is still left out, but there is an x with tanh² x = 0"
    return (
        f"got {said}; write the interval as text, with [ ] for an end that belongs to it and ( ) for one that does not"
    )


def breaks_the_line(witness):
    x = witness["x"]
    if mpmath.tanh(float(x)) == 0:
        return None
    return f"at x = {x} the square of tanh is between 0 and 1, just as the line says"


@exercise(
    FindRepair(
        lines=(
            "The slope of tanh is 1 - tanh² x.",
            "For every real x, tanh x lies in the interval (-1, 1).",
            "Hence, for every real x, tanh² x lies in the interval (0, 1).",
            "Subtracted from 1, something in the interval (0, 1) stays in the interval (0, 1).",
            "So the slope is positive and at most 1, and the bound 1 is attained.",
        ),
        wrong=3,
        check_fix=is_half_open,
        check_witness=breaks_the_line,
    ),
    title="A range argument with a hole",
    points=2,
    claims=("S1-6.1.3e", "S1-6.1.3f", "S1-6.1.3g"),
    hints=(
        "The last line says that the slope 1 is attained. If the third line were true, could it be?",
        "Squaring is not one-to-one on (-1, 1). Go through that interval from left to right and watch the square.",
        "`return Repair(line=..., fix='[..., ...)', witness={'x': ...})`",
    ),
)
def repair_tanh_range() -> Repair:
    r"""One line of this argument is wrong. Find it, repair it, and give an x that shows it is wrong.

    1. The slope of tanh is $1 - \tanh^2 x$.
    2. For every real x, $\tanh x$ lies in the interval $(-1, 1)$.
    3. Hence, for every real x, $\tanh^2 x$ lies in the interval $(0, 1)$.
    4. Subtracted from 1, something in the interval $(0, 1)$ stays in the interval $(0, 1)$.
    5. So the slope is positive and at most 1, and the bound 1 is attained.

    The argument stood like this in the notes of a course. Return `Repair(line, fix, witness)`: the number of the first
    wrong line, the interval that belongs in its place as text (square brackets for an end that belongs to it, round
    ones for an end that does not, such as `"(-2, 3]"`), and `{"x": a real number}` at which the line as printed fails.

    Judged: the line, the interval, the x, each for itself; a wrong line ends it.

    Example of the form: `Repair(line=2, fix="(-2, 3]", witness={"x": 7})`.
    """
    return Repair(line=3, fix="[0, 1)", witness={"x": 0})


repair_tanh_range.alternative("brackets turned outwards", lambda: Repair(3, "[0, 1[", {"x": 0.0}))
repair_tanh_range.alternative("a SymPy zero, no blank", lambda: Repair(line=3, fix="[0,1)", witness={"x": sp.S.Zero}))

repair_tanh_range.misconception(
    "tanh never reaches -1 or 1 for a real x, so line 2 is sound. Look for an end that is reached.",
    lambda: Repair(2, "[-1, 1]", {"x": 20}),
)
repair_tanh_range.misconception(
    "Line 4 follows from line 3: if tanh² is strictly between 0 and 1, so is 1 - tanh². Which line went "
    "wrong before it?",
    lambda: Repair(4, "(0, 1]", {"x": 0}),
)
repair_tanh_range.misconception(
    "Line 5 is true, and that is the clue: it does not follow from line 4. The mistake sits further up.",
    lambda: Repair(5, "(0, 1)", {"x": 0}),
)
repair_tanh_range.misconception(
    "Right line, but only one of its ends is wrong: 1 would need an infinite x.",
    lambda: Repair(3, "[0, 1]", {"x": 0}),
)
repair_tanh_range.misconception(
    "Right line, right interval; but at your x the printed line holds. A witness is an x at which it fails.",
    lambda: Repair(3, "[0, 1)", {"x": 1}),
)


def slopes_at(witness):
    """The slopes of sigmoid and of tanh at the witness, in fifty digits."""
    with mpmath.workdps(50):
        x = mpmath.mpf(float(witness["x"]))
        if not mpmath.isfinite(x):
            raise ValueError("x should be a real number, not an infinite one")
        return 1 / (4 * mpmath.cosh(x / 2) ** 2), 1 / mpmath.cosh(x) ** 2


def sigmoid_is_steeper(witness):
    ours, theirs = slopes_at(witness)
    if ours > theirs:
        return None
    return f"at x = {witness['x']} the sigmoid has slope {mpmath.nstr(ours, 4)}, tanh {mpmath.nstr(theirs, 4)}"


def by_a_million(witness):
    ours, theirs = slopes_at(witness)
    if ours >= 10**6 * theirs:
        return None
    return f"at x = {witness['x']} the sigmoid is only {mpmath.nstr(ours / theirs, 4)} times as steep"


@exercise(
    Counterexample(
        fields={"x": "a real number"},
        checks=(
            Check("the sigmoid is steeper than tanh at x", sigmoid_is_steeper),
            Check("it is at least a million times as steep", by_a_million),
        ),
    ),
    title="Where tanh has the weaker gradient",
    points=1,
    claims=("S4-A26",),
    hints=(
        "At 0 tanh is four times as steep. Does that say anything about x = 10?",
        "Far out, the slope of the sigmoid is about $e^{-|x|}$ and that of tanh about $4e^{-2|x|}$. What is "
        "their ratio?",
        "`return {'x': ...}` with an x beyond log(4 000 000)",
    ),
)
def witness_tanh_stronger() -> dict:
    r"""A survey says: "tanh has stronger gradients than the sigmoid." Show that this is not true everywhere.

    Return `{"x": a real number}` at which the slope of the sigmoid is at least a million times the slope of tanh:

    $$\sigma'(x) \ge 10^6 \, \tanh'(x)$$

    Judged: whether it is so at your x, computed with fifty digits; any such x will do. Mind that `1 - np.tanh(x)**2` has
    lost most of its digits where you will have to look, and is 0 a little further on.

    Example of the form: `{"x": 0.5}` (there tanh is the steeper one, so it is no witness).
    """
    return {"x": 16.0}


witness_tanh_stronger.alternative("on the left, as a whole number", lambda: {"x": -20})
witness_tanh_stronger.alternative("the ratio solved for x", lambda: {"x": sp.log(4 * 10**6) + 1})

witness_tanh_stronger.misconception(
    "x = 0 is where tanh is at its best: slope 1 against 1/4. Compare the two far away from 0.",
    lambda: {"x": 0.0},
)
witness_tanh_stronger.misconception(
    "At 1 tanh is still twice as steep. The curves of the two slopes cross between 1 and 2.",
    lambda: {"x": 1.0},
)
witness_tanh_stronger.misconception(
    "Past the crossing, so the sigmoid is steeper here, but by less than a factor of two. How fast does "
    "the ratio grow?",
    lambda: {"x": 2.0},
)
witness_tanh_stronger.misconception(
    "Close: you set e^|x| to a million. The ratio of the slopes is e^|x|/4, for tanh starts four times as steep.",
    lambda: {"x": 14.0},
)
