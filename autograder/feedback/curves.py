"""A student's curve over the truth, the first bad point marked, and the error in ULP below it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator

from autograder.feedback.untrusted import plain
from autograder.judges.judgement import Facts

# told apart in every common kind of colour blindness, on white and on black
TRUTH, YOURS = "#3f8fd2", "#d9731a"
MOST_POINTS = 240
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
FARTHEST = 1e300  # beyond it matplotlib's own margins overflow
LOST = 2.0**53  # an error of so many ULP has no right digit left in float64; nan is drawn there too


@dataclass(frozen=True)
class Curve:
    """The data of the figure, sorted by x and thinned; tuples, so that equal figures are drawn once."""

    x: tuple[float, ...]
    got: tuple[float, ...]
    truth: tuple[float, ...]
    ulp: tuple[float, ...]
    bad: int | None
    mark: str  # what to say of the point `bad`
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
        if not x.size == got.size == truth.size or np.isfinite(x).sum() < 2 or not np.isfinite(truth).any():
            return None
        first = data.get("first")
        if first is None and data.get("witness") is not None:
            first = int(np.nanargmin(np.abs(x - float(data["witness"]))))
        ulp = np.ravel(np.asarray(data.get("ulp", ()), float))
        keep = _thinned(x, first)
        return cls(
            *(tuple(column[keep].tolist()) for column in (x, got, truth)),
            tuple(ulp[keep].tolist()) if ulp.size == x.size else (),
            None if first is None else int(np.flatnonzero(keep == first)[0]),
            "first wrong" if data.get("first") is not None else "wrong",
            float(data.get("allowed", 0.0)),
            plain(data.get("xlabel", "x"), 30),
            plain(data.get("ylabel", ""), 40),
        )

    @property
    def point(self) -> str:
        """What the figure says, for those who do not see it."""
        if self.bad is None:
            return f"Your curve over the truth, against {self.xlabel}."
        at, got, truth = (f"{column[self.bad]:.6g}" for column in (self.x, self.got, self.truth))
        return f"Your curve leaves the truth at {self.xlabel} = {at}: it gives {got}, the truth is {truth}."


def _thinned(x: np.ndarray, first: int | None) -> np.ndarray:
    """Indices in the order of x, at most `MOST_POINTS` of them, the first bad point among them."""
    order = np.argsort(x, kind="stable")
    order = order[np.isfinite(x[order])]
    if order.size > MOST_POINTS:
        order = order[np.unique(np.linspace(0, order.size - 1, MOST_POINTS).astype(int))]
    if first is not None and first not in order and np.isfinite(x[first]):
        order = np.sort(np.append(order, first))
        order = order[np.argsort(x[order], kind="stable")]
    return order


def draw_curve(figure: Figure, curve: Curve) -> None:
    """Two panels when the error in ULP is known, one otherwise."""
    got, truth, ulp = (np.asarray(column) for column in (curve.got, curve.truth, curve.ulp))
    x = np.clip(curve.x, -FARTHEST, FARTHEST)
    figure.set_size_inches(5.6, 3.7 if ulp.size else 2.5)
    axes = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2]) if ulp.size else [figure.subplots()]
    figure.subplots_adjust(left=0.14, right=0.87, top=0.95, bottom=0.13 if ulp.size else 0.19, hspace=0.16)
    _draw_values(axes[0], curve, x, got, truth)
    if ulp.size:
        _draw_error(axes[1], curve, x, ulp)
    axes[-1].set_xlabel(curve.xlabel)


def _draw_values(axes: Axes, curve: Curve, x: np.ndarray, got: np.ndarray, truth: np.ndarray) -> None:
    _scale(axes, x, truth)
    axes.plot(x, _finite(truth), color=TRUTH, linewidth=4.5, alpha=0.55, solid_capstyle="round")
    axes.plot(x, _finite(got), color=YOURS)
    for start, stop in _runs(~np.isfinite(got) & np.isfinite(truth)):
        axes.axvspan(x[start], x[stop], color=YOURS, alpha=0.13, linewidth=0)
    low, high = _limits(_finite(truth), _finite(got))
    axes.set_ylim(low, high)
    if curve.bad is not None:
        _look_closer(axes, x, abs(x[curve.bad]), abs(truth[curve.bad]))
    _label_ends(axes, x, truth, got)
    if curve.ylabel:
        axes.set_ylabel(curve.ylabel, fontsize=9 if len(curve.ylabel) <= 24 else 7)
    if curve.bad is not None:
        _mark(axes, curve.mark, x[curve.bad], got[curve.bad], truth[curve.bad])


def _draw_error(axes: Axes, curve: Curve, x: np.ndarray, ulp: np.ndarray) -> None:
    error = np.clip(np.nan_to_num(np.abs(ulp), nan=LOST, posinf=LOST), 0.25, LOST)
    axes.set_yscale("log")
    axes.set_ylim(0.2, max(64.0, 4 * error.max()))
    axes.yaxis.set_major_locator(LogLocator(numticks=5))
    axes.yaxis.set_major_formatter(_power)
    axes.yaxis.set_minor_locator(NullLocator())
    axes.plot(x, error, color=YOURS, linewidth=1.0)
    axes.set_ylabel("error in ULP")
    if curve.allowed > 0:
        axes.axhline(curve.allowed, color="#767676", linewidth=0.7, linestyle=(0, (4, 3)))
        axes.annotate(
            "allowed", (1, curve.allowed), xycoords=("axes fraction", "data"), xytext=(4, 0),
            textcoords="offset points", va="center", fontsize=8, annotation_clip=False,
        )  # fmt: skip
    if curve.bad is not None:
        axes.axvline(x[curve.bad], color=YOURS, linewidth=0.8, linestyle=(0, (1, 2)))


def _runs(where: np.ndarray) -> list[tuple[int, int]]:
    """First and last index of every stretch in which `where` is true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], where.astype(int), [0]))))
    return [(int(start), int(stop) - 1) for start, stop in edges.reshape(-1, 2)]


