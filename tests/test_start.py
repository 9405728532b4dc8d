"""What a run of `grade` need not import, it does not import: each of these costs more than a student does."""

import subprocess
import sys

import pytest

HEAVY = ["nbformat", "lark", "sympy.stats", "scipy", "distributed"]


@pytest.mark.parametrize("module", ["autograder.reports", "autograder.grading.worker", "autograder.sandbox.zygote"])
def test_the_start_is_light(module):
    code = f"import sys, {module}; print([name for name in {HEAVY} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"
