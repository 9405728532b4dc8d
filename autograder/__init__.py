"""Judges mathematics in notebooks: exact where it is symbolic, to the last digits where it is numeric."""

__version__ = "0.1.0"
__all__ = ["Repair", "Step", "check", "hint", "progress", "variant"]

_ANSWERS = frozenset({"Repair", "Step"})
_INTERACTIVE = frozenset({"check", "hint", "progress", "variant"})


def __getattr__(name: str):
    """Load things when they are asked for: a grading process never needs the notebook's side."""
    if name in _ANSWERS:
        from autograder import calls

        return getattr(calls, name)
    if name in _INTERACTIVE:
        from autograder import interactive

        return getattr(interactive, name)
    raise AttributeError(f"module 'autograder' has no attribute {name!r}")
