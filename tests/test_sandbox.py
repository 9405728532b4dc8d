"""What becomes of programs that hang, crash, eat memory or meddle: it costs one exercise, and the truth is told."""

from pathlib import Path

import numpy as np
import pytest

from autograder.calls import Call, Program
from autograder.sandbox import Sandbox
from autograder.sandbox.zygote_client import unsupported

ROOT = Path(__file__).resolve().parents[1]


pytestmark = pytest.mark.skipif(bool(unsupported()), reason="isolation needs Linux")


GOOD = "def good(x):\n    return x + 1\n"


ASK_F = [Call("f")]


ASK_GOOD = [Call("good", (np.arange(3.0),))]


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox("available", memory_mb=256, time_limit=20) as opened:
        yield opened


@pytest.fixture
def brief(sandbox, monkeypatch):
    """The same sandbox with a short deadline, for programs that are meant to use it up."""
    monkeypatch.setattr(sandbox, "time_limit", 0.7)
    return sandbox


def perform(sandbox, *cells, calls=ASK_F):
    """The observations of the group under attack, while the groups before and after it stay untouched."""
    groups = [ASK_GOOD, list(calls), ASK_GOOD]
    before, seen, after = sandbox.perform(Program((GOOD, *cells)), groups).observations
    for neighbour in (before, after):
        assert [type(o.value) for o in neighbour] == [np.ndarray], neighbour
        np.testing.assert_array_equal(neighbour[0].value, [1, 2, 3])
    return seen


def fates(seen):
    return [o.fate for o in seen]


@pytest.mark.parametrize(
    "body",
    [
        "while True: pass",
        "import time; time.sleep(1e6)",
        "while True:\n        try:\n            while True: pass\n        except BaseException: pass",
        "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n    while True: pass",
        "import re; re.match('(a*)*b', 'a' * 60)",
        "10 ** 10 ** 9",
    ],
    ids=[
        "loop",
        "sleep",
        "loop swallowing everything",
        "loop with signals blocked",
        "loop inside C",
        "one step that never ends",
    ],
)
def test_a_hang_costs_its_own_exercise(brief, body):
    seen = perform(brief, f"def f():\n    {body}", calls=[Call("f"), Call("f")])
    assert fates(seen) == ["timeout", "unreached"]


def test_the_time_of_every_group_is_taken_outside(brief):
    groups = [ASK_GOOD, [Call("f")], ASK_GOOD]
    seconds = brief.perform(Program((GOOD, "def f():\n    while True: pass")), groups).seconds
    assert [each > 0.5 for each in seconds] == [False, True, False]


@pytest.mark.parametrize(
    "statement", ["while True: pass", "import os; os._exit(0)", "import ctypes; ctypes.string_at(0)"]
)
def test_a_hang_or_crash_while_loading_is_left_out_next_time(brief, statement):
    cells = (f"def f():\n    return later()\n{statement}\n", "def later():\n    return 7")
    assert perform(brief, *cells)[0].value == 7


def test_a_program_that_never_loads_gets_its_fate_for_every_call(brief):
    program = Program((GOOD, *["x = [i for i in iter(int, 1)]"] * 5))
    performance = brief.perform(program, [ASK_GOOD, ASK_GOOD])
    assert [fates(group) for group in performance.observations] == [["timeout"], ["timeout"]]
    assert {f.failure.kind for f in performance.load_failures} == {"timeout"}


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("import os; os._exit(0)", "ended itself"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("import os; os.closerange(0, 1000); os.read(0, 1)", "ended"),
        ("import os; os.abort()", "crashed"),
        ("import sys; sys.setrecursionlimit(10**9)\n    g = lambda n: sorted([n], key=g)\n    g(0)", "SIGSEGV"),
    ],
    ids=["_exit", "segfault", "closing every descriptor", "abort", "overflow of the C stack"],
)
def test_a_crash_costs_its_own_exercise(sandbox, body, word):
    seen = perform(sandbox, f"def f():\n    {body}", calls=[Call("f"), Call("f")])
    assert fates(seen) == ["killed", "unreached"]
    assert word in seen[0].detail


@pytest.mark.parametrize(
    "body",
    ["hoard = []\n    while True: hoard.append(bytearray(10**7))", "import numpy as np; np.ones(10**9)"],
    ids=["hoard", "array"],
)
def test_a_memory_bomb_costs_its_own_exercise(sandbox, body):
    seen = perform(sandbox, f"def f():\n    {body}", calls=[Call("f"), Call("f")])
    assert fates(seen) == ["memory", "unreached"]


