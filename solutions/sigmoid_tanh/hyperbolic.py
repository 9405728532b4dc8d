"""tanh by hand: what `np.tanh` has to do so that no digit is lost near 0 and nothing overflows far away."""

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Numeric
from autograder.properties import odd
from solutions.sigmoid_tanh.values import sigmoid


@exercise(
    Numeric(
        truth="tanh(x)",
        arguments={"x": "real"},
        limits={("x", "inf"): 1.0, ("x", "-inf"): -1.0},
        extremes=((800.0,), (-800.0,), (355.0,), (711.0,), (1e-20,), (-1e-300,), (19.5,), (45.0,)),
        properties=(odd("tanh(-x) = -tanh(x)"),),
    ),
    title="tanh, built by hand",
    points=2,
    claims=("S4-A23", "S4-A22", "S4-A25", "S1-6.1.1b", "S1-6.1.1b2", "S4-X04"),
    hints=(
        "What is `np.exp(800.0)`, and what is inf / inf? And at x = 1e-20: what is left of $e^x - e^{-x}$?",
        "Multiply the fraction through by one of its exponentials, and only $e^{2|x|}$ is left, above and below. The "
        "numerator is then of the form $e^t - 1$, and for exactly that NumPy has a function that does not cancel. The "
        "sign of x can wait until the end.",
        "`e = np.expm1(2 * ...)`, of something that cannot overflow",
    ),
)
def tanh(x: np.ndarray) -> np.ndarray:
    r"""Return the hyperbolic tangent of every entry of `x`, built from `np.exp` or `np.expm1`:

    $$\tanh x = \frac{e^x - e^{-x}}{e^x + e^{-x}}$$

    `np.tanh` exists, and the rest of the course calls it. Here you find out what it does for you: the formula as
    printed is nan at x = 800, and at x = 1e-20 it is 0.

    `x` is a float16, float32 or float64 array of any shape; the result has its shape and its dtype.

    Judged: the value to the last few digits everywhere, also close to 0, where $\tanh x$ is nearly x; 1 at $\infty$
    and -1 at $-\infty$; nan stays nan; no overflow warning at any finite x, however large; `x` left as it was;
    $\tanh(-x) = -\tanh x$.

    Example: `tanh(np.array([0.5, 1e-20, -800.0]))` is about `[0.46211716, 1e-20, -1.0]`.
    """
    x = np.asarray(x)
    wide = x.astype(np.float64)  # a narrow input is rounded once, at the end
    e = np.expm1(2 * np.minimum(np.abs(wide), 20))  # e^2|x| - 1; from 20 on tanh is 1 to all digits
    return np.copysign(e / (e + 2), wide).astype(np.result_type(x, np.float16))


@tanh.alternative("with the exponential that falls")
def with_the_falling_exponential(x):
    e = np.expm1(-2 * np.minimum(np.abs(x), 300))
    return -np.sign(x) * e / (2 + e)


@tanh.alternative("expm1(x) and expm1(-x), kept in range")
def two_expm1(x):
    near = np.clip(x, -20, 20).astype(np.float64)
    up, down = np.expm1(near), np.expm1(-near)
    return ((up - down) / (up + down + 2)).astype(np.asarray(x).dtype)


@tanh.alternative("the library's own, to compare yours with")
def the_library(x):
    return np.tanh(x)


tanh.misconception(
    "The formula as printed: both exponentials are on paper finite, and `np.exp(800)` is not. What is inf / inf?",
    lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
)
tanh.misconception(
    "Multiplied through by $e^x$ the fraction looks tidier, and overflows at half the distance: what is "
    "`np.exp(2 * 400.0)`? Only one of the two signs of x can afford this form.",
    lambda x: (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1),
)
tanh.misconception(
    "A true identity, and no overflow. Now ask it for tanh(1e-20): 2σ is 1 + 1e-20, and that is rounded to 1 before "
    "the 1 is taken away.",
    lambda x: 2 * sigmoid.reference(2 * np.clip(x, -40, 40)) - 1,
)
tanh.misconception(
    "Nothing overflows any more, but `1 - e` subtracts two numbers that are nearly equal when x is small. "
    "Which function gives $e^t - 1$ in one piece?",
    lambda x: np.sign(x) * (1 - np.exp(-2 * np.minimum(np.abs(x), 40))) / (1 + np.exp(-2 * np.minimum(np.abs(x), 40))),
)
tanh.misconception(
    "The absolute value made it safe, and your curve now points upwards on both sides. What is tanh(-1)?",
    lambda x: -np.expm1(-2 * np.minimum(np.abs(x), 300)) / (2 + np.expm1(-2 * np.minimum(np.abs(x), 300))),
)
tanh.misconception(
    "tanh x is 2σ(2x) - 1, with a 2 inside as well. Yours is as steep as the sigmoid at 0, twice over: 1/2.",
    lambda x: 2 * sigmoid.reference(x) - 1,
)
