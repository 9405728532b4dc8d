"""What others compute for the functions of the course, point by point: textbook formulas, SciPy and PyTorch.

Each takes the arrays of a block of points and gives an entry (or a row) for each; None stands for what a library has
not. Slopes of PyTorch come from its own differentiation.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy import cosh, exp, log, maximum, sqrt, tanh, where

Formula = Callable[..., np.ndarray]
ROOT2, CUBIC = sqrt(2), 0.044715
_erf = np.vectorize(math.erf, otypes=[float])  # NumPy has none


def _sigma(x):
    return 1 / (1 + exp(-x))


def _softmax(z):
    e = exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _columns(matrix):
    return matrix.sum(axis=1)


def _focal(y, p, gamma=2.0, alpha=0.25):
    right = where(y == 1, p, 1 - p)
    return -where(y == 1, alpha, 1 - alpha) * (1 - right) ** gamma * log(right)


TEXTBOOK: Mapping[str, Formula] = {
    "sigmoid": _sigma,
    "complement": lambda x: 1 - _sigma(x),
    "log_sigmoid": lambda x: log(_sigma(x)),
    "tanh": lambda x: (exp(x) - exp(-x)) / (exp(x) + exp(-x)),
    "sigmoid_grad": lambda x: _sigma(x) * (1 - _sigma(x)),
    "tanh_grad": lambda x: 1 - tanh(x) ** 2,
    "elu": lambda x, alpha=1.0: where(x > 0, x, alpha * (exp(x) - 1)),
    "selu": lambda x: 1.0507009873554805 * where(x > 0, x, 1.6732632423543772 * (exp(x) - 1)),
    "softplus": lambda x: log(1 + exp(x)),
    "silu": lambda x, beta=1.0: x * _sigma(beta * x),
    "silu_grad": lambda x, beta=1.0: _sigma(beta * x) + beta * x * _sigma(beta * x) * (1 - _sigma(beta * x)),
    "gelu": lambda x: x / 2 * (1 + _erf(x / ROOT2)),
    "gelu_grad": lambda x: (1 + _erf(x / ROOT2)) / 2 + x * exp(-(x**2) / 2) / sqrt(2 * np.pi),
    "gelu_tanh": lambda x: x / 2 * (1 + tanh(sqrt(2 / np.pi) * (x + CUBIC * x**3))),
    "mish": lambda x: x * tanh(log(1 + exp(x))),
    "mish_grad": lambda x: tanh(log(1 + exp(x))) + x * (1 - tanh(log(1 + exp(x))) ** 2) * _sigma(x),
    "hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "hard_swish": lambda x: x * np.clip(x / 6 + 0.5, 0, 1),
    "softmax": lambda z: exp(z) / exp(z).sum(axis=1, keepdims=True),
    "logsumexp": lambda z: log(_columns(exp(z))),
    "log_softmax": lambda z: log(_softmax(z)),
    "softmax_vjp": lambda p, g: p * g - p * (p * g).sum(axis=1, keepdims=True),
    "huber": lambda y, t, delta=1.0: where(abs(y - t) <= delta, (y - t) ** 2 / 2, delta * (abs(y - t) - delta / 2)),
    "log_cosh": lambda y, t: log(cosh(y - t)),
    "bce": lambda y, p: -(y * log(p) + (1 - y) * log(1 - p)),
    "bce_grad": lambda y, p: (p - y) / (p * (1 - p)),
    "bce_with_logits": lambda y, x: -(y * log(_sigma(x)) + (1 - y) * log(1 - _sigma(x))),
    "bce_with_logits_grad": lambda y, x: _sigma(x) - y,
    "cross_entropy": lambda p, q: -_columns(p * log(q)),
    "kl": lambda p, q: _columns(p * log(p / q)),
    "cce_with_logits": lambda y, z: -_columns(y * log(_softmax(z))),
    "cce_with_logits_grad": lambda y, z: _softmax(z) - y,
    "hinge": lambda y, s: maximum(0, 1 - y * s),
    "focal": _focal,
    "focal_with_logits": lambda y, x, gamma=2.0, alpha=0.25: _focal(y, _sigma(x), gamma, alpha),
}


def scipy_peers() -> Mapping[str, Formula]:
    """SciPy's functions; raises ImportError where it is missing."""
    s = importlib.import_module("scipy.special")
    return {
        "sigmoid": s.expit,
        "complement": lambda x: s.expit(-x),
        "log_sigmoid": s.log_expit,
        "elu": lambda x, alpha=1.0: where(x > 0, x, alpha * s.expm1(x)),
        "softplus": lambda x: -s.log_expit(-x),
        "silu": lambda x, beta=1.0: x * s.expit(beta * x),
        "gelu": lambda x: x * s.ndtr(x),
        "softmax": lambda z: s.softmax(z, axis=1),
        "logsumexp": lambda z: s.logsumexp(z, axis=1),
        "log_softmax": lambda z: s.log_softmax(z, axis=1),
        "huber": lambda y, t, delta=1.0: s.huber(delta, y - t),
        "bce": lambda y, p: -(s.xlogy(y, p) + s.xlog1py(1 - y, -p)),
        "bce_with_logits": lambda y, x: -(y * s.log_expit(x) + (1 - y) * s.log_expit(-x)),
        "cross_entropy": lambda p, q: -_columns(s.xlogy(p, q)),
        "kl": lambda p, q: _columns(s.rel_entr(p, q)),
        "cce_with_logits": lambda y, z: -_columns(s.xlogy(y, 1) + where(y > 0, y * s.log_softmax(z, axis=1), 0)),
        "cce_with_logits_grad": lambda y, z: s.softmax(z, axis=1) - y,
    }


