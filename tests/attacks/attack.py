"""One attack: what it tries, the code that tries it, and what is there to stop it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reach:
    """An attack on the machine, on the grader, or on other students.

    body: that of a function which returns something true when it got through. It finds the names of `lab.PRELUDE`.
    layers: each of them stops it alone. refusal: a regular expression for what is seen when every layer is on.
    alone: the same for one layer at a time, where that differs. for_root: without root there is nothing to take away,
    the system itself refuses. bare: why it cannot be seen going through without layers; empty where it can.
    """

    name: str
    body: str
    layers: tuple[str, ...]
    refusal: str
    alone: str = ""
    for_root: bool = False
    bare: str = ""


@dataclass(frozen=True)
class Havoc:
    """An attack on the process it runs in, or on the patience and memory of whoever waits for it.

    cells: a program with a function f, which is called twice. fate: what the parent says of the first call; None
    where it comes back. said: a regular expression for the detail or the failure. by: what stops it. brief: it is
    meant to use up its deadline. bare: what becomes of a plain Python that runs it; a number is its exit status
    (negative: the signal), "hangs" and "swells" speak for themselves, anything else says why it is not tried.
    """

    name: str
    cells: tuple[str, ...]
    fate: str | None
    said: str
    by: str
    bare: int | str
    brief: bool = False


@dataclass(frozen=True)
class Cheat:
    """An attempt at marks without a right answer.

    cells: they define `sigmoid`, wrongly (or `expr_sigmoid_second`, where `name` says text). by: why it earns nothing.
    trusting: whether a grader that runs a student's code in its own process gives full marks for it.
    status: what the exercise is said to be; said: a regular expression for the message.
    """

    name: str
    cells: tuple[str, ...]
    by: str
    trusting: bool = True
    status: str = "failed"
    said: str = "."
