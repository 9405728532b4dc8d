"""Performs a call of a student's function and writes down everything a judge may want to know about it.

The sandboxed child, a notebook and the tests all perform calls with this one function.
"""

from __future__ import annotations

import contextvars
import io
import sys
import types
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from autograder.calls import Call, Failure, Observation, Seeded
from autograder.expressions import Tree, to_sympy
from autograder.sandbox.ear import Ear
from autograder.sandbox.freezing import TooLarge, freeze, type_name

__all__ = ["Sink", "describe", "freeze", "observe"]

MAX_TEXT = 2_000
MAX_WARNINGS = 100
_SIMPLE = (float, int, bool, str, type(None))  # the most frequent of the values that nobody can change
# NumPy's own defaults: what another cell did with np.seterr must not change how this function is judged.
_CALM = contextvars.copy_context()
_CALM.run(np.seterr, divide="warn", over="warn", invalid="warn", under="ignore")


def observe(function: Callable, call: Call, ear: Ear | None = None) -> Observation:
    """Call `function` as `call` says and tell what happened; no exception of the function escapes.

    The function gets private copies of all arguments. KeyboardInterrupt and SystemExit become a `Failure` too: in
    a notebook, look for the former before going on with the next call. `changed` counts the positional arguments
    from 0 (without the Axes of a canvas) and then the keyword arguments in their order. ear: one that listens already,
    where there are many calls.
    """
    if ear is None:
        with Ear() as ear:
            return observe(function, call, ear)
    original = (*call.args, *call.kwargs.values())
    private = tuple(map(_thaw, original))
    args = private[: len(call.args)]
    kwargs = dict(zip(call.kwargs, private[len(call.args) :], strict=True)) if call.kwargs else {}
    axes = None
    if call.canvas:
        # Matplotlib is slow to import, and most calls draw nothing.
        from autograder.sandbox.drawing import new_canvas

        axes = new_canvas()
        args = (axes, *args)

    heard, loud = ear.fresh(), (sys.stdout, sys.stderr)
    sys.stdout = sys.stderr = _SINK
    try:
        value, failure, fate, detail = _CALM.copy().run(_perform, function, args, kwargs, axes, call.probes)
    finally:
        sys.stdout, sys.stderr = loud
    return Observation(
        value=value,
        failure=failure,
        warnings=tuple(map(_sentence, heard[:MAX_WARNINGS])) if heard else (),
        changed=_changed(original, private),
        fate=fate,
        detail=detail,
    )


def _perform(
    function: Callable, args: Sequence, kwargs: Mapping, axes: Any, probes: tuple[tuple, ...]
) -> tuple[Any, Failure | None, str | None, str]:
    """What came back in wire-safe form, or the failure, or the fate and a sentence."""
    try:
        value = function(*args, **kwargs)
    except MemoryError:
        return None, None, "memory", "it asked for more memory than there is"
    except BaseException as error:
        return None, describe(error, function), None, ""
    value, fate, detail = _read(value, axes, probes)
    return value, None, fate, detail


def _read(value: Any, axes: Any, probes: tuple[tuple, ...]) -> tuple[Any, str | None, str]:
    """The result in wire-safe form, or its fate and a sentence."""
    try:
        if axes is not None:
            from autograder.sandbox.drawing import read_drawing

            value = read_drawing(axes)
        return freeze(value, _prober(probes)), None, ""
    except TooLarge as error:
        return None, "invalid_output", str(error)
    except MemoryError:
        return None, "memory", "its result does not fit into memory"
    except Exception as error:
        return None, "invalid_output", f"its result could not be read ({type_name(error)})"


def _prober(probes: tuple[tuple, ...]) -> Callable[[Callable], tuple[Observation, ...]] | None:
    """Applies a callable found in a result to each probe. A callable that this returns in turn stays foreign."""
    if not probes:
        return None
    return lambda function: tuple(observe(function, Call("", args=probe)) for probe in probes)


class Sink(io.TextIOBase):
    """A text stream that forgets everything, with a `buffer` that does so too."""

    encoding = "utf-8"

    class _Bytes(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: Any) -> int:
            return len(data)

    @cached_property
    def buffer(self) -> io.RawIOBase:
        return self._Bytes()

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(text)

    def close(self) -> None:
        """It stays open: the next call writes to it too."""


_SINK = Sink()


def _changed(original: tuple, private: tuple) -> tuple[int, ...]:
    return tuple([i for i, before in enumerate(original) if not _untouched(before, private[i])])


def _thaw(value: Any) -> Any:
    """A private copy of an argument, with `Seeded` and `Tree` made into what the function expects."""
    if type(value) in _SIMPLE:
        return value
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
