"""Softmax and its relatives on mpmath numbers: what the judges hold the answers against.

Each is written with differences of logits only, so that no precision is wasted on logits like 1e308. A logit of -inf
is a class that cannot happen; +inf, nan, or nothing but -inf leave no distribution, and everything is nan.
"""

from __future__ import annotations

from collections.abc import Sequence

from mpmath import mp, mpf

Vector = Sequence[mpf]


def _hopeless(z: Vector) -> bool:
    return any(mp.isnan(x) or x == mp.inf for x in z) or all(x == -mp.inf for x in z)


def softmax_truth(z: Vector) -> list[mpf]:
    """p_i = 1 / sum_j e^(z_j - z_i)."""
    if _hopeless(z):
        return [mp.nan] * len(z)
    return [mpf(0) if x == -mp.inf else 1 / mp.fsum(mp.exp(y - x) for y in z) for x in z]


def log_softmax_truth(z: Vector) -> list[mpf]:
    """log p_i = -log(1 + sum over the others of e^(z_j - z_i))."""
    if _hopeless(z):
        return [mp.nan] * len(z)
    return [
        -mp.inf if x == -mp.inf else -mp.log1p(mp.fsum(mp.exp(y - x) for j, y in enumerate(z) if j != i))
        for i, x in enumerate(z)
    ]


def logsumexp_truth(z: Vector) -> mpf:
    """m + log(1 + sum over the others of e^(z_j - m)), m the largest logit."""
    if any(mp.isnan(x) for x in z):
        return mp.nan
    m = max(z)
    if mp.isinf(m):
        return m
    top = list(z).index(m)
    return m + mp.log1p(mp.fsum(mp.exp(y - m) for j, y in enumerate(z) if j != top))


def jacobian_truth(z: Vector) -> list[list[mpf]]:
    """-p_i p_j beside the diagonal, and on it p_i times the sum of the others."""
    p = softmax_truth(z)
    others = [mp.fsum(p[:i] + p[i + 1 :]) for i in range(len(p))]
    return [[p[i] * others[i] if i == j else -p[i] * p[j] for j in range(len(p))] for i in range(len(p))]


def vjp_truth(p: Vector, upstream: Vector) -> list[mpf]:
    """p_i (g_i - sum_j p_j g_j)."""
    mean = mp.fsum(a * g for a, g in zip(p, upstream, strict=True))
    return [a * (g - mean) for a, g in zip(p, upstream, strict=True)]


def log_vjp_truth(log_p: Vector, upstream: Vector) -> list[mpf]:
    """g_i - p_i sum_j g_j."""
    total = mp.fsum(upstream)
    return [g - mp.exp(x) * total for x, g in zip(log_p, upstream, strict=True)]
