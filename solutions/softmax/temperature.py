"""Softmax with a dial: p = softmax(z / T)."""

from __future__ import annotations

import math

from autograder.exercise import exercise
from autograder.kinds import Answer, Choice


def _gap_and_odds(random) -> dict:
    low = random.choice([-5, -4, -3, -2, -1, 1, 2, 3, 4, 5])
    return {"z1": low + random.randint(3, 9), "z2": low, "odds": random.randint(3, 99)}


@exercise(
    Answer(
        _gap_and_odds,
        lambda v: (
            f"The logits are z1 = {v['z1']} and z2 = {v['z2']}; class 1 shall be {v['odds']} times as likely as "
            f"class 2."
        ),
    ),
    title="The temperature for the odds you want",
    points=1,
    hints=(
        "What is left of the denominator in the quotient $p_1/p_2$?",
        "$p_1/p_2 = e^{(z_1 - z_2)/T}$. Take logarithms, and T stands alone in the equation.",
        "`gap = variant['z1'] - variant['z2']`",
    ),
    claims=("S4-A33", "S4-A35"),
)
def answer_temperature(variant: dict) -> float:
    r"""The temperature $T > 0$ at which class 1 is `odds` times as likely as class 2.

    The probabilities are $p = \mathrm{softmax}(z / T)$. `variant` is a dict with your own numbers: the logits `z1`
    and `z2` (there may be more classes; they do not matter, and you might ask why), with $z_1 > z_2$, and the
    `odds` $p_1/p_2$ that are wanted.

    Return $T$, one number, right to nine digits. Example: for `{"z1": 2, "z2": 0, "odds": 3}` it is
    1.8204784532536746.
    """
    return (variant["z1"] - variant["z2"]) / math.log(variant["odds"])


answer_temperature.misconception(
    "Put your T back in: the odds come out as they would for its inverse. Does a hot softmax favour the largest "
    "logit more?",
    lambda v: math.log(v["odds"]) / (v["z1"] - v["z2"]),
)
answer_temperature.misconception(
    "The gap was divided by the odds. Between the odds and the gap there stands an exponential: what undoes it?",
    lambda v: (v["z1"] - v["z2"]) / v["odds"],
)
answer_temperature.misconception(
    "This uses the quotient of the logits. Add 1 to both: softmax does not notice, and your answer does. Who is right?",
    lambda v: v["z1"] / v["z2"] / math.log(v["odds"]),
)
answer_temperature.misconception(
    "You took the logarithm of the probability odds/(1 + odds). The question is about the odds themselves.",
    lambda v: (v["z1"] - v["z2"]) / -math.log(v["odds"] / (1 + v["odds"])),
)

CHANGES = {
    "cold": "T falls towards 0",
    "cold_tie": "T falls towards 0",
    "hot": "T grows without bound",
    "twice": "T goes from 1 to 2",
}


def _logits_and_case(random) -> dict:
    case = random.choice(sorted(CHANGES))
    logits = random.sample(range(-6, 7), 4)
    if case == "cold_tie":
        logits[random.choice([k for k in range(4) if logits[k] != max(logits)])] = max(logits)
    return {"logits": logits, "case": case}


@exercise(
    Choice(
        options={
            "one_hot": "Everything goes to the one class with the largest logit.",
            "shared": "The classes with the largest logit share everything equally; the rest gets nothing.",
            "uniform": "Every class gets the same probability.",
            "flatter": "The order of the classes stays, and the probabilities move towards each other.",
            "sharper": "The order of the classes stays, and the probabilities move apart.",
            "reversed": "The order of the classes is turned round.",
        },
        reasons={
            "gaps_grow": "$p_i/p_j = e^{(z_i - z_j)/T}$, and every gap divided by T grows without bound.",
            "a_zero_gap_stays": "$p_i/p_j = e^{(z_i - z_j)/T}$: a gap of 0 stays 0 at every T, the other gaps grow.",
            "gaps_vanish": "$p_i/p_j = e^{(z_i - z_j)/T}$, and every gap divided by T goes to 0.",
            "gaps_shrink": "$p_i/p_j = e^{(z_i - z_j)/T}$: every gap shrinks by one factor and keeps its sign.",
            "sum_is_one": "The probabilities sum to 1 at every temperature, so nothing else is possible.",
            "scale_free": "Dividing all logits by the same number cancels in the fraction, as a shift does.",
        },
        variant=_logits_and_case,
        question=lambda v: f"The logits are {v['logits']}; {CHANGES[v['case']]}. What becomes of softmax(z / T)?",
    ),
    title="Hot and cold",
    points=1,
    hints=(
        "What does the quotient of two probabilities, $p_i/p_j$, look like at temperature $T$?",
        "$p_i/p_j = e^{(z_i - z_j)/T}$: only the gaps count, each divided by $T$. Follow one gap of your own "
        "logits; is any of them 0?",
        '`return dict(answer="...", reason="...")` with the keys from the statement',
    ),
    claims=("S4-A33", "S4-A35", "S1-6.3b"),
)
def choice_temperature(variant: dict) -> dict:
    r"""What becomes of $\mathrm{softmax}(z / T)$ when the temperature $T > 0$ changes, and why?

    `variant` holds your own question: the four `logits`, and the `case`: `"cold"` or `"cold_tie"` ($T$ falls
    towards 0; in the second two logits tie for the largest), `"hot"` ($T$ grows without bound), `"twice"` ($T$ goes
    from 1 to 2).

    Return `dict(answer=..., reason=...)` with one key for each; the keys to choose from are listed below.

    Judged: the answer, then the reason. Example: for `{"logits": [3, 1, 0, 2], "case": "hot"}` the answer is
    `uniform`.
    """
    return {
        "cold": {"answer": "one_hot", "reason": "gaps_grow"},
        "cold_tie": {"answer": "shared", "reason": "a_zero_gap_stays"},
        "hot": {"answer": "uniform", "reason": "gaps_vanish"},
        "twice": {"answer": "flatter", "reason": "gaps_shrink"},
    }[variant["case"]]


OPPOSITE = {"cold": "uniform", "cold_tie": "uniform", "hot": "one_hot", "twice": "sharper"}
choice_temperature.misconception(
    "Hot and cold are exchanged. T stands below the fraction bar: does a gap of 3 grow or shrink when T grows?",
    lambda v: {"answer": OPPOSITE[v["case"]], "reason": {"hot": "gaps_grow"}.get(v["case"], "gaps_vanish")},
)
choice_temperature.misconception(
    "A common shift cancels, a common factor does not. Compare softmax of (1, 0) with softmax of (10, 0).",
    lambda v: {"answer": "sharper" if v["case"] == "hot" else "reversed", "reason": "scale_free"},
)
choice_temperature.misconception(
    "You know where it goes. But many vectors sum to 1; what singles out this one?",
    lambda v: {"answer": choice_temperature(v)["answer"], "reason": "sum_is_one"},
)
