"""Where there is no isolation (macOS, Windows): a fresh Python for every child, held by nothing but its deadline.

It speaks the same frames as a child of the zygote, so that all else stays the same. It costs a second a child.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.sandbox import wire
from autograder.sandbox.layers import ENVIRONMENT, LAYERS, Layer
from autograder.sandbox.zygote_client import END_OF_STREAM, PATIENCE, End, TimeIsUp, start_code

_FRAMES_AHEAD = 64  # that wait to be looked at; the child waits while there are so many
# Without these a Python on Windows does not start, or does not find its own libraries.
_NEEDED = ("SYSTEMROOT", "TEMP", "TMP")


class ColdStart:
    """Stands in for `Zygote`."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def __enter__(self) -> ColdStart:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def layers(self, worn: Sequence[str] = LAYERS) -> list[Layer]:
        remedy = "grade on Linux, or in a Linux container"
        return [Layer(name, False, self._reason, remedy) for name in LAYERS]

    def fork(self, request: int, order: dict) -> ColdChild:
        os.lseek(request, 0, os.SEEK_SET)
        child = ColdChild(request, order)
        try:
            child.receive(time.monotonic() + PATIENCE, wire.MAX_FRAME)  # ("ready",): the imports are no student's time
        except (TimeIsUp, EOFError, wire.WireError):
            child.end()
            raise RuntimeError("the sandbox does not start a second Python") from None
        return child


class ColdChild:
    """Stands in for `Child`. A thread reads the frames, for a pipe on Windows knows no time limit."""

    def __init__(self, request: int, order: dict) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="empty-", ignore_cleanup_errors=True)
        needed = {name: os.environ[name] for name in _NEEDED if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-P", "-B", "-c", start_code("cold"), json.dumps(order)],
            env={**needed, **ENVIRONMENT, "MPLBACKEND": "Agg", "MPLCONFIGDIR": self._folder.name},
            cwd=self._folder.name,
            stdin=request,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._frames: queue.Queue = queue.Queue(_FRAMES_AHEAD)
        self._ended = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def receive(self, deadline: float, limit: int) -> bytes:
        """As `Child.receive`."""
        try:
            frame = self._frames.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            raise TimeIsUp from None
        if isinstance(frame, Exception):
            raise frame
        return frame

    def end(self) -> End:
        self._ended.set()
        # A child that has closed its results is about to end by itself; how it ends is worth knowing.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=0.5 if isinstance(self._last, EOFError) else 0)
        self._process.kill()
        status = self._process.wait()
        self._reader.join(timeout=1)
        self._process.stdout.close()
        self._folder.cleanup()
        return End(status, 0.0, 0)

    _last: Any = None

    def _read(self) -> None:
        while not isinstance(self._last, Exception) and not self._ended.is_set():
            try:
                self._last = wire.take(self._process.stdout)
            except (EOFError, OSError, ValueError) as error:
                self._last = error if isinstance(error, (EOFError, wire.WireError)) else EOFError(END_OF_STREAM)
            while not self._ended.is_set():
                with contextlib.suppress(queue.Full):
                    self._frames.put(self._last, timeout=0.2)
                    break


def main() -> None:
    """The other side: read the request, leave nothing open, then work."""
    from autograder.sandbox import standins, worker
    from autograder.sandbox.request import Repertoire

    order = json.loads(sys.argv.pop())
    program, groups = Repertoire().read(sys.stdin.buffer.read())
    results = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)
    import matplotlib.pyplot  # noqa: F401 the stand-in for show() is put into it

    standins.install()
    ours = str(Path(__file__).resolve().parents[2])
    sys.path[:] = [path for path in sys.path if path != ours]

    def write(frame: bytes) -> None:
        results.write(frame)
        results.flush()

    write(wire.pack(("ready",)))
    worker.work(worker.Task.ordered(program, groups, order), write)
    os._exit(0)