def torch_peers() -> Mapping[str, Formula]:
    """PyTorch's functions on the CPU; raises ImportError where it is missing."""
    torch = importlib.import_module("torch")
    f = torch.nn.functional
    torch.set_num_threads(1)

    def on_arrays(function: Callable) -> Formula:
        return lambda *arrays, **options: function(*map(torch.tensor, arrays), **options).numpy()

    def slope(function: Callable) -> Formula:
        """Of the last argument."""

        def differentiated(*arrays, **options):
            *given, x = map(torch.tensor, arrays)
            x.requires_grad_()
            (dx,) = torch.autograd.grad(function(*given, x, **options).sum(), x)
            return dx.numpy()

        return differentiated

    def silu(x, beta=1.0):
        return f.silu(x) if beta == 1 else x * torch.sigmoid(beta * x)

    def bce_logits(y, x):
        return f.binary_cross_entropy_with_logits(x, y, reduction="none")

    def cce(y, z):
        return f.cross_entropy(z, y, reduction="none")

    def huber(y, t, delta=1.0):
        return f.huber_loss(t, y, reduction="none", delta=delta)

    plain = {
        "sigmoid": torch.sigmoid,
        "complement": lambda x: torch.sigmoid(-x),
        "log_sigmoid": f.logsigmoid,
        "tanh": torch.tanh,
        "leaky_relu": lambda x, alpha=0.01: f.leaky_relu(x, alpha),
        "elu": lambda x, alpha=1.0: f.elu(x, alpha),
        "selu": f.selu,
        "softplus": f.softplus,
        "silu": silu,
        "gelu": f.gelu,
        "gelu_tanh": lambda x: f.gelu(x, approximate="tanh"),
        "mish": f.mish,
        "hard_sigmoid": f.hardsigmoid,
        "hard_swish": f.hardswish,
        "hard_tanh": f.hardtanh,
        "softmax": lambda z: f.softmax(z, 1),
        "logsumexp": lambda z: torch.logsumexp(z, 1),
        "log_softmax": lambda z: f.log_softmax(z, 1),
        "mse": lambda y, t: f.mse_loss(t, y, reduction="none"),
        "mae": lambda y, t: f.l1_loss(t, y, reduction="none"),
        "huber": huber,
        "bce": lambda y, p: f.binary_cross_entropy(p, y, reduction="none"),
        "bce_with_logits": bce_logits,
        "kl": lambda p, q: f.kl_div(torch.log(q), p, reduction="none").sum(1),
        "cce_with_logits": cce,
    }
    sloped = {
        "sigmoid_grad": torch.sigmoid,
        "tanh_grad": torch.tanh,
        "elu_grad": lambda x, alpha=1.0: f.elu(x, alpha),
        "selu_grad": f.selu,
        "softplus_grad": f.softplus,
        "silu_grad": silu,
        "gelu_grad": f.gelu,
        "mish_grad": f.mish,
        "huber_grad": huber,
        "bce_grad": lambda y, p: f.binary_cross_entropy(p, y, reduction="none"),
        "bce_with_logits_grad": bce_logits,
        "cce_with_logits_grad": cce,
    }
    return {name: on_arrays(function) for name, function in plain.items()} | {
        name: slope(function) for name, function in sloped.items()
    }
