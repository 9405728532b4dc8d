"""One ReLU unit is convex: in its input, and in its weights."""

from __future__ import annotations

from autograder import Step
from autograder.exercise import exercise
from autograder.kinds import Derivation, Symbolic


@exercise(
    Derivation(
        start="Max(0, t*a + (1-t)*b)",
        end="t*Max(0, a) + (1-t)*Max(0, b)",
        variables={"a": "real", "b": "real", "t": "closed(0,1)"},
        min_steps=3,
        relations=("=", "<="),
        scaffold=(
            ("Max(0, t*a + (1-t)*b)", "the left side"),
            (None, "a maximum of sums is at most the sum of the maxima"),
            ("t*Max(0, a) + (1-t)*Max(0, b)", "a factor t >= 0 may leave the maximum"),
        ),
    ),
    title="ReLU bends one way only",
    points=2,
    hints=(
        "What does convex ask of the point between a and b: that the curve lies above the chord, or below it?",
        "Split the argument into two pieces first; the maximum of a sum never exceeds the sum of the maxima.",
        'The missing line starts `Step("Max(0, t*a) + ...", ...)`.',
    ),
    claims=("S3-C11",),
)
def derivation_relu_jensen() -> list[Step]:
    r"""Show that ReLU is convex, straight from the definition.

    Give a chain of at least three lines from $\max(0,\ t a + (1-t) b)$ to $t\max(0, a) + (1-t)\max(0, b)$,
    where $a$ and $b$ are real and $0 \le t \le 1$. Each line must equal the one before it or be at least as large.
    Lines are SymPy expressions or text such as `"Max(0, t*a)"`.

    Judged: the two ends, and every step from one line to the next; the rules are notes to your reader.
    """
    return [
        Step("Max(0, t*a + (1-t)*b)", "the left side"),
        Step("Max(0, t*a) + Max(0, (1-t)*b)", "a maximum of sums is at most the sum of the maxima"),
        Step("t*Max(0, a) + (1-t)*Max(0, b)", "a factor t >= 0 may leave the maximum"),
    ]


derivation_relu_jensen.misconception(
    "Your second line treats the maximum as if it could be taken apart freely: try a = 1, b = -1, t = 1/2, "
    "and see which side of your line is larger.",
    lambda: [
        Step("Max(0, t*a + (1-t)*b)", "the left side"),
        Step("t*a + (1-t)*b", "both parts are positive"),
        Step("t*Max(0, a) + (1-t)*Max(0, b)", "put the maxima back"),
    ],
)
derivation_relu_jensen.misconception(
    "You end where you were to end, but nothing stands between: which property of the maximum takes you across?",
    lambda: [
        Step("Max(0, t*a + (1-t)*b)", "the left side"),
        Step("t*Max(0, a) + (1-t)*Max(0, b)", "ReLU is convex"),
    ],
)
derivation_relu_jensen.misconception(
    "The weight 1 - t got lost on the way: for t = 1 nothing of b may remain.",
    lambda: [
        Step("Max(0, t*a + (1-t)*b)", "the left side"),
        Step("Max(0, t*a) + Max(0, b)", "split"),
        Step("t*Max(0, a) + (1-t)*Max(0, b)", "take out the factors"),
    ],
)
derivation_relu_jensen.alternative(
    "through |x|",
    lambda: [
        Step("Max(0, t*a + (1-t)*b)", "the left side"),
        Step("(t*a + (1-t)*b + Abs(t*a + (1-t)*b))/2", "max(0, x) = (x + |x|)/2"),
        Step("(t*a + (1-t)*b + t*Abs(a) + (1-t)*Abs(b))/2", "the triangle inequality"),
        Step("t*(a + Abs(a))/2 + (1-t)*(b + Abs(b))/2", "collect"),
        Step("t*Max(0, a) + (1-t)*Max(0, b)", "and back"),
    ],
)
derivation_relu_jensen.alternative(
    "bounding the inside first",
    lambda: [
        Step("Max(0, t*a + (1-t)*b)", "the left side"),
        Step("Max(0, t*Max(0, a) + (1-t)*Max(0, b))", "x <= max(0, x), and the maximum is nondecreasing"),
        Step("t*Max(0, a) + (1-t)*Max(0, b)", "a sum of nonnegative numbers is its own maximum with 0"),
    ],
)


