"""Targets and predictions, checked against each other before anything is computed."""

from __future__ import annotations

import numpy as np


def paired(y: np.ndarray, y_hat: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.dtype]:
    """Both in float64, and the dtype of the result: the common one of those that are floats.

    A column against a row would broadcast to a table of all pairs and give a loss of no meaning, so the shapes must be
    equal; a single number for `y` is the one exception. Raises ValueError otherwise, and when there is no entry.
    """
    y, y_hat = np.asarray(y), np.asarray(y_hat)
    if y.shape not in ((), y_hat.shape):
        raise ValueError(f"the targets have the shape {y.shape} and the predictions {y_hat.shape}: they must agree")
    if y_hat.size == 0:
        raise ValueError("there is no entry to average over")
    floats = [array.dtype for array in (y, y_hat) if array.dtype.kind == "f"]
    return y.astype(np.float64), y_hat.astype(np.float64), np.result_type(*floats or [np.float64])
