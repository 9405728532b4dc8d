"""The sigmoid and its complement, right to the last digits from one end of the line to the other."""

import math

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Numeric
from autograder.properties import reflection


@exercise(
    Numeric(
        truth="sigmoid(x)",
        arguments={"x": "real"},
        limits={("x", "inf"): 1.0, ("x", "-inf"): 0.0},
        extremes=((-1000.0,), (1000.0,), (-710.0,), (-740.0,), (-89.0,), (36.8,)),
        properties=(reflection(1, "sigmoid(x) + sigmoid(-x) = 1"),),
    ),
    title="The sigmoid that never overflows",
    points=2,
    claims=("S4-A16", "S2-N03", "S2-N04", "S2-N05", "S1-6.1.3a", "S4-X03"),
    hints=(
        "Which of the two exponentials, $e^{-x}$ or $e^{x}$, is dangerous at x = -1000? And at x = 1000?",
        "There are two formulas for the same function, and at each x one of them only ever uses an exponential "
        "that is at most 1. Compute that one exponential first; then it cannot overflow in a branch you discard.",
        "`e = np.exp(-np.abs(x))`",
    ),
)
def sigmoid(x: np.ndarray) -> np.ndarray:
    r"""Return the sigmoid of every entry of `x`:

    $$\sigma(x) = \frac{1}{1 + e^{-x}}$$

    `x` is a float16, float32 or float64 array of any shape (a scalar and an empty array too); the result has its
    shape and its dtype. Use NumPy only.

    Judged: the value to the last few digits everywhere, also deep in the left tail, where the truth is as small as
    $10^{-308}$ and still not zero; $\sigma(-\infty) = 0$, $\sigma(\infty) = 1$, nan stays nan; no overflow warning
    at any finite x; `x` is left as it was; $\sigma(x) + \sigma(-x) = 1$.

    Example: `sigmoid(np.array([0.0, -1.0, -710.0]))` is about `[0.5, 0.26894142, 4.476286e-309]`.
    """
    x = np.asarray(x)
    wide = x.astype(np.float64)  # a narrow input is rounded once, at the end
    e = np.exp(-np.abs(wide))
    s = np.where(wide >= 0, 1, e) / (1 + e)
    return s.astype(np.result_type(x, np.float16))  # floats keep their dtype, integers become float64


sigmoid.alternative(
    "one factor of the numerator at a time", lambda x: np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))
)
sigmoid.alternative(
    "in the dtype that came in, two cases and one exponential",
    lambda x: np.where(x >= 0, 1, np.exp(-np.abs(x))) / (1 + np.exp(-np.abs(x))),
)
sigmoid.alternative("through its logarithm", lambda x: np.exp(-np.logaddexp(0, -x)))


@sigmoid.alternative("each half of the line with its own formula")
def by_halves(x):
    x = np.asarray(x)
    s = np.empty_like(x)
    right = x >= 0
    s[right] = 1 / (1 + np.exp(-x[right]))
    e = np.exp(x[~right])
    s[~right] = e / (1 + e)
    return s


sigmoid.misconception(
    "This is the formula as printed, and on paper it is right. Ask what `np.exp(-x)` is at x = -1000, and what your "
    "function returns at x = -710, where the truth is a small number but not zero.",
    lambda x: 1 / (1 + np.exp(-x)),
)
sigmoid.misconception(
    "You took the form with $e^{x}$ on top: safe on the left, but on the right it becomes inf / inf. "
    "What does 1000 give?",
    lambda x: np.exp(x) / (1 + np.exp(x)),
)
sigmoid.misconception(
    "`np.where` is no `if`: both formulas are computed for every entry, and the one you throw away has already "
    "overflowed. Can both branches share one exponential that is never larger than 1?",
    lambda x: np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x))),
)
sigmoid.misconception(
    "Your curve falls where it should rise. Which sign does the exponent have at x = 1?",
    lambda x: np.where(x >= 0, np.exp(-np.abs(x)), 1) / (1 + np.exp(-np.abs(x))),
)
sigmoid.misconception(
    "The identity with tanh is true, but for negative x it computes 1 - 0.99999...: compare your value at -20 with "
    "`np.exp(-20)`. Where do the digits go?",
    lambda x: (1 + np.tanh(x / 2)) / 2,
)
sigmoid.misconception(
    "Clipping x silences the warning and changes the function: everything left of the clip gets one and the same "
    "value. Is the sigmoid of -700 really the sigmoid of the clip?",
    lambda x: 1 / (1 + np.exp(-np.clip(x, -50, 50))),
)
sigmoid.misconception(
    "`math.exp` takes one number, and it raises OverflowError where NumPy would return inf. Which function does the "
    "same for a whole array?",
    lambda x: 1 / (1 + math.exp(-x)),
)
sigmoid.misconception(
    "The values are fine, but a float32 array came back as float64: the conversion at the top of your function "
    "changes the dtype of the caller.",
    lambda x: np.asarray(sigmoid.reference(np.asarray(x, dtype=np.float64))),
)


