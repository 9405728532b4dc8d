"""Ask the prover, a warm process of its own: it is killed when it takes too long, and a new one is started."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from queue import Empty, Queue

from autograder.expressions.tree import Tree
from autograder.expressions.wire import encode

PATIENCE = 4.0  # seconds for one proof
_START_UP = 20.0  # seconds until a fresh process has imported SymPy

_WANTED = ContextVar("proofs wanted", default=True)


@contextmanager
def without_proofs() -> Iterator[None]:
    """For whoever only counts points: agreement scores as a proof does, and a proof may take seconds."""
    token = _WANTED.set(False)
    try:
        yield
    finally:
        _WANTED.reset(token)


def proofs_wanted() -> bool:
    """Whether anybody here reads how something was proved."""
    return _WANTED.get()


def proof(
    left: Tree, right: Tree, variables: Mapping[str, str], relation: str = "=", patience: float = PATIENCE
) -> str | None:
    """How it is proved, to follow the word "by"; None when no proof was found in `patience` seconds."""
    return _remembered(left, right, tuple(sorted(variables.items())), relation, patience)


@lru_cache(maxsize=4_096)
def _remembered(left: Tree, right: Tree, variables: tuple, relation: str, patience: float) -> str | None:
    question = {"left": encode(left), "right": encode(right), "domains": dict(variables), "relation": relation}
    return _PROVER.ask(question, patience)


class _Prover:
    """The process and its pipes. Importing this module starts nothing; the first question does."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen | None = None
        self.owner = 0
        self.answers: Queue[str] = Queue()
        self.asked = 0
        self.broken = False

    def ask(self, question: dict, patience: float) -> str | None:
        with self.lock:
            if self.broken:
                return None
            if self.process is None or self.owner != os.getpid() or self.process.poll() is not None:
                if not self._start():
                    return None
                patience += _START_UP
            self.asked += 1
            try:
                self.process.stdin.write(json.dumps({**question, "id": self.asked}) + "\n")
                self.process.stdin.flush()
                answer = json.loads(self.answers.get(timeout=patience))
            except (Empty, OSError, ValueError):
                self.stop()
                return None
            return answer["by"] if answer.get("id") == self.asked else None

    def _start(self) -> bool:
        """A fresh process in a fresh queue; -P keeps the current folder, and a student's sympy.py, off its path."""
        self.stop()
        self.owner, self.answers = os.getpid(), Queue()
        root = str(Path(__file__).resolve().parents[2])
        paths = [root, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "autograder.judges.proving.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            )
        except OSError:
            self.broken = True  # no processes to be had here: then there are no proofs, only agreement
            return False
        self.reader = threading.Thread(target=_pump, args=(self.process.stdout, self.answers), daemon=True)
        self.reader.start()
        return True

    def stop(self) -> None:
        process, self.process = self.process, None
        if process is not None and self.owner == os.getpid():  # a forked copy leaves its parent's prover alone
            process.kill()
            with suppress(OSError):
                process.stdin.close()
            process.wait()
            self.reader.join(timeout=1)


def _pump(stream, answers: Queue) -> None:
    with suppress(ValueError, OSError), stream:
        for line in stream:
            answers.put(line)


_PROVER = _Prover()
atexit.register(_PROVER.stop)
