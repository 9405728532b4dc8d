"""Two identities, one with most of its lines given and one on a blank page."""

from __future__ import annotations

from autograder.calls import Step
from autograder.exercise import exercise
from autograder.kinds import Derivation

SHIFTED = "exp(z1 + c)/(exp(z1 + c) + exp(z2 + c) + exp(z3 + c))"
SPLIT = "exp(z1)*exp(c)/(exp(z1)*exp(c) + exp(z2)*exp(c) + exp(z3)*exp(c))"
PLAIN = "exp(z1)/(exp(z1) + exp(z2) + exp(z3))"


def chain(*lines: tuple[str, str]) -> list[Step]:
    """Steps from pairs of expression and rule."""
    return [Step(expression, rule) for expression, rule in lines]


@exercise(
    Derivation(
        SHIFTED,
        PLAIN,
        {"z1": "real", "z2": "real", "z3": "real", "c": "real"},
        min_steps=4,
        scaffold=(
            (SHIFTED, "the first probability of the shifted logits"),
            (SPLIT, "the exponential of a sum is a product"),
            (None, "take the common factor out of the sum"),
            (PLAIN, "cancel it"),
        ),
    ),
    title="A shift of all logits changes nothing",
    points=1,
    hints=(
        "Which factor do all three terms below the fraction bar share?",
        "The same number $e^c$ stands above the bar and, three times, below it. Taken out of the sum it stands "
        "there once.",
        '`Step("exp(z1)*exp(c)/((... + ... + ...)*exp(c))", "take the common factor out of the sum")`',
    ),
    claims=("S1-6.1.4b", "S1-6.1.4e"),
)
def derivation_shift_invariance() -> list[Step]:
    r"""Prove that adding the same $c$ to every logit leaves softmax as it was, for three classes.

    $$\frac{e^{z_1+c}}{e^{z_1+c}+e^{z_2+c}+e^{z_3+c}} = \frac{e^{z_1}}{e^{z_1}+e^{z_2}+e^{z_3}}$$

    Three of the four lines are given; the third is yours. Return the list of `Step(expression, rule)`: expressions as
    text over the real numbers `z1`, `z2`, `z3`, `c`, with `exp`, `+`, `-`, `*`, `/`; rules in your own words.

    Judged: at least four lines, no two the same; the first and the last as given; and every line equal to the one
    before it for all real numbers. The first line that is not is shown to you with numbers that tell them apart.
    """
    return [
        Step("exp(z1 + c)/(exp(z1 + c) + exp(z2 + c) + exp(z3 + c))", "the first probability of the shifted logits"),
        Step(
            "exp(z1)*exp(c)/(exp(z1)*exp(c) + exp(z2)*exp(c) + exp(z3)*exp(c))",
            "the exponential of a sum is a product",
        ),
        Step(
            "exp(z1)*exp(c)/((exp(z1) + exp(z2) + exp(z3))*exp(c))",
            "take the common factor out of the sum",
        ),
        Step("exp(z1)/(exp(z1) + exp(z2) + exp(z3))", "cancel it"),
    ]


derivation_shift_invariance.misconception(
    "The shift was taken out as a factor once above the bar and three times below. How often does a common factor"
    " of a sum stand in front of it?",
    lambda: chain(
        (SHIFTED, ""),
        (SPLIT, ""),
        ("exp(z1)*exp(c)/((exp(z1) + exp(z2) + exp(z3))*3*exp(c))", ""),
        (PLAIN, ""),
    ),
)
derivation_shift_invariance.misconception(
    "The exponential of a sum became a sum of exponentials. Try z1 = c = 0: is e^0 equal to e^0 + e^0?",
    lambda: chain(
        (SHIFTED, ""),
        ("(exp(z1) + exp(c))/(exp(z1) + exp(z2) + exp(z3) + 3*exp(c))", ""),
        ("(exp(z1) + exp(c))/(exp(z1) + exp(c) + exp(z2) + exp(z3) + 2*exp(c))", ""),
        (PLAIN, ""),
    ),
)
derivation_shift_invariance.misconception(
    "The factor left the first term of the sum only. What happened to the shift in z2 and z3?",
    lambda: chain(
        (SHIFTED, ""),
        (SPLIT, ""),
        ("exp(z1)*exp(c)/(exp(c)*exp(z1) + exp(z2) + exp(z3))", ""),
        (PLAIN, ""),
    ),
)
derivation_shift_invariance.misconception(
    "The first line is what was asked, and so is the last. Which line between them would convince a doubter?",
    lambda: chain((SHIFTED, ""), (PLAIN, "")),
)
derivation_shift_invariance.alternative(
    "the factor in front, and one more line before cancelling",
    lambda: chain(
        (SHIFTED, ""),
        (SPLIT, ""),
        ("exp(c)*exp(z1)/(exp(c)*(exp(z1) + exp(z2) + exp(z3)))", ""),
        ("exp(c)/exp(c) * (exp(z1)/(exp(z1) + exp(z2) + exp(z3)))", ""),
        (PLAIN, ""),
    ),
)
derivation_shift_invariance.alternative(
    "both parts of the fraction multiplied by e^(-c)",
    lambda: chain(
        (SHIFTED, ""),
        (SPLIT, ""),
        (
            "exp(z1)*exp(c)*exp(-c)/(exp(z1)*exp(c)*exp(-c) + exp(z2)*exp(c)*exp(-c) + exp(z3)*exp(c)*exp(-c))",
            "multiply above and below by e^(-c)",
        ),
        (PLAIN, "e^c e^(-c) = 1"),
    ),
)

