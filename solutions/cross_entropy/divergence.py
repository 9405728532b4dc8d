"""The Kullback-Leibler divergence, with the digits it has left where two distributions are nearly one."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Numeric, Property
from solutions.cross_entropy.laws import twice_the_data, two_distributions
from solutions.cross_entropy.pairs import mean, paired
from solutions.cross_entropy.truths import kl_truth
from solutions.exact_sums import quotient, rounded, total
from solutions.smooth_relatives.two_floats import plus, times

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
        near = np.abs(q - p) < (q + p) / 2
        terms = np.where(near, _near_terms(p, q), (_plain_terms(p, q), np.zeros_like(p)))
        return mean(rounded(total(*terms))).astype(dtype)


def _near_terms(p, q):
    """p log(p/q) in two floats: log(p/q) = -2 artanh(s), and the series of artanh begins with s. The first two parts,
    (p - q) + (q - p) s, keep all their digits, for the p - q cancel in the sum."""
    d = plus((q, 0.0), (-p, 0.0))
    s = quotient(d, plus((q, 0.0), (p, 0.0)))
    front, rest = plus((-d[0], -d[1]), times(d, s))
    return front, rest - 2 * p * s[0] ** 3 * np.polynomial.polynomial.polyval(s[0] ** 2, 1 / np.arange(3.0, 61.0, 2.0))


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


@kl.alternative("with log1p where p and q are near, and Gibbs against the last rounding error")
def with_log1p(p, q):
    p, q, dtype = paired(p, q, dims=1)
    return np.maximum(np.mean(_by_log1p(p, q).sum(axis=-1)), 0).astype(dtype)


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
    "The definition, word for word. A class that never happens makes 0 times minus infinity of it, and NumPy calls that "
    "nan; 0.5 / 5e-324 is infinite, though its logarithm is only 744. What is each of them meant to be?",
    lambda p, q: np.mean(_rows(p, q)),
)
kl.misconception(
    "Right while p and q are far apart. When q comes near p, terms of both signs cancel: your divergence loses its digits "
    "and may even turn negative. Which difference is still exact there?",
    lambda p, q: np.mean(np.sum(np.where(p == 0, 0 * q, p * (np.log(p) - np.log(q))), axis=-1)),
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
