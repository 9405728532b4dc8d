"""Pairs of floats against exact fractions: how many digits solutions/exact_sums.py keeps."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from mpmath import log, mp, mpf

from autograder import registry
from solutions.enough_digits import LONGER
from solutions.exact_sums import quotient, rounded, total
from solutions.smooth_relatives.two_floats import plus, product

KEPT = Fraction(1, 2**95)  # of the largest number on the way


def exact(*parts) -> Fraction:
    return sum(map(Fraction, map(float, parts)))


@pytest.mark.parametrize("size", [1, 2, 3, 64, 1000])
def test_a_sum_whose_terms_cancel(size):
    rng = np.random.default_rng(size)
    terms = rng.normal(size=(5, size)) * 10 ** rng.uniform(-12, 12, (5, size))
    terms = np.concatenate([terms, -terms[:, ::-1] * (1 + 2.0**-50), terms * 1e-17], axis=1)
    rest = terms * rng.uniform(-1e-17, 1e-17, terms.shape)
    front, small = total(terms, rest)
    assert front.shape == small.shape == (5, 1)
    for row, few, *pair in zip(terms, rest, front[:, 0], small[:, 0], strict=True):
        assert abs(exact(*row, *few) - exact(*pair)) <= KEPT * exact(*np.abs(row)) * size
    for axis in (0, 1, -2):
        moved = np.moveaxis(np.stack([terms, terms]), -1, axis)
        np.testing.assert_array_equal(np.moveaxis(total(moved, axis=axis)[0], axis, -1)[0], total(terms)[0])


def test_sums_of_nothing_and_of_too_much():
    assert total(np.zeros((2, 0)))[0].tolist() == [[0.0], [0.0]]
    with np.errstate(all="ignore"):
        for terms, wanted in (([np.inf, 1.0], np.inf), ([1.0, -np.inf], -np.inf), ([np.nan, 1.0], np.nan),
                              ([np.inf, -np.inf], np.nan), ([1e308, 1e308], np.inf)):  # fmt: skip
            np.testing.assert_array_equal(rounded(total(np.array(terms))), [wanted])


def test_a_quotient_keeps_what_the_division_rounds_away():
    rng = np.random.default_rng(1)
    a, b = rng.uniform(1e-9, 1, 200), rng.uniform(1, 9, 200)
    q, rest = quotient((a, a * 1e-17), (b, -b * 1e-17))
    for one, two, *pair in zip(a, b, q, rest, strict=True):
        wanted = exact(one, one * 1e-17) / exact(two, -two * 1e-17)
        assert abs(exact(*pair) - wanted) <= KEPT * wanted


@pytest.mark.parametrize("size", [2, 3, 10, 300])
def test_an_upstream_gradient_that_is_nearly_the_same_for_all_classes(size):
    """What a constant sends back is zero but for the rounding of p, and that has all its digits."""
    rng = np.random.default_rng(size)
    p = rng.dirichlet(np.ones(size), 40)
    g = rng.choice([1.0, -3.7, 0.1], (40, 1)) * (1 + rng.choice([0, 1e-8, 1e-13], (40, 1)) * rng.normal(size=p.shape))
    got = registry.find("softmax_vjp").reference(p, g)
    for row, push, found in zip(p, g, got, strict=True):
        mean = sum(Fraction(a) * Fraction(b) for a, b in zip(row.tolist(), push.tolist(), strict=True))
        wanted = [Fraction(a) * (Fraction(b) - mean) for a, b in zip(row.tolist(), push.tolist(), strict=True)]
        for value, truth in zip(found.tolist(), wanted, strict=True):
            assert abs(Fraction(value) - truth) <= 2 * Fraction(np.spacing(abs(float(truth))))


@pytest.mark.skipif(not LONGER, reason="longdouble is another type here, and mpmath too slow for so many rows")
@pytest.mark.parametrize("name", ["softmax", "cce_with_logits_grad"])
@pytest.mark.parametrize("size", [17, 100, 1000])
def test_rows_of_many_classes(name, size):
    """What a sum of a hundred weights rounds away on the way is seen in every one of them."""
    rng = np.random.default_rng(size)
    z = rng.normal(size=(2_000_000 // size, size)) * rng.choice([0.3, 1, 3], (2_000_000 // size, 1))
    weights = np.exp(z.astype(np.longdouble) - z.max(axis=-1, keepdims=True))
    truth = weights / weights.sum(axis=-1, keepdims=True)
    if name == "softmax":
        got = registry.find(name).reference(z)
    else:
        right = (np.arange(size) == rng.integers(size, size=(len(z), 1))).astype(float)
        others = np.where(right, 0, weights).sum(axis=-1, keepdims=True) / weights.sum(axis=-1, keepdims=True)
        truth = np.where(right, -others, truth)
        got = registry.find(name).reference(right, z) * len(z)
    assert np.max(np.abs(got - truth) / np.spacing(np.abs(truth).astype(float))) <= 4


def test_the_side_of_a_kink_is_that_of_the_exact_sum():
    """(0.1 + 0.2) - 0.3 is 5.6e-17 in floats, and 0.1 + (0.2 - 0.3) is 2.8e-17: brackets may move a sum across 0."""
    rng = np.random.default_rng(5)
    own = rng.integers(1, 40, 400) / 10
    scores = np.stack([own, own - 0.3 + rng.choice([-1, 0, 1], 400) * np.spacing(own)], axis=1)
    for rows, margin in ((scores, 0.3), (scores * 3, 0.9)):
        lacking = [Fraction(margin) + Fraction(float(wrong)) - Fraction(float(right)) for right, wrong in rows]
        assert {x > 0 for x in lacking} == {True, False}
        labels = np.zeros(400, int)
        slopes = registry.find("multiclass_hinge_grad").reference(labels, rows, margin)
        assert [slope > 0 for slope in slopes[:, 1]] == [x > 0 for x in lacking]
        loss = registry.find("multiclass_hinge").reference
        for row, x in zip(rows, lacking, strict=True):
            assert float(loss(labels[:1], row[None], margin)) == float(max(x, Fraction(0)))


def test_products_that_add_up_to_nearly_nothing():
    a, b = np.array([1e8 + 1, 1e8]), np.array([1e8 - 1, -1e8])
    assert rounded(total(*product(a, b))).tolist() == [-1.0]
    assert rounded(plus((1.0, 0.0), (-1.0, 2.0**-80))) == 2.0**-80


@pytest.mark.parametrize("tiny", [1e-300, 1e-200, 1e-20, 1e-3])
@pytest.mark.parametrize("factor", [1 / 3, 0.6, 1 - 1e-12, 1.5, 2.9, 40.0])
def test_the_divergence_of_a_tiny_class_alone(tiny, factor):
    """The other class has the same probability in both rows, which sum to 1 in the first row only."""
    p, q = np.array([tiny, 1 - tiny]), np.array([tiny * factor, 1 - tiny])
    with mp.workdps(60):
        wanted = mpf(p[0]) * log(mpf(p[0]) / mpf(q[0]))
        got = registry.find("kl").reference(p, q)
        assert abs(mpf(float(got)) - wanted) <= 4 * np.spacing(abs(float(wanted)))
