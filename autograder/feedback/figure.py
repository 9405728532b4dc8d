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

import hashlib
import io
import re
from collections.abc import Callable
from functools import lru_cache
from html import escape

import matplotlib as mpl
from matplotlib.figure import Figure

from autograder.exercise import Exercise
from autograder.feedback.curves import Curve, draw_curve
from autograder.feedback.ladder import Ladder, draw_ladder
from autograder.judges.judgement import Judgement

INK = "#767676"  # 4.5 : 1 on white and on black; in the panel it becomes the colour of the text around it
STYLE = {
    "svg.fonttype": "none",  # text stays text: small, sharp, and in the reader's own font
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign from a student is a dollar sign
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.xmargin": 0,  # every drawing sets its own limits, and margins overflow near the end of the float line
    "axes.ymargin": 0,
    "xtick.color": INK,
    "ytick.color": INK,
    "lines.linewidth": 1.4,
    "path.simplify_threshold": 0.3,
}


def figure(exercise: Exercise, judgement: Judgement) -> str | None:
    """The figure of `judgement` as one `<svg>` element to stand in HTML; None when there is nothing to draw.

    It refers to nothing outside, holds no script, and states its point in `aria-label`.
    """
    if judgement.status not in ("failed", "partial"):
        return None
    if exercise.kind == "D":
        ladder = Ladder.of(judgement.facts)
        return ladder and as_svg(draw_ladder, ladder, ladder.point)
    curve = Curve.of(judgement.facts)
    return curve and as_svg(draw_curve, curve, curve.point)


@lru_cache(maxsize=256)  # half a class makes the same mistake, and then it is the same picture
def as_svg(draw: Callable[[Figure, Curve | Ladder], None], data: Curve | Ladder, point: str) -> str:
    """Draw without pyplot, so that nothing global is touched in whatever process this is."""
    salt = hashlib.sha256(repr(data).encode("utf-8", "replace")).hexdigest()[:10]
    text = io.StringIO()
    with mpl.rc_context(STYLE | {"svg.hashsalt": salt}):
        canvas = Figure()
        draw(canvas, data)
        canvas.savefig(
            text,
            format="svg",
            transparent=True,
            metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
        )
    return _inline(text.getvalue(), point, salt)


def _inline(svg: str, point: str, salt: str) -> str:
    """Make a file's SVG fit to stand in HTML: no prologue, no page-wide style, ids of its own, a spoken label."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="f{salt}-', svg)
    svg = re.sub(r"url\(#", f"url(#f{salt}-", svg)
    svg = re.sub(r'href="#', f'href="#f{salt}-', svg)
    svg = svg.replace(INK, "currentColor")
    viewbox = re.search(r'viewBox="[^"]*"', svg).group()
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {viewbox} '
        f'role="img" aria-label="{escape(point)}" color="{INK}" stroke-linejoin="round">'
    )
    body = svg[svg.index(">") + 1 :]
    return head + re.sub(r"\n\s*", "\n", body).strip()
