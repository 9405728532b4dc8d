"""Non-convexity, shown by pointing at it: witnesses that anyone can check."""

from __future__ import annotations

import math

from autograder.exercise import exercise
from autograder.kinds import Check, Counterexample

INPUTS = (-2.0, -1.0, 0.0, 1.0, 2.0)  # the data of witness_permutation: y = |x|


def relu(x: float) -> float:
    """max(0, x) for one number."""
    return max(0.0, float(x))


def unit(witness: dict, x: float) -> float:
    """The two-layer network v relu(w x + b) of `witness_negative_output_weight`."""
    return witness["v"] * relu(witness["w"] * x + witness["b"])


def product_loss(point: list) -> float:
    """(1 - v relu(u))^2 at point = [u, v]."""
    u, v = map(float, point)
    return (1 - v * relu(u)) ** 2


def midpoint(first: list, second: list) -> list[float]:
    # each half by itself: the sum of two large numbers is infinite, and a worse loss than that is no merit
    return [float(a) / 2 + float(b) / 2 for a, b in zip(first, second, strict=True)]


def _all_finite(*values) -> str | None:
    return None if all(math.isfinite(float(value)) for value in values) else "every number has to be finite"


def _in_the_middle(witness: dict) -> str | None:
    t = float(witness["t"])
    return None if 0 < t < 1 else f"t = {t:g}: a chord has no middle there, t belongs strictly between 0 and 1"


def _negative_output(witness: dict) -> str | None:
    v = float(witness["v"])
    return None if v < 0 else f"v = {v:g}, and the exercise is about a negative output weight"


def _above_the_chord(witness: dict) -> str | None:
    x1, x2, t = (float(witness[name]) for name in ("x1", "x2", "t"))
    between = unit(witness, t * x1 + (1 - t) * x2)
    chord = t * unit(witness, x1) + (1 - t) * unit(witness, x2)
    if between - chord > 1e-9 * (1 + abs(chord)):
        return None
    return f"the network gives {between:g} in the middle and the chord {chord:g}: the middle has to be higher"


@exercise(
    Counterexample(
        fields={
            "w": "the weight of the hidden unit",
            "b": "its bias",
            "v": "the output weight",
            "x1": "the first input",
            "x2": "the second input",
            "t": "the share of the first input, between 0 and 1",
        },
        checks=(
            Check("all six numbers are finite", lambda found: _all_finite(*found.values()), 0),
            Check("t lies strictly between 0 and 1", _in_the_middle, 0),
            Check("the output weight is negative", _negative_output, 0),
            Check("the network lies above its chord", _above_the_chord, 1),
        ),
    ),
    title="A minus sign is enough",
    hints=(
        "What does a convex function look like after you turn it upside down?",
        "With v < 0 the graph has a peak-shaped kink. Put one input on each side of it.",
        "Start with `w, b, v = 1, 0, -1`, and choose x1 < 0 < x2.",
    ),
    claims=("S3-C01", "S3-C12"),
)
def witness_negative_output_weight() -> dict:
    r"""Convex pieces, and yet the network is not convex in its input.

    The network is $f(x) = v\,\max(0, w x + b)$ with $v < 0$. Return a dict with numbers `w`, `b`, `v`, `x1`, `x2` and
    `t`, $0 < t < 1$, such that $f(t x_1 + (1-t) x_2) > t f(x_1) + (1-t) f(x_2)$: the graph rises above its chord.
    Any valid witness passes.

    Example of the form: `{"w": 2, "b": 1, "v": -3, "x1": 5, "x2": 7, "t": 0.5}` (no witness: there the graph is straight).
    """
    return {"w": 1, "b": 0, "v": -1, "x1": -1, "x2": 1, "t": 0.5}


