"""Write an answer the way a student's notebook would hold it, from any variant of an exercise's reference."""

from __future__ import annotations

import ast
import copy
import inspect
import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import sympy

from autograder.calls import Repair, Step
from autograder.exercise import Exercise
from autograder.judges.variants import variant_of
from autograder.notebooks.sources import needs_of_nodes, signature

GIVEN = frozenset({"np", "sp", "Repair", "Step"})


def written(exercise: Exercise, function: Callable, student: str) -> tuple[list[str], str]:
    """What must stand above the answer (imports, helpers), and the answer itself.

    Functions of other exercises that it calls are written out beside it as `my_...`, so that one wrong answer does
    not drag another along.
    """
    head = signature(exercise.reference)
    if exercise.kind in "AM":
        result = function(variant_of(exercise, student))
        return [], f"{head}\n    return {literal(result)}"
    if not inspect.signature(function).parameters:
        value = literal(function())
        if value is not None:
            return [], f"{head}\n    return {value}"
    return _from_source(exercise, function)


def literal(value: Any) -> str | None:
    """The value as somebody would type it; None when nobody would."""
    match value:
        case Step(expr, rule):
            return f"Step({literal(expr)}, {rule!r})" if rule else f"Step({literal(expr)})"
        case Repair(line, fix, witness):
            parts = [literal(fix), literal(dict(witness))]
            return None if None in parts else f"Repair(line={line}, fix={parts[0]}, witness={parts[1]})"
        case sympy.Float():
            return f"sp.Float({float(value)!r})"
        case sympy.Basic():
            return f"sp.sympify({str(value)!r})"
        case np.ndarray():
            return f"np.array({value.tolist()})"
        case np.generic():
            return repr(value.item())
        case list() | tuple():
            items = [literal(item) for item in value]
            if None in items:
                return None
            if isinstance(value, list):
                return "[\n        " + ",\n        ".join(items) + ",\n    ]" if len(str(items)) > 80 else f"[{', '.join(items)}]"
            return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
        case dict():
            items = [(repr(key), literal(item)) for key, item in value.items()]
            return None if any(item is None for _, item in items) else "{" + ", ".join(map(": ".join, items)) + "}"
        case float() if not math.isfinite(value):
            return f'float("{value}")'
        case None | bool() | int() | float() | str():
            return repr(value)
    return None


def _from_source(exercise: Exercise, function: Callable) -> tuple[list[str], str]:
    module = sys.modules[function.__module__]
    node = copy.deepcopy(_node_of(function))
    if isinstance(node, ast.Lambda):
        body: list[ast.stmt] = [ast.Return(node.body)]
    else:
        body = node.body[1:] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body
    closed = inspect.getclosurevars(function).nonlocals
    body = [ast.parse(f"{name} = {literal(value)}").body[0] for name, value in closed.items()] + body
    definition = ast.FunctionDef(exercise.id, node.args, body, decorator_list=[], returns=None, type_params=[])
    definition = ast.fix_missing_locations(_OwnNames(module).visit(definition))
    helpers = _helpers(module, definition, {*GIVEN, *closed, exercise.id})
    return helpers, ast.unparse(definition)


class _OwnNames(ast.NodeTransformer):
    """`sigmoid.reference(x)` and `sigmoid(x)` become `my_sigmoid(x)` where sigmoid is an exercise."""

    def __init__(self, module: Any) -> None:
        self.module = module

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        node = self.generic_visit(node)
        return node.value if node.attr == "reference" else node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if isinstance(getattr(self.module, node.id, None), Exercise):
            node.id = f"my_{node.id}"
        return node


def _helpers(module: Any, definition: ast.FunctionDef, given: set[str]) -> list[str]:
    """Everything the definition needs, exercises as `my_...` functions."""
    found: list[str] = []
    for name in sorted({part.id for part in ast.walk(definition) if isinstance(part, ast.Name)}):
        if name.startswith("my_") and name not in given:
            given.add(name)
            other = getattr(module, name.removeprefix("my_"))
            home = sys.modules[other.reference.__module__]
            copied = copy.deepcopy(_node_of(other.reference))
            copied.name, copied.decorator_list, copied.returns = name, [], None
            copied.body = copied.body[1:]  # without the statement
            copied = ast.fix_missing_locations(_OwnNames(home).visit(copied))
            found += [*_helpers(home, copied, given), ast.unparse(copied)]
    return [*needs_of_nodes(module, [definition], given), *found]


def _node_of(function: Callable) -> ast.FunctionDef | ast.Lambda:
    """The definition of a function, found in its file by the place its code comes from."""
    with open(inspect.getsourcefile(function), encoding="utf-8") as file:
        tree = ast.parse(file.read())
    line = function.__code__.co_firstlineno
    last = max(place[:2] for place in _places(function))
    for node in ast.walk(tree):
        if isinstance(node, ast.Lambda) and function.__name__ == "<lambda>":
            if node.lineno == line and (node.body.lineno, node.body.col_offset) <= last <= _end(node):
                return node
        if isinstance(node, ast.FunctionDef) and node.name == function.__name__:
            if line == min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]):
                return node
    raise LookupError(f"the source of {function} was not found")


def _places(function: Callable) -> list[tuple[int, int]]:
    spots = ((line, column) for line, _, column, _ in function.__code__.co_positions())
    return [(line, column) for line, column in spots if line is not None and column is not None]


def _end(node: ast.AST) -> tuple[int, int]:
    return node.end_lineno, node.end_col_offset
