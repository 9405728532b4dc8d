"""A chain of equalities as a ladder: sound rungs, the broken one, and where the argument is right again."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.feedback import svg
from autograder.feedback.svg import INK, TRUTH, YOURS
from autograder.feedback.untrusted import plain
from autograder.judges.judgement import Facts

SOUND, BROKEN = TRUTH, YOURS
WIDTH = 400
MOST_LINES, MOST_ROWS = 14, 3  # lines of a derivation, and rows that one of them may take
CHARACTERS = 52  # in a row
ROW, STEP = 15, 22  # heights of a row of words, and of the step from one line to the next
NUMBERS, RAIL, WORDS = 18, 30, 44  # where the numbers end, the rail runs, the words begin


@dataclass(frozen=True)
class Ladder:
    """The lines of a derivation; the index of the first wrong one, and of the first right one after it."""

    steps: tuple[str, ...]
    wrong: int | None = None
    rejoins: int | None = None

    @classmethod
    def of(cls, facts: Facts) -> Ladder | None:
        """The ladder in `facts`, or None when there are no lines."""
        steps = tuple(plain(step, MOST_ROWS * CHARACTERS) for step in facts.curve.get("steps", ()))
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

    def svg(self) -> str:
        """One line below the other; the rail between two is broken where the step does not hold."""
        first, last = self._window()
        parts: list[str] = []
        y = 14.0 if self.wrong != 0 else 14.0 + STEP
        before: float | None = None
        for line in range(first, last):
            rows = textwrap.wrap(self.steps[line], CHARACTERS, max_lines=MOST_ROWS, placeholder=" …") or [""]
            parts += self._step(line, before, y - 4)
            parts += self._line(line, rows, y)
            before = y - 4
            y += ROW * len(rows) + STEP
        return svg.svg(WIDTH, y - STEP - 3, self.point, parts)

    def _window(self) -> tuple[int, int]:
        """All lines, or those around the broken rung when there are very many."""
        count = len(self.steps)
        if count <= MOST_LINES:
            return 0, count
        start = min(max((self.wrong or 0) - MOST_LINES // 2, 0), count - MOST_LINES)
        return start, start + MOST_LINES

    def _sound(self, line: int) -> bool:
        before = self.wrong is None or line < self.wrong
        return before or (self.rejoins is not None and line >= self.rejoins)

    def _line(self, line: int, rows: list[str], y: float) -> Iterator[str]:
        yield svg.text(NUMBERS, y, f"{line + 1}", text_anchor="end", font_size=11)
        sound = self._sound(line)
        yield svg.ring(RAIL, y - 4, 4, SOUND if sound else BROKEN, SOUND if sound else "none")
        weight = {"font_weight": "bold"} if line == self.wrong else {}
        for number, row in enumerate(rows):
            yield svg.text(WORDS, y + number * ROW, row, font_family="monospace", font_size=11, **weight)

    def _step(self, line: int, before: float | None, at: float) -> Iterator[str]:
        """The rail from the line before, at the height `before`, to the line at the height `at`."""
        top = at - STEP - 5 if before is None else before + 7
        words, middle = at - 14, at - 18
        if line == self.wrong:
            reason = "does not follow" if line else "does not equal the left side"
            gap = svg.lines((RAIL, top, RAIL, middle - 7), (RAIL, middle + 7, RAIL, at - 7))
            cross = svg.lines(
                (RAIL - 4, middle - 4, RAIL + 4, middle + 4), (RAIL - 4, middle + 4, RAIL + 4, middle - 4)
            )
            yield svg.path(gap if before is not None else "", BROKEN, 2)
            yield svg.path(cross, BROKEN, 2)
            yield svg.text(WORDS, words, reason, BROKEN, font_size=11)
            return
        if before is None:
            return
        if line == self.rejoins:
            yield svg.text(WORDS, words, "right again", SOUND, font_size=11)
        after = self.wrong is not None and line > self.wrong
        colour, width = (INK, 1) if after else (SOUND, 2)
        yield svg.path(svg.lines((RAIL, top, RAIL, at - 7)), colour, width, opacity=0.7)
