"""How the probabilities answer to a push on the logits."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Numeric, Property, Symbolic
from solutions.exact_sums import quotient, rounded, total
from solutions.smooth_relatives.two_floats import plus, times
from solutions.softmax.truths import jacobian_truth
from solutions.softmax.values import softmax


@exercise(
    Symbolic(
        {
            ("diagonal",): "p1*(1 - p1)/T",
            ("off-diagonal",): "-p1*p2/T",
            ("temperature",): "-p1*(z1 - p1*z1 - p2*z2 - p3*z3)/T**2",
        },
        {"p": "simplex(3)", "T": "positive", "z1": "real", "z2": "real", "z3": "real"},
    ),
    title="Three slopes of softmax at a temperature",
    points=3,
    hints=(
        "Two functions stand one inside the other: $z \\mapsto z/T$, then softmax. What does the chain rule add "
        "to the Jacobian you know?",
        "Every logit that softmax sees is $z_j/T$: its derivative is $1/T$ by $z_j$ and $-z_j/T^2$ by $T$. When "
        "$T$ moves, all three logits move, so the slope by $T$ is a sum of three products.",
        '`p1, p2, p3, T, z1, z2, z3 = sympy.symbols("p1 p2 p3 T z1 z2 z3")`',
    ),
    claims=("S4-A31",),
)
def expr_softmax_jacobian(entry: str):
    r"""Three derivatives of softmax at a temperature, in terms of the probabilities.

    Let $(p_1, p_2, p_3) = \mathrm{softmax}(z_1/T,\, z_2/T,\, z_3/T)$ with $T > 0$. Return, as SymPy or as text such
    as `"p1 + 2*T"`, for `entry = "diagonal"` the derivative $\partial p_1/\partial z_1$, for `entry =
    "off-diagonal"` the derivative $\partial p_1/\partial z_2$, each in `p1`, `p2`, `p3`, `T`; and for `entry =
    "temperature"` the derivative $\partial p_1/\partial T$, in which `z1`, `z2`, `z3` may occur as well.

    Judged: equality for all positive probabilities that sum to one, all $T > 0$ and all real logits, so any equal
    form will do. For example, $z = (2\log 2, 0, 0)$ at $T = 2$ gives $p = (1/2, 1/4, 1/4)$, and the
    three derivatives are there $1/8$, $-1/16$ and $-(\log 2)/8 \approx -0.0866$.
    """
    mean = "(p1*z1 + p2*z2 + p3*z3)"
    return {
        "diagonal": "p1*(1 - p1)/T",
        "off-diagonal": "-p1*p2/T",
        "temperature": f"-p1*(z1 - {mean})/T**2",
    }[entry]


def instead(**changed: str):
    """The right entries with some of them replaced; the argument names spell "off-diagonal" as off."""
    wrong = {"off-diagonal" if name == "off" else name: formula for name, formula in changed.items()}
    return lambda entry: wrong[entry] if entry in wrong else expr_softmax_jacobian(entry)


expr_softmax_jacobian.misconception(
    "This is the derivative when the denominator stands still. Raise z1: what happens below the fraction bar?",
    instead(diagonal="p1/T", off="0", temperature="-p1*z1/T**2"),
)
expr_softmax_jacobian.misconception(
    "Raise z2 and class 2 takes a larger share. Can the share of class 1 grow at the same time?",
    instead(off="p1*p2/T"),
)
expr_softmax_jacobian.misconception(
    "Right for T = 1. Between z and softmax there stands a division: which rule brings its slope in?",
    instead(diagonal="p1*(1 - p1)", off="-p1*p2"),
)
expr_softmax_jacobian.misconception(
    "The slope by T follows the first logit alone. When T moves, which of the three logits stand still?",
    instead(temperature="-p1*(1 - p1)*z1/T**2"),
)
expr_softmax_jacobian.misconception(
    "A hotter softmax is flatter. If z1 is the largest logit, should p1 grow with T, as it does here?",
    instead(temperature="p1*(z1 - p1*z1 - p2*z2 - p3*z3)/T**2"),
)
expr_softmax_jacobian.alternative(
    "with the others in place of 1 - p1, and gaps of logits",
    instead(diagonal="p1*(p2 + p3)/T", off="-p2*p1/T", temperature="p1*(p2*(z2 - z1) + p3*(z3 - z1))/T**2"),
)
expr_softmax_jacobian.alternative(
    "multiplied out, and the off-diagonal from rows that sum to zero",
    instead(
        diagonal="p1/T - p1**2/T",
        off="p1*p3/T - p1*(1 - p1)/T",
        temperature="(p1*(p1*z1 + p2*z2 + p3*z3) - p1*z1)/T**2",
    ),
)


def _vectors(rng, dtype) -> list[tuple]:
    return [(rng.uniform(-9, 9, size=n).astype(dtype),) for n in (2, 3, 17)]


def _constants_are_lost(inputs, outputs) -> str | None:
    for (z,), J in zip(inputs, outputs, strict=True):
        if J.shape != (z.size, z.size):
            return f"{z.size} logits need a matrix of {z.size} x {z.size}"
        terms = J.astype(np.float64)
        if not (np.abs(terms.sum(axis=1)) <= 4 * z.size * np.finfo(z.dtype).eps * np.abs(terms).sum(axis=1)).all():
            return f"z = {z.tolist()}: a row of the Jacobian does not sum to zero"
    return None


@exercise(
    Numeric(
        jacobian_truth,
        {"z": "real"},
        core="(n)->(n,n)",
        extremes=(([37.0, 0.0],), ([54.0, 18.0],), ([745.0, 0.0],), ([1000.0, 1001.0, 999.0],), ([3.0],), ([0.0] * 6,)),
        properties=(
            Property("every row sums to zero: a shift of all logits changes nothing", _vectors, _constants_are_lost),
        ),
    ),
    title="The Jacobian of softmax",
    points=2,
    hints=(
        "What must every row of the Jacobian sum to, if adding a constant to all logits changes nothing?",
        "Beside the diagonal the entries are $-p_i p_j$, products without any subtraction. The diagonal is minus "
        "the sum of the rest of its row: positive terms only, where $1 - p_i$ would cancel.",
        "`J = -np.outer(p, p)`",
    ),
    claims=("S4-A31", "S4-A34", "S1-6.1.4b"),
)
def softmax_jacobian(z: np.ndarray) -> np.ndarray:
    r"""The matrix $J_{ij} = \partial p_i / \partial z_j$ for $p = \mathrm{softmax}(z)$.

    `z` is one vector of $n \ge 1$ logits, float16, float32 or float64; the result has shape (n, n) and the same
    dtype; another shape is refused, with a ValueError. Softmax from an earlier exercise may be used. A logit of
    $+\infty$ or nan makes every entry nan.

    Judged: shape, dtype, no overflow, rows that sum to zero, and the digits of every entry, also when one class is
    nearly certain: for `[37, 0]` all four entries are $\pm$8.53e-17, although $1 - p_1$ is 1.1e-16 in float64.

    Example: `softmax_jacobian(np.array([0.0, 0.0]))` is `[[0.25, -0.25], [-0.25, 0.25]]`.
    """
    z = np.asarray(z)
    if z.ndim != 1:
        raise ValueError(f"z should be one vector of logits, not an array of shape {z.shape}")
    with np.errstate(over="ignore", invalid="ignore"):
        p, rest = _in_pairs(z.astype(np.float64))  # softmax with digits to spare: a product doubles the errors
        J = -rounded(times((p, rest), (p[:, None], rest[:, None])))
    np.fill_diagonal(J, 0)
    np.fill_diagonal(J, -J.sum(axis=1))  # p_i (1 - p_i) = sum of p_i p_j over the others, and nothing cancels
    return J.astype(np.result_type(z, np.float16))


def _in_pairs(z):
    """softmax(z), every probability as a sum of two floats: the exponentials are all that is rounded."""
    shifted, lost = plus((z, 0.0), (-z.max(), 0.0))
    weights = np.exp(shifted)
    weights = weights, weights * np.where(np.isfinite(shifted), lost, 0)  # e^(shifted + lost)
    return quotient(weights, total(*weights))


softmax_jacobian.misconception(
    "The formula is right and 1 - p_i loses its digits when p_i is nearly 1. What is the sum of the other "
    "probabilities?",
    lambda z: np.diag(softmax(z)) - np.outer(softmax(z), softmax(z)),
)
softmax_jacobian.misconception(
    "This is the diagonal alone. Every probability depends on every logit: where are the other n(n - 1) derivatives?",
    lambda z: np.diag(softmax(z) * (1 - softmax(z))),
)
softmax_jacobian.misconception(
    "Raise one logit: its own probability grows. Which sign should the diagonal have?",
    lambda z: -np.outer(softmax(z), softmax(z)),
)
softmax_jacobian.misconception(
    "Outer product minus diagonal: every entry has the sign of its opposite. Try two equal logits on paper.",
    lambda z: np.outer(softmax(z), softmax(z)) - np.diag(softmax(z)),
)


@softmax_jacobian.alternative("the others summed class by class")
def class_by_class(z):
    p = softmax(np.asarray(z).astype(np.float64))
    n = len(p)
    J = [[p[i] * np.delete(p, i).sum() if i == j else -p[i] * p[j] for j in range(n)] for i in range(n)]
    return np.array(J).astype(np.asarray(z).dtype)


@softmax_jacobian.alternative("as the Laplacian of a graph: degrees minus weights")
def degrees_minus_weights(z):
    p = softmax(np.asarray(z).astype(np.float64))
    weights = np.outer(p, p) * (1 - np.eye(len(p)))
    return (np.diag(weights.sum(axis=0)) - weights).astype(np.asarray(z).dtype)
