"""How far a floating-point answer may be from the truth, and how far it is.

|error| <= c u S + 4 g smallest subnormals, with u the unit roundoff, S the scale of `truth.py`, and c = 8, 16, 4 for
float64, float32, float16. A reduction over n terms adds n u S, for S is at least the mean of its terms. There is no
other absolute tolerance. g is 1, or the grain that the exercise states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FACTORS = {"float64": 8, "float32": 16, "float16": 4}
DIGITS = {"float64": 15.95, "float32": 7.22, "float16": 3.31}


@dataclass(frozen=True)
class Expected:
    """The truth for one output of one call, in arrays of the output's shape; the fields are those of `Exact`.

    count: the number of terms a reduction adds up; 0 where nothing is reduced. grain: g.
    """

    hi: np.ndarray
    lo: np.ndarray
    scale: np.ndarray
    known: np.ndarray
    count: int = 0
    grain: np.ndarray | float = 1.0

    @property
    def shape(self) -> tuple[int, ...]:
        return self.hi.shape

    @classmethod
    def joined(cls, parts: Sequence[Expected]) -> Expected:
        """One after the other along the first axis; the counts of terms have to be the same."""
        fields = zip(*((part.hi, part.lo, part.scale, part.known) for part in parts), strict=True)
        grain = np.concatenate([np.broadcast_to(part.grain, part.shape) for part in parts])
        return cls(*map(np.concatenate, fields), parts[0].count, grain)

    def reshaped(self, shape: tuple[int, ...]) -> Expected:
        grain = np.broadcast_to(self.grain, self.shape)
        fields = (array.reshape(shape) for array in (self.hi, self.lo, self.scale, self.known))
        return Expected(*fields, self.count, grain.reshape(shape))

    def allowance(self, dtype: str) -> np.ndarray:
        """The largest |error| that passes."""
        limits = np.finfo(dtype)
        unit = float(limits.eps) / 2
        return (FACTORS[dtype] + self.count) * unit * self.scale + 4 * self.grain * float(limits.smallest_subnormal)

    def error(self, got: np.ndarray) -> np.ndarray:
        """|got - truth| as a float64, exact to rounding because hi and lo are subtracted one after the other."""
        with np.errstate(all="ignore"):
            return np.abs((np.asarray(got, float) - self.hi) - self.lo)

    def wrong(self, got: np.ndarray, dtype: str) -> np.ndarray:
        """Where `got` fails. Beyond the dtype's largest number inf is right; nan is right where the truth is nan."""
        got = np.asarray(got, float)
        allowed, largest = self.allowance(dtype), float(np.finfo(dtype).max)
        with np.errstate(all="ignore"):
            near = self.error(got) <= allowed
            beyond = np.isinf(got) & (np.sign(got) == np.sign(self.hi)) & (np.abs(self.hi) >= largest - allowed)
        good = np.where(np.isnan(self.hi), np.isnan(got), near | beyond | (got == self.hi))
        return ~good & self.known

    def finite(self, dtype: str) -> np.ndarray:
        """Where the truth is a finite number of the dtype."""
        return np.isfinite(self.hi) & (np.abs(self.hi) <= float(np.finfo(dtype).max)) & self.known

    def ulp(self, got: np.ndarray, dtype: str) -> np.ndarray:
        """The error in units in the last place of the truth; inf where got is not finite and the truth is."""
        with np.errstate(all="ignore"):
            nearest = np.abs(self.hi).astype(dtype)
            unit = np.spacing(np.minimum(nearest, np.finfo(dtype).max)).astype(float)
            error = self.error(got) / unit
        got = np.asarray(got, float)
        same = (np.isnan(got) & np.isnan(self.hi)) | (got == self.hi)
        return np.where(same, 0.0, np.where(np.isfinite(error), error, np.inf))

    def digits(self, got: np.ndarray, dtype: str) -> np.ndarray:
        """How many decimal digits of `got` are right, entry by entry: from 0 to what the dtype holds."""
        most = DIGITS[dtype]
        with np.errstate(all="ignore"):
            ratio = np.maximum(
                self.error(got) - 4 * self.grain * float(np.finfo(dtype).smallest_subnormal), 0
            ) / np.abs(self.hi)
            digits = np.clip(-np.log10(ratio), 0, most)
        return np.where(self.wrong(got, dtype), np.nan_to_num(digits, nan=0.0), most)
