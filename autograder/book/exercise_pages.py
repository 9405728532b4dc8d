"""The page of an exercise notebook: the stubs stay, each followed by its hints and its solution, both closed.

The notebook is changed as text while Sphinx reads it; the file itself, which students download, is not.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from typing import Any

from sphinx.application import Sphinx

from autograder.book.reference_source import reference_source
from autograder.exercise import Exercise
from autograder.registry import exercises

SUFFIX = "_exercises"
HELPERS_OF_THE_KERNEL = {"check", "hint", "progress"}
HINT_NAMES = ("A question", "The idea", "The first line")


def for_the_book(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook without the cells that only make sense in a kernel, and with what the reader may open."""
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            cells.append(cell)
            continue
        source = "".join(cell["source"])
        if only_talks_to_the_kernel(source):
            continue
        cells.append(cell)
        cells += [_markdown(text) for exercise in stubs(source) for text in dropdowns(exercise)]
    return {**notebook, "cells": cells}


def dropdowns(exercise: Exercise) -> Iterator[str]:
    """MyST for the hints and for the solution of one exercise."""
    if exercise.hints:
        hints = "\n\n".join(f"**{name}.** {text}" for name, text in zip(HINT_NAMES, exercise.hints, strict=False))
        yield f"::::{{dropdown}} Hints\n:class-container: hints\n{hints}\n::::"
    code = f"```python\n{reference_source(exercise)}\n```"
    yield f"::::{{dropdown}} Solution\n:class-container: solution\n{code}\n::::"


def stubs(source: str) -> list[Exercise]:
    """The exercises that a cell defines."""
    known = exercises()
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return []
    return [known[node.name] for node in body if isinstance(node, ast.FunctionDef) and node.name in known]


def only_talks_to_the_kernel(source: str) -> bool:
    """Whether a cell does nothing but call check, hint or progress."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return False
    return bool(body) and all(
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id in HELPERS_OF_THE_KERNEL
        for node in body
    )


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def on_source_read(app: Sphinx, docname: str, source: list[str]) -> None:
    if docname.endswith(SUFFIX):
        source[0] = json.dumps(for_the_book(json.loads(source[0])))


def setup(app: Sphinx) -> None:
    app.connect("source-read", on_source_read)
