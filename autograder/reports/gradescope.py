"""results.json as Gradescope documents it, one file a student."""

from __future__ import annotations

import json

from autograder.reports.run import Result, Student

BY_A_PERSON = "decided by a person"


def gradescope(student: Student) -> str:
    """The file as text. Every text in it is declared as text, so nothing is ever taken for HTML or Markdown."""
    lines = [f"{student.total:g} of {student.max:g} points.", *student.notes]
    if student.held:
        lines.insert(1, f"{_points(student.held)} more wait for your teacher, who decides on them.")
    return json.dumps({
        "score": student.total,
        "execution_time": round(sum(result.seconds for result in student.results)),
        "output": "\n".join(lines),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"held": student.held},
        "tests": [_test(number, result) for number, result in enumerate(student.results, 1)],
    }, ensure_ascii=False) + "\n"  # fmt: skip


def _test(number: int, result: Result) -> dict:
    waiting = f"{_points(result.held)} of this exercise wait for your teacher." if result.held else ""
    return {
        "score": result.score,
        "max_score": result.max,
        "status": "passed" if result.status == "passed" else "failed",
        "name": f"{result.id} (waits for your teacher)" if result.held else result.id,
        "name_format": "text",
        "number": str(number),
        "output": "\n".join(filter(None, (waiting, result.message))),
        "output_format": "text",
        "tags": [result.status, *([BY_A_PERSON] if result.decided else ())],
        "visibility": "visible",
        "extra_data": {"held": result.held},
    }


def _points(number: float) -> str:
    return f"{number:g} {'point' if number == 1 else 'points'}"
