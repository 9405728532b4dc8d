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


@dataclass(frozen=True)
class _Task:
    """What a thread is at: its clock, and what that may show at most."""

    clock: Callable[[], float]
    limit: float


_under_way: dict[int, _Task] = {}
_watching = threading.Lock()


def within(seconds: float, work: Callable[..., Any], *args: Any) -> Any:
    """`work(*args)`; OutOfPatience once it has used so many seconds of processor time.

    Processor time, because on a busy machine the same answer must get the same marks. Works in any thread; a single
    long operation inside NumPy or a big integer is let finish first.
    """
    _watch()
    me, clock = threading.get_ident(), _clock_of_this_thread()
    _under_way[me] = _Task(clock, clock() + seconds)
    try:
        try:
            return work(*args)
        finally:
            _done(me)
    except OutOfPatience:
        _done(me)  # once more: it may have been raised in that finally
        raise


def _done(thread: int) -> None:
    _under_way.pop(thread, None)
    _raise_in(thread, None)


def _watch() -> None:
    """Start the watcher once; it costs four looks a second."""
    if _watching.acquire(blocking=False):
        threading.Thread(target=_look, name="patience", daemon=True).start()


def _look() -> None:
    while True:
        time.sleep(_LOOK)
        for thread, task in list(_under_way.items()):
            # Again and again until it lets go: raised in a destructor, an exception is swallowed.
            if task.clock() > task.limit and _under_way.get(thread) is task:
                _raise_in(thread, OutOfPatience)


def _raise_in(thread: int, exception: type[BaseException] | None) -> None:
    """Raise it in a thread at its next step; None takes back one that is still on its way."""
    raised = ctypes.py_object(exception) if exception else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)


def _clock_of_this_thread() -> Callable[[], float]:
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.monotonic  # Windows has no clock for another thread
    clock = time.pthread_getcpuclockid(threading.get_ident())
    return lambda: time.clock_gettime(clock)
