"""The kernel's end of the line to the judge process: starts it, asks, and starts it anew when it has died."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
from pathlib import Path

from autograder.sandbox.wire import WireError, receive, send

PATIENCE = 60.0  # seconds for one answer; a judge that thinks for longer is stuck


class JudgeSilent(RuntimeError):
    """The judge did not answer, nor did the one started after it."""


class JudgeClient:
    """One judge process, shared by all checks of a kernel."""

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None
        self._lock = threading.Lock()
        atexit.register(self.stop)

    def start(self) -> None:
        """Start the judge unless it runs; comes back at once, while the judge warms up."""
        if self._process is None or self._process.poll() is not None:
            self.stop()
            # -P: a file random.py beside the notebook must not become the judge's random.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "autograder.judge_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,  # the kernel's stop button is not meant for the judge
            )

    def ask(self, question: str, **details) -> dict:
        """The answer to one question. Raises JudgeSilent when two judges in a row fail to give one."""
        with self._lock:
            for _attempt in range(2):
                try:
                    return self._ask_once({"ask": question, **details})
                except (OSError, EOFError, WireError):
                    self.stop()
        raise JudgeSilent(question)

    def _ask_once(self, question: dict) -> dict:
        self.start()
        process = self._process
        impatience = threading.Timer(PATIENCE, process.kill)
        impatience.start()
        try:
            send(process.stdin, question)
            return receive(process.stdout)
        except KeyboardInterrupt:
            self.stop()  # half an answer may be on the line: the next question needs a fresh one
            raise
        finally:
            impatience.cancel()

    def stop(self) -> None:
        """End the judge, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            try:
                stream.close()
            except OSError:
                continue  # what was left in the buffer has no reader any more


def _environment() -> dict[str, str]:
    """The kernel's environment, with this very autograder found first."""
    home = str(Path(__file__).resolve().parent.parent)
    path = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(path), "MPLBACKEND": "agg"}
