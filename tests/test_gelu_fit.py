"""The coefficients of the fast GELU are those that its fit finds, and have the signs that its words claim."""

from __future__ import annotations

import numpy as np
import pytest
from mpmath import mp

from solutions.fast.gelu import FITS
from solutions.fast.gelu_fit import DIGITS, factors, fit


@pytest.mark.parametrize("dtype", FITS, ids=str)
def test_the_fit_finds_the_coefficients(dtype):
    degree = 2 * len(FITS[dtype][0])
    with mp.workdps(DIGITS):
        p, q = fit(degree)
        found = factors(p, q)
    np.testing.assert_allclose(np.array(found), np.array(FITS[dtype]), rtol=1e-15)
    assert abs(2 * p[0] - 1) <= np.finfo(dtype).eps / 2, "the 2 in 2 + Q1 Q2"


@pytest.mark.parametrize("dtype", FITS, ids=str)
def test_nothing_cancels(dtype):
    *_, last = np.array(FITS[dtype]).T
    assert (np.array(FITS[dtype])[:, :-1] > 0).all()
    assert (last >= 0).all()