witness_negative_output_weight.misconception(
    "With v > 0 the unit keeps the shape of ReLU, and ReLU never rises above its chord. What has to change sign?",
    lambda: {"w": 1, "b": 0, "v": 1, "x1": -1, "x2": 1, "t": 0.5},
)
witness_negative_output_weight.misconception(
    "Both inputs lie on the same straight piece: there the graph is its own chord. Let the kink come between them.",
    lambda: {"w": 1, "b": 0, "v": -1, "x1": 1, "x2": 3, "t": 0.5},
)
witness_negative_output_weight.misconception(
    "At t = 0 or t = 1 you stand on an end of the chord, where graph and chord always agree.",
    lambda: {"w": 1, "b": 0, "v": -1, "x1": -1, "x2": 1, "t": 1},
)
witness_negative_output_weight.alternative(
    "a shifted kink", lambda: {"w": 2.0, "b": -3.0, "v": -0.5, "x1": 0.0, "x2": 4.0, "t": 0.25}
)
witness_negative_output_weight.alternative(
    "a negative input weight as well", lambda: {"w": -1, "b": 1, "v": -10, "x1": 0, "x2": 2, "t": 0.4}
)


def _two_minima(witness: dict) -> str | None:
    for name in ("first", "second"):
        if product_loss(witness[name]) > 1e-20:
            return f"the loss at {name} = {witness[name]} is {product_loss(witness[name]):g}, and a minimum has 0"
    return None


def _middle_is_worse(witness: dict) -> str | None:
    middle = midpoint(witness["first"], witness["second"])
    loss = product_loss(middle)
    if loss <= 1e-9:
        return f"the midpoint {middle} has loss {loss:g}: nothing rises between these two"
    return None if loss > 10 else f"the midpoint {middle} has loss {loss:g}: a ridge, and lower than 10"


@exercise(
    Counterexample(
        fields={"first": "the pair [u, v] of one minimum", "second": "the pair [u, v] of another minimum"},
        checks=(
            Check("both points are finite", lambda found: _all_finite(*found["first"], *found["second"]), 0),
            Check("the loss is zero at both points", _two_minima, 0),
            Check("the loss is above 10 halfway between them", _middle_is_worse, 1),
        ),
    ),
    title="Two minima with a high ridge between",
    points=2,
    hints=(
        "For which pairs (u, v) is the loss exactly zero? How many are there?",
        "The minima form the curve u v = 1. Take two points of it that are far apart, and look at the straight line.",
        "`first = [2, 1/2]` and `second = [1/2, 2]` give 81/256. Which two points of the curve are further apart?",
    ),
    claims=("S3-C14",),
)
def witness_two_minima() -> dict:
    r"""Two perfect settings of the smallest ReLU network, and a loss as high as you like between them.

    $L(u, v) = (1 - v\max(0, u))^2$ is the squared loss of $f(x) = v\max(0, u x)$ on the single sample $x = 1$, $y = 1$.
    Return a dict with `first` and `second`, each a pair `[u, v]`, such that the loss is zero (at most $10^{-20}$, to
    allow for rounding) at both, and more than 10 at the midpoint. (For a convex loss it would be 0 there.) Any valid
    witness passes. The pair of the lesson, `{"first": [2, 0.5], "second": [0.5, 2]}`, does not: its midpoint has 81/256.
    """
    return {"first": [8.0, 0.125], "second": [0.125, 8.0]}


witness_two_minima.misconception(
    "Twice the same point: between a place and itself there is no ridge.",
    lambda: {"first": [1.0, 1.0], "second": [1.0, 1.0]},
)
witness_two_minima.misconception(
    "With u and v both negative the product is 1, but the unit is switched off: max(0, u) is 0 there, and the loss 1.",
    lambda: {"first": [1.0, 1.0], "second": [-1.0, -1.0]},
)
witness_two_minima.misconception(
    "Both are minima, and there is a ridge between them, but a low one. What happens to the midpoint when the two move "
    "apart along the curve?",
    lambda: {"first": [2.0, 0.5], "second": [0.5, 2.0]},
)
witness_two_minima.misconception(
    "Here u + v is what stays the same. Which combination of u and v has to be 1?",
    lambda: {"first": [0.25, 0.75], "second": [0.75, 0.25]},
)
witness_two_minima.alternative("exact in binary", lambda: {"first": [16, 0.0625], "second": [0.0625, 16]})
witness_two_minima.alternative("not a mirror image", lambda: {"first": (1.0, 1.0), "second": (32.0, 0.03125)})


