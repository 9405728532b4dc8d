"""The code of a reference as a reader should see it: no decorator, no docstring, and every helper it leans on."""

from __future__ import annotations

import ast
import inspect
import sys

from autograder.exercise import Exercise


def reference_source(exercise: Exercise) -> str:
    """The solution's source; the statement is left out, because it stands in the stub right above it.

    Functions and constants of the same module that the solution uses come first, in the order of the module; other
    exercises do not, since the reader has those already.
    """
    module = sys.modules[exercise.reference.__module__]
    source = inspect.getsource(module)
    tree = ast.parse(source)
    solution = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == exercise.id)
    exercises = {name for name, value in vars(module).items() if isinstance(value, Exercise)}
    helpers = _helpers(tree, solution, exercises)
    return "\n\n\n".join(_text(source, node, statement=node is not solution) for node in [*helpers, solution])


def _helpers(tree: ast.Module, solution: ast.FunctionDef, exercises: set[str]) -> list[ast.stmt]:
    defined = {name: node for node in tree.body for name in _names_defined(node) if name not in exercises}
    found: list[ast.stmt] = []
    waiting: list[ast.stmt] = [solution]
    while waiting:
        for name in _names_used(waiting.pop()):
            node = defined.get(name)
            if node is not None and node not in found:
                found.append(node)
                waiting.append(node)
    return sorted(found, key=lambda node: node.lineno)


def _names_defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)]
    return []


def _names_used(node: ast.stmt) -> set[str]:
    body = node.body if isinstance(node, ast.FunctionDef) else [node]
    return {name.id for part in body for name in ast.walk(part) if isinstance(name, ast.Name)}


def _text(source: str, node: ast.stmt, statement: bool) -> str:
    """The lines of `node` from its `def` on, without the docstring unless `statement`."""
    lines = source.splitlines()
    first, last = node.lineno, node.end_lineno
    docstring = ast.get_docstring(node) if isinstance(node, ast.FunctionDef) else None
    if docstring is None or statement:
        return "\n".join(lines[first - 1 : last])
    body = node.body[0]
    kept = [*lines[first - 1 : body.lineno - 1], *lines[body.end_lineno : last]]
    return "\n".join(kept)
