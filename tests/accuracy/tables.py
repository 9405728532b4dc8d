"""The tables of tests/data/truth, which others computed: a row of them as a call and the value it owes."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from mpmath import mp, mpf

from tests.accuracy.measure import Trial, Truth, allowed, beyond, error, unit
from tests.accuracy.owed import OWED

FOLDER = Path(__file__).parent.parent / "data" / "truth"
NAMES = {"bce_logits": "bce_with_logits", "cce_logits": "cce_with_logits", "focal_logits": "focal_with_logits"}


@dataclass(frozen=True)
class Row:
    """One line of a table. args: float64 arrays with one entry or one row each; exact, single: the owed values as text."""

    table: str
    number: int
    args: dict[str, np.ndarray]
    options: dict[str, float]
    exact: list[str]
    single: list[str]

    @property
    def function(self) -> str:
        return NAMES.get(self.table, self.table)


def rows() -> Iterator[Row]:
    for path in sorted(FOLDER.glob("*.csv")):
        for number, line in enumerate(csv.DictReader(path.read_text("utf-8").splitlines())):
            args, options = _arguments(path.stem, _loaded(line["input"]))
            yield Row(path.stem, number, args, options, _listed(line["exact_40"]), _listed(line["f32"]))


def _loaded(text: str):
    return json.loads(text) if text[0] in "[{" else text


def _listed(text: str) -> list[str]:
    value = _loaded(text)
    return value if isinstance(value, list) else [value]


def _arguments(table: str, given) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    named = given if isinstance(given, dict) else {"x": given}
    options = {name: float(named[name]) for name in ("gamma", "alpha", "delta") if name in named}
    rest = {name: np.atleast_1d(np.array(value, float)) for name, value in named.items() if name not in options}
    if "k" in rest:
        z = rest["z"]
        return {"y": np.eye(z.size)[int(rest["k"][0])][None], "z": z[None]}, options
    order = [name for name in ("y", "x", "yhat", "s") if name in rest]
    return {name: rest[name][None] if isinstance(given, list) else rest[name] for name in order}, options


def shortfall(row: Row, function: Callable, dtype: str) -> str | None:
    """What is wrong with the function at this row; None when nothing is."""
    with np.errstate(all="ignore"):
        args = tuple(array.astype(dtype) for array in row.args.values())
        got = np.atleast_2d(function(*args, **row.options))
    texts = row.exact if dtype == "float64" else row.single
    with mp.workdps(60):
        exact = [mpf(0) if "tiny" in text or "**" in text else mpf(text) for text in texts]
        hi = [float(value) for value in exact]
        lo = [float(v - mpf(h)) if np.isfinite(h) else 0.0 for v, h in zip(exact, hi, strict=True)]
    owed = OWED[row.function]
    trial = Trial(args, owed.variants[0] | row.options, Truth(np.array([hi]), np.array([lo])), dtype, owed)
    with np.errstate(all="ignore"):
        room = allowed(trial) + (unit(trial) / 2 if dtype != "float64" else 0)  # that table is rounded already
    miss = np.where(beyond(got, trial, room), 0.0, error(got, trial.truth))
    if got.dtype == dtype and np.all((miss == 0) | (miss <= room)):  # an infinite truth has no room
        return None
    return f"{row.function}({', '.join(str(a.tolist()) for a in args)}) = {got!r}, and should be {texts}"
