"""One run: submissions go out in chunks, results come back and are kept at once, and nothing is ever lost."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from autograder import __version__, registry
from autograder.grading.schedule import Schedule
from autograder.grading.store import Store
from autograder.grading.student import Packet, lost
from autograder.grading.submissions import Submission
from autograder.grading.versions import versions
from autograder.grading.worker import Graded, Settings, grade_packets
from autograder.notebooks.read import Unreadable
from autograder.sandbox import IsolationMissing

LARGEST_CHUNK = 8
LOST = "lost"  # instead of a content digest: such a result is there, and resuming tries again


@dataclass
class Run:
    """A run under way: how much is done, and what will be written about it.

    on_graded(student) is called whenever a result has been kept.
    """

    submissions: Sequence[Submission]
    store: Store
    settings: Settings
    on_graded: Callable[[str], None] = lambda student: None
    done: set[str] = field(default_factory=set)
    digests: dict[str, str] = field(default_factory=dict)
    layers: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def complete(self) -> bool:
        return len(self.done) == len(self.submissions)

    def grade(self, make: Callable[[], Executor], width: int, resume: bool = False) -> None:
        """Grade everybody; with `resume`, only those whose result is not there or whose submission has changed.

        make() gives an executor that works on `width` chunks at a time. However this ends, by Ctrl-C too, table and
        record are written of what is done.
        """
        started = time.perf_counter()
        kept = self.store.kept() if resume else {}
        self.store.forget_all_but(kept) if resume else self.store.start_anew()
        try:
            schedule = Schedule(make, width, fatal=(IsolationMissing,))
            work = partial(_graded, self.settings)
            size = max(1, min(LARGEST_CHUNK, len(self.submissions) // (4 * width)))
            for (packet, digest), graded in schedule.results(work, self._unfinished(kept), size):
                self._keep(packet, digest, graded)
        finally:
            self.seconds = round(time.perf_counter() - started, 3)
            self.write()

    def write(self) -> None:
        """grades.csv and run.json, of whoever is done, in the order of the submissions."""
        # What the store holds decides: an interruption may fall between keeping a result and counting it.
        kept = self.store.kept()
        self.done = {student for student, digest in self.digests.items() if kept.get(student) in (digest, LOST)}
        students = [submission.student for submission in self.submissions if submission.student in self.done]
        if self.complete:
            self.store.forget_all_but(students)
        self.store.write_table(students, registry.exercises())
        self.store.write_record(self.record())

    def record(self) -> dict[str, Any]:
        return {
            **asdict(self.settings),
            "complete": self.complete,
            "submissions": len(self.submissions),
            "graded": len(self.done),
            "seconds": self.seconds,
            "course": course_digest(),
            "isolation_layers": self.layers,
            "versions": versions(),
        }

    def _count(self, student: str) -> None:
        self.done.add(student)
        self.on_graded(student)

    def _unfinished(self, kept: dict[str, str]) -> Iterator[tuple[Packet, str]]:
        """The submissions still to be graded, read one at a time so that memory stays flat in the class size."""
        for submission in self.submissions:
            packet = pack(submission)
            digest = self.digests[packet.student] = content_digest(packet, self.settings)
            if kept.get(packet.student) == digest:
                self._count(packet.student)
            else:
                yield packet, digest

    def _keep(self, packet: Packet, digest: str, graded: Graded | Exception) -> None:
        if isinstance(graded, Exception):
            reason = f"Grading it failed twice ({type(graded).__name__}); autograder grade --resume tries it again."
            graded, digest = Graded(lost(packet, "killed", reason), self.layers), LOST
        self.layers = graded.layers
        self.store.keep(graded.result, digest)
        self._count(packet.student)


def pack(submission: Submission) -> Packet:
    """Read a submission's bytes; a file that cannot be read becomes its reason."""
    files, problems = [], []
    for file in submission.files:
        try:
            files.append((file.name, file.read()))
        except Unreadable as error:
            problems.append((file.name, error.reason))
    if not submission.files and submission.others:
        reason = f"Only {submission.others[0]} was handed in, and neither a notebook (.ipynb) nor a Python file."
        problems.append((submission.others[0], reason))
    return Packet(submission.student, tuple(files), tuple(problems))


def content_digest(packet: Packet, settings: Settings) -> str:
    """The same for the same submission, graded in the same way by the same course."""
    digest = hashlib.sha256(repr((__version__, course_digest(), settings, packet.student, packet.problems)).encode())
    for name, data in packet.files:
        digest.update(f"\0{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


@cache
def course_digest() -> str:
    """Changes with every line of the exercises and of their judges: a resumed run mixes no two versions of either."""
    digest = hashlib.sha256()
    for package in ("autograder", "solutions"):
        folder = Path(import_module(package).__file__).parent
        for path in sorted(folder.rglob("*.py")):
            digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _graded(settings: Settings, items: Sequence[tuple[Packet, str]]) -> list[Graded]:
    return grade_packets([packet for packet, _ in items], settings)
