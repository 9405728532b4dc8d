"""The logarithm of the sigmoid, finite where the sigmoid itself has long been rounded to 0."""

import math

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Numeric, Property
from solutions.sigmoid_tanh.values import sigmoid


def mirrored(rng, dtype):
    """A spread of points and their mirror images."""
    x = np.concatenate([rng.uniform(-8, 8, 24), [0.0, 9.5, 15.0]]).astype(dtype)
    return [(x,), (-x,)]


def differs_by_x(inputs, outputs):
    here, there = (value.astype(float) for value in outputs)
    [(x,), _] = inputs
    gap = np.abs(here - there - x) - 4 * np.finfo(x.dtype).eps * (np.abs(here) + np.abs(there))
    worst = int(np.argmax(gap))
    if gap[worst] <= 0:
        return None
    return f"at x = {x[worst]:g} your value at x minus your value at -x is {here[worst] - there[worst]:.6g}, not x"


@exercise(
    Numeric(
        truth="log(sigmoid(x))",
        arguments={"x": "real"},
        limits={("x", "inf"): 0.0, ("x", "-inf"): -math.inf},
        extremes=((-1000.0,), (-745.0,), (36.0,), (40.0,), (709.0,), (-100.0,), (1e-3,)),
        properties=(Property("log_sigmoid(x) - log_sigmoid(-x) = x", mirrored, differs_by_x),),
    ),
    title="The logarithm of the sigmoid",
    points=2,
    claims=("S4-A19",),
    hints=(
        "σ(-1000) is smaller than the smallest float. Is its logarithm also out of reach?",
        "Take the logarithm on paper before the computer sees the sigmoid: $-\\log(1 + e^{-x})$. Then pull out of "
        "the bracket what overflows; what stays is log(1 + something at most 1), for which NumPy has a function.",
        "`small = np.log1p(np.exp(-np.abs(x)))`",
    ),
)
def log_sigmoid(x: np.ndarray) -> np.ndarray:
    r"""Return $\log\sigma(x) = -\log(1 + e^{-x})$ for every entry of `x`.

    This is the log-probability of "yes", the quantity that every classifier with a sigmoid at its end is trained on.

    `x` is a float16, float32 or float64 array of any shape; the result has its shape and dtype. Use NumPy only.

    Judged: the value to the last few digits everywhere: at x = -1000 it is -1000 (σ itself is 0 there), and at x = 40
    it is $-4.2 \cdot 10^{-18}$, not 0; the limits $-\infty$ at $-\infty$ and 0 at $\infty$; nan stays nan; no warning
    at any finite x; `x` left as it was; $\log\sigma(x) - \log\sigma(-x) = x$.

    Example: `log_sigmoid(np.array([0.0, -1000.0, 40.0]))` is about `[-0.69314718, -1000.0, -4.24835426e-18]`.
    """
    x = np.asarray(x)
    wide = x.astype(np.float64)  # a narrow input is rounded once, at the end
    log_s = np.minimum(wide, 0) - np.log1p(np.exp(-np.abs(wide)))
    return log_s.astype(np.result_type(x, np.float16))


log_sigmoid.alternative("the same in the dtype that came in", lambda x: np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x))))
log_sigmoid.alternative("minus a logaddexp", lambda x: -np.logaddexp(0, -x))
log_sigmoid.alternative(
    "two cases, one exponential",
    lambda x: np.where(x >= 0, -np.log1p(np.exp(-np.abs(x))), x - np.log1p(np.exp(-np.abs(x)))),
)

log_sigmoid.misconception(
    "By the time you take the logarithm, the sigmoid has already been rounded: to 0 at -1000, to 1 at 40. "
    "The logarithm of what is lost is lost too.",
    lambda x: np.log(sigmoid.reference(x)),
)
log_sigmoid.misconception(
    "`np.log(1 + tiny)` is 0, because 1 + tiny is 1 before the logarithm sees it; and on the left the exponential "
    "overflows.",
    lambda x: -np.log(1 + np.exp(-x)),
)
log_sigmoid.misconception(
    "`log1p` saves the right tail, and the left one still overflows: what is `np.exp(1000)`? "
    "For negative x, pull x out of the logarithm first.",
    lambda x: -np.log1p(np.exp(-x)),
)
log_sigmoid.misconception(
    "The absolute value made it safe and also made it even: your values at -3 and 3 agree, the truth differs by 3. "
    "Which term is missing for negative x?",
    lambda x: -np.log1p(np.exp(-np.abs(x))),
)
log_sigmoid.misconception(
    "Adding 1e-12 inside the logarithm puts a floor of -27.6 under the curve: at -1000 the loss it feeds no longer "
    "depends on x, and its gradient is gone.",
    lambda x: np.log(sigmoid.reference(x) + np.asarray(1e-12, dtype=np.asarray(x).dtype)),
)
log_sigmoid.misconception(
    "This is the loss, -log σ(x), which is positive. The log of a probability is never above 0.",
    lambda x: np.maximum(-x, 0) + np.log1p(np.exp(-np.abs(x))),
)
