"""What a child is to do, as a file: the program and, each in a frame of its own, the calls of every group.

Most groups are the same for a whole class. Those are packed once and go by a name; the zygote unpacks them once, and
its children find them there. What was asked of one student only (a variant) has no name, and is unpacked by the child.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

from autograder.calls import Call, Program
from autograder.sandbox import wire

MOST_GROUPS = 512  # a course has some two hundred exercises
PREFIX = 8  # bytes of a frame that say how long it is

Calls = Sequence[Call]


class Packer:
    """Packs requests, and keeps the frames of groups for the next ones; several threads may use one."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[Calls, str, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def pack(self, program: Program, groups: Sequence[Calls]) -> bytes:
        """Raises WireError when the program or a call is not wire-safe."""
        packed = [self._frame(calls) for calls in groups]
        names = [name for name, _ in packed]
        return b"".join([wire.pack(names), wire.pack(program), *(frame for _, frame in packed)])

    def _frame(self, calls: Calls) -> tuple[str, bytes]:
        """The name and the frame of a group; the name is empty while only one request has asked for it."""
        if type(calls) is not tuple:  # it may change, so its identity says nothing
            return "", wire.pack(list(calls))
        with self._lock:
            _, name, frame = self._kept.pop(id(calls), (None, None, b""))
            known = name is not None
            frame = frame or wire.pack(list(calls))
            name = (name or hashlib.sha256(frame).hexdigest()) if known else ""
            self._kept[id(calls)] = calls, name, frame  # holding the calls keeps their id from being given away
            if len(self._kept) > MOST_GROUPS:
                self._kept.popitem(last=False)
        return name, frame


class Repertoire:
    """The groups that were asked for by name, unpacked."""

    def __init__(self) -> None:
        self._groups: OrderedDict[str, list[Call]] = OrderedDict()

    def learn(self, file: int) -> list[list[Call]]:
        """Unpack what has a name and is new in a request, given as a descriptor; return that.

        Nothing else is read: what the zygote has once read stays about in its memory, where a later student's child
        could find it, and the program is another student's work. Raises WireError when it is no request.
        """
        piece = _pieces(file)
        first, *places = _places(piece)
        names = _names(piece(*first), len(places) - 1)
        new = [(n, place) for n, place in zip(names, places[1:], strict=True) if n and n not in self._groups]
        learned = {name: wire.unpack(piece(*place)) for name, place in new}
        self._groups.update(learned)
        while len(self._groups) > MOST_GROUPS:
            self._groups.popitem(last=False)
        return list(learned.values())

    def read(self, request: bytes | int) -> tuple[Program, list[list[Call]]]:
        """The program and the groups of a request, given as bytes or as a descriptor. Raises WireError when it is none.

        Frames of groups that were learned are not looked at again.
        """
        piece = _pieces(request)
        first, *places = _places(piece)
        names = _names(piece(*first), len(places) - 1)
        program, *places = places
        groups = [
            self._groups.get(name) or wire.unpack(piece(*place)) for name, place in zip(names, places, strict=True)
        ]
        return wire.unpack(piece(*program)), groups


def _pieces(request: bytes | int) -> Callable[[int, int], bytes]:
    """What gives so many bytes of a request from a place on: fewer than asked for, or none, at its end."""
    if isinstance(request, bytes):
        return lambda start, size: request[start : start + size]
    return lambda start, size: os.pread(request, size, start)  # with a place, for others read the same file


def _places(piece: Callable[[int, int], bytes]) -> list[tuple[int, int]]:
    """Where each frame of a request begins and how long it is: of the names, of the program, and of each group."""
    start, places = 0, []
    while prefix := piece(start, PREFIX):
        size = PREFIX + wire.missing(prefix)
        places.append((start, size))
        start += size
    return places or [(0, 0)]


def _names(frame: bytes, groups: int) -> list[str]:
    names = wire.unpack(frame)
    if type(names) is not list or len(names) != groups or any(type(name) is not str for name in names):
        raise wire.WireError("a request that does not name its groups")
    return names
