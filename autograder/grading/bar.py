"""How far a run is: a bar on a terminal, and now and then a line where nobody watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

QUIET = 30.0  # seconds between two lines in a log
STEADY = 0.1  # seconds between two drawings on a terminal
PREPARING = "working out the right answers"


@dataclass
class Pace:
    """How fast submissions are graded, and how long that will take; what was known before takes no time."""

    total: int
    clock: Callable[[], float] = time.monotonic
    done: int = 0
    known: int = 0
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Nothing has been graded until now."""
        self.started = self.clock()

    def __str__(self) -> str:
        """Such as "12.3 a second, 0:41 left"; empty while nobody can know."""
        graded, seconds = self.done - self.known, self.clock() - self.started
        if graded <= 0 or seconds <= 0:
            return ""
        rate = graded / seconds
        rest = round((self.total - self.done) / rate)
        hours, minutes = divmod(rest // 60, 60)
        left = f"{hours}:{minutes:02}:{rest % 60:02}" if hours else f"{minutes}:{rest % 60:02}"
        return f"{rate:.1f} a second, {left} left" if rate >= 1 else f"{1 / rate:.1f} s each, {left} left"


class _PaceColumn(ProgressColumn):
    def __init__(self, pace: Pace) -> None:
        super().__init__()
        self.pace = pace

    def render(self, task: Task) -> Text:
        return Text(str(self.pace))


@contextmanager
def bar(total: int) -> Iterator[Told]:
    """Whom to tell how far a run is: it shows that on stderr; stdout stays clean."""
    pace = Pace(total)
    if not sys.stderr.isatty():
        yield _Lines(pace)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _PaceColumn(pace))
    # It draws when it is told something: a thread that draws by itself would keep the workers from being forks.
    with Progress(*columns, console=Console(stderr=True), auto_refresh=False) as progress:
        yield _Bars(pace, progress)


class Told(Protocol):
    """Called with how many are graded, and how many of these were known before."""

    def __call__(self, done: int, known: int) -> None: ...

    def preparing(self, done: int, of: int) -> None:
        """Before anything is graded: for how many exercises, of those that there are, the right answers are known."""


class _Bars:
    """For a terminal."""

    def __init__(self, pace: Pace, progress: Progress) -> None:
        self.pace, self.progress, self.last = pace, progress, float("-inf")
        self.prepared = progress.add_task(PREPARING, visible=False)
        self.graded = progress.add_task("grading", total=pace.total)

    def __call__(self, done: int, known: int) -> None:
        self.pace.done, self.pace.known = done, known
        self.progress.update(self.graded, completed=done)
        if done == self.pace.total or self.pace.clock() - self.last >= STEADY:
            self.last = self.pace.clock()
            self.progress.refresh()

    def preparing(self, done: int, of: int) -> None:
        self.pace.restart()
        self.progress.update(self.prepared, completed=done, total=of, visible=done < of)
        self.progress.update(self.graded, visible=done >= of)
        self.progress.refresh()


class _Lines:
    """For a log file, which should not be told a thousand times."""

    def __init__(self, pace: Pace) -> None:
        self.pace, self.last = pace, pace.clock()

    def __call__(self, done: int, known: int) -> None:
        self.pace.done, self.pace.known = done, known
        self._say(f"{done} of {self.pace.total} graded, {self.pace}")

    def preparing(self, done: int, of: int) -> None:
        self.pace.restart()
        self._say(f"{PREPARING}: {done} of {of} exercises")

    def _say(self, words: str) -> None:
        if self.pace.clock() - self.last >= QUIET:
            self.last = self.pace.clock()
            print(words, file=sys.stderr, flush=True)
