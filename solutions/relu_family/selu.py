"""SELU: an ELU whose two constants follow from asking that mean 0 and variance 1 stay what they are."""

import math

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Numeric, Property

# The moment equations are linear in alpha, and then in 1/lambda². E[min(z, 0)] = -1/sqrt(2 pi) for standard normal z.
_ALPHA = "(sqrt(2/pi)/(1 - sqrt(exp(1))*erfc(1/sqrt(2))))"
_LAMBDA = f"(1/sqrt(1/2 + {_ALPHA}**2*(exp(2)*erfc(sqrt(2))/2 - sqrt(exp(1))*erfc(1/sqrt(2)) + 1/2)))"
SELU = f"where(x > 0, {_LAMBDA}*x, {_LAMBDA}*{_ALPHA}*(exp(x) - 1))"

LAMBDA = 1.0507009873554805
LAMBDA_ALPHA = 1.7580993408473768  # alpha is 1.6732632423543772; the product, rounded once


def _nodes() -> tuple[np.ndarray, np.ndarray]:
    """Points and weights of a quadrature for the normal distribution, the bend at 0 being an end of both halves."""
    t, weights = np.polynomial.legendre.leggauss(60)
    z, weights = 5 * (t + 1), 5 * weights
    weights = weights * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    return np.concatenate([-z, z]), np.concatenate([weights, weights])


def _normal(rng, dtype) -> list[tuple]:
    return [(_nodes()[0].astype(dtype),)]


def _moments_stay(inputs, outputs) -> str | None:
    y, (_, weights) = outputs[0].astype(float), _nodes()
    mean, variance = weights @ y, weights @ y**2 - (weights @ y) ** 2
    if abs(mean) <= 1e-12 and abs(variance - 1) <= 1e-12:
        return None
    return f"after your function the mean is {mean:.3g} and the variance {variance:.13g}"


@exercise(
    Numeric(
        truth=SELU,
        arguments={"x": "real"},
        kinks=("x",),
        extremes=((710.0,), (1000.0,), (-40.0,), (-1e-10,), (-1e-20,), (1e-20,), (-1000.0,), (89.0,), (12.0,)),
        properties=(
            Property("a normal input of mean 0 and variance 1 comes out with both", _normal, _moments_stay, 1.0),
        ),
    ),
    title="SELU, with all digits of its constants",
    points=3,
    claims=("S4-A45", "S4-A47", "S4-X06", "S4-A46"),
    hints=(
        "How many digits of lambda and alpha do you have? The two equations have more.",
        "Both sides of the mean's equation contain lambda as a factor, so it falls out, and what is left is linear in "
        "alpha: $\\alpha = \\sqrt{2/\\pi} / (1 - \\sqrt{e}\\,\\mathrm{erfc}(1/\\sqrt2))$. The second equation then gives "
        "lambda. `math.erfc` knows the function; `mpmath.findroot` solves the two without any thought.",
        "`ALPHA = math.sqrt(2 / math.pi) / (1 - math.sqrt(math.e) * math.erfc(math.sqrt(0.5)))`",
    ),
)
def selu(x: np.ndarray) -> np.ndarray:
    r"""Return the scaled exponential linear unit of every entry of `x`:

    $$f(x) = \lambda x \text{ for } x > 0, \qquad f(x) = \lambda\alpha\,(e^x - 1) \text{ for } x \le 0$$

    The two constants are what they are for one reason: when z is normal with mean 0 and variance 1, the output has
    mean 0 and variance 1 again,

    $$\mathrm{E}\,f(z) = 0, \qquad \mathrm{E}\,f(z)^2 = 1.$$

    That makes $\alpha \approx 1.67$ and $\lambda \approx 1.05$. Two digits are not enough here, nor are five: find them
    to the last digit of float64, by solving the two equations or by looking them up where they are printed in full.

    `x` is a float16, float32 or float64 array of any shape; the result has its shape and its dtype.

    Judged: the value to the last few digits everywhere, also just left of 0; $-\lambda\alpha$ at $-\infty$ and $\infty$
    at $\infty$; nan stays nan; no overflow warning where the result is finite; `x` is left as it was; mean 0 and
    variance 1 of the output for a normal input.

    Example: `selu(np.array([1.0, 0.0, -1.0]))` is about `[1.05070099, 0, -1.11133074]`.
    """
    x = np.asarray(x)
    wide = x.astype(np.float64)  # a narrow input is rounded once, at the end
    y = LAMBDA * np.maximum(wide, 0) + LAMBDA_ALPHA * np.expm1(np.minimum(wide, 0))
    return y.astype(np.result_type(x, np.float16))


