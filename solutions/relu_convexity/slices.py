"""The ridge between two minima: drawn, and found by training twice."""

from __future__ import annotations

import math

import numpy as np

from autograder.calls import Drawing
from autograder.exercise import exercise
from autograder.kinds import Check, Experiment, Plot

MOST_MARKS = 10  # in one call: a cloud of markers covers the midpoint and marks nothing
FIRST, SECOND = (2.0, 0.5), (0.5, 2.0)


def loss(u: float, v: float) -> float:
    """(1 - v max(0, u))^2."""
    return (1 - v * np.maximum(u, 0)) ** 2


def on_the_segment(t: np.ndarray) -> np.ndarray:
    """The loss at (1 - t) FIRST + t SECOND."""
    return loss((1 - t) * FIRST[0] + t * SECOND[0], (1 - t) * FIRST[1] + t * SECOND[1])


def _slice_line(drawing: Drawing) -> dict | None:
    """The line that runs from t = 0 to t = 1 and is no straight chord, if one was drawn."""
    for line in drawing.lines:
        x, y = np.asarray(line["x"], float), np.asarray(line["y"], float)
        if len(x) > 2 and np.isclose(x.min(), 0) and np.isclose(x.max(), 1) and np.ptp(y) > 1e-3:
            return {"x": x, "y": y}
    return None


def _fine_enough(drawing: Drawing) -> str | None:
    line = _slice_line(drawing)
    if line is None:
        return "no curve runs from t = 0 to t = 1"
    return None if len(line["x"]) >= 50 else f"the curve has {len(line['x'])} points; 50 or more show its shape"


def _is_the_loss(drawing: Drawing) -> str | None:
    line = _slice_line(drawing)
    error = np.abs(line["y"] - on_the_segment(line["x"]))
    worst = int(np.argmax(error))
    if error[worst] <= 1e-9:
        return None
    t = line["x"][worst]
    return f"at t = {t:.3g} your curve is at {line['y'][worst]:.4g}, the loss is {on_the_segment(t):.4g}"


def _middle_is_marked(drawing: Drawing) -> str | None:
    for marks in drawing.points:
        if len(marks["x"]) > MOST_MARKS:
            continue
        near = np.isclose(marks["x"], 0.5, atol=1e-6) & np.isclose(marks["y"], 81 / 256, atol=1e-6)
        if np.any(near):
            return None
    return "no marker sits at t = 1/2 on the curve"


def _axes_are_named(drawing: Drawing) -> str | None:
    return None if drawing.xlabel.strip() and drawing.ylabel.strip() else "an axis without a label is a riddle"


@exercise(
    Plot(
        checks=(
            Check("a curve of at least 50 points runs from t = 0 to t = 1", _fine_enough, 1),
            Check("the curve is the loss along the segment", _is_the_loss, 2),
            Check("the midpoint is marked on the curve", _middle_is_marked, 1),
            Check("both axes are labelled", _axes_are_named, 1),
        )
    ),
    title="Draw the ridge",
    points=2,
    hints=(
        "Which point of the plane belongs to a given t between 0 and 1?",
        "Walk from one minimum to the other in a straight line and plot the loss against how far you have come.",
        "`t = np.linspace(0, 1, 201)`, then `u = (1 - t)*2 + t*0.5` and v likewise.",
    ),
    claims=("S3-C14",),
)
def plot_loss_slice(ax) -> None:
    r"""Draw $L(u, v) = (1 - v\max(0, u))^2$ along the straight line from the minimum $(2, \frac12)$ to $(\frac12, 2)$.

    Draw on `ax`: the loss at $(1-t)\,(2, \frac12) + t\,(\frac12, 2)$ against $t$ from 0 to 1, at least 50 points; a
    marker at the midpoint $t = \frac12$; a label on each axis. The data on the Axes are judged, not the looks; a chord
    between the ends is welcome.
    """
    t = np.linspace(0, 1, 201)
    ax.plot(t, on_the_segment(t))
    ax.plot([0, 1], [0, 0], "--")
    ax.plot([0.5], [on_the_segment(np.array(0.5))], "o")
    ax.set_xlabel("t, from one minimum to the other")
    ax.set_ylabel("loss")


@plot_loss_slice.misconception("You drew the average of the two losses; asked for is the loss of the averaged weights.")
def slice_chord(ax) -> None:
    t = np.linspace(0, 1, 201)
    ax.plot(t, (1 - t) * loss(2, 0.5) + t * loss(0.5, 2) + 0.01 * t)
    ax.plot([0.5], [0], "o")
    ax.set_xlabel("t")
    ax.set_ylabel("loss")


@plot_loss_slice.misconception("Three points make a tent; the loss along the line is a smooth hill. Use more points.")
def slice_three_points(ax) -> None:
    t = np.linspace(0, 1, 3)
    ax.plot(t, on_the_segment(t), "o-")
    ax.set_xlabel("t")
    ax.set_ylabel("loss")


@plot_loss_slice.misconception("The curve is right, but a reader cannot tell what is drawn: name both axes.")
def slice_unlabelled(ax) -> None:
    t = np.linspace(0, 1, 201)
    ax.plot(t, on_the_segment(t))
    ax.plot([0.5], [81 / 256], "o")


@plot_loss_slice.misconception("The hill is there; now mark the midpoint on it, the one value that refutes convexity.")
def slice_unmarked(ax) -> None:
    t = np.linspace(0, 1, 201)
    ax.plot(t, on_the_segment(t))
    ax.set_xlabel("t")
    ax.set_ylabel("loss")


