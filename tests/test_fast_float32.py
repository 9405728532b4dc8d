"""Where float32 alone would not do: the fast forms that ask for float64 when digits cancel."""

from __future__ import annotations

import numpy as np
import pytest

from autograder import registry
from solutions.fast import FORMS

OWED = 8  # units in the last place


def reference(name):
    return registry.find(name).reference


@pytest.mark.parametrize("n", [2, 10, 100])
def test_logsumexp_of_rows_whose_exponentials_sum_to_nearly_1(n):
    z = (np.random.default_rng(n).normal(size=(500, n)) / 2).astype(np.float32)
    z -= np.float32(1 + 1e-3) * reference("logsumexp")(z)[:, None]
    wanted = reference("logsumexp")(z.astype(np.float64))
    for got in (FORMS["logsumexp"](z), FORMS["logsumexp"](z.T.copy(), axis=0)):
        assert np.all(np.abs(got - wanted) <= OWED * np.spacing(np.abs(wanted).astype(np.float32)))


@pytest.mark.parametrize("n", [2, 10, 100])
def test_the_loss_of_rows_that_are_right_and_sure(n):
    labels = np.eye(n, dtype=np.float32)[np.random.default_rng(n).integers(0, n, 500)]
    sure = np.where(labels == 1, 70.7, -0.1).astype(np.float32)
    wanted = reference("cce_with_logits")(labels.astype(float), sure.astype(float))
    assert abs(FORMS["cce_with_logits"](labels, sure) - wanted) <= OWED * np.spacing(np.float32(wanted))
