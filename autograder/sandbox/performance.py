"""Follows a student's program through as many children as it takes, and writes down what each call did."""

from __future__ import annotations

import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.calls import Call, Failure, Observation
from autograder.sandbox import wire
from autograder.sandbox.layers import OUT_OF_MEMORY
from autograder.sandbox.seen import Seen
from autograder.sandbox.wire import WireError
from autograder.sandbox.zygote_client import Child, End, TimeIsUp

MAX_LOADS = 4
MAX_RESULT = 24 * 2**20  # of one call; a little more than freezing lets through
MOST_BURDEN = 96 * 2**20  # bytes of memory that one frame may come to
MAX_RESULTS = 64 * 2**20  # of a group, in memory
MAX_ALL_RESULTS = 8 * MAX_RESULTS
MAX_LINE = 2**24
_FATES = frozenset({None, "memory", "invalid_output", "missing"})  # those a child can know of itself


@dataclass(frozen=True)
class LoadFailure:
    """A statement at the top level of a cell (from 0) that failed, hung or crashed. It costs nothing by itself.

    fate: "timeout", "memory", "killed" or "invalid_output" where the parent saw it end like that. The failure then
    has the same kind; a failure of that kind alone is a student's exception of such a name.
    """

    cell: int
    line: int
    failure: Failure
    fate: str | None = None


@dataclass(frozen=True)
class Performance:
    """What a program did: one observation for each call of each group, in their order.

    seconds: wall time of each group, without that of loading; defined: the names of callables after loading;
    load_failures: top-level statements that did not work;
    cpu_seconds: processor time of all children; peak_mb: the most memory that one of them held; children: how many.
    """

    observations: list[Sequence[Observation]]
    seconds: list[float]
    defined: frozenset[str] = frozenset()
    load_failures: tuple[LoadFailure, ...] = ()
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0
    children: int = 0


