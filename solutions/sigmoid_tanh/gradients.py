"""The slopes of sigmoid and tanh, accurate in tails where the textbook forms return zero."""

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient
from autograder.properties import even
from solutions.sigmoid_tanh.values import sigmoid


@exercise(
    Gradient(
        truth="sigmoid(x)*sigmoid(-x)",
        arguments={"x": "real"},
        limits={("x", "inf"): 0.0, ("x", "-inf"): 0.0},
        extremes=((37.0,), (-37.0,), (40.0,), (709.0,), (-709.0,), (-360.0,), (-1000.0,), (1000.0,)),
        properties=(even("the slope is the same at x and at -x"),),
        forward="sigmoid",
        forward_truth="sigmoid(x)",
    ),
    title="The slope of the sigmoid",
    points=2,
    claims=("S1-6.1.1c", "S1-6.1.1c2", "S4-A17", "S2-N07", "S4-A20"),
    hints=(
        "The slope is σ(x)(1 - σ(x)). What does `1 - sigmoid(40.0)` give?",
        "The slope is an even function, so only $|x|$ matters, and written with $e = e^{-|x|}$ there is neither a "
        "subtraction nor a large number in it.",
        "`e = np.exp(-np.abs(x))`",
    ),
)
def sigmoid_grad(x: np.ndarray) -> np.ndarray:
    r"""Return the derivative of the sigmoid at every entry of `x`:

    $$\sigma'(x) = \sigma(x)\,(1 - \sigma(x)) = \frac{e^{-x}}{(1 + e^{-x})^2}$$

    The argument is the pre-activation x, not the activation σ(x). `x` is a float16, float32 or float64 array of any
    shape; the result has its shape and dtype. Use NumPy only; you may call functions of your own.

    Judged: the value to the last few digits everywhere (both forms above are true and, as code, both fail somewhere);
    0 at $\pm\infty$; nan stays nan; no overflow warning at any finite x; `x` left as it was; the slope is the same at x
    and -x; agreement with differences of your own `sigmoid`.

    Example: `sigmoid_grad(np.array([0.0, 1.0, 40.0]))` is about `[0.25, 0.19661193, 4.24835426e-18]`.
    """
    x = np.asarray(x)
    wide = x.astype(np.float64)  # a narrow input is rounded once, at the end
    e = np.exp(-np.abs(wide))
    slope = e / (1 + e * (2 + e))  # (1 + e)² multiplied out: fewer roundings
    return slope.astype(np.result_type(x, np.float16))


sigmoid_grad.alternative(
    "as on paper, with |x|, in the dtype that came in", lambda x: np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))) ** 2
)
sigmoid_grad.alternative("sigmoid times its mirror image", lambda x: sigmoid.reference(x) * sigmoid.reference(-x))
sigmoid_grad.alternative(
    "as the square of a hyperbolic secant",
    lambda x: (np.exp(-np.abs(x) / 2) / (1 + np.exp(-np.abs(x)))) ** 2,
)
sigmoid_grad.alternative("through the logarithms", lambda x: np.exp(-np.logaddexp(0, -x) - np.logaddexp(0, x)))

sigmoid_grad.misconception(
    "True on paper, but from x = 37 on your slope is exactly 0: σ has been rounded to 1 and 1 - σ has no digits left. "
    "Which other name does 1 - σ(x) have?",
    lambda x: sigmoid.reference(x) * (1 - sigmoid.reference(x)),
)
sigmoid_grad.misconception(
    "The quotient form squares $e^{-x}$: on the left the square overflows long before the slope is gone, then it is "
    "inf / inf. The slope is even; which half of the line can you do without?",
    lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2,
)
sigmoid_grad.misconception(
    "Multiplying through by $e^{2x}$ only moves the overflow from the left to the right: what does x = 1000 give?",
    lambda x: np.exp(x) / (1 + np.exp(x)) ** 2,
)
sigmoid_grad.misconception(
    "x(1 - x) is the slope when x already is the activation σ. Here x is the pre-activation: at x = 0 "
    "the slope is 1/4.",
    lambda x: x * (1 - x),
)
sigmoid_grad.misconception(
    "A difference quotient is a good check and a poor derivative: the subtraction costs half of the digits, and in the "
    "tails all of them. Differentiate on paper.",
    lambda x: (
        (sigmoid.reference(x + x.dtype.type(1e-3)) - sigmoid.reference(x - x.dtype.type(1e-3))) / x.dtype.type(2e-3)
    ),
)
sigmoid_grad.misconception(
    "The inner derivative of $-x$ is missing, so the sign came out wrong: the sigmoid rises, its slope is positive.",
    lambda x: -sigmoid.reference(x) * sigmoid.reference(-x),
)


