"""The cross-entropy of distributions, one in a row, and its slope."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Gradient, Numeric
from solutions.cross_entropy.laws import half_the_slope, twice_the_data, two_distributions
from solutions.cross_entropy.pairs import mean, paired
from solutions.cross_entropy.truths import cross_entropy_truth, surprise_slopes


@exercise(
    Numeric(
        cross_entropy_truth,
        {"p": "simplex(3)", "q": "simplex(3)"},
        core="(m,n),(m,n)->()",
        extremes=(
            ([[0.0, 1.0, 0.0]], [[0.25, 0.5, 0.25]]),
            ([[0.5, 0.5, 0.0]], [[0.25, 0.75, 0.0]]),
            ([[0.5, 0.5], [1.0, 0.0]], [[1.0, 0.0], [0.5, 0.5]]),
            ([[1.0, 0.0]], [[1.0, 0.0]]),
            ([[0.25, 0.75]], [[1e-20, 1.0]]),
            ([[0.0, 1.0]], [[1.0, 1e-300]]),
            ([[1.0, 0.0]], [[1 - 2.0**-52, 2.0**-52]]),
            ([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]], [[0.5, 0.25, 0.25], [0.0, 0.5, 0.5]]),
        ),
        properties=(twice_the_data(two_distributions),),
    ),
    title="How surprised q is by p",
    points=2,
    claims=("S2-N46", "S2-D13"),
    hints=(
        "In one row, what do you pay on average when p decides what happens, and $-\\log q_k$ is the price of class k?",
        "Sum over the classes of a row, then take the mean over the rows. A class that never happens (p = 0) costs "
        "nothing, whatever its price, and `0 * np.log(0.0)` does not know that.",
        "`surprise = np.where((p == 0) & (q == 0), 0, -p * np.log(q))`, inside `with np.errstate(...)`",
    ),
)
def cross_entropy(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    r"""Return the cross-entropy of the predictions `q` under the truth `p`, the mean over the rows:

    $$H(p, q) = -\frac1m \sum_{i=1}^{m} \sum_k p_{ik} \log q_{ik}$$

    Every row, along the last axis, is a distribution over the classes; a 1-D array is one row, and an array of more
    dimensions holds as many rows as it has slices. `p` is the truth (often one-hot), `q` the prediction, both of one
    shape; the result is one number in their common float dtype (an integer `p` has no say in it). The logarithm is
    the natural one, and $0 \log 0 = 0$. A class that happens though q calls it impossible makes the loss inf: nothing
    is clipped. nan makes nan. Different shapes and empty arrays raise ValueError; rows are not checked for
    their sums.

    Judged: the value, tiny and zero probabilities included; the mean over rows, not over entries; no nan and no
    warning where p = q = 0; dtype; ValueError for a mean over nothing.

    Example: `cross_entropy(np.array([[1, 0], [0.5, 0.5]]), np.array([[0.5, 0.5], [0.25, 0.75]]))` is about
    0.76506263.
    """
    p, q, dtype = paired(p, q, dims=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        surprise = np.where((p == 0) & (q == 0), 0, -p * np.log(q))  # 0 log 0 = 0
    return mean(surprise.sum(axis=-1)).astype(dtype)


def _refuse(p, q):
    if np.shape(p) != np.shape(q) or not np.size(p):
        raise ValueError("p and q should have the same shape, with something in it")


@cross_entropy.alternative("the logarithm only where p asks for it")
def only_where_p_asks(p, q):
    _refuse(p, q)
    with np.errstate(divide="ignore"):
        log_q = np.log(q, out=np.zeros_like(q), where=(p != 0) | np.isnan(q))
    return -np.mean(np.sum(p * log_q, axis=-1))


@cross_entropy.alternative("all products at once, divided by the number of rows")
def all_products_at_once(p, q):
    p, q, dtype = paired(p, q, dims=1)
    harmless = np.where((p == 0) & (q == 0), 1, q)
    with np.errstate(divide="ignore"):
        log_q = np.where(harmless > 0, np.log(harmless), np.where(np.isnan(harmless), np.nan, -np.inf))
    return (-np.vdot(p, log_q) / (q.size / q.shape[-1])).astype(dtype)


def _rows(p, q):
    return -np.sum(p * np.log(q), axis=-1)


cross_entropy.misconception(
    "The mean runs over all entries here, so three classes make the loss three times smaller. How many distributions "
    "are there?",
    lambda p, q: -np.mean(p * np.log(q)),
)
cross_entropy.misconception(
    "Truth and prediction have changed places. Which of the two decides how often a class happens, and which sets "
    "its price?",
    lambda p, q: np.mean(_rows(q, p)),
)
cross_entropy.misconception(
    "The definition, word for word. Then a class has p = 0 and q = 0: what does NumPy make of 0 times minus infinity?",
    lambda p, q: np.mean(_rows(p, q)),
)
cross_entropy.misconception(
    "Twice the rows, twice the loss: the sum has not been divided by the number of rows.",
    lambda p, q: np.sum(_rows(p, q)),
)
cross_entropy.misconception(
    "You measure in bits. The logarithm here is the natural one: for q = 1/2 the surprise is 0.693, not 1.",
    lambda p, q: -np.mean(np.sum(p * np.log2(q), axis=-1)),
)
cross_entropy.misconception(
    "A small number inside the logarithm: what is q = 1e-20 worth then, and what does a certain right answer cost?",
    lambda p, q: np.mean(_rows(p, q + q.dtype.type(1e-7))),
)
cross_entropy.misconception(
    "`nan_to_num` makes 0 of nan, and of infinity $1.8 \\cdot 10^{308}$. What does q = 0 cost where p is not 0?",
    lambda p, q: np.mean(np.sum(np.nan_to_num(-p * np.log(q)), axis=-1)),
)
cross_entropy.misconception(
    "The entropy of p has been taken off: that is the KL divergence. What does a perfect prediction of a fair coin cost?",
    lambda p, q: np.mean(_rows(p, q) - _rows(p, p)),
)
cross_entropy.misconception(
    "The terms $(1 - p)\\log(1 - q)$ are those of a yes or no for each class apart. In a row of classes exactly one "
    "happens: who has already paid for the others?",
    lambda p, q: np.mean(_rows(p, q) + _rows(1 - p, 1 - q)),
)
cross_entropy.misconception(
    "Only the likeliest class pays here. In a soft truth every class pays its share: what is the loss of p = [0.6, 0.4]?",
    lambda p, q: -np.mean(np.log(np.take_along_axis(q, np.argmax(p, axis=-1, keepdims=True), axis=-1))),
)


@exercise(
    Gradient(
        surprise_slopes,
        {"p": "simplex(3)", "q": "simplex(3)"},
        core="(m,n),(m,n)->(m,n)",
        extremes=(
            ([[0.0, 1.0, 0.0]], [[0.25, 0.5, 0.25]]),
            ([[0.5, 0.5, 0.0]], [[0.25, 0.75, 0.0]]),
            ([[0.5, 0.5], [1.0, 0.0]], [[1.0, 0.0], [0.5, 0.5]]),
            ([[0.25, 0.75]], [[1e-20, 1.0]]),
            ([[0.0, 1.0]], [[1.0, 1e-300]]),
        ),
        properties=(half_the_slope(two_distributions),),
        forward="cross_entropy",
        dtypes=("float64", "float32"),  # in float16 -p / q overflows before it is divided by m, and that is no mistake
    ),
    title="What each predicted probability is told",
    points=1,
    claims=("S2-N46",),
    hints=(
        "Which single term of the loss holds $q_{ik}$, and what is its derivative?",
        "$-p \\log q$ has the slope $-p / q$, the mean over m rows brings 1/m, and a class with p = 0 has no say, "
        "whatever q is: there 0 / 0 has to be 0.",
        "`rows = q.size // q.shape[-1]`",
    ),
)
def cross_entropy_grad(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    r"""Return the gradient of the mean `cross_entropy(p, q)` with respect to every entry of `q`, each moved alone:

    $$\frac{\partial H}{\partial q_{ik}} = -\frac{p_{ik}}{m\, q_{ik}}$$

    Rows along the last axis are distributions, a 1-D array is one row, m is the number of rows. `p` and `q` have one
    shape; the result has it too, in their common float dtype (an integer `p` has no say in it). Where p = 0 the slope
    is 0, also at q = 0; where q = 0 and p is not, it is $-\infty$. Different shapes and empty arrays raise ValueError.

    Judged: the values, divided by the number of rows, not of entries; p = 0 and q = 0 without nan and without a
    warning; agreement with differences of your own `cross_entropy`.

    Example: `cross_entropy_grad(np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.75, 0.0]))` is about
    `[-2, -0.66666667, 0]`.
    """
    p, q, dtype = paired(p, q, dims=1)
    rows = q.size // q.shape[-1]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where((p == 0) & (q == 0), 0, -p / (rows * q)).astype(dtype)


@cross_entropy_grad.alternative("divided only where p is not 0")
def divided_where_p_is_not_0(p, q):
    _refuse(p, q)
    with np.errstate(divide="ignore", over="ignore"):
        slope = np.divide(-p, q, out=0 * q, where=p != 0)
    return slope / q.dtype.type(q.size // q.shape[-1])


@cross_entropy_grad.alternative("the rows counted by flattening all but the classes")
def rows_by_flattening(p, q):
    _refuse(p, q)
    flat_p, flat_q = p.reshape(-1, p.shape[-1]), q.reshape(-1, q.shape[-1])
    with np.errstate(divide="ignore", over="ignore"):
        harmless = np.where((flat_p == 0) & (flat_q == 0), 1, flat_q)
        return (-flat_p / harmless / len(flat_q)).astype(q.dtype).reshape(q.shape)


cross_entropy_grad.misconception(
    "The slope of one row is right. The loss is the mean of m rows: how much does one of them move it?",
    lambda p, q: -p / q,
)
cross_entropy_grad.misconception(
    "You divided by the number of entries, and the loss is a mean over rows: how many distributions are there?",
    lambda p, q: -p / q / q.dtype.type(q.size),
)
cross_entropy_grad.misconception(
    "q - p is what reaches the logits after softmax. Here q itself is moved: what is the derivative of $\\log q$?",
    lambda p, q: (q - p) / q.dtype.type(len(q)),
)
cross_entropy_grad.misconception(
    "A minus got lost. Does the surprise grow when the probability of what happened grows?",
    lambda p, q: p / q / q.dtype.type(len(q)),
)
cross_entropy_grad.misconception(
    "Right where q is positive. At p = q = 0 your quotient is 0 / 0, and a class without weight has no say at all.",
    lambda p, q: -p / q / q.dtype.type(len(q)),
)
cross_entropy_grad.misconception(
    "The small number in the denominator sets a limit to the slope. What should it be at q = 1e-20, and at q = 0?",
    lambda p, q: -p / (q + q.dtype.type(1e-7)) / q.dtype.type(len(q)),
)
cross_entropy_grad.misconception(
    "$-\\log q$ is the slope when p is moved. The prediction is q.",
    lambda p, q: -np.log(q) / q.dtype.type(len(q)),
)
