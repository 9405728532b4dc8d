"""Symbolic answers: right forms pass, wrong ones fail with a witness, rounded and malformed ones with a reason."""

import json

import pytest
import sympy as sp

from autograder.calls import Foreign, Observation
from autograder.exercise import exercise
from autograder.expressions import from_sympy, parse
from autograder.judges import symbolic
from autograder.kinds import Symbolic


def pytest_generate_tests(metafunc):
    if "case" in metafunc.fixturenames:
        cases = [one for file in metafunc.config.getoption("answers") for one in json.loads(file.read_text())]
        metafunc.parametrize("case", cases, ids=lambda case: case["id"])


def judged(spec, *values):
    @exercise(spec, title="an expression", hints=("?", "idea", "line"))
    def expr_of_a_test():
        """Find it."""

    plan = symbolic.plan(expr_of_a_test, seed=0)
    return plan.judge([Observation(value=value) for value in values])


@pytest.mark.parametrize("form", [str, parse], ids=["text", "tree"])
def test_a_labelled_answer_is_judged_as_labelled(case, form):
    judgement = judged(Symbolic({(): case["target"]}, case["vars"]), form(case["answer"]))
    assert judgement.status == ("passed" if case["equal"] else "failed"), judgement.findings


PAIR = Symbolic({(): ("1/4", "0")})
SLOPE = Symbolic({(): "sigmoid(x)*(1-sigmoid(x))"}, {"x": "real"})


@pytest.mark.parametrize(
    ("spec", "value", "fragment"),
    [
        (PAIR, (from_sympy(sp.Float(0.25)), 0), "rounded"),
        (PAIR, (0.25, 0), "rounded"),
        (PAIR, "1/4", "tuple of 2"),
        (PAIR, ("1/4",), "1 came back"),
        (SLOPE, None, "return"),
        (SLOPE, Foreign("module"), "module"),
        (SLOPE, "sigmoid(y)", "y"),
        (SLOPE, "2x", "*"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(spec, value, fragment):
    judgement = judged(spec, value)
    assert judgement.status in ("failed", "partial")
    assert judgement.earned <= 0.5
    assert fragment in judgement.first_failure.witness


def test_a_decimal_in_text_is_exact():
    assert judged(PAIR, ("0.25", 0)).status == "passed"


def test_half_right_is_partial_and_does_not_give_the_number_away():
    judgement = judged(PAIR, ("1/2", "0"))
    assert judgement.status == "partial"
    assert judgement.first_failure.witness == "got 1/2, which is too large"
    assert "1/4" not in str(judgement.facts)


def test_a_curve_shows_where_it_goes_wrong():
    judgement = judged(SLOPE, "sigmoid(x)*(sigmoid(x)-1)")
    assert "only the sign is wrong" in judgement.facts.cause
    curve = judgement.facts.curve
    assert curve["xlabel"] == "x"
    assert curve["witness"] in curve["x"]
    assert all(abs(got + truth) < 1e-15 for got, truth in zip(curve["got"], curve["truth"], strict=True))


@pytest.mark.parametrize(
    ("got", "target", "variables", "fragment"),
    [
        ("x", "x/n", {"x": "real", "n": "natural"}, "factor n"),
        ("sigmoid(b*x)", "b*sigmoid(b*x)", {"x": "real", "b": "positive"}, "factor b is missing"),
        ("x", "Max(0, x)", {"x": "real"}, ""),
        ("cosh(x)**2", "1/cosh(x)**2", {"x": "real"}, "upside down"),
        ("x + 1", "x", {"x": "real"}, "constant that is added, 1"),
    ],
)
def test_near_misses_are_recognised(got, target, variables, fragment):
    assert fragment in judged(Symbolic({(): target}, variables), got).facts.cause


def test_the_right_half_of_a_domain_is_named():
    facts = judged(Symbolic({(): "Max(0, x)"}, {"x": "real"}), "x").facts
    assert facts.where == "it is right for x >= 0 only"
