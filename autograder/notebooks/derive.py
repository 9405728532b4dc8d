"""Derive a topic's exercise notebook from its reference functions; nothing in it is written anywhere else."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder import registry
from autograder.exercise import Exercise
from autograder.feedback.maths import readable
from autograder.notebooks.sources import definition, needs_of, needs_of_signature, signature
from autograder.notebooks.statement import has_variant, statement

SET_UP = """\
STUDENT = "your name"

import numpy as np
import sympy as sp

from autograder import Repair, Step, check, hint, progress, variant"""
GIVEN = ("np", "sp", "Repair", "Step")
WIDTH = 84  # columns: what a page of the book holds
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# What check() shows depends on the student, so a comparison of outputs has nothing to hold it against.
_ANSWERS = {"tags": ["nbval-ignore-output"]}


def exercise_notebook(topic: str, filled: bool = False) -> NotebookNode:
    """The exercise notebook of a topic; with `filled`, the references stand where the student writes.

    Raises LookupError when there is no such topic.
    """
    exercises = registry.topics().get(topic)
    if exercises is None:
        raise LookupError(f"there is no topic {topic!r}; there are {', '.join(registry.topics())}")
    return notebook_of(topic, exercises, filled)


def notebook_of(topic: str, exercises: list[Exercise], filled: bool = False) -> NotebookNode:
    """As `exercise_notebook`, for exercises that are given rather than looked up."""
    cells = [new_markdown_cell(_welcome(topic, exercises), id=_id(topic, "title"))]
    cells.append(new_code_cell("\n".join([SET_UP, *_imports(exercises)]), id=_id(topic, "set-up")))
    if filled:
        helpers = needs_of([exercise.reference for exercise in exercises], GIVEN)
        if helpers:
            cells.append(new_code_cell(_below_each_other(helpers), id=_id(topic, "helpers")))
    for exercise in exercises:
        code = definition(exercise.reference) if filled else stub(exercise)
        cells.append(new_markdown_cell(statement(exercise), id=_id(exercise.id, "statement")))
        if has_variant(exercise):
            cells.append(_answering(f'variant("{exercise.id}")', _id(exercise.id, "numbers")))
        cells.append(new_code_cell(code, id=_id(exercise.id, "answer")))
        cells.append(_answering(f"check({exercise.id})", _id(exercise.id, "check")))
    cells.append(_answering(f'progress("{topic}")', _id(topic, "progress")))
    return new_notebook(cells=cells, metadata=_METADATA, nbformat_minor=5)


def stub(exercise: Exercise) -> str:
    """What the student starts from: the signature, one line of the statement, and the blank."""
    first = readable(_summary(exercise.statement))
    quotes = 'r"""' if "\\" in first else '"""'
    summary = textwrap.fill(f'{quotes}{first}"""', WIDTH, initial_indent="    ", subsequent_indent="    ")
    lines = [signature(exercise.reference), summary]
    scaffold = exercise.spec.scaffold if exercise.kind == "D" else ()
    if scaffold:
        steps = (f"        Step({_quoted(expr)}, {_quoted(rule)})," for expr, rule in scaffold)
        lines += ["    return [", *steps, "    ]"]
    else:
        lines.append(f"    raise NotImplementedError('yours to write; hint(\"{exercise.id}\") helps')")
    return "\n".join(lines)


def _summary(statement: str) -> str:
    """The first line of a statement or, where that breaks off, its first sentence; without the formula that follows."""
    first = statement.split("\n", 1)[0].strip()
    if not first.endswith((".", "?", "!", ":")):
        paragraph = " ".join(statement.split("\n\n", 1)[0].split())
        first = re.match(r".*?[.?!:](?=\s|$)|.*", paragraph).group()
    return first if first.endswith((".", "?", "!")) else first.rstrip(":") + "."


def as_text(notebook: NotebookNode) -> str:
    """The notebook as it is written to a file: the same text for the same exercises, on any machine."""
    return nbformat.writes(notebook, version=4) + "\n"


def derived_notebooks() -> dict[Path, str]:
    """The file of every topic's exercise notebook, and what should be in it."""
    chapters = registry.root() / "chapters"
    return {
        chapters / topic / f"{topic}_exercises.ipynb": as_text(exercise_notebook(topic))
        for topic, exercises in registry.topics().items()
        if exercises
    }


def sync() -> list[Path]:
    """Write every exercise notebook that is not what its exercises say; the files that were written."""
    written = []
    for path, text in derived_notebooks().items():
        if not _holds(path, text):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
            written.append(path)
    return written


def stale() -> list[str]:
    """What `sync` would change, a sentence each; empty when the notebooks are what the exercises say."""
    derived = derived_notebooks()
    home = registry.root()
    found = []
    for path, text in derived.items():
        if not _holds(path, text):
            state = "is not what its exercises say now" if path.exists() else "is missing"
            found.append(f"{path.relative_to(home).as_posix()} {state}; run: autograder sync")
    for path in sorted((home / "chapters").glob("*/*_exercises.ipynb")):
        if path not in derived:
            name = path.relative_to(home).as_posix()
            found.append(f"{name} belongs to no topic of solutions/; delete it, or add the topic")
    return found


def _welcome(topic: str, exercises: list[Exercise]) -> str:
    points = sum(exercise.points for exercise in exercises)
    told = (registry.root() / "chapters" / topic / "lesson.ipynb").exists()
    story = "; the [lesson](lesson.ipynb) tells the story behind them" if told else ""
    return (
        f"# Exercises: {registry.title_of(topic)}\n\n"
        f"{len(exercises)} exercises, {points:g} points{story}.\n\n"
        "Put your name into the next cell and run it. Then, for each exercise, write your answer where the cell says "
        "`raise NotImplementedError` or `...`, run it, and run the `check` below it: it says what holds, what does "
        "not, and where to look. Stuck? `hint(name)` asks a question first and tells more each time. "
        "Checking costs nothing, and you may check as often as you like."
    )


def _quoted(text: str | None) -> str:
    return "..." if text is None else json.dumps(text, ensure_ascii=False)


def _imports(exercises: list[Exercise]) -> list[str]:
    lines = [line for e in exercises for line in needs_of_signature(e.reference, GIVEN)]
    return list(dict.fromkeys(lines))


def _below_each_other(statements: list[str]) -> str:
    imports = [text for text in statements if text.startswith(("import ", "from "))]
    rest = [text for text in statements if text not in imports]
    return "\n\n\n".join(filter(None, ["\n".join(imports), *rest]))


def _answering(source: str, cell_id: str) -> NotebookNode:
    return new_code_cell(source, id=cell_id, metadata=_ANSWERS)


def _id(name: str, part: str) -> str:
    return f"{name.replace('_', '-')[:50]}-{part}"


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_text("utf-8") == text
