"""What a result depends on besides the submission and the course."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from autograder import __version__

_VERSIONED = ("numpy", "sympy", "mpmath", "matplotlib")


def versions() -> dict[str, str]:
    """Name to version, of the program, of Python and of the libraries that judge; the system's name."""
    found = {"autograder": __version__, "python": platform.python_version(), "system": sys.platform}
    for name in _VERSIONED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    return found