@selu.alternative("the constants from their closed form, one branch for each side")
def from_the_equations(x):
    root, tail = math.sqrt(math.e), math.erfc(math.sqrt(0.5))
    alpha = math.sqrt(2 / math.pi) / (1 - root * tail)
    scale = 1 / math.sqrt(0.5 + alpha**2 * (math.e**2 * math.erfc(math.sqrt(2)) / 2 - root * tail + 0.5))
    with np.errstate(over="ignore"):
        return scale * np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


@selu.alternative("the constants looked up, the exponential only where it is needed")
def looked_up(x):
    y = np.array(x, copy=True)
    off = y < 0
    y[off] = 1.6732632423543772848 * np.expm1(y[off])
    with np.errstate(over="ignore"):
        return 1.0507009873554804934 * y


def _selu(x, alpha=1.6732632423543772, scale=1.0507009873554805):
    with np.errstate(over="ignore"):
        return np.where(x > 0, scale * x, scale * alpha * np.expm1(np.minimum(x, 0)))


selu.misconception(
    "Your alpha is near 1.676, as a survey has it in print. Put it into the two equations: the variance comes out as "
    "1.0015. Which digit was misread?",
    lambda x: _selu(x, 1.676, 1.0507),
)
selu.misconception(
    "1.67 and 1.05 are where the search begins. Your function is right to two digits, and the equations have "
    "as many as you like.",
    lambda x: _selu(x, 1.67, 1.05),
)
selu.misconception(
    "Constants cut off after four digits make a function that is right to four digits. Where could you get the rest?",
    lambda x: _selu(x, 1.673, 1.0507),
)
selu.misconception(
    "Constants of single precision: right to eight digits, and float64 has sixteen.",
    lambda x: _selu(x, float(np.float32(1.6732632)), float(np.float32(1.0507010))),
)
selu.misconception(
    "This is ELU with the right alpha. On the right your slope is 1: which factor makes up for the variance that the "
    "left side loses?",
    lambda x: _selu(x, scale=1.0),
)
selu.misconception(
    "lambda multiplies your right side only. It stands in front of both.",
    lambda x: np.where(x > 0, _selu(x), 1.6732632423543772 * np.expm1(np.minimum(x, 0))),
)
selu.misconception(
    "Just left of 0, `exp(x) - 1` subtracts two neighbours: at x = -1e-20 nothing is left of it.",
    lambda x: np.where(x > 0, _selu(x), 1.7580993408473768 * (np.exp(np.minimum(x, 0)) - 1)),
)
selu.misconception(
    "The values are right, and on the way to them `np.where` has computed the exponential of 1000 for an entry that "
    "does not need it.",
    lambda x: np.where(x > 0, _selu(x), 1.7580993408473768 * np.expm1(x)),
)


