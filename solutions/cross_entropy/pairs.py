"""What every loss of this topic does first and last: take in a truth with its prediction, and average."""

from __future__ import annotations

import numpy as np


def paired(truth: np.ndarray, prediction: np.ndarray, dims: int = 0) -> tuple[np.ndarray, np.ndarray, np.dtype]:
    """Both in float64, and the dtype of the result, in which integer labels have no say.

    Raises ValueError unless both have one shape, at least `dims` dimensions and at least one entry.
    """
    truth, prediction = np.asarray(truth), np.asarray(prediction)
    if truth.shape != prediction.shape:
        raise ValueError(f"{truth.shape} and {prediction.shape} are different shapes: every prediction needs its truth")
    if prediction.ndim < dims:
        raise ValueError("a single number is no row of classes")
    if not prediction.size:
        raise ValueError("there is no mean over nothing")
    floats = [array.dtype for array in (truth, prediction) if array.dtype.kind == "f"]
    dtype = np.result_type(np.float16, prediction.dtype, *floats)
    return truth.astype(np.float64) + 0.0, prediction.astype(np.float64) + 0.0, dtype  # + 0.0 turns -0 into 0


def mean(losses: np.ndarray) -> np.float64:
    """The mean, also of losses so large that their sum overflows."""
    with np.errstate(over="ignore"):
        total = losses.sum()
        return total / losses.size if np.isfinite(total) else (losses / losses.size).sum()
