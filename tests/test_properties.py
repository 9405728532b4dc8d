"""Ready-made properties: each holds for a function that has it, in every dtype, and speaks up for one that has not."""

from __future__ import annotations

import numpy as np
import pytest

from autograder import properties
from autograder.exercise import exercise
from autograder.kinds import Numeric, Property
from tests.numeric_exercises import HINTS, failing, judged, sigmoid, sigmoid_of, softmax


def logsumexp(z):
    top = z.max(axis=-1, keepdims=True)
    return (top + np.log1p(np.sum(np.exp(z - top), axis=-1, keepdims=True) - 1))[..., 0]


CASES = [
    (properties.odd(), np.tanh, np.exp),
    (properties.odd(), lambda x: x**3, lambda x: x**3 + x.dtype.type(0.01)),
    (properties.even(), np.cosh, lambda x: np.cosh(x) + np.sinh(x) / 2),
    (properties.reflection(1), sigmoid_of, lambda x: sigmoid_of(x) ** 2),
    (properties.reflection(0), np.sinh, np.cosh),
    (properties.monotone(), sigmoid_of, lambda x: np.cos(x) / 100),
    (properties.monotone(rising=False), lambda x: -x, lambda x: x / 100),
    (properties.sums_to_one(), softmax.reference, lambda z: softmax.reference(z) * z.dtype.type(1.01)),
    (properties.sums_to(0), lambda z: softmax.reference(z) - softmax.reference(z)[..., ::-1], np.cosh),
    (properties.shift_invariant(), softmax.reference, lambda z: softmax.reference(z * z.dtype.type(1.01))),
    (properties.shift_invariant(), softmax.reference, lambda z: z),
    (properties.shift_equivariant(), logsumexp, lambda z: logsumexp(z) * z.dtype.type(1.01)),
    (properties.shift_equivariant(), lambda z: z, softmax.reference),
    (properties.permutation_equivariant(), softmax.reference, lambda z: np.cumsum(z, axis=-1)),
]


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize(("item", "has_it", "has_it_not"), CASES)
def test_a_property_tells_those_that_have_it_from_those_that_have_not(item, has_it, has_it_not, dtype):
    inputs = item.inputs(np.random.default_rng(0), dtype)
    with np.errstate(over="ignore"):
        assert item.holds(inputs, [has_it(*args) for args in inputs]) is None
        sentence = item.holds(inputs, [has_it_not(*args) for args in inputs])
    assert isinstance(sentence, str)
    assert len(sentence) > 20


@pytest.mark.parametrize("item", [case[0] for case in CASES])
def test_nan_never_has_a_property(item):
    inputs = item.inputs(np.random.default_rng(0), "float64")
    assert item.holds(inputs, [np.full_like(args[0], np.nan) for args in inputs]) is not None


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_a_property_is_asked_in_the_lower_precisions_too(dtype):
    def lopsided(x):
        value = sigmoid_of(x)
        alone = np.size(x) == 27 and np.asarray(x).dtype == dtype  # as many as this property asks for
        return value * np.asarray(x).dtype.type(1.1) if alone else value

    finding = judged(sigmoid, lopsided).findings[-2]
    assert (finding.claim, finding.verdict) == ("f(x) + f(-x) = 1", "fails")
    assert finding.witness.startswith(f"in {dtype}, at x = ")


def test_a_property_that_right_answers_lose_in_low_precision_is_not_asked_there():
    def to_the_last_digit(inputs, outputs):
        return None if np.abs(outputs[0].astype(float) - np.exp(inputs[0][0].astype(float))).max() < 1e-12 else "off"

    @exercise(
        Numeric(
            "exp(x)",
            {"x": "real"},
            properties=(Property("exact", lambda rng, dtype: [(np.array([0.3], dtype),)], to_the_last_digit),),
        ),
        title="exp",
        hints=HINTS,
    )
    def exp(x):
        """e to the x."""
        with np.errstate(over="ignore"):
            return np.exp(x)

    judgement = judged(exp, exp.reference)
    assert (judgement.status, failing(judgement)) == ("passed", [])


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_what_a_low_precision_lacks_is_charged_once(dtype):
    def a_tenth_too_much(x):
        value = sigmoid_of(x)
        return value * np.asarray(x).dtype.type(1.1) if np.asarray(x).dtype == dtype else value

    assert failing(judged(sigmoid, a_tenth_too_much)) == [f"{dtype} in, {dtype} out, and as exact as that allows"]
