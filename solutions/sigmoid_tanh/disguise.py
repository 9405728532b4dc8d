"""tanh is a sigmoid in disguise: the derivation with only its rules given."""

from autograder.calls import Step
from autograder.exercise import exercise
from autograder.kinds import Derivation
from solutions.sigmoid_tanh.identities import REAL, chain


@exercise(
    Derivation(
        start="tanh(x)",
        end="2*sigmoid(2*x)-1",
        variables=REAL,
        min_steps=5,
        scaffold=(
            (None, "the left side"),
            (None, "tanh by exponentials: (e^x - e^-x) / (e^x + e^-x)"),
            (None, "split into two fractions"),
            (None, "each of them is a sigmoid, at 2x and at -2x"),
            (None, "the reflection"),
            (None, "collect"),
        ),
    ),
    title="tanh is a sigmoid in disguise (rules only)",
    points=2,
    claims=("S1-6.1.1b", "S1-6.1.1b2", "S4-A22"),
    hints=(
        "The top of tanh is a difference. What are the two fractions you get when you split it?",
        "Divide top and bottom of each fraction by its own top: one is 1/(1 + e^{-2x}), the other 1/(1 + e^{2x}). You "
        "know both by name.",
        '`Step("(exp(x)-exp(-x))/(exp(x)+exp(-x))", "tanh by exponentials")` is the second line',
    ),
)
def derivation_tanh_from_sigmoid() -> list[Step]:
    r"""Show, line by line, that tanh is a sigmoid, stretched by 2 and shifted by 1:

    $$\tanh x = 2\,\sigma(2x) - 1 \qquad \text{for every real } x$$

    Return a list of at least 5 steps `Step("expression", "rule")`. The first is `tanh(x)`, the last `2*sigmoid(2*x)-1`,
    no two lines are the same, and each line equals the one before it for every real x. The rules given are one way, not
    that of the lesson; any other chain of true steps is as good.

    Judged: the two ends, and every step from one line to the next; the first wrong step is named with an x at which it
    fails.

    Example of a step: `Step("sigmoid(2*x)-(1-sigmoid(2*x))", "the reflection")`.
    """
    return [
        Step("tanh(x)", "the left side"),
        Step("(exp(x)-exp(-x))/(exp(x)+exp(-x))", "tanh by exponentials: (e^x - e^-x) / (e^x + e^-x)"),
        Step("exp(x)/(exp(x)+exp(-x))-exp(-x)/(exp(x)+exp(-x))", "split into two fractions"),
        Step("sigmoid(2*x)-sigmoid(-2*x)", "each of them is a sigmoid, at 2x and at -2x"),
        Step("sigmoid(2*x)-(1-sigmoid(2*x))", "the reflection"),
        Step("2*sigmoid(2*x)-1", "collect"),
    ]


derivation_tanh_from_sigmoid.alternative(
    "the lesson's way: multiply top and bottom by e^-x",
    chain(
        "tanh(x)",
        "(exp(x)-exp(-x))/(exp(x)+exp(-x))",
        "(1-exp(-2*x))/(1+exp(-2*x))",
        "(2-(1+exp(-2*x)))/(1+exp(-2*x))",
        "2/(1+exp(-2*x))-1",
        "2*sigmoid(2*x)-1",
    ),
)
derivation_tanh_from_sigmoid.alternative(
    "with e^x on both sides",
    chain(
        "tanh(x)",
        "(exp(x)-exp(-x))/(exp(x)+exp(-x))",
        "(2*exp(x)-(exp(x)+exp(-x)))/(exp(x)+exp(-x))",
        "2*exp(x)/(exp(x)+exp(-x))-1",
        "2/(1+exp(-2*x))-1",
        "2*sigmoid(2*x)-1",
    ),
)
derivation_tanh_from_sigmoid.misconception(
    "e^-x times e^-x is e^{-2x}, not e^{-x²} and not e^{-x}: exponents add up.",
    chain(
        "tanh(x)", "(exp(x)-exp(-x))/(exp(x)+exp(-x))", "(1-exp(-x))/(1+exp(-x))", "2/(1+exp(-x))-1", "2*sigmoid(2*x)-1"
    ),
)
derivation_tanh_from_sigmoid.misconception(
    "The output is stretched by 2, and so is the input: 2σ(x) - 1 is tanh(x/2). Try x = 2.",
    chain(
        "tanh(x)",
        "(exp(x)-exp(-x))/(exp(x)+exp(-x))",
        "(1-exp(-2*x))/(1+exp(-2*x))",
        "2*sigmoid(x)-1",
        "2*sigmoid(2*x)-1",
    ),
)
derivation_tanh_from_sigmoid.misconception(
    "tanh has a difference on top and a sum below; you started with them the other way round, which is 1/tanh and has "
    "no value at 0.",
    chain(
        "tanh(x)",
        "(exp(x)+exp(-x))/(exp(x)-exp(-x))",
        "(1+exp(-2*x))/(1-exp(-2*x))",
        "2/(1+exp(-2*x))-1",
        "2*sigmoid(2*x)-1",
    ),
)
derivation_tanh_from_sigmoid.misconception(
    "2 - (1 + a) is 1 - a, but 2 - 1 + a is 1 + a: the bracket matters. Your line with the 2 has lost it.",
    chain(
        "tanh(x)",
        "(exp(x)-exp(-x))/(exp(x)+exp(-x))",
        "(1-exp(-2*x))/(1+exp(-2*x))",
        "(2-1+exp(-2*x))/(1+exp(-2*x))",
        "2*sigmoid(2*x)-1",
    ),
)
