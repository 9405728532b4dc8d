"""Symbolic answers: right forms pass, wrong ones fail with a witness, rounded and malformed ones with a reason."""

import json

import pytest
import sympy as sp

from autograder.calls import Foreign, Observation
from autograder.exercise import exercise
from autograder.expressions import from_sympy, parse
from autograder.feedback.message import message
from autograder.judges import symbolic
from autograder.judging import judge, plan_for
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


MATRICES = {"W": "matrix(2,2)", "x": "vector(2)", "g": "vector(2)"}


@pytest.mark.parametrize(
    ("got", "target", "variables", "sentence"),
    [
        # sign: E23, the slope of Huber
        ("Max(-d, Min(d, y - f))", "Max(-d, Min(d, f - y))", {"d": "positive"}, "only the sign is wrong"),
        # factor 1/2: the gradient of a ridge penalty
        ("l*w", "2*l*w", {"l": "positive"}, "exactly half"),
        # missing 1/n: E25, the gradient of a mean of cross-entropies
        ("sigmoid(x) - y", "(sigmoid(x) - y)/n", {"n": "natural", "y": "closed(0,1)"}, "would make it a mean"),
        # transposed index: the gradient of a layer's weights, and of its input
        ("x@T(g)", "g@T(x)", MATRICES, "row and column index have changed places"),
        ("W@g", "T(W)@g", MATRICES, "once W is transposed"),
        (
            "exp(z2)/(exp(z1) + exp(z2) + exp(z3))",
            "exp(z1)/(exp(z1) + exp(z2) + exp(z3))",
            {},
            "z1 and z2 change places",
        ),
        # lost chain-rule factor
        ("tanh(x)*2", "2*tanh(x)*(1 - tanh(x)**2)", {}, "the slope of the inner tanh(x)"),
        ("exp(-x**2/2)", "-x*exp(-x**2/2)", {}, "a factor -x is missing"),
        ("1 - tanh(2*x)**2", "2*(1 - tanh(2*x)**2)", {}, "half of what it should be: the chain rule"),
        ("sigmoid(x)*2", "2*sigmoid(x)*sigmoid(x)*(1 - sigmoid(x))", {}, "to its end"),
        # wrong branch: the pinball loss, the slope of Huber
        (
            "where(r < 0, q*r, (q-1)*r)",
            "where(r >= 0, q*r, (q-1)*r)",
            {"q": "open(0,1)"},
            "the two branches change places",
        ),
        ("where(Abs(r) <= d, r, d)", "where(Abs(r) <= d, r, d*sign(r))", {"d": "positive"}, "lost its minus"),
    ],
)
def test_the_six_near_misses_are_said_as_a_tutor_would(got, target, variables, sentence):
    facts = judged(Symbolic({(): target}, dict.fromkeys("xyzfrw", "real") | Z | variables), got).facts
    assert sentence in facts.cause


Z = {"z1": "real", "z2": "real", "z3": "real"}


@pytest.mark.parametrize(
    ("got", "target"),
    [("x", "Max(0, x)"), ("x**2", "x**3 + 1"), ("Max(0, x)", "x"), ("tanh(x)", "x*sigmoid(x)"), ("0*x", "sigmoid(x)")],
)
def test_what_is_no_near_miss_is_not_called_one(got, target):
    assert judged(Symbolic({(): target}, {"x": "real"}), got).facts.cause == ""


def test_a_declared_misconception_is_said_before_a_near_miss():
    @exercise(Symbolic({(): "2*(f - y)"}, {"f": "real", "y": "real"}), title="a slope", hints=("?", "idea", "line"))
    def expr_of_a_slope():
        """Find it."""
        return "2*(f - y)"

    expr_of_a_slope.misconception("The inner derivative of y - f by f is not 1.", lambda: "2*(y - f)")
    plan = plan_for(expr_of_a_slope)
    for answer, said in (("2*(y - f)", "The inner derivative of y - f"), ("f - y", "exactly half")):
        judgement = judge(expr_of_a_slope, plan, [Observation(value=answer)])
        assert said in message(expr_of_a_slope, judgement).cause


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
