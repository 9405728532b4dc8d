"""The graders that are compared, each with its own environment, its own form of the assignment, and its own command."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import venv
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from benchmarks.classroom import FUNCTIONS, Answer, example_test
from benchmarks.meter import Cost, metered

Class = Sequence[tuple[str, list[Answer]]]
NOTEBOOK = "numerics.ipynb"


class Grader(ABC):
    """One way to grade a class. `full` says, student by student, which functions earned full marks."""

    name: str
    packages: tuple[str, ...] = ()

    def __init__(self, environments: Path) -> None:
        self.environment = environments / self.name

    def install(self) -> None:
        """An environment of its own, made once."""
        if self.packages and not (self.environment / ".ready").exists():
            venv.create(self.environment, with_pip=True, clear=True)
            subprocess.run([self._bin("pip"), "install", "--quiet", *self.packages], check=True)
            (self.environment / ".ready").touch()

    @abstractmethod
    def prepare(self, folder: Path, pupils: Class) -> None:
        """Lay out the assignment and the submissions below `folder`, which is empty."""

    @abstractmethod
    def grade(self, folder: Path, pupils: Class) -> Cost:
        """Grade everybody; what it cost."""

    @abstractmethod
    def full(self, folder: Path, pupils: Class) -> dict[str, set[str]]:
        """After grading: the functions with full marks of every student."""

    def _bin(self, program: str) -> str:
        return str(self.environment / "bin" / program)

    @property
    def _variables(self) -> dict[str, str]:
        """This process's environment variables, with the programs of the grader's environment first.

        Compiled modules may be kept, as they are wherever nobody forbids it.
        """
        path = {"PATH": f"{self.environment / 'bin'}{os.pathsep}{os.environ['PATH']}"}
        return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | path


class Ours(Grader):
    """`autograder grade`, every layer of isolation on, report and figures included."""

    name = "ours"

    def prepare(self, folder: Path, pupils: Class) -> None:
        for student, answers in pupils:
            write(folder / "submissions" / student / NOTEBOOK, [answer.source for answer in answers])

    def grade(self, folder: Path, pupils: Class) -> Cost:
        program = [
            sys.executable,
            "-m",
            "autograder",
            "grade",
            str(folder / "submissions"),
            "--out",
            str(folder / "out"),
        ]
        return metered([*program, "--isolation", "strict"], env=self._variables)

    def full(self, folder: Path, pupils: Class) -> dict[str, set[str]]:
        found = {}
        for student, _ in pupils:
            entries = json.loads((folder / "out" / "results" / f"{student}.json").read_text("utf-8"))["exercises"]
            found[student] = {e["id"] for e in entries if e["id"] in FUNCTIONS and e["score"] == e["max"]}
        return found


class Otter(Grader):
    """otter-grader without its containers: one `otter run` a submission, as its documentation has it."""

    name = "otter-grader"
    packages = ("otter-grader==7.0.0", "ipykernel", "numpy", "sympy", "matplotlib")

    def prepare(self, folder: Path, pupils: Class) -> None:
        tests = folder / "tests"
        tests.mkdir(parents=True)
        for name in FUNCTIONS:
            case = {"code": f">>> import numpy as np\n>>> {example_test(name)}", "hidden": False, "locked": False}
            suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
            test = {"name": name, "points": 1, "suites": [suite]}
            (tests / f"{name}.py").write_text(f"OK_FORMAT = True\ntest = {test!r}\n")
        command = [self._bin("otter"), "generate", "-t", str(tests), "-o", str(folder / "autograder.zip")]
        command += ["--no-requirements", "--no-environment"]
        subprocess.run(command, check=True, cwd=folder, capture_output=True, env=self._variables)
        for student, answers in pupils:
            write(folder / "submissions" / student / NOTEBOOK, [answer.source for answer in answers])
            (folder / "out" / student).mkdir(parents=True)

    def grade(self, folder: Path, pupils: Class) -> Cost:
        script = folder / "all.sh"
        runs = (
            f"{self._bin('otter')} run -a autograder.zip -o out/{student} --no-logo submissions/{student}/{NOTEBOOK} || true"
            for student, _ in pupils
        )
        script.write_text("\n".join(runs))
        two_at_a_time = [
            "xargs",
            "-P",
            "2",
            "-d",
            "\n",
            "-a",
            str(script),
            "-I",
            "{}",
            "sh",
            "-c",
            "cd $0; {}",
            str(folder),
        ]
        return metered(two_at_a_time, env=self._variables)

    def full(self, folder: Path, pupils: Class) -> dict[str, set[str]]:
        found = {}
        for student, _ in pupils:
            tests = json.loads((folder / "out" / student / "results.json").read_text("utf-8"))["tests"]
            if any(t["name"] == "Autograder Failed" for t in tests):
                raise RuntimeError(f"otter-grader could not grade {student}: {tests[-1]['output']}")
            found[student] = {t["name"].split()[0] for t in tests if t.get("score") and t["score"] == t["max_score"]}
        return found


class NbGrader(Grader):
    """nbgrader: the tests stand in cells of the notebook, which it puts back before it executes them."""

    name = "nbgrader"
    packages = ("nbgrader==0.9.6", "numpy", "sympy", "matplotlib")

    def prepare(self, folder: Path, pupils: Class) -> None:
        folder.mkdir(parents=True)
        (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'course'\n")
        source = [
            cell
            for name in FUNCTIONS
            for cell in _graded_cells(name, f"def {name}(x):\n    raise NotImplementedError()")
        ]
        write_cells(folder / "source" / "ps1" / NOTEBOOK, source)
        command = [self._bin("nbgrader"), "generate_assignment", "ps1", "--create", "--force"]
        subprocess.run(command, check=True, cwd=folder, capture_output=True, env=self._variables)
        for student, answers in pupils:
            cells = [cell for answer in answers for cell in _graded_cells(answer.name, answer.source)]
            write_cells(folder / "submitted" / student / "ps1" / NOTEBOOK, cells)

    def grade(self, folder: Path, pupils: Class) -> Cost:
        return metered([self._bin("nbgrader"), "autograde", "ps1", "--course-dir", str(folder)], env=self._variables)

    def full(self, folder: Path, pupils: Class) -> dict[str, set[str]]:
        table = folder / "cells.csv"
        subprocess.run([self._bin("python"), "-c", _CELLS, str(folder / "gradebook.db"), str(table)], check=True)
        found: dict[str, set[str]] = {student: set() for student, _ in pupils}
        with table.open(newline="") as rows:
            for student, cell, score in csv.reader(rows):
                if float(score) == 1:
                    found[student].add(cell.removeprefix("test-"))
        return found


_CELLS = """
import csv, sys
from nbgrader.api import Gradebook
with Gradebook("sqlite:///" + sys.argv[1]) as book, open(sys.argv[2], "w", newline="") as out:
    for submission in book.assignment_submissions("ps1"):
        for notebook in submission.notebooks:
            csv.writer(out).writerows((submission.student.id, g.cell.name, g.score) for g in notebook.grades)
"""


def _graded_cells(name: str, source: str) -> list:
    mark = {"schema_version": 3, "task": False}
    solution = mark | {"grade": False, "grade_id": name, "locked": False, "solution": True}
    test = mark | {"grade": True, "grade_id": f"test-{name}", "locked": True, "solution": False, "points": 1}
    return [
        new_code_cell(source, metadata={"nbgrader": solution}),
        new_code_cell(f"import numpy as np\n{example_test(name)}", metadata={"nbgrader": test}),
    ]


def write(path: Path, sources: Sequence[str]) -> None:
    write_cells(path, [new_code_cell(source) for source in sources])


def write_cells(path: Path, cells: list) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), path)


GRADERS = (Ours, NbGrader, Otter)
