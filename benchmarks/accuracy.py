"""How exact the references are, beside SciPy, PyTorch and the formulas of textbooks.

    python -m benchmarks.accuracy [--write] [--truths FOLDER]

prints the tables, or writes them to docs/accuracy.md; a peer that is not installed is named as missing. Truths take a
few minutes and are kept in FOLDER when one is given. Points, truths and allowances are those of tests/test_accuracy.py.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from autograder import registry
from benchmarks.accuracy_peers import TEXTBOOK, scipy_peers, torch_peers
from tests.accuracy.limited import dispatched
from tests.accuracy.measure import DTYPES, Trial, allowed, beyond, called, conditioned, error, trials, unit, worst
from tests.accuracy.owed import OWED, numeric

PAGE = Path(__file__).parent.parent / "docs" / "accuracy.md"
LIBRARIES = {"SciPy": ("scipy", scipy_peers), "PyTorch": ("torch", torch_peers)}
SMALLEST = float(np.finfo(float).smallest_subnormal)
INTRODUCTION = """# How exact the functions are

Made by `python -m benchmarks.accuracy --write`; asserted, function by function, by `tests/test_accuracy.py`. Errors are
measured against mpmath at points that are committed in `tests/data/points`: log-spaced from the smallest subnormal
number to the largest, dense and random where exp neither over- nor underflows, close to every threshold known to
make trouble, and where terms cancel to 1e-17 of their size. One ULP is the distance from the truth to the next number of
its size; no answer is closer than 0.5 at every point.
"""
OURS = """
## The reference functions

The worst error in ULP at any point. Owed are 4 in float64 (7 for the GELU family, 4 + gamma up to 6 for focal ones), 0.51 in
float32, 1 in float16; results below the smallest normal number may miss by two of the smallest steps. Where terms
cancel, all digits of the difference are owed. Only `log_softmax`, marked κ, puts a rounded difference into an
exponential: at points where this, done as well as can be, costs κ units, its error is divided by 1 + κ
(`tests/accuracy/owed.py` says why). The last column is the largest share of what is owed that any point uses up in
float64, and where.
"""
PEERS = """
## Beside others, in float64

Each cell gives the worst error, in the same units, and the share of the points at which fewer than 8 digits are right,
though 8 digits are owed. The points favour extremes on purpose: the shares compare columns, and are no forecast for your
data. "∞" is an error without bound: nan or infinity where a number is due, or a number where infinity is. A dash: the
library has no such function.
"""


@dataclass(frozen=True)
class Score:
    """The worst error in (1 + kappa) ULP, and the share of points that lack eight right digits."""

    ulps: float
    lost: float

    def __str__(self) -> str:
        return f"{worded(self.ulps)} · {percent(self.lost)}"


def worded(ulps: float) -> str:
    if not np.isfinite(ulps):
        return "∞"
    return f"{ulps:.2f}" if ulps < 100 else f"{ulps:.0f}" if ulps < 1e5 else f"{ulps:.0e}".replace("e+", "e")


def percent(share: float) -> str:
    return "0 %" if share == 0 else "< 0.1 %" if share < 0.001 else f"{100 * share:.1f} %"


def scored(results: Iterator[tuple[Trial, np.ndarray]]) -> Score:
    worst_ulps, lost, count = 0.0, 0, 0
    for trial, got in results:
        room = allowed(trial)
        miss = np.where(beyond(got, trial, room), 0.0, error(got, trial.truth))
        with np.errstate(all="ignore"):
            units = conditioned(trial) + (unit(trial) if trial.dtype != "float64" else 0)
            worst_ulps = max(worst_ulps, float(np.max(miss / units, initial=0, where=miss > 0)))
            eight = np.maximum(1e-8 * np.abs(trial.truth.hi), room)
            lost += int(np.sum(~(miss <= eight + 2 * SMALLEST) & (miss > 0)))
        count += miss.size
    return Score(worst_ulps, lost / count)


def first_options(name: str, dtype: str, folder: Path) -> Iterator[Trial]:
    """The points with the options of the signature: every peer has those."""
    return (trial for trial in trials(name, dtype, folder) if trial.options is OWED[name].variants[0])


def own(name: str, function: Callable, dtype: str, folder: Path) -> Score:
    return scored((trial, called(function, trial)) for trial in first_options(name, dtype, folder))


def peer(name: str, function: Callable, folder: Path) -> Score:
    def results() -> Iterator[tuple[Trial, np.ndarray]]:
        for trial in first_options(name, "float64", folder):
            with np.errstate(all="ignore"):
                yield trial, np.asarray(function(*trial.block, **trial.options)).reshape(trial.truth.hi.shape)

    return scored(results())


def installed() -> tuple[Mapping[str, Mapping[str, Callable]], list[str]]:
    """The peers by name of the library, and a line on each of them."""
    found, said = {}, []
    for library, (package, peers) in LIBRARIES.items():
        with contextlib.suppress(ImportError):
            importlib.import_module(package)
            found[library] = peers()
        said.append(f"{library} {version(package)}" if library in found else f"{library}: missing here")
    return found, said


def place(where: str) -> str:
    """The arguments at the worst point, short enough for a column; rows of logits are too long for one."""
    called = where.split(" = ")[0].removesuffix("[0]")
    call = called[called.index("(") :]
    short = re.sub(r"-?\d+\.\d+(e[-+]?\d+)?", lambda number: f"{float(number[0]):.5g}", call)
    return f"`{short}`" if len(short) <= 48 else "a long row"


def tables(folder: Path) -> str:
    libraries, said = installed()
    ours, beside = [], []
    for item in numeric(registry.exercises().values()):
        if item.id not in OWED:
            continue
        scores = [own(item.id, item.reference, dtype, folder) for dtype in DTYPES]
        found = worst(item.id, item.reference, "float64", folder)
        where = place(found.where) if found.share else "–"
        shown = f"`{item.id}`" + (" κ" if OWED[item.id].spread else "")
        ours.append([shown, *(worded(score.ulps) for score in scores), f"{found.share:.2f}", where])
        others = [columns.get(item.id) for columns in (*libraries.values(), TEXTBOOK)]
        if any(others):
            cells = [str(peer(item.id, function, folder)) if function else "–" for function in others]
            beside.append([shown, str(scores[0]), *cells])
    said = [f"NumPy {np.__version__} ({' '.join(dispatched()) or 'baseline only'})", *said]
    return "".join([
        INTRODUCTION,
        f"\nMeasured with {', '.join(said)}.\n",
        OURS,
        table(["function", *DTYPES, "of what is owed", "at"], ours),
        PEERS,
        table(["function", "ours", *libraries, "textbook formula in NumPy"], beside),
    ])  # fmt: skip


def table(head: list[str], lines: list[list[str]]) -> str:
    rule = ["---" if name in ("function", "at") else "---:" for name in head]
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in (head, rule, *lines))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name} instead of printing it")
    parser.add_argument("--truths", type=Path, help="where to keep the truths for another run")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = asked.truths or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        text = tables(folder)
    if asked.write:
        PAGE.write_text(text, "utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
