"""What ties several outputs of a loss or of its slope together, and data to see it on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.kinds import Property

Draw = Callable[[np.random.Generator, str], tuple[np.ndarray, np.ndarray]]


def labels_and_probabilities(rng: np.random.Generator, dtype: str) -> tuple:
    return rng.integers(0, 2, (3, 4)).astype(dtype), rng.uniform(0.05, 0.95, (3, 4)).astype(dtype)


def labels_and_logits(rng: np.random.Generator, dtype: str) -> tuple:
    return rng.integers(0, 2, (3, 4)).astype(dtype), rng.uniform(-5, 5, (3, 4)).astype(dtype)


def two_distributions(rng: np.random.Generator, dtype: str) -> tuple:
    return tuple(rng.dirichlet(np.full(4, 2.0), 3).astype(dtype) for _ in range(2))


def rows_and_logits(rng: np.random.Generator, dtype: str) -> tuple:
    return np.eye(4, dtype=dtype)[rng.integers(0, 4, 3)], rng.uniform(-5, 5, (3, 4)).astype(dtype)


def twice_the_data(draw: Draw) -> Property:
    """A mean does not grow with the data."""

    def holds(inputs: list, outputs: list) -> str | None:
        once, twice = map(float, outputs)
        if abs(twice - once) <= 64 * np.finfo(inputs[0][0].dtype).eps * abs(once):
            return None
        return f"3 rows give {once:.6g}, the same rows twice over {twice:.6g}"

    return Property("the same data twice over give the same loss", _doubled(draw), holds)


def half_the_slope(draw: Draw) -> Property:
    """In twice the data each entry has half the say."""

    def holds(inputs: list, outputs: list) -> str | None:
        once, twice = outputs
        room = 64 * np.finfo(inputs[0][0].dtype).eps * np.abs(once)
        if np.all(np.abs(2 * twice[: len(once)] - once) <= room):
            return None
        return f"3 rows give the first slope {once.flat[0]:.6g}, the same rows twice over {twice.flat[0]:.6g}"

    return Property("in twice the data every entry counts half", _doubled(draw), holds)


def _doubled(draw: Draw) -> Callable[[np.random.Generator, str], list[tuple]]:
    def inputs(rng: np.random.Generator, dtype: str) -> list[tuple]:
        once = draw(rng, dtype)
        return [once, tuple(np.concatenate([array, array]) for array in once)]

    return inputs
