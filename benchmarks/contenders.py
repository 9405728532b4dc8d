"""Who computes what: for each function the ways in which someone might compute it.

"formula" is what the textbook says, typed into NumPy; it loses digits and overflows, and is here for its speed alone.
SciPy has no loss functions: "scipy" is then the shortest composition of what it has. A peer that is not installed is
left out, and said to be missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from autograder import registry
from solutions.fast import FORMS

try:
    from scipy import special
except ImportError:
    special = None
try:
    import torch
    from torch.nn import functional

    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    # In a process that has called none of the simplest operations yet, torch 2.13 takes more than twice as long for its
    # float64 GELU, and after one of them no longer, whichever cases were measured before. Why, we do not know.
    torch.neg(torch.zeros(1000))
except ImportError:
    torch = functional = None

MISSING = [name for name, module in {"SciPy": special, "torch": torch}.items() if module is None]
PEERS = ("formula", "reference", "scipy", "torch")


@dataclass(frozen=True)
class Case:
    """One function on one kind of input: `inputs(rng, size, dtype)` gives the arrays.

    scipy and torch are functions of the module and the arrays, so that the file loads without them.
    """

    function: str
    inputs: Callable
    formula: Callable | None = None
    scipy: Callable[..., object] | None = None
    torch: Callable[..., object] | None = None
    note: str = ""

    @property
    def name(self) -> str:
        return f"{self.function}{self.note and ', '}{self.note}"

    def contenders(self, arrays: tuple[np.ndarray, ...]) -> dict[str, Callable[[], object]]:
        """Calls without arguments, ours first."""
        ours, reference = FORMS[self.function], registry.find(self.function).reference
        calls = {"ours": lambda: ours(*arrays), "reference": lambda: reference(*arrays)}
        if self.formula:
            calls["formula"] = lambda: self.formula(*arrays)
        if self.scipy and special:
            calls["scipy"] = lambda: self.scipy(special, *arrays)
        if self.torch and torch:
            tensors = tuple(map(torch.from_numpy, arrays))
            calls["torch"] = lambda: self.torch(functional, *tensors)
        return calls


def line(rng, size, dtype):
    """Pre-activations: most within a few units of 0, some far out."""
    return ((4 * rng.standard_normal(size)).astype(dtype),)


def labelled_line(rng, size, dtype):
    [x] = line(rng, size, dtype)
    return (rng.random(size) < 1 / (1 + np.exp(-x))).astype(dtype), x


def rows(n: int):
    def inputs(rng, size, dtype):
        return ((3 * rng.standard_normal((size // n, n))).astype(dtype),)

    return inputs


def labelled_rows(n: int):
    def inputs(rng, size, dtype):
        [z] = rows(n)(rng, size, dtype)
        y = np.zeros_like(z)
        y[np.arange(len(z)), rng.integers(0, n, len(z))] = 1
        return y, z

    return inputs


def shares(z):
    weights = np.exp(z)
    return weights / weights.sum(axis=-1, keepdims=True)


def _rowwise(n: int) -> list[Case]:
    note = f"rows of {n}"
    return [
        Case("softmax", rows(n), shares,
             lambda s, z: s.softmax(z, axis=-1), lambda f, z: f.softmax(z, -1), note),
        Case("log_softmax", rows(n), lambda z: np.log(shares(z)),
             lambda s, z: s.log_softmax(z, axis=-1), lambda f, z: f.log_softmax(z, -1), note),
        Case("logsumexp", rows(n), lambda z: np.log(np.exp(z).sum(axis=-1)),
             lambda s, z: s.logsumexp(z, axis=-1), lambda f, z: torch.logsumexp(z, -1), note),
        Case("cce_with_logits", labelled_rows(n), lambda y, z: -(y * np.log(shares(z))).sum(axis=-1).mean(),
             lambda s, y, z: -(y * s.log_softmax(z, axis=-1)).sum(axis=-1).mean(),
             lambda f, y, z: f.cross_entropy(z, y), note),
    ]  # fmt: skip


CASES = [
    Case("sigmoid", line, lambda x: 1 / (1 + np.exp(-x)), lambda s, x: s.expit(x), lambda f, x: torch.sigmoid(x)),
    Case("log_sigmoid", line, lambda x: -np.log(1 + np.exp(-x)), lambda s, x: s.log_expit(x),
         lambda f, x: f.logsigmoid(x)),
    Case("softplus", line, lambda x: np.log(1 + np.exp(x)), lambda s, x: -s.log_expit(-x), lambda f, x: f.softplus(x)),
    Case("tanh", line, lambda x: np.tanh(x), None, lambda f, x: torch.tanh(x)),
    Case("relu", line, lambda x: np.maximum(x, 0), None, lambda f, x: f.relu(x)),
    Case("leaky_relu", line, lambda x: np.where(x > 0, x, 0.01 * x), None, lambda f, x: f.leaky_relu(x)),
    Case("elu", line, lambda x: np.where(x > 0, x, np.expm1(x)), None, lambda f, x: f.elu(x)),
    Case("selu", line, lambda x: 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(x)), None,
         lambda f, x: f.selu(x)),
    Case("silu", line, lambda x: x / (1 + np.exp(-x)), lambda s, x: x * s.expit(x), lambda f, x: f.silu(x)),
    Case("gelu", line, None, lambda s, x: x * s.ndtr(x), lambda f, x: f.gelu(x)),
    Case("mish", line, lambda x: x * np.tanh(np.log(1 + np.exp(x))), lambda s, x: x * np.tanh(-s.log_expit(-x)),
         lambda f, x: f.mish(x)),
    Case("bce_with_logits", labelled_line, lambda y, x: np.mean(np.log(1 + np.exp(x)) - y * x),
         lambda s, y, x: np.mean(-s.log_expit(-x) - x * y),
         lambda f, y, x: f.binary_cross_entropy_with_logits(x, y)),
    *_rowwise(10),
    *_rowwise(1000),
]  # fmt: skip
CASES = [case for case in CASES if case.function in FORMS]


def versions() -> dict[str, str]:
    modules: dict[str, ModuleType | None] = {"NumPy": np, "torch": torch}
    if special:
        import scipy

        modules["SciPy"] = scipy
    return {name: module.__version__ if module else "missing" for name, module in sorted(modules.items())}
