"""What a program may not do, and the layer that is there to stop it.

Each attack of the table is tried with every layer on (stopped, for the reason given), with one of its layers and no
other (stopped by that one), and with none (it goes through, so the test could have failed). Then all of it again as
an ordinary user.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.calls import Call, Program
from autograder.sandbox import Sandbox, landlock
from autograder.sandbox import sandbox as door
from autograder.sandbox.layers import ENVIRONMENT, LAYERS
from autograder.sandbox.zygote_client import unsupported
from tests.attacks.lab import alone, am_root, told, worn
from tests.attacks.lab import lab as open_lab
from tests.attacks.reach import REACHES

ROOT = Path(__file__).resolve().parents[1]
AM_ROOT = am_root()
NONE_HERE = re.compile(r"\[Errno (38|97)\]")  # no such call, no such family of addresses
pytestmark = pytest.mark.skipif(bool(unsupported()), reason="isolation needs Linux")
each = pytest.mark.parametrize("attack", REACHES, ids=lambda attack: attack.name)


@pytest.fixture(scope="module")
def lab():
    with open_lab() as opened:
        yield opened


@pytest.fixture
def sandbox(lab):
    return lab.sandbox


@each
def test_every_layer_together_stops_it(lab, attack):
    seen = lab.attempt(attack, LAYERS)
    assert not seen.through
    assert re.search(attack.refusal, seen.said), seen.said


@pytest.mark.parametrize(
    ("attack", "layer"),
    [(attack, layer) for attack in REACHES for layer in attack.layers if AM_ROOT or layer != "user"],
    ids=lambda part: getattr(part, "name", part),
)
def test_each_of_its_layers_stops_it_alone(lab, attack, layer):
    assert not lab.attempt(attack, alone(layer)).through


@pytest.mark.parametrize(
    "attack",
    [attack for attack in REACHES if not attack.bare and (AM_ROOT or not attack.for_root)],
    ids=lambda attack: attack.name,
)
def test_without_layers_it_goes_through(lab, attack):
    seen = lab.attempt(attack, ())
    if NONE_HERE.search(seen.said):
        pytest.skip(f"this kernel has none of it: {seen.said}")
    assert seen.through, seen.said


@pytest.mark.parametrize("layer", ["seccomp", "landlock"])
def test_the_zygote_is_out_of_reach_of_signals(sandbox, layer):
    """Where all run as one user, each of these two keeps the child from signalling the zygote."""
    if layer == "landlock" and landlock.version() < 6:
        pytest.skip("Landlock knows of signals from version 6 (Linux 6.12) on")
    with worn(sandbox, alone(layer)):
        seen = ask(sandbox, "import os\ndef f(): os.kill(os.getppid(), 0)")
    assert seen.failure.kind == "PermissionError"


# A descriptor whose owner is the zygote, and a signal that it gets for every byte: kill() is never called.
BY_DESCRIPTOR = """
import fcntl, os, signal, time
def f():
    r, w = os.pipe()
    fcntl.fcntl(r, 8, os.getppid()); fcntl.fcntl(r, 10, int(signal.SIGKILL)); fcntl.fcntl(r, 4, 0o20000)
    os.write(w, b'x'); time.sleep(0.3)
"""


@pytest.mark.parametrize("cell", ["import os, time\ndef f(): os.kill(os.getppid(), 9); time.sleep(0.3)", BY_DESCRIPTOR])
def test_killing_the_zygote_is_stopped_by_each_of_three_layers(sandbox, monkeypatch, cell):
    monkeypatch.setattr(door, "MAX_LOSSES", 1)
    layers = ["seccomp", *(["user"] if AM_ROOT else []), *(["landlock"] if landlock.version() >= 6 else [])]
    for layer in layers:
        with worn(sandbox, alone(layer)):
            assert ask(sandbox, cell).fate is None, layer
    with worn(sandbox, ()):
        seen = ask(sandbox, cell)
    assert seen.fate == "killed"
    assert "died with it" in seen.detail
    assert ask(sandbox, "def f(): return 1").value == 1


@pytest.mark.parametrize(
    "code",
    ["b814000000cd80", "b8270000400f05"],
    ids=["the 32-bit table", "the x32 table"],
)
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="these tables exist on x86-64 only")
def test_system_calls_from_another_table_are_fatal(sandbox, code):
    """getpid through another table; a filter that looks at numbers only would take it for something else."""
    cell = f"""
