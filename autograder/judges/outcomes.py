"""What became of one call: its arrays, what is wrong with them, and how to say so."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.calls import Foreign, Observation
from autograder.judges.arrays import as_array
from autograder.judges.cases import Case, written
from autograder.judges.layout import Layout

COARSE = {"float64": 2.0**-26, "float32": 2.0**-12, "float16": 2.0**-6}  # half of the dtype's digits
ORDINALS = ("first", "second", "third", "fourth")
_FATES = {
    "timeout": "gave no answer within the time limit",
    "memory": "asked for more memory than is allowed",
    "killed": "ended the process it ran in",
    "invalid_output": "gave something that cannot be read",
    "missing": "was not found",
    "unreached": "was not run: an earlier call used up the time",
}


@dataclass(frozen=True)
class Outcome:
    """An observation beside the case it belongs to."""

    layout: Layout
    case: Case
    seen: Observation

    @cached_property
    def arrays(self) -> list[np.ndarray] | None:
        """One array of numbers for each output; None when that is not what came back."""
        if not self.seen.returned:
            return None
        count = len(self.case.expected)
        parts = [self.seen.value] if count == 1 else self.seen.value
        if count != 1 and not (isinstance(parts, (tuple, list)) and len(parts) == count):
            return None
        arrays = [as_array(part) for part in parts]
        if any(array is None for array in arrays):
            return None
        # A list of nothing cannot say that it is 0 by 3.
        return [
            np.empty(e.shape, self.case.dtype)
            if isinstance(part, (list, tuple)) and not array.size and not e.hi.size
            else array
            for part, array, e in zip(parts, arrays, self.case.expected, strict=True)
        ]

    @cached_property
    def trouble(self) -> str:
        """Why there are no values of the right shape to look at; "" when there are."""
        if self.case.raises:
            return self._instead_of_raising()
        if self.seen.fate:
            return f"{self.called} {_FATES.get(self.seen.fate, 'did not come back')}"
        if self.seen.failure:
            return f"{self.called} raised {self.seen.failure.kind}: {self.seen.failure.message}"[:300]
        if self.arrays is None:
            return f"{self.called} gave {_described(self.seen.value)}, expected {self._wanted()}"
        for got, expected in zip(self.arrays, self.case.expected, strict=True):
            if got.shape != expected.shape:
                return f"{self.called} gave the shape {got.shape}, expected {expected.shape}"
        return ""

    @cached_property
    def wrong_dtype(self) -> str:
        """The dtypes that came back and should not have, in words."""
        if self.trouble or self.case.raises:
            return ""
        wrong = [array.dtype for array in self.arrays if array.dtype != self.case.dtype]
        return f"{self.called} gave {wrong[0]}, expected {self.case.dtype}" if wrong else ""

    @cached_property
    def masks(self) -> list[np.ndarray]:
        """Where each output is wrong; all of it when there is nothing to compare."""
        if self.trouble or self.case.raises:
            return [np.ones(e.shape, bool) for e in self.case.expected]
        precision = self.case.precision
        return [e.wrong(got, precision) for got, e in zip(self.arrays, self.case.expected, strict=True)]

    @property
    def alarms(self) -> list[str]:
        """The floating-point warnings that are a fault; what else a program may warn about is its own affair."""
        loud = self.case.quiet and not self.trouble
        return [warning for warning in self.seen.warnings if loud and warning.startswith("RuntimeWarning")]

    @property
    def values_hold(self) -> bool:
        return not self.trouble and not any(mask.any() for mask in self.masks)

    @property
    def roughly_right(self) -> bool:
        """Whether the formula is right, however many of the last digits are not.

        Where the truth is a flat 0, what rounding leaves of the arguments is roughly 0.
        """
        if self.trouble:
            return False
        numbers = [
            v for v in (*self.case.call.args, *self.case.call.kwargs.values()) if np.asarray(v).dtype.kind == "f"
        ]
        largest = max((float(np.max(np.abs(v), initial=0.0, where=np.isfinite(v))) for v in numbers), default=0.0)
        residue = 4 * float(np.finfo(self.case.precision).eps) * largest
        pairs = zip(self.arrays, self.case.expected, self.masks, strict=True)
        with np.errstate(all="ignore"):
            return not any(
                (mask & ~(e.error(got) <= np.where(e.scale > 0, COARSE[self.case.precision] * e.scale, residue))).any()
                for got, e, mask in pairs
            )

    @property
    def called(self) -> str:
        """The call as a student would write it, short."""
        given = [*map(_short, self.case.call.args), *(f"{k}={_short(v)}" for k, v in self.case.call.kwargs.items())]
        return f"{self.case.call.function}({', '.join(given)})"

    def worst(self) -> tuple[int, tuple[int, ...]] | None:
        """The wrong entry that is easiest to read: the output's number and the index in it."""
        if self.trouble:
            return None
        wrong = [(number, mask) for number, mask in enumerate(self.masks) if mask.any()]
        if not wrong:
            return None
        if self.layout.elementwise:
            number, mask = min(wrong, key=lambda one: self.case.ease[one[1]].min())
            place = int(np.argmin(np.where(mask, self.case.ease, mask.size)))
        else:  # whole arrays: no entry is easier to read than another
            number, mask = wrong[0]
            place = int(np.argmax(mask))
        return number, tuple(map(int, np.unravel_index(place, mask.shape)))

    @cached_property
    def simplicity(self) -> tuple[int, int, float]:
        """How easy the point is to read that would be shown: few numbers, few digits, small."""
        worst = self.worst()
        if worst is None:
            return 0, 0, 0.0
        numbers = [abs(float(v)) for value in self.point(*worst).values() for v in np.ravel(value)]
        finite = [v for v in numbers if np.isfinite(v)]
        return len(numbers), sum(len(written(v)) for v in finite), sum(v for v in finite if v < 1e6)

    def point(self, number: int, index: tuple[int, ...]) -> dict[str, Any]:
        """The arguments that belong to one entry of an output: numbers for elementwise functions, slices otherwise."""
        layout, args = self.layout, self.case.call.args
        shape = self.case.expected[number].shape
        if layout.elementwise:
            values = [float(np.broadcast_to(a, shape)[index]) for a in args]
        elif layout.axis and layout.rows:
            axis = self.case.call.kwargs.get("axis", -1)
            place = list(index)
            if layout.outputs[number]:
                del place[axis]
            values = [np.moveaxis(np.asarray(a), axis, -1)[tuple(place)] for a in args]
        else:
            values = list(args)
        return dict(zip(layout.arrays, values, strict=True)) | {
            k: v for k, v in self.case.call.kwargs.items() if k in layout.options
        }

    def witness(self) -> str:
        """What to show for a failure of values: "x = -1000: got nan, expected 0"."""
        if self.trouble:
            return self.trouble
        worst = self.worst()
        if worst is None:
            return ""
        number, index = worst
        point = ", ".join(f"{name} = {_short(value)}" for name, value in self.point(number, index).items())
        got, expected = self.shown(number, index)
        return f"{point}: got {got}{self.which(number)}, expected {expected}"

    def which(self, number: int) -> str:
        """Which of several results it is."""
        return f" as its {ORDINALS[number]} result" if len(self.case.expected) > 1 else ""

    def shown(self, number: int, index: tuple[int, ...]) -> tuple[str, str]:
        """Got and expected at an entry, with enough digits to tell them apart; whole slices for vector functions."""
        got, e = self.arrays[number], self.case.expected[number]
        rows = not self.layout.elementwise and e.hi.ndim > 0 and self.layout.outputs[number]
        if rows and e.hi.ndim == 1 and e.hi.size <= 5:
            return _short(got), _short(e.hi)
        g, t = float(got[index]) + 0.0, float(e.hi[index]) + 0.0  # -0 would only puzzle
        for digits in (6, 9, 12, 17):
            if f"{g:.{digits}g}" != f"{t:.{digits}g}":
                break
        where = f" at {list(map(int, index))}" if rows else ""
        return f"{g:.{digits}g}{where}", f"{t:.{digits}g}"

    def _wanted(self) -> str:
        shapes = [f"an array of shape {e.shape}" if e.shape else "a number" for e in self.case.expected]
        return shapes[0] if len(shapes) == 1 else f"{len(shapes)} results: {', '.join(shapes)}"

    def _instead_of_raising(self) -> str:
        failure = self.seen.failure
        if failure and failure.kind == self.case.raises:
            return ""
        happened = f"raised {failure.kind}" if failure else f"gave {_described(self.seen.value)}"
        return f"{self.called} {happened}, expected {self.case.raises}"


def _described(value: Any) -> str:
    if value is None:
        return "None (is there a return?)"
    if isinstance(value, Foreign):
        return f"an object of type {value.type_name}"
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype} and shape {value.shape}"
    return f"a {type(value).__name__}"


def _short(value: Any) -> str:
    """A value in a few words."""
    array = np.asarray(value)
    if array.ndim == 0:
        return f"{float(array) + 0.0:.6g}" if array.dtype.kind == "f" else str(value)
    if array.size > 6:
        numbers = array[np.isfinite(array)] if array.dtype.kind in "iuf" else array[:0]
        span = f" from {numbers.min():.6g} to {numbers.max():.6g}" if numbers.size else ""
        return f"<array of shape {array.shape}{span}>"
    return "[" + ", ".join(_short(item) for item in array) + "]"
