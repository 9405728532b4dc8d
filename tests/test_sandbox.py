"""What becomes of programs that hang, crash, eat memory or meddle: it costs one exercise, and the truth is told."""

import re
import subprocess
import sys

import numpy as np
import pytest

from autograder.calls import Call, Program
from autograder.sandbox import Sandbox
from autograder.sandbox.zygote_client import unsupported
from tests.attacks.havoc import ANY, FORGE, HANGS, HAVOCS, RETURNS
from tests.attacks.lab import told, worn

pytestmark = pytest.mark.skipif(bool(unsupported()), reason="isolation needs Linux")
# It leans on what attacks like to break.
GOOD = "import numpy as np\ndef good(x):\n    return np.add(np.array(x), 1) * np.exp(0.0) + len([]) + sum([])\n"
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


@pytest.mark.parametrize("havoc", HAVOCS, ids=lambda havoc: havoc.name)
def test_it_costs_its_own_exercise_and_the_truth_is_told(sandbox, monkeypatch, havoc):
    if havoc.brief:
        monkeypatch.setattr(sandbox, "time_limit", 0.7)
    seen = perform(sandbox, *havoc.cells, calls=[Call("f"), Call("f")])
    if havoc.fate != ANY:
        assert seen[0].fate == havoc.fate, told(seen[0])
    assert re.search(havoc.said, told(seen[0])), told(seen[0])
    if havoc.fate in ("timeout", "memory", "killed"):
        assert seen[1].fate == "unreached"


@pytest.mark.parametrize(
    "havoc", [one for one in HAVOCS if type(one.bare) is int or one.bare == HANGS], ids=lambda havoc: havoc.name
)
def test_a_plain_python_has_no_such_luck(havoc):
    """Or the attack would be none. What it ends with is its own doing, not that of a sandbox."""
    run = subprocess.Popen(
        [sys.executable, "-I", "-c", "\n".join([*havoc.cells, "f()"])],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        ended = run.wait(timeout=0.7 if havoc.bare == HANGS else 30)
    except subprocess.TimeoutExpired:
        ended = HANGS
    finally:
        run.kill()
        run.wait()
    assert ended == havoc.bare


@pytest.mark.parametrize("havoc", [one for one in HAVOCS if one.bare == RETURNS], ids=lambda havoc: havoc.name)
def test_without_limits_it_gets_the_memory_it_wants(sandbox, havoc):
    with worn(sandbox, ()):
        (seen,) = perform(sandbox, *havoc.cells)
    assert seen.value > 0


def test_one_deadline_holds_for_an_exercise_and_not_for_each_call(brief):
    """Nor does a child that says a little now and then get more time."""
    seen = perform(brief, "import time\ndef f(): time.sleep(0.3)", calls=[Call("f")] * 4)
    assert set(fates(seen)[:1]) == {None}
    assert fates(seen)[2:] == ["timeout", "unreached"]


def test_the_parent_unpacks_nothing_that_would_swell(sandbox):
    """Six exercises that each send millions of empty lists: a gigabyte and half a minute, were they believed."""
    import resource

    cell = "def f():\n    forge(*[answer(b'[' + b','.join([b'[]'] * 2 * 10**6) + b']')] * 2)"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    groups = [[Call("f")]] * 6
    observations = sandbox.perform(Program((FORGE, cell)), groups).observations
    assert [fates(group) for group in observations] == [["invalid_output"]] * 6
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # in kilobytes


FORGED_LOADING = """
import sys
worker = sys.modules['autograder.sandbox.worker']
failure = worker.Failure('timeout', 'x', 3)
forge(worker.pack(('loaded', frozenset(['f']), (({place}, failure),))))
def f(): return 1
"""


@pytest.mark.parametrize("place", ["10**30, 1", "-1, 1", "7, 1", "0, -5", "0, 10**30"])
def test_a_place_that_does_not_exist_is_never_looked_up(sandbox, place):
    performance = sandbox.perform(Program((FORGE, FORGED_LOADING.replace("{place}", place))), [ASK_F])
    assert all(0 <= failed.cell < 2 and 0 < failed.line < 99 for failed in performance.load_failures)
    assert performance.observations[0][0].value == 1


def test_an_exception_named_like_a_fate_is_an_exception(sandbox):
    cell = "class timeout(Exception): pass\nraise timeout('f')"
    (failed,) = sandbox.perform(Program((cell,)), []).load_failures
    assert (failed.failure.kind, failed.fate) == ("timeout", None)


def test_a_program_that_never_loads_gets_its_fate_for_every_call(brief):
    program = Program((GOOD, *["x = [i for i in iter(int, 1)]"] * 5))
    performance = brief.perform(program, [ASK_GOOD, ASK_GOOD])
    assert [fates(group) for group in performance.observations] == [["timeout"], ["timeout"]]
    assert {f.failure.kind for f in performance.load_failures} == {"timeout"}


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
