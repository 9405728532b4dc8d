"""The one chart of the teacher's page: how the points are spread over the class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from autograder.feedback.curves import TRUTH, YOURS
from autograder.feedback.figure import as_svg


@dataclass(frozen=True)
class Spread:
    """The per cents of a class and their median."""

    percents: tuple[float, ...]
    median: float


def spread(percents: list[float], median: float) -> str:
    """A histogram in steps of ten per cent, the median marked, as one `<svg>` element."""
    count = len(percents)
    point = f"How the points of {count} submissions are spread: the median is {median:.0f} per cent."
    return as_svg(_draw, Spread(tuple(percents), median), point)


def _draw(figure: Figure, data: Spread) -> None:
    figure.set_size_inches(6.4, 2.3)
    figure.subplots_adjust(left=0.07, right=0.98, top=0.88, bottom=0.2)
    axes = figure.subplots()
    counts, _ = np.histogram(data.percents, bins=np.arange(0, 101, 10))
    bars = axes.bar(np.arange(5, 100, 10), counts, width=9, color=TRUTH, linewidth=0)
    axes.bar_label(bars, labels=[str(count) if count else "" for count in counts], padding=2)
    axes.axvline(data.median, color=YOURS, linewidth=1.2)
    side = "right" if data.median > 75 else "left"
    axes.annotate(
        f"median {data.median:.0f} %", (data.median, 1), xycoords=("data", "axes fraction"),
        xytext=(-4 if side == "right" else 4, 8), textcoords="offset points", ha=side, va="top", color=YOURS,
    )  # fmt: skip
    axes.set_xlim(0, 100)
    axes.set_ylim(0, max(int(counts.max()), 1) * 1.25)
    axes.set_xticks(np.arange(0, 101, 10))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("per cent of the points")
