"""Turns whatever a student's function returned into values that may cross the wire, trusting none of it.

Types are compared, never asked: `type(value)` cannot lie, while `isinstance`, `==` and `len` run the student's code
on an object made to deceive, and `in` and an abstract base class run that of a metaclass.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.calls import Applied, Drawing, Foreign, Observation, Repair, Step
from autograder.expressions import ExpressionError, ExpressionTooLarge, Tree, from_sympy
from autograder.expressions.tree import number
from autograder.sandbox.records import fields_of, rebuild

MAX_BYTES = 16 * 2**20
MAX_ITEMS = 50_000  # the entries of an array not counted
MAX_DEPTH = 32
MAX_INTEGER_BITS = 8_192

_SCALARS = tuple(set(np.sctypeDict.values()))
_KINDS = "biufc"
_name_of = type.__dict__["__name__"].__get__


class TooLarge(ValueError):
    """A result beyond what any exercise could ask for. The message is a sentence for the student."""


def type_name(value: Any) -> str:
    """The name of a value's type, whatever its metaclass pretends."""
    return str(_name_of(type(value)))[:100]


def freeze(value: Any, apply: Callable[[Callable], tuple[Observation, ...]] | None = None) -> Any:
    """The wire-safe form of a student's value.

    Arrays are copied; NumPy scalars and Python complex numbers become 0-d arrays, so that their dtype survives.
    SymPy expressions and matrices and fractions become `Tree`; a symbol as the key of a dict becomes its name.
    `Step` and `Repair` are kept with frozen fields. A callable becomes `Applied(apply(callable))` when `apply` is
    given. Subclasses of arrays, arrays of objects, and every other type become `Foreign`.

    Raises TooLarge.
    """
    if type(value) is np.ndarray and value.dtype.kind in _KINDS and 0 < value.nbytes <= MAX_BYTES:
        return np.array(value, order="C", copy=True)  # what nearly all functions return
    return _Freezer(apply).freeze(value, 0)


def _of_sympy(*names: str) -> tuple[type, ...]:
    """Classes of SymPy, which is slow to import: where nobody has, no value is of any of them."""
    module = sys.modules.get("sympy")
    return tuple(getattr(module, name) for name in names) if module else ()


def _whole(value: Any) -> Any:
    """A whole number of any library as Python's; anything else as it is."""
    if type(value) is np.ndarray and value.ndim == 0:
        value = value.item()
    if type(value) is Tree and value.head == "number" and value.args[1] == 1:
        return value.args[0]
    return int(value) if type(value) is float and value.is_integer() else value


class _Freezer:
    """One freezing: counts what it has seen, so that the whole stays within the limits."""

    def __init__(self, apply: Callable[[Callable], tuple[Observation, ...]] | None) -> None:
        self.apply = apply
        self.bytes = 0
        self.items = 0

    def spend(self, size: int = 0) -> None:
        self.items += 1
        self.bytes += size
        if self.items > MAX_ITEMS:
            raise TooLarge(f"the result holds more than {MAX_ITEMS} separate values: put numbers into one array")
        if self.bytes > MAX_BYTES:
            raise TooLarge(f"the result is larger than {MAX_BYTES >> 20} MB")

    def freeze(self, value: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise TooLarge(f"the result is nested more than {MAX_DEPTH} levels deep")
        self.spend()
        kind = type(value)
        if value is None or kind is bool:
            return value
        if issubclass(kind, np.ndarray) or any(kind is scalar for scalar in _SCALARS):
            return self.array(value)
        if kind is Fraction or kind is Tree or issubclass(kind, _of_sympy("Basic", "MatrixBase")):
            return self.tree(value)
        if issubclass(kind, (str, int, float, complex)):
            return self.scalar(value)
        if kind is Step or kind is Repair or kind is Drawing:
            return self.record(value, depth)
        if issubclass(kind, tuple):
            return tuple(self.freeze(item, depth + 1) for item in tuple.__iter__(value))
        if issubclass(kind, list):
            return [self.freeze(item, depth + 1) for item in list.__iter__(value)]
        if issubclass(kind, dict):
            return self.dictionary(value, depth)
        if self.apply and callable(value):
            return Applied(self.apply(value))
        return Foreign(type_name(value))

    def array(self, value: Any) -> Any:
        if type(value) is not np.ndarray and issubclass(type(value), np.ndarray):
            return Foreign(type_name(value), "a subclass of numpy.ndarray")
        if value.dtype.kind == "U" and value.ndim == 0:
            return self.scalar(str(value))
        if value.dtype.kind not in _KINDS or value.dtype.hasobject:
            return Foreign(type_name(value), f"an array of dtype {value.dtype}"[:200])
        self.spend(value.nbytes)
        if math.prod(side or 1 for side in value.shape) > MAX_BYTES:
            raise TooLarge(f"the result is an array of nothing with endless sides, {value.shape}")
        return np.array(value, order="C", copy=True)

    def scalar(self, value: Any) -> Any:
        kind = type(value)
        if issubclass(kind, str):
            text = str.__str__(value)
            self.spend(32 * len(text))  # an escape in JSON takes up to twelve bytes a character
            return text
        if issubclass(kind, int):
            number = int.__int__(value)
            if number.bit_length() > MAX_INTEGER_BITS:
                raise TooLarge("the result holds an integer of more than 2000 digits")
            return number
        if issubclass(kind, float):
            return float.__float__(value)
        return np.array(complex.__complex__(value))

    def tree(self, value: Any) -> Any:
        if type(value) is Tree:
            return value
        try:
            return number(value) if type(value) is Fraction else from_sympy(value)
        except ExpressionTooLarge as error:
            raise TooLarge(str(error)) from None
        except ExpressionError as error:
            return Foreign(type_name(value), str(error)[:200])
        except RecursionError:
            raise TooLarge("the expression is nested too deeply to be read") from None

    def record(self, value: Step | Repair | Drawing, depth: int) -> Any:
        parts = [self.freeze(part, depth + 1) for part in fields_of(value)]
        if type(value) is Repair:
            parts[0] = _whole(parts[0])
        try:
            return rebuild(type(value), parts)
        except TypeError as error:
            return Foreign(type_name(value), str(error)[:200])

    def dictionary(self, value: dict, depth: int) -> Any:
        frozen = {}
        for key, item in dict.items(value):
            name = key.name if any(type(key) is symbol for symbol in _of_sympy("Symbol")) else key
            if not issubclass(type(name), str):
                return Foreign(type_name(value), f"a dict with a key of type {type_name(key)}")
            frozen[self.scalar(name)] = self.freeze(item, depth + 1)
        return frozen
