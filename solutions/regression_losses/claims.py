"""Properties that every loss of this topic has, or every slope of one."""

from __future__ import annotations

import numpy as np

from autograder.kinds import Property


def _shaped(rng, dtype) -> list[tuple]:
    """The same pairs in four shapes, and one single pair; sixteenths, so that they are exact in every dtype."""
    y, y_hat = (rng.integers(-48, 49, 12) / 16 for _ in range(2))
    shapes = ((12,), (3, 4), (12, 1), (2, 3, 2))
    return [(y.reshape(s).astype(dtype), y_hat.reshape(s).astype(dtype)) for s in shapes]


def _one_mean(inputs, outputs) -> str | None:
    for (y, _), loss in zip(inputs, outputs, strict=True):
        if np.shape(loss) != ():
            return f"targets of shape {y.shape} give a result of shape {np.shape(loss)}: a mean is one number"
        if not np.isclose(loss, outputs[0], rtol=16 * np.finfo(y.dtype).eps, atol=0):
            return f"twelve pairs in the shape {y.shape} give {loss:.6g}, in the shape (12,) {outputs[0]:.6g}"
    return None


def _same_slopes(inputs, outputs) -> str | None:
    for (y, _), slopes in zip(inputs, outputs, strict=True):
        if np.shape(slopes) != y.shape:
            return f"predictions of shape {y.shape} give slopes of shape {np.shape(slopes)}"
        if not np.allclose(slopes.ravel(), outputs[0], rtol=16 * np.finfo(y.dtype).eps, atol=0):
            return f"twelve pairs in the shape {y.shape} give other slopes than in the shape (12,)"
    return None


def _exact_predictions(rng, dtype) -> list[tuple]:
    y = rng.integers(-48, 49, (3, 4)) / 16
    y_hat = y + np.resize([0.0, 0.5, -2.0], y.shape)
    return [(y.astype(dtype), y_hat.astype(dtype))]


def _flat_there(inputs, outputs) -> str | None:
    ((y, y_hat),), (slopes,) = inputs, outputs
    stray = slopes[(y == y_hat) & (slopes != 0)]
    return f"a prediction that is exactly right has the slope {stray[0]:.6g}" if stray.size else None


ANY_SHAPE = Property("averages arrays of any shape", _shaped, _one_mean, weight=0.5)
SHAPE_KEPT = Property("keeps any shape and counts all its entries", _shaped, _same_slopes, weight=0.5)
FLAT_WHEN_RIGHT = Property("the slope is 0 where the prediction is exactly right", _exact_predictions, _flat_there)

# Pairs far out, close together, and past the reach of floating point; the last ones overflow when they are squared.
EXTREMES = (
    ([[3.0, -1.0]], [[3.0, -1.0]]),
    ([[0.0, 1.0]], [[-40.0, 1.0009765625]]),
    ([[100.0, 0.0]], [[0.0, 0.0]]),
    ([[1.0]], [[1.0 + 2.0**-40]]),
    ([[0.0, 0.0]], [[1e-170, -1e-9]]),
    ([[0.0, 0.0]], [[745.0, -1e4]]),
    ([[1e100, -1e150]], [[0.0, 0.0]]),
)
