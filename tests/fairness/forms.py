"""Other forms of a right result: lists, tuples, arrays, and numbers of other libraries where any of them will do."""

from __future__ import annotations

from tests.fairness.answers import SOFTMAX
from tests.fairness.case import Case, notebook, saved

SET_UP = "import numpy as np\nimport sympy as sp\nfrom fractions import Fraction\nfrom autograder import Repair, Step"
TWO_MINIMA = """\
def experiment_two_minima(seed):
    rng = np.random.default_rng(seed)
    starts = [[rng.uniform(2, 3), rng.uniform(0.1, 0.5)], [rng.uniform(0.1, 0.5), rng.uniform(2, 3)]]
    ends = []
    for u, v in starts:
        while (1 - v * max(0, u)) ** 2 >= 1e-9:
            r = 1 - u * v
            u, v = u + 0.01 * r * v, v + 0.01 * r * u
        ends.append({0}([u, v]))
    return {{"first": ends[0], "second": ends[1]}}
"""
CHAINS = """\
def experiment_vanishing_product(seed):
    z = np.random.default_rng(seed).normal(size=(500, 20))
    e = np.exp(-np.abs(z))
    product = np.cumprod(e / (1 + e) ** 2, axis=1)
    return {0}
"""
RANK = """\
def answer_jacobian_rank(variant):
    w, u = (np.array(variant[name], float) for name in ("weights", "push"))
    p = w / w.sum()
    rank, first = np.sum(w > 0) - 1, p[0] * (u[0] - p @ u)
    return {0}
"""
SUP = """\
def expr_sup_of_derivative(name):
    return {0} if name == "sigmoid" else {1}
"""
PRELU = """\
def prelu_backward(x, alpha, upstream):
    if np.shape(x) != np.shape(upstream):
        raise ValueError("shapes")
    x, g = np.asarray(x), np.asarray(upstream)
    dtype = np.result_type(x, g)
    slope = np.where(x > 0, 1, np.where(np.isnan(x), np.nan, alpha))
    return [(g * slope).astype(dtype), np.sum(g.astype(float) * np.minimum(x, 0)).astype(dtype)]
"""
STEPS = """\
def derivation_tanh_slope():
    x = sp.Symbol("x", real=True)
    steps = [Step("D(tanh(x), x)"), Step("D(2*sigmoid(2*x) - 1, x)", rule="in disguise")]
    steps += Step("2 * (2*(sigmoid(2*x) * (1 - sigmoid(2*x))))"), Step("4*sigmoid(2*x)*(1-sigmoid(2*x))")
    return tuple(steps)
"""
PLOT = """\
def plot_temperature(ax):
    T = np.geomspace(0.01, 1000, 300)
    p = softmax(np.array([2.0, 1.0, 0.0]) / T[:, None])
    lines = ax.semilogx(T, p)
    ax.set(xlabel="temperature", ylabel="probability")
    for k in range(3):
        ax.text(1, p[150, k], f"class {k + 1}")
    return lines
"""


def form(name: str, did: str, of: str, *cells: str) -> Case:
    return Case(name, did, {"homework.ipynb": saved(notebook(SET_UP, *cells))}, full=(of,))


def witness(name: str, did: str, of: str, value: str) -> Case:
    return form(name, did, of, f"def {of}():\n    return {value}")


CASES = (
    form("pair as a list", "returns a list where a pair is asked for", "prelu_backward", PRELU),
    form(
        "answers as a list",
        "returns a list where a tuple is asked for",
        "answer_jacobian_rank",
        RANK.format("[int(rank), float(first)]"),
    ),
    form("answers as NumPy numbers", "returns NumPy numbers", "answer_jacobian_rank", RANK.format("rank, first")),
    form(
        "answers as an array",
        "returns an array where a tuple is asked for",
        "answer_jacobian_rank",
        RANK.format("np.array([rank, first])"),
    ),
    form(
        "an exact number",
        "returns a SymPy expression where a float is asked for",
        "answer_temperature",
        "def answer_temperature(variant):\n    z = variant['z1'] - variant['z2']\n    return z / sp.log(variant['odds'])",
    ),
    form(
        "a number of NumPy",
        "returns a NumPy scalar where a float is asked for",
        "answer_temperature",
        "def answer_temperature(variant):\n    return np.divide(variant['z1'] - variant['z2'], np.log(variant['odds']))",
    ),
    form(
        "exact numbers in a list",
        "returns a list, and whole numbers of Python",
        "expr_sup_of_derivative",
        SUP.format("[sp.Rational(1, 4), 0]", "[1, 0]"),
    ),
    form(
        "fractions",
        "returns fractions of Python",
        "expr_sup_of_derivative",
        SUP.format("(Fraction(1, 4), sp.S(0))", "(sp.S.One, 0)"),
    ),
    form(
        "expressions not simplified",
        "returns exact numbers in another form",
        "expr_sup_of_derivative",
        SUP.format("(sp.exp(-sp.log(4)), sp.log(1))", "(sp.sin(1)**2 + sp.cos(1)**2, sp.tanh(0))"),
    ),
    form("weights as lists", "returns lists of weights", "experiment_two_minima", TWO_MINIMA.format("list")),
    form(
        "weights as arrays",
        "returns arrays where lists are asked for",
        "experiment_two_minima",
        TWO_MINIMA.format("np.array"),
    ),
    form(
        "measurements as lists",
        "returns nested lists where arrays are asked for",
        "experiment_vanishing_product",
        CHAINS.format("{'z': z.tolist(), 'product': product.tolist()}"),
    ),
    witness(
        "witness in tuples",
        "returns tuples and arrays in a witness",
        "witness_permutation",
        "{'w': np.array([1.0, -1.0]), 'b': (0, 0), 'v': [1, 1]}",
    ),
    witness(
        "witness of fractions",
        "returns fractions and SymPy numbers in a witness",
        "witness_permutation",
        "dict(w=(Fraction(3, 2), -sp.Rational(3, 2)), b=(0, sp.S(0)), v=(Fraction(2, 3), sp.Rational(2, 3)))",
    ),
    witness(
        "witness in arrays",
        "returns arrays in a witness",
        "witness_two_minima",
        "{'first': np.array([16, 0.0625]), 'second': (0.0625, 16)}",
    ),
    witness(
        "witness of one entry",
        "returns an array of one number in a witness",
        "witness_tanh_stronger",
        "{'x': np.array(40)}",
    ),
    witness("witness in float32", "returns a float32 in a witness", "witness_tanh_stronger", "{'x': np.float32(40)}"),
    witness(
        "repair with blanks",
        "writes the repair with blanks, a NumPy integer, and no names of arguments",
        "repair_tanh_range",
        "Repair(np.int64(3), ' [ 0 , 1 ) ', {'x': np.float64(0)})",
    ),
    form("steps in a tuple", "returns steps in a tuple, some without a rule", "derivation_tanh_slope", STEPS),
    form(
        "plot by other means",
        "draws with semilogx, writes the names beside the curves, and returns the lines",
        "plot_temperature",
        SOFTMAX,
        PLOT,
    ),
)
