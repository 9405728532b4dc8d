"""Quiet stand-ins for what a notebook may ask for and a grading process does not have.

`from IPython.display import Math, display`, `drive.mount(...)`, `@interact(...)`, `check(sigmoid)`: none of it may
cost anybody anything, and none of it does anything here.
"""

from __future__ import annotations

import builtins
import importlib.machinery
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any

from autograder.calls import Repair, Step

_FAMILIES = ("IPython", "ipywidgets", "google", "nbval")


class Quiet:
    """Takes every attribute, call, item and block, and does nothing. A lone function given to it comes back as it
    was, so that decorating with it changes nothing."""

    def __getattr__(self, name: str) -> Quiet:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return args[0] if len(args) == 1 and isinstance(args[0], types.FunctionType) else self

    def __getitem__(self, key: Any) -> Quiet:
        return self

    def __iter__(self) -> Iterator:
        return iter(())

    def __enter__(self) -> Quiet:
        return self

    def __exit__(self, *exception: object) -> bool:
        return False

    def __repr__(self) -> str:
        return ""


QUIET = Quiet()


class _QuietModules:
    """Finds and loads every module of the families above, and makes each attribute of it quiet."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> Any:
        if name.partition(".")[0] in _FAMILIES:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> types.ModuleType:
        return types.ModuleType(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        module.__getattr__ = lambda name: QUIET.__getattr__(name)
        module.__all__ = []


def install() -> None:
    """Put the stand-ins in place, `autograder` itself among them: a student's cell gets these and no engine."""
    sys.meta_path.insert(0, _QuietModules())
    builtins.get_ipython = builtins.display = QUIET
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].show = QUIET  # Agg would warn that it cannot show anything

    ours = types.ModuleType("autograder")
    ours.Step, ours.Repair = Step, Repair
    ours.check = ours.hint = ours.progress = ours.variant = QUIET
    sys.modules["autograder"] = ours
