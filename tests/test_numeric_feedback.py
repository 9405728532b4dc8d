"""What the numeric judge has to say: where, how many digits, why, and whose mistake it looks like."""

from __future__ import annotations

import numpy as np

from tests.numeric_exercises import (
    failing,
    judged,
    mse,
    naive_sigmoid,
    plan_of,
    scalar_sigmoid,
    seen,
    sigmoid,
    sigmoid_of,
    softmax,
    with_constant_tail,
)


def cause(item, function):
    return judged(item, function).facts.cause


def test_causes_are_read_off_the_data():
    assert "wrong sign" in cause(sigmoid, lambda x: -sigmoid_of(x))
    assert "twice" in cause(sigmoid, lambda x: 2 * sigmoid_of(x))
    assert "subtracted" in cause(sigmoid, lambda x: 1 - sigmoid_of(-x))
    assert "off by the same amount" in cause(sigmoid, lambda x: sigmoid_of(x) - 0.5)
    assert "not yet divided" in cause(mse, lambda y, y_hat: np.sum((y - y_hat) ** 2))
    assert "nan" in cause(softmax, lambda z, axis=-1: np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True))


def test_digits_are_counted_by_stretch_of_the_line():
    regions = judged(sigmoid, lambda x: 1 - sigmoid_of(-x)).facts.digits
    (far, none), (near, some), (rest, all_digits) = regions
    assert (far.startswith("x < -"), none) == (True, 0.0)
    assert " < x < " in near
    assert 6 < some < 15.9
    assert (rest.startswith("x > -"), all_digits) == (True, 15.9)


def test_the_figure_shows_the_first_bad_point():
    curve = judged(sigmoid, naive_sigmoid).facts.curve
    assert len(curve["x"]) == len(curve["got"]) == len(curve["truth"]) == len(curve["ulp"]) > 50
    assert curve["x"] == sorted(curve["x"])
    first = curve["first"]
    assert -745 < curve["x"][first] < -709
    assert (curve["got"][first], curve["truth"][first] > 0) == (0.0, True)


def test_vectors_have_a_figure_along_one_entry():
    unshifted = judged(softmax, lambda z, axis=-1: np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True))
    curve = unshifted.facts.curve
    assert curve["xlabel"] == "the first entry of z"
    assert 709 < curve["x"][curve["first"]] < 1e4
    assert np.isnan(curve["got"][curve["first"]])


def test_the_figure_goes_on_to_where_the_digits_are_gone():
    curve = judged(sigmoid, lambda x: 1 - sigmoid_of(-x)).facts.curve
    assert 37 <= -curve["x"][0] < 60
    assert -6 < curve["x"][curve["first"]] < -3


def test_an_exception_is_not_explained_by_values():
    def rows_refused(z, axis=-1):
        if np.ndim(z) > 1:
            raise ValueError
        return np.exp(z) / np.exp(z).sum()

    assert cause(softmax, rows_refused) == ""


def test_a_right_answer_has_no_facts():
    assert judged(sigmoid, sigmoid.reference).facts.curve == {}


def test_the_witness_names_input_got_and_expected():
    findings = {f.claim: f for f in judged(sigmoid, naive_sigmoid).findings}
    assert findings["stays right at extreme arguments"].witness == "x = -710: got 0, expected 4.47629e-309"


# Which mistake it is.

MISTAKES = [
    naive_sigmoid,
    lambda x: np.exp(x) / (1 + np.exp(x)),
    lambda x: 1 - sigmoid_of(-x),
    lambda x: -sigmoid_of(x),
    lambda x: sigmoid_of(np.asarray(x, np.float64)),
    with_constant_tail,
    scalar_sigmoid,
]


def test_each_mistake_is_most_like_itself():
    plan = plan_of(sigmoid)
    answers = [seen(sigmoid, plan, function) for function in MISTAKES]
    for i, mine in enumerate(answers):
        likeness = [plan.likeness(mine, theirs) for theirs in answers]
        assert likeness[i] == 1
        assert max(likeness[:i] + likeness[i + 1 :]) < 0.9


def test_the_call_to_try_is_a_point_of_the_claim_that_fails():
    def careless(z, axis=-1):  # digits lost in batches, where only coarse claims look, and tiny entries dropped
        p = np.exp(z - z.max(axis=axis, keepdims=True))
        p = p / p.sum(axis=axis, keepdims=True)
        p = p * (1 + 1e-10) if z.ndim > 1 else p
        return np.where(p < 1e-9, 0, p).astype(z.dtype)

    judgement = judged(softmax, careless)
    assert judgement.first_failure.witness.startswith("z = [-24, ")
    assert judgement.facts.called.startswith("softmax(np.array([-24.0, ")


def test_a_mistake_is_known_with_and_without_its_warning():
    """Whoever silences the overflow, or does not, made the same mistake: the name must not hang on np.errstate."""

    def silent(x):
        with np.errstate(over="ignore"):
            return naive_sigmoid(x)

    plan = plan_of(sigmoid)
    loud, muted, other = (seen(sigmoid, plan, f) for f in (naive_sigmoid, silent, with_constant_tail))
    assert failing(judged(sigmoid, naive_sigmoid)) != failing(judged(sigmoid, silent))
    assert 0.9 < plan.likeness(loud, muted) < plan.likeness(loud, loud) == 1
    assert plan.likeness(other, loud) < 0.6
