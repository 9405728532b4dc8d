"""The warm process: what is slow is imported once, and every student's child is a fork of it.

It obeys short JSON messages on a socket, which no child ever holds, and never runs a line of a student's code. It
starts by execve with a clean environment, stays single-threaded (a fork copies one thread only), and ends when the
other side of the socket closes; its children then die with it.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from typing import Any

from autograder.sandbox import attempts, standins, worker
from autograder.sandbox import lockdown as locks
from autograder.sandbox.rehearsal import overture, rehearse
from autograder.sandbox.request import Repertoire
from autograder.sandbox.warmth import Warmth, everything

MAX_MESSAGE = 65_536
_INTERNAL_ERROR = 70


def main() -> None:
    """Serve until the other side closes.

    The first message holds the settings: memory, cpu_seconds, without (as `lockdown.prepare` takes them), folder (empty
    and read-only), root (where this package lies), fonts (a folder for Matplotlib to keep its list of fonts in).
    """
    control = socket.socket(fileno=locks.CONTROL)
    settings = {**json.loads(control.recv(MAX_MESSAGE)), "zygote": os.getpid()}
    lockdown = locks.prepare(settings["memory"], settings["cpu_seconds"], settings["without"])
    warmth = Warmth(settings["fonts"])
    if lockdown.ruleset is None and lockdown.filter:
        # Seccomp lets a child open no file then, and what is cold would stay out of its reach.
        warmth.spread(everything())
    overture()
    _share()
    control.send(json.dumps({"ready": os.getpid()}).encode())
    children: set[int] = set()
    repertoire = Repertoire()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MAX_MESSAGE, 2)
        if not message:
            break
        order = json.loads(message)
        if order["do"] == "fork":
            file, results = descriptors
            warmer, learned = warmth.spread(order["warm"]), repertoire.learn(file)
            rehearse(learned)
            if warmer or learned:
                _share()
            reply = _fork(order, results, lockdown, settings, repertoire, file)
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


def _share() -> None:
    """Keep the collector from writing to the pages that all children share."""
    gc.collect()
    gc.freeze()


def _fork(
    order: dict, results: int, lockdown: locks.Lockdown, settings: dict, repertoire: Repertoire, file: int
) -> dict:
    pid = os.fork()
    if pid:
        return {"pid": pid}
    try:
        standins.install()
        sys.path[:] = [path for path in sys.path if path != settings["root"]]
        task = worker.Task.ordered(*repertoire.read(file), order)
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
