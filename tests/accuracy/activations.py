"""Activations and their slopes on mpmath numbers: own formulas, none of them taken from an exercise.

Each is written so that a few dozen digits suffice at any x: with 1/(1 + e^-x), log1p and expm1 instead of differences.
"""

from __future__ import annotations

from mpmath import erfc, exp, expm1, log1p, mp, mpf, pi, sqrt

LAMBDA = "1.0507009873554804934193349852946"
ALPHA = "1.6732632423543772848170429916717"


def sigmoid(x):
    return 1 / (1 + exp(-x))


def softplus(x):
    return x + log1p(exp(-x)) if x > 0 else log1p(exp(x))


def sech_squared(x):
    return 4 / (2 + exp(2 * x) + exp(-2 * x))


def sigmoid_grad(x):
    return 1 / (2 + exp(x) + exp(-x))


def leaky_relu(x, alpha):
    return x if x > 0 else alpha * x


def leaky_relu_grad(x, alpha):
    return mpf(1) if x > 0 else alpha


def elu(x, alpha):
    return x if x > 0 else alpha * expm1(x)


def elu_grad(x, alpha):
    return mpf(1) if x > 0 else alpha * exp(x)


def selu(x):
    return mpf(LAMBDA) * elu(x, mpf(ALPHA))


def selu_grad(x):
    return mpf(LAMBDA) * elu_grad(x, mpf(ALPHA))


def prelu_backward(x, upstream, alpha):
    return [upstream, mpf(0)] if x > 0 else [alpha * upstream, x * upstream]


def silu(x, beta):
    return x * sigmoid(beta * x)


def silu_grad(x, beta):
    return sigmoid(beta * x) * (1 + beta * x * sigmoid(-beta * x))


def below(x):
    """The share of the standard normal distribution below x; mpmath's erfc refuses numbers like 1e300."""
    return erfc(-x / sqrt(2)) / 2 if abs(x) < 1000 else mpf(x > 0)


def gelu(x):
    return x * below(x)


def gelu_grad(x):
    return below(x) + x * exp(-x * x / 2) / sqrt(2 * pi)


def gelu_tanh(x):
    return x * sigmoid(2 * sqrt(2 / pi) * (x + mpf("0.044715") * x**3))


def gelu_tanh_grad(x):
    root = 2 * sqrt(2 / pi)
    u, slope = root * (x + mpf("0.044715") * x**3), root * (1 + 3 * mpf("0.044715") * x * x)
    return sigmoid(u) + x * slope * sigmoid(u) * sigmoid(-u)


def mish(x):
    n = exp(x)
    return x * n * (n + 2) / (n * (n + 2) + 2)


def mish_grad(x):
    n = exp(x)
    w = n * (n + 2)
    return w / (w + 2) + x * 4 * n * (n + 1) / (w + 2) ** 2


def clipped(x, low, high):
    return mp.mpf(min(max(x, low), high))


def hard_sigmoid(x):
    return clipped((x + 3) / 6, 0, 1)


def hard_swish(x):
    return x * hard_sigmoid(x)


def hard_sigmoid_grad(x):
    return mpf(abs(x) < 3) / 6


def hard_swish_grad(x):
    return (2 * x + 3) / 6 if abs(x) < 3 else mpf(x > 3)


def hard_tanh_grad(x):
    return mpf(abs(x) < 1)
