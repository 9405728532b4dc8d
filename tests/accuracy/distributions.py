"""Functions of whole rows on mpmath numbers: softmax and its relatives, and the losses of distributions. Own formulas.

A single row is the mean over one row.
"""

from __future__ import annotations

from mpmath import exp, expm1, fdot, fsum, log, log1p, mp, mpf


def unnormalised(z):
    """e^(z_j - max z), the place of the largest, and the sum of the others."""
    top = max(z)
    weights = [exp(x - top) for x in z]
    place = z.index(top)
    return weights, place, fsum(w for j, w in enumerate(weights) if j != place)


def softmax(z):
    weights, _, rest = unnormalised(z)
    return [w / (1 + rest) for w in weights]


def logsumexp(z):
    _, place, rest = unnormalised(z)
    return z[place] + log1p(rest)


def surprises(z):
    """-log softmax(z), in which the largest logit and the logarithm never meet."""
    _, place, rest = unnormalised(z)
    return [(z[place] - x) + log1p(rest) for x in z]


def log_softmax(z):
    return [-s for s in surprises(z)]


def softmax_jacobian(z):
    """Row by row: p_i times the sum of the other p_j on the diagonal, -p_i p_j beside it."""
    p = softmax(z)
    return [
        p_i * fsum(p[:i] + p[i + 1 :]) if i == j else -p_i * p_j for i, p_i in enumerate(p) for j, p_j in enumerate(p)
    ]


def softmax_vjp(p, upstream):
    mean = fdot(p, upstream)
    return [p_i * (g - mean) for p_i, g in zip(p, upstream, strict=True)]


def log_softmax_vjp(log_p, upstream):
    """g_i - e^(log p_i) times the sum of all g, in which g_i itself appears as g_i (1 - p_i)."""
    total = fsum(upstream)
    return [-g * expm1(x) - exp(x) * (total - g) for x, g in zip(log_p, upstream, strict=True)]


def cross_entropy(p, q):
    return -fsum(a * (log(b) if b else -mp.inf) for a, b in zip(p, q, strict=True) if a)


def cross_entropy_grad(p, q):
    return [(-a / b if b else -mp.inf) if a else mpf(0) for a, b in zip(p, q, strict=True)]


def kl(p, q):
    return fsum(a * (log(a / b) if b else mp.inf) for a, b in zip(p, q, strict=True) if a)


def cce_with_logits(y, z):
    return fdot(y, surprises(z))


def cce_with_logits_grad(y, z):
    """p - y, in which the class with y = 1 gets minus the sum of the others."""
    p = softmax(z)
    return [
        -fsum(p[:i] + p[i + 1 :]) if target == 1 else p_i - target
        for i, (p_i, target) in enumerate(zip(p, y, strict=True))
    ]


def multiclass_hinge(label, scores, margin):
    return fsum(max(mpf(0), margin + s - scores[label]) for j, s in enumerate(scores) if j != label)


def multiclass_hinge_grad(label, scores, margin):
    """1 for every wrong class within the margin, and for the right class minus their number."""
    inside = [mpf(j != label and margin + s - scores[label] > 0) for j, s in enumerate(scores)]
    return [-fsum(inside) if j == label else each for j, each in enumerate(inside)]
