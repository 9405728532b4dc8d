"""What runs where the grading happens, in this process or in another: a chunk of submissions in, results out."""

from __future__ import annotations

import atexit
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from autograder import registry
from autograder.grading.student import Packet, grade, read
from autograder.judging import foresee
from autograder.sandbox import Sandbox

_DEFINED = re.compile(rb"\bdef\s+(\w+)", re.ASCII)


@dataclass(frozen=True)
class Settings:
    """What decides, besides the submission, how it is graded."""

    seed: int = 0
    time_limit: float = 10.0
    memory_mb: int = 1024
    isolation: str = "strict"


@dataclass(frozen=True)
class Graded:
    """The result of one submission, and the isolation layers it was obtained under."""

    result: dict[str, Any]
    layers: dict[str, Any]


def grade_packets(packets: Sequence[Packet], settings: Settings) -> list[Graded]:
    """Grade some submissions in the sandbox of this process, which is opened once and kept warm.

    Raises IsolationMissing when the settings ask for more than this machine can give.
    """
    sandbox = _sandbox(settings.isolation, settings.memory_mb, settings.time_limit)
    return [Graded(grade(read(packet), sandbox, settings.seed), dict(sandbox.layers)) for packet in packets]


def prepare(packets: Iterable[Packet], seed: int, tell: Callable[[int, int], None] = lambda done, of: None) -> None:
    """Work out, once for all that fork off this process, what submissions like these will be judged by.

    tell(done, of): called before each exercise and at the end; what it raises stops the work. Bytes are searched
    for names and never parsed: what a student wrote may bring a worker down, but not this one.
    """
    written = {name.decode() for packet in packets for _, data in packet.files for name in _DEFINED.findall(data)}
    exercises = [exercise for exercise in registry.exercises().values() if exercise.id in written]
    for number, exercise in enumerate(exercises):
        tell(number, len(exercises))
        with suppress(Exception):  # whoever judges it will meet the same, and tell
            foresee(exercise, seed)
    tell(len(exercises), len(exercises))


_open: dict[tuple, Sandbox] = {}  # one at most: a worker of a cluster may serve runs with other settings in turn


def _sandbox(*settings: str | float) -> Sandbox:
    if settings not in _open:
        _close()
        isolation, memory_mb, time_limit = settings
        _open[settings] = Sandbox(isolation, memory_mb, time_limit).__enter__()
    return _open[settings]


def _close() -> None:
    while _open:
        _open.popitem()[1].__exit__(None, None, None)


atexit.register(_close)