def _mark(axes: Axes, words: str, at: float, got: float, truth: float) -> None:
    """A ring where the curve should have been or was, and its x in words."""
    axes.axvline(at, color=YOURS, linewidth=0.8, linestyle=(0, (1, 2)))
    low, high = axes.get_ylim()
    height = next((value for value in (got, truth) if math.isfinite(value) and low <= value <= high), high)
    axes.plot([at], [height], "o", markersize=8, markerfacecolor="none", markeredgecolor=YOURS, clip_on=False)
    place = axes.transAxes.inverted().transform(axes.transData.transform((at, height)))[0]
    side = "right" if place > 0.5 else "left"
    axes.annotate(
        f"{words} at {at:.6g}: {got:.6g}", (at, 1), xycoords=("data", "axes fraction"),
        xytext=(-5 if side == "right" else 5, -2), textcoords="offset points", ha=side, va="top", color=YOURS,
    )  # fmt: skip


def _label_ends(axes: Axes, x: np.ndarray, truth: np.ndarray, got: np.ndarray) -> None:
    """Name the curves at their right ends, moved apart where they would overlap."""
    low, high = axes.get_ylim()
    transform = axes.transData + axes.transAxes.inverted()
    heights = []
    for column in (truth, got):
        seen = np.flatnonzero(np.isfinite(column) & (column >= low) & (column <= high))
        heights.append(transform.transform((x[seen[-1]], column[seen[-1]]))[1] if seen.size else 0.5)
    if abs(heights[0] - heights[1]) < 0.1:
        middle, above = sum(heights) / 2, 0.06 if heights[0] >= heights[1] else -0.06
        heights = [middle + above, middle - above]
    for name, colour, height in zip(("truth", "yours"), (TRUTH, YOURS), heights, strict=True):
        axes.annotate(
            name, (1, height), xycoords="axes fraction", xytext=(4, 0), textcoords="offset points",
            va="center", color=colour, fontweight="bold", annotation_clip=False,
        )  # fmt: skip


