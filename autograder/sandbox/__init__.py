"""Runs the code of people nobody needs to trust, and brings back what it did."""

from importlib import import_module
from typing import Any

__all__ = ["IsolationMissing", "LoadFailure", "Performance", "Sandbox"]

# Imported when they are first asked for: this is the parent's side, and the process that children are forks of, which
# comes by here too, had better be small.
_PARENTS = {"IsolationMissing": "sandbox", "Sandbox": "sandbox", "LoadFailure": "performance", "Performance": "performance"}


def __getattr__(name: str) -> Any:
    if name not in _PARENTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_PARENTS[name]}"), name)
    return value
