"""A panel with a ruler on its left and one below, and what may be written on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from autograder.feedback import svg
from autograder.feedback.ruler import Ruler, width_of

WIDTH = 400  # units; a panel on a phone shows 3 of them as 2 pixels, so letters of 12 and 11 stay readable
SMALL = 11
LINE = 15  # from one line of words to the next
FAINT = {"opacity": 0.15}
DOTTED = {"stroke_dasharray": "1 3"}


@dataclass(frozen=True)
class Axes:
    """Two rulers, and the words over the panel."""

    x: Ruler
    y: Ruler
    title: str

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.y.stop

    @property
    def bottom(self) -> float:
        """The lower edge, where the ruler for x lies."""
        return self.y.start

    def frame(self) -> Iterator[str]:
        """The title, a faint line at each tick of y with its words on the left, and the two edges."""
        left, right = self.x.start, self.x.stop
        ticks = self.y.ticks
        yield svg.text(2, self.top - 7, self.title) if self.title else ""
        yield svg.path(svg.lines(*((left, tick.at, right, tick.at) for tick in ticks)), **FAINT)
        yield from (svg.text(left - 6, t.at + 4, t.words, text_anchor="end", font_size=SMALL) for t in ticks)
        edges = ((left, self.top, left, self.bottom), (left, self.bottom, right, self.bottom))
        marks = ((tick.at, self.bottom, tick.at, self.bottom + 3) for tick in self.x.ticks)
        yield svg.path(svg.lines(*edges, *marks), width=0.8)

    def words_below(self, name: str) -> Iterator[str]:
        """The words at the ticks of x, and the name of what varies."""
        for tick in self.x.ticks:
            yield svg.text(tick.at, self.bottom + LINE, tick.words, text_anchor="middle", font_size=SMALL)
        yield svg.text((self.x.start + self.x.stop) / 2, self.bottom + 2 * LINE + 1, name, text_anchor="middle")

    def curve(self, x: np.ndarray, y: np.ndarray) -> str:
        """The steps of a curve that holds finite values and nan."""
        return svg.curve(self.x.place(x).tolist(), self.y.place(y).tolist(), self.top, self.bottom)


def margin_for(*rulers: Ruler) -> float:
    """How far from the left edge the panels begin, so that the words at these rulers and at the first of x have room."""
    return max(30.0, 10 + max((width_of(tick.words) for ruler in rulers for tick in ruler.ticks), default=0))


def beside(x: float, y: float, words: str, colour: str) -> str:
    """Words to the right of x, or to its left where the page ends, or as far as they must be moved."""
    length = width_of(words)
    if x + length < WIDTH:
        return svg.text(x, y, words, colour)
    return svg.text(max(x, min(length, WIDTH - 2)), y, words, colour, text_anchor="end")
