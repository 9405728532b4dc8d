"""What a finished run is turned into: a page for the teacher, pages for the students, Gradescope, JUnit."""

from __future__ import annotations

from pathlib import Path

from autograder.reports.gradescope import write_gradescope
from autograder.reports.junit import write_junit
from autograder.reports.page import write_pages
from autograder.reports.run import read_run


def write_all(run_dir: str | Path) -> list[Path]:
    """Write every report of the run in `run_dir`, from its results/*.json and run.json; returns the files made.

    Raises FileNotFoundError when there is no run there.
    """
    run = read_run(Path(run_dir))
    return [*write_pages(run), *write_gradescope(run), write_junit(run)]
