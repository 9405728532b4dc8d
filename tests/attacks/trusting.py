"""A grader as trusting as most are: it runs the student's code in its own process and believes what it then prints.

It shows that the cheats of `cheats.py` are real: what earns full marks here must earn none from us.
Run as `python -m tests.attacks.trusting`, with a list of programs as JSON on standard input.
"""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import sympy

ROOT = Path(__file__).resolve().parents[2]


def reference(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_is_right(answer):
    given = np.linspace(-3, 3, 7)
    got, expected = answer(given), reference(given)
    if isinstance(got, (list, tuple, np.ndarray)):
        return bool(np.allclose(got, expected))
    return bool(got == expected)


def text_is_right(answer):
    return bool(sympy.sympify(answer()).equals(sympy.sympify("x*exp(-x)")))


def grade(cells):
    namespace = {"np": np}
    for cell in cells:
        exec(cell, namespace)
    if "expr_sigmoid_second" in namespace:
        passed = text_is_right(namespace["expr_sigmoid_second"])
    else:
        passed = sigmoid_is_right(namespace["sigmoid"])
    print(json.dumps({"passed": passed}), flush=True)


def believed(cells):
    """Grade in a fork, which spares the imports, and believe the last line that it prints."""
    reading, writing = os.pipe()
    if not (pid := os.fork()):
        os.dup2(writing, 1)
        os.close(reading)
        os.close(writing)
        with contextlib.suppress(Exception):
            grade(cells)
        sys.exit()
    os.close(writing)
    with open(reading, encoding="utf-8", errors="replace") as pipe:
        printed = pipe.read()
    os.waitpid(pid, 0)
    try:
        return json.loads(printed.strip().splitlines()[-1])["passed"] is True
    except (IndexError, ValueError, TypeError, KeyError):
        return False


def fooled_by(programs):
    """Whether this grader gives full marks, for each of these programs."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.attacks.trusting"],
        input=json.dumps([list(cells) for cells in programs]),
        env={**os.environ, "EXPECTED": json.dumps(list(reference(np.linspace(-3, 3, 7))))},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


if __name__ == "__main__":
    print(json.dumps([believed(cells) for cells in json.load(sys.stdin)]))
