"""Properties of a numeric exercise: the calls they need, and what came of them.

Every property is asked in float64, and in the exercise's other dtypes where all right answers have it there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.calls import Call, Observation
from autograder.exercise import Exercise
from autograder.judges.arrays import as_array
from autograder.judges.promises import right_answers
from autograder.kinds import Property
from autograder.sandbox.observe import observe


@dataclass(frozen=True)
class Asked:
    """A property with its calls. The predicate sees outputs as arrays, and only when every call gave some.

    dtype: of the inputs. In the lower precisions a call that gave nothing is for another claim to judge.
    """

    property: Property
    calls: tuple[Call, ...]
    dtype: str = "float64"

    def failure(self, seen: Sequence[Observation]) -> str | None:
        """The sentence of the predicate, or what kept it from being asked; None when the property holds."""
        outputs = [_as_arrays(observation.value) if observation.returned else None for observation in seen]
        if self.dtype != "float64" and any(output is None for output in outputs):
            return None
        for call, observation in zip(self.calls, seen, strict=True):
            if not observation.returned:
                why = observation.failure.kind if observation.failure else observation.fate
                return f"{call.function} did not return a value ({why})"
        if any(output is None for output in outputs):
            return f"{self.calls[0].function} did not return numbers"
        try:
            with np.errstate(all="ignore"):
                complaint = self.property.holds([call.args for call in self.calls], outputs)
        except (ValueError, IndexError, TypeError, AttributeError, KeyError):
            complaint = "the shapes of the results do not fit together"  # a predicate may rely on what was asked for
        return f"in {self.dtype}, {complaint}" if complaint and self.dtype != "float64" else complaint


def ask(exercise: Exercise, rng: np.random.Generator) -> tuple[Asked, ...]:
    """The properties of the exercise, each with its calls, once in every dtype in which it can be asked for."""
    asked = []
    for item in exercise.spec.properties:
        asked.append(_in(exercise, item, rng, "float64"))
        for dtype in exercise.spec.dtypes:
            lower = _in(exercise, item, rng, dtype)
            if dtype != "float64" and all(_has(function, lower) for function in right_answers(exercise)):
                asked.append(lower)
    return tuple(asked)


def _in(exercise: Exercise, item: Property, rng: np.random.Generator, dtype: str) -> Asked:
    fixed = dict(exercise.spec.fixed)
    return Asked(item, tuple(Call(exercise.id, tuple(args), fixed) for args in item.inputs(rng, dtype)), dtype)


def _has(function: Callable, asked: Asked) -> bool:
    seen = [observe(function, call) for call in asked.calls]
    return all(observation.returned for observation in seen) and asked.failure(seen) is None


def _as_arrays(value: object) -> object:
    """The result as an array, or a tuple of arrays; None when it is no numbers."""
    if isinstance(value, tuple):
        parts = tuple(_as_arrays(part) for part in value)
        return None if any(part is None for part in parts) else parts
    return as_array(value)
