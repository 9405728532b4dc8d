"""The picture of the dial: probabilities against temperature."""

from __future__ import annotations

import numpy as np

from autograder.exercise import exercise
from autograder.kinds import Check, Plot
from solutions.softmax.values import softmax


def _lines(drawing):
    lines = [line for line in drawing.lines if len(line["x"]) >= 50]
    return lines if len(lines) == 3 else None


def _three_lines(drawing) -> str | None:
    lines = _lines(drawing)
    if lines is None:
        return f"three curves with at least 50 points each were asked for, {len(drawing.lines)} lines came"
    for line in lines:
        if min(line["x"]) > 0.1 * (1 + 1e-9) or max(line["x"]) < 100 * (1 - 1e-9):
            return f"a curve runs from T = {min(line['x']):.3g} to {max(line['x']):.3g}; 0.1 to 100 was asked for"
    return None


def _logarithmic(drawing) -> str | None:
    return None if drawing.xscale == "log" else f"the temperature axis is {drawing.xscale}"


def _on_a_grid(drawing):
    lines = _lines(drawing)
    temperatures = np.asarray(lines[0]["x"], dtype=float)
    if any(not np.array_equal(temperatures, line["x"]) for line in lines):
        raise ValueError("the three curves do not share their temperatures")
    return temperatures, np.sort(np.array([line["y"] for line in lines], dtype=float), axis=0)


def _one_in_all(drawing) -> str | None:
    temperatures, p = _on_a_grid(drawing)
    gap = np.abs(p.sum(axis=0) - 1)
    worst = gap.argmax()
    return f"at T = {temperatures[worst]:.3g} the three sum to {p[:, worst].sum():.4g}" if gap[worst] > 1e-6 else None


def _softmax_values(drawing) -> str | None:
    temperatures, p = _on_a_grid(drawing)
    truth = np.sort(softmax(np.array([2.0, 1.0, 0.0]) / temperatures[:, None]).T, axis=0)
    error = np.abs(p - truth).max(axis=0)
    worst = error.argmax()
    return f"at T = {temperatures[worst]:.3g} the largest is {p[-1, worst]:.4g}" if error[worst] > 1e-6 else None


def _named(drawing) -> str | None:
    if not drawing.xlabel or not drawing.ylabel:
        return "an axis has no label"
    named = sum(not line["label"].startswith("_") and bool(line["label"]) for line in drawing.lines)
    return None if named >= 3 or len(drawing.texts) >= 3 else "the curves carry no names"


@exercise(
    Plot(
        (
            Check("three curves from T = 0.1 to 100", _three_lines),
            Check("the temperature axis is logarithmic", _logarithmic),
            Check("the probabilities sum to one at every temperature", _one_in_all),
            Check("the curves are softmax(z / T)", _softmax_values, 2.0),
            Check("axes and curves have names", _named, 0.5),
        )
    ),
    title="Probabilities against temperature",
    points=2,
    hints=(
        "At which end of the picture should the three curves meet, and at what height?",
        "One row per temperature: divide the logits by a column of temperatures, and take softmax along the last axis.",
        "`T = np.geomspace(0.1, 100, 200)`",
    ),
    claims=("S4-A35", "S4-A33"),
)
def plot_temperature(ax) -> None:
    r"""Draw the three probabilities of $\mathrm{softmax}(z / T)$ against the temperature $T$, for $z = (2, 1, 0)$.

    Draw on the Axes `ax` that is handed in: one curve a class, from $T = 0.1$ (or lower) to $T = 100$ (or higher), at
    50 temperatures or more, the same for the three curves; the temperature axis logarithmic; a label on either axis;
    and a name for each curve, as `label=` or as text beside it. Softmax from an earlier exercise may be used.

    Judged by the data of the curves, the scale and the words, not by colours. At $T = 1$ the three curves stand at
    0.6652, 0.2447 and 0.0900.
    """
    T = np.geomspace(0.1, 100, 200)
    p = softmax(np.array([2.0, 1.0, 0.0]) / T[:, None])
    for k in range(3):
        ax.plot(T, p[:, k], label=f"class {k + 1}")
    ax.set(xscale="log", xlabel="temperature T", ylabel="probability")
    ax.legend()


def _drawn(ax, T, p, scale="log"):
    for k in range(3):
        ax.plot(T, p[:, k], label=f"class {k + 1}")
    ax.set(xscale=scale, xlabel="temperature T", ylabel="probability")


COLUMN = np.geomspace(0.1, 100, 200)[:, None]
Z = np.array([2.0, 1.0, 0.0])


@plot_temperature.misconception(
    "Multiplied where you should divide: at which end of your picture are the classes alike?"
)
def multiplied(ax):
    _drawn(ax, COLUMN[:, 0], softmax(Z * COLUMN))


@plot_temperature.misconception(
    "On a linear axis everything happens at the left edge. Which scale gives every factor of ten the same room?"
)
def on_a_linear_axis(ax):
    _drawn(ax, COLUMN[:, 0], softmax(Z / COLUMN), "linear")


@plot_temperature.misconception("You divided the probabilities by T, after the exponential. Do they still sum to one?")
def divided_too_late(ax):
    _drawn(ax, COLUMN[:, 0], softmax(Z) / COLUMN)


@plot_temperature.misconception(
    "Here the temperatures compete with each other for each class. Along which axis do the classes lie?"
)
def along_the_wrong_axis(ax):
    _drawn(ax, COLUMN[:, 0], softmax(Z / COLUMN, axis=0))


@plot_temperature.alternative("all three curves in one call, named by text")
def in_one_call(ax):
    T = np.logspace(-1, 2, 121)
    weights = np.exp((Z - Z.max()) / T[:, None])
    ax.semilogx(T, weights / weights.sum(axis=1, keepdims=True))
    for k in range(3):
        ax.text(0.15, 0.9 - 0.1 * k, f"class {k + 1}")
    ax.set_xlabel("T")
    ax.set_ylabel("p")


@plot_temperature.alternative("a wider range, one temperature at a time")
def one_by_one(ax):
    T = np.logspace(-2, 3, 400)
    rows = np.array([softmax(Z / t) for t in T])
    for k in (2, 1, 0):
        ax.plot(T, rows[:, k], "--", label=f"p{k + 1}")
    ax.set_xscale("log")
    ax.set_xlabel("temperature")
    ax.set_ylabel("probability")
