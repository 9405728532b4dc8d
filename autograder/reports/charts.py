"""The one chart of the teacher's page: how the points are spread over the class."""

from __future__ import annotations

import numpy as np

from autograder.feedback import svg
from autograder.feedback.svg import TRUTH, YOURS

WIDTH, LEFT, TOP, HEIGHT, BAR = 400, 16, 34, 90, 36.8  # units; BAR is the width of ten per cent
BOTTOM = TOP + HEIGHT


def spread(percents: list[float], median: float) -> str:
    """A histogram in steps of ten per cent, the median marked, as one `<svg>` element."""
    point = f"How the points of {len(percents)} submissions are spread: the median is {median:.0f} per cent."
    counts, _ = np.histogram(percents, bins=np.arange(0, 101, 10))
    at, side = LEFT + median / 10 * BAR, "end" if median > 65 else "start"
    covered = HEIGHT * int(counts[min(int(median // 10), 9)]) / max(int(counts.max()), 1)
    parts = [
        svg.path(svg.lines((at, 4, at, BOTTOM - covered - 18)), YOURS, 1.5, stroke_dasharray="1 3"),
        svg.text(at + (-6 if side == "end" else 6), 13, f"median {median:.0f} %", YOURS, text_anchor=side),
    ]
    for tens, count in enumerate(counts.tolist()):
        if count:
            left, height = LEFT + tens * BAR, HEIGHT * count / int(counts.max())
            parts.append(svg.box(left + 2, BOTTOM - height, BAR - 4, height, TRUTH))
            parts.append(svg.text(left + BAR / 2, BOTTOM - height - 5, str(count), text_anchor="middle"))
    for tens in range(11):
        parts.append(svg.text(LEFT + tens * BAR, BOTTOM + 17, str(10 * tens), text_anchor="middle"))
    parts.append(svg.path(svg.lines((LEFT, BOTTOM, LEFT + 10 * BAR, BOTTOM))))
    parts.append(svg.text(LEFT + 5 * BAR, BOTTOM + 36, "per cent of the points", text_anchor="middle"))
    return svg.svg(WIDTH, BOTTOM + 42, point, parts)