def test_what_one_exercise_leaves_in_memory_does_not_press_the_next(sandbox):
    cell = "import numpy as np\nkept = []\ndef f():\n    while True: kept.append(np.ones(10**6))"
    again = "def g():\n    return np.ones(2 * 10**7).sum()"
    groups = [[Call("f")], [Call("g")]]
    first, second = sandbox.perform(Program((cell, again)), groups).observations
    assert fates(first) == ["memory"]
    assert second[0].value == 2e7


def test_memory_filled_while_loading_is_given_back(sandbox):
    cells = (
        "hoard = []\nwhile True: hoard.append(bytearray(10**7))",
        "import numpy as np",
        "def f():\n    return np.ones(10**7).sum()",
    )
    performance = sandbox.perform(Program(cells), [ASK_F])
    assert performance.observations[0][0].value == 1e7
    assert [(f.cell, f.failure.kind) for f in performance.load_failures] == [(0, "memory")]


@pytest.mark.parametrize(
    "value", ["'x' * 10**8", "__import__('numpy').ones(10**7)", "[0] * 10**7", "1 << 10**5", "deep"]
)
def test_a_result_too_large_is_said_to_be(sandbox, value):
    cell = f"deep = []\nfor _ in range(1000): deep = [deep]\ndef f():\n    return {value}"
    seen = perform(sandbox, cell)
    assert fates(seen) == ["invalid_output"]
    assert seen[0].detail


FORGED = """
import os, struct, sys
worker = sys.modules['autograder.sandbox.worker']
def forge(data):
    for descriptor in range(3, 256):
        try: os.write(descriptor, data)
        except OSError: pass
"""


@pytest.mark.parametrize(
    ("data", "fate"),
    [
        ("b'no frame at all, just noise'", "invalid_output"),
        ("struct.pack('>II', 4, 0) + b'null'", "invalid_output"),
        ("struct.pack('>II', 0xFFFFFFFF, 0xFFFFFFFF)", "invalid_output"),
        ("worker.pack(('did', 1, 1, worker.Observation(value=1)))", "invalid_output"),
    ],
    ids=["noise", "another message", "a length beyond all bounds", "the result of a later call"],
)
def test_forged_frames_are_refused(sandbox, data, fate):
    seen = perform(sandbox, FORGED, f"def f():\n    forge({data})", calls=[Call("f"), Call("f")])
    assert fates(seen) == [fate, "unreached"]


def test_a_child_cannot_announce_a_fate_that_is_the_parents_to_tell(sandbox):
    cell = (
        "import sys\ndef f():\n    m = sys.modules['autograder.sandbox.worker']\n"
        "    m.observe = lambda *a: m.Observation(fate='timeout')"
    )
    assert fates(perform(sandbox, cell, calls=[Call("f"), Call("f")])) == [None, "invalid_output"]


@pytest.mark.parametrize(
    "patch",
    [
        "import json; json.dumps = None; json.loads = None",
        "import numpy; numpy.ndarray = None; numpy.array = None; numpy.exp = None; numpy.errstate = None",
        "import builtins; builtins.isinstance = lambda *a: True; builtins.len = None; builtins.type = None",
        "import sys; sys.modules.clear()",
        "import os; os.write = None; os._exit = None",
        "import gc; [o.clear() for o in gc.get_objects() if type(o) is dict and 'observe' in o]",
    ],
    ids=["json", "numpy", "builtins", "modules", "os", "the worker's own names"],
)
def test_patching_the_libraries_harms_nobody_else(sandbox, patch):
    seen = perform(sandbox, f"def f():\n    {patch}\n    return 1", calls=[Call("f"), Call("f")])
    assert set(fates(seen)) <= {None, "invalid_output", "killed", "unreached"}


def test_hostile_objects_are_foreign(sandbox):
    cell = """
import numpy as np
class Sub(np.ndarray):
    def __eq__(self, other): return True
class Liar:
    __class__ = np.ndarray
    __array__ = __getattr__ = __len__ = None
    def __eq__(self, other): return True
    def __array_function__(self, *a): raise SystemExit
    __array_ufunc__ = __array_function__
class Meta(type):
    def __getattribute__(cls, name): raise SystemExit
class Odd(metaclass=Meta): pass
def f(): return [np.zeros(2).view(Sub), Liar(), Odd(), np.array([None]), {1}, open, {2: 3}, np.array(['a'])]
"""
    (seen,) = perform(sandbox, cell)
    names = [(type(v).__name__, v.type_name) for v in seen.value]
    assert names == [
        ("Foreign", n)
        for n in ("Sub", "Liar", "Odd", "ndarray", "set", "builtin_function_or_method", "dict", "ndarray")
    ]


def test_an_exception_that_cannot_speak_is_still_named(sandbox):
    cell = "class Mute(BaseException):\n    def __str__(self): raise SystemExit\ndef f(): raise Mute"
    assert perform(sandbox, cell)[0].failure.kind == "Mute"
