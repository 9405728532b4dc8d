"""A bar with rate and remaining time, on a terminal only: a log file should not be told a thousand times."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.finished_speed or task.speed or 0:.1f} a second")


@contextmanager
def bar(total: int) -> Iterator[Callable[[str], None]]:
    """Gives the function to call with each student who is done. It draws on stderr; stdout stays clean."""
    if not sys.stderr.isatty():
        yield lambda student: None
        return
    columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("grading", total=total)
        yield lambda student: progress.advance(task)
