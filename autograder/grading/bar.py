"""How far a run is: a bar on a terminal, and now and then a line where nobody watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

QUIET = 30.0  # seconds between two lines in a log


@dataclass
class Pace:
    """How fast submissions are graded, and how long that will take; what was known before takes no time."""

    total: int
    clock: Callable[[], float] = time.monotonic
    done: int = 0
    known: int = 0
    started: float = field(init=False)

    def __post_init__(self) -> None:
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
def bar(total: int) -> Iterator[Callable[[int, int], None]]:
    """Gives the function to call with how many are done and how many of these were known before.

    It writes on stderr; stdout stays clean.
    """
    pace = Pace(total)
    if not sys.stderr.isatty():
        yield _Lines(pace)
        return
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), _PaceColumn(pace))
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("grading", total=total)

        def show(done: int, known: int) -> None:
            pace.done, pace.known = done, known
            progress.update(task, completed=done)

        yield show


class _Lines:
    """For a log file, which should not be told a thousand times."""

    def __init__(self, pace: Pace) -> None:
        self.pace, self.last = pace, pace.clock()

    def __call__(self, done: int, known: int) -> None:
        self.pace.done, self.pace.known = done, known
        if self.pace.clock() - self.last >= QUIET:
            self.last = self.pace.clock()
            print(f"{done} of {self.pace.total} graded, {self.pace}", file=sys.stderr, flush=True)
