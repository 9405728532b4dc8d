"""What a notebook leans on that is not written in it: scripts in the same folder, and the cell it once began with."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath

# The names that every exercise notebook is given in its first cell. Who deletes it has lost nothing of their own.
_GIVEN = {
    "np": "import numpy as np",
    "sp": "import sympy as sp",
    "Step": "from autograder import Step",
    "Repair": "from autograder import Repair",
}
_WORD = re.compile(r"\w+")


def lost_imports(cells: Iterable[str], bound: Collection[str]) -> list[str]:
    """The imports of the first cell whose names are spoken of in these cells and bound in none."""
    absent = [name for name in _GIVEN if name not in bound]
    spoken = {word for cell in cells for word in _WORD.findall(cell)} if absent else ()
    return [_GIVEN[name] for name in absent if name in spoken]


def imported_scripts(cells: Iterable[str], scripts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Path and source of the scripts whose names are spoken of, so that the cells or other scripts may import them."""
    texts = [*cells, *scripts.values()] if scripts else []
    spoken = {"__init__", *(word for text in texts for word in _WORD.findall(text))}
    return tuple((path, source) for path, source in scripts.items() if PurePosixPath(path).stem in spoken)