import ctypes, mmap
code = bytes.fromhex({code!r}) + bytes([0xc3])
page = mmap.mmap(-1, 4096, prot=7)
page.write(code)
address = ctypes.addressof(ctypes.c_char.from_buffer(page))
def f(): return ctypes.CFUNCTYPE(ctypes.c_int)(address)()
"""
    seen = ask(sandbox, cell)
    assert (seen.fate, "SIGSYS" in seen.detail) == ("killed", True), told(seen)
    with worn(sandbox, ()):
        assert ask(sandbox, cell).fate is None


def test_the_environment_holds_nothing_of_ours(sandbox):
    assert set(ask(sandbox, "import os\ndef f(): return dict(os.environ)").value) <= set(ENVIRONMENT) | {"LC_CTYPE"}


# From the first string of the environment to the end of the page that the stack begins with.
ON_THE_STACK = """
import ctypes, os
FIRST = ctypes.cast(ctypes.POINTER(ctypes.c_void_p).in_dll(ctypes.CDLL(None), '__environ'), ctypes.POINTER(ctypes.c_void_p))[0]
os.environ.clear()
def f():
    return b'OF-THE-TEACHER' in ctypes.string_at(FIRST, 4096 - FIRST % 4096)
"""


def test_the_environment_is_not_left_on_the_stack_either(monkeypatch):
    monkeypatch.setenv("AAA", "A-SECRET-OF-THE-TEACHER")
    with Sandbox("none", time_limit=20) as fresh:
        assert ask(fresh, ON_THE_STACK).value is False
    # A process that only clears its environment keeps it there, which shows that the search finds what there is.
    control = [sys.executable, "-c", ON_THE_STACK + "print(f())"]
    run = subprocess.run(control, env={"AAA": "A-SECRET-OF-THE-TEACHER"}, capture_output=True, text=True)
    assert run.stdout.strip() == "True", run.stderr


def test_flags_set_on_a_descriptor_are_not_the_next_childs(sandbox):
    setting = "import fcntl\ndef f(): return [fcntl.fcntl(d, 4, 0o6000) for d in range(4)]"
    getting = "import fcntl\ndef f(): return [fcntl.fcntl(d, 3) & 0o6000 for d in range(4)]"
    with worn(sandbox, ()):  # seccomp refuses to set any
        assert ask(sandbox, setting).value == [0, 0, 0, 0]
        assert ask(sandbox, getting).value == [0, 0, 0, 0]


def test_there_is_no_terminal(tmp_path):
    """In a process that does have one, as the teacher's has."""
    script = tmp_path / "script.py"
    script.write_text(
        "from autograder.sandbox import Sandbox; from autograder.calls import *\n"
        "open('/dev/tty').close(); print('a terminal outside')\n"
        "cell = 'def f(): open(\"/dev/tty\").close()'\n"
        "with Sandbox('none') as s: print(s.perform(Program((cell,)), [[Call('f')]]).observations[0][0].failure.message)"
    )
    import pty

    pid, terminal = pty.fork()
    if not pid:
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-B", "-c", script.read_text()])
    said = b""
    try:
        while part := os.read(terminal, 4096):
            said += part
    except OSError:  # the other side has closed it
        pass
    os.waitpid(pid, 0)
    os.close(terminal)
    assert b"a terminal outside" in said
    assert b"No such device or address" in said, said


