"""Answers that come back from the sandbox are judged in the parent: none of them may stop it, swamp it or fool it."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

from autograder import registry
from autograder.calls import Call, Observation, Repair, Step
from autograder.exercise import Exercise
from autograder.expressions import ExpressionTooLarge, from_sympy, parse
from autograder.expressions.tree import number
from autograder.judges.answer import agree
from autograder.judges.near_miss import near_miss
from autograder.judging import describe, judge, plan_for
from autograder.kinds import Experiment
from autograder.sandbox.observe import freeze, observe


def judged(name, *values):
    exercise = registry.find(name)
    plan = plan_for(exercise)
    seen = [Observation(value=value) for value in values]
    judgement = judge(exercise, plan, seen * (len(plan.calls) if len(seen) == 1 else 1))
    return judgement, describe(exercise, judgement)


@pytest.mark.parametrize(
    ("name", "witness"),
    [
        ("witness_tied_probabilities", {"z": [float(-i) for i in range(100_000)]}),
        ("witness_softmax_flattens", {"x": [float(i + 1) for i in range(100_000)]}),
        ("witness_softmax_flattens", {"x": np.arange(100_000.0)}),
        ("witness_tanh_stronger", {"x": 20.0, "more": {"and": [[1.0] * 1000] * 2}}),
    ],
)
def test_a_witness_of_thousands_of_numbers_is_refused_before_anything_is_computed(name, witness):
    judgement, _ = judged(name, witness)
    assert judgement.earned == 0
    assert "a few numbers" in judgement.first_failure.witness


def test_the_witness_of_a_repair_is_bounded_too():
    judgement, _ = judged("repair_underflow_claim", Repair(4, "z2 - Max(z1, z2)", {"z": [-1.0] * 100_000}))
    assert "a few numbers" in judgement.first_failure.witness


def test_a_float_beyond_float64_is_no_expression():
    with pytest.raises(ExpressionTooLarge):
        from_sympy(sp.Float("1e2000", 20))
    with pytest.raises(ExpressionTooLarge):
        number(2**1024, exact=False)
    assert float(number(Fraction(1.7e308), exact=False).value) == 1.7e308


def test_an_integer_beyond_float64_is_wrong_and_not_a_stumble():
    assert not agree(10**2000, 0.5)
    judgement, _ = judged("answer_temperature", 10**2000)
    assert judgement.status == "failed"


def test_an_integer_beyond_float64_is_a_wrong_expression_and_drawn_at_the_edge():
    judgement, described = judged("expr_sigmoid_second", 10**1999)
    assert (judgement.status, judgement.held) == ("failed", 0)
    assert "1.0e+1999" in described["message"]
    assert set(judgement.facts.curve["got"]) == {np.inf}
    negative, _ = judged("expr_sigmoid_second", -(10**1999))
    assert set(negative.facts.curve["got"]) == {-np.inf}


@pytest.mark.parametrize("item", [0.5, np.float64(0.5), np.zeros(3), [], "a"])
def test_a_list_of_thousands_of_things_is_refused_where_it_was_made(item):
    seen = observe(lambda: [item] * 100_000, Call("f"))
    assert seen.fate == "invalid_output"
    assert "put numbers into one array" in seen.detail


def test_a_quoted_number_of_two_thousand_digits_is_cut():
    _, described = judged("witness_tanh_stronger", {"x": from_sympy(sp.Rational(10**2300 + 1, 10**2299 + 7))})
    assert all(len(claim["witness"]) < 500 for claim in described["claims"])
    assert len(described["message"]) < 2_000


def test_an_average_that_overflows_is_no_witness():
    near_the_end = [1.7e308, 1 / 1.7e308]
    judgement, _ = judged("witness_two_minima", {"first": near_the_end, "second": near_the_end})
    assert judgement.status != "passed"


@pytest.mark.parametrize("line", [4.0, sp.Integer(4), np.int64(4), Fraction(4)])
def test_the_number_of_a_line_may_be_a_whole_number_of_any_type(line):
    judgement, _ = judged("repair_discontinuity", freeze(Repair(line, (0, 1), {"x": 0})))
    assert judgement.status == "passed"


@pytest.mark.parametrize("line", [4.5, float("nan"), float("inf"), True, "4", None])
def test_the_number_of_a_line_is_a_number(line):
    judgement, _ = judged("repair_discontinuity", freeze(Repair(line, (0, 1), {"x": 0})))
    assert judgement.status == "failed"


def test_an_experiment_that_ignores_the_seed_shows_nothing():
    def experiment_of_mine(seed):
        """A number."""
        return np.random.default_rng(seed).normal()

    spec = Experiment(lambda result, seed: {"size": abs(result)}, {"size": (0, 10, "is small")}, "never")
    exercise = Exercise(experiment_of_mine, spec, "", 1, ("", "", ""))
    from autograder.judges.experiment import plan

    planned = plan(exercise, 0)
    constant = [Observation(value=0.5) for _ in planned.calls]
    assert "seed is not used" in planned.judge(constant).first_failure.witness
    honest = [Observation(value=experiment_of_mine(*call.args)) for call in planned.calls]
    assert planned.judge(honest).status == "passed"


@pytest.mark.parametrize(
    "answer", ["D(sigmoid(x), x, 2)", "D(D(1/(1+exp(-x)), x), x)", "Int(D(sigmoid(z), z, 3), z, 0, x)"]
)
def test_the_question_is_no_answer(answer):
    judgement, _ = judged("expr_sigmoid_second", parse(answer))
    assert judgement.earned == 0
    assert "carry it out" in judgement.first_failure.witness


def test_a_number_of_ten_billion_digits_is_too_large_and_never_written_out():
    judgement, _ = judged("expr_sup_of_derivative", (parse("10**10**10"), parse("0")))
    assert judgement.status in ("failed", "partial")
    assert "too large" in judgement.first_failure.witness


def test_a_number_beyond_float64_is_off_by_something_that_can_be_said():
    assert near_miss(parse("10**400*x"), parse("x"), {"x": "real"})


@pytest.mark.parametrize("filler", ["{} + 0", "1*({})", "({})**1", "-(-({}))", "0 + 1*({} + 0)"])
def test_a_line_that_adds_nothing_does_not_count(filler):
    start, end = "Max(0, t*a + (1-t)*b)", "t*Max(0, a) + (1-t)*Max(0, b)"
    judgement, _ = judged("derivation_relu_jensen", [Step(start), Step(filler.format(start)), Step(end)])
    assert judgement.earned == 0
    assert "only 2 of the 3 lines" in judgement.first_failure.witness
    honest = [Step(start), Step(filler.format(start)), Step("Max(0, t*a) + Max(0, (1-t)*b)"), Step(end)]
    assert judged("derivation_relu_jensen", honest)[0].status == "passed"


def test_a_list_of_nothing_is_an_array_of_nothing():
    exercise = registry.find("sigmoid")
    plan = plan_for(exercise)
    seen = [
        observe(lambda x: list(exercise.reference(x)) if np.ndim(x) else exercise.reference(x), c) for c in plan.calls
    ]
    assert judge(exercise, plan, seen).status == "passed"


def test_a_cloud_of_markers_marks_nothing():
    exercise = registry.find("plot_loss_slice")
    plan = plan_for(exercise)

    def cloud(ax):
        t = np.linspace(0, 1, 201)
        ax.plot(t, (1 - (0.5 + 1.5 * t) * (2 - 1.5 * t)) ** 2)
        ax.scatter(*np.meshgrid(np.linspace(0, 1, 201), np.linspace(0, 1, 257)))
        ax.set(xlabel="t", ylabel="loss")

    judgement = judge(exercise, plan, [observe(cloud, call) for call in plan.calls])
    assert judgement.first_failure.claim == "the midpoint is marked on the curve"
