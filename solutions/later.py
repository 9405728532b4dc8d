"""SymPy for the references that need it, imported when the first of them is asked: half a second that most runs save."""

from __future__ import annotations

from typing import Any


class _Later:
    """Stands for a module until something of it is wanted."""

    def __getattr__(self, name: str) -> Any:
        import sympy

        return getattr(sympy, name)


sp = _Later()
