"""Being stopped from outside: by Ctrl-C, by a terminal that closes, by a machine that shuts down."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Stop:
    """Whether somebody has asked to stop."""

    def __init__(self) -> None:
        self.signal: int | None = None

    def __bool__(self) -> bool:
        return self.signal is not None

    @property
    def exit_code(self) -> int:
        """What a shell calls it when a signal ended a program."""
        return 128 + (self.signal or signal.SIGINT)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        # Once: whoever is impatient and asks again must not cut short the writing of the table.
        if not self:
            self.signal = number
            raise KeyboardInterrupt


@contextmanager
def heeding() -> Iterator[Stop]:
    """Inside, the first request to stop raises KeyboardInterrupt, and every later one is too late to matter.

    A KeyboardInterrupt may fall into code that swallows it: look at the Stop as well. Requests that were ignored
    before (nohup) stay ignored.
    """
    stop, before = Stop(), {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.getsignal(number) for number in SIGNALS}
        before = {number: was for number, was in before.items() if was not in (signal.SIG_IGN, None)}
    for number in before:
        signal.signal(number, stop._ask)
    try:
        yield stop
    finally:
        for number, was in before.items():
            signal.signal(number, signal.SIG_IGN if stop else was)


@contextmanager
def held_back() -> Iterator[None]:
    """Inside, Ctrl-C waits; processes started inside do not hear it at all."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
