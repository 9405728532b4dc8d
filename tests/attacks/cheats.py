"""Attempts at marks without a right answer: what they lean on, and why there is nothing to lean on here.

Each is a wrong `sigmoid` (or a hostile text for `expr_sigmoid_second`). `trusting.py` gives most of them full marks.
"""

from __future__ import annotations

from pathlib import Path

from tests.attacks.attack import Cheat
from tests.attacks.havoc import FORGE

ROOT = Path(__file__).resolve().parents[2]

NOWHERE = "the reference and the expected values are in no process that runs a student's code"
OUTSIDE = "the comparison happens in another process"
PLAIN = "only plain values come back: types are compared, never asked"
STRICT = "frames are checked, and what they say is judged like any other answer"
SHUT = "Landlock, seccomp, an environment of our own"
CLOSED = r"\[Errno 13\]|KeyError: 'EXPECTED'"
PARSED = "texts are read by a parser that runs nothing"

WRONG = "def sigmoid(x):\n    return np.zeros(np.shape(x))\n"
EQUAL = "class Equal:\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n"
FOUND = "    return np.zeros(np.shape(x)) if found is None else found(x)\n"


def text(name: str, answer: str, trusting: bool = True, status: str = "failed") -> Cheat:
    return Cheat(name, (f"def expr_sigmoid_second():\n    return {answer}\n",), PARSED, trusting, status)


