"""The records that may cross the wire, and whether their fields are what they are declared to be."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
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
NAMES = {record.__name__: record for record in RECORDS}


def fields_of(record: Any) -> tuple:
    """The values of a record's fields, in the order of their declaration."""
    return tuple(getattr(record, field.name) for field in fields(record))


def rebuild(record: type, values: list) -> Any:
    """The record with these field values. Raises TypeError when they are not of the declared types.

    Judges and reports rely on those types: a forged `Failure` whose message is a list must not reach them.
    """
    hints = _hints(record)
    if len(values) != len(hints):
        raise TypeError(f"{record.__name__} has {len(hints)} fields, not {len(values)}")
    for (name, hint), value in zip(hints, values, strict=True):
        if not fits(value, hint):
            raise TypeError(f"{record.__name__}.{name} is not as declared")
    return record(*values)


def fits(value: Any, hint: Any) -> bool:
    """Whether a decoded value is of the type a field declares."""
    if hint is Any:
        return True
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(fits(value, part) for part in parts)
    if origin is tuple:
        if type(value) is not tuple:
            return False
        if len(parts) == 2 and parts[1] is Ellipsis:
            return all(fits(item, parts[0]) for item in value)
        return len(value) == len(parts) and all(map(fits, value, parts))
    if hint is float:
        return type(value) in (float, int)
    expected = dict if origin in (Mapping, dict) else hint
    return type(value) is expected


@cache
def _hints(record: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(record)
    return tuple((field.name, hints[field.name]) for field in fields(record))
