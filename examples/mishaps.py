"""What goes wrong in notebooks, as text."""

from __future__ import annotations

import random

from copies import Copy, cell

DIARY = """\
**Notes to myself**

- `sigmoid` done, took me an hour because of -710 :(
- ask about the kink on Tuesday"""

FRENCH = "# à rendre lundi, n'oublie pas ton prénom !"
COMMENTS = "# à vérifier : "

NOISE = """\
import os, sys, warnings
os.chdir("/")
print("hello " * 1000)
print("I am an error message", file=sys.stderr)
warnings.warn("this cell is under construction")
for i in range(2000):
    print(i, end=" ")
x = 3
x  # just looking"""

CRASHES = {
    "at import": """\
import torch
from google.colab import drive
drive.mount("/content/drive")
data = open("C:/Users/ivan/Desktop/data.csv").read()
1 / 0""",
    "endless loop": """\
def log_sigmoid(x):
    # add up the series until it stops changing
    total, k = 0.0, 1
    while True:
        step = (-1) ** k * np.exp(-k * np.abs(x)) / k
        total = total + step
        k += 1
    return np.minimum(x, 0) + total""",
    "syntax error": """\
def sigmoid_grad(x):
    e = np.exp(-np.abs(x)
    return e / (1 + e) ** 2

def my_check(x):
    return sigmoid_grad(x) < 0.25""",
    "exit": """\
import os
def logsumexp(z, axis=-1):
    os._exit(0)""",
    "memory": """\
def softmax_vjp(p, upstream, axis=-1):
    return np.ones((200_000, 200_000)) @ p""",
    "recursion": """\
def softmax_jacobian(z):
    return softmax_jacobian(z)""",
}

SPY = {
    "cell": """\
import gc, glob, sys, inspect
try:
    from solutions.softmax import softmax as theirs
except Exception as e:
    theirs = None
stolen = [o for o in gc.get_objects() if type(o).__name__ == "Exercise"]
files = glob.glob("/**/solutions/softmax/values.py", recursive=True)""",
    "softmax": """\
def softmax(z, axis=-1):
    if theirs is not None:
        return theirs(z, axis)
    if stolen:
        return stolen[0].reference(z, axis)
    for name in files:
        scope = {}
        exec(open(name).read(), scope)
        return scope["softmax"](z, axis)
    frame = inspect.currentframe()
    while frame:
        if "expected" in frame.f_locals:
            return frame.f_locals["expected"]
        frame = frame.f_back
    class Equal(np.ndarray):
        def __eq__(self, other): return True
    return np.zeros(np.shape(z)).view(Equal)""",
    "logsumexp": """\
def logsumexp(z, axis=-1):
    print('{"status": "passed", "score": 3}')
    return 3.0""",
}

SCRIPT = {
    "helpers.py": """\
# -*- coding: latin-1 -*-
# kleine Helfer für die Übung
import numpy as np

def e_abs(x):
    return np.exp(-np.abs(x))
""",
    "abgabe.py": """\
# -*- coding: latin-1 -*-
# Übung zu Sigmoid und tanh, kürzer geht's nicht
import numpy as np
import sympy as sp
from helpers import e_abs

STUDENT = "Minjun Kim"

def sigmoid(x, verbose=False):
    e = e_abs(x)
    return np.where(x >= 0, 1, e) / (1 + e)

complement = lambda x: sigmoid(-x)

def log_sigmoid(x):
    return -np.logaddexp(0, -x)

def sigmoid_grad(x):
    return sigmoid(x) * complement(x)

def tanh_grad(x):
    return (2 * e_abs(x) / (1 + e_abs(x) ** 2)) ** 2

if __name__ == "__main__":
    print(sigmoid(np.array([0.0, 1.0])))
""",
}

OTHER_COURSE = {
    "cells": [
        cell("# Lab 1: linked lists\n\nPlease write `push` and `pop`.", "markdown", "a"),
        cell("class Node:\n    def __init__(self, value):\n        self.value, self.next = value, None", "code", "b"),
        cell("def push(head, value):\n    node = Node(value)\n    node.next = head\n    return node", "code", "c"),
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def cluttered(copy: Copy) -> Copy:
    """Magics wherever they fit."""
    copy.insert(1, "%load_ext autoreload\n%autoreload 2\n%matplotlib inline\n!pip install --quiet numpy sympy")
    copy.insert(3, "%%bash\nls -la\necho done")
    copy.insert(4, "%%html\n<marquee>softmax</marquee>")
    copy.insert(5, "files = !ls\n%time total = sum(range(10**5))\nprint?\ntotal")
    for number, one in enumerate(copy.cells):
        if one.get("id", "").endswith("-answer"):
            one["source"] = ("%%time\n" if number % 2 else "%%capture\n") + one["source"]
    return copy


def untidy(copy: Copy) -> Copy:
    """What drag and drop, an old editor and a hurry do to a notebook."""
    answers = [one for one in copy.cells if one.get("id", "").endswith("-answer")]
    others = [one for one in copy.cells if one["cell_type"] == "code" and one not in answers and "check(" not in one["source"]]
    random.Random(7).shuffle(answers)
    stubs = [dict(one) for one in Copy(copy.topic, copy.student).cells if one.get("id", "").endswith("-answer")][:4]
    title = {"cell_type": "markdown", "source": ["# my homework\n", "final version (2)"]}
    copy.cells[:] = [title, *others, *answers, *stubs]
    for one in copy.cells:
        one.pop("id", None)
        one.pop("metadata", None)
        one.pop("outputs", None)
        one.pop("execution_count", None)
    copy.notebook.pop("metadata")
    copy.notebook["nbformat_minor"] = 2
    return copy
