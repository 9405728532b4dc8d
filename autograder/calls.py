"""What a judge asks of a student's function, and what came back.

A judge never holds a student's function. It writes down `Call`s; whoever does hold the function (a sandboxed
process, or the student's own notebook) performs them and returns one `Observation` for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Seeded:
    """An argument that becomes `numpy.random.default_rng(seed)` where the call is performed."""

    seed: int


@dataclass(frozen=True)
class Call:
    """One call of the function `function`.

    args, kwargs: wire-safe values (see `sandbox/wire.py`): None, bool, int, float, str, lists, tuples, dicts with
        string keys, NumPy arrays of bool, integer and float dtype, `Tree`, `Seeded`.
    canvas: pass a fresh matplotlib Axes as the first argument and observe what was drawn on it.
    probes: argument tuples; a callable found in the result is applied to each (it never crosses the wire itself).
    """

    function: str
    args: tuple = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    canvas: bool = False
    probes: tuple[tuple, ...] = ()


@dataclass(frozen=True)
class Failure:
    """An exception raised by a student's function: its class name, its message (untrusted text), the line."""

    kind: str
    message: str
    line: int | None = None


@dataclass(frozen=True)
class Observation:
    """What one call did.

    value: the result in wire-safe form; a SymPy expression as a `Tree`, `Step` and `Repair` as they are with `Tree`
        inside, a callable as `Applied`, anything else as `Foreign`.
    failure: the exception, if one was raised.
    warnings: "RuntimeWarning: overflow encountered in exp", one per warning.
    changed: the positions of array arguments whose bytes differ after the call.
    fate: None when the call came back; otherwise why it did not: "timeout", "memory", "killed", "invalid_output",
        or "missing" (no such function), or "unreached" (the time of the exercise was used up by an earlier call).
    detail: one sentence for the person, when there is more to say about the fate.
    """

    value: Any = None
    failure: Failure | None = None
    warnings: tuple[str, ...] = ()
    changed: tuple[int, ...] = ()
    fate: str | None = None
    detail: str = ""

    @property
    def returned(self) -> bool:
        return self.fate is None and self.failure is None


@dataclass(frozen=True)
class Applied:
    """A callable in a result, seen only through what it gave for the probes of the call."""

    outputs: tuple[Observation, ...]


@dataclass(frozen=True)
class Foreign:
    """A result of a type that no exercise asks for: only its type's name is kept."""

    type_name: str
    reason: str = ""


@dataclass(frozen=True)
class Drawing:
    """What was drawn on the Axes: data, never pixels.

    lines: one dict a line with "x", "y" (1-D float arrays), "label", "style"; points: the same for scatter and
    marker-only plots; meshes: dicts with "x", "y", "z" for images, contours and pcolormesh; texts: every string.
    """

    lines: tuple[dict, ...] = ()
    points: tuple[dict, ...] = ()
    meshes: tuple[dict, ...] = ()
    texts: tuple[str, ...] = ()
    title: str = ""
    xlabel: str = ""
    ylabel: str = ""
    xscale: str = "linear"
    yscale: str = "linear"
    xlim: tuple[float, float] = (0.0, 1.0)
    ylim: tuple[float, float] = (0.0, 1.0)
    legend: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One line of a derivation: an expression (SymPy, or text in the course's syntax) and the rule that gave it.

    `Step(..., "rule")` is a line still to be filled in.
    """

    expr: Any
    rule: str = ""

    def __post_init__(self) -> None:
        if self.expr is ...:
            raise NotImplementedError(f"this step is still yours to fill in: {self.rule or 'no rule given'}")


@dataclass(frozen=True)
class Repair:
    """A mistake found: the number of the wrong line (from 1), the corrected line, and a point where the two differ."""

    line: int
    fix: Any
    witness: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Program:
    """A student's code as it will be run: the cells in order, magics already turned into plain Python.

    student: the name declared by `STUDENT = "..."` in the code, if there is one.
    scripts: path and source of the files beside it that the code may import.
    """

    cells: tuple[str, ...]
    student: str | None = None
    scripts: tuple[tuple[str, str], ...] = ()