@plot_loss_slice.alternative("point by point, with a scatter for the midpoint")
def slice_by_loop(ax) -> None:
    ts = [i / 100 for i in range(101)]
    ax.plot(ts, [(1 - (0.5 + 1.5 * t) * max(0, 2 - 1.5 * t)) ** 2 for t in ts], label="loss")
    ax.scatter([0.5], [81 / 256])
    ax.set(xlabel="t", ylabel="L", title="a ridge")


@plot_loss_slice.alternative("the other way round, with an annotation")
def slice_annotated(ax) -> None:
    t = np.linspace(1, 0, 300)
    ax.plot(t, on_the_segment(t), color="C1")
    ax.plot(0.5, 81 / 256, "k*")
    ax.annotate("81/256", (0.5, 81 / 256))
    ax.set_xlabel("share of the second minimum")
    ax.set_ylabel("loss")


def starts(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The two starting points (u, v) that belong to a seed."""
    rng = np.random.default_rng(seed)
    first = np.array([rng.uniform(2, 3), rng.uniform(0.1, 0.5)])
    second = np.array([rng.uniform(0.1, 0.5), rng.uniform(2, 3)])
    return first, second


def descend(point: np.ndarray, rate: float = 0.005, steps: int = 4000) -> np.ndarray:
    """Gradient descent on (1 - v max(0, u))^2 from `point`."""
    u, v = point
    for _ in range(steps):
        slack = 2 * (1 - v * max(u, 0))
        u, v = u + rate * slack * v * (u > 0), v + rate * slack * max(u, 0)
    return np.array([u, v])


def _figures(result: dict, seed: int) -> dict[str, float]:
    """Loss, ridge and broken invariant, recomputed from the weights that came back."""
    if not isinstance(result, dict) or not {"first", "second"} <= result.keys():
        raise ValueError("a dict with 'first' and 'second' was asked for")
    ends = [np.asarray(result[name], float) for name in ("first", "second")]
    if any(end.shape != (2,) for end in ends):
        raise ValueError("'first' and 'second' are the pair [u, v] of a trained network each")
    drift = [
        abs((end[0] ** 2 - end[1] ** 2) - (start[0] ** 2 - start[1] ** 2))
        for start, end in zip(starts(seed), ends, strict=True)
    ]
    middle = (ends[0] + ends[1]) / 2
    return {"loss": max(loss(*end) for end in ends), "ridge": float(loss(*middle)), "drift": max(drift)}


@exercise(
    Experiment(
        measure=_figures,
        bands={
            "loss": (0.0, 1e-8, "both runs end in a minimum"),
            "drift": (0.0, 0.05, "each run ends where gradient descent leads from its start"),
            "ridge": (0.05, math.inf, "the network halfway between the two is worse than both"),
        },
        false_fail="none of 300 seeds missed a band at the rates 0.005 and 0.01 (4000 and 2000 steps)",
    ),
    title="Train twice, meet in the middle",
    points=3,
    hints=(
        "What are the two partial derivatives of (1 - v u)^2 where u is positive?",
        "Both derivatives share the factor 1 - u v. Take small steps: the product has to creep up on 1, not leap.",
        "`slack = 1 - v*max(u, 0)`; then u grows by 2*rate*slack*v and v by 2*rate*slack*u.",
    ),
    claims=("S3-C14", "S3-C15", "S3-C16"),
)
def experiment_two_minima(seed: int) -> dict[str, list[float]]:
    r"""Train $f(x) = v\max(0, u x)$ on the sample $x = 1$, $y = 1$ from two starts and return where the runs end.

    With `rng = np.random.default_rng(seed)` draw, in this order, the first start
    `[rng.uniform(2, 3), rng.uniform(0.1, 0.5)]` and the second `[rng.uniform(0.1, 0.5), rng.uniform(2, 3)]` as
    $[u, v]$. Run gradient descent on $L(u, v) = (1 - v\max(0, u))^2$ with a constant rate of at most 0.01 until the loss
    is below $10^{-8}$. Return `dict(first=[u, v], second=[u, v])`. The grader recomputes from your weights: the losses,
    whether each end belongs to its start (descent with small steps nearly conserves $u^2 - v^2$), and the loss halfway.
    """
    first, second = starts(seed)
    return {"first": descend(first).tolist(), "second": descend(second).tolist()}


experiment_two_minima.misconception(
    "The runs stopped on the way: the loss is still far from zero. More steps, at the same rate.",
    lambda seed: {"first": descend(starts(seed)[0], steps=3), "second": descend(starts(seed)[1], steps=3)},
)
experiment_two_minima.misconception(
    "Both runs started at the same place, so they end in the same minimum: one of them does not belong to its start.",
    lambda seed: {"first": descend(starts(seed)[0]), "second": descend(starts(seed)[0])},
)
experiment_two_minima.misconception(
    "With a plus sign you climb: the loss grows from step to step. The gradient points uphill.",
    lambda seed: {"first": descend(starts(seed)[0], -0.005, 200), "second": descend(starts(seed)[1], -0.005, 200)},
)


@experiment_two_minima.alternative("vectorised over both runs, with a smaller rate")
def two_minima_vectorised(seed: int) -> dict:
    u, v = np.transpose(starts(seed))
    for _ in range(8000):
        slack = 1 - u * v
        u, v = u + 0.002 * slack * v, v + 0.002 * slack * u
    return {"first": [u[0], v[0]], "second": [u[1], v[1]]}


@experiment_two_minima.alternative("until the loss is small, at the largest rate allowed")
def two_minima_until_small(seed: int) -> dict:
    ends = []
    for start in starts(seed):
        u, v = start
        while loss(u, v) > 1e-12:
            u, v = u + 0.02 * (1 - u * v) * v, v + 0.02 * (1 - u * v) * u
        ends.append((float(u), float(v)))
    return dict(zip(("first", "second"), ends, strict=True))
