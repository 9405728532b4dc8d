"""What a result depends on besides the submission."""

from __future__ import annotations

import hashlib
import platform
import sys
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

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


@cache
def course_digest() -> str:
    """Changes with every line of the exercises and of their judges: a resumed run mixes no two versions of either."""
    digest = hashlib.sha256()
    for package in ("autograder", "solutions"):
        folder = Path(import_module(package).__file__).parent
        for path in sorted(folder.rglob("*.py")):
            digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def fingerprint() -> dict[str, str]:
    """Where two machines agree in this, they give the same marks. Python counts without its third number."""
    python = ".".join(platform.python_version_tuple()[:2])
    judging = {name: number for name, number in versions().items() if name in _VERSIONED}
    return {"the course": course_digest(), "Python": python, **judging}
