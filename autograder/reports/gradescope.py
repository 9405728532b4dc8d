"""results.json as Gradescope documents it, one file a student."""

from __future__ import annotations

import json
from pathlib import Path

from autograder.reports.run import Result, Run, Student


def write_gradescope(run: Run) -> list[Path]:
    """gradescope/<student>.json for every student; files of an earlier run are removed."""
    folder = run.folder / "gradescope"
    folder.mkdir(exist_ok=True)
    written = []
    for student in run.students:
        path = folder / f"{student.stem}.json"
        path.write_text(json.dumps(gradescope(student), ensure_ascii=False, indent=1) + "\n", "utf-8")
        written.append(path)
    for stale in set(folder.glob("*.json")) - set(written):
        stale.unlink()
    return written


def gradescope(student: Student) -> dict:
    """Every text is declared as text, so nothing in it is ever taken for HTML or Markdown."""
    held = f" {student.held:g} points wait for your teacher." if student.held else ""
    return {
        "score": student.total,
        "execution_time": round(sum(result.seconds for result in student.results)),
        "output": "\n".join([f"{student.total:g} of {student.max:g} points.{held}", *student.notes]),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(number, result) for number, result in enumerate(student.results, 1)],
    }


def _test(number: int, result: Result) -> dict:
    return {
        "score": result.score,
        "max_score": result.max,
        "status": "passed" if result.status == "passed" else "failed",
        "name": result.id,
        "name_format": "text",
        "number": str(number),
        "output": result.message,
        "output_format": "text",
        "tags": [result.status],
        "visibility": "visible",
        "extra_data": {"held": result.held},
    }
