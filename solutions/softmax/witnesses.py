"""Two claims about softmax that hold with a condition, and a witness against each without it."""

from __future__ import annotations

import math
from itertools import combinations

from autograder.exercise import exercise
from autograder.kinds import Check, Counterexample


def _weights(logits: list[float]) -> list[float]:
    top = max(logits)
    return [math.exp(x - top) for x in logits]


def _softmax(logits: list[float]) -> list[float]:
    weights = _weights(logits)
    return [w / math.fsum(weights) for w in weights]


def _positive(witness: dict) -> str | None:
    x = [float(value) for value in witness["x"]]
    if len(x) < 2 or not all(0 < value < math.inf for value in x):
        return "x should be a list of at least two positive, finite numbers"
    return "all entries are equal: nothing is emphasised to begin with" if max(x) == min(x) else None


def _flatter(witness: dict) -> str | None:
    x = [float(value) for value in witness["x"]]
    share, p = max(x) / math.fsum(x), max(_softmax(x))
    if p < share * (1 - 1e-9):
        return None
    return f"the largest entry has a share of {share:.4g} before and a probability of {p:.4g} after: that is no less"


@exercise(
    Counterexample(
        {"x": "a list of positive numbers"},
        (
            Check("x holds positive numbers, not all equal", _positive, 0.5),
            Check("softmax gives the largest a smaller share than it had", _flatter),
        ),
    ),
    title="When softmax flattens",
    points=1,
    hints=(
        "Softmax sees differences, shares see quotients. Which numbers have large quotients and small differences?",
        "Scale the vector down: its shares stay the same, its differences vanish, and softmax drifts towards "
        "equal parts.",
        '`return {"x": [..., ..., ...]}`',
    ),
    claims=("S4-A35",),
)
def witness_softmax_flattens() -> dict:
    r"""Softmax is said to emphasise the largest entry. Find positive numbers for which it does the opposite.

    Return `{"x": [...]}`: at least two positive numbers, not all equal, such that the largest probability of
    $\mathrm{softmax}(x)$ is smaller than the largest plain share $x_k / \sum_j x_j$.

    Any such vector passes. For `[1, 2, 3]` it does not: the share of the 3 is 0.5, its probability 0.6652.
    """
    return {"x": [0.1, 0.2, 0.3]}


witness_softmax_flattens.misconception(
    "Large numbers with large differences: softmax gives almost everything to one of them. Think smaller.",
    lambda: {"x": [10.0, 20.0, 30.0]},
)
witness_softmax_flattens.misconception(
    "Equal numbers give equal parts before and after: no emphasis, and none lost. Something has to be the largest.",
    lambda: {"x": [0.5, 0.5, 0.5]},
)
witness_softmax_flattens.misconception(
    "With negative entries the plain shares are no shares. The claim is to fail on its home ground: positive numbers.",
    lambda: {"x": [-0.1, 0.2, 0.3]},
)
witness_softmax_flattens.alternative("two small numbers far apart as a quotient", lambda: {"x": [0.001, 1.0]})
witness_softmax_flattens.alternative("one large entry, many tiny ones", lambda: {"x": [1e-9] * 20 + [2.0]})


def _distinct(witness: dict) -> str | None:
    z = [float(value) for value in witness["z"]]
    if len(z) < 2 or not all(map(math.isfinite, z)):
        return "z should be a list of at least two finite logits"
    return "two of the logits are equal as float64 numbers" if len(set(z)) < len(z) else None


def _tied(witness: dict) -> str | None:
    z = [float(value) for value in witness["z"]]
    p = _softmax(z)
    if any(a == b for a, b in combinations(p, 2)):
        return None
    return f"all probabilities differ: softmax gives {', '.join(f'{value:.17g}' for value in p[:4])}"


@exercise(
    Counterexample(
        {"z": "a list of logits"},
        (
            Check("the logits are finite and all different", _distinct, 0.5),
            Check("two of their float64 probabilities are equal", _tied),
        ),
    ),
    title="Different logits, equal probabilities",
    points=1,
    hints=(
        "On real numbers $z_i > z_j$ means $p_i > p_j$. Which values of $e^{z - m}$ can float64 not tell apart?",
        "Near the two ends: below about -745 every exponential is 0; and differences below 1e-16 vanish beside 1.",
        '`return {"z": [0.0, ..., ...]}`',
    ),
    claims=("S4-A33", "S2-N43", "S4-A32"),
)
def witness_tied_probabilities() -> dict:
    r"""Softmax keeps the order of the logits: on real numbers. Find float64 logits for which it does not.

    Return `{"z": [...]}`: at least two finite logits, all different as float64 numbers, such that two of the
    probabilities that shifted softmax computes in float64 are exactly equal.

    Any such list passes. `[1, 2, 3]` does not: its probabilities are 0.0900, 0.2447 and 0.6652.
    """
    return {"z": [0.0, -800.0, -900.0]}


witness_tied_probabilities.misconception(
    "Equal logits have equal probabilities on any machine. The logits have to differ.",
    lambda: {"z": [0.0, -800.0, -800.0]},
)
witness_tied_probabilities.misconception(
    "Far below 0 both, but close to each other: the shift brings them back, and their difference is plain to see.",
    lambda: {"z": [-800.0, -801.0]},
)
witness_tied_probabilities.misconception(
    "One of the probabilities is 0 and one is 1: far apart, but a tie needs two. Who else could be 0?",
    lambda: {"z": [0.0, -800.0]},
)
witness_tied_probabilities.misconception(
    "An infinite logit ties with another easily. The claim is about finite ones.",
    lambda: {"z": [0.0, -math.inf, -800.0]},
)
witness_tied_probabilities.alternative("two logits closer than e can tell", lambda: {"z": [0.0, -1e-17]})
witness_tied_probabilities.alternative("two large gaps", lambda: {"z": [1000.0, 3.0, 2.0, 1.0]})
