"""What a gated activation x g(x) with g(x) + g(-x) = 1 gives for x and for -x together."""

from __future__ import annotations

import numpy as np

from autograder.kinds import Property


def differs_by_x(claim: str, spread: float = 8.0) -> Property:
    """f(x) - f(-x) = x, for a function of one array, applied entry by entry."""

    def inputs(rng: np.random.Generator, dtype: str) -> list[tuple]:
        x = np.concatenate([rng.uniform(-spread, spread, 24), [0.0, 0.5, 1.0]]).astype(dtype)
        return [(x,), (-x,)]

    def holds(inputs: list[tuple], outputs: list[np.ndarray]) -> str | None:
        x = inputs[0][0].astype(float)
        here, there = (output.astype(float) for output in outputs)
        room = 16 * float(np.finfo(inputs[0][0].dtype).eps) * (1 + np.abs(x)) * np.maximum(np.abs(here), np.abs(there))
        bad = np.flatnonzero(~(np.abs(here - there - x) <= room))
        if not bad.size:
            return None
        i = bad[0]
        return f"at x = {x[i]:g} your values for x and -x differ by {here[i] - there[i]:.6g}"

    return Property(claim, inputs, holds)
