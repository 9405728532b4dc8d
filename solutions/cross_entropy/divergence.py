"""The Kullback-Leibler divergence, with the digits it has left where two distributions are nearly one."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Numeric, Property
from solutions.cross_entropy.laws import half_the_slope, twice_the_data, two_distributions
from solutions.cross_entropy.pairs import mean, paired
from solutions.cross_entropy.truths import kl_truth, surprise_slopes

_STEPS = (2.0**-10, 2.0**-20, 2.0**-24)  # p and p + a step are exact in float64, and so are their sums


def _neighbours(rng: np.random.Generator, dtype: str) -> list[tuple]:
    p = np.array([0.5, 0.375, 0.125], dtype)
    return [(p, p + np.array([step, -step, 0], dtype)) for step in _STEPS]


def _half_of_the_digits(inputs: list, outputs: list) -> str | None:
    for step, got in zip(_STEPS, map(float, outputs), strict=True):
        a, b = step / 0.5, step / 0.375  # the first terms of the series in the step, with errors below 1e-15 of it
        truth = 0.5 * _beyond_the_slope(a) + 0.375 * _beyond_the_slope(-b)
        if not abs(got - truth) <= 1e-6 * truth:
            return (
                f"p = [0.5, 0.375, 0.125], q = p + [t, -t, 0] with t = {step:.3g}: got {got:.6g}, expected {truth:.6g}"
            )
    return None


def _beyond_the_slope(t: float) -> float:
    """t - log(1 + t) for a small t."""
    return t * t * (1 / 2 - t * (1 / 3 - t * (1 / 4 - t * (1 / 5 - t / 6))))


def _never_negative(inputs: list, outputs: list) -> str | None:
    for (p, q), got in zip(inputs, outputs, strict=True):
        if not float(got) >= 0:
            return f"p = {p.tolist()}, q = {q.tolist()}: got {float(got):.3g}"
    return None


def _exact_pairs(rng: np.random.Generator, dtype: str) -> list[tuple]:
    """Rows of multiples of a power of 2 that sum to 1 exactly: equal, next to each other, and far apart."""
    pairs = []
    for bits in (4, 20, 50):
        p = np.array([3, 5, 2**bits - 8]) / 2**bits
        pairs += [(p, p.copy()), (p, p[::-1].copy()), (p, np.array([4, 4, 2**bits - 8]) / 2**bits)]
    return [(p.astype(dtype), q.astype(dtype)) for p, q in pairs]


@exercise(
    Numeric(
        kl_truth,
        {"p": "simplex(3)", "q": "simplex(3)"},
        core="(m,n),(m,n)->()",
        extremes=(
            ([[0.0, 1.0, 0.0]], [[0.25, 0.5, 0.25]]),
            ([[0.5, 0.5, 0.0]], [[0.25, 0.75, 0.0]]),
            ([[0.5, 0.5], [1.0, 0.0]], [[1.0, 0.0], [0.5, 0.5]]),
            ([[0.25, 0.75]], [[0.25, 0.75]]),
            ([[0.25, 0.75]], [[5e-324, 1.0]]),
            ([[1e-310, 1.0]], [[0.5, 0.5]]),
            ([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]], [[0.5, 0.25, 0.25], [0.0, 0.5, 0.5]]),
        ),
        properties=(
            twice_the_data(two_distributions),
            Property("is never negative where both rows sum to 1", _exact_pairs, _never_negative),
            Property("has six digits right where q is nearly p", _neighbours, _half_of_the_digits),
        ),
    ),
    title="How far q is from p",
    points=3,
    claims=("S2-N47", "S2-N46", "S2-D13"),
    hints=(
        "Compute the plain sum for p = [0.5, 0.5] and q = [0.5 + 1e-9, 0.5 - 1e-9]. Should a divergence be negative?",
        "Each term $p \\log(p/q)$ is near $p - q$, and those cancel in the sum; what is left is a square. $p / q$ near 1 "
        "has already lost it, but the difference $q - p$ is exact: $\\log(p/q) = -\\mathrm{log1p}((q - p)/p)$. Where p "
        "and q are far apart, take $\\log p - \\log q$ whenever p / q leaves the range of floats.",
        "`near = np.abs(q - p) < p / 2`",
    ),
)
def kl(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    r"""Return the Kullback-Leibler divergence of `q` from the truth `p`, the mean over the rows:

    $$D(p \,\|\, q) = \frac1m \sum_{i=1}^{m} \sum_k p_{ik} \log \frac{p_{ik}}{q_{ik}}$$

    Every row, along the last axis, is a distribution over the classes; a 1-D array is one row, an array of more
    dimensions holds as many rows as it has slices. `p` and `q` have one shape; the result is one number in their common
    float dtype (an integer `p` has no say in it). The logarithm is the natural one, and $0 \log 0 = 0$; where q = 0
    and p is not, the divergence is inf. nan makes nan. Different shapes and empty arrays raise ValueError; rows
    are not checked for their sums.

    Judged: the value, for tiny probabilities too, where $p / q$ overflows and its logarithm does not; the mean over
    rows; no nan where p = q = 0; ValueError for a mean over nothing. And where q is nearly p: six digits right when the
    rows differ by $6 \cdot 10^{-8}$, where the divergence is $10^{-14}$, and never a number below 0 for rows that
    sum to 1 (exactly, as those of the judge do).

    Example: `kl(np.array([[1, 0], [0.5, 0.5]]), np.array([[0.5, 0.5], [0.25, 0.75]]))` is about 0.41849404.
    """
    p, q, dtype = paired(p, q, dims=1)
    with np.errstate(all="ignore"):
        near = np.abs(q - p) < (q + p) / 3  # between p/q = 1/2 and 2, where q - p is exact
        bent = np.where(near, _beyond_first_order(p, q), _plain_terms(p, q))
        straight = np.where(near, p - q, 0)
        return mean(bent.sum(axis=-1) + straight.sum(axis=-1)).astype(dtype)


def _beyond_first_order(p, q):
    """p log(p/q) - (p - q), never negative: log(q/p) = 2 artanh(s), and the series of artanh begins with s itself."""
    s = (q - p) / (q + p)
    artanh_rest = s**3 * np.polynomial.polynomial.polyval(s * s, 1 / np.arange(3.0, 37.0, 2.0))
    return (q - p) * s - 2 * p * artanh_rest


def _plain_terms(p, q):
    """p log(p/q), with two logarithms where the quotient is too large or too small for a float."""
    ratio = p / q
    log_ratio = np.where((ratio > 1e-300) & (ratio < 1e300), np.log(ratio), np.log(p) - np.log(q))
    return np.where(p == 0, 0 * q, p * log_ratio)


def _by_log1p(p, q):
    """p log(p/q): p / q near 1 has lost what q - p still has, and far from 1 it may overflow."""
    with np.errstate(all="ignore"):
        near = np.abs(q - p) < p / 2
        terms = np.where(near, -p * np.log1p((q - p) / p), p * (np.log(p) - np.log(q)))
        return np.where(p == 0, 0 * q, terms)


@kl.alternative("with log1p where p and q are near")
def with_log1p(p, q):
    p, q, dtype = paired(p, q, dims=1)
    return np.maximum(np.mean(_by_log1p(p, q).sum(axis=-1)), _floor(p, q)).astype(dtype)


def _floor(p, q):
    """Gibbs: no divergence below 0, if the rows are distributions to the last digit."""
    return 0 if (p.sum(axis=-1) == 1).all() and (q.sum(axis=-1) == 1).all() else -np.inf


@kl.alternative("terms that are never negative, p log(p/q) - p + q, and the sums of the rows put back")
def terms_never_negative(p, q):
    p, q, dtype = paired(p, q, dims=1)
    with np.errstate(all="ignore"):
        t = (q - p) / p
        series = t * t * (1 / 2 - t * (1 / 3 - t * (1 / 4 - t * (1 / 5 - t * (1 / 6 - t * (1 / 7 - t / 8))))))
        terms = np.where(np.abs(t) < 1e-2, p * series, _by_log1p(p, q) + (q - p))
        terms = np.where(p == 0, q, terms)
    return np.mean(terms.sum(axis=-1) - (q - p).sum(axis=-1)).astype(dtype)


def _rows(p, q):
    return np.sum(p * np.log(p / q), axis=-1)


kl.misconception(
    "The definition, word for word, and right for most rows. Now let q come near p: terms of both signs cancel, "
    "and your divergence loses its digits and may turn negative. Which difference is still exact there?",
    lambda p, q: np.mean(_rows(p, q)),
)
kl.misconception(
    "The entropy of p is missing: this is the cross-entropy. How far is a fair coin from itself?",
    lambda p, q: np.mean(-np.sum(p * np.log(q), axis=-1)),
)
kl.misconception(
    "p and q have changed places. The divergence is not symmetric: who decides how often a class happens?",
    lambda p, q: np.mean(_rows(q, p)),
)
kl.misconception(
    "The mean runs over all entries here, so three classes make the divergence three times smaller. How many "
    "distributions are there?",
    lambda p, q: np.mean(p * np.log(p / q)),
)
kl.misconception(
    "Twice the rows, twice the divergence: the sum has not been divided by the number of rows.",
    lambda p, q: np.sum(_rows(p, q)),
)
kl.misconception(
    "You measure in bits; the logarithm here is the natural one.",
    lambda p, q: np.mean(np.sum(p * np.log2(p / q), axis=-1)),
)
kl.misconception(
    "Two wrongs make it symmetric: the mean of both directions is a distance of another name. Which one did the "
    "definition ask for?",
    lambda p, q: np.mean(_rows(p, q) + _rows(q, p)) / 2,
)
kl.misconception(
    "A small number on both sides of the fraction. What is left of a q of 1e-20, and what should it cost?",
    lambda p, q: np.mean(np.sum(p * np.log((p + p.dtype.type(1e-7)) / (q + q.dtype.type(1e-7))), axis=-1)),
)
kl.misconception(
    "The weights p are missing: a class that hardly ever happens has as much to say as all the others.",
    lambda p, q: np.mean(np.sum(np.log(p / q), axis=-1)),
)


@exercise(
    Gradient(
        surprise_slopes,
        {"p": "simplex(3)", "q": "simplex(3)"},
        core="(m,n),(m,n)->(m,n)",
        extremes=(
            ([[0.0, 1.0, 0.0]], [[0.25, 0.5, 0.25]]),
            ([[0.5, 0.5, 0.0]], [[0.25, 0.75, 0.0]]),
            ([[0.5, 0.5], [1.0, 0.0]], [[1.0, 0.0], [0.5, 0.5]]),
            ([[0.25, 0.75]], [[1e-20, 1.0]]),
        ),
        properties=(half_the_slope(two_distributions),),
        forward="kl",
        dtypes=("float64", "float32"),  # as for cross_entropy_grad
    ),
    title="Why nobody minimises KL by name",
    points=1,
    claims=("S2-N47",),
    hints=(
        "$\\log(p/q) = \\log p - \\log q$. Which of the two parts of the sum moves when q does?",
        "What does not depend on q, the entropy of p, drops out. You have written what is left once before.",
        "`rows = q.size // q.shape[-1]`",
    ),
)
def kl_grad(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    r"""Return the gradient of the mean `kl(p, q)` with respect to every entry of `q`, each moved alone, p held fixed.

    Rows along the last axis are distributions, a 1-D array is one row, m is the number of rows; the loss is
    $\frac1m \sum_{i,k} p_{ik} \log (p_{ik} / q_{ik})$. `p` and `q` have one shape; the result has it too, in their
    common float dtype (an integer `p` has no say in it). Where p = 0 the slope is 0, also at q = 0; where q = 0 and p
    is not, it is $-\infty$. Different shapes and empty arrays raise ValueError.

    Judged: the values, divided by the number of rows, not of entries; p = 0 and q = 0 without nan and without a
    warning; agreement with differences of your own `kl`. Compare it with `cross_entropy_grad` when it is done.

    Example: `kl_grad(np.array([0.5, 0.5]), np.array([0.5, 0.5]))` is `[-1, -1]`: the divergence is 0 there, and the
    slope along any change that keeps the sum of q is 0 too.
    """
    p, q, dtype = paired(p, q, dims=1)
    rows = q.size // q.shape[-1]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where((p == 0) & (q == 0), 0, -p / (rows * q)).astype(dtype)


@kl_grad.alternative("divided only where p is not 0")
def divided_where_p_is_not_0(p, q):
    p, q, dtype = paired(p, q, dims=1)
    with np.errstate(divide="ignore", over="ignore"):
        slope = np.divide(-p, q, out=0 * q, where=p != 0)
    return (slope / (q.size // q.shape[-1])).astype(dtype)


@kl_grad.alternative("a harmless q where p and q are both 0")
def a_harmless_q(p, q):
    p, q, dtype = paired(p, q, dims=1)
    harmless = np.where((p == 0) & (q == 0), 1, q)
    with np.errstate(divide="ignore", over="ignore"):
        return (-(p / harmless) * (q.shape[-1] / q.size)).astype(dtype)


kl_grad.misconception(
    "The slope of one row is right. The divergence is the mean over m rows: how much does one of them move it?",
    lambda p, q: -p / q,
)
kl_grad.misconception(
    "You divided by the number of entries, and the divergence is a mean over rows: how many distributions are there?",
    lambda p, q: -p / q / q.dtype.type(q.size),
)
kl_grad.misconception(
    "$\\log(p/q) + 1$ is the slope when p is moved. The prediction is q.",
    lambda p, q: (np.log(p / q) + 1) / q.dtype.type(len(q)),
)
kl_grad.misconception(
    "1 - p/q is the slope of $\\sum (p \\log(p/q) - p + q)$. On distributions both have the same value; moved alone, an "
    "entry of q takes the sum with it.",
    lambda p, q: (1 - p / q) / q.dtype.type(len(q)),
)
kl_grad.misconception(
    "A minus got lost: does the divergence grow when q gives more to what happens?",
    lambda p, q: p / q / q.dtype.type(len(q)),
)
kl_grad.misconception(
    "q - p is what reaches the logits after softmax. Here q itself is moved.",
    lambda p, q: (q - p) / q.dtype.type(len(q)),
)
kl_grad.misconception(
    "Right where q is positive. At p = q = 0 your quotient is 0 / 0, and a class without weight has no say at all.",
    lambda p, q: -p / q / q.dtype.type(len(q)),
)
