"""Ways to write a right answer."""

from __future__ import annotations

from tests.fairness.answers import COMPLEMENT, SIGMOID, SLOPE, SOFTMAX
from tests.fairness.case import Case, notebook, saved, wrote

CASES = (
    wrote(
        "prints inside",
        "prints inside the function, and to stderr",
        "import sys\n"
        + SIGMOID.replace("    e =", "    print('x =', x, flush=True); print(x, file=sys.stderr)\n    e ="),
        full=("sigmoid",),
    ),
    wrote(
        "default arguments",
        "adds arguments with defaults",
        SIGMOID.replace("(x)", "(x, beta=1.0, *, verbose=False, **kwargs)", 1),
        full=("sigmoid",),
    ),
    wrote(
        "other names",
        "calls the argument something else",
        SIGMOID.replace("(x)", "(logits, /)", 1).replace("x", "logits").replace("np.elogitsp", "np.exp"),
        full=("sigmoid",),
    ),
    wrote(
        "any arguments",
        "takes *args",
        "def sigmoid(*args):\n    x, = args\n    return np.exp(-np.logaddexp(0, -x))",
        full=("sigmoid",),
    ),
    wrote(
        "lambda",
        "writes a lambda",
        "sigmoid = lambda x: np.exp(-np.logaddexp(0, -x))",
        "complement = lambda x: sigmoid(-x)",
        full=("sigmoid", "complement"),
    ),
    wrote(
        "partial",
        "uses functools.partial",
        "from functools import partial",
        "def scaled(x, beta): return np.exp(-np.logaddexp(0, -beta * x))",
        "sigmoid = partial(scaled, beta=1)",
        full=("sigmoid",),
    ),
    wrote(
        "callable object",
        "writes a class and makes an object of it",
        "class Sigmoid:\n    def __call__(self, x):\n        return np.exp(-np.logaddexp(0, -x))",
        "sigmoid = Sigmoid()",
        full=("sigmoid",),
    ),
    wrote(
        "class of functions",
        "keeps the functions in a class",
        "class Activation:\n    @staticmethod\n    def sigmoid(x):\n        return np.exp(-np.logaddexp(0, -x))\n"
        "    @classmethod\n    def complement(cls, x):\n        return cls.sigmoid(-x)",
        "sigmoid = Activation.sigmoid\ncomplement = Activation().complement",
        full=("sigmoid", "complement"),
    ),
    wrote(
        "helper class",
        "uses a dataclass as a helper",
        "from dataclasses import dataclass\n@dataclass\nclass Parts:\n    x: np.ndarray\n    @property\n    def e(self):\n"
        "        return np.exp(-np.abs(self.x))",
        "def sigmoid(x):\n    p = Parts(x)\n    return np.where(p.x >= 0, 1, p.e) / (1 + p.e)",
        full=("sigmoid",),
    ),
    wrote(
        "decorators",
        "decorates with wraps, np.errstate, and a timer",
        "import time, functools\ndef timed(f):\n    @functools.wraps(f)\n    def inner(*a, **k):\n        t = time.time()\n"
        "        r = f(*a, **k)\n        print(time.time() - t)\n        return r\n    return inner",
        "@timed\n@np.errstate(over='ignore')\n" + SIGMOID,
        full=("sigmoid",),
    ),
    wrote(
        "vectorize",
        "decorates with np.vectorize, and mends size and dtype",
        "import math",
        "@np.vectorize(otypes=[float])\ndef one(x):\n    e = math.exp(-abs(x))\n    return 1 / (1 + e) if x >= 0 else e / (1 + e) "
        "if x < 0 else x",
        "def sigmoid(x):\n    x = np.asarray(x)\n    return one(x).astype(x.dtype)",
        full=("sigmoid",),
    ),
    wrote(
        "loop",
        "loops over the entries",
        "import math",
        "def sigmoid(x):\n    x = np.asarray(x)\n    out = np.empty_like(x)\n    for i, v in np.ndenumerate(x):\n"
        "        e = math.exp(-abs(v))\n        out[i] = v if v != v else 1 / (1 + e) if v >= 0 else e / (1 + e)\n    return out",
        full=("sigmoid",),
    ),
    wrote(
        "masks",
        "fills a result by masks",
        "def sigmoid(x):\n    x = np.asarray(x)\n    s = np.empty_like(x)\n    right = x >= 0\n"
        "    s[right] = 1 / (1 + np.exp(-x[right]))\n"
        "    e = np.exp(x[~right])\n    s[~right] = e / (1 + e)\n    return s",
        full=("sigmoid",),
    ),
    wrote(
        "cached helper",
        "caches a helper",
        "from functools import lru_cache, cache",
        "@lru_cache(maxsize=None)\ndef one():\n    print('computed')\n    return 1",
        "def sigmoid(x):\n    return np.exp(-np.logaddexp(0, -x)) * one()",
        full=("sigmoid",),
    ),
    wrote(
        "nested",
        "nests functions and closes over a variable",
        "def make(sign):\n    def inner(x):\n        def e(): return np.exp(-np.abs(x))\n"
        "        return np.where(sign * x >= 0, 1, e()) / (1 + e())\n    return inner",
        "sigmoid, complement = make(1), make(-1)",
        full=("sigmoid", "complement"),
    ),
    wrote(
        "global constants",
        "keeps constants in another cell",
        SIGMOID.replace("1 + e", "ONE + e").replace("1, e", "ONE, e"),
        "ONE = 1",
        full=("sigmoid",),
    ),
    wrote(
        "counts",
        "counts calls in a global",
        "calls = 0",
        SIGMOID.replace("    e =", "    global calls; calls += 1\n    e ="),
        full=("sigmoid",),
    ),
    wrote(
        "helpers below",
        "defines helpers in other cells, below their use",
        "def sigmoid(x):\n    return right(x) if np.ndim(x) < 0 else both(x)",
        "def both(x):\n    return np.exp(-soft(-x))",
        "def soft(x):\n    return np.logaddexp(0, x)",
        full=("sigmoid",),
    ),
    wrote(
        "calls the others",
        "lets one answer call another, in any order",
        COMPLEMENT,
        SIGMOID,
        "def log_sigmoid(x):\n    return -np.logaddexp(0, -x)",
        SLOPE,
        full=("sigmoid", "complement", "log_sigmoid", "sigmoid_grad"),
    ),
    wrote(
        "twice",
        "defines the function twice, and the last one is right",
        "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))",
        "def sigmoid(x):\n    return x",
        SIGMOID,
        full=("sigmoid",),
    ),
    wrote(
        "walrus and match",
        "uses match, walrus, and f-strings",
        "def sigmoid(x):\n    match np.ndim(x):\n        case 0 | _ if (e := np.exp(-np.abs(x))) is not None:\n"
        '            label = f\'{x!r:>20} {"a" + "b"}\'\n    return np.where(x >= 0, 1, e) / (1 + e)',
        full=("sigmoid",),
    ),
    wrote(
        "generator",
        "builds the result from a generator",
        "def sigmoid(x):\n    x = np.asarray(x)\n    values = (np.exp(-np.logaddexp(0, -v)) for v in x.ravel())\n"
        "    return np.fromiter(values, x.dtype, x.size).reshape(x.shape)",
        full=("sigmoid",),
    ),
    wrote(
        "Unicode names",
        "uses Greek letters as names",
        "def σ(ξ):\n    return np.exp(-np.logaddexp(0, -ξ))",
        "sigmoid = σ",
        full=("sigmoid",),
    ),
    wrote(
        "own exception",
        "checks the input and raises for what is no array",
        "def sigmoid(x):\n    if not isinstance(x, (np.ndarray, np.generic, float)):\n        raise TypeError(type(x))\n"
        "    return np.exp(-np.logaddexp(0, -x))",
        full=("sigmoid",),
    ),
    wrote(
        "own randomness",
        "draws random numbers on the way",
        "np.random.seed(0)\nrng = np.random.default_rng()",
        "def sigmoid(x):\n    noise = rng.normal() + np.random.rand()\n    return np.exp(-np.logaddexp(0, -x)) + 0 * noise",
        full=("sigmoid",),
    ),
    wrote(
        "memory of its own",
        "saves a file and a plot on every call",
        "import matplotlib.pyplot as plt",
        "def sigmoid(x):\n    s = np.exp(-np.logaddexp(0, -x))\n    try:\n"
        "        np.save('last.npy', s)\n    except OSError:\n        pass\n"
        "    return s",
        full=("sigmoid",),
    ),
    Case(
        "both topics in one notebook",
        "answers two topics in one notebook",
        {
            "homework.ipynb": saved(
                notebook(
                    "import numpy as np",
                    SIGMOID,
                    COMPLEMENT,
                    SOFTMAX,
                    "def logsumexp(z, axis=-1):\n    return np.logaddexp.reduce(z, axis=axis)",
                )
            )
        },
        full=("sigmoid", "complement", "softmax"),
    ),
)
