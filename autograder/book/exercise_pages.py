"""The page of an exercise notebook: the stubs stay, each followed by its hints and its solution, both closed.

The notebook is changed as text while Sphinx reads it; the file itself, which students download, is not.
"""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator
from typing import Any

from sphinx.application import Sphinx

from autograder.exercise import Exercise
from autograder.notebooks.derive import GIVEN
from autograder.notebooks.sources import definition, needs_of
from autograder.registry import exercises

SUFFIX = "_exercises"
HELPERS_OF_THE_KERNEL = {"check", "hint", "progress", "variant"}
HINT_NAMES = ("A question", "The idea", "The first line")


def for_the_book(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook without the cells that only make sense in a kernel, and with what the reader may open."""
    cells = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and only_talks_to_the_kernel(source):
            continue
        cells.append(cell)
        if cell["cell_type"] == "code":
            for exercise in stubs(source):
                cells += [_markdown(f"{exercise.id[:50]}-door-{n}", text) for n, text in enumerate(dropdowns(exercise))]
    return {**notebook, "cells": cells}


def dropdowns(exercise: Exercise) -> Iterator[str]:
    """MyST for the hints and for the solution of one exercise; a reader opens them with mouse or keyboard."""
    hints = "\n\n".join(f"**{name}.** {text}" for name, text in zip(HINT_NAMES, exercise.hints, strict=True))
    yield f"::::{{dropdown}} Hints\n:class-container: hints\n\n{hints}\n::::"
    code = f"```python\n{solution(exercise)}\n```"
    yield f"::::{{dropdown}} Solution\n:class-container: solution\n\n{code}\n::::"


def solution(exercise: Exercise) -> str:
    """The reference with its helpers; its statement and other exercises stay out, the reader has those already."""
    helpers = needs_of([exercise.reference], [*GIVEN, *exercises()])
    return "\n\n\n".join([*helpers, _without_docstring(definition(exercise.reference))])


def stubs(source: str) -> list[Exercise]:
    """The exercises that a cell defines."""
    known = exercises()
    return [known[node.name] for node in _body(source) if isinstance(node, ast.FunctionDef) and node.name in known]


def only_talks_to_the_kernel(source: str) -> bool:
    """Whether a cell does nothing but call check, hint, progress or variant."""
    body = _body(source)
    return bool(body) and all(
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id in HELPERS_OF_THE_KERNEL
        for node in body
    )


def _body(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:  # a magic, say
        return []


def _without_docstring(source: str) -> str:
    function = ast.parse(source).body[0]
    if not isinstance(function, ast.FunctionDef) or ast.get_docstring(function) is None:
        return source
    lines = source.splitlines()
    docstring = function.body[0]
    return "\n".join([*lines[: docstring.lineno - 1], *lines[docstring.end_lineno :]])


def _markdown(cell_id: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": text}


def on_source_read(app: Sphinx, docname: str, source: list[str]) -> None:
    if not docname.endswith(SUFFIX):
        return
    notebook = json.loads(source[0])
    source[0] = json.dumps(for_the_book(notebook))
    for exercise in (e for cell in notebook["cells"] for e in stubs("".join(cell["source"]))):
        app.env.note_dependency(inspect.getsourcefile(exercise.reference))


def setup(app: Sphinx) -> None:
    app.connect("source-read", on_source_read)
