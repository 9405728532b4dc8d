"""Truths found once, kept on disk: the same numbers for every run of the same course on the same machine.

They lie in the user's folder for caches, a file for each function, named after all that decides them: the formula, the
engine that evaluates it, and mpmath. Nothing depends on them. A file that is missing, damaged or out of reach only costs
the time to find its truths anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from zipfile import BadZipFile

import mpmath
import numpy as np
import platformdirs

from autograder.exercise import Exercise
from autograder.judges.truth import Exact, Oracle

FIELDS = ("hi", "lo", "scale", "known")
MOST_FILES = 400  # a course has some two hundred functions; beyond this, the oldest go
_ENGINE = ("autograder.judges", "autograder.expressions", "autograder.domains")


@contextmanager
def kept(oracle: Oracle, exercise: Exercise) -> Iterator[None]:
    """Within, the oracle of an exercise knows what was kept of it; afterwards what it was asked is, if any was new."""
    name = _name(oracle, exercise)
    before = oracle.kept = _read(name) if name else {}
    yield
    if name and not oracle.known.keys() <= before.keys():
        _write(name, oracle.known)


def folder() -> Path:
    return Path(platformdirs.user_cache_dir("activations-proved")) / "truths"


def _name(oracle: Oracle, exercise: Exercise) -> str | None:
    """The name of the file; None for a function that is no part of the course, which has nothing to be told apart by."""
    decides = [oracle.names, sorted(oracle.discrete), sorted(oracle.limits.items()), oracle.kinked, mpmath.__version__]
    if callable(oracle.target):
        home = exercise.reference.__module__
        if not home.startswith("solutions.") or vars(import_module(home)).get(exercise.id) is not exercise:
            return None
        decides += [exercise.id, _digest("solutions")]
    else:
        decides.append(oracle.target)
    return hashlib.sha256(repr([*decides, *map(_digest, _ENGINE)]).encode()).hexdigest()[:32] + ".npz"


def _read(name: str) -> dict[str, Exact]:
    try:
        with (folder() / name).open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            points, sizes = (json.loads(bytes(file[part])) for part in ("points", "sizes"))
            ends = np.cumsum([sum(size) for size in sizes])[:-1]
            columns = [np.split(file[field], ends) for field in FIELDS]
        rows = zip(points, *columns, sizes, strict=True)
        return {point: Exact(*fields, tuple(size)) for point, *fields, size in rows}
    except (OSError, EOFError, BadZipFile, ValueError, KeyError, TypeError):
        return {}


def _write(name: str, truths: dict[str, Exact]) -> None:
    with suppress(OSError):
        place = folder()
        place.mkdir(parents=True, exist_ok=True)
        arrays = {field: np.concatenate([getattr(truth, field) for truth in truths.values()]) for field in FIELDS}
        texts = {"points": list(truths), "sizes": [truth.sizes for truth in truths.values()]}
        packed = {part: np.frombuffer(json.dumps(text).encode(), np.uint8) for part, text in texts.items()}
        with tempfile.NamedTemporaryFile(dir=place, suffix=".new", delete=False) as file:
            np.savez(file, **arrays, **packed)
        os.replace(file.name, place / name)
        _tidy(place)


def _tidy(place: Path) -> None:
    files = sorted(place.iterdir(), key=lambda path: path.stat().st_mtime)
    for path in files[:-MOST_FILES]:
        path.unlink(missing_ok=True)


@cache
def _digest(package: str) -> str:
    """Changes with every line of a module or of a package's modules."""
    origin = Path(import_module(package).__file__)
    files = sorted(origin.parent.rglob("*.py")) if origin.name == "__init__.py" else [origin]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()
