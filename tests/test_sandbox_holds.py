"""What the sandbox itself survives: threads, a lost zygote, a killed grader, a kernel without Landlock."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from autograder.calls import Call, Program
from autograder.sandbox import IsolationMissing, Sandbox
from autograder.sandbox.probe import probe
from autograder.sandbox.zygote_client import unsupported

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.skipif(bool(unsupported()), reason="isolation needs Linux")
DOUBLE = Program(("def f(x):\n    return 2 * x",))


def alive(pid):
    """Whether a process runs; one that is dead and not yet reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition):
    for _ in range(1_000):
        if condition():
            return True
        time.sleep(0.01)
    return False


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox("available", time_limit=20) as opened:
        yield opened


def test_threads_share_a_sandbox_and_get_their_own_answers(sandbox):
    with ThreadPoolExecutor(4) as threads:
        results = threads.map(lambda n: sandbox.perform(DOUBLE, [[Call("f", (np.array([n]),))]]), range(12))
        assert [r.observations[0][0].value.tolist() for r in results] == [[2 * n] for n in range(12)]


def test_a_lost_zygote_is_replaced_and_nothing_is_lost(sandbox):
    program = Program(("import time\ndef f(x):\n    time.sleep(0.5)\n    return x",))
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(sandbox.perform, program, [[Call("f", (1,))], [Call("f", (2,))]])
        time.sleep(0.3)
        os.kill(sandbox._zygote.pid, signal.SIGKILL)
        observations = answer.result().observations
    assert [[o.value for o in group] for group in observations] == [[1], [2]]


def test_when_the_grader_is_killed_nothing_keeps_running():
    code = (
        "from autograder.sandbox import Sandbox; from autograder.calls import *\n"
        "with Sandbox('available', time_limit=60) as s:\n"
        "    print(s._zygote.pid, flush=True)\n"
        "    s.perform(Program(('def f():\\n    while True: pass',)), [[Call('f')]])"
    )
    grader = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    zygote = int(grader.stdout.readline())
    children = Path(f"/proc/{zygote}/task/{zygote}/children")
    if children.exists():
        assert wait_until(lambda: children.read_text().split())
        running = [zygote, *map(int, children.read_text().split())]
    else:
        running = [zygote]
    grader.kill()
    grader.wait()
    grader.stdout.close()
    assert wait_until(lambda: not any(map(alive, running)))


def test_descriptors_do_not_pile_up(sandbox):
    sandbox.perform(DOUBLE, [[Call("f", (1,))]])
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        sandbox.perform(Program(("import os\ndef f():\n    os._exit(1)",)), [[Call("f")], [Call("f")]])
    assert len(os.listdir("/proc/self/fd")) == before


def test_without_landlock_no_file_can_be_opened_at_all(monkeypatch):
    monkeypatch.setattr(Sandbox, "_without", ("landlock",))
    reading = Program((f"def f():\n    return open({str(ROOT / 'pyproject.toml')!r}).read()\ndef g():\n    return 1",))
    with Sandbox("available", time_limit=20) as sandbox:
        landlock = next(layer for layer in sandbox.report if layer.name == "landlock")
        assert landlock.holds
        assert "seccomp refuses" in landlock.why
        (read,), (other,) = sandbox.perform(reading, [[Call("f")], [Call("g")]]).observations
        assert read.failure.kind == "PermissionError"
        assert other.value == 1
        monkeypatch.setattr(sandbox, "_worn", ("rlimits",))
        ((read,),) = sandbox.perform(reading, [[Call("f")]]).observations
        assert read.returned


def test_without_seccomp_strict_refuses_and_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(Sandbox, "_without", ("seccomp",))
    with pytest.raises(IsolationMissing, match="seccomp") as refusal, Sandbox("strict"):
        pass
    assert "libseccomp2" in next(layer for layer in refusal.value.layers if layer.name == "seccomp").remedy
    with Sandbox("available", time_limit=20) as sandbox:
        assert not sandbox.layers["seccomp"]
        assert sandbox.perform(DOUBLE, [[Call("f", (1,))]]).observations[0][0].value == 2


def test_strict_holds_where_every_layer_does():
    layers = probe()
    assert {layer.name for layer in layers} >= {"rlimits", "user", "no_new_privs", "landlock", "seccomp"}
    if not all(layer.holds for layer in layers):
        pytest.skip(f"a layer is missing here: {[layer for layer in layers if not layer.holds]}")
    with Sandbox("strict", time_limit=20) as sandbox:
        assert sandbox.layers == {layer.name: True for layer in layers}
        zygote = sandbox._zygote.pid
        assert alive(zygote)
    assert not alive(zygote)


def test_an_unknown_isolation_is_refused():
    with pytest.raises(ValueError, match="strict, available, none"):
        Sandbox("mostly")
