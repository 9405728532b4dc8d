"""What a program may not do, and the layer that is there to stop it.

Each attack is tried three times: with every layer on (stopped), with only its own layer on (stopped by that one),
and with none (it goes through, so the test could have failed). Then all of it again as an ordinary user.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.calls import Call, Program
from autograder.sandbox import Sandbox, landlock
from autograder.sandbox.layers import ENVIRONMENT, LAYERS
from autograder.sandbox.zygote_client import unsupported

ROOT = Path(__file__).resolve().parents[1]
AM_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
pytestmark = pytest.mark.skipif(bool(unsupported()), reason="isolation needs Linux")

# Each attack returns something true when it got through, and raises or returns something false when it did not.
LANDLOCK = {
    "read the solutions": "return open(SOLUTION).read()",
    "list the solutions": "import os; return os.listdir(os.path.dirname(SOLUTION))",
    "import the solutions": "import sys; sys.path.insert(0, ROOT); import solutions; return solutions.__path__[0] and "
    "__import__('os').listdir(solutions.__path__[0])",
    "read the grader": "return open(ROOT + '/autograder/registry.py').read()",
    "read another submission": "return open(VICTIM).read()",
    "delete another submission": "import os; os.unlink(VICTIM); return True",
    "overwrite another submission": "open(VICTIM, 'w').write('mine'); return True",
    "leave a file in an open folder": "open(VICTIM + '.more', 'w').write('x' * 10); return True",
    "read the list of users": "return open('/etc/passwd').read()",
    "read the parent's memory map": "import os; return open(f'/proc/{os.getppid()}/maps').read() or True",
    "find other processes": "import os; return [p for p in os.listdir('/proc') if p.isdigit()]",
}
SECCOMP = {
    "open a TCP socket": "import socket; return socket.socket()",
    "open a UDP socket": "import socket; return socket.socket(type=socket.SOCK_DGRAM)",
    "open a unix socket": "import socket; return socket.socket(socket.AF_UNIX)",
    "open a netlink socket": "import socket; return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "make a pair of sockets": "import socket; return socket.socketpair()",
    "fork": "import os, time\n    pid = os.fork()\n    if not pid: time.sleep(60)\n    return pid",
    "fork a few dozen times": "import os, time\n    return [os.fork() or time.sleep(60) for _ in range(24)]",
    "start a program": "import subprocess; return subprocess.run(['/bin/true']).returncode == 0",
    "become another program": "import os\n    try: os.execv('/no-such-program', ['x'])\n"
    "    except FileNotFoundError: return True",
    "start a thread": "import threading; t = threading.Thread(target=print); t.start(); return True",
    "keep memory out of sight": "import os; return os.memfd_create('x') >= 0",
    "System V shared memory": "return syscall(SHMGET, 0, 4096, 0o1600) != -1",
    "keep a secret in a keyring": "return syscall(ADD_KEY, b'user', b'x', b'x', 1, -1) != -1",
    "io_uring": "syscall(IO_URING, 1, bytes(120)); return ctypes.get_errno() != 38  # 38: no such call",
    "signal the parent through a descriptor": "import fcntl, os\n    r, w = os.pipe()\n"
    "    fcntl.fcntl(r, 8, os.getppid())\n    return True",
    "change rights of a file": "import os; os.chmod('/dev/null', 0o666); return True",
    "inspect another process": "return syscall(PROCESS_VM_READV, __import__('os').getppid(), 0, 0, 0, 0, 0) != -1",
    "signal itself": "import os; os.kill(os.getpid(), 0); return True",
    "user namespace": "return syscall(UNSHARE, 0x10000000) != -1",
    "raise its own limits": "import resource as r; r.setrlimit(r.RLIMIT_CORE, (0, 0)); return True",
}
RLIMITS = {
    "a gigabyte of memory": "import numpy as np; return len(np.empty(10**9, np.uint8))",
    "a large file": "import tempfile, signal\n    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    "    with tempfile.TemporaryFile() as f: f.write(b'x' * 10**6)\n    return True",
    "thousands of descriptors": "import os; return [os.open('/dev/null', 0) for _ in range(1000)]",
}
USER = {
    "signal the parent": "import os; os.kill(os.getppid(), 0); return True",
    "be root": "import os; os.setuid(0); return True",
}
ATTACKS = {
    name: (layer, body)
    for layer, table in {"landlock": LANDLOCK, "seccomp": SECCOMP, "rlimits": RLIMITS, "user": USER}.items()
    for name, body in table.items()
}
# What an ordinary user cannot do anyway, with or without layers: there is nothing to take away.
FOR_ROOT_ONLY = {"signal the parent", "be root", "change rights of a file"}
NUMBERS = {
    "x86_64": "SHMGET, ADD_KEY, IO_URING, PROCESS_VM_READV, UNSHARE = 29, 248, 425, 310, 272",
    "aarch64": "SHMGET, ADD_KEY, IO_URING, PROCESS_VM_READV, UNSHARE = 194, 217, 425, 270, 97",
}


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox("available", memory_mb=512, time_limit=20) as opened:
        yield opened


@pytest.fixture
def attempt(sandbox, monkeypatch, tmp_path):
    """Whether an attack gets through a given set of layers."""
    victim = tmp_path / "other" / "submission.py"
    victim.parent.mkdir(mode=0o777)
    for folder in (victim.parent, *list(tmp_path.parents)[:2], tmp_path):
        folder.chmod(0o777)
    victim.write_text("precious")
    victim.chmod(0o666)
    solution = next((ROOT / "solutions").rglob("*.py"))
    prelude = (
        f"import ctypes\nROOT, SOLUTION, VICTIM = {str(ROOT)!r}, {str(solution)!r}, {str(victim)!r}\n"
        f"{NUMBERS[os.uname().machine]}\nplain = ctypes.CDLL(None, use_errno=True).syscall\n"
        # as long, for what ctypes takes for an int leaves the upper half of a register to chance
        "def syscall(*words):\n    return plain(*(ctypes.c_long(w) if isinstance(w, int) else w for w in words))\n"
    )

    def through(body, layers):
        monkeypatch.setattr(sandbox, "_worn", tuple(layers))
        program = Program((f"{prelude}def f():\n    {body}", "def g():\n    return bool(f())"))
        ((seen,),) = sandbox.perform(program, [[Call("g")]]).observations
        stopped = seen.failure is not None or seen.fate is not None or seen.value is False
        if stopped:
            assert victim.read_text() == "precious"
        return not stopped

    return through


@pytest.mark.parametrize("name", ATTACKS)
def test_every_layer_together_stops_it(attempt, name):
    assert not attempt(ATTACKS[name][1], LAYERS)


@pytest.mark.parametrize("name", [name for name in ATTACKS if AM_ROOT or name not in USER])
def test_its_own_layer_stops_it_alone(attempt, name):
    layer, body = ATTACKS[name]
    assert not attempt(body, ("no_new_privs", layer))


@pytest.mark.parametrize("name", [name for name in ATTACKS if AM_ROOT or name not in FOR_ROOT_ONLY])
def test_without_layers_it_goes_through(attempt, name):
    assert attempt(ATTACKS[name][1], ())


@pytest.mark.parametrize("layer", ["seccomp", "landlock"])
def test_the_zygote_is_out_of_reach_of_signals(attempt, layer):
    """Where all run as one user, each of these two keeps the child from signalling the zygote."""
    if layer == "landlock" and landlock.version() < 6:
        pytest.skip("Landlock knows of signals from version 6 (Linux 6.12) on")
    assert not attempt("import os; os.kill(os.getppid(), 0); return True", ("no_new_privs", layer))


@pytest.mark.parametrize(
    "code",
    ["b814000000cd80", "b8270000400f05"],
    ids=["the 32-bit table", "the x32 table"],
)
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="these tables exist on x86-64 only")
def test_system_calls_from_another_table_are_fatal(sandbox, code, monkeypatch):
    """getpid through another table; a filter that looks at numbers only would take it for something else."""
    cell = f"""
