"""Properties of a numeric exercise: the calls they need, and what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.calls import Call, Observation
from autograder.exercise import Exercise
from autograder.kinds import Property


@dataclass(frozen=True)
class Asked:
    """A property with its calls. The predicate sees outputs as arrays, and only when every call gave some."""

    property: Property
    calls: tuple[Call, ...]

    def failure(self, seen: Sequence[Observation]) -> str | None:
        """The sentence of the predicate, or what kept it from being asked; None when the property holds."""
        for call, observation in zip(self.calls, seen, strict=True):
            if not observation.returned:
                why = observation.failure.kind if observation.failure else observation.fate
                return f"{call.function} did not return a value ({why})"
        outputs = [_as_arrays(observation.value) for observation in seen]
        if any(output is None for output in outputs):
            return f"{self.calls[0].function} did not return numbers"
        try:
            with np.errstate(all="ignore"):
                return self.property.holds([call.args for call in self.calls], outputs)
        except (ValueError, IndexError, TypeError, AttributeError, KeyError):
            return "the shapes of the results do not fit together"  # a predicate may rely on what was asked for


def ask(exercise: Exercise, rng: np.random.Generator, dtype: str = "float64") -> tuple[Asked, ...]:
    """The properties of the exercise, each with its calls in `dtype`."""
    asked = []
    for item in exercise.spec.properties:
        inputs = item.inputs(rng, dtype)
        fixed = dict(exercise.spec.fixed)
        asked.append(Asked(item, tuple(Call(exercise.id, tuple(args), fixed) for args in inputs)))
    return tuple(asked)


def _as_arrays(value: object) -> object:
    """The result as an array, or a tuple of arrays; None when it is no numbers."""
    if isinstance(value, tuple):
        parts = tuple(_as_arrays(part) for part in value)
        return None if any(part is None for part in parts) else parts
    if not isinstance(value, (np.ndarray, list, int, float)):
        return None
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return array if array.dtype.kind in "biuf" else None
