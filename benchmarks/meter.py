"""What a command costs, with everything it starts: processor seconds, wall seconds, and the most memory at one time.

`python -m benchmarks.meter COMMAND ...` prints them as JSON on the last line.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import psutil

_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Cost:
    """cpu, wall: seconds; peak_mb: of all processes together; exit: the command's status."""

    cpu: float
    wall: float
    peak_mb: float
    exit: int


def metered(command: Sequence[str], **options: object) -> Cost:
    """The cost of `command`, run under a meter of its own. options: as of subprocess.run."""
    meter = [sys.executable, "-m", "benchmarks.meter", *map(str, command)]
    done = subprocess.run(meter, capture_output=True, text=True, check=False, **options)
    try:
        return Cost(**json.loads(done.stdout.strip().splitlines()[-1]))
    except (IndexError, ValueError, TypeError):
        raise RuntimeError(f"{command[0]} could not be measured: {done.stderr[-2000:]}") from None


def main() -> None:
    """Run the command, adopt whatever it leaves behind, and wait for that too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    started = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    peak = Peak()
    status = process.wait()
    wall = time.perf_counter() - started
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    peak.stop()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps(asdict(Cost(usage.ru_utime + usage.ru_stime, wall, peak.megabytes, status))))


class Peak(threading.Thread):
    """Looks five times a second at what all descendants of this process hold together."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.megabytes = 0.0
        self._over = threading.Event()
        self.start()

    def run(self) -> None:
        while not self._over.wait(0.2):
            self.megabytes = max(self.megabytes, sum(map(_own_memory, psutil.Process().children(recursive=True))))

    def stop(self) -> None:
        self._over.set()
        self.join()


def _own_memory(process: psutil.Process) -> float:
    """Its share of what it holds: forks share most of their pages, and counting those twice would be unfair."""
    try:
        memory = process.memory_full_info()
    except psutil.Error:
        return 0.0
    return getattr(memory, "pss", memory.uss) / 2**20


if __name__ == "__main__":
    main()
