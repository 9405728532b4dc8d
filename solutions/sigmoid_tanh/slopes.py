"""The two slopes, derived: first with two rules given, then on a blank page."""

from autograder.calls import Step
from autograder.exercise import exercise
from autograder.kinds import Derivation
from solutions.sigmoid_tanh.identities import REAL, chain


@exercise(
    Derivation(
        start="D(sigmoid(x), x)",
        end="sigmoid(x)*(1-sigmoid(x))",
        variables=REAL,
        min_steps=5,
        scaffold=(
            ("D(sigmoid(x), x)", "what is asked"),
            (None, "the second form of the sigmoid, inside the derivative"),
            (None, "the quotient rule"),
            (None, ""),
            (None, ""),
        ),
    ),
    title="The slope of the sigmoid (two rules given)",
    points=2,
    claims=("S1-6.1.1c", "S1-6.1.1c2", "S4-A17", "S2-N07"),
    hints=(
        "The second form, $e^x/(1+e^x)$, has no negative exponent. What does the quotient rule make of it?",
        "Most of the top cancels. Break what is left into two factors, each of which you have met.",
        '`Step("D(exp(x)/(1+exp(x)), x)", "the second form of the sigmoid")` is the second line',
    ),
)
def derivation_sigmoid_slope() -> list[Step]:
    r"""Show, line by line, that the slope of the sigmoid is made of the sigmoid itself:

    $$\frac{d}{dx}\,\sigma(x) = \sigma(x)\,\bigl(1 - \sigma(x)\bigr) \qquad \text{for every real } x$$

    Return a list of at least 5 steps `Step("expression", "rule")`. The first is `D(sigmoid(x), x)`, where `D(f, x)` is
    the derivative of f in x, the last `sigmoid(x)*(1-sigmoid(x))`; no two lines are the same, and each line equals the
    one before it for every real x. Bring the derivative to an end on the way: do not jump from the first line to the
    last.

    Judged: the two ends, and every step from one line to the next; the first wrong step is named with an x at which it
    fails.

    Example of a step: `Step("exp(x)/(1+exp(x))**2", "the squares of e^x cancel")`.
    """
    return [
        Step("D(sigmoid(x), x)", "what is asked"),
        Step("D(exp(x)/(1+exp(x)), x)", "the second form of the sigmoid, inside the derivative"),
        Step("(exp(x)*(1+exp(x))-exp(x)*exp(x))/(1+exp(x))**2", "the quotient rule"),
        Step("exp(x)/(1+exp(x))**2", "the squares of e^x cancel"),
        Step("exp(x)/(1+exp(x))*(1/(1+exp(x)))", "two factors"),
        Step("sigmoid(x)*(1-sigmoid(x))", "the first is the sigmoid, the second is its reflection"),
    ]


derivation_sigmoid_slope.alternative(
    "the lesson's way: a power and the chain rule",
    chain(
        "D(sigmoid(x), x)",
        "D((1+exp(-x))**(-1), x)",
        "-(1+exp(-x))**(-2)*(-exp(-x))",
        "exp(-x)/(1+exp(-x))**2",
        "1/(1+exp(-x))*(exp(-x)/(1+exp(-x)))",
        "sigmoid(x)*(1-sigmoid(x))",
    ),
)
derivation_sigmoid_slope.alternative(
    "through the logarithm",
    chain(
        "D(sigmoid(x), x)",
        "sigmoid(x)*D(log(sigmoid(x)), x)",
        "sigmoid(x)*D(-log(1+exp(-x)), x)",
        "sigmoid(x)*(exp(-x)/(1+exp(-x)))",
        "sigmoid(x)*(1-sigmoid(x))",
    ),
)

derivation_sigmoid_slope.misconception(
    "The derivative of e^{-x} is -e^{-x}: the inner minus has gone missing, and your slope became negative while the "
    "sigmoid rises.",
    chain(
        "D(sigmoid(x), x)",
        "D((1+exp(-x))**(-1), x)",
        "-(1+exp(-x))**(-2)*exp(-x)",
        "-exp(-x)/(1+exp(-x))**2",
        "sigmoid(x)*(1-sigmoid(x))",
    ),
)
derivation_sigmoid_slope.misconception(
    "The derivative of 1/u is not 1/u': it is -u'/u². Try it on 1/x.",
    chain("D(sigmoid(x), x)", "D(1/(1+exp(-x)), x)", "1/D(1+exp(-x), x)", "-exp(x)", "sigmoid(x)*(1-sigmoid(x))"),
)
derivation_sigmoid_slope.misconception(
    "The power rule was used without the inner derivative: (u^-1)' is -u^-2 times u'.",
    chain(
        "D(sigmoid(x), x)",
        "D((1+exp(-x))**(-1), x)",
        "-(1+exp(-x))**(-2)",
        "-sigmoid(x)**2",
        "sigmoid(x)*(1-sigmoid(x))",
    ),
)
derivation_sigmoid_slope.misconception(
    "e^{-x}/(1+e^{-x}) is not σ(x) but what σ(x) lacks to 1: at x = 5 it is tiny. So the product is not σ squared.",
    chain(
        "D(sigmoid(x), x)",
        "D((1+exp(-x))**(-1), x)",
        "exp(-x)/(1+exp(-x))**2",
        "sigmoid(x)*sigmoid(x)",
        "sigmoid(x)*(1-sigmoid(x))",
    ),
)


