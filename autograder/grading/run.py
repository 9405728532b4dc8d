"""One run: submissions go out in chunks, results come back and are kept at once, and nothing is ever lost."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from autograder import __version__, registry
from autograder.grading.executors import NoExecutor
from autograder.grading.schedule import Schedule
from autograder.grading.settling import settle
from autograder.grading.store import Store
from autograder.grading.student import Packet, lost
from autograder.grading.submissions import Submission
from autograder.grading.versions import course_digest, versions
from autograder.grading.worker import Graded, Settings, grade_packets, prepare
from autograder.notebooks.read import Unreadable
from autograder.sandbox import IsolationMissing

LARGEST_CHUNK = 8
LARGEST_SUBMISSION = 128 * 2**20  # bytes, all files of a student together
TYPICAL = 4  # submissions that show which exercises a class has
HOLD = 2.0  # seconds after which a worker gives back what it has, so that little is lost with it
REFUSED = (IsolationMissing, NoExecutor)
DIGITS = 40
LOST = "lost"  # instead of a content digest: such a result is there, and resuming tries again


@dataclass
class Run:
    """A run under way: how much is done, and what will be written about it.

    on_progress(done, known) is called whenever one more is done; `known` of them were there before this run.
    on_preparing(done, of) is called before that, for each exercise whose right answers all workers will share.
    stopping() tells whether somebody asked to stop, for a KeyboardInterrupt may get lost in the work.
    Once it is written: decided, how many answers a person has decided on; faults, what is wrong with decisions.csv, which
    then decides nothing; waiting, how many students have points held.
    """

    submissions: Sequence[Submission]
    store: Store
    settings: Settings
    on_progress: Callable[[int, int], None] = lambda done, known: None
    on_preparing: Callable[[int, int], None] = lambda done, of: None
    stopping: Callable[[], object] = lambda: False
    done: set[str] = field(default_factory=set)
    known: int = 0
    digests: dict[str, str] = field(default_factory=dict)
    layers: dict[str, Any] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    seconds: float = 0.0
    decided: int = 0
    faults: list[str] = field(default_factory=list)
    waiting: int = 0

    def __post_init__(self) -> None:
        self.store.expect(submission.student for submission in self.submissions)

    @property
    def complete(self) -> bool:
        return len(self.done) == len(self.submissions)

    def grade(self, make: Callable[[], Executor], width: int, resume: bool = False) -> None:
        """Grade everybody; with `resume`, only those whose result is not there or whose submission has changed.

        make() gives an executor that works on `width` chunks at a time, unless it knows better. However this ends, by
        Ctrl-C too, table and record are written of what is done. What an earlier run left stays until there is a
        first result to put in its place.

        Raises NoExecutor and IsolationMissing, Busy when another run is at this folder, and OSError. Where these keep
        a run from getting to its first result, nothing is written.
        """
        with self.store.claimed():
            started = time.perf_counter()
            ours = self.store.empty  # this table to write: an earlier run's stays until there is a first result
            try:
                unfinished = self._unfinished(self.store.kept() if resume else {})
                ours = ours or resume
                for number, (packet, digest, graded) in enumerate(self._results(make, width, unfinished)):
                    if number == 0:
                        self.store.make_way(for_all=not resume)
                        self.store.write_record(self.record())
                        ours = True
                    self._keep(packet, digest, graded)
            except REFUSED:
                ours = bool(self.done)
                if not ours:
                    self.store.withdraw()
                raise
            finally:
                self.seconds = round(time.perf_counter() - started, 3)
                if ours:
                    self.write()

    def write(self) -> None:
        """grades.csv and run.json, of whoever is done, in the order of the submissions."""
        # What the store holds decides: an interruption may fall between keeping a result and counting it.
        kept = self.store.kept()
        self.done = {student for student, digest in self.digests.items() if kept.get(student) in (digest, LOST)}
        students = [submission.student for submission in self.submissions if submission.student in self.done]
        if self.complete:
            self.store.forget_all_but(students)
        # Before there is a table: whoever reads it finds in it what a person has decided.
        self.decided, self.faults = settle(self.store, students, {each.student for each in self.submissions})
        self.waiting = self.store.write_table(students, registry.exercises())
        self.store.write_record(self.record())

    def record(self) -> dict[str, Any]:
        return {
            **asdict(self.settings),
            "complete": self.complete,
            "submissions": len(self.submissions),
            "graded": len(self.done),
            "decisions": self.decided,
            "seconds": self.seconds,
            "course": course_digest(),
            "isolation_layers": self.layers,
            "versions": versions(),
        }

    def _unfinished(self, kept: dict[str, str]) -> list[Submission]:
        """The submissions still to be graded."""
        unfinished = []
        for submission in self.submissions:
            if submission.student in kept and kept[submission.student] == self._read(submission)[1]:
                self.known += 1
                self._count(submission.student)
            else:
                unfinished.append(submission)
        return unfinished

    def _results(
        self, make: Callable[[], Executor], width: int, unfinished: Sequence[Submission]
    ) -> Iterator[tuple[Packet, str, Graded | Exception]]:
        if not unfinished:
            return
        schedule = Schedule(make, width, fatal=REFUSED)
        size = max(1, min(LARGEST_CHUNK, len(self.submissions) // (4 * schedule.width)))
        if getattr(schedule.executor, "inherits", False):
            prepare(map(pack, unfinished[:TYPICAL]), self.settings.seed, self._prepared)
        items = map(self._read, unfinished)  # one at a time, so that memory stays flat in the class size
        with closing(schedule.results(partial(_graded, self.settings), items, size)) as results:
            for (packet, digest), graded in results:
                if self.stopping():
                    raise KeyboardInterrupt
                yield packet, digest, graded

    def _prepared(self, done: int, of: int) -> None:
        self.on_preparing(done, of)
        if self.stopping():
            raise KeyboardInterrupt

    def _read(self, submission: Submission) -> tuple[Packet, str]:
        packet = pack(submission)
        digest = self.digests[packet.student] = content_digest(packet, self.settings)
        return packet, digest

    def _keep(self, packet: Packet, digest: str, graded: Graded | Exception) -> None:
        if isinstance(graded, Exception):
            reason = f"Grading it failed twice ({type(graded).__name__}); autograder grade --resume tries it again."
            graded, digest = Graded(lost(packet, "killed", reason), self.layers), LOST
            self.lost.add(packet.student)
        self.layers = graded.layers
        self.store.keep(graded.result, digest)
        self._count(packet.student)

    def _count(self, student: str) -> None:
        self.done.add(student)
        self.on_progress(len(self.done), self.known)


def pack(submission: Submission) -> Packet:
    """Read a submission's bytes; a file that cannot be read becomes its reason."""
    files, problems, room = [], [], LARGEST_SUBMISSION
    for file in submission.files:
        try:
            data = file.read()
        except Unreadable as error:
            problems.append((file.name, error.reason))
            continue
        room -= len(data)
        if room < 0:  # two hundred bombs of a zip file would fill any memory
            size = f"{LARGEST_SUBMISSION // 2**20} MB"
            problems.append((file.name, f"{file.name} and the files after it go beyond {size}: hand in less."))
            break
        files.append((file.name, data))
    if not submission.files and submission.others:
        reason = f"Only {submission.others[0]} was handed in, and neither a notebook (.ipynb) nor a Python file."
        problems.append((submission.others[0], reason))
    return Packet(submission.student, tuple(files), tuple(problems))


def content_digest(packet: Packet, settings: Settings) -> str:
    """The same for the same submission, graded in the same way by the same course; `work_of` tells the first half."""
    work = hashlib.sha256(repr((packet.student, packet.problems)).encode())
    for name, data in packet.files:
        work.update(f"\0{name}\0{len(data)}\0".encode())
        work.update(data)
    way = hashlib.sha256(repr((__version__, course_digest(), settings)).encode())
    return f"{work.hexdigest()[:DIGITS]}-{way.hexdigest()[:DIGITS]}"


def _graded(settings: Settings, items: Sequence[tuple[Packet, str]]) -> list[Graded]:
    """Grade the first of the items, and the others as long as that does not hold back results for long."""
    started, results = time.monotonic(), []
    for packet, _ in items:
        if results and time.monotonic() - started > HOLD:
            break
        results += grade_packets([packet], settings)
    return results