@exercise(
    Derivation(
        start="Max(0, (t*w + (1-t)*v)*x + t*b + (1-t)*c)",
        end="t*Max(0, w*x + b) + (1-t)*Max(0, v*x + c)",
        variables=dict.fromkeys("wvxbc", "real") | {"t": "closed(0,1)"},
        min_steps=4,
        relations=("=", "<="),
    ),
    title="One unit, convex in its weights",
    points=3,
    hints=(
        "If you fix x, what kind of function of (w, b) is w x + b?",
        "Regroup the argument into t times one pre-activation plus 1 - t times the other; then go on as for ReLU alone.",
        'Second line: `Step("Max(0, t*(w*x + b) + (1-t)*(v*x + c))", "regroup")`.',
    ),
    claims=("S3-C11", "S3-C15"),
)
def derivation_unit_convex_in_weights() -> list[Step]:
    r"""Show that $\max(0, w x + b)$ is convex in the pair $(w, b)$ for every fixed input $x$.

    Take two weight settings $(w, b)$ and $(v, c)$ and $0 \le t \le 1$. Give a chain of at least four lines from
    $\max\big(0,\ (t w + (1-t) v)\,x + t b + (1-t) c\big)$ to $t\max(0, w x + b) + (1-t)\max(0, v x + c)$.
    Each line must equal the one before it or be at least as large. All variables are real.

    Judged: the two ends, and every step from one line to the next; the rules are notes to your reader.
    Example of a step: `Step("t*Max(0, w*x + b) + Max(0, (1-t)*(v*x + c))", "a factor t >= 0 may leave the maximum")`.
    """
    return [
        Step("Max(0, (t*w + (1-t)*v)*x + t*b + (1-t)*c)", "the left side"),
        Step("Max(0, t*(w*x + b) + (1-t)*(v*x + c))", "regroup: the argument is affine in the weights"),
        Step("Max(0, t*(w*x + b)) + Max(0, (1-t)*(v*x + c))", "a maximum of sums is at most the sum of the maxima"),
        Step("t*Max(0, w*x + b) + (1-t)*Max(0, v*x + c)", "nonnegative factors leave the maximum"),
    ]


derivation_unit_convex_in_weights.misconception(
    "You averaged the weights but left the bias b alone: at t = 0 only v and c may remain.",
    lambda: [
        Step("Max(0, (t*w + (1-t)*v)*x + t*b + (1-t)*c)", "the left side"),
        Step("Max(0, t*w*x + (1-t)*v*x + b)", "average the weights"),
        Step("Max(0, t*(w*x + b)) + Max(0, (1-t)*(v*x + c))", "split"),
        Step("t*Max(0, w*x + b) + (1-t)*Max(0, v*x + c)", "factors out"),
    ],
)
derivation_unit_convex_in_weights.misconception(
    "The factors do not leave the maximum like this: t and 1 - t cannot both become 1.",
    lambda: [
        Step("Max(0, (t*w + (1-t)*v)*x + t*b + (1-t)*c)", "the left side"),
        Step("Max(0, t*(w*x + b) + (1-t)*(v*x + c))", "regroup"),
        Step("Max(0, w*x + b) + Max(0, v*x + c)", "split"),
        Step("t*Max(0, w*x + b) + (1-t)*Max(0, v*x + c)", "weights back"),
    ],
)
derivation_unit_convex_in_weights.misconception(
    "You took x out of the maximum. That is allowed for a nonnegative factor only, and x may be negative.",
    lambda: [
        Step("Max(0, (t*w + (1-t)*v)*x + t*b + (1-t)*c)", "the left side"),
        Step("x*Max(0, t*w + (1-t)*v) + Max(0, t*b + (1-t)*c)", "split, x out"),
        Step("x*(t*Max(0, w) + (1-t)*Max(0, v)) + t*Max(0, b) + (1-t)*Max(0, c)", "factors out"),
        Step("t*Max(0, w*x + b) + (1-t)*Max(0, v*x + c)", "collect"),
    ],
)
derivation_unit_convex_in_weights.alternative(
    "bounding each pre-activation by its ReLU",
    lambda: [
        Step("Max(0, (t*w + (1-t)*v)*x + t*b + (1-t)*c)", "the left side"),
        Step("Max(0, t*(w*x + b) + (1-t)*(v*x + c))", "regroup"),
        Step("Max(0, t*Max(0, w*x + b) + (1-t)*Max(0, v*x + c))", "x <= max(0, x) inside"),
        Step("t*Max(0, w*x + b) + (1-t)*Max(0, v*x + c)", "nothing negative is left"),
    ],
)
derivation_unit_convex_in_weights.alternative(
    "with the sum written out",
    lambda: [
        Step("Max(0, (t*w + (1-t)*v)*x + t*b + (1-t)*c)", "the left side"),
        Step("Max(0, t*w*x + t*b + (1-t)*v*x + (1-t)*c)", "expand"),
        Step("Max(0, t*w*x + t*b) + Max(0, (1-t)*v*x + (1-t)*c)", "the sum of the maxima is larger"),
        Step("t*Max(0, w*x + b) + (1-t)*Max(0, v*x + c)", "nonnegative factors leave the maximum"),
    ],
)


