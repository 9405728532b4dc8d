"""Points at which everything cancels: where a function that subtracts an exponential crosses zero, and close by.

One number of each point is such that the result would be 0, as closely as a float can say it, or a little beside that.
What is left is then 1e-17 of the terms, and no float that was rounded on the way knows it.
"""

from __future__ import annotations

import numpy as np
from mpmath import exp, expm1, fsum, log, log1p, mp, mpf

from tests.accuracy.activations import sigmoid
from tests.accuracy.distributions import softmax


def make(counts: dict[int, int]) -> dict[str, np.ndarray]:
    """Every array, by name; `counts`: width of a row, and how many rows of that width."""
    rng = np.random.default_rng(4)
    with mp.workdps(60):
        return {
            "crossings_bce": binary(rng, 8192),
            "crossings_lse": joined(rng, sums_to_one, counts)[0],
            "crossings_cce": joined(rng, targets_met, counts),
            "crossings_vjp": joined(rng, pushes_balanced, counts),
        }


def joined(rng, kind, counts: dict[int, int]) -> np.ndarray:
    rows = [kind(rng, width) for width, count in counts.items() for _ in range(count)]
    return np.stack([np.concatenate(parts) for parts in zip(*rows, strict=True)])


def beside(rng, found: mpf) -> float:
    """The nearest float; a few units away; or farther, by any factor down to 1e-16."""
    value = float(found)
    kind = rng.integers(3)
    if kind == 1:
        value += float(rng.integers(-4, 5) * np.spacing(value))
    elif kind == 2:
        value *= 1 + float(rng.choice([-1, 1]) * 10 ** -rng.uniform(0.5, 16))
    return value


def binary(rng, count: int) -> np.ndarray:
    """(y, x), half of the logits those of labels, half of the labels those of logits, small ones and large too."""
    found = []
    for number in range(count):
        if number % 2:
            y = rng.choice([rng.uniform(), 10 ** -rng.uniform(0, 300), 1 - 10 ** -rng.uniform(0, 15), 0.5])
            found.append((y, beside(rng, log(mpf(y)) - log1p(-mpf(y)))))
        else:
            x = rng.choice([rng.normal() * 3, -rng.uniform(0, 700), rng.uniform(0, 36), rng.normal() * 1e-9])
            found.append((min(beside(rng, sigmoid(mpf(x))), 1.0), x))
    return np.array(found).T


def sums_to_one(rng, width: int) -> tuple[np.ndarray]:
    """Logits whose exponentials add up to 1: the last makes it so. Some begin with what leaves hardly any room."""
    z = np.log(rng.dirichlet(np.ones(width)))
    if rng.integers(2):
        z[0] = -(10 ** -rng.uniform(0, 6))
        z[1:] = np.log(-np.expm1(z[0])) + np.log(rng.dirichlet(np.ones(width - 1)))
    place = rng.integers(width)
    room = 1 - fsum(exp(mpf(v)) for j, v in enumerate(z.tolist()) if j != place)
    z[place] = beside(rng, log(room))
    return (z,)


def targets_met(rng, width: int) -> tuple[np.ndarray, np.ndarray]:
    """(y, z): labels that are nearly the probabilities."""
    z = rng.choice([rng.normal(size=width), 6 * rng.normal(size=width), rng.uniform(-600, 0, width)])
    return np.array([min(beside(rng, p), 1.0) for p in softmax([mpf(v) for v in z.tolist()])]), z


def pushes_balanced(rng, width: int) -> tuple[np.ndarray, np.ndarray]:
    """(log p, g): one g is such that its g (1 - p) is nearly p times all others."""
    log_p = -rng.exponential(size=width) * rng.choice([1, 1, 10, 1e-3, 1e-9], width)
    g = rng.normal(size=width) * 10.0 ** rng.choice([0, 0, 20, -20])
    place = rng.integers(width)
    others = fsum(mpf(v) for j, v in enumerate(g.tolist()) if j != place)
    at = mpf(log_p[place])
    g[place] = beside(rng, exp(at) * others / -expm1(at))
    return log_p, g
