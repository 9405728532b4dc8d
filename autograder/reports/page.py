"""report.html for the teacher and students/<student>.html for each submission: offline, on a phone, light and dark."""

from __future__ import annotations

import base64
import re
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from autograder.feedback.panel import MARKS, STATES, prose
from autograder.feedback.untrusted import plain
from autograder.reports.charts import spread
from autograder.reports.run import Result, Run
from autograder.reports.summary import summarise

FOLDER = Path(__file__).parent
TOP = 12  # so many of the hardest exercises and of the most frequent misconceptions stand in the open
STOPPED = ("error", "timeout", "memory", "killed", "invalid_output", "undecided")
WRITTEN_IN = "report.html", "students"


def write_pages(run: Run) -> list[Path]:
    """Write the page of the class and one of each student; pages of an earlier run are removed."""
    class_page, folder = run.folder / WRITTEN_IN[0], run.folder / WRITTEN_IN[1]
    folder.mkdir(exist_ok=True)
    summary = summarise(run)
    chart = Markup(spread([student.percent for student in run.students], summary.median)) if run.students else ""
    class_page.write_text(_render("report.html", run=run, summary=summary, chart=chart, trust=_trust(run)), "utf-8")
    written = [class_page]
    for student in run.students:
        path = folder / f"{student.stem}.html"
        path.write_text(_render("student.html", student=student), "utf-8")
        written.append(path)
    for stale in set(folder.glob("*.html")) - set(written):
        stale.unlink()
    return written


def page_of(stem: str) -> str:
    """The address of a student's page, seen from the page of the class."""
    return f"{WRITTEN_IN[1]}/{quote(stem)}.html"


def picture(result: Result) -> str:
    """A figure as the address of an image: as an image, an SVG can neither run a script nor load anything."""
    if not result.figure.startswith("<svg"):
        return ""
    return "data:image/svg+xml;base64," + base64.b64encode(result.figure.encode("utf-8", "replace")).decode()


def point_of(result: Result) -> str:
    """What the figure says, in words: the label that the drawing gave it."""
    label = re.search(r'<svg[^>]* aria-label="([^"]*)"', result.figure)
    return plain(unescape(label.group(1))) if label else f"The figure of {result.id}."


def _trust(run: Run) -> list[tuple[str, str]]:
    """What must be known to believe the numbers, in the order of importance."""
    record = run.record
    layers = record.get("isolation_layers") or {}
    held = [name for name, state in layers.items() if state is True or (state and not isinstance(state, str))]
    rows = [
        ("isolation", f"{record.get('isolation', 'not recorded')}: {len(held)} of {len(layers)} layers hold"),
        *((f"layer {name}", _layer(state)) for name, state in layers.items()),
        ("graded", f"{record.get('graded', len(run.students))} of {record.get('submissions', len(run.students))}"),
        ("complete", "yes" if record.get("complete", True) else "no: autograder grade --resume finishes it"),
        ("seed", record.get("seed", "not recorded")),
        ("limits", f"{record.get('time_limit', '?')} s and {record.get('memory_mb', '?')} MB an exercise"),
        ("course", record.get("course", "not recorded")),
        *((name, version) for name, version in (record.get("versions") or {}).items()),
        ("time", f"{record.get('seconds', '?')} s"),
        *(("not a result", name) for name in run.broken),
    ]
    return [(plain(name, 80), plain(value, 300)) for name, value in rows]


def _layer(state: object) -> str:
    return "holds" if state is True else "missing" if not state else str(state)


def _render(template: str, **names: object) -> str:
    return _environment().get_template(template).render(css=(FOLDER / "report.css").read_text("utf-8"), **names)


@cache
def _environment() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    templates.filters |= {"prose": prose, "page_of": page_of, "picture": picture, "point_of": point_of}
    templates.globals |= {"states": STATES, "marks": MARKS, "stopped": STOPPED, "top": TOP}
    return templates
