"""A small writer of SVG: elements as strings, and curves as paths.

Not matplotlib, because importing it costs half a second in every worker and a figure 70 ms, three times what grading
a whole submission may cost. These figures need two rulers and a few lines, and are written here in about a
millisecond; they take the colours and the font of the page that they stand in.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise

INK = "currentColor"
# The colours of a panel, chosen for its ground; otherwise two that can be read on white and on black. They are told
# apart in every common kind of colour blindness.
TRUTH, YOURS = "var(--ag-calm,#3f8fd2)", "var(--ag-wrong,#d9731a)"
BY_ITSELF = (
    "<style>:root{color:#59636e;--ag-calm:#3a6ea5;--ag-wrong:#b3400e}"
    "@media screen and (prefers-color-scheme:dark){:root{color:#a3adb8;--ag-calm:#7db4ea;--ag-wrong:#f08a55}}</style>"
)
GREY = "#767676"  # 4.5 : 1 on white and on black, where the page says nothing
SLACK = 0.2  # units by which a drawn curve may miss a point
Point = tuple[float, float]


def svg(width: float, height: float, point: str, parts: Iterable[str]) -> str:
    """One `<svg>` element to stand in HTML or in a file; `point` is what it says, for those who do not see it.

    No id, no style sheet, no script and no reference: any number of them may stand on one page.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" role="img" '
        f'aria-label="{escape(point)}" color="{GREY}" font-family="system-ui,sans-serif" font-size="12" '
        f'stroke-linejoin="round" stroke-linecap="round">\n' + "\n".join(filter(None, parts)) + "\n</svg>"
    )


def for_image(figure: str) -> str:
    """A figure for an `<img>`, which no page's style sheet reaches: it finds out by itself when all around is dark."""
    return figure.replace(">", f">{BY_ITSELF}", 1)


def text(x: float, y: float, words: str, colour: str = INK, **attributes: object) -> str:
    """Words with their baseline at y. They may hold anything: they are escaped."""
    return f'<text x="{_n(x)}" y="{_n(y)}" fill="{colour}"{_written(attributes)}>{escape(words)}</text>'


def box(x: float, y: float, width: float, height: float, colour: str = INK, **attributes: object) -> str:
    """A filled rectangle."""
    sides = f'width="{_n(width)}" height="{_n(height)}"'
    return f'<rect x="{_n(x)}" y="{_n(y)}" {sides} fill="{colour}"{_written(attributes)}/>'


def ring(x: float, y: float, radius: float, colour: str, inside: str = "none") -> str:
    """A circle, hollow unless `inside` is a colour."""
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{inside}" stroke="{colour}" stroke-width="1.5"/>'


def path(steps: str, colour: str = INK, width: float = 1, **attributes: object) -> str:
    """A line along `steps`, in SVG's own letters; nothing where there are none."""
    return steps and f'<path d="{steps}" fill="none" stroke="{colour}" stroke-width="{width}"{_written(attributes)}/>'


def lines(*ends: tuple[float, float, float, float]) -> str:
    """The steps of straight lines, each from x, y to x, y."""
    return "".join(f"M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}" for x1, y1, x2, y2 in ends)


def curve(x: Sequence[float], y: Sequence[float], top: float, bottom: float) -> str:
    """The steps of a curve between the heights `top` < `bottom`, x ascending; nan parts it, a lone point is a dot."""
    steps = []
    for stretch in _stretches(zip(x, y, strict=True), top, bottom):
        kept = _straightened(stretch)
        steps.append("M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in kept) + ("h0" if len(kept) == 1 else ""))
    return "".join(steps)


def _stretches(points: Iterable[Point], top: float, bottom: float) -> Iterator[list[Point]]:
    """The parts of a curve that can be seen, cut where it enters and leaves."""
    stretch: list[Point] = []
    before: Point | None = None
    for point in points:
        there = math.isfinite(point[1])
        seen = there and top <= point[1] <= bottom
        if there and before and not (seen and stretch):
            stretch += _crossings(before, point, top, bottom)
        if seen:
            stretch.append(point)
        elif stretch:
            yield stretch
            stretch = []
        before = point if there else None
    if stretch:
        yield stretch


def _crossings(a: Point, b: Point, top: float, bottom: float) -> list[Point]:
    """Where the way from a to b crosses the edges, in the order of the way."""
    shares = sorted((edge - a[1]) / (b[1] - a[1]) for edge in (top, bottom) if min(a[1], b[1]) < edge < max(a[1], b[1]))
    return [(a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])) for share in shares]


def _straightened(points: list[Point]) -> list[Point]:
    """The fewest of the points that a line from each to the next passes by all others, up to SLACK.

    From the last point kept a cone is narrowed by each point after it; where the next one lies outside the cone, the
    one before it is kept.
    """
    kept = [points[0]]
    least, most = -math.inf, math.inf
    for before, (x, y) in pairwise(points):
        run, rise = x - kept[-1][0], y - kept[-1][1]
        if before != kept[-1] and not least * run <= rise <= most * run:
            kept.append(before)
            least, most = -math.inf, math.inf
            run, rise = x - before[0], y - before[1]
        if run > 0:
            least, most = max(least, (rise - SLACK) / run), min(most, (rise + SLACK) / run)
        else:
            least, most = math.inf, -math.inf  # straight up or down: no other point lies on the way
    return kept if len(points) == 1 else [*kept, points[-1]]


def _n(value: float) -> str:
    """A tenth of a unit is finer than any screen."""
    return f"{round(value, 1) + 0.0:g}"


def _written(attributes: dict[str, object]) -> str:
    return "".join(f' {name.replace("_", "-")}="{escape(str(value))}"' for name, value in attributes.items())
