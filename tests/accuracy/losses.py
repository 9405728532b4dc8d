"""Losses of one entry, and their slopes, on mpmath numbers: own formulas.

A loss is a mean, so of a single entry it is the loss of that entry, and its gradient the slope there.
"""

from __future__ import annotations

from mpmath import expm1, log, log1p, mp, mpf, sign, sinh, tanh

from tests.accuracy.activations import clipped, sigmoid, softplus


def weighted(y, loss):
    """y times a loss, where 0 times infinity is 0."""
    return y * loss if y else mpf(0)


def mse(y, y_hat):
    return (y - y_hat) ** 2


def mse_grad(y, y_hat):
    return 2 * (y_hat - y)


def mae(y, y_hat):
    return abs(y - y_hat)


def mae_grad(y, y_hat):
    return mpf(sign(y_hat - y))


def huber(y, y_hat, delta):
    r = abs(y - y_hat)
    return r * r / 2 if r <= delta else delta * (r - delta / 2)


def huber_grad(y, y_hat, delta):
    return clipped(y_hat - y, -delta, delta)


def log_cosh(y, y_hat):
    return log1p(2 * sinh((y - y_hat) / 2) ** 2)


def log_cosh_grad(y, y_hat):
    return tanh(y_hat - y)


def surprise(p):
    """-log p."""
    return -log(p) if p else mp.inf


def surprise_of_not(p):
    """-log(1 - p)."""
    return -log1p(-p) if p < 1 else mp.inf


def bce(y, p):
    return weighted(y, surprise(p)) + weighted(1 - y, surprise_of_not(p))


def bce_grad(y, p):
    return (quotient(1 - y, 1 - p) if y != 1 else 0) - (quotient(y, p) if y else 0)


def quotient(a, b):
    """a / b for a > 0 and b >= 0."""
    return a / b if b else mp.inf


def bce_with_logits(y, x):
    return y * softplus(-x) + (1 - y) * softplus(x)


def bce_with_logits_grad(y, x):
    """sigmoid(x) - y, which for y = 1/2 and tiny x needs a form of its own."""
    if abs(x) < 1:
        return sigmoid(x) * ((1 - 2 * y) - y * expm1(-x))
    return (1 - y) * sigmoid(x) - y * sigmoid(-x)


def hinge(y, score):
    return mp.mpf(max(1 - y * score, 0))


def hinge_grad(y, score):
    return -y if y * score < 1 else mpf(0)


def focal(y, p, gamma, alpha):
    if y:
        return alpha * weighted((1 - p) ** gamma, surprise(p))
    return (1 - alpha) * weighted(p**gamma, surprise_of_not(p))


def focal_grad(y, p, gamma, alpha):
    """The loss of the chance given to the wrong answer, w: its slope there, with the sign that w has in p."""
    weight, right, w = (-alpha, p, 1 - p) if y else (1 - alpha, 1 - p, p)
    surprised = surprise(p) if y else surprise_of_not(p)
    if not w:
        return weight if gamma == 0 else mpf(0)
    return weight * (quotient(w**gamma, right) + weighted(gamma, w ** (gamma - 1) * surprised))


def focal_with_logits_grad(y, x, gamma, alpha):
    """Of w = sigmoid(s), s the logit of the wrong answer: d/ds w^gamma softplus(s) = w^gamma (gamma (1 - w) softplus + w)."""
    weight, s = (-alpha, -x) if y else (1 - alpha, x)
    return weight * sigmoid(s) ** gamma * (gamma * sigmoid(-s) * softplus(s) + sigmoid(s))


def focal_with_logits(y, x, gamma, alpha):
    x, weight = (x, alpha) if y else (-x, 1 - alpha)
    return weight * sigmoid(-x) ** gamma * softplus(-x)
