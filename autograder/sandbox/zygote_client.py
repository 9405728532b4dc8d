"""The parent's hold on the zygote: starts it, asks it for children, and starts it anew should it die."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import wire
from autograder.sandbox.layers import ENVIRONMENT, LAYERS, Layer

NAP = 0.001  # seconds
PATIENCE = 60.0  # for the zygote, which only ever does short things
_ROOT = str(Path(__file__).resolve().parents[2])
END_OF_STREAM = "the child has closed its results"


class ZygoteLost(Exception):
    """The warm process is gone, and its children with it. It has been started anew."""


class TimeIsUp(Exception):
    """The child did not send a whole frame in time."""


@dataclass(frozen=True)
class End:
    """How a child ended: its exit status (negative: the signal that killed it), processor seconds, peak memory."""

    status: int
    cpu: float
    peak_kb: int


class Child:
    """A running child: the frames it sends, and its end."""

    def __init__(self, zygote: Zygote, pid: int, generation: int, results: int) -> None:
        self._zygote, self._pid, self._generation, self._results = zygote, pid, generation, results
        self._buffer = bytearray()
        self._frames: deque[bytes] = deque()
        self._poll = select.poll()
        self._poll.register(results, select.POLLIN)

    def receive(self, deadline: float, limit: int) -> bytes:
        """The next frame, still packed. Raises TimeIsUp at `deadline` (of time.monotonic), EOFError, wire.WireError."""
        while not self._frames:
            lacking = wire.missing(self._buffer, limit)
            remaining = deadline - time.monotonic()
            if not self._poll.poll(0):
                # Being woken for each of many small frames costs both sides more than a nap and then a batch.
                time.sleep(max(0.0, min(remaining, NAP)))
                remaining = deadline - time.monotonic()
            if remaining <= 0 or not self._poll.poll(remaining * 1_000):
                raise TimeIsUp
            part = os.read(self._results, max(lacking, 65_536))
            if not part:
                raise EOFError(END_OF_STREAM)
            self._buffer += part
            self._frames.extend(wire.split(self._buffer))
        return self._frames.popleft()

    def end(self) -> End:
        """Kill whatever is left of it. Raises ZygoteLost when it had died with its zygote."""
        if self._results >= 0:
            os.close(self._results)
            self._results = -1
        return self._zygote.end(self._pid, self._generation)


class Zygote:
    """A context manager; its methods may be called from several threads."""

    def __init__(self, memory: int, cpu_seconds: int = 600, without: Sequence[str] = ()) -> None:
        self._lock = threading.Lock()
        self._generation = 0
        self._process: subprocess.Popen | None = None
        self._settings = {"memory": memory, "cpu_seconds": cpu_seconds, "without": list(without), "root": _ROOT}

    def __enter__(self) -> Zygote:
        self._stack = contextlib.ExitStack()
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="empty-"))
        os.chmod(folder, 0o555)
        self._settings["folder"] = folder
        self._settings["fonts"] = str(_fonts_folder())
        self._stack.callback(self._stop)
        try:
            with self._lock:
                self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def layers(self, worn: Sequence[str] = LAYERS) -> list[Layer]:
        """What is found of each layer by children that wear it, or would if it were in `worn`."""
        with self._lock:
            return [Layer(**layer) for layer in self._ask({"do": "probe", "layers": list(worn)})["layers"]]

    def fork(self, request: int, order: dict) -> Child:
        """A child at work on what is in the file `request`. Raises ZygoteLost."""
        results, theirs = os.pipe()
        try:
            with self._lock:
                reply = self._ask({"do": "fork", **order}, [request, theirs])
                return Child(self, reply["pid"], self._generation, results)
        except BaseException:
            os.close(results)
            raise
        finally:
            os.close(theirs)

    def end(self, pid: int, generation: int) -> End:
        with self._lock:
            if generation != self._generation:
                raise ZygoteLost
            reply = self._ask({"do": "end", "pid": pid})
        if reply["status"] is None:
            raise ZygoteLost
        return End(**reply)

    def _ask(self, order: dict, descriptors: list[int] | None = None) -> dict:
        try:
            socket.send_fds(self._control, [json.dumps(order).encode()], descriptors or [])
            reply = self._control.recv(65_536)
        except OSError:
            reply = b""
        if not reply:
            self._stop()
            self._start()
            raise ZygoteLost
        return json.loads(reply)

    def _start(self) -> None:
        self._generation += 1
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(PATIENCE)
        # The socket becomes descriptor 3 there, whatever its number is here; nothing else is handed on.
        code = f"import os; os.dup2({theirs.fileno()}, 3); os.closerange(4, {theirs.fileno() + 1}); "
        with theirs, tempfile.TemporaryFile() as complaints:
            self._process = subprocess.Popen(
                # -s and -P: neither the user's folders nor the current one may decide what is imported.
                [sys.executable, "-s", "-P", "-B", "-c", code + start_code("zygote")],
                env=ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C in the terminal is for the parent, which then ends it in good order
            )
            self._control = ours
            theirs.close()
            try:
                ours.send(json.dumps(self._settings).encode())
                ready = ours.recv(65_536)
            except OSError:
                ready = b""
            if not ready:
                self._stop()
                complaints.seek(0)
                last = complaints.read().decode(errors="replace").strip().splitlines()[-1:]
                raise RuntimeError(f"the sandbox does not start: {' '.join(last) or 'no reason given'}")

    def _stop(self) -> None:
        if self._process is None:
            return
        self._control.close()
        try:
            self._process.wait(timeout=2)  # it ends by itself, taking its children along
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None


def start_code(module: str) -> str:
    """What a new Python runs to become `autograder.sandbox.<module>`, importing from where this one does."""
    path = [_ROOT, *(entry for entry in sys.path if entry and entry != _ROOT)]
    return f"import sys; sys.path[:0] = {path!r}; from autograder.sandbox.{module} import main; main()"


def unsupported() -> str:
    """Why there can be no zygote on this system; "" where there can."""
    return "" if sys.platform == "linux" else f"there is no isolation on {sys.platform}"


def _fonts_folder() -> Path:
    """Where Matplotlib keeps its list of fonts, which takes seconds to make: the same place for every run."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "activations-proved"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.gettempdir())
    return folder
