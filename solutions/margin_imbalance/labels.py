"""Labels, checked before they are believed: a wrong one would give a plausible number."""

from __future__ import annotations

import numpy as np

from solutions.regression_losses.pairs import paired


def float_of(scores: np.ndarray) -> np.dtype:
    """The dtype of `scores`, float64 for whole numbers. Labels have no say in the dtype of a result."""
    return np.result_type(np.asarray(scores), np.float16)


def labelled(y: np.ndarray, scores: np.ndarray, allowed: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, np.dtype]:
    """Two-class labels and their predictions in float64, and the dtype of the result: that of the predictions.

    Raises ValueError for labels outside `allowed`, for shapes that do not agree, and when there is no entry.
    """
    dtype = float_of(scores)
    y, scores, _ = paired(y, scores)
    strange = y[~np.isin(y, allowed)]
    if strange.size:
        raise ValueError(f"the labels are {allowed[0]} and {allowed[1]}, and y holds {strange.flat[0]:g}")
    return y, scores, dtype


def classified(labels: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.dtype]:
    """Class labels with an axis for the classes, scores in float64, and the dtype of the result: that of the scores.

    Raises ValueError unless there is one whole number from 0 to K - 1 for each slice of K scores, and at least one.
    """
    labels, scores = np.asarray(labels), np.asarray(scores)
    if scores.ndim == 0 or labels.shape != scores.shape[:-1]:
        raise ValueError(f"labels of shape {labels.shape} do not fit scores of shape {scores.shape}: one label a row")
    if labels.size == 0:
        raise ValueError("there is no sample to average over")
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= scores.shape[-1]:
        raise ValueError(f"the labels of {scores.shape[-1]} classes are whole numbers from 0 to {scores.shape[-1] - 1}")
    return labels[..., None], scores.astype(np.float64), float_of(scores)
