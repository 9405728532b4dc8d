"""report.html, the class at a glance, and exercises/<id>.html, what went wrong with each exercise and for whom."""

from __future__ import annotations

from pathlib import Path

from autograder.feedback.untrusted import plain
from autograder.reports.charts import spread
from autograder.reports.run import Run
from autograder.reports.shelf import Shelf
from autograder.reports.summary import parts_of, summarise
from autograder.reports.templates import EXERCISES, REPORT, picture, render

TABLES = ("grades.xlsx", "grades.csv", "run.json", "junit.xml")
TOP = 10  # so many exercises, misconceptions and names stand in the open


def write_pages(run: Run) -> list[Path]:
    """Write the page of the class and one of each exercise; those of an earlier run are removed."""
    summary = summarise(run)
    shelf = Shelf(run.folder / EXERCISES, ".html")
    for each in summary.difficulties:
        shelf.put(each.id, render("exercise.html", each=each, parts=parts_of(each.statuses)))
    chart = picture(spread([student.percent for student in run.students], summary.median)) if run.students else ""
    tables = [name for name in TABLES if (run.folder / name).exists()]
    page = run.folder / REPORT
    page.write_text(
        render("report.html", run=run, summary=summary, chart=chart, trust=_trust(run), top=TOP, tables=tables),
        "utf-8",
    )
    return [page, *shelf.sweep()]


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
