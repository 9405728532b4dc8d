"""Cut a reference function out of its module: the definition without decorators, and all that it leans on."""

from __future__ import annotations

import ast
import builtins
import inspect
import sys
from collections.abc import Callable, Collection, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from autograder.exercise import Exercise


def definition(function: Callable) -> str:
    """The source of a function from `def` on, as it stands in its file; decorators left behind."""
    return _text(_node(function), sys.modules[function.__module__])


def signature(function: Callable) -> str:
    """The line `def name(...) -> ...:` with the type hints as written."""
    node = _node(function)
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"def {node.name}({ast.unparse(node.args)}){returns}:"


def needs_of_signature(function: Callable, given: Collection[str]) -> list[str]:
    """The statements that define the names in the type hints and defaults, without the `given` names."""
    node = _node(function)
    hints = [node.args, node.returns] if node.returns else [node.args]
    return needs_of_nodes(sys.modules[function.__module__], hints, given)


def needs_of_nodes(module: ModuleType, nodes: list[ast.AST], given: Collection[str]) -> list[str]:
    """As `needs_of`, for pieces of syntax whose names have the meaning they have in `module`."""
    return _Gathering(given).of(module, nodes)


def needs_of(functions: list[Callable], given: Collection[str]) -> list[str]:
    """The imports, constants and helpers that the functions use, in an order in which they can be run.

    given: names that are there already. An exercise's name leads to its reference, and nothing is imported from
    `solutions`: what comes out runs where there are none.
    """
    gathering = _Gathering([*given, *(function.__name__ for function in functions)])
    statements: list[str] = []
    for function in functions:
        statements += gathering.of(sys.modules[function.__module__], [_node(function)])
    return sorted(dict.fromkeys(statements), key=lambda text: not text.startswith(("import ", "from ")))


class _Gathering:
    """Follows names through modules, each one once.

    Raises ValueError when a name means one thing in one module and another thing in the next.
    """

    def __init__(self, given: Collection[str]) -> None:
        self.known = {*given, *dir(builtins)}
        self.meaning: dict[str, object] = {}

    def of(self, module: ModuleType, nodes: list[ast.AST]) -> list[str]:
        found: list[str] = []
        for name in dict.fromkeys(used for node in nodes for used in _names(node)):
            if not hasattr(module, name):
                continue
            if self.meaning.setdefault(name, getattr(module, name)) is not getattr(module, name):
                raise ValueError(f"{module.__name__} and another module of its topic both have a {name}: rename one")
            if name not in self.known:
                self.known.add(name)
                found += [text for text in self._defining(module, name, name) if text not in found]
        return found

    def _defining(self, module: ModuleType, name: str, wanted: str) -> list[str]:
        """The statements that give `wanted` the meaning that `name` has in `module`."""
        value = getattr(module, name)
        if isinstance(value, Exercise):
            home = sys.modules[value.reference.__module__]
            return [*self.of(home, [_node(value.reference)]), definition(value.reference), *_renamed(name, wanted)]
        for node in _top_level(module):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for alias in node.names:
                    if (alias.asname or alias.name.split(".")[0]) == name:
                        return self._imported(module, node, alias, wanted)
            elif name in _bound(node):
                self.known |= _bound(node)
                return [*self.of(module, [node]), _text(node, module), *_renamed(name, wanted)]
        return []

    def _imported(self, module: ModuleType, node: ast.AST, alias: ast.alias, wanted: str) -> list[str]:
        if isinstance(node, ast.Import):
            return [f"import {alias.name}" + (f" as {wanted}" if alias.asname else "")]
        source = node.module or ""
        if node.level:
            package = (module.__package__ or "").split(".")
            source = ".".join([*package[: len(package) - node.level + 1], *filter(None, [source])])
        if source == "solutions" or source.startswith("solutions."):
            __import__(source)
            return self._defining(sys.modules[source], alias.name, wanted)
        return [f"from {source} import {alias.name}" + (f" as {wanted}" if wanted != alias.name else "")]


def _renamed(name: str, wanted: str) -> list[str]:
    return [f"{wanted} = {name}"] if wanted != name else []


@cache
def _parsed(path: str) -> tuple[str, ast.Module]:
    text = Path(path).read_text("utf-8")
    return text, ast.parse(text)


def _module_source(module: ModuleType) -> tuple[str, ast.Module]:
    return _parsed(inspect.getsourcefile(module))


def _node(function: Callable) -> ast.FunctionDef:
    _, tree = _module_source(sys.modules[function.__module__])
    first = function.__code__.co_firstlineno
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.FunctionDef)
            and node.name == function.__name__
            and first == min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        ):
            return node
    raise LookupError(f"{function.__module__} has no function {function.__name__} at line {first}")


def _text(node: ast.stmt, module: ModuleType) -> str:
    text, _ = _module_source(module)
    return inspect.cleandoc("\n" + "\n".join(text.split("\n")[node.lineno - 1 : node.end_lineno]))


def _top_level(module: ModuleType) -> Iterator[ast.stmt]:
    _, tree = _module_source(module)
    waiting = list(reversed(tree.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If | ast.Try):  # such as `if TYPE_CHECKING:`
            waiting.extend(reversed(node.body))
        else:
            yield node


def _bound(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return set()


def _names(node: ast.AST) -> list[str]:
    """Names read in the node, decorators left out: they belong to the course and not to the answer."""
    if isinstance(node, ast.FunctionDef):
        parts = [part for part in ast.iter_child_nodes(node) if part not in node.decorator_list]
    else:
        parts = [node]
    inside = (inner for part in parts for inner in ast.walk(part))
    return [part.id for part in inside if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)]
