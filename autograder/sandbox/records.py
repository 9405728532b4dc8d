"""The records that may cross the wire, and whether their fields are what they are declared to be."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any, Union, get_args, get_origin, get_type_hints

from autograder.calls import (
    Applied,
    Call,
    Drawing,
    Failure,
    Foreign,
    Observation,
    Program,
    Repair,
    Seeded,
    Step,
)

RECORDS = frozenset({Applied, Call, Drawing, Failure, Foreign, Observation, Program, Repair, Seeded, Step})
# Text that is quoted in messages and reports has an end, even when it is forged. Longer than any that is made here.
LONGEST_QUOTE = 4_096
_QUOTED = frozenset({Failure, Foreign, Observation})
NAMES = {record.__name__: record for record in RECORDS}


def fields_of(record: Any) -> tuple:
    """The values of a record's fields, in the order of their declaration."""
    return _values_of(type(record))(record)


def rebuild(record: type, values: list) -> Any:
    """The record with these field values. Raises TypeError when they are not of the declared types.

    Judges and reports rely on those types: a forged `Failure` whose message is a list must not reach them.
    """
    tests = _tests(record)
    if len(values) != len(tests):
        raise TypeError(f"{record.__name__} has {len(tests)} fields, not {len(values)}")
    for (name, fits), value in zip(tests, values, strict=True):
        if not fits(value):
            raise TypeError(f"{record.__name__}.{name} is not as declared")
    return record(*values)


@cache
def _values_of(record: type) -> Callable[[Any], tuple]:
    names = [field.name for field in fields(record)]
    return attrgetter(*names) if len(names) > 1 else lambda one: (getattr(one, names[0]),)


@cache
def _tests(record: type) -> tuple[tuple[str, Callable[[Any], bool]], ...]:
    hints = get_type_hints(record)
    longest = LONGEST_QUOTE if record in _QUOTED else None
    return tuple((field.name, _test_of(hints[field.name], longest)) for field in fields(record))


def _test_of(hint: Any, longest: int | None = None) -> Callable[[Any], bool]:
    """Whether a decoded value is of the type that a field declares, and a text not longer than `longest`."""
    origin, parts = get_origin(hint), get_args(hint)
    if hint is Any:
        return lambda value: True
    if origin in (Union, types.UnionType):
        choices = [_test_of(part, longest) for part in parts]
        return lambda value: any(fits(value) for fits in choices)
    if origin is tuple and len(parts) == 2 and parts[1] is Ellipsis:
        each = _test_of(parts[0], longest)
        return lambda value: type(value) is tuple and all(map(each, value))
    if origin is tuple:
        sides = [_test_of(part, longest) for part in parts]
        return lambda value: (
            type(value) is tuple
            and len(value) == len(sides)
            and all(fits(part) for fits, part in zip(sides, value, strict=True))
        )
    if hint is str and longest is not None:
        return lambda value: type(value) is str and len(value) <= longest
    if hint is float:
        return lambda value: type(value) is float or type(value) is int
    expected = dict if origin in (Mapping, dict) else hint
    return lambda value: type(value) is expected