@exercise(
    Gradient(
        truth="4*sigmoid(2*x)*sigmoid(-2*x)",
        arguments={"x": "real"},
        limits={("x", "inf"): 0.0, ("x", "-inf"): 0.0},
        extremes=((19.5,), (-19.5,), (20.0,), (356.0,), (-370.0,), (711.0,), (-1000.0,), (12.0,)),
        properties=(even("the slope is the same at x and at -x"),),
        forward="tanh",
        forward_truth="tanh(x)",
    ),
    title="The slope of tanh",
    points=2,
    claims=("S1-6.1.1d", "S1-6.1.3d", "S4-A24", "S4-A27"),
    hints=(
        "`1 - np.tanh(20.0)**2` is 0. Is the slope of tanh really 0 at 20?",
        "tanh' is $1/\\cosh^2 x$. Write cosh with $e = e^{-|x|}$ and multiply through, so that nothing can overflow; "
        "square at the very end.",
        "`e = np.exp(-np.abs(x))`",
    ),
)
def tanh_grad(x: np.ndarray) -> np.ndarray:
    r"""Return the derivative of tanh at every entry of `x`:

    $$\tanh'(x) = 1 - \tanh^2 x = 4\,\sigma(2x)\,(1 - \sigma(2x)) = \frac{1}{\cosh^2 x}$$

    The argument is the pre-activation x, not the activation tanh(x). `x` is a float16, float32 or float64 array of any
    shape; the result has its shape and dtype. Use NumPy only; you may call functions of your own.

    Judged: the value to the last few digits everywhere, also at x = 20, where it is $1.7 \cdot 10^{-17}$ and not 0;
    0 at $\pm\infty$; nan stays nan; no overflow warning at any finite x, however large; `x` left as it was; the
    slope is the same at x and -x; agreement with differences of your own `tanh`.

    Example: `tanh_grad(np.array([0.0, 1.0, 20.0]))` is about `[1.0, 0.41997434, 1.69934170e-17]`.
    """
    x = np.asarray(x)
    wide = x.astype(np.float64)
    e = np.exp(-2 * np.minimum(np.abs(wide), 400))  # beyond 400 the slope is 0, and 2x could overflow
    slope = 4 * e / (1 + e * (2 + e))  # (1 + e)² multiplied out: fewer roundings
    return slope.astype(np.result_type(x, np.float16))


@tanh_grad.alternative("the square of 1/cosh, with one exponential")
def squared_at_the_end(x):
    e = np.exp(-np.abs(x))
    sech = 2 * e / (1 + e * e)
    return sech * sech


tanh_grad.alternative(
    "two sigmoid-like factors",
    lambda x: 4 * np.exp(-np.abs(x)) ** 2 / (1 + np.exp(-np.abs(x)) ** 2) ** 2,
)


@tanh_grad.alternative("four sigmoid slopes at 2x, kept in range")
def four_slopes(x):
    top = np.finfo(x.dtype).max / 2
    return 4 * sigmoid_grad.reference(2 * np.clip(x, -top, top))


@tanh_grad.alternative("1/cosh, with the overflow silenced where the result is 0 anyway")
def quiet_cosh(x):
    with np.errstate(over="ignore"):
        return (1 / np.cosh(x)) ** 2


tanh_grad.misconception(
    "True on paper, but from |x| = 19.1 on tanh is exactly 1 in floating point and your slope exactly 0; the digits "
    "have been dying since |x| = 1. Find a form without a subtraction.",
    lambda x: 1 - np.tanh(x) ** 2,
)
tanh_grad.misconception(
    "Good digits, but cosh squared overflows at |x| = 356, where the slope is 2.4e-309 and not 0. "
    "In which order could you divide and square?",
    lambda x: 1 / np.cosh(x) ** 2,
)
tanh_grad.misconception(
    "1 - x² is the slope when x already is the activation tanh. Here x is the pre-activation: at x = 1 "
    "the slope is 0.42.",
    lambda x: 1 - x * x,
)
tanh_grad.misconception(
    "The square is on the wrong thing: tanh² x is (tanh x)², not tanh(x²).",
    lambda x: 1 - np.tanh(x * x),
)
tanh_grad.misconception(
    "tanh x = 2σ(2x) - 1 has a 2 outside and a 2 inside; the chain rule needs both. At 0 the slope is 1, not 1/2.",
    lambda x: 2 * np.exp(-np.abs(x)) ** 2 / (1 + np.exp(-np.abs(x)) ** 2) ** 2,
)
tanh_grad.misconception(
    "This is four times the slope of the sigmoid at x; tanh x = 2σ(2x) - 1 asks for the slope at 2x.",
    lambda x: 4 * sigmoid_grad.reference(x),
)
