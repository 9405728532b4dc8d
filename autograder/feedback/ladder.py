"""A chain of equalities as a ladder: sound rungs, the broken one, and where the argument is right again."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from autograder.feedback.untrusted import plain
from autograder.judges.judgement import Facts

SOUND, BROKEN = "#3f8fd2", "#d9731a"
MOST_LINES, MOST_CHARACTERS = 14, 64


@dataclass(frozen=True)
class Ladder:
    """The lines of a derivation; the index of the first wrong one, and of the first right one after it."""

    steps: tuple[str, ...]
    wrong: int | None = None
    rejoins: int | None = None

    @classmethod
    def of(cls, facts: Facts) -> Ladder | None:
        """The ladder in `facts`, or None when there are no lines."""
        steps = tuple(plain(step, MOST_CHARACTERS) for step in facts.curve.get("steps", ()))
        if not steps:
            return None
        return cls(steps, facts.curve.get("wrong"), facts.curve.get("rejoins"))

    @property
    def point(self) -> str:
        """What the figure says, for those who do not see it."""
        if self.wrong is None:
            return f"A chain of {len(self.steps)} lines, every line following from the one before."
        rejoins = "" if self.rejoins is None else f"; it is right again from line {self.rejoins + 1}"
        return f"A chain of {len(self.steps)} lines: line {self.wrong + 1} does not follow{rejoins}."


def draw_ladder(figure: Figure, ladder: Ladder) -> None:
    """One row a line; the rail between two rows is broken where the step does not hold."""
    steps, start = _window(ladder)
    figure.set_size_inches(5.6, 0.3 + 0.42 * len(steps))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, 100)
    axes.set_ylim(len(steps) - 0.4, -0.6)
    for row, text in enumerate(steps):
        line = row + start
        colour = SOUND if ladder.wrong is None or line < ladder.wrong else BROKEN
        if ladder.rejoins is not None and line >= ladder.rejoins:
            colour = SOUND
        axes.text(3, row, f"{line + 1}", ha="right", va="center", fontsize=8)
        inside = "none" if colour == BROKEN else colour
        weight = "bold" if line == ladder.wrong else "normal"
        axes.plot([5.5], [row], "o", markersize=6, color=colour, markerfacecolor=inside)
        axes.text(9, row, text, va="center", fontfamily="monospace", fontweight=weight)
        if row:
            _rail(axes, row, line, ladder)


def _window(ladder: Ladder) -> tuple[tuple[str, ...], int]:
    """All lines, or those around the broken rung when there are very many."""
    if len(ladder.steps) <= MOST_LINES:
        return ladder.steps, 0
    start = min(max((ladder.wrong or 0) - MOST_LINES // 2, 0), len(ladder.steps) - MOST_LINES)
    return ladder.steps[start : start + MOST_LINES], start


def _rail(axes, row: int, line: int, ladder: Ladder) -> None:
    top, bottom = row - 0.82, row - 0.18
    if line == ladder.wrong:
        axes.plot([5.5, 5.5], [top, row - 0.68], color=BROKEN, linewidth=2)
        axes.plot([5.5, 5.5], [row - 0.32, bottom], color=BROKEN, linewidth=2)
        axes.text(5.5, row - 0.5, "✗", ha="center", va="center", color=BROKEN, fontsize=11, fontweight="bold")
        axes.text(9, row - 0.5, "does not follow", va="center", fontsize=8, color=BROKEN)
        return
    if line == ladder.rejoins:
        axes.text(9, row - 0.5, "right again", va="center", fontsize=8, color=SOUND)
    after = ladder.wrong is not None and line > ladder.wrong
    colour, width = ("#767676", 1) if after else (SOUND, 2)
    axes.plot([5.5, 5.5], [top, bottom], color=colour, linewidth=width, alpha=0.7)
