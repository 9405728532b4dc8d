"""Derivations judged line by line: the first wrong step is the one named, and nothing later makes up for it."""

import json

import pytest
import sympy as sp

from autograder import calls
from autograder.calls import Observation, Step
from autograder.exercise import exercise
from autograder.expressions import parse
from autograder.judges import derivation
from autograder.judges.chain import examine
from autograder.judges.judgement import FAILS, HOLDS
from autograder.kinds import Derivation

HINTS = ("?", "idea", "line")


def pytest_generate_tests(metafunc):
    if "chain" in metafunc.fixturenames:
        chains = [one for file in metafunc.config.getoption("chains") for one in json.loads(file.read_text())]
        metafunc.parametrize("chain", chains, ids=lambda chain: chain["id"])


def spec_of(chain, **more):
    return Derivation(chain["lhs"], chain["rhs"], chain["vars"], **more)


def judged(spec, lines):
    @exercise(spec, title="a chain", hints=HINTS)
    def derivation_of_a_test():
        """Prove it."""

    plan = derivation.plan(derivation_of_a_test, seed=0)
    return plan.judge([Observation(value=lines)])


def test_the_first_wrong_step_is_found(chain):
    broken, _ = examine(parse(chain["lhs"]), [parse(step) for step in chain["steps"]], spec_of(chain))
    assert (broken.index if broken else None) == chain["first_wrong"]


def test_a_chain_is_right_or_wrong_as_labelled(chain):
    judgement = judged(spec_of(chain, min_steps=2), [Step(step, "rule") for step in chain["steps"]])
    assert (judgement.status == "passed") == chain["correct"], judgement.findings


@pytest.mark.parametrize("assumption", [{}, {"real": True}, {"positive": True}])
def test_lines_may_be_sympy_with_any_assumption(assumption):
    x = sp.Symbol("x", **assumption)
    spec = Derivation("2*(x + 1/x)", "2*(x**2 + 1)/x", {"x": "positive"})
    lines = [Step(2 * (x + 1 / x), ""), Step("(2*x*x + 2)/x", ""), Step(2 * (x**2 + 1) / x, "")]
    assert judged(spec, lines).status == "passed"


REFLECTION = Derivation("sigmoid(-x)", "1 - sigmoid(x)", {"x": "real"}, min_steps=3)


@pytest.mark.parametrize(
    ("lines", "fragment"),
    [
        ([], "empty"),
        (None, "return"),
        ("sigmoid(x)", "list"),
        (["sigmoid(-x)", "1 - sigmoid(x)"], "2 lines"),
        (["sigmoid(-x)", "1/(1+exp(x))", "sigmoid(-x)", "1 - sigmoid(x)"], "same expression"),
        (["sigmoid(-x)", "1 - sigmoid(x)", "-sigmoid(x) + 1"], "order of their terms"),
        (["sigmoid(-x)", "1/(1+exp(q))", "1 - sigmoid(x)"], "q"),
        (["sigmoid(-x)", "1/(1+exp(x)", "1 - sigmoid(x)"], "brackets"),
        (["sigmoid(-x)", calls.Foreign("module"), "1 - sigmoid(x)"], "module"),
    ],
)
def test_what_is_no_derivation_is_refused_in_words(lines, fragment):
    judgement = judged(REFLECTION, lines)
    assert judgement.status == "failed"
    assert judgement.earned == 0
    assert fragment in judgement.first_failure.witness


@pytest.mark.parametrize(
    "filler",
    [
        "sigmoid(-x) + x - x",
        "1 - sigmoid(x) + sin(x) - sin(x)",
        "sigmoid(-x) + 1 - 1",
        "sigmoid(-x) + (x + 1) - x - 1",
        "sigmoid(-x) + exp(x) - exp(x)",
        "sigmoid(-x)*(1 + x**2)/(1 + x**2)",
        "sigmoid(-x)*(x - x + 1)",
        "2*sigmoid(-x) - sigmoid(-x)",
        "2*(sigmoid(-x)/2)",
        "-(-sigmoid(-x))",
        "1/(1/sigmoid(-x))",
        "sigmoid(y - x - y)",
        "sigmoid(-x) + 0*y",
        "Max(sigmoid(-x), sigmoid(-x))",
        "where(x > 0, sigmoid(-x), sigmoid(-x))",
    ],
)
def test_a_line_that_only_adds_and_cancels_is_no_step(filler):
    spec = Derivation("sigmoid(-x)", "1 - sigmoid(x)", {"x": "real", "y": "real"}, min_steps=3)
    for lines in (["sigmoid(-x)", filler, "1 - sigmoid(x)"], ["sigmoid(-x)", filler, filler, "1 - sigmoid(x)"]):
        judgement = judged(spec, lines)
        assert judgement.earned == 0
        assert "for it to cancel" in judgement.first_failure.witness or "same" in judgement.first_failure.witness


