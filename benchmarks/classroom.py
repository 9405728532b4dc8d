"""The class that all graders are measured on: right answers, other right answers and mistakes, six functions each.

And a larger one for ours alone: ten exercises, among them an expression, a repair and a counterexample.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from autograder import registry
from autograder.exercise import Exercise
from examples.hands import written

FUNCTIONS = ("sigmoid", "complement", "log_sigmoid", "sigmoid_grad", "tanh_grad", "softmax")
TEN = (*FUNCTIONS, "softmax_vjp", "expr_sigmoid_second", "repair_softmax_formula", "witness_softmax_flattens")
POINTS = {name: [-40.0, -2.5, -1.0, 0.0, 0.5, 3.0, 40.0] for name in FUNCTIONS}
_IMPORTS = "import math\nimport numpy as np"


@dataclass(frozen=True)
class Answer:
    """What one student wrote for one function."""

    name: str
    source: str
    right: bool


def students(count: int, exercises: Sequence[str] = FUNCTIONS, seed: int = 0) -> Iterator[tuple[str, list[Answer]]]:
    """Names and answers. Three in five are the reference, one in five an alternative, one in five a misconception."""
    rng = random.Random(seed)
    for number in range(count):
        yield f"student{number:04d}", [_answer(registry.find(name), rng) for name in exercises]


def _answer(exercise: Exercise, rng: random.Random) -> Answer:
    fate = rng.random()
    if fate < 0.6:
        function = exercise.reference
    else:
        function = rng.choice(exercise.alternatives if fate < 0.8 else exercise.misconceptions).function
    helpers, text = written(exercise, function, "nobody")
    return Answer(exercise.id, "\n\n".join([_IMPORTS, *helpers, text]), fate < 0.8)


def example_test(name: str) -> str:
    """An assertion as a teacher would write it for a grader that knows no more: a few points, allclose."""
    x = np.array(POINTS[name])
    expected = np.asarray(registry.find(name)(x)).tolist()
    return f"assert np.allclose({name}(np.array({x.tolist()})), np.array({expected}), rtol=1e-9, atol=0)"
