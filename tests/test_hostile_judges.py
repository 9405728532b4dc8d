"""Whatever comes back from a child, no judge raises or takes long over it: the points would be held for nothing."""

import warnings
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
import sympy as sp

from autograder import registry
from autograder.calls import Observation, Repair, Step
from autograder.grading.patience import within
from autograder.judges.prove import without_proofs
from autograder.judging import JUDGES, describe, judge, plan_for
from autograder.sandbox.observe import observe

x, y = sp.symbols("x y")
LONG = 10**1999
VALUES = {
    "none": None,
    "truth": True,
    "ellipsis": ...,
    "nan": float("nan"),
    "infinity": -np.inf,
    "a long integer": LONG,
    "a long fraction": Fraction(LONG, LONG - 1),
    "a complex number": 1j,
    "a half": np.float16(0.5),
    "an unsigned byte": np.uint8(255),
    "the smallest subnormal": 5e-324,
    "the largest float": np.finfo(float).max,
    "no text": "",
    "a text": "1/0",
    "a lone surrogate": "\ud800\0\u202e<b>",
    "a long text": "x+" * 5_000 + "x",
    "bytes": b"1",
    "a type": int,
    "nothing in a list": [],
    "nothing in nothing": [[], ()],
    "ragged": [7, [2, [3, (4,)]]],
    "deep": [[[[[[[[[[1]]]]]]]]]],
    "texts": ["a"] * 7,
    "mixed": [1, "2", None, x, np.nan, {}],
    "many numbers": [0.5] * 8_000,
    "many arrays": [np.zeros(3)] * 1_500,
    "an empty array": np.empty((0, 3)),
    "an array with no sides": np.array(np.nan),
    "of many sides": np.zeros((1,) * 30),
    "of integers": np.arange(12, dtype=">i2").reshape(3, 4),
    "of truths": np.ones(5, bool),
    "of complex numbers": np.full(4, 1 + 1j),
    "of nan": np.full((64,), np.nan),
    "huge values": np.full((64,), 1.7e308),
    "a large array": np.ones((1_000, 1_000)),
    "of objects": np.array([object()]),
    "an empty dict": {},
    "a dict of everything": {"x": np.nan, "answer": [], "reason": {}, "z": [np.inf], "first": x, "": LONG},
    "a dict of arrays": {"x": np.zeros((2, 0)), "answer": np.array("a"), "reason": None},
    "a symbol": x,
    "another symbol": y,
    "undefined": sp.nan,
    "complex infinity": sp.zoo,
    "an interval": sp.Interval(0, 1),
    "a relation": x < y,
    "an integral": sp.Integral(sp.exp(-(x**2)), (x, -sp.oo, sp.oo)),
    "a tower": sp.Pow(10, sp.Pow(10, 10, evaluate=False), evaluate=False),
    "a tower of symbols": x ** (x ** (x**x)),
    "a wide sum": sp.Add(*(sp.sin(k * x) for k in range(80))),
    "a matrix": sp.Matrix([[x, 1], [1 / x, sp.nan]]),
    "an empty matrix": sp.Matrix(0, 0, []),
    "a Piecewise": sp.Piecewise((1 / x, x > 0), (sp.log(x), True)),
    "a step": Step("x", "because"),
    "steps of nothing": [Step(None, None)] * 3,
    "steps of everything": [Step(x, 1), Step("1/0", []), Step(np.nan, {}), Step(sp.zoo, None)],
    "five hundred steps": [Step(x + k, "so") for k in range(500)],
    "a repair of nothing": Repair(None, None, None),
    "a repair of everything": Repair(LONG, sp.zoo, {"x": np.nan, "z": [LONG], "n": "1"}),
    "a repair that is a function": Repair(1, lambda *a: LONG, {}),
    "a repair that raises": Repair(2, lambda *a: 1 / 0, {"x": [[]]}),
    "a repair of arrays": Repair(np.array([1]), np.zeros(9), np.zeros((3, 3))),
    "a function": lambda *a: np.nan,
}
DRAWN = {
    "nothing": lambda ax: None,
    "nan": lambda ax: ax.plot([np.nan] * 9, [np.inf] * 9),
    "nothing in a line": lambda ax: ax.plot([], []),
    "huge": lambda ax: ax.plot([-1e300, 1e300], [1e308, -1e308]),
    "one point": lambda ax: ax.plot([0], [0], "o", label="\ud800"),
    "many points": lambda ax: ax.plot(np.linspace(0, 1, 50_000), np.ones(50_000)),
    "many lines": lambda ax: [ax.plot([0, 1], [k, 1]) for k in range(200)],
    "odd scales": lambda ax: (ax.plot([1, 2], [1, 2]), ax.set(xscale="log", yscale="symlog", xlim=(2, 1))),
    "dates": lambda ax: ax.plot(np.array(["2020-01-01", "2021-01-01"], "M8[D]"), [1, 2]),
    "categories": lambda ax: ax.bar(["a", "b"], [1, np.nan]),
    "long labels": lambda ax: ax.set(xlabel="x" * 9_999, ylabel="", title="$\\frac{1}{0}$"),
}


@cache
def of_kind(kind):
    """The first exercise of its kind, and what is asked of it."""
    exercise = next(e for e in registry.exercises().values() if e.kind == kind)
    return exercise, plan_for(exercise, 0, "Ana")


def judged(kind, seen):
    """In two seconds of processor time at most, or OutOfPatience fails the test."""
    exercise, plan = of_kind(kind)
    judge(exercise, plan, [Observation(fate="missing")] * len(plan.calls))  # what is made once is not charged
    with np.errstate(all="ignore"), warnings.catch_warnings(), without_proofs():
        warnings.simplefilter("ignore")
        judgement = within(2.0, judge, exercise, plan, [seen(call) for call in plan.calls])
    return describe(exercise, judgement)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("kind", JUDGES)
def test_no_value_is_too_much(kind, value):
    told = judged(kind, lambda call: observe(lambda *a, **k: VALUES[value], call))
    assert (told["score"], told["held"]) == (0, 0), told["message"]
    assert told["message"]
    assert len(told["message"]) < 5_000


@pytest.mark.parametrize("picture", DRAWN)
def test_no_drawing_is_too_much(picture):
    told = judged("P", lambda call: observe(lambda ax, *a, **k: DRAWN[picture](ax), call))
    assert told["held"] == 0
    assert len(told["message"]) < 5_000
