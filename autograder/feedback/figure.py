"""The picture of a judgement: one small SVG that makes one point, legible on light and on dark.

What is drawn comes from `judgement.facts.curve`, a dict that the judge of the kind fills in; every key is
optional, and without the data there is no figure.

N, G  x, got, truth: 1-D arrays (the argument that varies, the student's values, the true ones; nan and inf
      may occur); ulp: the error in units in the last place at each x; first: index of the first bad point,
      or None; allowed: the error in ULP that passes; xlabel, ylabel: names of the axes.
S     x, got, truth as above; witness: the x of the witness; xlabel.
D     steps: the lines as text, the left side first; wrong: index of the first wrong line, or None;
      rejoins: index of the first later line that is right again, or None.
"""

from __future__ import annotations

from autograder.exercise import Exercise
from autograder.feedback.curves import Curve
from autograder.feedback.ladder import Ladder
from autograder.judges.judgement import Judgement


def figure(exercise: Exercise, judgement: Judgement) -> str | None:
    """The figure of `judgement` as one `<svg>` element to stand in HTML; None when there is nothing to draw.

    It refers to nothing outside, holds no script, and states its point in `aria-label`.
    """
    if judgement.status not in ("failed", "partial"):
        return None
    drawn = Ladder.of(judgement.facts) if exercise.kind == "D" else Curve.of(judgement.facts)
    return drawn and drawn.svg()
