"""One thing that a student does, the files it leaves behind, and the marks that are fair."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Case:
    """One student of a class that is graded like any other.

    did: what the student did, in words. files: path below the student's folder to bytes. full, part, none: the
    exercises that earn all their points, some, and nothing. student: the name of the folder; the case's own where it
    does not matter. zipped: whether the class arrives as a zip file; separator: of the paths in it.
    """

    name: str
    did: str
    files: Mapping[str, bytes]
    full: tuple[str, ...] = ()
    part: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    student: str = ""
    zipped: bool = False
    separator: str = "/"

    @property
    def folder(self) -> str:
        return self.student or self.name

    @property
    def exercises(self) -> tuple[str, ...]:
        return (*self.full, *self.part, *self.none)


def notebook(*cells: str | dict, **more: Any) -> dict:
    """A notebook of code cells; a dict is a cell as it is."""
    listed = [cell if isinstance(cell, dict) else code(cell) for cell in cells]
    return {"cells": listed, "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}


def code(source: str, **more: Any) -> dict:
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None, **more}


def saved(notebook: dict, encoding: str = "utf-8") -> bytes:
    return json.dumps(notebook, ensure_ascii=False, indent=1).encode(encoding)


def wrote(name: str, did: str, *cells: str, full: tuple[str, ...] = (), none: tuple[str, ...] = ()) -> Case:
    """A case whose notebook has these cells below the import of NumPy."""
    files = {"sigmoid_tanh_exercises.ipynb": saved(notebook("import numpy as np", *cells))}
    return Case(name, did, files, full=full, none=none)
