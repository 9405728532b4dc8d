"""Kind G: the truth first, then whether the student's own forward function agrees."""

from __future__ import annotations

import numpy as np
import pytest

from autograder import registry
from autograder.feedback.message import message
from autograder.judges.judgement import HOLDS, NOT_REACHED
from tests.numeric_exercises import (
    failing,
    judged,
    mse,
    mse_grad,
    plan_of,
    prelu_backward,
    relu_grad,
    sigmoid,
    sigmoid_grad,
    sigmoid_of,
    softmax,
    softmax_vjp,
)


def relu(x):
    return np.maximum(x, 0)


def prelu(x, alpha):
    return np.where(x > 0, x, alpha * x)


PAIRS = [
    (sigmoid_grad, {"sigmoid": sigmoid.reference}),
    (sigmoid_grad, {"sigmoid": lambda x: 1 / (1 + np.exp(-x))}),
    (relu_grad, {"relu": relu}),
    (mse_grad, {"mse": mse.reference}),
    (softmax_vjp, {"softmax": softmax.reference}),
    (prelu_backward, {"prelu": prelu}),
]


def agreement(judgement):
    return judgement.findings[-1]


@pytest.mark.parametrize(("item", "beside"), PAIRS)
@pytest.mark.parametrize("seed", [0, 3])
def test_a_right_gradient_agrees_with_a_right_forward(item, beside, seed):
    judgement = judged(item, item.reference, seed, **beside)
    assert (judgement.status, failing(judgement)) == ("passed", [])
    assert agreement(judgement).evidence == "compared with your forward"


@pytest.mark.parametrize(("item", "beside"), PAIRS)
def test_without_a_forward_the_truth_alone_decides(item, beside):
    judgement = judged(item, item.reference)
    assert judgement.status == "passed"
    assert "no forward function" in agreement(judgement).evidence


def wrong_forwards():
    yield sigmoid_grad, {"sigmoid": lambda x: sigmoid_of(x) + 1e-3 * np.sin(x)}
    yield sigmoid_grad, {"sigmoid": lambda x: sigmoid_of(2 * x)}
    yield sigmoid_grad, {"sigmoid": lambda x: sigmoid_of(x) * (1 + 1e-5)}
    yield relu_grad, {"relu": lambda x: np.where(x > 0, x, 0.01 * x)}
    yield mse_grad, {"mse": lambda y, y_hat: np.sum((y - y_hat) ** 2)}
    yield mse_grad, {"mse": lambda y, y_hat: np.mean((y - y_hat) ** 2) / 2}
    yield softmax_vjp, {"softmax": lambda z, axis=-1: softmax.reference(2 * z, axis)}
    yield softmax_vjp, {"softmax": lambda z, axis=-1: np.exp(z) / 10}
    yield prelu_backward, {"prelu": lambda x, alpha: np.where(x > 0, x, alpha)}


@pytest.mark.parametrize(("item", "beside"), list(wrong_forwards()))
def test_a_wrong_forward_is_told_apart_from_a_wrong_gradient(item, beside):
    judgement = judged(item, item.reference, **beside)
    assert judgement.status == "passed"  # the forward costs its points where it is asked for
    assert agreement(judgement).evidence.startswith("your gradient is right, your ")
    assert "differences give" in agreement(judgement).evidence
    assert f"your {item.spec.forward} disagrees" in message(item, judgement).text


def test_a_right_forward_beside_a_right_gradient_is_nothing_to_tell():
    judgement = judged(sigmoid_grad, sigmoid_grad.reference, sigmoid=sigmoid_of)
    assert agreement(judgement).evidence == "compared with your forward"
    assert "disagrees" not in message(sigmoid_grad, judgement).text


@pytest.mark.parametrize(
    "forward",
    [
        lambda x: None,
        lambda x: "x",
        lambda x: np.zeros(3),
        lambda x: (x, x),
        lambda: 0,
        lambda x: 1 / 0,
    ],
)
def test_a_forward_that_cannot_be_compared_costs_nothing_here(forward):
    assert judged(sigmoid_grad, sigmoid_grad.reference, sigmoid=forward).status == "passed"


def test_a_gradient_of_the_wrong_function_is_wrong_and_its_agreement_is_a_clue():
    def doubled(x):
        return sigmoid_of(2 * x)

    judgement = judged(sigmoid_grad, lambda x: 2 * sigmoid_of(2 * x) * sigmoid_of(-2 * x), sigmoid=doubled)
    assert judgement.earned == 0
    assert agreement(judgement).verdict == NOT_REACHED
    assert "does agree with your own `sigmoid`" in judgement.facts.cause


