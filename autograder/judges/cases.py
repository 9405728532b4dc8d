"""One call of a numeric exercise with its truth, and the group of cases that it is judged with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isfinite

import numpy as np

from autograder.calls import Call
from autograder.judges.tolerance import Expected


@dataclass(frozen=True)
class Along:
    """Points of a curve in a call: the values that one argument takes, and the entries of the result they belong to.

    name: what varies. beside: what the other arguments are, in words; curves with another `beside` are others.
    """

    name: str
    x: np.ndarray
    pick: tuple = ()
    beside: str = ""


@dataclass(frozen=True)
class Case:
    """One call and what it must give.

    group: the claim it belongs to. dtype: of the result. owed: the dtype whose accuracy is owed, "" for dtype.
    quiet: whether a warning would be a fault. raises: the exception that is asked for instead of a value.
    along: which entries form a curve along one argument, for functions that do not act entry by entry.
    """

    group: str
    call: Call
    expected: tuple[Expected, ...]
    dtype: str
    owed: str = ""
    quiet: bool = True
    raises: str = ""
    along: Along | None = None

    @property
    def precision(self) -> str:
        return self.owed or self.dtype

    @cached_property
    def ease(self) -> np.ndarray:
        """For a function that acts entry by entry, of the result's shape: the rank of each point, 0 the easiest to read.

        Few digits come first, small numbers next.
        """
        shape = self.expected[0].shape
        points = zip(*(np.broadcast_to(a, shape).ravel().tolist() for a in self.call.args), strict=True)
        keys = [
            (sum(map(len, map(written, point))), max(map(abs, filter(isfinite, point)), default=0)) for point in points
        ]
        ranks = np.empty(len(keys), int)
        ranks[sorted(range(len(keys)), key=keys.__getitem__)] = range(len(keys))
        return ranks.reshape(shape)


def written(value: float) -> str:
    """A number with six digits if that says it all, otherwise with as many as it takes."""
    short = f"{value:.6g}"
    return short if float(short) == value else f"{value:.17g}"
