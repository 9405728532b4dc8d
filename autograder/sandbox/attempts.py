"""Does each layer hold, here and now? Found out by trying what it forbids, in a child that wears it and no other.

This is the zygote's side of `probe.py`.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from autograder.sandbox.layers import ENVIRONMENT
from autograder.sandbox.lockdown import Lockdown, enter

_PATIENCE = 10.0
_NOT_PUT_ON = "it cannot be put on here: "
_OUR_OWN_FILE = str(Path(__file__))


class Broken(Exception):
    """The forbidden thing went through. The message is a sentence."""


def attempt_all(lockdown: Lockdown, settings: dict, worn: Sequence[str]) -> list[dict]:
    """Each attempt in a forked child of the zygote, wearing the one layer in question and no other."""
    found = []
    for name, (attempt, success, remedy) in _ATTEMPTS.items():
        layers = [name] if name in worn else []
        broken = lockdown.missing.get(name, "")
        if name == "landlock" and broken and lockdown.filter and "seccomp" in worn:
            instead = "seccomp refuses to open any file instead, so that programs import only what is usual"
            success, layers, broken = f"{instead} ({broken})", ["seccomp"], ""
        broken = broken or _in_child(attempt, lockdown, settings, layers)
        found.append(
            {
                "name": name,
                "holds": not broken,
                "why": broken or success,
                "remedy": remedy if broken or name in lockdown.missing else "",
                "wearable": not broken.startswith(_NOT_PUT_ON),
            }
        )
    return found


def _in_child(attempt: Callable[[dict], None], lockdown: Lockdown, settings: dict, layers: list[str]) -> str:
    """What went wrong, as a sentence; "" when the layer held."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            # An ordinary user may put on neither Landlock nor seccomp without it.
            helper = ["no_new_privs"] if set(layers) & {"landlock", "seccomp"} else []
            try:
                enter(lockdown, settings, writing, [*helper, *layers])
            except OSError as error:
                raise Broken(f"{_NOT_PUT_ON}{error}") from None
            attempt(settings)
            os.write(3, b"held")
        except Broken as broken:
            os.write(3, str(broken).encode())
        except BaseException as error:
            os.write(3, f"the attempt failed by itself: {type(error).__name__}: {error}".encode())
        os._exit(0)
    os.close(writing)
    answer = b""
    with open(reading, "rb", buffering=0) as pipe:
        while select.select([pipe], [], [], _PATIENCE)[0] and (part := pipe.read(4_096)):
            answer += part
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return "" if answer == b"held" else answer.decode(errors="replace") or "the attempt brought the child down"


def _refused(action: Callable[[], object], sentence: str) -> None:
    try:
        action()
    except OSError:
        return
    raise Broken(sentence)


def _memory(settings: dict) -> None:
    import numpy as np

    try:
        np.empty(settings["memory"] + 2**20, dtype=np.uint8)  # never touched, so this costs nothing if it is granted
    except MemoryError:
        pass
    else:
        raise Broken("more memory was handed out than agreed")

    def write_file() -> None:
        with open(os.memfd_create("attempt"), "wb", buffering=0) as file:
            file.write(b"x")

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _refused(write_file, "a file could be written")
    if resource.getrlimit(resource.RLIMIT_CPU)[1] == resource.RLIM_INFINITY:
        raise Broken("processor time is not limited")


def _user(settings: dict) -> None:
    if os.geteuid() == 0:
        raise Broken("student code would run as root")
    _refused(lambda: os.setuid(0), "root could be taken back")


def _privileges(settings: dict) -> None:
    with open("/proc/self/status") as status:
        if "NoNewPrivs:\t1" not in status.read():
            raise Broken("a setuid program would still gain rights")


def _files(settings: dict) -> None:
    _refused(lambda: open(_OUR_OWN_FILE).close(), "the grader's own files could be read")
    _refused(lambda: os.listdir("/proc/1"), "other processes could be looked at")
    _refused(lambda: os.open("leftover", os.O_CREAT | os.O_WRONLY), "a file could be left behind")


def _calls(settings: dict) -> None:
    _refused(lambda: socket.socket(socket.AF_INET), "a network connection could be opened")
    _refused(lambda: socket.socketpair(), "a local socket could be opened")
    _refused(lambda: os.kill(os.getpid(), 0), "signals could be sent")
    _refused(lambda: os.execv(sys.executable, [sys.executable, "-V"]), "another program could be started")
    _refused(_fork_and_vanish, "another process could be started")


def _fork_and_vanish() -> None:
    if not os.fork():
        os._exit(0)


def _environment(settings: dict) -> None:
    if extra := sorted(set(os.environ) - set(ENVIRONMENT)):
        raise Broken(f"the environment still holds {', '.join(extra)}")
    try:
        with open("/proc/self/environ", "rb") as file:
            names = {line.partition(b"=")[0].decode() for line in file.read().split(b"\0") if line}
    except PermissionError:
        return
    if extra := sorted(names - set(ENVIRONMENT)):
        raise Broken(f"the process was started with {', '.join(extra)}")


def _folder(settings: dict) -> None:
    if os.listdir("."):
        raise Broken("the working folder is not empty")


def _descriptors(settings: dict) -> None:
    for descriptor in range(4, 1_024):
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        raise Broken(f"descriptor {descriptor} is still open")


_ATTEMPTS: dict[str, tuple[Callable[[dict], None], str, str]] = {
    "rlimits": (
        _memory,
        "asked for more memory than agreed, and to write a file: refused",
        "raise the hard limits (ulimit -H)",
    ),
    "user": (
        _user,
        "runs as nobody in particular and cannot become root",
        "run the grader outside of a user namespace, or in one that has more than a single user",
    ),
    "no_new_privs": (_privileges, "set, and inherited for good", "needs Linux 3.5 or later"),
    "landlock": (
        _files,
        "tried to read the grader, to look at a process, to leave a file: refused",
        "needs Linux 5.13 or later with Landlock enabled (lsm=landlock,... on the kernel's command line)",
    ),
    "seccomp": (
        _calls,
        "tried sockets, signals, another program, another process: refused",
        "install libseccomp2 (apt install libseccomp2) and pyseccomp (pip install pyseccomp); the kernel needs filters "
        "too (CONFIG_SECCOMP_FILTER), which some containers withhold",
    ),
    "environment": (_environment, "holds nothing but the language and the number of threads", ""),
    "folder": (_folder, "empty", ""),
    "descriptors": (_descriptors, "all closed but the results", ""),
}
