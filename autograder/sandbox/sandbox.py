"""The door to the sandbox: hand in a program and the calls to make, get back what happened."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence

from autograder.calls import Call, Program
from autograder.sandbox.cold import ColdStart
from autograder.sandbox.layers import LAYERS, Layer
from autograder.sandbox.performance import Follower, Performance
from autograder.sandbox.request import Packer
from autograder.sandbox.warmth import needs
from autograder.sandbox.zygote_client import Zygote, ZygoteLost, unsupported

ISOLATIONS = ("strict", "available", "none")
MAX_LOSSES = 3


class IsolationMissing(RuntimeError):
    """Strict isolation was asked for and cannot be had here. `layers` tells what is missing."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layer for layer in layers if not layer.holds)
        by_reason: dict[str, list[str]] = {}
        for layer in self.layers:
            by_reason.setdefault(layer.why, []).append(layer.name)
        reasons = "; ".join(f"{', '.join(names)}: {why}" for why, names in by_reason.items())
        super().__init__(f"strict isolation does not hold here ({reasons})")

    def __reduce__(self) -> tuple:
        return IsolationMissing, (self.layers,)  # it travels from a worker's process to the run


class Sandbox:
    """A warm process that runs students' programs in children of its own, each locked down and under a deadline.

    isolation: "strict" raises IsolationMissing on entering when a layer does not hold; "available" takes those that
        do; "none" only limits time and memory. On macOS and Windows there are none to take, only the deadline.
    memory_mb: what a student may use beyond what NumPy, SymPy and Matplotlib take.
    time_limit: seconds of wall time for loading the cells, and again for each group.

    Use it as a context manager, one for each process of a grading run. `perform` may be called from several threads.
    """

    _without: tuple[str, ...] = ()  # layers left out although the system has them, for tests of what then holds

    def __init__(self, isolation: str = "strict", memory_mb: int = 1024, time_limit: float = 10.0) -> None:
        if isolation not in ISOLATIONS:
            raise ValueError(f"isolation is one of {', '.join(ISOLATIONS)}, not {isolation!r}")
        self.isolation, self.memory_mb, self.time_limit = isolation, memory_mb, time_limit
        self._worn = ("rlimits",) if isolation == "none" else LAYERS
        self.report: tuple[Layer, ...] = ()
        self._packer = Packer()

    def __enter__(self) -> Sandbox:
        reason = unsupported()
        with contextlib.ExitStack() as stack:
            zygote = ColdStart(reason) if reason else Zygote(self.memory_mb * 2**20, without=self._without)
            self._zygote = stack.enter_context(zygote)
            self.report = tuple(self._zygote.layers(self._worn))
            if self.isolation == "strict" and not all(layer.holds for layer in self.report):
                raise IsolationMissing(self.report)
            unwearable = {layer.name for layer in self.report if not layer.wearable}
            self._worn = tuple(name for name in self._worn if name not in unwearable)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    @property
    def layers(self) -> dict[str, bool]:
        """Each layer by name, and whether it was seen to hold; `report` has the reasons."""
        return {layer.name: layer.holds for layer in self.report}

    def perform(self, program: Program, groups: Sequence[Sequence[Call]]) -> Performance:
        """Run the cells of `program`, then make the calls of each group, in order. One observation for each call.

        A group is an exercise: what one does to the process costs that group alone, and the others go on in a fresh
        child. Statements that fail while loading cost nothing by themselves; those that hang or crash are left out
        of the next attempt, which then runs definitions only (imports, functions, classes, assignments).

        The fate of an observation is None when the call came back or raised, and otherwise
        - "missing": there is no callable of that name after loading;
        - "timeout": the call was under way when the group's time was up, or loading never came to an end;
        - "memory": MemoryError was raised, in the call or while its result was read, or loading ran out of memory;
        - "killed": the process ended or crashed during the call, or closed the way back; `detail` says how;
        - "invalid_output": the result is too large, or what came back is no message;
        - "unreached": an earlier call of the group had the fate timeout, memory, killed or broken invalid_output.

        Raises WireError when the program or the calls are not wire-safe, RuntimeError when the sandbox itself cannot
        be started again.
        """
        follower = Follower(groups, self.time_limit, len(program.cells))
        packed = self._packer.pack(program, groups)
        warm = needs(program, groups, symbols=b'{"Tree":' in packed)
        with _file_of(packed) as request:
            losses = 0
            while not follower.finished:
                order = {**follower.order, "layers": self._worn, "warm": warm}
                try:
                    follower.attend(self._zygote.fork(request, order))
                except ZygoteLost:
                    losses += 1
                    if losses == MAX_LOSSES:
                        follower.give_up("killed", "the process that runs the programs died with it, more than once")
        return follower.result()


@contextlib.contextmanager
def _file_of(packed: bytes) -> Iterator[int]:
    """A file (in memory, on Linux) that holds the program and the calls, for every child of this performance."""
    with tempfile.TemporaryFile() if unsupported() else open(os.memfd_create("request"), "w+b") as file:
        file.write(packed)
        file.flush()
        yield file.fileno()
