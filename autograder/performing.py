"""Performs the judge's calls in the student's own kernel, under one deadline for all of them."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

from autograder.calls import Call, Observation
from autograder.sandbox.observe import observe

UNREACHED = Observation(fate="unreached")


class OutOfTime(BaseException):
    """Raised inside a student's function; no `except Exception` of theirs holds it up."""


class Stopped(Exception):
    """The student pressed stop."""


class Alarm:
    """Interrupts the main thread when the time is over, and harder while it does not let go."""

    AGAIN = 0.5

    def __init__(self) -> None:
        self.rung = 0
        self.inside = False  # raise only into the student's code, never into our own between two calls

    def ring(self, _signal: int, frame: FrameType | None) -> None:
        self.rung += 1
        if not self.inside:
            return
        if self.rung > 1:
            # Swallowed by a bare `except`, then: raise once more on the next line, which is that except's own.
            sys.settrace(self._on_next_line)
            while frame is not None and frame.f_code is not observe.__code__:
                frame.f_trace = self._on_next_line
                frame = frame.f_back
        raise OutOfTime

    def _on_next_line(self, _frame: FrameType, event: str, _argument: object) -> Callable:
        if self.inside and event == "line":
            raise OutOfTime
        return self._on_next_line


def perform(functions: Mapping[str, Callable], calls: Sequence[Call], seconds: float) -> list[Observation]:
    """One observation a call. Raises Stopped when a call was interrupted by hand.

    The call that is running when `seconds` are over counts as timed out, those after it as not reached. Where the
    system has no alarm (Windows, or a thread beside the main one) there is no deadline, only the stop button.
    """
    late = Observation(fate="timeout", detail=f"it was still running after {seconds:g} seconds, all calls together")
    observations: list[Observation] = []
    with _alarm(seconds) as alarm:
        for call in calls:
            if alarm.rung:
                observations.append(UNREACHED)
                continue
            seen = _perform(functions.get(call.function), call, alarm)
            observations.append(late if alarm.rung else seen)
    return observations


def _perform(function: Callable | None, call: Call, alarm: Alarm) -> Observation:
    if function is None:
        return Observation(fate="missing")
    try:
        alarm.inside = True
        seen = observe(function, call)
    except OutOfTime:
        return UNREACHED
    finally:
        alarm.inside = False
    if seen.failure is not None and seen.failure.kind == "KeyboardInterrupt":
        raise Stopped
    return seen


@contextmanager
def _alarm(seconds: float):
    alarm = Alarm()
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield alarm
        return
    tracer = sys.gettrace()
    before = signal.signal(signal.SIGALRM, alarm.ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, alarm.AGAIN)
    try:
        yield alarm
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        sys.settrace(tracer)