class Follower:
    """The state of one performance while it is under way. Attend one child after the other until it is finished.

    cells: how many the program has.
    """

    def __init__(self, groups: Sequence[Sequence[Call]], time_limit: float, cells: int) -> None:
        self.groups, self.time_limit, self.cells = groups, time_limit, cells
        self.complete: list[Sequence[Observation]] = []
        self.seconds: list[float] = []
        self.defined: frozenset[str] = frozenset()
        self.failures: tuple[LoadFailure, ...] = ()
        self.culprits: dict[tuple[int, int], LoadFailure] = {}
        self.ends: list[End] = []
        self.received = self.failed_loads = self.losses = 0
        self._ever_loaded = self._loaded = False
        self._at: tuple[int, int, int] | None = None
        self._current: list[Observation] = []
        self._began = time.monotonic()

    @property
    def finished(self) -> bool:
        return self._ever_loaded and len(self.complete) == len(self.groups)

    @property
    def order(self) -> dict:
        """What the next child is to do: go on after what is complete, without the statements that spoilt it."""
        return {
            "first": len(self.complete),
            "skip": list(self.culprits),
            "definitions_only": bool(self.culprits),
        }

    def attend(self, child: Child) -> None:
        """Take what `child` sends until all is done or its time is up, then end it. Raises ZygoteLost."""
        self._loaded, self._at, self._current, self._of_group = False, None, [], 0
        self._began_with = len(self.complete)
        fate, detail = None, ""
        try:
            self._attend_loading(child)
            while not self.finished:
                self._attend_group(child)
        except TimeIsUp:
            fate, detail = "timeout", f"it did not finish within {self.time_limit:g} seconds"
        except EOFError:
            fate = "killed"
        except WireError:
            fate, detail = "invalid_output", "what came back cannot be read"
        except _Spent:
            fate, detail = "invalid_output", "the call came back in a way that cannot be read"
        finally:
            end = child.end()
            self.ends.append(end)
        if fate == "killed" and end.status == OUT_OF_MEMORY and not self._loaded:
            fate, detail = "memory", "it asked for more memory than there is"
        elif fate == "killed":
            detail = _obituary(end.status)
        if fate and self._loaded:
            # What a group did to the process may bring down the next. So only a group that a fresh child began with
            # is blamed for a broken process; any other is begun again. A hang is not worth the time of a second one.
            if fate == "timeout" or len(self.complete) == self._began_with:
                self._close_group(fate, detail)
        elif fate:
            self._charge_loading(fate, detail)

    def give_up(self, fate: str, detail: str) -> None:
        """Nothing more can be had from this program: every group that is left has this fate."""
        self._ever_loaded = True
        while len(self.complete) < len(self.groups):
            self._current, self._began = [], time.monotonic()
            self._close_group(fate, detail)

    def result(self) -> Performance:
        return Performance(
            observations=self.complete,
            seconds=self.seconds,
            defined=self.defined,
            load_failures=(*self.failures, *self.culprits.values()),
            cpu_seconds=sum(end.cpu for end in self.ends),
            peak_mb=max((end.peak_kb for end in self.ends), default=0) / 1024,
            children=len(self.ends),
        )

    def _attend_loading(self, child: Child) -> None:
        deadline = time.monotonic() + self.time_limit
        while not self._loaded:
            match self._receive(child, deadline)[1]:
                case ("at", int(cell), int(statement), int(line)) if self._exists(cell, statement, line):
                    self._at = (cell, statement, line)
                case ("loaded", frozenset(names), tuple(failures)):
                    self.failures = tuple(self._load_failure(failure) for failure in failures)
                    self.defined = names
                    self._loaded = self._ever_loaded = True
                case _:
                    raise WireError("not a frame of loading")

    def _attend_group(self, child: Child) -> None:
        self._began, self._of_group, frames = time.monotonic(), 0, []
        deadline = self._began + self.time_limit
        for _ in self.groups[len(self.complete)]:
            frame, said = self._receive(child, deadline)
            frames.append(frame)
            match said:
                case Observation() as seen if seen.fate in _FATES:
                    self._current.append(seen)
                case ("spent",):
                    raise _Spent
                case _:
                    raise WireError("not the observation that was due")
        # Whoever sends one observation too many shifts all that follow; this mark is then not where it is due.
        if self._receive(child, deadline)[1] != ("done", len(self.complete)):
            raise WireError("more observations than there were calls")
        self._complete(Seen.told(self._current, frames))

    def _complete(self, seen: Sequence[Observation]) -> None:
        self.complete.append(seen)
        self.seconds.append(time.monotonic() - self._began)
        self._current = []

    def _receive(self, child: Child, deadline: float) -> tuple[bytes, Any]:
        """The next frame, and what it says."""
        if self._of_group > MAX_RESULTS or self.received > MAX_ALL_RESULTS:
            raise WireError("more results than anybody asked for")
        frame = child.receive(deadline, MAX_RESULT)
        burden = wire.burden(frame)
        if burden > MOST_BURDEN:
            raise WireError("too much to be unpacked")
        self._of_group += burden
        self.received += burden
        return frame, wire.recall(frame, burden)

    def _close_group(self, fate: str, detail: str) -> None:
        """The group breaks off: at the call that was under way, unless its observation is there already."""
        calls = self.groups[len(self.complete)]
        seen = list(self._current)
        if not seen or seen[-1].fate != "memory":
            seen = [*seen[: len(calls) - 1], Observation(fate=fate, detail=detail)]
        rest = Observation(fate="unreached", detail="an earlier call of this exercise did not come back")
        self._complete([*seen, *[rest] * len(calls)][: len(calls)])

    def _load_failure(self, parts: object) -> LoadFailure:
        match parts:
            case (int(cell), int(line), Failure() as failure) if self._exists(cell, 0, line):
                return LoadFailure(cell, line, failure)
        raise WireError("not a failure of loading")

    def _exists(self, cell: int, statement: int, line: int) -> bool:
        """Whether there can be such a place. Reports look it up, and forged frames name any."""
        return 0 <= cell < self.cells and 0 <= statement <= MAX_LINE and 0 <= line <= MAX_LINE

    def _charge_loading(self, fate: str, detail: str) -> None:
        """Loading broke off: next time without the statement that was running, and with definitions only."""
        self.failed_loads += 1
        if self._at is not None:
            cell, statement, line = self._at
            self.culprits[cell, statement] = LoadFailure(cell, line, Failure(fate, detail), fate)
        if self._at is None or self.failed_loads == MAX_LOADS:
            self.give_up(fate, f"while the cells were run: {detail}")


class _Spent(Exception):
    """The child says that a fresh one had better go on: its memory is full, or its code is meddled with."""


def _obituary(status: int) -> str:
    """How a child ended, in a sentence. A child that has only closed its results is killed, and then says so too."""
    if status >= 0:
        return "the process ended itself before it was done"
    if -status == signal.SIGKILL:
        return "the process stopped answering and was ended"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    return f"the process crashed ({name})"
