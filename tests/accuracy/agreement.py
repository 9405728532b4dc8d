"""Two truths of one function, written apart: the one in the exercise, which judges students, and the one here."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.exercise import Exercise
from autograder.judges.layout import Layout
from tests.accuracy.measure import exactly, settled
from tests.accuracy.owed import OWED, PRELU

WIDEST = 10  # rows that are no wider: the judges' truth takes its time over each entry


def disagreements(exercise: Exercise, each: int) -> Iterator[str]:
    """Points at which the two differ, among `each` points of every block of points and choice of options."""
    owed, layout = OWED[exercise.id], Layout.of(exercise)
    oracle = layout.oracle(exercise)
    for options in owed.variants:
        for block in owed.points("float64"):
            if block[-1].ndim > 1 and block[-1].shape[1] > WIDEST:
                continue
            chosen = np.linspace(0, len(block[0]) - 1, each).astype(int)
            block = tuple(array[chosen] for array in block)
            ours = settled(
                owed.truth, [tuple(map(exactly, row)) for row in zip(*block, strict=True)], options, checked=1
            )
            for i, hi, lo in zip(range(each), ours.hi, ours.lo, strict=True):
                entries = [array[i] for array in block]
                if owed.called == PRELU:
                    entries.insert(1, np.float64(options["alpha"]))
                args = [_core(entry, len(dims)) for entry, dims in zip(entries, layout.inputs, strict=True)]
                theirs = layout.expected(oracle, args, options)
                known = np.concatenate([np.ravel(e.known) for e in theirs])
                with np.errstate(invalid="ignore"):  # infinite truths
                    gap = np.concatenate([np.ravel(e.hi) for e in theirs]) - hi
                    gap += np.concatenate([np.ravel(e.lo) for e in theirs]) - lo
                    bad = known & ~(np.abs(gap) <= 1e-24 * np.abs(hi)) & np.isfinite(hi)
                if bad.any():
                    yield f"{exercise.id}{tuple(e.tolist() for e in entries)}, {options}: {hi[bad]}, off by {gap[bad]}"


def _core(entry: np.ndarray, dims: int) -> np.ndarray:
    """An entry or a row as an array of that many dimensions, 1 in front."""
    entry = np.asarray(entry)
    return entry.reshape((1,) * (dims - entry.ndim) + entry.shape) if dims > entry.ndim else entry
