"""A limit on how long one answer may keep the judge busy.

What comes back from the sandbox is harmless data, but expressions that are small to write down can be endless to
evaluate. Nothing but a limit from outside holds against every such answer.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_LOOK = 0.25  # seconds between two looks at the clocks


class OutOfPatience(BaseException):
    """The work took too long. No Exception: a judge that forgives its own stumbles must not forgive this."""


@dataclass
class _Task:
    """What a thread is at: its clock, what that may show at most, and whether it has been told to stop."""

    clock: Callable[[], float]
    limit: float
    stopped: bool = False


_under_way: dict[int, _Task] = {}
_changing = threading.RLock()  # of the above; nobody is stopped who has just finished
_watching = threading.Lock()


def within(seconds: float, work: Callable[..., Any], *args: Any) -> Any:
    """`work(*args)`; OutOfPatience once it has used so many seconds of processor time.

    Processor time, because on a busy machine the same answer must get the same marks. Works in any thread; a single
    long operation inside NumPy or a big integer is let finish first.
    """
    _watch()
    me, clock = threading.get_ident(), _clock_of_this_thread()
    task = _under_way[me] = _Task(clock, clock() + seconds)
    try:
        try:
            return work(*args)
        finally:
            _leave(me, task)
    except OutOfPatience:
        _leave(me, task)  # once more: it may have been raised in that finally
        raise


def _leave(thread: int, task: _Task) -> None:
    """Take the task off the list, and make sure that no exception is still on its way when the caller goes on."""
    with _changing:
        _under_way.pop(thread, None)
    if task.stopped:
        # Taking one back leaves the interpreter looking for it at every step, so one more is sent and caught here.
        try:
            _raise_in(thread)
            while True:
                pass
        except OutOfPatience:
            pass


def _watch() -> None:
    """Start the watcher once; it costs four looks a second."""
    if _watching.acquire(blocking=False):
        threading.Thread(target=_look, name="patience", daemon=True).start()


def _look() -> None:
    while True:
        time.sleep(_LOOK)
        with _changing:
            for thread, task in list(_under_way.items()):
                if task.clock() > task.limit:
                    # Again and again until it lets go: raised in a destructor, an exception is swallowed.
                    task.stopped = True
                    _raise_in(thread)


def _raise_in(thread: int) -> None:
    """Raise OutOfPatience in a thread at its next step."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(OutOfPatience))


def _clock_of_this_thread() -> Callable[[], float]:
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.monotonic  # Windows has no clock for another thread
    clock = time.pthread_getcpuclockid(threading.get_ident())
    return lambda: time.clock_gettime(clock)
