"""Targets and predictions worth trying, shapes that do not fit, and what every slope does at an exact prediction."""

from __future__ import annotations

import numpy as np

from autograder.kinds import Property

# Pairs that agree, close together, far out, and past the reach of floating point; the last ones overflow when squared.
EXTREMES = (
    ([[3.0, -1.0]], [[3.0, -1.0]]),
    ([[0.0, 1.0]], [[-40.0, 1.0009765625]]),
    ([[100.0, 0.0]], [[0.0, 0.0]]),
    ([[1.0]], [[1.0 + 2.0**-40]]),
    ([[0.0, 0.0]], [[1e-170, -1e-9]]),
    ([[0.0, 0.0]], [[745.0, -1e4]]),
    ([[1e100, -1e150]], [[0.0, 0.0]]),
)

# A row against a column broadcasts to a table, and a short row against a longer one is no pair at all.


def _exact_predictions(rng, dtype) -> list[tuple]:
    y = rng.integers(-48, 49, (3, 4)) / 16
    y_hat = y + np.resize([0.0, 0.5, -2.0], y.shape)
    return [(y.astype(dtype), y_hat.astype(dtype))]


def _flat_there(inputs, outputs) -> str | None:
    ((y, y_hat),), (slopes,) = inputs, outputs
    stray = slopes[(y == y_hat) & (slopes != 0)]
    return f"a prediction that is exactly right has the slope {stray[0]:.6g}" if stray.size else None


FLAT_WHEN_RIGHT = Property("the slope is 0 where the prediction is exactly right", _exact_predictions, _flat_there)
