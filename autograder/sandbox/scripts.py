"""The scripts that were handed in beside a notebook, for the cells that import them."""

from __future__ import annotations

import __future__  # isort: skip

import importlib.machinery
import types
from collections.abc import Iterable, Sequence
from typing import Any


class Scripts:
    """Finds `helpers` and `src.helpers` by the end of a script's path, wherever the student meant to start from."""

    def __init__(self, scripts: Iterable[tuple[str, str]]) -> None:
        """scripts: path, with / between its parts, and source."""
        self._sources = {"/" + path.removesuffix(".py"): source for path, source in scripts}

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> Any:
        place = "/" + name.replace(".", "/")
        folder = any(f"{place}/" in known for known in self._sources)
        if folder or self._known(place):
            return importlib.machinery.ModuleSpec(name, self, is_package=folder)
        return None

    def create_module(self, spec: Any) -> types.ModuleType:
        return types.ModuleType(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        place = "/" + module.__name__.replace(".", "/")
        for known in self._known(place) or self._known(f"{place}/__init__"):
            flags = __future__.annotations.compiler_flag  # as in cells, type hints decide nothing
            exec(compile(self._sources[known], f"{known[1:]}.py", "exec", flags, dont_inherit=True), module.__dict__)
            return

    def _known(self, place: str) -> list[str]:
        return [known for known in self._sources if known.endswith(place)]
