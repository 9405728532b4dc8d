"""Whether a student's code has left the process as it found it: if not, its other exercises go on in a fresh one.

One exercise that patches NumPy, or sets a timer, would otherwise spoil the next one of the same student. Code that
deceives this too only spoils its own submission: what it hands back is judged like any other answer.
"""

from __future__ import annotations

import dis
import gc
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping
from operator import is_
from types import CodeType

# What nearly every function leans on.
_LEANED_ON = (
    *("builtins", "json", "math", "random", "time", "warnings"),
    *("numpy", "numpy.linalg", "numpy.random", "sympy"),
)
_TIMERS = [getattr(signal, name) for name in ("ITIMER_REAL", "ITIMER_VIRTUAL", "ITIMER_PROF") if hasattr(signal, name)]


# By these names a function reaches what is not its own, unless it says so openly: `np.exp = ...`.
_REACHES = frozenset(
    (
        *("setattr", "delattr", "exec", "eval", "compile", "vars", "globals", "builtins", "inspect", "mock", "patch"),
        *("modules", "reload", "import_module", "importlib", "settrace", "setprofile", "setrecursionlimit"),
        *("gc", "signal", "ctypes", "threading", "faulthandler"),
    )
)
_HARMLESS = frozenset(
    (
        *("__init__", "__name__", "__version__", "__doc__", "__file__", "__future__", "__call__"),
        *("__module__", "__qualname__", "__annotations__", "__static_attributes__", "__firstlineno__"),
    )
)
_OWN = frozenset({"self", "cls"})
_LOAD_FAST = dis.opmap["LOAD_FAST"]
_SETS_ATTRIBUTE = tuple(dis.opmap[name] for name in ("STORE_ATTR", "DELETE_ATTR"))


def may_meddle(program: Iterable[CodeType]) -> bool:
    """Whether any of this could leave more behind than names of its own. Most programs could not.

    It only spares those a snapshot, which costs as much as two exercises: looking at an object is writing to its page.
    """
    return any(map(_reaches, program))


def _reaches(code: CodeType) -> bool:
    if any(_is_reach(part) for name in code.co_names for part in name.split(".")) or _sets_attributes(code):
        return True
    return may_meddle(const for const in code.co_consts if isinstance(const, CodeType))


def _is_reach(name: str) -> bool:
    return name in _REACHES or (name.startswith("__") and name not in _HARMLESS)


def _sets_attributes(code: CodeType) -> bool:
    """Of anything but `self`. What the compiler has made harder to read counts as of anything."""
    body = code.co_code
    operations = body[::2]
    if not any(one in operations for one in _SETS_ATTRIBUTE):
        return False
    places = (2 * place for place, one in enumerate(operations) if one in _SETS_ATTRIBUTE)
    return any(body[at - 2] != _LOAD_FAST or code.co_varnames[body[at - 1]] not in _OWN for at in places)


class Snapshot:
    """What the modules hold when it is taken. What is added later is no meddling: an import adds names."""

    def __init__(self) -> None:
        self._held = [(space, names, [space[name] for name in names]) for space, names in _spaces()]
        self._switches = _switches()

    def still_true(self) -> bool:
        """Whether every name still means the very same object, and no trace, timer or limit is another."""
        # map and is_ keep this in C: some two thousand names in a tenth of a millisecond.
        same = all(all(map(is_, map(space.get, names), values)) for space, names, values in self._held)
        return same and _switches() == self._switches


def _spaces() -> Iterator[tuple[Mapping, Iterable[str]]]:
    """The modules by name, their names and, of the sandbox's own, those of their classes."""
    leaned_on = [name for name in _LEANED_ON if name in sys.modules]
    ours = [name for name in sys.modules if name.startswith("autograder.") and name != __name__]
    yield sys.modules, [*leaned_on, *ours]
    for module in map(sys.modules.get, [*leaned_on, *ours]):
        yield vars(module), list(vars(module))
    for name in ours:
        for value in list(vars(sys.modules[name]).values()):
            if isinstance(value, type) and value.__module__ == name:
                yield vars(value), list(vars(value))


def _switches() -> tuple:
    timers = tuple(signal.getitimer(timer) for timer in _TIMERS)
    return sys.gettrace(), sys.getprofile(), sys.getrecursionlimit(), gc.isenabled(), timers
