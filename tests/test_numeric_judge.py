"""Kind N: what passes, what does not, what it costs, and what is said about it."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.calls import Foreign, Observation
from tests.numeric_exercises import (
    elu,
    failing,
    hard_tanh,
    judged,
    mse,
    naive_sigmoid,
    plan_of,
    scalar_sigmoid,
    seen,
    sigmoid,
    sigmoid_of,
    softmax,
    square,
    with_constant_tail,
)

RIGHT = [
    (sigmoid, sigmoid.reference),
    (sigmoid, lambda x: np.exp(-np.logaddexp(0, -x))),
    (sigmoid, lambda x: np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))),
    (elu, elu.reference),
    (hard_tanh, hard_tanh.reference),
    (hard_tanh, lambda x: np.minimum(np.maximum(x, -1), 1)),
    (softmax, softmax.reference),
    (square, square.reference),
    (mse, mse.reference),
    (mse, lambda y, y_hat: mse.reference(y_hat, y)),
]


@pytest.mark.parametrize(("item", "function"), RIGHT)
@pytest.mark.parametrize("seed", [0, 7])
def test_right_answers_pass(item, function, seed):
    judgement = judged(item, function, seed)
    assert (judgement.status, failing(judgement)) == ("passed", [])


# The judge must see a wrong last digit, a wrong tail, and a wrong branch at a single kink.


def nudged(function):
    return lambda *args, **kwargs: function(*args, **kwargs) * (1 + 1e-12)


def wrong_at_one_kink(x):
    return np.where(x == 1, x.dtype.type(0), np.clip(x, -1, 1))


@pytest.mark.parametrize("item", [sigmoid, elu, hard_tanh, softmax, mse])
def test_a_relative_error_of_1e_12_is_seen(item):
    judgement = judged(item, nudged(item.reference))
    assert judgement.status == "partial"
    assert "is right to the last digits there" in failing(judgement)


def test_a_constant_in_one_tail_is_seen():
    judgement = judged(sigmoid, with_constant_tail)
    assert "keeps its digits farther out and close to 0" in failing(judgement)
    assert judgement.facts.where == "wrong for x < -70"
    assert "stops at 1.92875e-22" in judgement.facts.cause


def test_a_wrong_branch_at_one_kink_is_seen_and_located():
    judgement = judged(hard_tanh, wrong_at_one_kink)
    assert "is right at the kinks and right beside them" in failing(judgement)
    assert "wrong for x = 1" in judgement.facts.where


def test_a_slope_from_the_wrong_side_of_a_kink_is_seen():
    judgement = judged(elu, lambda x, alpha=1.0: np.where(x >= -1e-4, x, np.asarray(alpha, x.dtype) * np.expm1(x)))
    assert "is right at the kinks and right beside them" in failing(judgement)


def test_a_swallowed_nan_is_seen():
    judgement = judged(sigmoid, lambda x: np.nan_to_num(sigmoid_of(x)))
    assert "has the right limits at infinity, and nan stays nan" in failing(judgement)


def test_infinity_is_right_only_where_the_truth_is_too_large():
    assert judged(square, square.reference).status == "passed"
    early = judged(
        square, lambda x: np.where(np.abs(x).astype(float) > 1e100, np.inf, x * x).astype(np.asarray(x).dtype)
    )
    assert failing(early) == ["stays right at extreme arguments"]
    clipped = judged(square, lambda x: np.minimum(square.reference(x), np.finfo(np.asarray(x).dtype).max))
    assert "stays right at extreme arguments" in failing(clipped)


def test_what_the_exercise_asks_to_try_is_tried():
    tried = [call.args[0] for call in plan_of(square).calls]
    assert any(123456.75 in np.ravel(x).tolist() for x in tried)


# What a teacher would give.


def test_a_naive_sigmoid_keeps_what_it_earned():
    judgement = judged(sigmoid, naive_sigmoid)
    assert 0.6 <= judgement.earned <= 0.7
    assert failing(judgement) == [
        "stays right at extreme arguments",
        "raises no warning where inputs and result are finite",
        "float32 in, float32 out, and as exact as that allows",
        "float16 in, float16 out, and as exact as that allows",
    ]
    assert judgement.facts.where.startswith("wrong for x < -7")
    assert "`exp` overflows" in judgement.facts.cause


def test_values_through_infinity_are_right_and_the_warning_is_a_fault_of_its_own():
    def exact_but_loud(x):
        np.exp(np.abs(x) + 1)
        return sigmoid_of(x)

    assert failing(judged(sigmoid, exact_but_loud)) == ["raises no warning where inputs and result are finite"]


@pytest.mark.parametrize(
    "nothing",
    [
        lambda x: np.zeros_like(x),
        lambda x: np.full_like(x, 0.5),
        lambda x: np.full_like(x, np.nan),
        lambda x: np.empty(0),
        lambda x: x,
        lambda x: 0.5,
        lambda x: sigmoid_of(x)[..., None],
        lambda x: None,
        lambda x: "0.5",
        lambda x: -sigmoid_of(x),
        lambda x: 1 - sigmoid_of(x),
        lambda x: sigmoid_of(x) + 1e-7,
        lambda: 0,
        scalar_sigmoid,
    ],
)
def test_what_is_no_sigmoid_gets_nothing(nothing):
    judgement = judged(sigmoid, nothing)
    assert judgement.earned == 0
    assert judgement.status == "failed"


@pytest.mark.parametrize("value", [Foreign("Masked"), (1.0, 2.0), [[1.0], [2.0, 3.0]], {"a": 1}, True, 10**400])
def test_results_of_other_types_are_judged_and_never_raise(value):
    plan = plan_of(sigmoid)
    assert plan.judge([Observation(value=value)] * len(plan.calls)).earned == 0


@pytest.mark.parametrize("fate", ["timeout", "memory", "killed", "invalid_output", "missing", "unreached"])
def test_calls_that_never_came_back_fail_their_claims(fate):
    plan = plan_of(sigmoid)
    first, *others = seen(sigmoid, plan, sigmoid.reference)
    judgement = plan.judge([first] + [Observation(fate=fate)] * len(others))
    assert 0 < judgement.earned < 1
    assert plan.judge([Observation(fate=fate)] * len(plan.calls)).earned == 0


def test_another_dtype_costs_only_the_claims_about_dtypes():
    judgement = judged(sigmoid, lambda x: sigmoid_of(np.asarray(x, np.float64)))
    assert failing(judgement) == [
        "float32 in, float32 out, and as exact as that allows",
        "float16 in, float16 out, and as exact as that allows",
    ]


def test_a_changed_argument_is_noticed():
    def in_place(x):
        if np.ndim(x):
            x *= -1
            return 1 / (1 + np.exp(x))
        return sigmoid_of(x)

    assert "leaves its arguments as they were" in failing(judged(sigmoid, in_place))


@pytest.mark.parametrize("at", [np.inf, -np.inf, np.nan])
def test_each_special_logit_is_asked_about(at):
    def otherwise(z, axis=-1):
        special = np.isnan(z) if np.isnan(at) else z == at
        with np.errstate(over="ignore", invalid="ignore"):
            return softmax.reference(np.where(special, 0, z).astype(z.dtype), axis)

    assert "has the right limits at infinity, and nan stays nan" in failing(judged(softmax, otherwise))


def test_functions_of_one_vector_only_lose_the_slices_and_not_the_rest():
    def one_vector(z, axis=-1):
        if np.ndim(z) > 1:
            raise ValueError("one vector, please")
        return softmax.reference(z)

    judgement = judged(softmax, one_vector)
    assert 0.3 < judgement.earned < 0.8
    assert "treats every slice along the axis on its own" in failing(judgement)


def test_an_average_over_nothing_must_be_refused():
    judgement = judged(mse, lambda y, y_hat: np.mean((y - y_hat) ** 2) if y.size else np.float64(0))
    assert failing(judgement) == ["raises ValueError when there is nothing to average"]


def test_what_works_once_or_overwrites_its_input_is_no_function():
    asked = []

    def once(x):
        asked.append(x)
        return sigmoid.reference(x) if len(asked) == 1 else np.zeros_like(x)

    kept = {}

    def by_shape(x):
        return kept.setdefault((np.shape(x), np.asarray(x).dtype), sigmoid.reference(x))

    def in_place(x):
        s = sigmoid.reference(x)
        if np.ndim(x):
            x[...] = 0
        return s

    for wrong, witness in ((once, "when it is called again"), (by_shape, "when it is called again"), (in_place, "after")):
        judgement = judged(sigmoid, wrong)
        assert judgement.earned == 0
        assert judgement.first_failure.witness.startswith(witness)
