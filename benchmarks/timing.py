"""How long each contender takes: in turns, so that whatever else the machine does meets all of them alike."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from benchmarks.contenders import CASES, Case

SAMPLE = 0.004  # seconds: short calls are repeated until a sample lasts this long
PATIENCE = 2.0  # seconds: who would need longer for one call is no longer asked
clock = time.process_time  # of all threads together, and not of other programs


@dataclass(frozen=True)
class Measured:
    """seconds: for each contender one number a round, seconds for one call."""

    case: Case
    dtype: str
    size: int
    seconds: Mapping[str, list[float]] = field(repr=False)

    @property
    def nanoseconds(self) -> float:
        """Ours, for one entry."""
        return statistics.median(self.seconds["ours"]) / self.size * 1e9

    def ratio(self, peer: str) -> tuple[float, float, float] | None:
        """Our time over the peer's: of the medians, then the quartiles of the ratios round by round."""
        if peer not in self.seconds:
            return None
        ours, theirs = self.seconds["ours"], self.seconds[peer]
        low, _, high = statistics.quantiles([a / b for a, b in zip(ours, theirs, strict=True)], n=4)
        return statistics.median(ours) / statistics.median(theirs), low, high


def plan(sizes: list[int], dtypes: list[str], only: str) -> list[tuple[Case, str, int]]:
    chosen = [case for case in CASES if only in case.name]
    return [(case, dtype, size) for case in chosen for dtype in dtypes for size in sorted(sizes)]


def measure(steps: list[tuple[Case, str, int]], rounds: int) -> Iterator[Measured]:
    """One result a step; sizes of one case come in growing order. Raises ValueError when contenders disagree."""
    pace: dict[tuple[str, str, str], float] = {}
    for case, dtype, size in steps:
        arrays = case.inputs(np.random.default_rng(size), size, dtype)
        calls = {
            name: call
            for name, call in case.contenders(arrays).items()
            if name == "ours" or pace.get((case.name, dtype, name), 0.0) * size < PATIENCE
        }
        _agree(case, dtype, calls)
        repeats = {name: _repeats(call) for name, call in calls.items()}
        seconds: dict[str, list[float]] = {name: [] for name in calls}
        for number in range(rounds):
            names = list(calls)
            for name in names[number % len(names) :] + names[: number % len(names)]:
                seconds[name].append(_seconds(calls[name], repeats[name]))
        for name, taken in seconds.items():
            pace[case.name, dtype, name] = statistics.median(taken) / size
        yield Measured(case, dtype, size, seconds)


def _seconds(call: Callable[[], object], repeats: int) -> float:
    start = clock()
    for _ in range(repeats):
        call()
    return (clock() - start) / repeats


def _repeats(call: Callable[[], object]) -> int:
    """How many calls make a sample; the call before this one has warmed up the buffers and caches."""
    once = _seconds(call, 1)
    return 1 if once > SAMPLE else math.ceil(SAMPLE / max(_seconds(call, 3), 1e-7))


def _agree(case: Case, dtype: str, calls: Mapping[str, Callable]) -> None:
    """Whoever is fast at something else is no contender. This is also everybody's first call."""
    expected = np.asarray(calls["ours"](), float)
    for name, call in calls.items():
        got = np.asarray(call(), float)
        if not np.allclose(got, expected, rtol=1e-4, atol=1e-4):
            raise ValueError(f"{name} computes something else than {case.name} in {dtype}")