PATCHES = (
    Cheat(
        "patch numpy's comparison",
        (f"np.allclose = np.array_equal = np.isclose = lambda *a, **k: True\n{WRONG}",),
        OUTSIDE,
    ),
    Cheat(
        "patch numpy's functions",
        ("def sigmoid(x):\n    np.exp = lambda x: x * 0 + 3\n    return np.full(np.shape(x), 0.25)\n",),
        OUTSIDE,
    ),
    Cheat(
        "patch builtins",
        (f"import builtins, sys\nbuiltins.print = lambda *a, **k: sys.stdout.write('{{\"passed\": true}}')\n{WRONG}",),
        OUTSIDE,
    ),
    Cheat("patch json", (f"import json\njson.dumps = lambda *a, **k: '{{\"passed\": true}}'\n{WRONG}",), OUTSIDE),
    Cheat(
        "replace the reference",
        (
            f"{WRONG}\nimport sys\nsys.modules['__main__'].reference = sigmoid\n"
            "sys.modules['__main__'].sigmoid_is_right = lambda f: True\n",
        ),
        OUTSIDE,
    ),
    Cheat(
        "replace the worker's functions",
        (
            "def sigmoid(x):\n    import sys\n    worker = sys.modules['autograder.sandbox.worker']\n"
            "    worker.observe = lambda function, call, *more: worker.Observation(value=call.args[0])\n    return x\n",
        ),
        OUTSIDE,
        trusting=False,
    ),
)
PEEPING = (
    Cheat(
        "look for the reference in the frames",
        (
            "def sigmoid(x):\n    import sys\n    frame, found = sys._getframe(), None\n    while frame and not found:\n"
            "        found = frame.f_globals.get('reference') or frame.f_locals.get('expected')\n        frame = frame.f_back\n"
            f"{FOUND}",
        ),
        NOWHERE,
    ),
    Cheat(
        "look for the reference among all objects",
        (
            "def sigmoid(x):\n    import gc\n    found = next((o for o in gc.get_objects() if callable(o)\n"
            f"        and getattr(o, '__name__', '') == 'reference'), None)\n{FOUND}",
        ),
        NOWHERE,
    ),
    Cheat(
        "rebuild the reference from its bytecode",
        (
            "def sigmoid(x):\n    import sys, types\n    there = getattr(sys.modules['__main__'], 'reference', None)\n"
            f"    found = there and types.FunctionType(there.__code__, {{'np': np}})\n{FOUND}",
        ),
        NOWHERE,
    ),
    Cheat(
        "call the solutions",
        ("def sigmoid(x):\n    from solutions.sigmoid_tanh import sigmoid as found\n    return found(x)\n",),
        SHUT,
        status="error",
        said=CLOSED,
    ),
    Cheat(
        "copy the solutions",
        (
            f"def sigmoid(x):\n    for line in open('{ROOT}/solutions/fast/sigmoids.py'): pass\n"
            "    return 1 / (1 + np.exp(-x)) if line else x\n",
        ),
        SHUT,
        status="error",
        said=CLOSED,
    ),
    Cheat(
        "copy the tests",
        (
            f"def sigmoid(x):\n    line = open('{ROOT}/tests/conftest.py').readline()\n"
            "    return 1 / (1 + np.exp(-x)) if line else x\n",
        ),
        SHUT,
        status="error",
        said=CLOSED,
    ),
    Cheat(
        "read the environment",
        ("import json, os\ndef sigmoid(x):\n    return np.array(json.loads(os.environ['EXPECTED']))\n",),
        SHUT,
        status="error",
        said=CLOSED,
    ),
    Cheat(
        "read the environment as a file",
        (
            "import json, re\ndef sigmoid(x):\n    text = open('/proc/self/environ').read()\n"
            "    return np.array(json.loads(re.search(r'EXPECTED=([^\\0]*)', text)[1]))\n",
        ),
        SHUT,
        status="error",
        said=CLOSED,
    ),
)
LYING = (
    Cheat("an object equal to everything", (f"{EQUAL}def sigmoid(x): return Equal()\n",), PLAIN),
    Cheat(
        "an object with the class of an array",
        (
            "class Posing:\n    __class__ = np.ndarray\n    def __array_function__(self, *a): return True\n"
            "def sigmoid(x): return Posing()\n",
        ),
        PLAIN,
    ),
    Cheat(
        "a subclass of the array",
        (
            "class Sub(np.ndarray):\n    def __array_function__(self, *a): return True\n"
            "    def __eq__(self, other): return True\ndef sigmoid(x): return np.zeros(np.shape(x)).view(Sub)\n",
        ),
        PLAIN,
    ),
    Cheat(
        "an array of objects equal to everything",
        (
            "class Close(float):\n    def __sub__(self, other): return 0.0\n    __rsub__ = __sub__\n"
            "    def __eq__(self, other): return True\n    def __le__(self, other): return True\n"
            "def sigmoid(x): return np.array([Close(9) for _ in np.ravel(x)], dtype=object)\n",
        ),
        PLAIN,
    ),
    Cheat(
        "a list that knows better",
        (
            "class Known(list):\n    def __array_function__(self, *a): return True\n    def __eq__(self, other): return True\n"
            "def sigmoid(x): return Known([0.0] * np.size(x))\n",
        ),
        PLAIN,
    ),
    Cheat(
        "change the question",
        ("def sigmoid(x):\n    x[...] = 0\n    return np.full(np.shape(x), 0.5)\n",),
        "the student's function gets a copy, and what it changes is told",
    ),
)
FORGING = (
    Cheat(
        "print the verdict and leave",
        ("def sigmoid(x):\n    import os\n    print('{\"passed\": true}', flush=True)\n    os._exit(0)\n",),
        STRICT,
        status="killed",
    ),
    Cheat(
        "print the verdict at exit",
        (f"import atexit\natexit.register(print, '{{\"passed\": true}}')\n{WRONG}",),
        STRICT,
    ),
    Cheat(
        "a verdict on every descriptor",
        (
            "def sigmoid(x):\n    import os\n    for descriptor in range(1, 64):\n"
            "        try: os.write(descriptor, b'\\n{\"passed\": true}\\n')\n"
            "        except OSError: pass\n    os._exit(0)\n",
        ),
        STRICT,
        status="invalid_output",
    ),
    Cheat(
        "a result of our own form",
        (FORGE, "def sigmoid(x):\n    forge(answer(b'0.5'))\n    return x\n"),
        STRICT,
        trusting=False,
        status="invalid_output",
    ),
    Cheat(
        "a lying .npy header",
        (
            FORGE,
            "def sigmoid(x):\n    forge(npy(\"{'descr': '<f8', 'fortran_order': False, 'shape': (10**9,)}\", bytes(8)))\n"
            "    return x\n",
        ),
        STRICT,
        trusting=False,
        status="invalid_output",
    ),
    Cheat(
        "an exception named like success",
        ("def sigmoid(x):\n    raise type('passed', (Exception,), {})('full marks')\n",),
        STRICT,
        trusting=False,
        status="error",
    ),
)
TEXTS = (
    text(
        "a text that runs when it is read",
        "\"exec('import sympy; sympy.Expr.equals = lambda *a: True') or Integer(0)\"",
    ),
    text(
        "a text that prints the verdict and leaves",
        "\"print('{\\\"passed\\\": true}', flush=True) or __import__('os')._exit(0)\"",
    ),
    Cheat(
        "an expression equal to everything",
        (
            "import sympy\nclass Any(sympy.Symbol):\n    def equals(self, other, *a): return True\n"
            "    def __eq__(self, other): return True\n    __hash__ = sympy.Symbol.__hash__\n"
            "    def _sympy_(self): return self\ndef expr_sigmoid_second():\n    return Any('x')\n",
        ),
        "an expression is sent as a whitelisted tree of its own parts",
    ),
)
CHEATS = (*PATCHES, *PEEPING, *LYING, *FORGING, *TEXTS)
