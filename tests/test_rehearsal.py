"""What is played through before children are forked is known to them, and leaves nothing else behind."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from autograder.calls import Call, Observation, Seeded
from autograder.expressions import parse
from autograder.sandbox import wire
from autograder.sandbox.rehearsal import overture, rehearse


def misses() -> int:
    return wire._npy_header.cache_info().misses + wire._head_without_trouble.cache_info().misses


def test_what_a_call_is_answered_with_needs_no_new_header_afterwards():
    array = np.zeros((3, 1, 41), np.float32)
    rehearse([(Call("f", (array,)),)])
    before = misses()
    wire.pack(Observation(value=array.copy()))
    assert misses() == before
    wire.pack(Observation(value=np.zeros((3, 1, 43), np.float32)))
    assert misses() == before + 2


@pytest.mark.parametrize(
    "call",
    [
        Call("f"),
        Call("f", kwargs={"axis": 0}),
        Call("f", (Seeded(1),)),
        Call("f", (parse("x + 1"),)),
        Call("f", (1, 2), probes=((0.0,), (1.0,))),
        Call("f", canvas=True),
    ],
)
def test_no_call_is_too_odd_to_be_rehearsed(call):
    rehearse([(call, Call("g", (1.0,)))])


def test_afterwards_the_streams_and_the_main_module_are_those_of_before():
    before = sys.stdout, sys.stderr, sys.modules["__main__"]
    overture()
    assert (sys.stdout, sys.stderr, sys.modules["__main__"]) == before
