"""A finished run as its folder tells it: one result a student, every text in it made harmless."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.feedback.maths import readable
from autograder.feedback.untrusted import plain, plain_lines


@dataclass(frozen=True)
class Result:
    """One exercise of one student."""

    id: str
    status: str
    score: float
    held: float
    max: float
    seconds: float
    claims: tuple[tuple[str, str, str], ...]  # claim, verdict, witness
    misconception: str
    message: str
    figure: str


@dataclass(frozen=True)
class Student:
    """One submission. stem: the name of its files. declared: the STUDENT of the notebook, else its name."""

    name: str
    stem: str
    total: float
    held: float
    max: float
    percent: float
    results: tuple[Result, ...]
    notes: tuple[str, ...]
    declared: str

    def count(self, *statuses: str) -> int:
        return sum(result.status in statuses for result in self.results)


@dataclass(frozen=True)
class Run:
    """A run: its folder, its record (run.json), its students by name, and the result files that were no results."""

    folder: Path
    record: dict[str, Any]
    students: tuple[Student, ...]
    broken: tuple[str, ...] = ()

    @property
    def exercises(self) -> list[str]:
        """Every exercise id, in the order of the results."""
        return list(dict.fromkeys(result.id for student in self.students for result in student.results))


def read_run(folder: Path) -> Run:
    """Read a run's folder. Raises FileNotFoundError when it holds no results."""
    if not (folder / "results").is_dir():
        raise FileNotFoundError(f"{folder} holds no run: there is no folder results/ in it")
    students, broken = [], []
    for path in sorted((folder / "results").glob("*.json")):
        try:
            students.append(_student(json.loads(path.read_text("utf-8", errors="replace")), path.stem))
        except (ValueError, TypeError, KeyError, AttributeError):
            broken.append(plain(path.name, 80))
    students.sort(key=lambda student: (student.name.casefold(), student.name))
    return Run(folder, _record(folder / "run.json"), tuple(students), tuple(broken))


def _record(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text("utf-8", errors="replace"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _student(data: dict, stem: str) -> Student:
    return Student(
        plain(data["student"], 120) or "(no name)",
        stem,
        *(float(data[key]) for key in ("total", "held", "max", "percent")),
        tuple(_result(entry) for entry in data["exercises"]),
        tuple(plain(note) for note in data.get("notes", ())),
        plain(data.get("declared") or data["student"], 120),
    )


def _result(entry: dict) -> Result:
    return Result(
        plain(entry["id"], 80),
        plain(entry["status"], 30),
        float(entry["score"]),
        float(entry.get("held", 0.0)),
        float(entry["max"]),
        float(entry.get("seconds", 0.0)),
        tuple(
            (plain(claim["claim"]), plain(claim["verdict"], 30), plain(claim.get("witness") or ""))
            for claim in entry.get("claims", ())
        ),
        readable(plain(entry.get("misconception") or "", 600)),
        plain_lines(entry.get("message") or ""),
        entry.get("figure") or "",
    )
