"""GELU, exactly: x times the probability that a normal number is below x."""

from __future__ import annotations

import math

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Numeric
from solutions.smooth_relatives.mirror import differs_by_x
from solutions.smooth_relatives.normal import bell, erfc, mills
from solutions.smooth_relatives.two_floats import widened


def _erf(x):
    return np.vectorize(math.erf, otypes=[float])(x)


def _density(x):
    return np.exp(-(np.asarray(x, dtype=np.float64) ** 2) / 2) / np.sqrt(2 * np.pi)


def _probability(x):
    return erfc(-x / np.sqrt(2)) / 2


@exercise(
    Numeric(
        truth="x*erfc(-x/sqrt(2))/2",
        arguments={"x": "real"},
        limits={("x", "inf"): float("inf"), ("x", "-inf"): 0.0},
        extremes=((-0.7517916,), (-5.0,), (-8.5,), (-10.0,), (-20.0,), (-37.5,), (8.5,), (1000.0,), (-1000.0,)),
        properties=(differs_by_x("gelu(x) - gelu(-x) = x"),),
        grain="Min(Abs(x), 40)",
    ),
    title="GELU: let chance decide how much of x goes through",
    points=3,
    claims=("S4-A02", "S1-6.1.4d"),
    hints=(
        "What is `1 + math.erf(-6.0)`, and what should it be? Which sister of erf gives that number without the 1?",
        "Φ(x) is half of erfc(-x/√2), and erfc of a large number is small without any subtraction. NumPy has no erfc; "
        "`math.erfc` takes one number at a time.",
        "`erfc = np.vectorize(math.erfc, otypes=[float])`",
    ),
)
def gelu(x: np.ndarray) -> np.ndarray:
    r"""Return the exact GELU of every entry of `x`:

    $$\mathrm{gelu}(x) = x\,\Phi(x) = \frac{x}{2}\Big(1 + \mathrm{erf}\frac{x}{\sqrt2}\Big)$$

    Φ(x) is the probability that a standard normal number is below x. The curve dips to -0.16997 at x = -0.75179.

    `x` is a float16, float32 or float64 array of any shape; the result has its shape and dtype. Use NumPy and Python's
    `math`; NumPy has no error function, `math` has `erf` and `erfc`, each for a single number. The popular
    approximation with tanh is the next exercise but one, and is not the answer to this one.

    Judged: the value to the last few digits that the rounding of x leaves, also in the left tail: it is -1.4e-6 at
    x = -5 and -1.5e-282 at x = -36. 0 at $-\infty$, $\infty$ at $\infty$, nan stays nan; no warning at any finite
    x; `x` is left as it was; gelu(x) - gelu(-x) = x.

    Example: `gelu(np.array([0.0, 1.0, -1.0, -10.0]))` is about `[0.0, 0.84134475, -0.15865525, -7.61985302e-23]`.
    """
    x, dtype = widened(x)
    # Far to the left an ulp of -x/√2 is worth x² ulps of erfc: there, Φ(-t) is the bell times its Mills ratio.
    t, right = np.clip(-x, 1.5, 40), np.maximum(x, -1.5)
    front, rest = bell(t)
    left = -t * mills(t) / np.sqrt(2 * np.pi) * front * rest
    return np.where(x < -1.5, left, right * (erfc(-right / np.sqrt(2)) / 2)).astype(dtype)


@gelu.alternative("math.erfc, entry by entry")
def by_erfc(x):
    wide = np.maximum(x, np.finfo(x.dtype).min).astype(np.float64)
    return (wide * _probability(wide)).astype(x.dtype)


@gelu.alternative("a loop over the entries")
def looped(x):
    values = [v * (math.erfc(-v / math.sqrt(2)) / 2) if v > -40 else 0 * (v > 0) for v in np.ravel(x).tolist()]
    values = [float("nan") if v != v else y for v, y in zip(np.ravel(x).tolist(), values, strict=True)]
    return np.array(values, dtype=x.dtype).reshape(x.shape)


@gelu.alternative("erf where it cancels nothing, erfc on the left")
def erf_and_erfc(x):
    wide = np.clip(x, -50, None).astype(np.float64)
    phi = np.where(wide > 0, 0.5 + 0.5 * _erf(wide / np.sqrt(2)), _probability(np.minimum(wide, 0)))
    return (wide * phi).astype(x.dtype)


gelu.misconception(
    "The formula as printed. On the left erf comes so close to -1 that the sum keeps ever fewer digits, and none from "
    "x = -8.3 on. Compare your value at x = -10 with -7.6e-23.",
    lambda x: (0.5 * x * (1 + _erf(x / np.sqrt(2)))).astype(x.dtype),
)
gelu.misconception(
    "That is the approximation with tanh. It differs from GELU by up to 0.0005: at x = 1 it gives 0.84119, and Φ(1) is "
    "0.84134.",
    lambda x: (
        np.maximum(x, -1e4) * (0.5 + 0.5 * np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * np.clip(x, -1e4, 1e4) ** 3)))
    ).astype(x.dtype),
)
gelu.misconception(
    "x σ(1.702 x) is a quick imitation of GELU, and it is off by up to 0.02. What is Φ(1), and what is σ(1.702)?",
    lambda x: (np.maximum(x, -1e4) / (1 + np.exp(-np.maximum(1.702 * x, -700.0)))).astype(x.dtype),
)
gelu.misconception(
    "This is SiLU: the gate is the sigmoid. GELU's gate is the normal distribution, and Φ(1) is 0.8413, not 0.7311.",
    lambda x: (np.maximum(x, -1e4) / (1 + np.exp(-np.maximum(x, -700.0)))).astype(x.dtype),
)
gelu.misconception(
    "erf belongs to a normal number with variance 1/2. What must x be divided by before you ask it?",
    lambda x: (np.maximum(x, -1e4) * (erfc(-x) / 2)).astype(x.dtype),
)
gelu.misconception(
    "Your curve is twice as high as it should be. The gate must be a probability: what is 1 + erf(∞)?",
    lambda x: (np.maximum(x, -1e4) * erfc(-x / np.sqrt(2))).astype(x.dtype),
)
gelu.misconception(
    "You took φ, the density: it vanishes on both sides. A gate has to be open on the right.",
    lambda x: (np.clip(x, -1e4, 1e4) * _density(np.clip(x, -1e4, 1e4))).astype(x.dtype),
)
gelu.misconception(
    "Right everywhere but at the very end: $-\\infty$ times a probability of 0 is nan. Where is GELU heading on the left?",
    lambda x: (x * (erfc(-x / np.sqrt(2)) / 2)).astype(x.dtype),
)
gelu.misconception(
    "The values are fine, but a float32 array came back as float64: what `math` gives is always double precision. In "
    "which dtype did x come in?",
    lambda x: np.maximum(x, np.finfo(x.dtype).min) * (erfc(-x / np.sqrt(2)) / 2),
)
gelu.misconception(
    "`math.erf` takes one number, and you handed it an array. Which NumPy function makes it work entry by entry?",
    lambda x: 0.5 * x * (1 + math.erf(x / math.sqrt(2))),
)