WRONG = [
    (sigmoid_grad, lambda x: sigmoid_of(x) * (1 - sigmoid_of(x)), "partial"),
    (sigmoid_grad, lambda x: -sigmoid_of(x) * sigmoid_of(-x), "failed"),
    (sigmoid_grad, lambda x: sigmoid_grad.reference(x) * (1 + 1e-12), "partial"),
    (sigmoid_grad, lambda x: (sigmoid_of(x + 1e-4) - sigmoid_of(x - 1e-4)) / 2e-4, "partial"),
    (relu_grad, lambda x: (np.asarray(x) >= 0).astype(np.asarray(x).dtype) + 0 * np.nan_to_num(x), "partial"),
    (mse_grad, lambda y, y_hat: 2 * (y_hat - y), "failed"),
    (mse_grad, lambda y, y_hat: (y_hat - y) / np.asarray(y.size, y.dtype), "failed"),
    (mse_grad, lambda y, y_hat: -mse_grad.reference(y, y_hat), "failed"),
    (softmax_vjp, lambda p, upstream, axis=-1: p * upstream, "failed"),
    (softmax_vjp, lambda p, upstream, axis=-1: p * (1 - p) * upstream, "failed"),
    (softmax_vjp, lambda p, upstream, axis=-1: p * (upstream - np.sum(p * upstream)), "partial"),
    (prelu_backward, lambda x, alpha, upstream: (upstream, np.sum(np.where(x > 0, 0, x))), "failed"),
    (prelu_backward, lambda x, alpha, upstream: prelu_backward.reference(x, alpha, np.ones_like(upstream)), "failed"),
    (prelu_backward, lambda x, alpha, upstream: prelu_backward.reference(x, alpha, upstream)[0], "failed"),
]


@pytest.mark.parametrize(("item", "function", "status"), WRONG)
def test_wrong_gradients_do_not_pass(item, function, status):
    assert judged(item, function, **dict(dict(PAIRS[::-1]).get(item, {}))).status == status


def test_the_convention_at_a_kink_is_a_claim_of_its_own():
    judgement = judged(relu_grad, lambda x: np.where(np.isnan(x), x, (np.asarray(x) >= 0).astype(np.asarray(x).dtype)))
    assert "is right at the kinks and right beside them" in failing(judgement)
    assert judgement.earned > 0.7
    assert {f.claim: f.verdict for f in judgement.findings}["is right to the last digits there"] == HOLDS


def test_no_difference_is_taken_across_a_kink():
    probe_calls = [call for call in plan_of(relu_grad).calls if call.function == "relu"]
    sides = np.sign([call.args[0] for call in probe_calls])
    assert (sides == sides[0]).all()
    assert (sides != 0).all()


def test_directions_do_not_cross_a_kink_either():
    for seed in range(6):
        calls = [call for call in plan_of(prelu_backward, seed).calls if call.function == "prelu"]
        for start in (0, 6):
            sides = np.sign([call.args[0] for call in calls[start : start + 6]])
            assert (sides == sides[0]).all()


def test_the_upstream_gradient_is_uneven():
    for call in plan_of(softmax_vjp).calls:
        if call.function == softmax_vjp.id and np.ndim(call.args[1]) == 1 and call.args[1].size > 1:
            assert np.ptp(call.args[1][np.isfinite(call.args[1])]) > 0


def test_an_even_upstream_would_hide_this_mistake():
    """Without the mean a softmax gradient is p * g; with g constant the truth is 0, and only unevenness tells."""
    judgement = judged(softmax_vjp, lambda p, upstream, axis=-1: 0 * p)
    assert judgement.first_failure.claim == "gives the right values at ordinary points"


GRADIENTS = [
    item for item in registry.exercises().values() if item.kind == "G" and item.spec.forward in registry.exercises()
]


@pytest.mark.parametrize("item", GRADIENTS, ids=lambda item: item.id)
def test_every_reference_agrees_with_the_reference_of_its_forward(item):
    forward = registry.exercises()[item.spec.forward]
    judgement = judged(item, item.reference, **{forward.id: forward.reference})
    assert (judgement.status, failing(judgement)) == ("passed", [])
    assert agreement(judgement).evidence == "compared with your forward"


@pytest.mark.parametrize("item", GRADIENTS, ids=lambda item: item.id)
def test_every_reference_notices_a_forward_of_another_size(item):
    forward = registry.exercises()[item.spec.forward]
    judgement = judged(
        item, item.reference, **{forward.id: lambda *args, **kwargs: 1.5 * forward.reference(*args, **kwargs)}
    )
    assert (judgement.status, failing(judgement)) == ("passed", [])
    assert f"your {forward.id} disagrees" in agreement(judgement).evidence
