"""What is fuzzed, and what must hold: one documented exception and no other, and what is right stays right."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from autograder.calls import Program
from autograder.grading.student import Packet, read
from autograder.grading.submissions import NoSubmissions, find_submissions
from autograder.notebooks.read import Unreadable, read_bytes
from autograder.notebooks.statements import bound_names, statement_at
from autograder.sandbox.request import Repertoire
from autograder.sandbox.statements import statements
from autograder.sandbox.wire import MAX_FRAME, WireError, burden, missing, pack, recall, split, unpack
from tests.fuzz import frames, notebooks
from tests.test_wire import same, values

ANSWER = "def sigmoid(x):\n    return 2 * x"


@dataclass(frozen=True)
class Target:
    """One property: whatever `inputs` draws, `check` raises nothing."""

    name: str
    inputs: st.SearchStrategy
    check: Callable[[Any], None]


def a_file_is_read_or_unreadable(file: tuple[str, bytes]) -> None:
    program = _program(*file)
    if program is None:
        return
    bound_names(program.cells)
    for cell in program.cells:
        assert cell.encode("utf-8").strip()
        assert "\0" not in cell
        assert "\r" not in cell
        for line in range(min(cell.count("\n") + 2, 20)):
            statement_at(cell, line)
    for statement in statements(program.cells):  # what the sandbox makes of it
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            statement.compile(0)
    pack(program)


def _program(name: str, data: bytes) -> Program | None:
    """None when it is unreadable, and says so in one sentence."""
    try:
        return read_bytes(name, data)
    except Unreadable as error:
        reason = error.reason
    assert reason.endswith(".")
    assert "\n" not in reason
    return None


def a_neighbour_takes_nothing_away(source: str) -> None:
    """Whatever stands in the cells around it, a sound function is found, whole, and before the noise that follows."""
    data = notebooks.as_json({"cells": [{"source": source}, {"source": ANSWER}, {"source": source}]})
    cells = read_bytes("a.ipynb", data).cells
    assert ANSWER in cells
    assert all(cell.encode("utf-8") for cell in cells)  # no lone surrogates, at which compilers and files balk


def a_submission_is_routed(files: list[tuple[str, bytes]]) -> None:
    work = read(Packet("Ana", tuple((f"{number}/{name}", data) for number, (name, data) in enumerate(files))))
    assert work.exercises
    assert all(0 <= home < len(work.programs) for home in work.homes.values())


def a_class_in_a_zip_file_is_found_or_refused(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "class" / "Ana").mkdir(parents=True)
        for place in (Path(folder) / "class.zip", Path(folder) / "class" / "Ana" / "work.zip"):
            place.write_bytes(data)
        for place in (Path(folder) / "class.zip", Path(folder) / "class"):
            with contextlib.suppress(NoSubmissions):
                for submission in find_submissions(place):
                    for file in submission.files:
                        with contextlib.suppress(Unreadable):
                            file.read()


def a_value_arrives(value: Any) -> None:
    frame = pack(value)
    assert missing(frame) == 0
    assert split(bytearray(frame)) == [frame]
    assert burden(frame) >= len(frame)
    assert same(unpack(frame), value)
    assert same(recall(frame), value)


def a_frame_is_read_or_refused(frame: bytes) -> None:
    with contextlib.suppress(WireError):
        assert missing(frame[:8]) <= MAX_FRAME
    try:
        value = unpack(frame)
    except WireError:
        return
    assert same(unpack(pack(value)), value)


def a_request_is_read_or_refused(request: bytes) -> None:
    with contextlib.suppress(WireError):
        Repertoire().read(request)
    with tempfile.TemporaryFile() as file:
        file.write(request)
        file.flush()
        with contextlib.suppress(WireError):
            Repertoire().learn(file.fileno())


TARGETS = (
    Target("a file is read or unreadable", notebooks.handed_in, a_file_is_read_or_unreadable),
    Target("a neighbour takes nothing away", notebooks.sources, a_neighbour_takes_nothing_away),
    Target("a submission is routed", st.lists(notebooks.handed_in, max_size=3), a_submission_is_routed),
    Target(
        "a class in a zip file is found or refused",
        notebooks.mutated(notebooks.archives),
        a_class_in_a_zip_file_is_found_or_refused,
    ),
    Target("a value arrives", values, a_value_arrives),
    Target("a frame is read or refused", frames.noise, a_frame_is_read_or_refused),
    Target("a request is read or refused", frames.requests, a_request_is_read_or_refused),
)
