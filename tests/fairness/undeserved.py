"""Answers that look right from somewhere, and earn nothing."""

from __future__ import annotations

from dataclasses import replace

from tests.fairness.answers import SIGMOID
from tests.fairness.case import Case, notebook, saved

TRUE = "np.exp(-np.logaddexp(0, -x))"
STEPS = "from autograder import Step\nFIRST, LAST = 'D(sigmoid(x), x)', 'sigmoid(x)*(1-sigmoid(x))'"


def none(name: str, did: str, *cells: str, of: str = "sigmoid") -> Case:
    return Case(name, did, {"homework.ipynb": saved(notebook("import numpy as np", *cells))}, none=(of,))


def some(name: str, did: str, *cells: str) -> Case:
    return replace(none(name, did, *cells), none=(), part=("sigmoid",))


def sig(body: str) -> str:
    return "def sigmoid(x):\n    " + body.replace("\n", "\n    ") + "\n"


CASES = (
    none("a column", "returns a column, which broadcasts", sig(f"s = {TRUE}\nreturn np.reshape(s, (-1, 1))")),
    none("a row", "adds an axis in front", sig(f"return {TRUE}[None]")),
    some("flat", "flattens matrices", sig(f"return np.ravel({TRUE})")),
    some("overflow", "writes the formula as printed, which overflows", sig("return 1 / (1 + np.exp(-x))")),
    some("one dtype", "turns everything into float64", sig(f"x = np.asarray(x, float)\nreturn {TRUE}")),
    some(
        "warns",
        "gives the right values and warns on the way",
        sig("left = np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))\nnp.exp(np.abs(x))\nreturn left"),
    ),
    none("one number", "returns one number for all entries", sig(f"return np.mean({TRUE})")),
    none("a half", "returns 0.5 for everything", sig("return 0.5")),
    none("a constant array", "returns an array of halves", sig("return np.full_like(x, 0.5)")),
    none("empty", "returns an empty array", sig("return np.array([])")),
    none("nan", "returns nan everywhere", sig("return np.full_like(x, np.nan)")),
    none("nothing", "prints the result and returns None", sig(f"print({TRUE})")),
    none("the argument", "returns the argument", sig("return x")),
    none("mutated", "changes the input on the way", sig(f"s = {TRUE}\nx *= 0\nreturn s")),
    none("in place", "writes the result into the input", sig(f"x[...] = {TRUE}\nreturn x")),
    none(
        "looked up",
        "lifted the values of the printed example",
        sig(
            "known = {0.0: 0.5, -1.0: 0.26894142, -710.0: 4.476286e-309}\n"
            "return np.vectorize(lambda v: known.get(float(v), 0.5), otypes=[float])(x)"
        ),
    ),
    none("complex", "returns complex numbers", sig(f"return ({TRUE}).astype(complex)")),
    none("objects", "returns an array of objects", sig(f"return ({TRUE}).astype(object)")),
    none("text", "returns text", sig(f"return ({TRUE}).astype(str)")),
    none("matrix", "returns a matrix", sig(f"return np.matrix({TRUE})")),
    none(
        "subclass",
        "returns an array that claims to equal everything",
        "class Equal(np.ndarray):\n    def __eq__(self, other): return True\n    def all(self): return True",
        sig("return np.zeros_like(x).view(Equal)"),
    ),
    none(
        "only once",
        "works the first time only",
        "first = True",
        sig(f"global first\nif first:\n    first = False\n    return {TRUE}\nreturn x * 0"),
    ),
    none(
        "once for each shape",
        "keeps the first result of each shape",
        "kept = {}",
        sig(f"return kept.setdefault((np.shape(x), np.asarray(x).dtype), {TRUE})"),
    ),
    none(
        "shared result",
        "returns one and the same array again and again",
        "out = np.empty(0)",
        sig(
            "global out\nif out.shape != np.shape(x) or out.dtype != x.dtype:\n    out = np.empty_like(x)\nout[...] = 0\nreturn out"
        ),
    ),
    none("random", "returns random numbers", sig("return np.random.rand(*np.shape(x)).astype(np.asarray(x).dtype)")),
    none(
        "swallowed",
        "swallows every error and returns zeros",
        sig("try:\n    return undefined(x)\nexcept Exception:\n    return np.zeros_like(x)"),
    ),
    none("itself", "returns the function", sig("return sigmoid")),
    none("a generator", "yields the values", sig(f"yield from {TRUE}")),
    none("asks the marker", "asks the person in front of it", sig("return np.full_like(x, float(input('? ')))")),
    none(
        "cached arrays",
        "caches a function of arrays, which cannot be hashed",
        "from functools import lru_cache",
        "@lru_cache\n" + SIGMOID,
    ),
    none("a number for a function", "stores a number under the name", "sigmoid = 0.5"),
    none(
        "claims success",
        "prints that all is well",
        sig('print(\'{"status": "passed", "score": 2}\')\nraise SystemExit(0)'),
    ),
    none(
        "pretends check passed",
        "defines a check of its own",
        "def check(f): return 'passed'",
        sig("return x"),
        "check(sigmoid)",
    ),
    none("twice, wrong last", "replaced a right answer by a wrong one", SIGMOID, sig("return x")),
    none(
        "softmax over everything",
        "normalises over the whole array only",
        "def softmax(z, axis=-1):\n    return np.full_like(z, 1.0)",
        of="softmax",
    ),
    none(
        "first example of softmax",
        "lifted the printed example",
        "def softmax(z, axis=-1):\n    if z.shape == (3,):\n        return np.array([0.0900, 0.2447, 0.6652])\n"
        "    return np.array([[1, 0], [0.5, 0.5]])",
        of="softmax",
    ),
    none(
        "gradient of ones",
        "returns ones for a gradient",
        "def sigmoid_grad(x):\n    return np.ones_like(x)",
        of="sigmoid_grad",
    ),
    none(
        "finite differences",
        "approximates the slope coarsely",
        "def sigmoid_grad(x, h=0.5):\n    return (np.tanh(x + h) - np.tanh(x)) / h",
        of="sigmoid_grad",
    ),
    none(
        "upstream handed back",
        "returns the upstream gradient",
        "def softmax_vjp(p, upstream, axis=-1):\n    return upstream",
        of="softmax_vjp",
    ),
    none(
        "all answers",
        "gives every answer at once",
        "def choice_complement(variant):\n    keys = 'all half none some'\n    return dict(answer=keys, reason=keys)",
        of="choice_complement",
    ),
    none(
        "an answer like all others",
        "answers with an object that equals everything",
        "class Any(str):\n    def __eq__(self, other): return True\n    __hash__ = str.__hash__",
        "def choice_complement(variant):\n    return dict(answer=Any('x'), reason=Any('x'))",
        of="choice_complement",
    ),
    none(
        "two ends",
        "derives by writing the first and the last line",
        STEPS,
        "def derivation_sigmoid_slope():\n    return [Step(FIRST), Step(LAST)]",
        of="derivation_sigmoid_slope",
    ),
    none(
        "padding",
        "repeats the first line to reach the length",
        STEPS,
        "def derivation_sigmoid_slope():\n    return [Step(FIRST)] * 5 + [Step(LAST)]",
        of="derivation_sigmoid_slope",
    ),
    none(
        "rounded",
        "gives a rounded number where an exact one is asked for",
        "def expr_sup_of_derivative(name):\n    return (0.25, 0.0) if name == 'sigmoid' else (0.9999999, 0.0)",
        of="expr_sup_of_derivative",
    ),
    none(
        "text to be executed",
        "answers with text that would be executed",
        "def expr_sup_of_derivative(name):\n    return ('__import__(\"os\").system(\"id\")', 'exit()')",
        of="expr_sup_of_derivative",
    ),
    none(
        "the example of the form",
        "hands in the example of the statement",
        "def witness_tanh_stronger():\n    return {'x': 0.5}",
        of="witness_tanh_stronger",
    ),
    none(
        "the pair of the lesson",
        "hands in the pair of the lesson",
        "def witness_two_minima():\n    return {'first': [2, 0.5], 'second': [0.5, 2]}",
        of="witness_two_minima",
    ),
    none(
        "every line at once",
        "repairs every line at once",
        "from autograder import Repair",
        "def repair_tanh_range():\n    return [Repair(k, '[0, 1)', {'x': 0}) for k in range(1, 6)]",
        of="repair_tanh_range",
    ),
    none(
        "made up measurements",
        "makes measurements up",
        "def experiment_vanishing_product(seed):\n    z = np.zeros((500, 20))\n"
        "    return {'z': z, 'product': 0.25 ** np.arange(1, 21) + z, 'passed': True}",
        of="experiment_vanishing_product",
    ),
    none(
        "a picture of nothing",
        "draws nothing and says it did",
        "def plot_temperature(ax):\n    ax.set(xlabel='T', ylabel='p', xscale='log')\n    return True",
        of="plot_temperature",
    ),
)