@exercise(
    Symbolic(
        cases={(): ("2*v**2", "4*u*v - 2", "2*u**2", "-4*(u*v - 1)*(3*u*v - 1)")},
        variables={"u": "positive", "v": "real"},
        worked_out=True,
    ),
    title="The curvature of a product of weights",
    points=2,
    hints=(
        "Where the unit is active, max(0, u) is just u. What is left of the loss then?",
        "Differentiate (1 - u v)^2 twice, once in each pair of variables; the determinant is the product of the "
        "diagonal minus the square of the rest.",
        "`u, v = sp.symbols('u v', positive=True)`, then `loss = (1 - u*v)**2` and `sp.hessian(loss, (u, v))`.",
    ),
    claims=("S3-C14", "S3-C15"),
)
def expr_active_hessian() -> tuple:
    r"""The Hessian of the smallest ReLU network's loss, where its unit is active.

    The network is $f = v\,\max(0, u)$ with input 1 and target 1, the loss $L(u, v) = (1 - v\max(0, u))^2$. For
    $u > 0$ return the tuple
    $\big(\partial^2 L/\partial u^2,\ \partial^2 L/\partial u\,\partial v,\ \partial^2 L/\partial v^2,\ \det H\big)$
    of exact expressions in symbols `u` and `v`. Ask yourself where the determinant is negative: there the surface
    is a saddle, and no convex function has one.
    """
    import sympy as sp

    u, v = sp.symbols("u v", positive=True)
    hessian = sp.hessian((1 - u * v) ** 2, (u, v))
    return hessian[0, 0], hessian[0, 1], hessian[1, 1], sp.factor(hessian.det())


@expr_active_hessian.misconception(
    "The mixed derivative has two parts: u v appears twice when you apply the product rule."
)
def hessian_without_second_product_term() -> tuple:
    import sympy as sp

    u, v = sp.symbols("u v", positive=True)
    return 2 * v**2, 2 * u * v, 2 * u**2, sp.Integer(0) * u


@expr_active_hessian.misconception("Your determinant adds where it should subtract the square of the mixed derivative.")
def hessian_determinant_added() -> tuple:
    import sympy as sp

    u, v = sp.symbols("u v", positive=True)
    return 2 * v**2, 4 * u * v - 2, 2 * u**2, 4 * u**2 * v**2 + (4 * u * v - 2) ** 2


@expr_active_hessian.misconception("A square has a factor 2 in its derivative, and it is missing from every entry.")
def hessian_of_half_the_loss() -> tuple:
    import sympy as sp

    u, v = sp.symbols("u v", positive=True)
    hessian = sp.hessian((1 - u * v) ** 2 / 2, (u, v))
    return hessian[0, 0], hessian[0, 1], hessian[1, 1], hessian.det()


@expr_active_hessian.alternative("by hand, entry by entry")
def hessian_by_hand() -> tuple:
    import sympy as sp

    u, v = sp.symbols("u v", real=True)
    return 2 * v**2, 2 * (2 * u * v - 1), 2 * u**2, (2 * u * v) ** 2 - 4 * (2 * u * v - 1) ** 2


@expr_active_hessian.alternative("by repeated differentiation")
def hessian_by_diff() -> tuple:
    import sympy as sp

    u, v = sp.symbols("u v")
    loss = (1 - u * v) ** 2
    a, b, c = sp.diff(loss, u, 2), sp.diff(loss, u, v), sp.diff(loss, v, 2)
    return a, b, c, sp.expand(a * c - b**2)
