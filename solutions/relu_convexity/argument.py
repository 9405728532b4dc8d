"""The question of the lesson, answered in words: when a loss is convex, and which argument shows that it is not."""

from __future__ import annotations

from autograder.exercise import exercise
from autograder.kinds import Choice

SETTINGS = {
    "input": (
        "a network with ReLU hidden layers, all weights from the second layer on nonnegative, as a function of its input",
        "convex",
        "monotone",
    ),
    "last": (
        "the squared error of a ReLU network of which only the last layer is trained, as a function of those weights",
        "convex",
        "affine",
    ),
    "all": (
        "the squared error of a ReLU network with one hidden layer, as a function of all its weights",
        "not convex",
        "product",
    ),
    "negative": (
        "a ReLU network with one hidden unit and a negative output weight, as a function of its input",
        "not convex",
        "flipped",
    ),
    "linear": (
        "the squared error of two linear layers without any activation, as a function of all their weights",
        "not convex",
        "product",
    ),
    "linear_model": (
        "the squared error of a linear model with one layer, as a function of its weights",
        "convex",
        "affine",
    ),
}
REASONS = {
    "monotone": "convex and nondecreasing functions of convex functions, added with nonnegative weights, stay convex",
    "affine": "a convex function of something affine in the variables is convex",
    "product": "weights of different layers are multiplied with each other, and a product is not convex",
    "flipped": "a convex function times a negative number is concave",
    "activation": "the activation function decides: ReLU is convex, and so is whatever is built from it",
    "kink": "ReLU has a kink, and a function with kinks cannot be convex",
}


@exercise(
    Choice(
        options={"convex": "always convex", "not convex": "in general not convex"},
        reasons=REASONS,
        variant=lambda random: {"setting": random.choice(sorted(SETTINGS)), "order": random.randrange(24)},
        question=lambda variant: f"Consider {SETTINGS[variant['setting']][0]}. Is it convex, and why?",
    ),
    title="When is it convex?",
    points=2,
    hints=(
        "Convex in what? Write down first which quantities vary.",
        "If the varying quantities enter in one layer only, everything before them is a constant and what follows decides.",
        "Look for a product of two varying quantities, and for a negative factor.",
    ),
    claims=("S3-C15", "S4-L05"),
)
def choice_when_convex(variant: dict) -> dict:
    r"""Convex or not, and for which reason? `variant("choice_when_convex")` shows your setting.

    Return `dict(answer=..., reason=...)` with one of the keys listed here each. Judged: the answer, then the reason that
    goes with it (which counts only with the right answer). Example of the form:
    `dict(answer="convex", reason="kink")`.
    """
    _, answer, reason = SETTINGS[variant["setting"]]
    return {"answer": answer, "reason": reason}


def _opposite(variant: dict) -> dict:
    _, answer, reason = SETTINGS[variant["setting"]]
    return {"answer": "convex" if answer == "not convex" else "not convex", "reason": reason}


choice_when_convex.misconception(
    "Which way does it go? Draw the simplest case, one unit and one sample, and put a chord on it.", _opposite
)
choice_when_convex.misconception(
    "The activation alone decides nothing: two linear layers have none, and their loss is not convex in the weights.",
    lambda variant: {"answer": SETTINGS[variant["setting"]][1], "reason": "activation"},
)
choice_when_convex.misconception(
    "Kinks are no obstacle: |x| has one, and few functions are more convex. What matters is which way it bends.",
    lambda variant: {"answer": SETTINGS[variant["setting"]][1], "reason": "kink"},
)

STATEMENTS = {
    "relu_convex": "ReLU is convex.",
    "equal_units": "In this average the two hidden units are equal.",
    "conclusion": "That is false: two equal ReLU units only rise or only fall. So the loss is not convex in the weights.",
    "composition": "Compositions of convex functions are convex.",
    "swap": "Two different ReLU units fit y = |x| with loss 0. Swap them with all their weights: the loss is 0 again.",
    "trouble": "Training ReLU networks is difficult in practice.",
    "data": "So two equal units would fit y = |x| with loss 0.",
    "kinks": "ReLU has a kink, so the loss has kinks.",
    "average": "If the loss were convex, the average of these two weight settings would have loss 0 as well.",
}
CHAIN = ["swap", "average", "equal_units", "data", "conclusion"]


@exercise(
    Choice(
        options=STATEMENTS,
        reasons={
            "contradiction": "the chain derives something false from convexity",
            "experience": "the chain generalises from what is seen in practice",
            "calculus": "the chain computes a second derivative",
        },
    ),
    title="Answer the question",
    points=2,
    hints=(
        "Which of the nine statements are true and bear on the weights, not on the input?",
        "The chain starts with two networks that are equally good, and ends with an average that is not.",
        "The first key is 'swap', and the last one 'conclusion'.",
    ),
    claims=("S3-C15", "S3-C16"),
)
def choice_argument_chain(variant: dict) -> dict:
    r"""Does ReLU make the loss convex? Choose five of the nine statements and put them into an order that proves it does not.

    Return `dict(answer=[...five keys, in order...], reason=...)`, where the reason names the kind of proof. Each step may
    use only what stands before it; words such as *this average* point to the step just before. `variant` is not used.

    Judged: the five keys and their order, then the reason (which counts only with the right answer).
    """
    return {"answer": list(CHAIN), "reason": "contradiction"}


choice_argument_chain.misconception(
    "Your chain leans on 'composition', and that statement is false: (x^2 - 1)^2 is a composition of convex functions.",
    lambda variant: {
        "answer": ["relu_convex", "composition", "kinks", "trouble", "conclusion"],
        "reason": "experience",
    },
)
choice_argument_chain.misconception(
    "The right five. But one of them speaks of 'this average': has an average been formed where you put it?",
    lambda variant: {"answer": ["swap", "equal_units", "average", "data", "conclusion"], "reason": "contradiction"},
)
choice_argument_chain.misconception(
    "The chain is right, and its kind is not: nowhere is anything differentiated.",
    lambda variant: {"answer": list(CHAIN), "reason": "calculus"},
)
choice_argument_chain.misconception(
    "The five statements are the right ones, but you use convexity before there are two networks to average.",
    lambda variant: {"answer": ["average", "swap", "equal_units", "data", "conclusion"], "reason": "contradiction"},
)
