"""How every page is rendered: escaped, self-contained, and under a policy that forbids all that it does not need."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup, escape

from autograder.feedback.panel import MARKS, STATES, environment
from autograder.feedback.svg import for_image
from autograder.feedback.untrusted import plain
from autograder.reports.summary import PARTS, parts_of

FOLDER = Path(__file__).parent
REPORT, STUDENTS, EXERCISES = "report.html", "students", "exercises"
SCRIPTED = frozenset({"report.html"})


def render(template: str, **names: object) -> str:
    """The template with its style, its script where it has one, and the policy that lets through these two alone."""
    script = _asset("report.js") if template in SCRIPTED else ""
    css = _asset("report.css")
    return _environment().get_template(template).render(
        css=Markup(css), script=Markup(script), policy=policy(css, script), **names
    )  # fmt: skip


def policy(css: str, script: str) -> str:
    """A Content-Security-Policy: one style sheet and at most one script, known by their digests; images in the page."""
    rules = [
        "default-src 'none'", f"style-src {_digest(css)}", "img-src data:", "base-uri 'none'", "form-action 'none'",
        f"script-src {_digest(script) if script else chr(39) + 'none' + chr(39)}",
        "require-trusted-types-for 'script'", "trusted-types 'none'",
    ]  # fmt: skip
    return "; ".join(rules)


def page_of(stem: str) -> str:
    """The address of a student's page, seen from the page of the class."""
    return f"{STUDENTS}/{quote(stem)}.html"


def picture(svg: str) -> Markup:
    """A figure as an image: as an image, an SVG can neither run a script nor load anything. Its label is the text."""
    if not svg.startswith("<svg"):
        return Markup("")
    data = base64.b64encode(for_image(svg).encode("utf-8", "replace")).decode()
    label = re.search(r'<svg[^>]* aria-label="([^"]*)"', svg)
    alt = plain(unescape(label.group(1)), 600) if label else "A figure without a description."
    return Markup(f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(alt)}">')


def split(statuses: Counter) -> Markup:
    """How a class splits up, as a bar of coloured parts that says its numbers."""
    parts = parts_of(statuses)
    total = sum(count for _, _, count in parts) or 1
    at, drawn = 0.0, []
    for _, tone, count in parts:
        width = 100 * count / total
        drawn.append(f'<rect class="{tone}" x="{at:.4g}" width="{width:.4g}" height="8"/>')
        at += width
    words = ", ".join(f"{count} {word}" for word, _, count in parts)
    return Markup(
        f'<svg class="split" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{words}">'
        f"<title>{words}</title>{''.join(drawn)}</svg>"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _asset(name: str) -> str:
    return (FOLDER / name).read_text("utf-8").strip()


@cache
def _environment() -> Environment:
    templates = environment(FOLDER)
    templates.filters |= {"page_of": page_of, "picture": picture, "split": split, "points": points, "percent": percent}
    templates.globals |= {"states": STATES, "marks": MARKS, "kinds": PARTS}
    return templates


def points(number: float) -> str:
    return f"{number:g}"


def percent(share: float) -> str:
    """A share as a whole per cent; 100 only where nothing is missing, and 0 only where there is nothing."""
    rounded = round(100 * share)
    return str(min(rounded, 99) if share < 1 else rounded) if rounded else ("0" if share <= 0 else "1")