@pytest.mark.parametrize(
    "lines",
    [
        ["1/(1 + exp(-x))", "1/(1 + exp(-x))*exp(x)/exp(x)", "exp(x)/(1 + exp(x))"],
        ["1/(1 + exp(-x))", "exp(x)/(exp(x)*(1 + exp(-x)))", "exp(x)/(1 + exp(x))"],
        ["(y - f)**2", "(y - m + m - f)**2", "(y - m)**2 + 2*(y - m)*(m - f) + (m - f)**2"],
        ["x**2 + b*x", "x**2 + b*x + (b/2)**2 - (b/2)**2", "(x + b/2)**2 - b**2/4"],
        ["sigmoid(-x)", "sigmoid(-x) + sigmoid(x) - sigmoid(x)", "1 - sigmoid(x)"],
        ["exp(x)/(1 + exp(x))", "(exp(x) + 1 - 1)/(1 + exp(x))", "1 - 1/(1 + exp(x))"],
        ["softplus(x) - softplus(-x)", "log(1 + exp(x)) - log(1 + exp(x)) + x", "x"],
        ["q*(x/q)**2 - x**2", "x**2/q - x**2", "x**2*(1 - q)/q"],
        ["tanh(x/2)/2", "1/2 - (1/2 - tanh(x/2)/2)", "1/2 - sigmoid(-x)"],
    ],
)
def test_a_detour_that_is_the_idea_of_the_proof_counts(lines):
    variables = dict.fromkeys("xybfm", "real") | {"q": "open(0,1)"}
    assert judged(Derivation(lines[0], lines[-1], variables, min_steps=3), lines).status == "passed"


def test_the_ends_are_what_was_asked_and_not_merely_equal_to_it():
    early = judged(REFLECTION, ["exp(-x)/(1+exp(-x))", "1 - 1/(1+exp(-x))", "1 - sigmoid(x)"])
    assert [finding.verdict for finding in early.findings] == [HOLDS, FAILS, HOLDS, HOLDS]
    short = judged(REFLECTION, ["sigmoid(-x)", "1/(1+exp(x))", "1 - 1/(1+exp(-x))"])
    assert [finding.verdict for finding in short.findings] == [HOLDS, HOLDS, HOLDS, FAILS]


def test_the_witness_names_step_place_values_and_where_it_does_hold():
    spec = Derivation("sqrt(x**2)", "Abs(x)", {"x": "real"}, min_steps=3)
    judgement = judged(spec, ["sqrt(x**2)", "x", "Abs(x)"])
    assert judgement.first_failure.witness == "from line 1 to line 2: at x = -1 line 1 is 1, and line 2 is -1"
    assert "x >= 0 only" in judgement.facts.where
    assert "line 3 is right again" in judgement.facts.where
    assert judgement.facts.curve["wrong"] == 1
    assert judgement.facts.curve["rejoins"] == 2


def test_a_lost_factor_is_recognised():
    spec = Derivation("D(tanh(x)**2, x)", "2*tanh(x)*(1 - tanh(x)**2)", {"x": "real"}, min_steps=3)
    lines = ["D(tanh(x)**2, x)", "tanh(x)*D(tanh(x), x)", "2*tanh(x)*(1 - tanh(x)**2)"]
    assert "half of what it should be" in judged(spec, lines).facts.cause


def test_inequalities_may_only_go_one_way():
    up = Derivation("x", "x**2 + 1", {"x": "real"}, min_steps=3, relations=("=", "<="))
    assert judged(up, ["x", "x**2/2 + 1/2", "x**2 + 1"]).status == "passed"
    assert judged(up, ["x", "x**2 + 2", "x**2 + 1"]).status == "partial"


def test_the_scaffolds_blank_raises_in_step_itself():
    with pytest.raises(NotImplementedError):
        Step(..., "take the factor out")