@exercise(
    Gradient(
        truth=f"where(x > 0, {_LAMBDA}, {_LAMBDA}*{_ALPHA}*exp(x))",
        arguments={"x": "real"},
        kinks=("x",),
        extremes=((710.0,), (1000.0,), (-40.0,), (-700.0,), (-740.0,), (-1000.0,), (89.0,), (-17.0,), (12.0,)),
        forward="selu",
        forward_truth=SELU,
        at_kink="lambda*alpha at 0",
    ),
    title="The slope of SELU",
    points=2,
    claims=("S4-A47", "S4-A45"),
    hints=(
        "How steep is SELU just right of 0, and how steep just left of it? Is 1 among the answers?",
        "The factor lambda stands in front of both sides and stays there. On the left the slope is "
        "$\\lambda\\alpha e^x$, on the right it is a constant.",
        "`left = LAMBDA * ALPHA * np.exp(np.minimum(x, 0))`",
    ),
)
def selu_grad(x: np.ndarray) -> np.ndarray:
    r"""Return the slope of SELU at every entry of `x`: $\lambda$ for x > 0, $\lambda\alpha e^x$ for x < 0.

    The two do not meet: $\lambda \approx 1.05$ on the right of 0, $\lambda\alpha \approx 1.76$ on the left. The
    convention is the slope seen from the left, $\lambda\alpha$ at 0. The constants are those of `selu`, in full.

    `x` is the pre-activation, a float16, float32 or float64 array of any shape; the result has its shape and its dtype.

    Judged: the value to the last few digits everywhere, also far on the left, where it is tiny and not yet 0; the
    convention at 0; $\lambda$ at $\infty$ and 0 at $-\infty$; nan stays nan; no overflow warning at any finite x; `x` is left
    as it was; agreement with differences of your own `selu` away from 0.

    Example: `selu_grad(np.array([2.0, 0.0, -1.0]))` is about `[1.05070099, 1.75809934, 0.64676861]`.
    """
    x = np.asarray(x)
    wide = x.astype(np.float64)
    left = LAMBDA_ALPHA * np.exp(np.minimum(wide, 0))
    return np.where(wide > 0, LAMBDA, left).astype(np.result_type(x, np.float16))


def _slope(x, left, right=1.0507009873554805):
    return np.where(x > 0, right, left).astype(np.asarray(x).dtype)


@selu_grad.alternative("the exponential only where it is needed")
def only_on_the_left(x):
    slope = np.array(x, copy=True)
    right, off = slope > 0, slope <= 0
    slope[right] = 1.0507009873554804934
    slope[off] = 1.0507009873554804934 * 1.6732632423543772848 * np.exp(slope[off])
    return slope


selu_grad.alternative(
    "lambda times the slope of ELU",
    lambda x: 1.0507009873554805 * _slope(x, 1.6732632423543772 * np.exp(np.minimum(x, 0)), 1.0),
)

selu_grad.misconception(
    "At 0 you give lambda, the slope seen from the right. The convention asked for here is the one from the left.",
    lambda x: np.where(x == 0, np.asarray(1.0507009873554805, np.asarray(x).dtype), selu_grad.reference(x)),
)
selu_grad.misconception(
    "This is the slope of ELU with SELU's alpha. What does the factor in front of both sides do?",
    lambda x: _slope(x, 1.6732632423543772 * np.exp(np.minimum(x, 0)), 1.0),
)
selu_grad.misconception(
    "alpha is missing on the left: your slope does not jump at 0, and SELU's does.",
    lambda x: _slope(x, 1.0507009873554805 * np.exp(np.minimum(x, 0))),
)
selu_grad.misconception(
    "The slope is selu(x) + λα on paper. Far on the left that adds two numbers of opposite sign and nearly the same "
    "size: at x = -40 you get 0, and the truth is 7.5e-18.",
    lambda x: _slope(x, 1.7580993408473768 * np.expm1(np.minimum(x, 0)) + 1.7580993408473768),
)
selu_grad.misconception(
    "Constants cut off after four digits make a slope that is right to four digits.",
    lambda x: _slope(x, 1.673 * 1.0507 * np.exp(np.minimum(x, 0)), 1.0507),
)
selu_grad.misconception(
    "`np.where` computes both of its branches for every entry, and at x = 1000 the one you do not want overflows.",
    lambda x: _slope(x, 1.7580993408473768 * np.exp(x)),
)
