"""How much less an easy sample counts."""

from __future__ import annotations

import math

from autograder.exercise import exercise
from autograder.kinds import Answer


def _two_positives(random) -> dict:
    return {"easy": random.choice([0.75, 0.8, 0.9, 0.95]), "hard": random.choice([0.1, 0.2, 0.25, 0.4]),
            "gamma": random.randint(2, 5)}  # fmt: skip


@exercise(
    Answer(
        _two_positives,
        lambda v: (
            f"Two positives: an easy one with p = {v['easy']}, a hard one with p = {v['hard']}; gamma = {v['gamma']}."
        ),
    ),
    title="What focus means in numbers",
    points=1,
    hints=(
        "With gamma = 0 the focal loss is cross-entropy. By what is each sample's cross-entropy multiplied now?",
        "The factor is $(1 - p)^\\gamma$. The loss is that factor times $-\\log p$, and alpha is the same for both.",
        "`factor = ((1 - variant['hard']) / (1 - variant['easy'])) ** variant['gamma']`",
    ),
    claims=("S4-L13",),
)
def answer_focal_focus(variant: dict) -> tuple:
    r"""How many times more does a hard positive count than an easy one, in the focal loss?

    `variant` is a dict with your own numbers: the probability `easy` that the model gives to one positive, the
    probability `hard` that it gives to another one, and `gamma`. Return a pair: the quotient of their factors
    $(1 - p)^\gamma$, the hard one over the easy one, and the quotient of their focal losses in the same order.

    Both numbers are to be right to nine digits. Example: for `{"easy": 0.9, "hard": 0.1, "gamma": 2}` they are
    81 and about 1770.2: cross-entropy alone would say 21.85.
    """
    factor = ((1 - variant["hard"]) / (1 - variant["easy"])) ** variant["gamma"]
    return factor, factor * math.log(variant["hard"]) / math.log(variant["easy"])


answer_focal_focus.misconception(
    "Your factors are $p^\\gamma$: they turn down the hard sample. Which of the two should lose weight?",
    lambda v: (
        (v["hard"] / v["easy"]) ** v["gamma"],
        (v["hard"] / v["easy"]) ** v["gamma"] * math.log(v["hard"]) / math.log(v["easy"]),
    ),
)
answer_focal_focus.misconception(
    "The quotients are upside down: hard over easy was asked for, and that should be a large number.",
    lambda v: (
        ((1 - v["easy"]) / (1 - v["hard"])) ** v["gamma"],
        ((1 - v["easy"]) / (1 - v["hard"])) ** v["gamma"] * math.log(v["easy"]) / math.log(v["hard"]),
    ),
)
answer_focal_focus.misconception(
    "Gamma is an exponent here, and you multiplied by it: it would cancel in the quotient. Does gamma do nothing?",
    lambda v: (
        (1 - v["hard"]) / (1 - v["easy"]),
        (1 - v["hard"]) / (1 - v["easy"]) * math.log(v["hard"]) / math.log(v["easy"]),
    ),
)
answer_focal_focus.misconception(
    "The factors are right. The second number is the quotient for cross-entropy: the focal loss is its product with the "
    "first.",
    lambda v: (
        ((1 - v["hard"]) / (1 - v["easy"])) ** v["gamma"],
        math.log(v["hard"]) / math.log(v["easy"]),
    ),
)
