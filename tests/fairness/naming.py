"""Where names come from: imports, type hints, conditions, and names that stand for something else."""

from __future__ import annotations

from tests.fairness.answers import SIGMOID, SLOPE
from tests.fairness.case import Case, notebook, saved, wrote


def bare(name: str, did: str, *cells: str, full: tuple[str, ...] = ("sigmoid",)) -> Case:
    """Cells without any import in front of them."""
    return Case(name, did, {"sigmoid_tanh_exercises.ipynb": saved(notebook(*cells))}, full=full)


CASES = (
    wrote(
        "conditional",
        "defines it inside if, try, and with",
        "try:\n    import numba\nexcept ImportError:\n    numba = None\nif numba is None:\n    def sigmoid(x):\n"
        "        return np.exp(-np.logaddexp(0, -x))\nelse:\n    sigmoid = None",
        "with np.errstate(all='ignore'):\n    def complement(x):\n        return sigmoid(-x)",
        full=("sigmoid", "complement"),
    ),
    wrote(
        "type hints",
        "uses type hints that do not resolve",
        SIGMOID.replace("(x)", "(x: 'npt.NDArray[Any]' | torch.Tensor) -> Tensor[float, 'n']", 1),
        "rate: Learning = 0.1",
        full=("sigmoid",),
    ),
    wrote(
        "wild hints",
        "uses jaxtyping and TypeVar",
        "from jaxtyping import Float, Array",
        "from typing import *\nT = TypeVar('T')",
        SIGMOID.replace("(x)", "(x: Float[Array, 'n']) -> Optional[T]", 1),
        full=("sigmoid",),
    ),
    bare(
        "NumPy by another name",
        "imports NumPy as something else",
        "import numpy as jnp\nimport numpy",
        SIGMOID.replace("np.", "jnp.").replace("jnp.where", "numpy.where"),
    ),
    bare(
        "star import",
        "imports everything from NumPy, over abs, max, and sum",
        "from numpy import *",
        SIGMOID.replace("np.", ""),
        "def own(x): return max(sum(x), min(x))",
    ),
    bare(
        "from import",
        "imports single functions",
        "from numpy import exp, where\nfrom numpy import abs as absolute",
        SIGMOID.replace("np.abs", "absolute").replace("np.", ""),
    ),
    bare(
        "mixed star imports",
        "imports everything from NumPy, math, and SymPy",
        "from numpy import *\nfrom math import *\nfrom sympy import *",
        "import numpy as np",
        SIGMOID,
    ),
    bare("import inside", "imports inside the function", SIGMOID.replace("    e =", "    import numpy as np\n    e =")),
    bare(
        "no setup cell",
        "deleted the first cell, where the notebook imports NumPy",
        SIGMOID,
        SLOPE,
        full=("sigmoid", "sigmoid_grad"),
    ),
    bare(
        "shadowed builtins",
        "uses list, sum, max, and input as names of variables",
        "import numpy as np",
        "list = [1, 2]; sum = 0; max = 9; input = np.ones(3); print = None; type = str; len = 3; isinstance = 4",
        SIGMOID,
    ),
)
