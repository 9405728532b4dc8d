"""Which results are numbers: an array, a list of them, a number alone."""

from __future__ import annotations

from typing import Any

import numpy as np


def as_array(value: Any) -> np.ndarray | None:
    """Numbers as an array; text, trees and ragged lists are none."""
    if isinstance(value, (list, tuple)) and not _of_numbers(value):
        return None
    if not isinstance(value, (np.ndarray, list, tuple, int, float)):
        return None
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return array if array.dtype.kind in "biuf" else None


def _of_numbers(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_of_numbers, value))
    return isinstance(value, (int, float, np.ndarray))
