"""A student's curve over the truth, the first bad point marked, and the error in ULP below it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from autograder.feedback import svg
from autograder.feedback.axes import DOTTED, LINE, SMALL, WIDTH, Axes, beside, margin_for
from autograder.feedback.ruler import Ruler
from autograder.feedback.svg import INK, TRUTH, YOURS
from autograder.feedback.untrusted import plain
from autograder.judges.judgement import Facts

MOST_POINTS = 300
FARTHEST = 1e300  # the distance of two such numbers is still a number
LOST = 2.0**53  # an error of so many ULP has no right digit left in float64; nan is drawn there too
WIDE = 2000  # beyond, a ruler counts in powers of ten
LOST_TO_SIGHT = 1000  # a value so many times smaller than the largest cannot be told from 0 on a straight ruler
RIGHT = WIDTH - 46  # the right edge of the panels; the names of the curves stand beyond
VALUES, ERRORS = 120, 74  # heights of the panels


@dataclass(frozen=True, eq=False)
class Curve:
    """The data of the figure: columns sorted by x, thinned; ulp is empty where the error is not known.

    bad: the index of the point to mark, with the word for it in `mark`. allowed: the error in ULP that passes.
    """

    x: np.ndarray
    got: np.ndarray
    truth: np.ndarray
    ulp: np.ndarray
    bad: int | None
    mark: str
    allowed: float
    xlabel: str
    ylabel: str

    @classmethod
    def of(cls, facts: Facts) -> Curve | None:
        """The curve in `facts`, or None when there is none to draw."""
        data = facts.curve
        if not all(key in data for key in ("x", "got", "truth")):
            return None
        x, got, truth = (np.ravel(np.asarray(data[key], float)) for key in ("x", "got", "truth"))
        if (
            not x.size == got.size == truth.size
            or np.isfinite(x).sum() < 2
            or not np.isfinite(truth[np.isfinite(x)]).any()
        ):
            return None
        ulp = np.ravel(np.asarray(data.get("ulp", ()), float))
        first = data.get("first")
        if first is None and data.get("witness") is not None:
            first = int(np.nanargmin(np.abs(x - float(data["witness"]))))
        if first is not None and not np.isfinite(x[first]):
            first = None
        columns = [got, truth] + ([np.abs(ulp)] if ulp.size == x.size else [])
        keep = _thinned(x, columns, first)
        return cls(
            np.clip(x[keep], -FARTHEST, FARTHEST),
            got[keep],
            truth[keep],
            ulp[keep] if ulp.size == x.size else np.empty(0),
            None if first is None else int(np.flatnonzero(keep == first)[0]),
            "first wrong" if data.get("first") is not None else "wrong",
            float(data.get("allowed", 0.0)),
            plain(data.get("xlabel") or "x", 40),
            plain(data.get("ylabel") or "", 60),
        )

    @property
    def point(self) -> str:
        """What the figure says, for those who do not see it."""
        if self.bad is None:
            return f"Your curve over the truth, against {self.xlabel}."
        at, got, truth = (f"{column[self.bad]:.6g}" for column in (self.x, self.got, self.truth))
        return f"Your curve leaves the truth at {self.xlabel} = {at}: it gives {got}, the truth is {truth}."

    def svg(self) -> str:
        """Two panels when the error in ULP is known, one otherwise."""
        top = LINE * (bool(self.ylabel) + (self.bad is not None)) + 6
        middle = top + VALUES
        bottom = middle + 24 + ERRORS if self.ulp.size else middle
        heights = _height_ruler(self, middle, top)
        errors = np.clip(np.nan_to_num(np.abs(self.ulp), nan=LOST, posinf=LOST), 0, LOST)
        error_ruler = Ruler.over(0, max(64.0, 4 * errors.max(initial=0)), bottom, bottom - ERRORS, 1.0)
        left = margin_for(heights, error_ruler) if self.ulp.size else margin_for(heights)
        across = _way_ruler(self, left, RIGHT)
        panels = [Axes(across, heights, "")]
        parts = [svg.text(2, 12, self.ylabel) if self.ylabel else "", *_values(self, panels[0])]
        if self.ulp.size:
            panels.append(Axes(across, error_ruler, "error in ULP"))
            parts += _errors(self, panels[1], errors)
        parts += panels[-1].words_below(self.xlabel)
        if self.bad is not None:
            parts += _marked(self, panels)
        return svg.svg(WIDTH, bottom + 2 * LINE + 6, self.point, parts)


def _thinned(x: np.ndarray, columns: list[np.ndarray], first: int | None) -> np.ndarray:
    """Indices in the order of x, not many more than MOST_POINTS: the extremes of every stretch, and `first`."""
    order = np.argsort(x, kind="stable")
    order = order[np.isfinite(x[order])]
    if order.size <= MOST_POINTS:
        return order
    kept = {0, order.size - 1}
    for stretch in np.array_split(np.arange(order.size), MOST_POINTS // (2 * len(columns))):
        for column in columns:
            values = column[order[stretch]]
            kept |= {int(stretch[np.argmin(values)]), int(stretch[np.argmax(values)])}  # nan counts as either
    if first is not None:
        kept.add(int(np.flatnonzero(order == first)[0]))
    return order[sorted(kept)]


def _way_ruler(curve: Curve, left: float, right: float) -> Ruler:
    """In powers of ten where the points span too much, or where the first bad one lies very close to zero."""
    sizes = np.abs(curve.x)
    at = sizes[curve.bad] if curve.bad is not None else 0
    decade = 0.0
    if 0 < at < sizes.max() / LOST_TO_SIGHT:
        decade = _decade(at)
    elif sizes.max() > max(WIDE, 100 * sizes.min()):
        decade = 1.0
    return Ruler.over(float(curve.x[0]), float(curve.x[-1]), left, right, decade)


def _height_ruler(curve: Curve, bottom: float, top: float) -> Ruler:
    """In powers of ten where the true values span too much, or where they are very small from the bad point on."""
    truth = _finite(curve.truth)
    low, high = _limits(truth, _finite(curve.got))
    sizes, largest = np.abs(truth), max(abs(low), abs(high))
    decade = 0.0
    if curve.bad is not None and 0 < sizes[curve.bad] < largest / LOST_TO_SIGHT:
        at = curve.x[curve.bad]
        beyond = sizes[(curve.x * np.sign(at) >= abs(at)) & (sizes > 0)]
        decade = min(_decade(beyond.min()), 1.0)
    elif largest > max(WIDE, 100 * np.nanmin(sizes)):
        decade = 1.0
    return Ruler.over(low, high, bottom, top, decade)


def _decade(size: float) -> float:
    """The power of ten below, the smallest being subnormal too."""
    return 10.0 ** max(math.floor(math.log10(size)), -323)


def _limits(truth: np.ndarray, got: np.ndarray) -> tuple[float, float]:
    """Room for the truth, and for the student's curve as long as that does not flatten the truth."""
    low, high = float(np.nanmin(truth)), float(np.nanmax(truth))
    span = (high - low) or max(abs(high), 1.0)
    inside = got[(got >= low - span) & (got <= high + span)]
    return min([low, *inside.tolist()]), max([high, *inside.tolist()])


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), np.clip(values, -FARTHEST, FARTHEST), np.nan)


