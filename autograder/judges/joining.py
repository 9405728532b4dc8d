"""Fewer calls, the same questions: what a function is asked in one breath costs little more than a single number.

A call costs twenty times what one more point in its array does. The cases of a claim stand or fall together, so those
that differ in their points alone can share a call: of functions that act entry by entry all vectors of a group, of
functions of slices those of a low precision, which is asked for matrices of slices anyway.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np

from autograder.judges.cases import Case
from autograder.judges.layout import Layout
from autograder.judges.tolerance import Expected


def joined(cases: Sequence[Case], layout: Layout) -> list[Case]:
    """The cases with fewer calls; whoever is joined by others stays in its place.

    The first of a group stays alone: its points are plain, and of a wrong dtype it is the one that is shown.
    """
    together: dict[Hashable, list[Case]] = {}
    groups = set()
    for number, case in enumerate(cases):
        kin = _kin(case, layout) if case.group in groups else None
        groups.add(case.group)
        together.setdefault(kin or number, []).append(case)
    return [alike[0] if len(alike) == 1 else _join(alike, layout) for alike in together.values()]


def _kin(case: Case, layout: Layout) -> Hashable | None:
    """Equal for cases that can share a call; None for one that has to stay alone."""
    if case.raises or case.along or "axis" in case.call.kwargs:
        return None
    shapes = {np.shape(argument) for argument in case.call.args}
    if layout.elementwise:
        # A point that is alone is meant to be: an exception says less in the company of many.
        fits = len(shapes) == 1 and all(len(shape) == 1 and shape[0] > 1 for shape in shapes)
        core: tuple[int, ...] = ()
    else:
        fits = (
            layout.axis and layout.rows and case.group == case.dtype and all(len(shape) in (1, 2) for shape in shapes)
        )
        core = tuple(np.shape(argument)[-1] for argument in case.call.args) if fits else ()
    if not fits:
        return None
    options = tuple(sorted(case.call.kwargs.items()))
    return case.group, case.dtype, case.owed, case.quiet, options, core, len(shapes)


def _join(cases: Sequence[Case], layout: Layout) -> Case:
    first = cases[0]
    arguments = zip(*(case.call.args for case in cases), strict=True)
    expected = zip(*(case.expected for case in cases), strict=True)
    args = tuple(
        np.concatenate([_rows(array, dims) for array in arrays])
        for arrays, dims in zip(arguments, layout.inputs, strict=True)
    )
    truth = tuple(
        Expected.joined([e.reshaped(_rows(e.hi, dims).shape) for e in several])
        for several, dims in zip(expected, layout.outputs, strict=True)
    )
    return replace(first, call=replace(first.call, args=args), expected=truth)


def _rows(array: np.ndarray, dims: tuple[str, ...]) -> np.ndarray:
    """As a batch of its cores, along the first axis alone."""
    return array.reshape(-1, *array.shape[array.ndim - len(dims) :])