@exercise(
    Derivation(
        start="D(tanh(x), x)",
        end="4*sigmoid(2*x)*(1-sigmoid(2*x))",
        variables=REAL,
        min_steps=4,
    ),
    title="The slope of tanh (a blank page)",
    points=2,
    claims=("S1-6.1.1d", "S1-6.1.3d", "S4-A24"),
    hints=(
        "Must you differentiate e^x at all, now that tanh is a sigmoid in disguise?",
        "Put 2σ(2x) - 1 inside the derivative. The chain rule brings out the 2 that sits beside the x.",
        '`Step("D(2*sigmoid(2*x)-1, x)", "tanh is a sigmoid in disguise")` is the second line',
    ),
)
def derivation_tanh_slope() -> list[Step]:
    r"""Show, line by line, that the slope of tanh is four sigmoid slopes, taken at 2x:

    $$\frac{d}{dx}\tanh x = 4\,\sigma(2x)\,\bigl(1 - \sigma(2x)\bigr) \qquad \text{for every real } x$$

    Return a list of at least 4 steps `Step("expression", "rule")`. The first is `D(tanh(x), x)`, the last
    `4*sigmoid(2*x)*(1-sigmoid(2*x))`; no two lines are the same, and each line equals the one before it for every real
    x. What you have derived before you may use in one step.

    Judged: the two ends, and every step from one line to the next; the first wrong step is named with an x at which it
    fails.

    Example of a step: `Step("1-tanh(x)**2", "the slope of tanh by tanh")`.
    """
    return [
        Step("D(tanh(x), x)", "what is asked"),
        Step("D(2*sigmoid(2*x)-1, x)", "tanh is a sigmoid in disguise"),
        Step("2*(2*(sigmoid(2*x)*(1-sigmoid(2*x))))", "the chain rule, and the slope of the sigmoid at 2x"),
        Step("4*sigmoid(2*x)*(1-sigmoid(2*x))", "2 times 2"),
    ]


derivation_tanh_slope.alternative(
    "by exponentials and the quotient rule",
    chain(
        "D(tanh(x), x)",
        "D((exp(x)-exp(-x))/(exp(x)+exp(-x)), x)",
        "((exp(x)+exp(-x))**2-(exp(x)-exp(-x))**2)/(exp(x)+exp(-x))**2",
        "4/(exp(x)+exp(-x))**2",
        "4*exp(-2*x)/(1+exp(-2*x))**2",
        "4*sigmoid(2*x)*(1-sigmoid(2*x))",
    ),
)
derivation_tanh_slope.alternative(
    "through 1 - tanh squared",
    chain(
        "D(tanh(x), x)",
        "1-tanh(x)**2",
        "(1-tanh(x))*(1+tanh(x))",
        "(2-2*sigmoid(2*x))*(2*sigmoid(2*x))",
        "4*sigmoid(2*x)*(1-sigmoid(2*x))",
    ),
)

derivation_tanh_slope.misconception(
    "The factor in front is there, the factor from inside is not: σ(2x) changes twice as fast as σ does.",
    chain(
        "D(tanh(x), x)",
        "D(2*sigmoid(2*x)-1, x)",
        "2*(sigmoid(2*x)*(1-sigmoid(2*x)))",
        "4*sigmoid(2*x)*(1-sigmoid(2*x))",
    ),
)
derivation_tanh_slope.misconception(
    "The slope has to be taken where the sigmoid is: at 2x, not at x.",
    chain(
        "D(tanh(x), x)", "D(2*sigmoid(2*x)-1, x)", "4*(sigmoid(x)*(1-sigmoid(x)))", "4*sigmoid(2*x)*(1-sigmoid(2*x))"
    ),
)
derivation_tanh_slope.misconception(
    "1 - tanh²x means 1 - (tanh x)²; the square of x inside tanh is another function.",
    chain("D(tanh(x), x)", "1-tanh(x**2)", "1-(2*sigmoid(2*x)-1)**2", "4*sigmoid(2*x)*(1-sigmoid(2*x))"),
)
derivation_tanh_slope.misconception(
    "Between the question and the answer there is nothing to check. Put in what you know about tanh, then "
    "differentiate that.",
    chain("D(tanh(x), x)", "4*sigmoid(2*x)*(1-sigmoid(2*x))"),
)