import ctypes, mmap
code = bytes.fromhex({code!r}) + bytes([0xc3])
page = mmap.mmap(-1, 4096, prot=7)
page.write(code)
address = ctypes.addressof(ctypes.c_char.from_buffer(page))
def f(): return ctypes.CFUNCTYPE(ctypes.c_int)(address)()
"""
    program = Program((cell,))
    ((seen,),) = sandbox.perform(program, [[Call("f")]]).observations
    assert seen.fate == "killed"
    monkeypatch.setattr(sandbox, "_worn", ())
    ((seen,),) = sandbox.perform(program, [[Call("f")]]).observations
    assert seen.fate is None


def test_the_environment_holds_nothing_of_ours(sandbox, monkeypatch):
    program = Program(("import os\ndef f(): return dict(os.environ)",))
    ((seen,),) = sandbox.perform(program, [[Call("f")]]).observations
    assert set(seen.value) <= set(ENVIRONMENT) | {"LC_CTYPE"}


def test_nothing_is_open_but_the_way_back(sandbox):
    program = Program(
        (
            "import os\ndef f():\n    found = []\n    for d in range(1024):\n        try: os.fstat(d)\n"
            "        except OSError: continue\n        found.append(d)\n    return found",
        )
    )
    ((seen,),) = sandbox.perform(program, [[Call("f")]]).observations
    assert seen.value == [0, 1, 2, 3]


def test_detached_children_die_with_the_group(sandbox, monkeypatch, tmp_path):
    """Even without seccomp: what a child starts is killed with it."""
    monkeypatch.setattr(sandbox, "_worn", ())
    program = Program(
        ("import os, time\ndef f():\n    pid = os.fork()\n    if not pid: time.sleep(600)\n    return pid",)
    )
    ((seen,),) = sandbox.perform(program, [[Call("f")]]).observations
    state = Path(f"/proc/{seen.value}/stat")
    for _ in range(1_000):  # a signal takes a moment
        if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.01)
    pytest.fail("the child's child lives on")


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
    ]
    pytest_run = ["-B", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", f"--basetemp={home}/inner", *tests]
    run = subprocess.run(
        [*become_ordinary, *keep, sys.executable, *pytest_run],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-1000:]
