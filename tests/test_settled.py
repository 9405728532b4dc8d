"""Why five references owe more than 4 units where terms cancel: with floats on the way, nobody can keep them.

At the point given here each is computed without an error, but for the values on the way that no float can hold: those
are rounded to the nearest, which is the best that an exponential or a logarithm can do. The result misses by more than
4 units in the last place, and tests/accuracy/owed.py forgives it.
"""

from __future__ import annotations

import numpy as np
import pytest
from mpmath import exp, expm1, fsum, log1p, mp, mpf

from tests.accuracy import measure
from tests.accuracy.activations import sigmoid
from tests.accuracy.distributions import softmax, unnormalised
from tests.accuracy.owed import OWED

FLAT = 4


def nearest(x: mpf) -> mpf:
    return mpf(float(x))


def log_softmax(z):
    shifted = [nearest(x - max(z)) for x in z]
    return [d - log1p(unnormalised(shifted)[2]) for d in shifted]


def logsumexp(z):
    return [max(z) + nearest(log1p(unnormalised(z)[2]))]


def log_softmax_vjp(log_p, upstream):
    total = fsum(upstream)
    return [-nearest(expm1(x)) * g - nearest(exp(x)) * (total - g) for x, g in zip(log_p, upstream, strict=True)]


def bce_with_logits_grad(y, x):
    return [(1 - y) * nearest(sigmoid(x)) - y * nearest(sigmoid(-x))]


def cce_with_logits_grad(y, z):
    p = softmax(z)
    return [(1 - label) * nearest(p[k]) - label * nearest(fsum(p[:k] + p[k + 1 :])) for k, label in enumerate(y)]


POINTS = {
    log_softmax: ([-91.16457912731913, 44.17951073084393],),
    logsumexp: ([-0.625, -0.75],),
    log_softmax_vjp: ([-0.7, -0.8], [1.0, 1.0138]),
    bce_with_logits_grad: (0.7, 0.8473),
    cce_with_logits_grad: ([0.3, 0.7], [0.0, 0.8473]),
}


def test_whatever_is_forgiven_has_its_reason_here():
    assert {name for name, owed in OWED.items() if owed.spread} == {best.__name__ for best in POINTS}


@pytest.mark.parametrize("best", POINTS, ids=lambda best: best.__name__)
def test_one_value_rounded_to_the_nearest_float_costs_more_than_four_units(best):
    owed = OWED[best.__name__]
    block = tuple(np.array([given]) for given in POINTS[best])
    [row] = [tuple(map(measure.exactly, row)) for row in zip(*block, strict=True)]
    truth = measure.settled(owed.truth, [row], {})
    with mp.workdps(60):
        got = [float(value - hi) for value, hi in zip(best(*row), truth.hi[0], strict=True)]
    trial = measure.Trial(block, {}, truth, "float64", owed)
    missed = np.abs(np.array([got]) - truth.lo)
    assert np.max(missed / measure.unit(trial)) > FLAT
    assert np.all(missed <= measure.allowed(trial))
