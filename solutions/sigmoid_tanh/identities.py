"""Two identities, derived line by line: the first almost complete, the second half given."""

from collections.abc import Callable

from autograder.calls import Step
from autograder.exercise import exercise
from autograder.kinds import Derivation

REAL = {"x": "real"}


def chain(*lines: str) -> Callable[[], list[Step]]:
    """A variant of a derivation, without its rules: those are not judged."""
    return lambda: [Step(line) for line in lines]


@exercise(
    Derivation(
        start="1/(1+exp(-x))",
        end="exp(x)/(1+exp(x))",
        variables=REAL,
        min_steps=4,
        scaffold=(
            ("1/(1+exp(-x))", "the definition"),
            ("1/(1+1/exp(x))", "e^-x = 1/e^x"),
            (None, "bring the sum below to one denominator"),
            ("exp(x)/(1+exp(x))", "divide by a fraction: multiply by its inverse"),
        ),
    ),
    title="Two forms of one function (almost complete)",
    points=1,
    claims=("S1-6.1.1a2",),
    hints=(
        "What is $1 + \\frac12$, written as one fraction? And $1 + \\frac1a$?",
        "The 1 becomes $e^x/e^x$; then both terms stand over the same denominator, and the fraction below is "
        "one fraction.",
        '`Step("1/((exp(x)+...)/exp(x))", "bring the sum below to one denominator")`',
    ),
)
def derivation_two_forms() -> list[Step]:
    r"""Show, line by line, that the sigmoid has a second form:

    $$\frac{1}{1+e^{-x}} = \frac{e^{x}}{1+e^{x}} \qquad \text{for every real } x$$

    Return a list of at least 4 steps `Step("expression", "rule")`. The first is `1/(1+exp(-x))`, the last
    `exp(x)/(1+exp(x))`, no two lines are the same, and each line equals the one before it for every real x. The rule
    is a note to your reader and is not judged. In expressions you may use `exp`, `sigmoid`, `tanh`, `D(f, x)` for the
    derivative, and `**` for powers; SymPy expressions are welcome too.

    Judged: the two ends, and every step from one line to the next; the first wrong step is named with an x at which it
    fails.

    Example of a step: `Step("1/(1+1/exp(x))", "e^-x = 1/e^x")`. The lesson went another way; here one line is yours.
    """
    return [
        Step("1/(1+exp(-x))", "the definition"),
        Step("1/(1+1/exp(x))", "e^-x = 1/e^x"),
        Step("1/((exp(x)+1)/exp(x))", "bring the sum below to one denominator"),
        Step("exp(x)/(1+exp(x))", "divide by a fraction: multiply by its inverse"),
    ]


derivation_two_forms.alternative(
    "the lesson's way: multiply top and bottom by e^x",
    chain(
        "1/(1+exp(-x))",
        "(exp(x)*1)/(exp(x)*(1+exp(-x)))",
        "exp(x)/(exp(x)*1+exp(x)*exp(-x))",
        "exp(x)/(1+exp(x))",
    ),
)
derivation_two_forms.alternative(
    "by the reflection",
    chain("1/(1+exp(-x))", "sigmoid(x)", "1-sigmoid(-x)", "1-1/(1+exp(x))", "exp(x)/(1+exp(x))"),
)

derivation_two_forms.misconception(
    "You multiplied only the first term of the bracket by e^x. The second needs it too: at x = 1 the two lines differ.",
    chain("1/(1+exp(-x))", "(exp(x)*1)/(exp(x)*(1+exp(-x)))", "exp(x)/(exp(x)+exp(-x))", "exp(x)/(1+exp(x))"),
)
derivation_two_forms.misconception(
    "e^x times e^-x is e^0. What is e^0: 0 or 1?",
    chain("1/(1+exp(-x))", "(exp(x)*1)/(exp(x)*(1+exp(-x)))", "exp(x)/(exp(x)+0)", "exp(x)/(1+exp(x))"),
)
derivation_two_forms.misconception(
    "One over a sum is not the sum of the ones: 1/(1+a) is not 1 + 1/a. Try it with a = 1.",
    chain("1/(1+exp(-x))", "1+1/exp(-x)", "1+exp(x)", "exp(x)/(1+exp(x))"),
)
derivation_two_forms.misconception(
    "Both ends are right, but there is nothing between them: the point is to show why they are equal.",
    chain("1/(1+exp(-x))", "exp(x)/(1+exp(x))"),
)


