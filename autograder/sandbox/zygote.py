"""The warm process: everything slow is imported once, and every student's child is a fork of it.

It obeys short JSON messages on a socket, which no child ever holds, and never runs a line of a student's code. It
starts by execve with a clean environment, stays single-threaded (a fork copies one thread only), and ends when the
other side of the socket closes; its children then die with it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
from typing import Any

import numpy as np

from autograder.calls import Call, Program
from autograder.sandbox import attempts, standins, wire, worker
from autograder.sandbox import lockdown as locks
from autograder.sandbox.request import Packer, Repertoire

MAX_MESSAGE = 65_536
_OFTEN_IMPORTED = (
    *(
        "cmath",
        "csv",
        "datetime",
        "decimal",
        "doctest",
        "pathlib",
        "pprint",
        "statistics",
        "string",
        "timeit",
        "typing",
    ),
    *("numpy.testing", "numpy.polynomial", "numpy.fft", "scipy.special", "scipy.stats", "sympy.abc", "sympy.stats"),
    *("matplotlib.patches", "matplotlib.ticker", "matplotlib.animation", "mpl_toolkits.mplot3d"),
)
_INTERNAL_ERROR = 70


def main() -> None:
    """Serve until the other side closes.

    The first message holds the settings: memory, cpu_seconds, without (as `lockdown.prepare` takes them), folder (empty
    and read-only), root (where this package lies), fonts (a folder for Matplotlib to keep its list of fonts in).
    """
    control = socket.socket(fileno=locks.CONTROL)
    settings = json.loads(control.recv(MAX_MESSAGE))
    lockdown = locks.prepare(settings["memory"], settings["cpu_seconds"], settings["without"])
    warm_up(settings["fonts"])
    sys.path[:] = [path for path in sys.path if path != settings["root"]]
    gc.collect()
    gc.freeze()  # the collector must not write to pages that all children share
    control.send(json.dumps({"ready": os.getpid()}).encode())
    children: set[int] = set()
    repertoire = Repertoire()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MAX_MESSAGE, 2)
        if not message:
            break
        order = json.loads(message)
        if order["do"] == "fork":
            reply = _fork(order, descriptors, lockdown, settings, repertoire)
            children.add(reply["pid"])
        elif order["do"] == "end":
            children.discard(order["pid"])
            reply = _end(order["pid"])
        else:
            reply = {"layers": attempts.attempt_all(lockdown, settings, order["layers"])}
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(json.dumps(reply).encode())
    for pid in children:
        _end(pid)


def warm_up(fonts: str) -> None:
    """Import what students import, and let each library do once what it does on first use."""
    os.environ["MPLCONFIGDIR"] = fonts
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot  # noqa: F401 every other notebook uses it
    import sympy
    from matplotlib import font_manager

    from autograder.sandbox.drawing import new_canvas, read_drawing

    font_manager.fontManager  # noqa: B018 reading it loads the list of fonts
    axes = new_canvas()
    axes.plot([0, 1], [0, 1], label="warm")
    axes.legend()
    read_drawing(axes)
    del os.environ["MPLCONFIGDIR"]
    x = sympy.Symbol("x")
    sympy.simplify(sympy.diff(sympy.log(1 + sympy.exp(x)), x))
    sympy.Matrix([[x, 1], [1, x]]).det()
    sympy.integrate(x * sympy.exp(-x), (x, 0, sympy.oo)), sympy.limit(sympy.sin(x) / x, x, 0), sympy.solve(x**2 - 1, x)
    sympy.lambdify(x, sympy.exp(x), "numpy")(0.0)
    np.linalg.eigh(np.eye(3))
    np.random.default_rng(0).normal(size=3)
    for name in _OFTEN_IMPORTED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    _rehearse()
    standins.install()


def _rehearse() -> None:
    """A tiny performance from end to end, so that every child inherits the caches it fills."""
    program = Program(("import numpy as np\ndef f(x):\n    return np.exp(x), 1.5, [0], {}",))
    request = Packer().pack(program, [[Call("f", (array,)) for array in (np.eye(2), np.zeros(3), np.float32([1]))]])
    output = sys.stdout, sys.stderr
    worker.work(worker.Task(*Repertoire().read(request)), wire.unpack)
    sys.stdout, sys.stderr = output


def _fork(
    order: dict, descriptors: list[int], lockdown: locks.Lockdown, settings: dict, repertoire: Repertoire
) -> dict:
    file, results = descriptors
    request = os.pread(file, os.fstat(file).st_size, 0)  # pread: other forks read the same file
    if repertoire.learn(request):
        gc.freeze()
    pid = os.fork()
    if pid:
        return {"pid": pid}
    try:
        task = worker.Task.ordered(*repertoire.read(request), order)
        locks.enter(lockdown, settings, results, order["layers"])
        worker.work(task, _writer(locks.CONTROL))
    except BaseException:
        os._exit(_INTERNAL_ERROR)
    os._exit(0)


def _writer(descriptor: int) -> Any:
    write = os.write  # held here: a student may replace os.write, and only harms the frames by it

    def send(data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[write(descriptor, rest) :]

    return send


def _end(pid: int) -> dict:
    """Kill the child and all it may have started, then reap it: until then nobody else can have its number."""
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except OSError:
            continue
    try:
        _, status, usage = os.wait4(pid, 0)
    except ChildProcessError:
        return {"status": None, "cpu": 0.0, "peak_kb": 0}
    cpu = usage.ru_utime + usage.ru_stime
    return {"status": os.waitstatus_to_exitcode(status), "cpu": cpu, "peak_kb": usage.ru_maxrss}
