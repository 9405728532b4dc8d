"""A student's copy of an exercise notebook, and what students do to theirs."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection

from autograder import registry
from autograder.exercise import Exercise
from autograder.notebooks.derive import exercise_notebook
from hands import written

Choose = Callable[[Exercise], Callable | None]


class Copy:
    """The derived notebook of a topic with a name in it; cells are plain dicts, to be mistreated at will."""

    def __init__(self, topic: str, student: str) -> None:
        self.topic, self.student = topic, student
        self.notebook = json.loads(json.dumps(exercise_notebook(topic)))
        self.cells: list[dict] = self.notebook["cells"]
        self.replace('"your name"', json.dumps(student, ensure_ascii=False))

    def answer(self, choose: Choose) -> Copy:
        """Write the variant that `choose` gives for each exercise; the stub stays where it gives None."""
        for exercise in registry.topics()[self.topic]:
            function = choose(exercise)
            if function is not None:
                helpers, text = written(exercise, function, self.student)
                self.put(exercise.id, "\n\n".join([*helpers, text]))
        return self

    def put(self, name: str, source: str) -> Copy:
        """What stands in the answer cell of an exercise."""
        self.cells[self.place(name)]["source"] = source
        return self

    def place(self, name: str) -> int:
        wanted = f"{name.replace('_', '-')}-answer"
        return next(number for number, cell in enumerate(self.cells) if cell.get("id") == wanted)

    def insert(self, number: int, source: str, kind: str = "code") -> Copy:
        self.cells.insert(number, cell(source, kind, f"own-{len(self.cells)}"))
        return self

    def replace(self, old: str, new: str) -> Copy:
        for one in self.cells:
            one["source"] = one["source"].replace(old, new)
        return self

    def without_answers_above(self, kinds: str) -> Copy:
        """Drop the statements, as people do who like it short."""
        self.cells[:] = [one for one in self.cells if one["cell_type"] not in kinds]
        return self

    @property
    def data(self) -> bytes:
        return as_bytes(self.notebook)


def cell(source: str, kind: str, identity: str) -> dict:
    made = {"cell_type": kind, "id": identity, "metadata": {}, "source": source}
    return made | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def as_bytes(notebook: dict) -> bytes:
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()


def as_version_3(notebook: dict) -> dict:
    """The format of 2013: worksheets, and `input` for what is now `source`."""
    old = []
    for one in notebook["cells"]:
        if one["cell_type"] == "code":
            code = {"cell_type": "code", "collapsed": False, "input": one["source"], "language": "python", "metadata": {}}
            old.append(code | {"outputs": [], "prompt_number": None})
        else:
            old.append({"cell_type": one["cell_type"], "metadata": {}, "source": one["source"]})
    sheet = {"cells": old, "metadata": {}}
    return {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [sheet]}


def right(exercise: Exercise) -> Callable:
    return exercise.reference


def other_way(number: int) -> Choose:
    """The alternatives, the number-th of each where there are so many; answers and choices have but one right way."""

    def choose(exercise: Exercise) -> Callable:
        ways = exercise.alternatives
        return ways[number % len(ways)].function if ways else exercise.reference

    return choose


def mistaken(number: int) -> Choose:
    """The number-th misconception of every exercise that has so many, the reference elsewhere."""

    def choose(exercise: Exercise) -> Callable:
        wrong = exercise.misconceptions
        return wrong[number].function if number < len(wrong) else exercise.reference

    return choose


def but(choose: Choose, **instead: Callable | None) -> Choose:
    """As `choose`, apart from some exercises by name; None leaves the stub."""
    return lambda exercise: instead[exercise.id] if exercise.id in instead else choose(exercise)


def where(names: Collection[str], choose: Choose) -> Choose:
    """As `choose` for the exercises of these names, and right elsewhere."""
    return lambda exercise: (choose if exercise.id in names else right)(exercise)
