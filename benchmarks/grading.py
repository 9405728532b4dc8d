"""python -m benchmarks.grading: three graders on the same submissions, in one run.

Processor seconds, wall seconds and memory of everything that each of them starts; and where their marks part, for a
grader that is fast and wrong is not fast. The others are installed into environments of their own, below _build/.
With --write the result becomes docs/grading_cost.md.
"""

from __future__ import annotations

import os
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.classroom import FUNCTIONS, TEN, students
from benchmarks.graders import GRADERS, Class, Grader, Ours
from benchmarks.meter import Cost

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "_build" / "benchmark"
PAGE = ROOT / "docs" / "grading_cost.md"
HEAD = (
    "students",
    "grader",
    "CPU s a submission",
    "wall s a submission",
    "peak MB",
    "CPU over ours",
    "fooled",
    "unfair",
)


@dataclass(frozen=True)
class Graded:
    """One grader's work on one class. fooled: wrong answers with full marks; unfair: right answers without."""

    grader: str
    size: int
    cost: Cost
    fooled: int
    unfair: int


def main(
    sizes: Annotated[str, typer.Option(help="Students in the class, with commas.")] = "30,300",
    only: Annotated[str, typer.Option(help="Only graders with this in their name.")] = "",
    large: Annotated[int, typer.Option(help="Students of a class with ten exercises, for ours alone; 0: none.")] = 1000,
    write: Annotated[bool, typer.Option(help="Generate docs/grading_cost.md from what is measured.")] = False,
) -> None:
    """Grade the same classes with autograder, nbgrader and otter-grader."""
    console = Console()
    graders = [kind(WORK / "environments") for kind in GRADERS if only in kind.name]
    for grader in graders:
        with console.status(f"the environment of {grader.name}"):
            grader.install()
    found = []
    for size in map(int, sizes.split(",")):
        pupils = list(students(size))
        for grader in graders:
            with console.status(f"{grader.name}, {size} students"):
                found.append(measured(grader, pupils))
    cost = None
    if large:
        with console.status(f"ours, {large} students with {len(TEN)} exercises"):
            cost = alone(Ours(WORK / "environments"), large)
        console.print(sentence(large, cost))
    shown = Table(*HEAD)
    for row in cells(found):
        shown.add_row(*row)
    console.print(shown)
    if write:
        PAGE.write_text(page(found, sentence(large, cost) if cost else ""), "utf-8")
        console.print(f"Written: {PAGE.parent.name}/{PAGE.name}")


def measured(grader: Grader, pupils: Class) -> Graded:
    folder = WORK / "classes" / grader.name
    shutil.rmtree(folder, ignore_errors=True)
    grader.prepare(folder, pupils)
    cost = grader.grade(folder, pupils)
    full = grader.full(folder, pupils)
    answers = [(student, answer) for student, answers in pupils for answer in answers]
    fooled = sum(not answer.right and answer.name in full[student] for student, answer in answers)
    unfair = sum(answer.right and answer.name not in full[student] for student, answer in answers)
    return Graded(grader.name, len(pupils), cost, fooled, unfair)


def alone(grader: Grader, size: int) -> Cost:
    """What a large class costs, with ten exercises of several kinds."""
    folder = WORK / "classes" / "large"
    shutil.rmtree(folder, ignore_errors=True)
    pupils = list(students(size, TEN))
    grader.prepare(folder, pupils)
    return grader.grade(folder, pupils)


def sentence(size: int, cost: Cost) -> str:
    return (
        f"{size} students with {len(TEN)} exercises of five kinds each: {cost.wall:.0f} s by the clock, {cost.cpu:.0f} s of "
        f"processor time, at most {cost.peak_mb:.0f} MB."
    )


def cells(found: list[Graded]) -> list[tuple[str, ...]]:
    ours = {one.size: one.cost.cpu for one in found if one.grader == "ours"}
    return [
        (
            str(one.size),
            one.grader,
            f"{one.cost.cpu / one.size:.3f}",
            f"{one.cost.wall / one.size:.3f}",
            f"{one.cost.peak_mb:.0f}",
            f"{one.cost.cpu / ours[one.size]:.1f}" if one.size in ours else "",
            str(one.fooled),
            str(one.unfair),
        )
        for one in found
    ]


def one_more(found: list[Graded]) -> str:
    """What a submission costs apart from the start: from the smallest class to the largest, by how many it grew."""
    said = []
    for name in dict.fromkeys(one.grader for one in found):
        small, *_, large = sorted((one for one in found if one.grader == name), key=lambda one: one.size)
        each = (large.cost.cpu - small.cost.cpu) / (large.size - small.size)
        said.append(f"{name} {each:.3f} s, and {max(0.0, small.cost.cpu - small.size * each):.1f} s before the first")
    return f"One more submission costs {'; '.join(said)}."


def page(found: list[Graded], of_the_large: str) -> str:
    lines = ["| " + " | ".join(HEAD) + " |", "|---:|---|" + "---:|" * (len(HEAD) - 2)]
    lines += ["| " + " | ".join(row) + " |" for row in cells(found)]
    versions = ", ".join(kind.packages[0].replace("==", " ") for kind in GRADERS if kind.packages)
    return f"""# What grading costs

Made by `python -m benchmarks.grading --write`: every grader gets the same submissions, {len(FUNCTIONS)} numeric functions
each, of which about four in five are right, on the same {os.cpu_count()} processors, one after the other. Counted is all
that a grader starts and all that it does from its first line to its last, its start and its reports included; ours with
every layer of isolation on. Memory is of all its processes together, pages that they share counted once.
Outside the measurement stays what is done once for a course: the others' making of the assignment, and for ours the truths
that an earlier run has kept on disk. The very first run costs about half a second more.

*Fooled* counts wrong answers that earned full marks, *unfair* right ones that did not, of {len(FUNCTIONS)} times the number of
students. The others grade with the assertion that a teacher would write for them: seven points, `allclose` to nine digits.
Ours asks for more (every dtype, the tails, infinities, warnings, shapes, mutation), says more about it, and draws it.

Python {platform.python_version()}; {versions}.

{chr(10).join(lines)}

{one_more(found) if len({one.size for one in found}) > 1 else ""}

## A large class

Ours alone, in the same run: {of_the_large or "not measured."}
"""


if __name__ == "__main__":
    typer.run(main)
