"""How the sigmoid bends: its second derivative, and where the bend is sharpest."""

from __future__ import annotations

from functools import cache

from autograder.exercise import exercise
from autograder.kinds import Symbolic
from solutions.later import sp


@cache
def x() -> sp.Symbol:
    return sp.Symbol("x", real=True)


@cache
def s() -> sp.Expr:
    return 1 / (1 + sp.exp(-x()))


@exercise(
    Symbolic(cases={(): "sigmoid(x)*(1-sigmoid(x))*(1-2*sigmoid(x))"}, variables={"x": "real"}, worked_out=True),
    title="The second derivative of the sigmoid",
    points=1,
    claims=("S3-C05", "S3-C06"),
    hints=(
        "The slope is σ - σ². What is its derivative in x, when σ' is σ(1 - σ)?",
        "Differentiate σ - σ² with the chain rule and factor: the slope itself comes out in front.",
        "`x = sp.Symbol('x'); s = 1 / (1 + sp.exp(-x))`",
    ),
)
def expr_sigmoid_second() -> sp.Expr:
    r"""Return the second derivative $\sigma''(x)$ of the sigmoid as a SymPy expression in `x = sp.Symbol("x")`.

    Judged: that your expression equals $\sigma''(x)$ for every real x. Any form will do: in σ, in exponentials, in
    hyperbolic functions.

    Example of the form, for the first derivative: with `s = 1/(1 + sp.exp(-x))` it would be `s*(1 - s)`. Two values to
    compare with: $\sigma''(0) = 0$ and $\sigma''(-1) \approx 0.0908577$.
    """
    return s() * (1 - s()) * (1 - 2 * s())


expr_sigmoid_second.alternative("let SymPy differentiate twice", lambda: sp.diff(s(), x(), 2))
expr_sigmoid_second.alternative("in hyperbolic functions", lambda: -sp.tanh(x() / 2) / (4 * sp.cosh(x() / 2) ** 2))
expr_sigmoid_second.alternative(
    "as in a famous R script",
    lambda: -sp.exp(-x()) * (1 + sp.exp(-x())) ** -2 + 2 * sp.exp(-2 * x()) * (1 + sp.exp(-x())) ** -3,
)

expr_sigmoid_second.misconception(
    "1 - 2σ is the derivative of σ - σ² in σ. The chain rule still wants the factor σ'(x).",
    lambda: 1 - 2 * s(),
)
expr_sigmoid_second.misconception(
    "The derivative of a product is not the product of the derivatives: σ and 1 - σ both change with x.",
    lambda: -((s() * (1 - s())) ** 2),
)
expr_sigmoid_second.misconception(
    "The sign is turned around. Left of 0 the sigmoid gets steeper and steeper: σ'' is positive there.",
    lambda: s() * (1 - s()) * (2 * s() - 1),
)
expr_sigmoid_second.misconception(
    "This is the first derivative; one more differentiation to go.",
    lambda: s() * (1 - s()),
)
expr_sigmoid_second.misconception(
    "In the last factor stands x where σ(x) belongs.",
    lambda: s() * (1 - s()) * (1 - 2 * x()),
)


@exercise(
    Symbolic(cases={(): ("0", "-log(2+sqrt(3))", "sqrt(3)/18")}),
    title="Where the sigmoid bends most",
    points=2,
    claims=("S3-C05", "S3-C02", "S2-N06"),
    hints=(
        "σ'' is a polynomial in t = σ(x). Which one, and where is its derivative 0?",
        "t(1 - t)(1 - 2t) is a cubic; its derivative is a quadratic with two roots between 0 and 1. Each "
        "root is a value of σ; the logit log(t/(1 - t)) turns it into an x.",
        "`t = sp.Symbol('t'); roots = sp.solve(sp.diff(t*(1 - t)*(1 - 2*t), t), t)`",
    ),
)
def expr_sharpest_bend() -> tuple[sp.Expr, sp.Expr, sp.Expr]:
    r"""Return three exact numbers about the second derivative $\sigma''$ of the sigmoid, as a tuple in this order:

    1. the x at which $\sigma''$ changes its sign (the inflection of σ);
    2. the x at which $\sigma''$ is largest;
    3. this largest value of $\sigma''$.

    Exact SymPy numbers, such as `sp.sqrt(2)/3`, `sp.log(5)`, `sp.Integer(7)`; floats are refused.

    Judged: each of the three, exactly. Both places are inputs x, not values of σ.

    Example of the form: `(sp.Integer(1), -sp.log(5), sp.sqrt(2)/3)`. To compare with: the place is about -1.317, the
    value about 0.0962.
    """
    t = sp.Symbol("t", real=True)
    bend = t * (1 - t) * (1 - 2 * t)
    lowest = min(sp.solve(sp.diff(bend, t), t))
    return sp.S.Zero, sp.log(lowest / (1 - lowest)), sp.simplify(bend.subs(t, lowest))


expr_sharpest_bend.alternative("with the inverse of cosh", lambda: (sp.S.Zero, -sp.acosh(2), 1 / (6 * sp.sqrt(3))))
expr_sharpest_bend.alternative(
    "the root on the other side of the fraction", lambda: (sp.S.Zero, sp.log(2 - sp.sqrt(3)), sp.sqrt(3) / 18)
)

expr_sharpest_bend.misconception(
    "The bend is upwards on the left of 0: your place is that of the smallest value of σ''.",
    lambda: (sp.S.Zero, sp.log(2 + sp.sqrt(3)), sp.sqrt(3) / 18),
)
expr_sharpest_bend.misconception(
    "That place is a value of σ, a number between 0 and 1. The logit takes it back to an x.",
    lambda: (sp.S.Zero, sp.Rational(1, 2) - sp.sqrt(3) / 6, sp.sqrt(3) / 18),
)
expr_sharpest_bend.misconception(
    "At 0 the slope is largest, and the bend is 0: a straight piece between two curves. σ'' is another "
    "function than σ'.",
    lambda: (sp.S.Zero, sp.S.Zero, sp.Rational(1, 4)),
)
expr_sharpest_bend.misconception(
    "The inflection is a place on the x axis; σ = 1/2 is the height of the curve there.",
    lambda: (sp.Rational(1, 2), -sp.log(2 + sp.sqrt(3)), sp.sqrt(3) / 18),
)
expr_sharpest_bend.misconception(
    "Good numbers, but rounded ones. The exact place is a logarithm, the exact value has a square root in it.",
    lambda: (sp.Integer(0), sp.Float(-1.3169578969248166), sp.Float(0.09622504486493763)),
)
