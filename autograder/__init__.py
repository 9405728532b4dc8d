"""Judges mathematics in notebooks: exact where it is symbolic, to the last digits where it is numeric."""

from autograder.calls import Repair, Step

__version__ = "0.1.0"
__all__ = ["Repair", "Step", "check", "hint", "progress", "variant"]

_INTERACTIVE = frozenset({"check", "hint", "progress", "variant"})


def __getattr__(name: str):
    """Load the notebook's side only when it is asked for: a grading process never needs it."""
    if name in _INTERACTIVE:
        from autograder import interactive

        return getattr(interactive, name)
    raise AttributeError(f"module 'autograder' has no attribute {name!r}")