TWO = "exp(z1)/(exp(z1) + exp(z2))"
SIGMOID = "sigmoid(z1 - z2)"


@exercise(
    Derivation(TWO, SIGMOID, {"z1": "real", "z2": "real"}, min_steps=4),
    title="With two classes, softmax is the sigmoid of the difference",
    points=2,
    hints=(
        "The sigmoid $1/(1 + e^{-x})$ has a 1 above the fraction bar. By what must the fraction be divided to get one?",
        "Divide above and below by $e^{z_1}$. What is left below the bar depends on $z_2 - z_1$ alone.",
        '`Step("exp(z1)/(exp(z1) + exp(z2))", "softmax with two classes")`',
    ),
    claims=("S4-A29",),
)
def derivation_two_classes() -> list[Step]:
    r"""Prove that the first of two softmax probabilities is a sigmoid, on a blank page.

    $$\frac{e^{z_1}}{e^{z_1}+e^{z_2}} = \sigma(z_1 - z_2), \qquad \sigma(x) = \frac{1}{1+e^{-x}}$$

    Return a list of `Step(expression, rule)`: expressions as text over the real numbers `z1` and `z2`, with `exp`,
    `sigmoid`, `+`, `-`, `*`, `/`; rules in your own words.

    Judged: at least four lines, no two the same, and every line equal to the one before it for all real numbers.
    """
    return [
        Step("exp(z1)/(exp(z1) + exp(z2))", "softmax with two classes"),
        Step("1/(1 + exp(z2)/exp(z1))", "divide above and below by e^z1"),
        Step("1/(1 + exp(-(z1 - z2)))", "a quotient of exponentials is the exponential of the difference"),
        Step("sigmoid(z1 - z2)", "the definition of the sigmoid"),
    ]


derivation_two_classes.misconception(
    "The difference was turned round on the way. Which class gains when z1 grows, and does your middle line say so?",
    lambda: chain((TWO, ""), ("1/(1 + exp(z2)/exp(z1))", ""), ("1/(1 + exp(z1 - z2))", ""), (SIGMOID, "")),
)
derivation_two_classes.misconception(
    "A quotient of exponentials became the exponential of a quotient. What is e^2/e^1, and what is e^(2/1)?",
    lambda: chain((TWO, ""), ("1/(1 + exp(z2)/exp(z1))", ""), ("1/(1 + exp(z2/z1))", ""), (SIGMOID, "")),
)
derivation_two_classes.misconception(
    "e^z1 was cancelled against one term of a sum. Put z1 = z2 = 0 into both lines: 1/2 before, and after?",
    lambda: chain((TWO, ""), ("1/exp(z2)", ""), ("exp(-z2)", ""), (SIGMOID, "")),
)
derivation_two_classes.misconception(
    "Every line is true. But this proves the identity for the second class: where does the chain have to start?",
    lambda: chain(
        ("exp(z2)/(exp(z1) + exp(z2))", ""),
        ("1/(1 + exp(z1)/exp(z2))", ""),
        ("1/(1 + exp(-(z2 - z1)))", ""),
        ("sigmoid(z2 - z1)", ""),
    ),
)
derivation_two_classes.alternative(
    "by the shift: subtract z2 from both logits first",
    lambda: chain(
        (TWO, ""),
        ("exp(z1 - z2)/(exp(z1 - z2) + exp(z2 - z2))", "subtract z2 from both logits"),
        ("exp(z1 - z2)/(exp(z1 - z2) + 1)", "e^0 = 1"),
        ("1/(1 + exp(-(z1 - z2)))", "divide above and below by e^(z1 - z2)"),
        (SIGMOID, ""),
    ),
)
derivation_two_classes.alternative(
    "through the complement of the other class",
    lambda: chain(
        (TWO, ""),
        ("1 - exp(z2)/(exp(z1) + exp(z2))", "the two shares sum to one"),
        ("1 - 1/(exp(z1 - z2) + 1)", "divide by e^z2"),
        ("1 - sigmoid(-(z1 - z2))", "sigmoid at -x"),
        (SIGMOID, "reflection"),
    ),
)