def network(w: list, b: list, v: list, x: float) -> float:
    """v1 relu(w1 x + b1) + v2 relu(w2 x + b2)."""
    return sum(vi * relu(wi * x + bi) for wi, bi, vi in zip(w, b, v, strict=True))


def fit(w: list, b: list, v: list) -> float:
    """Mean squared error on the five points of y = |x|."""
    return sum((network(w, b, v, x) - abs(x)) ** 2 for x in INPUTS) / len(INPUTS)


def _pairs(witness: dict) -> str | None:
    for name in ("w", "b", "v"):
        if len(witness[name]) != 2:
            return f"{name} should hold two numbers, one a hidden unit"
    return _all_finite(*witness["w"], *witness["b"], *witness["v"])


def _average_is_worse(witness: dict) -> str | None:
    parameters = [list(map(float, witness[name])) for name in ("w", "b", "v")]
    swapped = [[second, first] for first, second in parameters]
    average = [midpoint(one, other) for one, other in zip(parameters, swapped, strict=True)]
    own, blended = fit(*parameters), fit(*average)
    if blended > own + 1e-9 * (1 + own):
        return None
    return f"your network has loss {own:g} and the average {blended:g}: averaging has to hurt"


@exercise(
    Counterexample(
        fields={
            "w": "the two hidden weights",
            "b": "the two hidden biases",
            "v": "the two output weights",
        },
        checks=(
            Check("there are two hidden units with finite parameters", _pairs, 0),
            Check("the average of the network and its swapped copy is worse", _average_is_worse, 1),
        ),
    ),
    title="The average of two equals",
    points=3,
    hints=(
        "Swap the two hidden units. What changes in the function, and what changes in the list of parameters?",
        "Averaging with the swapped copy makes both hidden units equal. Which data need two different ones?",
        "|x| = relu(x) + relu(-x), so try `w = [1, -1]`.",
    ),
    claims=("S3-C15",),
)
def witness_permutation() -> dict:
    r"""If the loss were convex, averaging two equally good networks could never hurt. Show that it does.

    The network is $f(x) = v_1\max(0, w_1 x + b_1) + v_2\max(0, w_2 x + b_2)$, the loss the mean squared error on the
    five points $x = -2, -1, 0, 1, 2$ with $y = |x|$. Swapping the two units changes nothing about $f$. Return a dict
    with `w`, `b` and `v`, two numbers each, such that the *average of the parameters* of your network and of its
    swapped copy has a larger loss than your network. Any valid witness passes.

    Example of the form: `{"w": [1, 1], "b": [0, 0], "v": [1, 1]}` (no witness: its units are equal, so the average is itself).
    """
    return {"w": [1.0, -1.0], "b": [0.0, 0.0], "v": [1.0, 1.0]}


witness_permutation.misconception(
    "Your two units are alike, so the swapped copy is the same network and so is the average. Let them differ.",
    lambda: {"w": [1.0, 1.0], "b": [0.0, 0.0], "v": [1.0, 1.0]},
)
witness_permutation.misconception(
    "Your two units cancel each other, and so do those of the average: both networks return 0 everywhere. What would "
    "two units have to do to fit the data?",
    lambda: {"w": [3.0, 3.0], "b": [-1.0, -1.0], "v": [2.0, -2.0]},
)
witness_permutation.misconception(
    "Swapping and averaging acts on w, b and v of each hidden unit: there have to be two units.",
    lambda: {"w": [1.0], "b": [0.0], "v": [1.0]},
)
witness_permutation.alternative(
    "unequal slopes of the same function", lambda: {"w": [2, -4], "b": [0, 0], "v": [0.5, 0.25]}
)
witness_permutation.alternative(
    "not a perfect fit, but still better than its average", lambda: {"w": [1, -1], "b": [0.1, 0.0], "v": [1, 0.9]}
)