def _values(curve: Curve, axes: Axes) -> Iterator[str]:
    """The two curves with their names at the right, and bands where they have no finite value."""
    got, truth = _finite(curve.got), _finite(curve.truth)
    yield from axes.frame()
    alike = (curve.got == curve.truth) | (np.isnan(curve.got) & np.isnan(curve.truth))
    yield from _bands(curve, axes, curve.truth, np.isnan(truth) & alike, INK)
    yield from _bands(curve, axes, curve.got, np.isnan(got) & ~alike, YOURS)
    yield from _bands(curve, axes, curve.truth, np.isnan(truth) & np.isfinite(got), TRUTH)
    yield svg.path(axes.curve(curve.x, truth), TRUTH, 4.5, opacity=0.55)
    yield svg.path(axes.curve(curve.x, got), YOURS, 1.6)
    for name, colour, at in zip(("truth", "yours"), (TRUTH, YOURS), _ends(axes, truth, got), strict=True):
        yield svg.text(RIGHT + 5, at + 4, name, colour, font_weight="bold")


def _bands(curve: Curve, axes: Axes, values: np.ndarray, where: np.ndarray, colour: str) -> Iterator[str]:
    """A band over every stretch in which `where` is true, with the value in words where there is room for it."""
    places = axes.x.place(curve.x)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], where.astype(int), [0]))))
    for start, stop in edges.reshape(-1, 2):
        left, right = places[start] - 1.5, places[stop - 1] + 1.5
        yield svg.box(left, axes.top, right - left, axes.bottom - axes.top, colour, opacity=0.14)
        words = {f"{value:g}" for value in values[start:stop]}
        if len(words) == 1 and right - left > 30:
            middle = {"text_anchor": "middle", "font_size": SMALL}
            yield svg.text((left + right) / 2, (axes.top + axes.bottom) / 2, *words, colour, **middle)


def _ends(axes: Axes, *columns: np.ndarray) -> list[float]:
    """The heights of the curves at their right ends, moved apart where their names would overlap."""
    heights = []
    for column in columns:
        places = axes.y.place(column)
        seen = places[(places >= axes.top) & (places <= axes.bottom)]
        heights.append(float(seen[-1]) if seen.size else (axes.top + axes.bottom) / 2)
    upper, lower = min(heights), max(heights)
    if lower - upper < LINE:
        middle = min(max((upper + lower) / 2, axes.top + LINE / 2), axes.bottom - LINE / 2)
        upper, lower = middle - LINE / 2, middle + LINE / 2
    return [upper, lower] if heights[0] <= heights[1] else [lower, upper]


def _errors(curve: Curve, axes: Axes, errors: np.ndarray) -> Iterator[str]:
    """The error in powers of ten over the band that is allowed."""
    if curve.allowed > 0:
        at = float(axes.y.place(curve.allowed))
        yield svg.box(axes.x.start, at, RIGHT - axes.x.start, axes.bottom - at, opacity=0.1)
        yield svg.path(svg.lines((axes.x.start, at, RIGHT, at)), width=0.8, stroke_dasharray="4 3")
        yield svg.text(RIGHT + 3, at + 4, "allowed", font_size=SMALL)
    yield from axes.frame()
    yield svg.path(axes.curve(curve.x, errors), YOURS, 1.2)


def _marked(curve: Curve, panels: list[Axes]) -> Iterator[str]:
    """A dotted line at the bad point with its x in words, and a ring where the curve was or should have been."""
    axes, x, got, truth = panels[0], *(column[curve.bad] for column in (curve.x, curve.got, curve.truth))
    at = float(axes.x.place(x))
    ends = [(at, panel.top, at, panel.bottom) for panel in panels]
    yield svg.path(svg.lines(*ends, (at, axes.top - 5, at, axes.top)), YOURS, **DOTTED)
    edge = axes.bottom if got == -math.inf else axes.top
    heights = [float(axes.y.place(value)) for value in (got, truth) if math.isfinite(value)]
    height = next((height for height in heights if axes.top <= height <= axes.bottom), edge)
    yield svg.ring(at, height, 5, YOURS)
    yield beside(max(at - 5, 2), axes.top - 9, f"{curve.mark} at {x:.6g}: {got:.6g}", YOURS)
