"""What a finished run is turned into: pages for teacher and students, a spreadsheet, Gradescope, JUnit."""

from __future__ import annotations

from pathlib import Path

from autograder.reports.gradescope import gradescope
from autograder.reports.junit import JUnit
from autograder.reports.page import write_pages
from autograder.reports.run import RESULTS, read_students, run_of
from autograder.reports.shelf import Shelf
from autograder.reports.spreadsheet import write_spreadsheet
from autograder.reports.student_page import student_page
from autograder.reports.templates import STUDENTS


def write_all(run_dir: str | Path) -> list[Path]:
    """Write every report of the run in `run_dir`, from its results/*.json and run.json; returns the files made.

    Students are read and written one at a time. Raises FileNotFoundError when there is no run there.
    """
    folder = Path(run_dir)
    if not (folder / RESULTS).is_dir():
        raise FileNotFoundError(f"{folder} holds no run: there is no folder {RESULTS}/ in it")
    pages, scopes, junit = Shelf(folder / STUDENTS, ".html"), Shelf(folder / "gradescope", ".json"), JUnit()
    students, broken = [], []
    for name, student in read_students(folder):
        if student is None:
            broken.append(name)
            continue
        pages.put(student.stem, student_page(student))
        scopes.put(student.stem, gradescope(student))
        junit.add(student)
        students.append(student.brief())
    run = run_of(folder, students, broken)
    tables = filter(None, [write_spreadsheet(run), junit.write(folder / "junit.xml")])
    return [*tables, *pages.sweep(), *scopes.sweep(), *write_pages(run)]
