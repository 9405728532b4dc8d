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
    if max(x) == min(x):
        return "all entries are equal: nothing is emphasised to begin with"
    return f"the largest is {max(x):g}, and 3 or more was asked for" if max(x) < 3 else None


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
            Check("x holds positive numbers, not all equal, the largest at least 3", _positive, 0.0),
            Check("softmax gives the largest a smaller share than it had", _flatter),
        ),
    ),
    title="When softmax flattens",
    points=1,
    hints=(
        "Softmax sees differences, shares see quotients. Which numbers have large quotients and small differences?",
        "The largest must stay at 3 or more, so look at the others: let them shrink. The quotient grows without end; "
        "what becomes of the difference?",
        '`return {"x": [..., ..., ...]}`',
    ),
    claims=("S4-A35",),
)
def witness_softmax_flattens() -> dict:
    r"""Softmax is said to emphasise the largest entry. Find numbers, one of them large, for which it does not.

    Return `{"x": [...]}`: at least two positive numbers, not all equal, the largest of them 3 or more, such that the
    largest probability of $\mathrm{softmax}(x)$ is smaller than the largest plain share $x_k / \sum_j x_j$.

    Any such vector passes. `[1, 2, 3]` does not: the share of the 3 is 0.5, its probability 0.6652.
    """
    return {"x": [0.01, 3.0]}


witness_softmax_flattens.misconception(
    "Large differences: softmax gives almost everything to one of them. Which entries could be smaller?",
    lambda: {"x": [10.0, 20.0, 30.0]},
)
witness_softmax_flattens.misconception(
    "Scaling everything down does flatten. Here the largest has to stay large: what else can be scaled down?",
    lambda: {"x": [0.1, 0.2, 0.3]},
)
witness_softmax_flattens.misconception(
    "Equal numbers give equal parts before and after: no emphasis, and none lost. Something has to be the largest.",
    lambda: {"x": [3.0, 3.0, 3.0]},
)
witness_softmax_flattens.misconception(
    "With a 0 among the entries the claim fails too easily. It is to fail on its home ground: positive numbers.",
    lambda: {"x": [0.0, 4.0]},
)
witness_softmax_flattens.alternative("three numbers, two of them tiny", lambda: {"x": [0.001, 5.0, 1e-6]})
witness_softmax_flattens.alternative("one large entry, many tiny ones", lambda: {"x": [1e-9] * 20 + [3.5]})


def _distinct(witness: dict) -> str | None:
    z = [float(value) for value in witness["z"]]
    if len(z) < 2 or not all(map(math.isfinite, z)):
        return "z should be a list of at least two finite logits"
    return "two of the logits are equal as float64 numbers" if len(set(z)) < len(z) else None


def _tied(witness: dict) -> str | None:
    z = [float(value) for value in witness["z"]]
    p = _softmax(z)
    tied = {a for a, b in combinations(p, 2) if a == b}
    if tied == {0.0}:
        return "the tied probabilities are 0: a tie of positive ones was asked for"
    if tied:
        return None
    return f"all probabilities differ: softmax gives {', '.join(f'{value:.17g}' for value in p[:4])}"


@exercise(
    Counterexample(
        {"z": "a list of logits"},
        (
            Check("the logits are finite and all different", _distinct, 0.0),
            Check("two of their float64 probabilities are equal and positive", _tied),
        ),
    ),
    title="Different logits, equal probabilities",
    points=1,
    hints=(
        "On real numbers $z_i > z_j$ means $p_i > p_j$. Which values of $e^{z - m}$ can float64 not tell apart?",
        "Not those at the far end, where everything is 0, but those near the largest: how small a step down from "
        "0 does the exponential still notice?",
        '`return {"z": [0.0, ..., ...]}`',
    ),
    claims=("S4-A33", "S2-N43", "S4-A32"),
)
def witness_tied_probabilities() -> dict:
    r"""Softmax keeps the order of the logits: on real numbers. Find float64 logits for which it does not.

    Return `{"z": [...]}`: at least two finite logits, all different as float64 numbers, such that two of the
    probabilities that shifted softmax computes in float64 are exactly equal, and not 0.

    Any such list passes. `[1, 2, 3]` does not: its probabilities are 0.0900, 0.2447 and 0.6652.
    """
    return {"z": [0.0, -1e-17]}


witness_tied_probabilities.misconception(
    "Equal logits have equal probabilities on any machine. The logits have to differ.",
    lambda: {"z": [1.0, 0.0, 0.0]},
)
witness_tied_probabilities.misconception(
    "These two tie because both have vanished. Can you find a tie among the living?",
    lambda: {"z": [0.0, -800.0, -900.0]},
)
witness_tied_probabilities.misconception(
    "Far below 0 both, but a whole step apart: the shift brings them back, and their difference is plain to see.",
    lambda: {"z": [-800.0, -801.0]},
)
witness_tied_probabilities.misconception(
    "An infinite logit makes nan of everything, and nan ties with nothing. The claim is about finite logits.",
    lambda: {"z": [0.0, math.inf]},
)
witness_tied_probabilities.alternative("a step far below the rounding of 1", lambda: {"z": [2.0**-60, 0.0, -3.0]})
witness_tied_probabilities.alternative("a tie beside a larger logit", lambda: {"z": [5.0, 1e-18, -1e-18]})
