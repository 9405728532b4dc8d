"""The child's side: runs a student's cells, performs the calls, and tells what happened as it happens.

Nothing the parent believes comes from here but the observations: times and fates are its own. The frames are
("at", cell, statement, line) before each statement, ("loaded", names, failures), then the observations of the calls in
their order with ("done", group) behind those of each group, and ("spent",) when a fresh child had better go on.
"""

from __future__ import annotations

import ast
import linecache
import os
import random
import sys
import types
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.calls import Call, Failure, Observation, Program
from autograder.sandbox.ear import Ear
from autograder.sandbox.layers import OUT_OF_MEMORY
from autograder.sandbox.meddling import Snapshot, may_meddle
from autograder.sandbox.observe import Sink, describe, observe
from autograder.sandbox.scripts import Scripts
from autograder.sandbox.statements import Statement, file_of, statements
from autograder.sandbox.wire import WireError, pack

MAX_NAMES = 5_000
_SPENT = pack(("spent",))


@dataclass(frozen=True)
class Task:
    """What a child is to do: run `program` without the statements of `skip`, then the groups from `first` on."""

    program: Program
    groups: Sequence[Sequence[Call]]
    first: int = 0
    skip: frozenset[tuple[int, int]] = frozenset()
    definitions_only: bool = False

    @classmethod
    def ordered(cls, program: Program, groups: Sequence[Sequence[Call]], order: dict) -> Task:
        """From the parent's order, which came as JSON."""
        skip = frozenset((cell, statement) for cell, statement in order["skip"])
        return cls(program, groups, order["first"], skip, order["definitions_only"])


def work(task: Task, write: Callable[[bytes], Any]) -> None:
    """Do it. `write` sends bytes to the parent."""
    sys.stdout, sys.stderr = Sink(), Sink()
    namespace = _fresh_main()
    if task.program.scripts:
        sys.meta_path.append(Scripts(task.program.scripts))
    _seed()
    program = [one for one in statements(task.program.cells) if (one.cell, one.number) not in task.skip]
    failures = _load(task, program, namespace, lambda *frame: write(pack(frame)))
    names = [name for name, value in namespace.items() if callable(value) and type(name) is str]
    write(pack(("loaded", frozenset(names[:MAX_NAMES]), tuple(failures))))
    # Taken now: what the cells themselves change at the top level is how this notebook wants it.
    watched = task.program.scripts or may_meddle(statement.code for statement in program if statement.code)
    snapshot = Snapshot() if watched else None
    for group, calls in enumerate(task.groups[task.first :], task.first):
        _seed()
        with Ear() as ear:
            for call in calls:
                observation = _perform(call, namespace, ear)
                if observation is not None:
                    write(_frame_of(observation))
                if observation is None or observation.fate == "memory":
                    write(_SPENT)
                    return
        write(pack(("done", group)))
        if snapshot and not snapshot.still_true():
            write(_SPENT)
            return


def _seed() -> None:
    """A run repeats itself, and a group does not depend on what the one before it drew."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 students use the legacy generator too


def _fresh_main() -> dict[str, Any]:
    """The namespace of a module of its own called __main__, as in a notebook."""
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    return main.__dict__


def _load(
    task: Task, program: list[Statement], namespace: dict, tell: Callable[..., Any]
) -> list[tuple[int, int, Failure]]:
    """Run the cells; tell which statements failed, as (cell, line, failure).

    What failed for want of a name is tried again after all else has run: cells may stand in any order.
    """
    for cell, source in enumerate(task.program.cells):
        lines = source.splitlines(keepends=True)
        linecache.cache[file_of(cell)] = (len(source), None, lines, file_of(cell))  # for inspect.getsource
    pending = program
    failures: list[tuple[int, int, Failure]] = []
    flags = 0
    for last_pass in (False, True):
        orphans = []
        for statement in pending:
            if task.definitions_only and not statement.defines:
                continue
            tell("at", statement.cell, statement.number, statement.line)
            flags |= statement.future
            error = _run(statement, flags, namespace)
            if type(error) is NameError and not last_pass:
                orphans.append(statement)
            elif error is not None:
                failures.append((statement.cell, statement.line, describe(error)))
        pending = orphans
    _restore(program, {call.function for calls in task.groups for call in calls}, namespace)
    return failures


def _restore(program: list[Statement], asked: set[str], namespace: dict) -> None:
    """After `mse = mse(y, p)` the name is a number's, and the function that was written is there all the same."""
    overwritten = {name for name in asked if name in namespace and not callable(namespace[name])}
    for statement in program if overwritten else ():
        if isinstance(statement.node, ast.FunctionDef) and statement.node.name in overwritten:
            _run(statement, 0, namespace)


def _run(statement: Statement, flags: int, namespace: dict) -> BaseException | None:
    """Run one statement and return what it raised. Running out of memory ends the process: the parent will skip it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(statement.compile(flags), namespace)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BaseException as error:
        return error
    return None


def _perform(call: Call, namespace: dict, ear: Ear) -> Observation | None:
    """None when this process is no longer fit to observe anything: only code that meddles with it gets there."""
    function = namespace.get(call.function)
    if not callable(function):
        return Observation(fate="missing")
    try:
        return observe(function, call, ear)
    except BaseException:
        return None


def _frame_of(observation: Observation) -> bytes:
    try:
        return pack(observation)
    except WireError as error:
        return pack(Observation(fate="invalid_output", detail=str(error)))
