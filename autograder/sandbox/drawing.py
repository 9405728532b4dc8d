"""A fresh Axes for a student to draw on, and the data that can be read off it afterwards."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from autograder.calls import Drawing


class Canvas(Axes):
    """An Axes that remembers the data of contours and meshes: their artists keep paths and colours only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.meshes: list[dict] = []
        super().__init__(*args, **kwargs)

    def contour(self, *args: Any, **kwargs: Any) -> Any:
        artist = super().contour(*args, **kwargs)
        self.meshes.append(_mesh(args))
        return artist

    def contourf(self, *args: Any, **kwargs: Any) -> Any:
        artist = super().contourf(*args, **kwargs)
        self.meshes.append(_mesh(args))
        return artist

    def pcolormesh(self, *args: Any, **kwargs: Any) -> Any:
        artist = super().pcolormesh(*args, **kwargs)
        self.meshes.append(_mesh(args))
        return artist

    def imshow(self, X: Any, *args: Any, **kwargs: Any) -> Any:
        artist = super().imshow(X, *args, **kwargs)
        z = np.array(X, dtype=float)
        left, right, bottom, top = artist.get_extent()
        rows, columns = z.shape[:2]
        x = left + (np.arange(columns) + 0.5) * (right - left) / columns
        y = bottom + (np.arange(rows) + 0.5) * (top - bottom) / rows
        self.meshes.append({"x": x, "y": y if artist.origin == "lower" else y[::-1], "z": z})
        return artist


def new_canvas() -> Canvas:
    """An Axes on a figure of its own, which pyplot does not know about."""
    figure = Figure()
    FigureCanvasAgg(figure)
    return figure.add_subplot(axes_class=Canvas)


def read_drawing(axes: Canvas) -> Drawing:
    """What is drawn on `axes`, in data coordinates (a line across the whole Axes spans its limits)."""
    lines, points = [], []
    for line in filter(_visible, axes.lines):
        hidden = line.get_linestyle() in ("None", "", " ")
        (points if hidden else lines).append(_curve(line, axes))
    for collection in filter(_visible, axes.collections):
        if isinstance(collection, LineCollection):
            for segment in collection.get_segments():
                xy = _to_data(np.asarray(segment, dtype=float), collection.get_transform(), axes)
                lines.append(_record(xy[:, 0], xy[:, 1], collection, "segment"))
        elif isinstance(collection, PathCollection):
            xy = np.ma.filled(np.ma.asarray(collection.get_offsets(), dtype=float), np.nan)
            points.append(_record(xy[:, 0], xy[:, 1], collection, "scatter"))
    legend = axes.get_legend()
    return Drawing(
        lines=tuple(lines),
        points=tuple(points),
        meshes=tuple(axes.meshes),
        texts=tuple(text.get_text() for text in axes.texts),
        title=axes.get_title() or axes.get_title(loc="left") or axes.get_title(loc="right"),
        xlabel=axes.get_xlabel(),
        ylabel=axes.get_ylabel(),
        xscale=axes.get_xscale(),
        yscale=axes.get_yscale(),
        xlim=tuple(float(end) for end in axes.get_xlim()),
        ylim=tuple(float(end) for end in axes.get_ylim()),
        legend=tuple(text.get_text() for text in legend.get_texts()) if legend else (),
    )


def _visible(artist: Artist) -> bool:
    return artist.get_visible() and artist.get_alpha() != 0


def _curve(line: Line2D, axes: Axes) -> dict:
    xy = np.column_stack([np.asarray(line.get_xdata(orig=False), float), np.asarray(line.get_ydata(orig=False), float)])
    if line.get_transform() != axes.transData:
        xy = _to_data(xy, line.get_transform(), axes)
    return _record(xy[:, 0], xy[:, 1], line, str(line.get_linestyle()))


def _to_data(xy: np.ndarray, transform: Any, axes: Axes) -> np.ndarray:
    """Data coordinates of points given in others: axhline and axvline speak of the Axes as 0 to 1."""
    if transform == axes.transData:
        return xy
    axes.autoscale_view()
    return axes.transData.inverted().transform(transform.transform(xy))


def _record(x: np.ndarray, y: np.ndarray, artist: Any, style: str) -> dict:
    label = str(artist.get_label())
    return {
        "x": np.array(x, dtype=float),
        "y": np.array(y, dtype=float),
        "label": "" if label.startswith("_") else label,  # Matplotlib's own names, not the student's
        "style": style,
    }


def _mesh(args: tuple) -> dict:
    """The data given to contour(Z), contour(X, Y, Z) and their like; x and y as they were given."""
    if len(args) >= 3:
        x, y, z = (np.array(part, dtype=float) for part in args[:3])
    else:
        z = np.array(args[0], dtype=float)
        x, y = np.arange(z.shape[1], dtype=float), np.arange(z.shape[0], dtype=float)
    return {"x": x, "y": y, "z": z}
