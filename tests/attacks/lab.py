"""Where attacks are tried: a sandbox whose layers can be left out, a victim to reach for, and what was seen."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.calls import Call, Observation, Program
from autograder.sandbox import Sandbox
from autograder.sandbox.layers import LAYERS
from tests.attacks.attack import Reach

ROOT = Path(__file__).resolve().parents[2]
PRECIOUS = "precious"
_NAMED_IN = re.compile(r"(?:syscall|known)\('(\w+)'")

PRELUDE = """
import ctypes, os, sys, time
ROOT, SOLUTION, VICTIM, NUMBERS = {root!r}, {solution!r}, {victim!r}, {numbers!r}
plain = ctypes.CDLL(None, use_errno=True).syscall
def syscall(name, *words):
    # as long: what ctypes takes for an int leaves the upper half of a register to chance
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in words]
    result = plain(ctypes.c_long(NUMBERS[name]), *words)
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result or True
def known(name, *words):
    try:
        return syscall(name, *words)
    except OSError as error:
        if error.errno in (3, 7, 14, 22): return True  # it was read, and found wanting
        raise
"""


@dataclass(frozen=True)
class Seen:
    """What came of one attack. through: whether it got what it wanted; said: how that showed, in a line."""

    through: bool
    said: str


class Lab:
    """A sandbox of two layers' choice at a time. `through` tries one attack in it."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self.sandbox = sandbox
        self.victim = folder / "other" / "submission.py"
        self.victim.parent.mkdir(mode=0o777)
        for place in (self.victim.parent, folder):
            place.chmod(0o777)
        solution = next((ROOT / "solutions").rglob("*.py"))
        self._names = {"root": str(ROOT), "solution": str(solution), "victim": str(self.victim)}

    def attempt(self, attack: Reach, layers: Sequence[str]) -> Seen:
        """Try it in a child that wears only these layers. The victim is unharmed unless the attack got through."""
        for left in self.victim.parent.iterdir():
            left.rmdir() if left.is_dir() and not left.is_symlink() else left.unlink()
        self.victim.write_text(PRECIOUS)
        self.victim.chmod(0o666)
        prelude = PRELUDE.format(**self._names, numbers=_numbers(attack.body))
        program = Program((f"{prelude}def f():\n    {attack.body}", "def g():\n    return bool(f())"))
        with worn(self.sandbox, layers):
            ((seen,),) = self.sandbox.perform(program, [[Call("g")]]).observations
        through = seen.returned and seen.value is True
        assert through or self.victim.read_text() == PRECIOUS, "the victim was harmed by an attack that failed"
        return Seen(through, "done" if through else told(seen))


@contextlib.contextmanager
def lab() -> Iterator[Lab]:
    with (
        tempfile.TemporaryDirectory(prefix="lab-") as folder,
        Sandbox("available", memory_mb=256, time_limit=20) as sandbox,
    ):
        yield Lab(sandbox, Path(folder))


@contextlib.contextmanager
def worn(sandbox: Sandbox, layers: Sequence[str]) -> Iterator[None]:
    before, sandbox._worn = sandbox._worn, tuple(layers)
    try:
        yield
    finally:
        sandbox._worn = before


def alone(layer: str) -> tuple[str, ...]:
    """One layer and nothing else, but for what it takes to put it on."""
    return tuple(name for name in LAYERS if name in ("no_new_privs", layer))


def told(seen: Observation) -> str:
    """What an observation says of an attack that failed: the exception, or the fate, or what was returned."""
    if seen.failure:
        return f"{seen.failure.kind}: {seen.failure.message}".replace("\n", " ")
    return f"{seen.fate}: {seen.detail}" if seen.fate else f"returned {seen.value!r}"


def am_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _numbers(body: str) -> dict[str, int]:
    import pyseccomp

    return {name: pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) for name in _NAMED_IN.findall(body)}
