"""A hostile answer in an otherwise right notebook."""

from __future__ import annotations

from tests.fairness.answers import SIGMOID
from tests.fairness.case import notebook, saved

FILE = "sigmoid_tanh_exercises.ipynb"
COMPLEMENT = "def complement(x):\n    e = np.exp(-np.abs(x))\n    return np.where(x >= 0, e, 1) / (1 + e)\n"
SECOND = "import sympy as sp\ndef expr_sigmoid_second():\n"
SECOND += "    s = 1 / (1 + sp.exp(-sp.Symbol('x')))\n    return s * (1 - s) * (1 - 2 * s)\n"
RIGHT = {"sigmoid": SIGMOID, "complement": COMPLEMENT, "expr_sigmoid_second": SECOND}


def handed_in(*cells: str) -> bytes:
    """A notebook of these cells below the import of NumPy."""
    return saved(notebook("import numpy as np", *cells))


def right_but_for(cells: tuple[str, ...]) -> tuple[str, tuple[str, ...], bytes]:
    """The exercise that the hostile cells answer, the others, and the notebook with right answers to those."""
    attacked = next((name for name in RIGHT if f"def {name}" in "".join(cells)), "sigmoid")
    others = {name: code for name, code in RIGHT.items() if name != attacked}
    return attacked, tuple(others), handed_in(*cells, *others.values())