# What a pipe refuses to take is not mapped: so a process may look at all of its own memory without falling.
SEARCH = """
import ctypes, gc, os
libc = ctypes.CDLL(None)
libc.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
libc.sbrk.restype = ctypes.c_void_p
def found_by(pieces):
    needle, (r, w) = b''.join(pieces), os.pipe()
    def mapped(address):
        there = libc.write(w, address, 1) == 1
        if there: os.read(r, 1)
        return there
    pages, page = set(), libc.sbrk(0) - 4096
    while mapped(page):
        pages.add(page)
        page -= 4096
    for arena in {id(o) & ~0xfffff for o in [*gc.get_objects()[::40], *(object() for _ in range(100))]}:
        pages.update(page for page in range(arena, arena + 0x100000, 4096) if mapped(page))
    return sum(ctypes.string_at(page, 4096).count(needle) for page in pages)
"""


def test_nothing_of_another_students_work_is_left_in_memory(sandbox):
    alice = Program(("# " + "the work of alice\n# " * 3_000 + "\ndef f(): return 1",))
    pieces = "[b'the work', b' of al', b'ice']"
    for _ in range(3):
        sandbox.perform(alice, [[Call("f")]])
    assert ask(sandbox, f"{SEARCH}\ndef f(): return found_by({pieces})").value <= 2
    # The search does find what is there, here in its own program.
    own = "# " + "the work of alice\n# " * 3_000
    assert ask(sandbox, f"{own}\n{SEARCH}\ndef f(): return found_by({pieces})").value > 1_000


def test_nothing_is_open_but_the_way_back(sandbox):
    cell = (
        "import os\ndef f():\n    found = []\n    for d in range(1024):\n        try: os.fstat(d)\n"
        "        except OSError: continue\n        found.append(d)\n    return found"
    )
    assert ask(sandbox, cell).value == [0, 1, 2, 3]


def test_detached_children_die_with_the_group(sandbox):
    """Even without seccomp: what a child starts is killed with it."""
    with worn(sandbox, ()):
        cell = "import os, time\ndef f():\n    pid = os.fork()\n    if not pid: time.sleep(60)\n    return pid"
        seen = ask(sandbox, cell)
    state = Path(f"/proc/{seen.value}/stat")
    for _ in range(1_000):  # a signal takes a moment
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.01)
    pytest.fail("the child's child lives on")


def ask(sandbox, cell):
    ((seen,),) = sandbox.perform(Program((cell,)), [[Call("f")]]).observations
    return seen


def test_every_layer_is_probed_and_each_probe_can_fail(sandbox):
    assert all(layer.holds for layer in sandbox._zygote.layers()), sandbox.report
    bare = {layer.name: layer.holds for layer in sandbox._zygote.layers(worn=())}
    expected_to_fail = set(LAYERS) if AM_ROOT else set(LAYERS) - {"user"}
    assert {name for name, holds in bare.items() if not holds} == expected_to_fail


@pytest.mark.skipif(not AM_ROOT, reason="already an ordinary user")
@pytest.mark.skipif(not shutil.which("setpriv"), reason="setpriv (util-linux) is what drops root here")
def test_all_of_this_holds_for_an_ordinary_user_too(tmp_path):
    # The one right that is kept lets Python be found below a closed home such as /root; it helps no attack here.
    become_ordinary = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    keep = ["--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search"]
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, 65534, 65534)
    for folder in list(tmp_path.parents)[:2]:
        folder.chmod(0o755)
    tests = [
        str(Path(__file__)),
        str(Path(__file__).with_name("test_sandbox.py")),
        str(Path(__file__).with_name("test_sandbox_programs.py")),
        str(Path(__file__).with_name("test_sandbox_lacking.py")) + "::test_without_landlock_nothing_of_any_kind_can_be_opened",
    ]
    # A plain Python is the same for everybody.
    options = ["-q", "-x", "-p", "no:cacheprovider", f"--basetemp={home}/inner", "-k", "not plain_python"]
    pytest_run = ["-B", "-m", "pytest", *options, *tests]
    run = subprocess.run(
        [*become_ordinary, *keep, sys.executable, *pytest_run],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-1000:]
