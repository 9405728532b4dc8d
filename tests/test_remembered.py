"""What is remembered is told as it was found, and nothing is remembered that a judge could tell apart."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

from autograder.calls import Failure, Foreign, Observation
from autograder.expressions import Unsettled, parse
from autograder.expressions.values import Budget, Losses
from autograder.judges import prove
from autograder.judges.equivalence import compare
from autograder.judges.judgement import Judgement
from autograder.judges.known_values import value_at
from autograder.judges.remembered import remembered
from autograder.judges.verdict import Agrees, Proved


@pytest.fixture
def judge():
    """A judge that counts how often it is really asked."""
    asked = []

    def count(observations):
        asked.append(observations)
        return Judgement(())

    return remembered(count), asked


def test_what_looks_the_same_is_judged_once(judge):
    ask, asked = judge
    first = ask([Observation(np.array([1.0, np.nan]))])
    assert ask([Observation(np.array([1.0, np.nan]))]) is first
    assert len(asked) == 1


@pytest.mark.parametrize(
    "other",
    [
        Observation(np.array([np.nextafter(1.0, 2.0), 0.0])),
        Observation(np.array([1.0, -0.0])),
        Observation(np.array([1.0, 0.0], np.float32)),
        Observation(np.array([[1.0, 0.0]])),
        Observation([1.0, 0.0]),
        Observation(np.array([1.0, 0.0]), warnings=("RuntimeWarning: overflow",)),
        Observation(np.array([1.0, 0.0]), changed=(0,)),
        Observation(failure=Failure("ValueError", "no")),
        Observation(fate="timeout"),
        Observation(Foreign("list")),
    ],
    ids=[
        "last bit",
        "sign of zero",
        "dtype",
        "shape",
        "type",
        "warning",
        "changed input",
        "failure",
        "fate",
        "foreign",
    ],
)
def test_what_can_be_told_apart_is_judged_anew(judge, other):
    ask, asked = judge
    ask([Observation(np.array([1.0, 0.0]))])
    ask([other])
    assert len(asked) == 2


def test_where_one_call_ends_and_the_next_begins_is_part_of_the_look(judge):
    ask, asked = judge
    ask([Observation([1, 2]), Observation([3])])
    ask([Observation([1]), Observation([2, 3])])
    assert len(asked) == 2


def test_a_remembered_value_costs_the_budget_what_it_cost_at_first():
    tree, point = parse("exp(x) + x**2 / 3"), {"x": Fraction(7, 11)}
    first, second = Budget(1_000), Budget(1_000)
    values = [value_at(tree, point, 50, budget, Losses()) for budget in (first, second)]
    assert values[0] == values[1]
    assert first.left == second.left < 1_000
    with pytest.raises(Unsettled, match="laborious"):
        value_at(tree, point, 50, Budget(3), Losses())


def test_what_was_lost_below_the_precision_is_remembered_too():
    tree, point = parse("1 + tanh(x)"), {"x": Fraction(-801)}
    lost = [Losses(), Losses()]
    for each in lost:
        value_at(tree, point, 50, Budget(), each)
    assert lost[0].cancelled
    assert lost[0] == lost[1]


def test_without_proofs_nobody_asks_the_prover(monkeypatch):
    asked = []
    monkeypatch.setattr(prove._PROVER, "ask", lambda question, patience: asked.append(question) or "magic")
    left, right = parse("(q + 17)**2"), parse("q**2 + 34*q + 289")
    with prove.without_proofs():
        assert isinstance(compare(left, right, {"q": "real"}), Agrees)
    assert not asked
    assert isinstance(compare(left, right, {"q": "real"}), Proved)


def test_a_command_starts_without_the_judges_and_without_matplotlib():
    code = "import sys, autograder.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"sympy", "matplotlib", "autograder.judging"} & set(loaded)
