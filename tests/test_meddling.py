"""Only programs that could leave something behind are watched, and all of those are."""


import pytest

from autograder.sandbox.meddling import may_meddle

PLAIN = """
from __future__ import annotations
import numpy as np
from math import exp as e

def f(x, *, alpha=0.5):
    y = np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))
    y[0] += 1
    return y.T.astype(x.dtype)

class Layer:
    def __init__(self, w):
        self.w, self.b = w, 0.0

if __name__ == "__main__":
    print(f(np.ones(3)), np.__version__)
"""


def meddles(code):
    return may_meddle([compile(code, "<cell>", "exec")])


def test_a_plain_program_is_not_watched():
    assert not meddles(PLAIN)
    assert not may_meddle([])


@pytest.mark.parametrize(
    "code",
    [
        "np.exp = np.log",
        "def f():\n    np.exp, a = np.log, 2",
        "def f():\n    del np.exp",
        "for np.exp in range(3): pass",
        "with open('a') as np.exp: pass",
        "np.exp += 1",
        "setattr(np, 'exp', 1)",
        "object.__setattr__(np, 'exp', 1)",
        "np.__dict__['exp'] = 1",
        "vars(np)['exp'] = 1",
        "exec('np.exp = 1')",
        "import sys; sys.modules['numpy'] = None",
        "from sys import modules as m",
        "import unittest.mock",
        "from unittest.mock import patch",
        "from signal import setitimer",
        "import gc as g",
        "sys.setrecursionlimit(10)",
        "type(x).__getitem__ = f",
        "__builtins__['len'] = None",
        "class A:\n    def f(self):\n        self.np.exp = 1",
    ],
)
def test_whatever_reaches_beyond_its_own_names_is_watched(code):
    assert meddles(PLAIN + code)
