"""The same measurements in a process whose NumPy may use fewer of the processor's instructions.

    NPY_DISABLE_CPU_FEATURES="..." python -m tests.accuracy.limited FOLDER

prints as JSON which features were off, and every function that owes more than it may. FOLDER holds the truths.
Functions that are called point by point, where such instructions have little to do, are called at every eighth.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent.parent
VARIABLE = "NPY_DISABLE_CPU_FEATURES"
_numpy = np._core._multiarray_umath


def dispatched() -> list[str]:
    """The groups of instructions beyond NumPy's baseline that this machine has, the oldest first."""
    return [name for name in _numpy.__cpu_dispatch__ if _numpy.__cpu_features__.get(name)]


def measured_without(features: list[str], folder: Path) -> dict:
    """What a process without these features finds. Raises CalledProcessError when it does not come to an end."""
    environment = os.environ | {VARIABLE: " ".join(features), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error::ImportWarning", "-m", "tests.accuracy.limited", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def measure(folder: Path) -> dict:
    from autograder import registry
    from tests.accuracy.measure import worst
    from tests.accuracy.owed import OWED, WHOLE, numeric

    owing, functions = [], 0
    for item in numeric(registry.exercises().values()):
        if item.id in OWED:
            functions += 1
            each = 1 if OWED[item.id].called == WHOLE else 8
            found = [worst(item.id, item.reference, dtype, folder, each) for dtype in ("float64", "float32")]
            owing += [str(miss) for miss in found if not miss.share <= 1]
    off = [name for name in os.environ.get(VARIABLE, "").split() if not _numpy.__cpu_features__[name]]
    return {"off": off, "functions": functions, "owing": owing}


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
