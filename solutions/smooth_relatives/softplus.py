"""Softplus: the ReLU with its corner rounded off."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Numeric
from solutions.smooth_relatives.mirror import differs_by_x
from solutions.smooth_relatives.two_floats import widened


@exercise(
    Numeric(
        truth="softplus(x)",
        arguments={"x": "real"},
        limits={("x", "inf"): float("inf"), ("x", "-inf"): 0.0},
        extremes=((-40.0,), (21.0,), (-37.0,), (710.0,), (-745.0,), (1000.0,), (-1000.0,)),
        properties=(differs_by_x("softplus(x) - softplus(-x) = x"),),
    ),
    title="Softplus, the rounded ReLU",
    points=1,
    claims=("S1-6.1.4c", "S2-N48"),
    hints=(
        "What is `np.exp(1000.0)`? And what is left of $e^{-40}$ after you have added 1 to it?",
        "Take the larger of 0 and x out of the logarithm: what stays inside is $1 + e^{-|x|}$, which cannot overflow. "
        "NumPy has a function for the logarithm of a number that is given as its distance from 1.",
        "`e = np.exp(-np.abs(x))`",
    ),
)
def softplus(x: np.ndarray) -> np.ndarray:
    r"""Return softplus of every entry of `x`:

    $$\mathrm{softplus}(x) = \log(1 + e^{x})$$

    It is the ReLU with a round corner: far to the right it is x, far to the left $e^x$, and log 2 at 0. Its slope
    needs no exercise of its own, for it is an old friend: $\mathrm{softplus}'(x) = \sigma(x)$, the sigmoid.

    `x` is a float16, float32 or float64 array of any shape (a scalar and an empty array too); the result has its
    shape and its dtype. Use NumPy only.

    Judged: the value to the last few digits everywhere, also far to the left, where it is as small as $10^{-308}$ and
    still not zero; 0 at $-\infty$, $\infty$ at $\infty$, nan stays nan; no overflow warning at any finite x;
    `x` is left as it was; softplus(x) - softplus(-x) = x.

    Example: `softplus(np.array([0.0, 1000.0, -40.0]))` is about `[0.69314718, 1000.0, 4.24835426e-18]`.
    """
    x, dtype = widened(x)
    return (np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))).astype(dtype)


softplus.alternative("NumPy's logarithm of a sum of two exponentials", lambda x: np.logaddexp(0, x))
softplus.alternative("the same in the dtype that came in", lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))))
softplus.alternative(
    "each half of the line with its own formula",
    lambda x: np.where(x > 0, x + np.log1p(np.exp(-np.abs(x))), np.log1p(np.exp(np.minimum(x, 0)))),
)

softplus.misconception(
    "This is the formula as printed, and on paper it is right. Where does `np.exp(x)` stop being a number? And what "
    "does your function give at x = -40, where the truth is 4.2e-18?",
    lambda x: np.log(1 + np.exp(x)),
)
softplus.misconception(
    "`log1p` saves the left tail. On the right the exponential overflows before the logarithm can tame it: "
    "what does x = 1000 give?",
    lambda x: np.log1p(np.exp(x)),
)
softplus.misconception(
    "No overflow any more, and yet at x = -40 the result is 0 instead of 4.2e-18: what is `1 + np.exp(-40.0)`, and what "
    "is its logarithm?",
    lambda x: np.maximum(x, 0) + np.log(1 + np.exp(-np.abs(x))),
)
softplus.misconception(
    "From a threshold on you return x itself. At x = 20.5 the truth is 20.50000000125: is the step at your threshold "
    "as small as you thought? And `np.where` computes both branches, the overflowing one too.",
    lambda x: np.where(x > 20, x, np.log1p(np.exp(x))),
)
softplus.misconception(
    "softplus(x) = -log σ(-x) is true. On the left σ(-x) is so near 1 that its logarithm has few digits left, and at "
    "x = 1000 you ask for the logarithm of 0. Which of the two functions can be had without the other?",
    lambda x: -np.log(np.exp(np.minimum(-x, 0)) / (1 + np.exp(-np.abs(x)))),
)
softplus.misconception(
    "That is the ReLU itself, with its corner. At 0 softplus is log 2, not 0: what became of the other exponential?",
    lambda x: np.maximum(x, 0),
)
softplus.misconception(
    "This is the slope of softplus, and it never leaves (0, 1). Softplus itself grows without bound to the right.",
    lambda x: np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x))),
)
