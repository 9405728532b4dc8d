"""Requests: what is asked of a whole class is packed once, named, and learnt once; a variant stays with its student."""

from __future__ import annotations

import tempfile

import numpy as np
import pytest

from autograder.calls import Call, Program
from autograder.sandbox import wire
from autograder.sandbox.request import MOST_GROUPS, Packer, Repertoire

PROGRAM = Program(("x = 1",), "Ana")
COMMON = (Call("f", (np.arange(3.0),)), Call("f", (np.array(2),), {"axis": 0}))


def variant(number: int) -> tuple[Call, ...]:
    return (Call("answer", ({"n": number},)),)


def learn(repertoire: Repertoire, request: bytes) -> list:
    with tempfile.TemporaryFile() as file:
        file.write(request)
        file.flush()
        return repertoire.learn(file.fileno())


def same(left, right) -> bool:
    return wire.pack(list(left)) == wire.pack(list(right))


def test_program_and_groups_come_back_as_they_were():
    packer = Packer()
    for _ in range(3):
        program, groups = Repertoire().read(packer.pack(PROGRAM, [COMMON, variant(7), []]))
        assert program == PROGRAM
        assert same(groups[0], COMMON)
        assert same(groups[1], variant(7))
        assert groups[2] == []


def test_a_group_is_learnt_once_and_only_when_it_is_asked_for_again():
    packer, repertoire = Packer(), Repertoire()
    learnt = [learn(repertoire, packer.pack(PROGRAM, [COMMON, variant(number)])) for number in range(4)]
    assert [len(groups) for groups in learnt] == [0, 1, 0, 0]
    assert same(learnt[1][0], COMMON)


def test_what_was_learnt_is_handed_on_as_it_is():
    packer, repertoire = Packer(), Repertoire()
    packer.pack(PROGRAM, [COMMON])
    request = packer.pack(PROGRAM, [COMMON])
    assert learn(repertoire, request)
    assert repertoire.read(request)[1][0] is repertoire.read(request)[1][0]
    assert same(repertoire.read(request)[1][0], COMMON)


def test_a_list_that_changes_is_packed_anew():
    packer, calls = Packer(), [Call("f", (1,))]
    packer.pack(PROGRAM, [calls])
    calls.append(Call("f", (2,)))
    for _ in range(2):
        assert same(Repertoire().read(packer.pack(PROGRAM, [calls]))[1][0], calls)


def test_no_more_is_kept_than_a_course_needs():
    packer, repertoire = Packer(), Repertoire()
    groups = [variant(number) for number in range(2 * MOST_GROUPS)]
    for group in groups:
        packer.pack(PROGRAM, [group])
        request = packer.pack(PROGRAM, [group])
        assert learn(repertoire, request)
        assert same(repertoire.read(request)[1][0], group)
    assert len(packer._kept) <= MOST_GROUPS
    assert len(repertoire._groups) <= MOST_GROUPS


def test_what_is_not_wire_safe_is_refused():
    with pytest.raises(wire.WireError):
        Packer().pack(PROGRAM, [(Call("f", (object(),)),)])
