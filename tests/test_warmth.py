"""The zygote imports what programs speak of; what it did not foresee still works."""

import subprocess
import sys

import numpy as np
import pytest

from autograder.calls import Call, Drawing, Program
from autograder.expressions import Tree, parse
from autograder.sandbox import Sandbox
from autograder.sandbox.warmth import Warmth, everything, needs


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(isolation="available") as warm:
        yield warm


def value(sandbox, cell, *calls):
    performance = sandbox.perform(Program((cell,)), [tuple(calls or [Call("f")])])
    ((seen, *_),) = performance.observations
    return seen.value if seen.returned else seen


@pytest.mark.parametrize(
    ("cell", "calls", "expected"),
    [
        ("import numpy as np", (), set()),
        ("import sympy as sp\nsp.integrate(1)", (), {"symbols", "integrate"}),
        ("from scipy import stats", (), {"scipy.stats"}),
        ("%matplotlib inline\nplt.plot(x)", (), {"matplotlib"}),
        ("def f(axes): pass", (Call("f", canvas=True),), {"matplotlib"}),
        ("integrate = 1", (), set()),
    ],
)
def test_what_a_program_speaks_of_is_warmed_up(cell, calls, expected):
    assert set(needs(Program((cell,)), [calls])) == expected


def test_all_that_can_be_asked_for_is_among_everything():
    words = " ".join(everything()).replace(".", " ") + " sympy matplotlib"
    assert set(needs(Program((words,)))) == set(everything())


def test_what_is_warm_is_not_warmed_again(tmp_path):
    warmth = Warmth(str(tmp_path))
    assert warmth.spread(["symbols", "statistics"])
    assert not warmth.spread(["statistics", "symbols"])


def test_a_tree_among_the_arguments_becomes_an_expression_though_nobody_speaks_of_sympy(sandbox):
    assert value(sandbox, "def f(e):\n    return 2 * e", Call("f", (parse("x"),))) == parse("2*x")


def test_what_no_word_foretold_is_imported_by_the_child(sandbox):
    cell = "def f():\n    return __import__('sym' + 'py').Symbol('x')"
    assert isinstance(value(sandbox, cell), Tree)


def test_scipy_too_is_imported_by_the_child_where_there_is_one(sandbox):
    pytest.importorskip("scipy", reason="the course does without SciPy; students may have it")
    cell = "def f():\n    return float(getattr(__import__('sci' + 'py').special, 'exp' + 'it')(0.0))"
    assert value(sandbox, cell) == 0.5


def test_every_kind_of_warmth_can_be_used(sandbox):
    cell = """
import numpy as np, sympy as sp, matplotlib.pyplot as plt
def f(axes):
    x = sp.Symbol("x")
    axes.plot([0, 1], [float(sp.integrate(x, (x, 0, 1))), 0.5])
    plt.show()
"""
    drawing = value(sandbox, cell, Call("f", canvas=True))
    assert isinstance(drawing, Drawing)
    assert np.array_equal(drawing.lines[0]["y"], [0.5, 0.5])


def test_the_zygote_starts_without_what_most_programs_never_touch():
    """Every child is a fork of it, and pays for what it carries."""
    code = "import sys, autograder.sandbox.zygote; print({'mpmath', 'sympy', 'matplotlib'} & sys.modules.keys())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_what_students_like_to_import_can_be_imported_where_no_file_can_be_opened(monkeypatch):
    """As it is without Landlock. What it is for may well be refused; the import costs nobody an answer."""
    likely = "csv, glob, logging, pathlib, queue, random, re, shutil, string, subprocess, tempfile, time, unittest"
    cell = f"import {likely}\nimport urllib.request\ndef f():\n    return 1.0"
    monkeypatch.setattr(Sandbox, "_without", ("landlock",))
    with Sandbox(isolation="available") as poor:
        performance = poor.perform(Program((cell,)), [(Call("f"),)])
    assert performance.load_failures == ()
    assert performance.observations[0][0].value == 1.0