@exercise(
    Derivation(
        start="sigmoid(-x)",
        end="1-sigmoid(x)",
        variables=REAL,
        min_steps=4,
        scaffold=(
            ("sigmoid(-x)", "the left side"),
            ("1/(1+exp(x))", "the definition, with -x in the place of x"),
            (None, "multiply top and bottom by e^-x"),
            (None, "add 1 on top and take it away again"),
            (None, "split into two fractions; the first is 1"),
            ("1-sigmoid(x)", "the definition"),
        ),
    ),
    title="The reflection (half given)",
    points=1,
    claims=("S1-6.1.1a", "S1-6.1.1a2"),
    hints=(
        "If p is the probability of yes, σ(-x) should be the probability of no. Where can a 1 minus come from?",
        "Bring the bottom into the shape of σ(x) first; then add and subtract on top what makes one part "
        "cancel against it.",
        '`Step("exp(-x)/(exp(-x)+1)", "multiply top and bottom by e^-x")`',
    ),
)
def derivation_reflection() -> list[Step]:
    r"""Show, line by line, that turning the input around swaps yes and no:

    $$\sigma(-x) = 1 - \sigma(x) \qquad \text{for every real } x, \text{ with } \sigma(x) = \frac{1}{1+e^{-x}}$$

    Return a list of at least 4 steps `Step("expression", "rule")`. The first is `sigmoid(-x)`, the last `1-sigmoid(x)`,
    no two lines are the same, and each line equals the one before it for every real x. The rule is not judged.

    Judged: the two ends, and every step from one line to the next; the first wrong step is named with an x at which it
    fails. A later line that is right again does not mend an earlier one that is not.

    Example of a step: `Step("1/(1+exp(x))", "the definition, with -x in the place of x")`.
    """
    return [
        Step("sigmoid(-x)", "the left side"),
        Step("1/(1+exp(x))", "the definition, with -x in the place of x"),
        Step("exp(-x)/(exp(-x)+1)", "multiply top and bottom by e^-x"),
        Step("((1+exp(-x))-1)/(1+exp(-x))", "add 1 on top and take it away again"),
        Step("1-1/(1+exp(-x))", "split into two fractions; the first is 1"),
        Step("1-sigmoid(x)", "the definition"),
    ]


derivation_reflection.alternative(
    "the lesson's way: the 1 on top as (1 + e^x) - e^x",
    chain("sigmoid(-x)", "1/(1+exp(x))", "((1+exp(x))-exp(x))/(1+exp(x))", "1-exp(x)/(1+exp(x))", "1-sigmoid(x)"),
)
derivation_reflection.alternative(
    "tanh is odd",
    chain("sigmoid(-x)", "1/2+tanh(-x/2)/2", "1/2-tanh(x/2)/2", "1-(1/2+tanh(x/2)/2)", "1-sigmoid(x)"),
)

derivation_reflection.misconception(
    "e^{-(-x)} is e^x: with -x put in, the exponent turns positive. Your second line still describes σ(x).",
    chain("sigmoid(-x)", "1/(1+exp(-x))", "1-exp(-x)/(1+exp(-x))", "1-sigmoid(x)"),
)
derivation_reflection.misconception(
    "The sigmoid is not odd: σ(-x) = -σ(x) would make σ(0) = 0, and it is 1/2.",
    chain("sigmoid(-x)", "-sigmoid(x)", "1-1-sigmoid(x)", "1-sigmoid(x)"),
)
derivation_reflection.misconception(
    "You proved the mirrored statement, σ(x) = 1 - σ(-x). It is true, and it is not the line that was asked for: start "
    "from σ(-x).",
    chain("sigmoid(x)", "exp(x)/(1+exp(x))", "1-1/(1+exp(x))", "1-sigmoid(-x)"),
)
derivation_reflection.misconception(
    "A fraction with a sum below cannot be split there: 1/(1+a) is not 1/1 + 1/a. Sums split above the line only.",
    chain("sigmoid(-x)", "1/(1+exp(x))", "1+1/exp(x)", "1-sigmoid(x)"),
)
