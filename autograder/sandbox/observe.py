"""Performs a call of a student's function and writes down everything a judge may want to know about it.

The sandboxed child, a notebook and the tests all perform calls with this one function.
"""

from __future__ import annotations

import io
import sys
import time
import types
import warnings
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograder.calls import Call, Failure, Observation, Seeded
from autograder.expressions import Tree, to_sympy
from autograder.sandbox.freezing import TooLarge, freeze, type_name

__all__ = ["Sink", "describe", "freeze", "observe"]

MAX_TEXT = 2_000
MAX_WARNINGS = 100
# NumPy's own defaults: what another cell did with np.seterr must not change how this function is judged.
_FLOATING_POINT = {"divide": "warn", "over": "warn", "invalid": "warn", "under": "ignore"}


def observe(function: Callable, call: Call) -> Observation:
    """Call `function` as `call` says and tell what happened; no exception of the function escapes.

    The function gets private copies of all arguments. KeyboardInterrupt and SystemExit become a `Failure` too: in
    a notebook, look for the former before going on with the next call. `changed` counts the positional arguments
    from 0 (without the Axes of a canvas) and then the keyword arguments in their order.
    """
    original = (*call.args, *call.kwargs.values())
    private = tuple(_thaw(value) for value in original)
    args = private[: len(call.args)]
    kwargs = dict(zip(call.kwargs, private[len(call.args) :], strict=True))
    if call.canvas:
        # Matplotlib is slow to import, and most calls draw nothing.
        from autograder.sandbox.drawing import new_canvas, read_drawing

        axes = new_canvas()
        args = (axes, *args)

    value = failure = fate = None
    detail = ""
    with _quiet() as caught:
        started = time.perf_counter()
        try:
            value = function(*args, **kwargs)
        except MemoryError:
            fate, detail = "memory", "it asked for more memory than there is"
        except BaseException as error:
            failure = describe(error, function)
        seconds = time.perf_counter() - started
        caught = list(caught)

        if failure is None and fate is None:
            try:
                value = read_drawing(axes) if call.canvas else value
                value = freeze(value, _prober(call.probes))
            except TooLarge as error:
                value, fate, detail = None, "invalid_output", str(error)
            except MemoryError:
                value, fate, detail = None, "memory", "its result does not fit into memory"
            except Exception as error:
                value, fate = None, "invalid_output"
                detail = f"its result could not be read ({type_name(error)})"
    return Observation(
        value=value,
        failure=failure,
        warnings=tuple(_sentence(warning) for warning in caught[:MAX_WARNINGS]),
        changed=tuple(i for i, (a, b) in enumerate(zip(original, private, strict=True)) if not _untouched(a, b)),
        fate=fate,
        detail=detail,
        seconds=seconds,
    )


def _prober(probes: tuple[tuple, ...]) -> Callable[[Callable], tuple[Observation, ...]] | None:
    """Applies a callable found in a result to each probe. A callable that this returns in turn stays foreign."""
    if not probes:
        return None
    return lambda function: tuple(observe(function, Call("", args=probe)) for probe in probes)


@contextmanager
def _quiet():
    """Record every warning, swallow what is printed, and leave all as it was."""
    silent, loud = Sink(), (sys.stdout, sys.stderr)
    with warnings.catch_warnings(record=True) as caught, np.errstate(**_FLOATING_POINT):
        warnings.simplefilter("always")
        sys.stdout = sys.stderr = silent
        try:
            yield caught
        finally:
            sys.stdout, sys.stderr = loud


class Sink(io.TextIOBase):
    """A text stream that forgets everything, with a `buffer` that does so too."""

    encoding = "utf-8"

    class _Bytes(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            return len(data)

    def __init__(self) -> None:
        super().__init__()
        self.buffer = self._Bytes()

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(text)


def _thaw(value: Any) -> Any:
    """A private copy of an argument, with `Seeded` and `Tree` made into what the function expects."""
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    if isinstance(value, Seeded):
        return np.random.default_rng(value.seed)
    if isinstance(value, Tree):
        return to_sympy(value)
    if isinstance(value, (list, tuple)):
        return type(value)(_thaw(item) for item in value)
    if isinstance(value, Mapping):
        return {key: _thaw(item) for key, item in value.items()}
    return value


def _untouched(before: Any, after: Any) -> bool:
    """Whether an argument that could be changed in place still is what it was, arrays byte for byte."""
    if isinstance(before, (Seeded, Tree)):
        return True
    if type(before) is not type(after):
        return False
    if isinstance(before, np.ndarray):
        alike = before.shape == after.shape and before.dtype == after.dtype
        return alike and before.tobytes() == after.tobytes()
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(_untouched, before, after))
    if isinstance(before, dict):
        return list(before) == list(after) and all(map(_untouched, before.values(), after.values()))
    return before is after or before == after or before != before


def _sentence(warning: warnings.WarningMessage) -> str:
    return _clip(f"{_clip_name(warning.category)}: {_text_of(warning.message)}")


def _clip_name(category: type) -> str:
    return str(type.__dict__["__name__"].__get__(category))[:100]


def describe(error: BaseException, function: Callable | None = None) -> Failure:
    """An exception as a record, while it is being handled."""
    return Failure(type_name(error), _clip(_text_of(error)), _line(function))


def _text_of(error: Any) -> str:
    """What an exception says; one that cannot even say that says nothing."""
    try:
        return str.__str__(str(error))
    except BaseException as trouble:
        return f"(its message cannot be shown: {type_name(trouble)})"


def _clip(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + " ..."


def _line(function: Callable | None) -> int | None:
    """The line of the function's own cell or file at which the exception being handled passed through."""
    if type(function) is not types.FunctionType:
        return None
    line, step = None, sys.exc_info()[2]
    while step is not None:
        if step.tb_frame.f_code.co_filename == function.__code__.co_filename:
            line = step.tb_lineno
        step = step.tb_next
    return line