@exercise(
    Numeric(
        truth="sigmoid(-x)",
        arguments={"x": "real"},
        limits={("x", "inf"): 0.0, ("x", "-inf"): 1.0},
        extremes=((36.0,), (37.0,), (40.0,), (709.0,), (710.0,), (740.0,), (-1000.0,), (12.0,)),
        properties=(reflection(1, "complement(x) + complement(-x) = 1"),),
    ),
    title="One minus sigmoid, without the minus",
    points=1,
    claims=("S1-6.1.1a", "S1-6.1.1a2"),
    hints=(
        "What is `1 - sigmoid(40.0)` in your notebook, and what should it be?",
        "Where σ(x) is near 1, it has already lost the digits you want; no subtraction brings them back. "
        "The reflection identity gives the same number without a subtraction.",
        "`e = np.exp(-np.abs(x))`, and then the two cases of `sigmoid`, swapped",
    ),
)
def complement(x: np.ndarray) -> np.ndarray:
    r"""Return $1 - \sigma(x)$ for every entry of `x`, without losing a digit to the subtraction.

    If σ(x) is the probability of "yes", this is the probability of "no", and in a confident model it is tiny: at
    x = 40 it is $4.2 \cdot 10^{-18}$, and `1 - sigmoid(40.0)` is 0. It is also the slope of $\log\sigma$ at x, and
    so, with a minus, the gradient of every loss that is $-\log\sigma(x)$.

    `x` is a float16, float32 or float64 array of any shape; the result has its shape and dtype. Use NumPy only; you
    may call your own `sigmoid`.

    Judged: the value to the last few digits everywhere, the limits 1 at $-\infty$ and 0 at $\infty$, nan stays nan, no
    overflow warning at any finite x, `x` left as it was.

    Example: `complement(np.array([0.0, 1.0, 40.0]))` is about `[0.5, 0.26894142, 4.24835426e-18]`.
    """
    x = np.asarray(x)
    wide = x.astype(np.float64)
    e = np.exp(-np.abs(wide))
    return (np.where(wide >= 0, e, 1) / (1 + e)).astype(np.result_type(x, np.float16))


complement.alternative("the reflection identity, calling sigmoid", lambda x: sigmoid.reference(-x))
complement.alternative("through the logarithm", lambda x: np.exp(-np.logaddexp(0, x)))
complement.alternative(
    "with the smaller exponential in front", lambda x: np.exp(np.minimum(-x, 0)) / (1 + np.exp(-np.abs(x)))
)

complement.misconception(
    "The formula is true and your sigmoid is fine, but near 1 the floating-point numbers are $10^{-16}$ apart: "
    "what does σ(40) round to, and what is left after the subtraction?",
    lambda x: 1 - sigmoid.reference(x),
)
complement.misconception(
    "Right on paper, but `np.exp(x)` overflows at x = 1000, and at 710 the result is 0 where the truth is 4.5e-309.",
    lambda x: 1 / (1 + np.exp(x)),
)
complement.misconception(
    "This form is good on the right and becomes inf / inf on the left. What does x = -1000 give?",
    lambda x: np.exp(-x) / (1 + np.exp(-x)),
)
complement.misconception(
    "This is σ(x) itself: at x = 40 it should be nearly 0, not nearly 1.",
    lambda x: sigmoid.reference(x),
)
complement.misconception(
    "A floor such as 1e-12 keeps the logarithm of it finite, but it is made up: every x beyond 28 now gets "
    "the same probability.",
    lambda x: np.maximum(1 - sigmoid.reference(x), np.asarray(1e-12, dtype=np.asarray(x).dtype)),
)
