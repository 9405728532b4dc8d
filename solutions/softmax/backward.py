"""The Jacobian put to work without being built, and what it cannot see."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Answer, Gradient, Property
from solutions.exact_sums import rounded, total
from solutions.smooth_relatives.two_floats import plus, product
from solutions.softmax.inputs import same_along_axes
from solutions.softmax.truths import softmax_truth, vjp_truth


def _pairs(rng, dtype) -> list[tuple]:
    return [
        (rng.dirichlet(np.ones(n), size=4).astype(dtype), rng.normal(size=(4, n)).astype(dtype)) for n in (2, 3, 17)
    ]


def _nothing_is_gained(inputs, outputs) -> str | None:
    for (p, upstream), dz in zip(inputs, outputs, strict=True):
        terms = np.abs(p.astype(np.float64) * upstream).sum(axis=-1)
        if not (np.abs(dz.astype(np.float64).sum(axis=-1)) <= 8 * p.shape[-1] * np.finfo(p.dtype).eps * terms).all():
            return f"a slice of {p.shape[-1]} entries does not sum to zero, and raising all logits does nothing"
    return None


def _moved(rng, dtype) -> list[tuple]:
    p = rng.dirichlet(np.ones(4), size=(2, 3)).astype(dtype)
    g = rng.normal(size=(2, 3, 4)).astype(dtype)
    return [
        (p, g, -1),
        (np.moveaxis(p, -1, 0).copy(), np.moveaxis(g, -1, 0).copy(), 0),
        (np.moveaxis(p, -1, 1).copy(), np.moveaxis(g, -1, 1).copy(), -2),
    ]


@exercise(
    Gradient(
        vjp_truth,
        {"p": "simplex(3)", "upstream": "real"},
        core="(n),(n)->(n)",
        extremes=(
            ([1.0, 0.0, 0.0], [3.0, 1.0, 2.0]),
            ([0.5, 0.25, 0.25], [7.0, 7.0, 7.0]),
            (
                [[0.5, 0.25, 0.25], [0.125, 0.125, 0.75], [0.0, 0.5, 0.5]],
                [[1.0, 2.0, 3.0], [-1.0, 0.0, 5.0], [2.0, 2.0, -2.0]],
            ),
        ),
        properties=(
            Property("the result sums to zero in every slice", _pairs, _nothing_is_gained),
            Property("works along any axis", _moved, same_along_axes),
        ),
        forward="softmax",
        forward_truth=softmax_truth,
        of_output=True,
    ),
    title="Backward through softmax in O(n)",
    points=2,
    hints=(
        "The Jacobian is $\\mathrm{diag}(p) - p\\,p^\\top$. Which single number per slice does $p\\,p^\\top g$ need?",
        "$J g = p \\odot g - p\\,(p \\cdot g)$: each entry of the upstream gradient counts only by how far it "
        "lies from the mean $p \\cdot g$.",
        "`mean = (p * upstream).sum(axis=axis, keepdims=True)`",
    ),
    claims=("S4-A31", "S4-A34"),
)
def softmax_vjp(p: np.ndarray, upstream: np.ndarray, axis: int = -1) -> np.ndarray:
    r"""The gradient that reaches the logits, $dz_i = \sum_j g_j\, \partial p_j/\partial z_i$, without any matrix.

    `p` holds the probabilities that softmax gave along `axis`, `upstream` the gradient $g$ with respect to them; both
    have the same shape, any shape, and are float16, float32 or float64. The result has that shape and the common
    dtype; the inputs stay as they were. Different shapes are refused, with a ValueError.

    The work and the memory grow like the number of entries: no (n, n) array, no loop over classes.

    Judged: shape, dtype, the values for upstream gradients that differ from entry to entry, batches and any axis,
    that every slice of the result sums to zero, and agreement with differences of your own `softmax`. A constant
    upstream gradient gives zero up to rounding.

    Example: `softmax_vjp(np.array([0.5, 0.25, 0.25]), np.array([4.0, 0.0, 0.0]))` is `[1, -0.5, -0.5]`.
    """
    p, upstream = np.asarray(p), np.asarray(upstream)
    if p.shape != upstream.shape:
        raise ValueError(f"p has the shape {p.shape} and upstream {upstream.shape}: they belong together")
    wide, g = p.astype(np.float64), upstream.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        mean, rest = total(*product(wide, g), axis=axis)  # p · g with all its digits: g may be nearly the same
        above = rounded(plus((g, 0.0), (-mean, -rest)))
        return (wide * above).astype(np.result_type(p, upstream, np.float16))


softmax_vjp.misconception(
    "Each class looks after itself here. When the upstream gradient is the same for all classes, what should "
    "reach the logits?",
    lambda p, upstream, axis=-1: p * upstream,
)
softmax_vjp.misconception(
    "p(1 - p) is the diagonal of the Jacobian, as for a sigmoid. What became of the entries beside it?",
    lambda p, upstream, axis=-1: p * (1 - p) * upstream,
)
softmax_vjp.misconception(
    "The mean of the upstream gradient is taken over the whole array: one slice pays for another. Which argument "
    "keeps slices apart?",
    lambda p, upstream, axis=-1: p * (upstream - (p * upstream).sum()),
)
softmax_vjp.misconception(
    "Every sign is turned round. With all of upstream on class 1, should $z_1$ be told to fall?",
    lambda p, upstream, axis=-1: p * ((p * upstream).sum(axis=axis, keepdims=True) - upstream),
)
softmax_vjp.misconception(
    "The plain mean of the upstream gradient is subtracted. Should a class of probability 0 have a say in it?",
    lambda p, upstream, axis=-1: p * (upstream - upstream.mean(axis=axis, keepdims=True)),
)


@softmax_vjp.alternative("the two terms of the Jacobian one after the other")
def two_terms(p, upstream, axis=-1):
    product = p * upstream
    return product - p * product.sum(axis=axis, keepdims=True)


@softmax_vjp.alternative("the inner product by einsum, with the axis moved to the end")
def by_einsum(p, upstream, axis=-1):
    rows, g = np.moveaxis(p, axis, -1), np.moveaxis(upstream, axis, -1)
    mean = np.einsum("...i,...i->...", rows.astype(np.float64), g.astype(np.float64))[..., None]
    return np.moveaxis((rows * (g - mean)).astype(np.result_type(p, upstream)), -1, axis)


def _weights_and_push(random) -> dict:
    n = random.randint(5, 7)
    weights = [random.randint(1, 6) for _ in range(n)]
    for k in random.sample(range(1, n), random.randint(2, n - 3)):  # two or more, so that n - 1 is far off
        weights[k] = 0
    return {"weights": weights, "push": [random.randint(5, 9), *(random.randint(1, 4) for _ in range(n - 1))]}


@exercise(
    Answer(
        _weights_and_push,
        lambda v: (
            f"The weights are w = {v['weights']}, so p = w / {sum(v['weights'])}; a 0 is a class whose logit is "
            f"-inf. The push is u = {v['push']}."
        ),
    ),
    title="What the Jacobian cannot see",
    points=2,
    hints=(
        "Which pushes on the logits leave every probability as it is? Is raising all logits together the only one?",
        "A class of probability 0 has a row and a column of zeros: leave it out. On the living classes only the "
        "vector of ones is lost. And $(Ju)_1 = p_1(u_1 - p \\cdot u)$.",
        "`p = np.array(variant['weights']) / sum(variant['weights'])`",
    ),
    claims=("S1-6.1.4b", "S4-A31"),
)
def answer_jacobian_rank(variant: dict) -> tuple:
    r"""The rank of the Jacobian of softmax, and the answer to a push.

    `variant["weights"]` holds whole numbers $w_k \ge 0$ with $p_k = w_k / \sum_j w_j$. A weight of 0 belongs to a
    masked class: its logit is $-\infty$, its row and its column in $J = \mathrm{diag}(p) - p\,p^\top$ are zero.
    `variant["push"]` is a vector $u$ of the same length.

    Return the pair `(rank of J, first entry of J u)`: a whole number, and a number exact or right to nine digits.
    Your own numbers depend on your name. Example: weights `[2, 1, 1, 0]` and push `[4, 0, 0, 9]` give `(2, 1.0)`.
    """
    weights, push = variant["weights"], variant["push"]
    total = sum(weights)
    mean = Fraction(sum(w * u for w, u in zip(weights, push, strict=True)), total)
    return sum(w > 0 for w in weights) - 1, float(Fraction(weights[0], total) * (push[0] - mean))


def _pushed(variant: dict) -> float:
    return answer_jacobian_rank(variant)[1]


answer_jacobian_rank.misconception(
    "n - 1 is the rank while every class is alive. What does a row of zeros do to it?",
    lambda variant: (len(variant["weights"]) - 1, _pushed(variant)),
)
answer_jacobian_rank.misconception(
    "You counted the living classes. Add up the rows of the Jacobian: are they independent?",
    lambda variant: (sum(w > 0 for w in variant["weights"]), _pushed(variant)),
)
answer_jacobian_rank.misconception(
    "The rank is right. The change of $p_1$ here is the diagonal entry times $u_1$: do the pushes on the other "
    "logits leave $p_1$ alone?",
    lambda variant: (
        answer_jacobian_rank(variant)[0],
        variant["weights"][0]
        * (sum(variant["weights"]) - variant["weights"][0])
        * variant["push"][0]
        / sum(variant["weights"]) ** 2,
    ),
)