def _scale(axes: Axes, x: np.ndarray, truth: np.ndarray) -> None:
    """Logarithmic on both sides of zero where the points or the values span too much for a straight ruler."""
    margin = 0.04 * (x[-1] - x[0])
    axes.set_xlim(x[0] - margin, x[-1] + margin)
    if np.abs(x).max() > 2000:
        axes.set_xlim(min(x[0], 0) * 2, max(x[-1], 0) * 2)
        axes.set_xscale("symlog", linthresh=1)
        axes.xaxis.set_major_locator(_few_powers(np.abs(x).max()))
        axes.xaxis.set_major_formatter(_power)
    values = np.abs(_finite(truth))
    if np.nanmax(values) > 2000:
        axes.set_yscale("symlog", linthresh=1)
        axes.yaxis.set_major_locator(_few_powers(np.nanmax(values)))
        axes.yaxis.set_major_formatter(_power)


def _look_closer(axes: Axes, x: np.ndarray, at: float, value: float) -> None:
    """Logarithmic towards zero where the first bad point lies so close to it that a straight ruler shows nothing."""
    if not 0 < at < np.abs(x).max() / 1000:
        return
    axes.set_xscale("symlog", linthresh=_decade(at))
    axes.set_xlim(*_towards_zero(axes.xaxis, at, (x[0], x[-1])))
    low, high = axes.get_ylim()
    if 0 < value < max(abs(low), abs(high)) / 1000:
        axes.set_yscale("symlog", linthresh=_decade(value))
        axes.set_ylim(*_towards_zero(axes.yaxis, value, (low, high)))


def _decade(size: float) -> float:
    return 10.0 ** math.floor(math.log10(max(size, 1e-300)))


def _towards_zero(axis: Axis, at: float, ends: tuple[float, float]) -> tuple[float, float]:
    """Ticks for an axis that is logarithmic on both sides of zero, down to about `at`; gives the limits to use."""
    tiny, largest = _decade(at), max(map(abs, ends))
    low, high = (
        1.5 * end if abs(end) > tiny else math.copysign(tiny / 2, side) for end, side in zip(ends, (-1, 1), strict=True)
    )
    middle = 10.0 ** round((math.log10(tiny) + math.log10(largest)) / 2)
    powers = sorted({middle, 10.0 ** math.floor(math.log10(largest))})  # the smallest would stand on the 0
    sides = [sign * power for sign in (-1, 1) for power in powers if low <= sign * power <= high]
    axis.set_major_locator(FixedLocator([0.0, *sides]))
    axis.set_major_formatter(_power)
    axis.set_minor_locator(NullLocator())
    return low, high


def _few_powers(largest: float) -> FixedLocator:
    """Zero and two powers of ten on either side, evenly spread over the decades."""
    decades = math.log10(largest)
    powers = [10.0 ** round(decades * share) for share in (0.5, 1.0)]
    return FixedLocator([-power for power in powers] + [0.0] + powers)


@FuncFormatter
def _power(value: float, _position: int) -> str:
    """1000 as 10³, in characters rather than in TeX: the figure's text stays text."""
    if value == 0 or abs(value) == 1:
        return f"{value:.0f}"
    exponent = str(round(math.log10(abs(value)))).translate(SUPERSCRIPTS)
    return ("−" if value < 0 else "") + "10" + exponent


def _limits(truth: np.ndarray, got: np.ndarray) -> tuple[float, float]:
    """Room for the truth, and for the student's curve as long as that does not flatten the truth."""
    low, high = float(np.nanmin(truth)), float(np.nanmax(truth))
    span = (high - low) or max(abs(high), 1.0)
    inside = got[np.isfinite(got) & (got >= low - span) & (got <= high + span)]
    if inside.size:
        low, high = min(low, float(inside.min())), max(high, float(inside.max()))
    margin = 0.08 * ((high - low) or span)
    return low - margin, high + 2.2 * margin


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), np.clip(values, -FARTHEST, FARTHEST), np.nan)
