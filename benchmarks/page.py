"""docs/speed.md, written from what was measured: nothing in its tables or lists is typed by hand."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.contenders import MISSING, versions
from benchmarks.timing import Measured

PAGE = Path(__file__).parent.parent / "docs" / "speed.md"
TITLES = {"formula": "÷ formula", "reference": "÷ reference", "scipy": "÷ SciPy", "torch": "÷ torch"}
ABOUT = {
    "scipy": "SciPy has `expit`, `log_expit`, `ndtr`, `softmax`, `log_softmax` and `logsumexp`. The others are composed "
    "as its users do: softplus is `-log_expit(-x)`, SiLU `x * expit(x)`, GELU `x * ndtr(x)`, Mish "
    "`x * tanh(-log_expit(-x))`, the losses `mean(-log_expit(-x) - x * y)` and "
    "`-(y * log_softmax(z)).sum(-1).mean()`.",
    "torch": "The functions of `torch.nn.functional`, on the CPU, on one thread, without gradients. Its `softplus` "
    "returns x itself from 20 on.",
    "formula": "The textbook typed into NumPy. It overflows, and loses digits in the tails: what is compared is speed "
    "alone. It says what the careful forms cost.",
    "reference": "The functions that the course shows. They are written to be read, compute in float64 whatever comes, "
    "and make an array for every step.",
}
NAMES = {"scipy": "SciPy", "torch": "torch", "formula": "The plain formula", "reference": "The readable reference"}


def page(found: list[Measured]) -> str:
    return "\n".join(
        [*_opening(found), *_own(found), *_wins(found), *(line for peer in NAMES for line in _peer(found, peer))]
    )


def _opening(found: list[Measured]) -> Iterator[str]:
    yield "# Speed\n"
    yield (
        "How fast the forms in `solutions/fast` are beside others. Made by `python -m benchmarks.numerics --write`, in "
        "one process, on one thread; all contenders take turns, and none is counted the time that other programs had. A "
        "ratio is our time over theirs, of the medians over the rounds: **below 1 we are faster**. In brackets the "
        "quartiles of the ratios of single rounds. Inputs are normal with standard deviation 4, logits in rows 3.\n"
    )
    yield f"- processor: {_processor()}"
    yield f"- NumPy found: {', '.join(np.show_config(mode='dicts')['SIMD Extensions']['found'])}"
    yield f"- Python {platform.python_version()}, " + ", ".join(f"{name} {v}" for name, v in versions().items())
    for name in MISSING:
        yield f"- {name} was not installed: its tables are empty"
    yield ""


def _processor() -> str:
    try:
        names = re.findall(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE)
    except OSError:
        names = []
    return names[0].strip() if names else platform.processor() or platform.machine()


def _own(found: list[Measured]) -> Iterator[str]:
    yield "## Ours, in nanoseconds an entry\n"
    yield from _tables(found, lambda result: f"{result.nanoseconds:.2f}")


def _wins(found: list[Measured]) -> Iterator[str]:
    """Where another is faster beyond the spread of the rounds."""
    yield "## Where others are faster\n"
    for peer, name in {"torch": "torch", "scipy": "SciPy"}.items():
        lost = [result for result in found if (ratio := result.ratio(peer)) and ratio[0] > 1 and ratio[1] > 1]
        met = [result for result in found if result.ratio(peer)]
        yield f"**{name}** is faster in {len(lost)} of {len(met)} measurements.\n"
        for dtype in dict.fromkeys(result.dtype for result in lost):
            yield f"{dtype}, our time over that of {name}:\n"
            yield from _by_function([result for result in lost if result.dtype == dtype], peer)
            yield ""


def _by_function(lost: list[Measured], peer: str) -> Iterator[str]:
    for case in dict.fromkeys(result.case.name for result in lost):
        entries = (f"{r.ratio(peer)[0]:.1f} at {_power(r.size)}" for r in lost if r.case.name == case)
        yield f"- {case}: {', '.join(entries)}"


def _peer(found: list[Measured], peer: str) -> Iterator[str]:
    yield f"## {NAMES[peer]}\n"
    yield f"{ABOUT[peer]}\n"

    def cell(result: Measured) -> str:
        ratio = result.ratio(peer)
        return f"{ratio[0]:.2f} ({ratio[1]:.2f}–{ratio[2]:.2f})" if ratio else ""

    yield from _tables([r for r in found if any(r.case is o.case and o.ratio(peer) for o in found)], cell)


def _tables(found: list[Measured], cell) -> Iterator[str]:
    sizes = sorted({result.size for result in found})
    for dtype in dict.fromkeys(result.dtype for result in found):
        yield f"| {dtype} | " + " | ".join(map(_power, sizes)) + " |"
        yield "|---|" + "---:|" * len(sizes)
        by_case: dict[str, dict[int, str]] = {}
        for result in found:
            if result.dtype == dtype:
                by_case.setdefault(result.case.name, {})[result.size] = cell(result)
        for name, cells in by_case.items():
            yield f"| {name} | " + " | ".join(cells.get(size, "") for size in sizes) + " |"
        yield ""


def _power(size: int) -> str:
    return f"{size:.0e}".replace("e+0", "e").replace("e+", "e")
